"""What is normal for a voice in a language, learned once from the first lines it has in the book. It knows figures,
no samples.

Which lines make a norm is decided by the book alone. Until the last of them is decided takes are judged by safe
limits, which no norm widens; what passed them is judged again when the norm is there, and a norm once made stays: the
ledger keeps it. So which takes are kept hangs on no order, no batch size and no interruption. Medians and their
spread, so that a bad take or two that slipped through does not matter.
"""

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median, quantiles
from typing import Any

from dotsbook.render.jobs import Job, canonical, sound_of
from dotsbook.render.length import length_of
from dotsbook.voices.engine import Voice

SAMPLE = 64  # lines that make a norm
FIRST = 8  # healthy takes without which nothing counts as normal
FORM = 2  # of a norm in the ledger; one of another, or with other figures, is learned anew
UNSURE = 1.0  # over the root of their number: by how much a spread learned from so few takes is widened
ROBUST = 1.4826  # median deviation → standard deviation of a normal distribution
TAIL = 2.5  # standard deviations: what is further off tells no more of a spread than this
STRANGE = 3.0  # standard deviations: what is further off makes no norm
EVEN = (0.0, 0.25, 0.5, 0.75, 1.0)  # how much of a typical line's variance may be of the kind that evens out
ROUNDS = 12  # of a fit that trusts a line the less the further it is off
DOUBT = 1.5  # median deviations from which it does
USUAL = {
    "speech": (0.05, 1.0, 0.25),
    "said": (0.05, 0.95, 0.08),
}  # s a line, a second of its words, a break, before
# anything is heard; times the pace
BELIEF = (0.6, 0.15, 0.3)  # how firmly that is held, against one line each
BREAK = {"speech": 0.12, "said": 0.05}  # s by which a break may differ from that: a comma's from a stop's
NEEDED = ("speech", "said", "least", "most", "words", "breaks", "level", "range", "gap", "start", "end")
SHORTEST = 0.6  # s of speech; less says little of a voice

Place = tuple[str, str]  # a voice's name, a language


@dataclass(frozen=True, slots=True)
class Norm:
    """The habits of one voice in one language."""

    pace: float  # seconds of speech for a second expected
    speech: tuple[float, ...]  # seconds of speech: a line, a second of its words, a break in it
    said: tuple[float, ...]  # the same without pauses
    speech_spread: tuple[float, float]  # how far takes are from that: see `deviation`
    said_spread: tuple[float, float]
    level: float  # dBFS
    range: float  # dB between loud and quiet in a line without a break; nine in ten takes have more
    gap: float  # s; nine in ten takes have no longer silence inside
    still: float  # s; the same of lines without a break in their text
    start: float  # dB against the loud parts; none of the takes begins louder
    end: float  # dB; none ends louder
    count: int

    @classmethod
    def kept(cls, figures: Mapping[str, Any]) -> "Norm":
        """A norm as the ledger keeps it."""
        as_kept: dict[str, Any] = {
            name: tuple(figure) if isinstance(figure, list) else figure for name, figure in figures.items()
        }
        return cls(**as_kept)

    def lengths(self, figures: Mapping[str, float]) -> list[tuple[str, float, float]]:
        """(figure, the seconds a line usually has of it, the standard deviation of their logarithm)."""
        known = ("speech", self.speech, self.speech_spread), ("said", self.said, self.said_spread)
        return [
            (
                name,
                seconds := expected(weights, figures),
                deviation(spread, seconds, figures["breaks"] * BREAK[name]),
            )
            for name, weights, spread in known
        ]


def expected(weights: Sequence[float], figures: Mapping[str, float]) -> float:
    """Seconds, at least a tenth."""
    line, words, breaks = weights
    return max(0.1, line + words * figures["words"] + breaks * figures["breaks"])


def deviation(spread: Sequence[float], seconds: float, unsure: float = 0.0) -> float:
    """Of a line's length, relative: what varies from take to take, what evens out over a long line (a word more or less
    drawn out), and `unsure` seconds."""
    whole, each = spread
    return math.sqrt(whole + each / seconds + (unsure / seconds) ** 2)


