"""`dotsbook voice pull`: fetch a ready-made voice from the hub."""

from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit, remark
from dotsbook.errors import ModelError
from dotsbook.wording import size

if TYPE_CHECKING:
    from dotsbook.production.hub_voices import VoiceFetch


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

    def allow(fetch: "VoiceFetch") -> bool:
        if not as_json:
            console.print(
                f"{name} of {fetch.repo}: {fetch.files} files, {size(fetch.bytes)}, of which {size(fetch.missing)} "
                f"to fetch. Its licence: {fetch.licence}.",
                markup=False,
            )
            if fetch.warning:
                remark(fetch.warning)
        if yes or not fetch.missing:
            return True
        if as_json:
            raise ModelError(f"{name} needs {size(fetch.missing)} fetched; add --yes to allow it.")
        return typer.confirm("Fetch it?", default=not fetch.warning)

    made = pull_voice(name, allow)
    if as_json:
        emit({"voice": made.name, "engine": made.engine, "files": [str(file) for file in made.files]})
        return
    console.print(
        f"{name} is here. In book.yaml, for the book or for a voice: engine: {made.engine}, "
        f"options: {{voice: {name}}}",
        markup=False,
    )
