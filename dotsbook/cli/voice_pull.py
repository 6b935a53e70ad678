"""`dotsbook voice pull`: fetch a ready-made voice from the hub."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit
from dotsbook.cli.fetch import may_fetch


def pull(
    name: Annotated[
        str,
        typer.Argument(metavar="VOICE", help="Of Piper, such as en_US-lessac-medium; of Kokoro: af_heart."),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Fetch without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch a ready-made voice from the hub, after showing its size and licence. Resumes what was interrupted."""
    from dotsbook.production.hub_voices import pull_voice

    made = pull_voice(name, lambda fetch: may_fetch(fetch, yes, as_json))
    if as_json:
        emit({"voice": made.name, "engine": made.engine, "files": [str(file) for file in made.files]})
        return
    console.print(
        f"{name} is here. In book.yaml, for the book or for a voice: engine: {made.engine}, "
        f"options: {{voice: {name}}}",
        markup=False,
    )
