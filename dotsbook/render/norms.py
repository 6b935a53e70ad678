"""What is normal for a voice in a language, learned once from the first lines it has in the book. It knows figures,
no samples.

Which lines make a norm is decided by the book alone. Until the last of them is decided takes are judged by safe
limits, which no norm widens; what passed them is judged again when the norm is there, and a norm once made stays: the
ledger keeps it. So which takes are kept hangs on no order, no batch size and no interruption. Medians and their
spread, so that a bad take or two that slipped through does not matter.
"""

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles

from dotsbook.render.key import Job, canonical, sound_of
from dotsbook.render.length import length_of
from dotsbook.voices.engine import Voice

SAMPLE = 64              # lines that make a norm
FIRST = 8                # healthy takes without which nothing counts as normal
UNSURE = 1.0             # over the root of their number: by how much a spread learned from so few takes is widened
ROBUST = 1.4826          # median deviation → standard deviation of a normal distribution
NEEDED = ("speech", "said", "least", "most", "words", "level", "range", "gap")
SHORTEST = 0.6           # s of speech; less says little of a voice

Place = tuple[str, str]  # a voice's name, a language


@dataclass(frozen=True, slots=True)
class Norm:
    """The habits of one voice in one language."""

    pace: float          # seconds of speech for a second expected
    pulse: float         # the same without pauses
    spread: float        # standard deviation of pace, of its logarithm; rather too wide than too narrow
    level: float         # dBFS
    range: float         # dB between loud and quiet
    gap: float           # s; nine in ten takes have no longer silence inside
    count: int


class Norms:
    """The norms of a book, by voice and language."""

    def __init__(self, samples: Mapping[Place, Collection[str]], known: Mapping[Place, Norm] | None = None) -> None:
        """samples: the keys of the lines that make each norm (`samples_of`); known: norms made before."""
        self.known = dict(known or {})
        self.waiting = {place: set(keys) for place, keys in samples.items()
                        if place not in self.known and len(keys) >= FIRST}
        self.heard: dict[Place, list[tuple[float, ...]]] = {place: [] for place in self.waiting}

    def of(self, voice: str, language: str) -> Norm | None:
        """What is normal; None until that is known."""
        return self.known.get((voice, language))

    def add(self, voice: str, language: str, key: str, figures: Mapping[str, float] | None) -> Norm | None:
        """A line is decided: its healthy take's figures, or None if it has none. The norm, if this made it."""
        place = voice, language
        if key not in self.waiting.get(place, ()):
            return None
        self.waiting[place].remove(key)
        if figures and figures.get("speech", 0.0) >= SHORTEST and all(name in figures for name in NEEDED):
            self.heard[place].append(tuple(figures[name] for name in NEEDED))
        if self.waiting[place]:
            return None
        del self.waiting[place]
        heard = self.heard.pop(place)
        if len(heard) < FIRST:
            return None
        self.known[place] = norm_of(heard)
        return self.known[place]


def samples_of(lines: Iterable[tuple[Place, str, str]]) -> dict[Place, list[str]]:
    """The keys of the lines that make each norm, from (place, key, text as spoken) in the book's order."""
    samples: dict[Place, list[str]] = {}
    for place, key, text in lines:
        keys = samples.setdefault(place, [])
        if len(keys) < SAMPLE and length_of(text).least >= SHORTEST:
            keys.append(key)
    return samples


def lines_of(jobs: Iterable[Job]) -> Iterable[tuple[Place, str, str]]:
    """Jobs as `samples_of` wants them."""
    return (((job.voice.name, job.chunk.language), job.key, job.chunk.spoken) for job in jobs)


def name_of(engine: str, voice: Voice, language: str) -> str:
    """What a norm is kept by: all that it holds for, an engine's identity, a voice's sound and a language."""
    return hashlib.sha256(canonical([engine, sound_of(voice), language]).encode("ascii")).hexdigest()[:40]


def norm_of(heard: list[tuple[float, ...]]) -> Norm:
    """The norm of takes whose figures stand in the order of NEEDED; sorted first, so that their order is nothing."""
    speech, said, least, most, words, level, span, gap = zip(*sorted(heard), strict=True)
    paces = [seconds / math.sqrt(low * high) for seconds, low, high in zip(speech, least, most, strict=True)]
    pace = median(paces)
    return Norm(
        pace=pace,
        pulse=median(seconds / expected for seconds, expected in zip(said, words, strict=True)),
        spread=ROBUST * median(abs(math.log(one / pace)) for one in paces) * (1 + UNSURE / math.sqrt(len(paces))),
        level=median(level), range=median(span), gap=quantiles(gap, n=10)[-1], count=len(heard))
