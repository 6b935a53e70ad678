"""`dotsbook cast merge|sample`: two names that are one person, and how a person sounds."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import At, opened
from dotsbook.cli.console import console


def merge(
    name: Annotated[str, typer.Argument(metavar="A", help="A person of the cast.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another name of theirs.")],
    at: At = None,
) -> None:
    """Say that two names are one person: B becomes another name of A."""
    with opened(at) as book:
        book.cast.merge(name, other)
    console.print(f"{other} is {name} now: cast.yaml.", markup=False)


def sample(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A person of the cast.")],
    at: At = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to, as FLAC.")
    ] = None,
) -> None:
    """Hear a person: a line of theirs, in their voice."""
    with opened(at) as book:
        said = book.cast.sample(name, out)
    console.print(f"{said.name}, in the voice {said.voice}: {said.text}\n{said.path}", markup=False)
