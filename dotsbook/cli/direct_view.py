"""Direction as a person reads it: all that there is, and what a change costs."""

from typing import TYPE_CHECKING

from dotsbook.cli.console import complaints, console, emit, plain, remark, table
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.production.book_direction import DirectedLine, DirectionCost


def tell(cost: "DirectionCost", look: bool) -> None:
    for sentence in cost.told:
        remark(sentence)
    done = "It would cost" if look else "direction.yaml: written. It costs"
    console.print(f"{done} {count(len(cost.lines), 'take')}." if cost.lines else f"{done} no take.")
    for text in cost.lines:
        complaints.print(f"  {text}", markup=False)


def listing(lines: "list[DirectedLine]", as_json: bool) -> None:
    if as_json:
        emit([one.record() for one in lines])
        return
    rows = table("chunk", "words", "wanted", "where", "")
    for one in lines:
        wanted = " ".join(f"{key}={value}" for key, value in one.wanted.items())
        rows.add_row(
            *map(plain, (one.chunk or "lost", one.words[:40], wanted, one.place, "; ".join(one.told)))
        )
    if lines:
        console.print(rows)
    else:
        console.print("No line is directed yet: dotsbook direct 3.42 --rate 0.9 --pause-after 0.8")
