"""The silences that a direction asks for around and in a line, by offsets in what is spoken. It knows no voices."""

from collections.abc import Iterable, Sequence

from dotsbook.book import Mark
from dotsbook.direction import PAUSES
from dotsbook.text.normalise.change import Change
from dotsbook.text.script.spoken import tidy

JOINT = 0.08  # s between two deliveries of one voice where nothing parts the words

Silences = tuple[tuple[int, float], ...]


def pauses_in(
    marks: Iterable[Mark], text: str, start: int, said: str, language: str, changes: Sequence[Change]
) -> Silences:
    """Those of a line `text` that stands at `start` of its source and is spoken as `said`, with what was changed in it.

    Of two that stand at one place the longer holds.
    """
    found: dict[int, float] = {}
    for mark in marks:
        if mark.kind in PAUSES and mark.start >= start and mark.end <= start + len(text):
            after = mark.kind == "pause-after"
            at = (mark.end if after else mark.start) - start
            place = place_in(said, said_until(text, at, language, changes, after))
            found[place] = max(found.get(place, 0.0), float(mark.value))
    return tuple(sorted(found.items()))


def said_until(text: str, at: int, language: str, changes: Sequence[Change], whole: bool) -> str:
    """What is spoken of a line up to an offset; whole: with all of what that offset stands in."""
    parts: list[str] = []
    done = 0
    for change in changes:
        if change.start >= at:
            break
        if change.end > at and not whole:
            at = change.start
            break
        parts += (text[done : change.start], change.after)
        done = change.end
    parts.append(text[done:at])
    return tidy("".join(parts), language)


def place_in(said: str, until: str) -> int:
    """The offset in `said` behind the last word of `until`: 0 before its first word, its length after its last."""
    place = len(until)
    while place and not until[place - 1].isalnum():
        place -= 1
    return place if any(letter.isalnum() for letter in said[place:]) else len(said)


def with_joint(pauses: Silences, text: str, said: str, after: str) -> Silences:
    """The same with the little silence before words of another delivery, where nothing parts them from these."""
    parted = not text[-1:].isalnum() or not after[:1].isalnum()
    if parted or any(place == len(said) for place, _ in pauses):
        return pauses
    return (*pauses, (len(said), JOINT))
