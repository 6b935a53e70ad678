"""The arguments that several commands share, each described once."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.errors import ManifestError

ProjectPath = Annotated[
    Path,
    typer.Argument(
        metavar="[PROJECT]", help="A project's folder or its book.yaml.", show_default="this folder"
    ),
]
Chapters = Annotated[
    str | None, typer.Option("--chapter", "-c", metavar="3,5-7", help="Only these chapters.")
]
Json = Annotated[bool, typer.Option("--json", help="For programs: JSON, one object a line.")]
HERE = Path()


def chapter_numbers(text: str | None, last: int) -> set[int] | None:
    """'3,5-7' as {3, 5, 6, 7}; None for all. `last` is the book's last chapter."""
    if text is None:
        return None
    wanted: set[int] = set()
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        if not (low.isdecimal() and len(low) < 10) or (dash and not (high.isdecimal() and len(high) < 10)):
            raise ManifestError(f"--chapter {text[:60]!r}: write numbers and ranges, e.g. 3,5-7.")
        span = range(int(low), int(high or low) + 1)
        if not span:
            raise ManifestError(f"--chapter {part.strip()} runs backwards; write {int(high)}-{int(low)}.")
        if span[0] < 1 or span[-1] > last:
            raise ManifestError(
                f"--chapter {part.strip()}: the book has chapters 1 to {last}; `dotsbook plan` lists them."
            )
        wanted.update(span)
    return wanted
