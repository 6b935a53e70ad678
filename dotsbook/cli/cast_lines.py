"""`dotsbook cast who|set`: who says a line."""

from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Json, opened
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
