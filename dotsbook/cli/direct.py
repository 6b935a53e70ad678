"""`dotsbook direct`: how lines are to be spoken, listed or decided, and what that costs."""

import re
from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Json, opened
from dotsbook.cli.console import console, emit
from dotsbook.cli.direct_view import listing, tell
from dotsbook.wording import count

LINE = re.compile(r"\d+\.\d+(-\d+\.\d+)?|(r1:)?[0-9a-f]{8,64}")


BEFORE, AFTER = "Silence before the line, or before a word of it.", "The same after it."
What = Annotated[
    str | None,
    typer.Argument(
        metavar="[CHUNK|PROJECT]", help="A chunk, 3.42, or several, 3.42-3.45; a project: list all."
    ),
]


def direct(
    what: What = None,
    at: At = None,
    rate: Annotated[str | None, typer.Option(help="Times the voice's speed, 0.5 to 2.")] = None,
    emo: Annotated[str | None, typer.Option(metavar="sad/2", help="An emotion; how much, 1 to 3.")] = None,
    instruct: Annotated[str | None, typer.Option(help="In words, for engines that take them.")] = None,
    before: Annotated[
        str | None, typer.Option("--pause-before", metavar="[WORD] SECONDS", help=BEFORE)
    ] = None,
    after: Annotated[str | None, typer.Option("--pause-after", metavar="[WORD] SECONDS", help=AFTER)] = None,
    words: Annotated[str | None, typer.Option(help="Only these words of the line.")] = None,
    nth: Annotated[int | None, typer.Option(min=1, help="Which, if they come more than once.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take back what is said of the line.")] = False,
    look: Annotated[bool, typer.Option("--look", help="Only say what it would cost.")] = False,
    as_json: Json = False,
) -> None:
    """Say how a line is to be spoken, in direction.yaml; or list all direction and what of it is lost."""
    options = {"rate": rate, "emo": emo, "instruct": instruct, "pause-before": before, "pause-after": after}
    wanted = {key: None if value == "off" else value for key, value in options.items() if value is not None}
    line = what if what and LINE.fullmatch(what) else None
    with opened(None if line or what is None else Path(what), at) as book:
        if line is None and (wanted or clear):
            raise typer.BadParameter("name the chunk that is meant, e.g. 3.42.")
        if line is None:
            listing(book.direction.lines(), as_json)
        elif clear:
            console.print(f"{count(book.direction.clear(line), 'mark')} taken out of direction.yaml.")
        else:
            decide = book.direction.cost if look else book.direction.direct
            cost = decide(line, wanted, words or "", nth)
            if as_json:
                emit(cost.record())
            else:
                tell(cost, look)
