"""The table of a book's people."""

from typing import TYPE_CHECKING

from dotsbook.cli.console import console, plain, table
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.production.book_cast import CastMember


def listing(members: "list[CastMember]") -> None:
    rows = table("who", "", "lines", "words", "sure", "voice", "a line of theirs", right=[2, 3, 4])
    for one in members:
        name = f"{one.name} (I)" if one.is_narrator else one.name
        cells = (f"{one.lines:,}", f"{one.words:,}", f"{one.sure:.0%}", one.voice or "narrator's")
        rows.add_row(plain(name), one.gender, *map(plain, cells), plain(one.example[:60]))
    console.print(rows)
    console.print(
        f"{count(len(members), 'person').replace('persons', 'people')}. Join two: dotsbook cast merge A B"
    )
