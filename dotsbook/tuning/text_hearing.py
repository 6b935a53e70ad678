"""Whether a clip says its text, by a recogniser; and what of a long text a stretch of sound says. It knows no files.

A recogniser errs, and a name it doesn't know is no reason to throw a clip away: many words that are others are, and some at
its ends. (The judge of takes is no help here: it weighs single slips in lines that are mostly right.)
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dotsbook.audio import Samples
from dotsbook.ears.evidence import TextWord, words_of
from dotsbook.ears.likening import GAP, difference, likened, matched
from dotsbook.tuning.clip_checks import Rejection

if TYPE_CHECKING:
    from dotsbook.ears.recogniser import Recogniser

OTHERWISE_HEARD = (
    0.3  # mean unlikeness of words: right texts had at most 0.14 by Whisper tiny.en, others 0.82 and more
)
WRONG = 0.6  # unlikeness of a word that is another
EDGE_WORDS = 2  # so many other words at an end: it was cut in the wrong place
AHEAD = 40  # words of the text that may have been left out before a stretch
NEARER = 0.02  # the cost of each
UNLIKE = 0.45  # cost by heard word from which on a stretch says something else


class TextHearing:
    """Compares clips with their texts."""

    def __init__(self, recogniser: "Recogniser"):
        self.recogniser = recogniser

    def hears(self, language: str) -> bool:
        return self.recogniser.hears(language or "en")

    def fault(self, samples: Samples, rate: int, text: str, language: str) -> Rejection | None:
        """Why the text isn't what is said; None where it is."""
        heard, written = self.words(samples, rate, language), words_of(text)
        pairs = matched(
            [likened(word.bare, language or "en") for word in written],
            [likened(word, language or "en") for word in heard],
            language or "en",
        )
        unlike = sum(pair.difference for pair in pairs) / max(1, len(written))
        said = " ".join(heard)[:80]
        if unlike > OTHERWISE_HEARD:
            return Rejection("text", f"{min(1.0, unlike):.0%} of it is heard otherwise: {said!r}")
        for place, ends in (("beginning", pairs), ("end", pairs[::-1])):
            wrong = next((at for at, pair in enumerate(ends) if pair.difference <= WRONG), len(ends))
            if wrong >= EDGE_WORDS:
                return Rejection("text", f"at its {place} {wrong} words are others: {said!r}")
        return None

    def words(self, samples: Samples, rate: int, language: str) -> list[str]:
        return [word.text for word in self.recogniser.listen(samples, rate, language or "en").words()]


class TextThread:
    """A long text that is followed by ear: each stretch of sound takes its words off it."""

    def __init__(self, text: str, language: str):
        self.text, self.language = text, language or "en"
        self.words = words_of(text)
        self.likened = [likened(word.bare, self.language) for word in self.words]
        self.at = 0  # the next word
        self.missed = 0  # words heard since, that the text doesn't have

    def take(self, heard: Sequence[str]) -> str:
        """The part of the text that these words say; "" where it has none. The thread goes on behind it."""
        own = [likened(word, self.language) for word in heard]
        own = [word for word in own if word]
        if not own:
            return ""
        last = self.at + 2 * len(own) + AHEAD + self.missed
        first, end, cost = best_stretch(own, self.likened[self.at : last])
        if cost > UNLIKE or end <= first:
            self.missed += len(own)
            return ""
        begin, self.at, self.missed = self.at + first, self.at + end, 0
        return joined(self.text, self.words[begin : self.at])


def joined(text: str, words: Sequence[TextWord]) -> str:
    return " ".join(text[words[0].start : words[-1].end].split()) if words else ""


def best_stretch(heard: Sequence[str], written: Sequence[str]) -> tuple[int, int, float]:
    """(first, end) of the written words that likened heard words say, and what a heard word costs there.

    Written words before and after are free, but for what keeps it near the beginning.
    """
    row = [(NEARER * at, at) for at in range(len(written) + 1)]  # (cost, where it began)
    for word in heard:
        below = [(row[0][0] + GAP, 0)]
        for at, other in enumerate(written):
            cost, began = row[at]
            best = (cost + difference(word, other), began)
            best = min(best, (row[at + 1][0] + GAP, row[at + 1][1]), (below[at][0] + GAP, below[at][1]))
            below.append(best)
        row = below
    end = min(range(len(row)), key=lambda at: row[at][0])
    cost, first = row[end]
    return first, end, (cost - NEARER * first) / max(1, len(heard))
