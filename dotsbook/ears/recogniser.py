"""What a recogniser of speech is to the judges: it listens to a sound, tells the words it hears, and how probable a
given text is. It knows no takes and no books.

A recogniser is one file with a class of this shape, named in recognisers.py.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dotsbook.audio import Samples

LEAST_LOG = -20.0  # of what counts as impossible


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as a recogniser heard it."""

    text: str  # with the punctuation it came with
    start: float  # s from the beginning of the sound
    end: float  # s
    confidence: float  # 0 … 1, the recogniser's own


@dataclass(frozen=True, slots=True)
class ScoredWord:
    """A word of a given text."""

    text: str
    start: float  # s
    end: float  # s
    # natural logarithm of each token's probability, given the sound and the text before it; punctuation is left out
    logs: tuple[float, ...]
    mark: float = 0.0  # the same of the punctuation after it

    @property
    def log(self) -> float:
        """Of the whole word."""
        return sum(self.logs)


@dataclass(frozen=True, slots=True)
class ScoredText:
    """How probable a text is as what the sound says."""

    words: tuple[ScoredWord, ...]  # those given, in their order


@dataclass(frozen=True, slots=True)
class Continuation:
    """How a recogniser would go on after a given text."""

    end: float  # natural logarithm of the probability that nothing follows
    words: tuple[str, ...]  # the most probable words to follow, a few at most; () if nothing is
    more: float = LEAST_LOG  # natural logarithm of the probability that words follow if the text's last mark is left out


class Listening(Protocol):
    """One sound being listened to: what is asked several times is heard once."""

    @property
    def seconds(self) -> float:
        """Of the sound."""

    def words(self) -> Sequence[HeardWord]:
        """What is heard, freely."""

    def score(self, texts: Sequence[Sequence[str]]) -> list[ScoredText] | None:
        """How probable each text is, given as words; None: this recogniser can't tell."""

    def expected(self, words: Sequence[str]) -> ScoredText | None:
        """How probable the text is without any sound, by what the recogniser knows of language."""

    def continued(self, words: Sequence[str]) -> Continuation | None:
        """What follows in the sound after all of these words; None: this recogniser can't tell."""


class FreeListening:
    """What a listening that can't score a text has to say of one: nothing."""

    def score(self, texts: Sequence[Sequence[str]]) -> list[ScoredText] | None:
        return None

    def expected(self, words: Sequence[str]) -> ScoredText | None:
        return None

    def continued(self, words: Sequence[str]) -> Continuation | None:
        return None


class Recogniser(Protocol):
    """Asked from one thread at a time."""

    @property
    def identity(self) -> str:
        """What it is and which weights: opinions are kept by it."""

    def hears(self, language: str) -> bool:
        """Whether it has a language (BCP 47). May load the model."""

    def listen(self, samples: Samples, rate: int, language: str) -> Listening:
        """Listen to mono float32 samples at `rate` Hz. Raises ModelError if the recogniser can't be had."""


EDGE = 1 << 20  # bytes


def fingerprint(weights: Path) -> str:
    """What tells a file of weights from others, without reading all of a large one: its size and both its ends."""
    size = weights.stat().st_size
    with weights.open("rb") as file:
        first = file.read(EDGE)
        file.seek(max(0, size - EDGE))
        last = file.read(EDGE)
    return hashlib.sha256(f"{size}\n".encode() + first + last).hexdigest()[:16]
