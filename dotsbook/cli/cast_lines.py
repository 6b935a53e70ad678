"""`dotsbook cast who|set|doubtful|sample`: single lines, and how a person sounds."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.console import console, emit, plain, table
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.production.book_cast import CastLine

Place = Annotated[str, typer.Argument(metavar="CHUNK[-CHUNK]", help="A line's chunk, or a range: 3.42-3.51.")]


def who(lines: Place, at: At = None, as_json: Json = False) -> None:
    """Say who speaks a line, how sure that is, and why."""
    with opened(at) as book:
        show_lines(book.cast.who(lines), as_json)


def set_speaker(
    lines: Place,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who speaks; `narrator` for nobody.")],
    at: At = None,
) -> None:
    """Decide who speaks a line; it is kept in speakers.tsv, whatever becomes of the book around it."""
    with opened(at) as book:
        number = book.cast.decide(lines, name)
    console.print(f"{count(number, 'line')} by {name}: speakers.tsv.", markup=False)


def doubtful(
    project: ProjectPath = None,
    at: At = None,
    limit: Annotated[int, typer.Option(min=1, help="How many lines to list.")] = 20,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for each line, and decide it.")] = False,
    as_json: Json = False,
) -> None:
    """List the lines whose speaker is unsure, the longest first, with whom they may be by."""
    with opened(project, at) as book:
        if not ask:
            show_lines(book.cast.doubtful(limit), as_json)
            return
        if not sys.stdin.isatty():
            raise typer.BadParameter("--ask needs a terminal to answer in.")
        for line in book.cast.doubtful(limit):
            console.print(f"\n{line.chunk}  {line.text}", markup=False)
            for number, (name, chance) in enumerate(line.choices, 1):
                console.print(f"  {number} {name} ({chance:.0%})", markup=False)
            said = typer.prompt(
                "A number, a name, `narrator`, or Enter to leave it", default="", show_default=False
            )
            if said:
                chosen = (
                    line.choices[int(said) - 1][0]
                    if said.isdigit() and 0 < int(said) <= len(line.choices)
                    else said
                )
                book.cast.decide(line.chunk, chosen)


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


def show_lines(lines: "list[CastLine]", as_json: bool) -> None:
    if as_json:
        emit([line.record() for line in lines])
        return
    rows = table("chunk", "who", "sure", "why", "or", "line", right=[2])
    for line in lines:
        others = ", ".join(f"{name} {chance:.0%}" for name, chance in line.choices[1:])
        cells = (
            line.chunk,
            line.name or "narrator",
            f"{line.probability:.0%}",
            line.reason,
            others,
            line.text[:70],
        )
        rows.add_row(*map(plain, cells))
    console.print(rows)