class Norms:
    """The norms of a book, by voice and language."""

    def __init__(
        self, samples: Mapping[Place, Collection[str]], known: Mapping[Place, Norm] | None = None
    ) -> None:
        """samples: the keys of the lines that make each norm (`samples_of`); known: norms made before."""
        self.known = dict(known or {})
        self.waiting = {
            place: set(keys)
            for place, keys in samples.items()
            if place not in self.known and len(keys) >= FIRST
        }
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
    form = [FORM, *(field.name for field in fields(Norm))]
    return hashlib.sha256(canonical([form, engine, sound_of(voice), language]).encode("ascii")).hexdigest()[
        :40
    ]


def norm_of(heard: list[tuple[float, ...]]) -> Norm:
    """The norm of takes whose figures stand in the order of NEEDED; sorted first, so that their order is nothing."""
    rows = [dict(zip(NEEDED, one, strict=True)) for one in sorted(heard)]
    first = norm_from(rows)
    kept = [row for row in rows if usual(row, first)]
    return norm_from(kept) if 2 * len(kept) > len(rows) else first


def usual(row: Mapping[str, float], norm: Norm) -> bool:
    """Whether a take is so near to what these takes are that it may make a norm, and no bad one that slipped through."""
    return all(
        abs(math.log(max(row[name], 0.01) / seconds)) <= STRANGE * spread
        for name, seconds, spread in norm.lengths(row)
    )


def norm_from(rows: Sequence[Mapping[str, float]]) -> Norm:
    pace = median(row["speech"] / math.sqrt(row["least"] * row["most"]) for row in rows)
    speech, said = fitted(rows, "speech", pace), fitted(rows, "said", pace)
    unbroken = [row for row in rows if not row["breaks"]]
    still = unbroken if len(unbroken) >= FIRST else rows
    return Norm(
        pace=pace,
        speech=speech,
        said=said,
        speech_spread=spread_of(rows, "speech", speech),
        said_spread=spread_of(rows, "said", said),
        level=median(row["level"] for row in rows),
        range=tenths(still, "range")[0],
        gap=tenths(rows, "gap")[-1],
        still=tenths(still, "gap")[-1],
        start=max(row["start"] for row in rows),
        end=max(row["end"] for row in rows),
        count=len(rows),
    )


def tenths(rows: Sequence[Mapping[str, float]], name: str) -> list[float]:
    """The nine figures between the tenths of these takes."""
    return quantiles([row[name] for row in rows], n=10)


def fitted(rows: Sequence[Mapping[str, float]], name: str, pace: float) -> tuple[float, ...]:
    """What makes the length of these takes: least squares of the relative errors, lines far off counting less."""
    import numpy as np

    made = np.array([(1.0, row["words"], row["breaks"]) for row in rows])
    seconds = np.array([row[name] for row in rows])
    usual, belief = np.array(USUAL[name]) * pace, np.diag(BELIEF)
    weights, trust = usual, np.ones(len(rows))
    for _ in range(ROUNDS):
        scale = trust / np.maximum(made @ weights, 0.1)
        weights = np.linalg.lstsq(
            np.vstack([made * scale[:, None], belief]),
            np.concatenate([seconds * scale, belief @ usual]),
            rcond=None,
        )[0]
        off = np.abs(np.log(np.maximum(seconds, 0.01) / np.maximum(made @ weights, 0.1)))
        trust = np.sqrt(np.minimum(1.0, max(DOUBT * float(np.median(off)), 0.02) / np.maximum(off, 1e-6)))
    return tuple(round(float(weight), 6) for weight in weights)


def spread_of(
    rows: Sequence[Mapping[str, float]], name: str, weights: Sequence[float]
) -> tuple[float, float]:
    """(variance of a line's logarithm at any length, and for a second of it, which evens out): of a few divisions between
    the two the likeliest, its size by medians, so that bad takes among these don't count; rather too wide than too narrow.
    """
    import numpy as np

    usual = np.array([expected(weights, row) for row in rows])
    off = np.abs(np.log(np.maximum([row[name] for row in rows], 0.01) / usual))
    typical = float(np.median(usual))

    def tried(even: float) -> tuple[float, float, float]:
        shape = np.sqrt(1 - even + even * typical / usual)
        scale = max(ROBUST * float(np.median(off / shape)), 1e-3)
        unlikely = np.log(scale * shape) + np.minimum(off / (scale * shape), TAIL) ** 2 / 2
        return float(unlikely.sum()), scale * (1 + UNSURE / math.sqrt(len(rows))), even

    _, scale, even = min(map(tried, EVEN))
    return round(scale**2 * (1 - even), 6), round(scale**2 * even * typical, 6)
