"""`dotsbook retake`, `note`, `approve`, `lock`, `unlock`: what a listener wants of lines. They work while a render runs."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, By, Lines, opened
from dotsbook.cli.console import console
from dotsbook.wording import count

Line = Annotated[
    str,
    typer.Argument(metavar="CHUNK", help="A chunk by number, e.g. 3.42, or by its key's first 8 letters."),
]


def retake(
    chunks: Lines,
    at: At = None,
    why: Annotated[str, typer.Option(help="What is wrong with them, for the record.")] = "",
    by: By = "",
) -> None:
    """Ask for a new take of these chunks; the old ones stay until swept."""
    with opened(at) as book:
        number = book.retake(chunks, why, by)
    console.print(
        f"{count(number, 'chunk')} will be made anew, by the render that is running or the next one."
    )


def note(
    chunk: Line,
    text: Annotated[str, typer.Argument(help="What you noticed.")],
    at: At = None,
    category: Annotated[
        str, typer.Option(metavar="misread|missing|extra|pace|tone|noise", help="What kind of thing it is.")
    ] = "",
    second: Annotated[float | None, typer.Option("--second", min=0, help="Where in the take.")] = None,
    by: By = "",
) -> None:
    """Note something about a chunk's take."""
    with opened(at) as book:
        book.note(chunk, text, category, second, by)
    console.print(f"Noted at {chunk}.", markup=False)


def approve(
    chunks: Lines,
    at: At = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take an approval back.")] = False,
    by: By = "",
) -> None:
    """Approve the takes that these chunks have now."""
    with opened(at) as book:
        number = book.approve(chunks, by, withdraw=withdraw)
    console.print(f"{count(number, 'chunk')} {'no longer ' if withdraw else ''}approved.")


def lock(chunks: Lines, at: At = None, by: By = "") -> None:
    """Keep these chunks' takes: no retake is made of them until they are unlocked."""
    with opened(at) as book:
        number = book.lock(chunks, by)
    console.print(f"{count(number, 'chunk')} locked.")


def unlock(chunks: Lines, at: At = None, by: By = "") -> None:
    """Let these chunks be rendered again when asked."""
    with opened(at) as book:
        number = book.lock(chunks, by, unlock=True)
    console.print(f"{count(number, 'chunk')} unlocked.")
