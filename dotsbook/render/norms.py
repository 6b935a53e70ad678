"""What is normal for a voice in a language, learned from the takes that passed. It knows figures, no samples.

The first 256 healthy takes of a voice in a language make its norm, taken anew after 8, 16, 32 … of them and then
left alone: so it costs nothing in a long run, and two runs that hear the same first takes in another order agree
but for the few takes judged before a doubling. Medians and their spread, so that a bad take or two that slipped
through at the start does not matter.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median, quantiles

FIRST = 8                # healthy takes before anything counts as normal
LAST = 256               # and after which nothing new is learned
ROBUST = 1.4826          # median deviation → standard deviation of a normal distribution
NEEDED = ("speech", "said", "least", "most", "words", "level", "range", "gap")
SHORTEST = 0.6           # s of speech; less says little of a voice


@dataclass(frozen=True, slots=True)
class Norm:
    """The habits of one voice in one language."""

    pace: float          # seconds of speech for a second expected
    pulse: float         # the same without pauses
    spread: float        # standard deviation of pace, of its logarithm
    level: float         # dBFS
    range: float         # dB between loud and quiet
    gap: float           # s; nine in ten takes have no longer silence inside
    count: int


class Norms:
    """The norms of a run, by voice and language."""

    def __init__(self) -> None:
        self.heard: dict[tuple[str, str], list[tuple[float, ...]]] = {}
        self.known: dict[tuple[str, str], Norm] = {}

    def of(self, voice: str, language: str) -> Norm | None:
        """What is normal; None until enough has been heard."""
        return self.known.get((voice, language))

    def add(self, voice: str, language: str, figures: Mapping[str, float]) -> bool:
        """Learn from a healthy take's figures (of this run, or out of the ledger); True when the norm changed."""
        heard = self.heard.setdefault((voice, language), [])
        if len(heard) >= LAST or figures.get("speech", 0.0) < SHORTEST or any(name not in figures for name in NEEDED):
            return False
        heard.append(tuple(figures[name] for name in NEEDED))
        count = len(heard)
        if count < FIRST or count & (count - 1):
            return False
        self.known[voice, language] = norm_of(heard)
        return True


def norm_of(heard: list[tuple[float, ...]]) -> Norm:
    """The norm of takes whose figures stand in the order of NEEDED; sorted first, so that their order is nothing."""
    speech, said, least, most, words, level, span, gap = zip(*sorted(heard), strict=True)
    paces = [seconds / math.sqrt(low * high) for seconds, low, high in zip(speech, least, most, strict=True)]
    pace = median(paces)
    return Norm(
        pace=pace,
        pulse=median(seconds / expected for seconds, expected in zip(said, words, strict=True)),
        spread=ROBUST * median(abs(math.log(one / pace)) for one in paces),
        level=median(level), range=median(span), gap=quantiles(gap, n=10)[-1], count=len(heard))
