"""Words of a line with their times, as files want them: where each stands in the text, and when it is heard."""

from collections.abc import Iterator
from dataclasses import dataclass

from dotsbook.master.timeline import Placement, TimedWord


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word of a chapter."""

    word: TimedWord
    begin: int  # sample in the chapter, at the book's rate
    end: int


def placed_words(placement: Placement) -> list[PlacedWord]:
    """The words of a line that ears have heard, in their order, each within its line and none before the one before it."""
    found: list[PlacedWord] = []
    before = placement.start
    for word in placement.voiced.words:
        begin = min(max(before, placement.at(word.begins, 1)), placement.end)
        before = max(begin, min(placement.at(word.ends, -1), placement.end))
        found.append(PlacedWord(word, begin, before))
    return found


def written_words(placement: Placement) -> Iterator[PlacedWord]:
    """Those of them that stand in the text, none of them empty or in another."""
    free = 0
    for one in placed_words(placement):
        if one.word.start >= free and one.word.end > one.word.start:
            free = one.word.end
            yield one


def word_name(chunk: str, number: int) -> str:
    """What a word of a chunk is known by among the spans of a read-along; its number among `written_words`."""
    return f"{chunk} {number}"
