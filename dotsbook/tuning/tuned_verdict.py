"""A tuned model's held-out lines against the base's: differences with their certainty, and what follows from them. It speaks nothing.

A difference counts where the 95 % interval of its mean over lines leaves out nought. Lines are compared with themselves, so
that easy and hard ones don't blur it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dotsbook.production.evaluating import mean_within

FEWEST = 5  # lines that can tell anything
DRIFT = 0.1  # of the recordings' pace: more is heard
Interval = tuple[float, float, float]  # mean, and the ends of its 95 % interval


@dataclass(frozen=True)
class LineFigures:
    """What one speaker of a held-out line measures: the recording, the base or the tuned model."""

    fm: float | None = None  # flow-matching loss; a recording has none
    eos: float | None = None  # loss of the stop head
    similarity: float | None = None  # cosine to the speaker's clips
    wer: float | None = None  # word (or character) error rate; None: not heard
    pace: float | None = None  # letters a second
    pause: float | None = None  # s
    seconds: float = 0.0
    error: str = ""  # why there is no sound


@dataclass(frozen=True)
class ComparedLine:
    id: str
    recording: LineFigures
    base: LineFigures
    tuned: LineFigures


@dataclass(frozen=True)
class Measure:
    """One row of the table. Ratios are to the recordings."""

    name: str
    recording: Interval | None
    base: Interval | None
    tuned: Interval | None
    change: Interval | None  # tuned less base, line by line
    lines: int  # that have it


@dataclass(frozen=True)
class TunedVerdict:
    answer: str  # "recommended", "not recommended", "no difference shown", "too few lines"
    reasons: tuple[str, ...]


MEASURES: dict[str, tuple[str, Callable[[LineFigures], float | None]]] = {
    "loss": ("flow-matching loss", lambda one: one.fm),
    "stop": ("stop loss", lambda one: one.eos),
    "similarity": ("similarity to the speaker", lambda one: one.similarity),
    "errors": ("word errors", lambda one: one.wer),
}
RATIOS: dict[str, tuple[str, Callable[[LineFigures], float | None]]] = {
    "pace": ("pace against the recording", lambda one: one.pace),
    "pause": ("pauses against the recording", lambda one: one.pause),
}


def measures_of(lines: Sequence[ComparedLine]) -> dict[str, Measure]:
    """Each measure over the lines that have it of both models."""
    found = {}
    for key, (name, figure) in MEASURES.items():
        both = [(figure(one.base), figure(one.tuned)) for one in lines]
        pairs = [(base, tuned) for base, tuned in both if base is not None and tuned is not None]
        own = [known for one in lines if (known := figure(one.recording)) is not None]
        found[key] = row(name, own, pairs, lambda value: value)
    for key, (name, figure) in RATIOS.items():
        logs = []
        for one in lines:
            real, base, tuned = figure(one.recording), figure(one.base), figure(one.tuned)
            if real and base and tuned:
                logs.append((math.log(base / real), math.log(tuned / real)))
        found[key] = row(name, [], logs, math.exp)
    return found


def row(
    name: str,
    recordings: Sequence[float],
    pairs: Sequence[tuple[float, float]],
    shown: Callable[[float], float],
) -> Measure:
    def within(values: Sequence[float]) -> Interval | None:
        if not values:
            return None
        mean, low, high = mean_within(values)
        return shown(mean), shown(low), shown(high)

    base, tuned = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    change = [after - before for before, after in pairs]
    return Measure(name, within(recordings), within(base), within(tuned), within(change), len(pairs))


def verdict_of(lines: Sequence[ComparedLine], measures: dict[str, Measure]) -> TunedVerdict:
    """A worse one is not recommended, whatever else got better."""
    if len(lines) < FEWEST:
        return TunedVerdict(
            "too few lines", (f"{len(lines)} held-out lines tell nothing: {FEWEST} are the least.",)
        )
    worse, better = silences(lines), list[str]()
    for key, more in (("loss", False), ("similarity", True), ("errors", False)):
        sign = certain(measures[key])
        if sign:
            good = (sign > 0) == more
            (better if good else worse).append(sentence(measures[key]))
    worse += drifts(measures["pace"], 1.0)
    worse += drifts(measures["pause"], 5.0)
    if worse:
        return TunedVerdict("not recommended", tuple(worse + [f"(better: {one})" for one in better]))
    if better:
        return TunedVerdict("recommended", tuple(better))
    return TunedVerdict("no difference shown", ("no measure's interval leaves out nought",))


def certain(measure: Measure) -> int:
    """1 if it rose for certain, -1 if it fell, 0 if that can't be told."""
    if measure.change is None or measure.lines < FEWEST:
        return 0
    _, low, high = measure.change
    return 1 if low > 0 else -1 if high < 0 else 0


def sentence(measure: Measure) -> str:
    assert measure.base and measure.tuned
    return f"{measure.name} {measure.base[0]:.3f} → {measure.tuned[0]:.3f}"


def silences(lines: Sequence[ComparedLine]) -> list[str]:
    """Lines that one of the two can't speak."""
    base, tuned = sum(bool(one.base.error) for one in lines), sum(bool(one.tuned.error) for one in lines)
    return [f"{tuned} lines aren't spoken at all, of the base's {base}"] if tuned > base else []


def drifts(measure: Measure, patience: float) -> list[str]:
    """Whether it certainly went away from the recordings, by more than can be let be and further than the base.

    patience: how many times as far as pace it may go: pauses sway more.
    """
    if measure.tuned is None or measure.base is None or measure.lines < FEWEST:
        return []
    mean, low, high = map(math.log, measure.tuned)
    limit = patience * math.log(1 + DRIFT)
    further = abs(mean) > abs(math.log(measure.base[0]))
    if (low > 0 or high < 0) and abs(mean) > limit and further:
        return [f"{measure.name} {measure.base[0]:.2f} → {measure.tuned[0]:.2f}"]
    return []
