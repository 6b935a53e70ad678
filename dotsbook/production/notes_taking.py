"""Notes that come back from listeners, put into the review: what is there isn't added again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotsbook.render.review import Review

SAME = 0.05  # s between two notes that are one


@dataclass(frozen=True)
class NotesRead:
    """What came of a file of notes."""

    added: int
    known: int  # that were there before, or are what was sent out
    lost: tuple[str, ...]  # a sentence for each that has no place in the book


class NoteTaker:
    """Takes one note after another into a review that is open."""

    def __init__(self, review: "Review"):
        self.review = review
        self.there = [((note.base, note.text, note.second), note.by) for note in review.notes()]
        self.added = self.known = 0
        self.lost: list[str] = []

    def take(
        self,
        base: str,
        key: str,
        text: str,
        category: str,
        second: float | None,
        by: str,
        anybodys: bool = False,
    ) -> None:
        """A note on a line's take; known if the same writer, or nobody named, has said it there. anybodys: or anybody."""
        from dotsbook.render.review import CATEGORIES

        mine = (base, text, second)
        if any(is_same(mine, other) and (anybodys or who in ("", by)) for other, who in self.there):
            self.known += 1
            return
        self.review.note(base, key, text, category if category in CATEGORIES else "", second, by)
        self.there.append((mine, by))
        self.added += 1

    def read(self) -> NotesRead:
        return NotesRead(self.added, self.known, tuple(self.lost))


def is_same(one: tuple[str, str, float | None], other: tuple[str, str, float | None]) -> bool:
    if one[:2] != other[:2]:
        return False
    return one[2] is None or other[2] is None or abs(one[2] - other[2]) <= SAME
