"""Sound parted and joined without clicks: where a gap between words is, silence let into it, one sound crossed into another.

Samples are mono float32. It knows no takes and no books; where words are said, in seconds, it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dotsbook.audio import Samples
from dotsbook.measure import speech_runs

WINDOW = 0.010  # s over which sound is quiet or loud
NEAR = 0.08  # s from where a gap should be to a silence that is it
OVER = 0.012, 0.004  # s of the next word faded away, and of the last faded in, where no silence parts them
KEPT = 0.03  # s of a natural silence left on either side, where it is to be shorter


@dataclass(frozen=True, slots=True)
class SplicePoint:
    """A place in a sound where silence is let in, or out: it sounds up to `out` and goes on at `into`."""

    out: int  # samples; past `into` where both words share what lies between
    into: int
    silence: int  # samples, at the rate of what it is laid out for


def silences_in(samples: Samples, rate: int) -> list[tuple[int, int]]:
    """[first, last) samples of the silences between the first sound and the last."""
    runs = speech_runs(samples, rate)
    return [(before[1], after[0]) for before, after in zip(runs, runs[1:], strict=False)]


def gap_between(
    silences: Sequence[tuple[int, int]], rate: int, ends: float, begins: float, near: float = NEAR
) -> tuple[int, int] | None:
    """The silence between a word that ends and one that begins at these seconds; None if there is none.

    The longest of those `near`; what lies further off must be longer for it.
    """
    first, last = min(ends, begins) * rate, max(ends, begins) * rate

    def worth(silence: tuple[int, int]) -> float:
        far = max(0.0, silence[0] - last, first - silence[1])
        return silence[1] - silence[0] - far * NEAR / max(near, 0.01)

    close = [one for one in silences if one[0] - last <= near * rate and first - one[1] <= near * rate]
    return max(close, key=worth, default=None)


def quietest(samples: Samples, rate: int, first: int, last: int) -> int:
    """The sample between two around which it is quietest."""
    half = max(1, round(WINDOW * rate / 2))
    first, last = max(first, half), min(last, len(samples) - half)
    if last <= first:
        return min(max(first, 0), len(samples))
    power = np.concatenate(
        ([0.0], np.cumsum(np.square(samples[first - half : last + half], dtype=np.float64)))
    )
    return first + int(np.argmin(power[2 * half :] - power[: -2 * half]))


def opened(samples: Samples, rate: int, gap: tuple[int, int], seconds: float, out_rate: int) -> SplicePoint:
    """The opening that makes a silence [first, last) so many seconds long. What is heard in it, a breath, is kept as far as
    there is room."""
    first, last = gap
    more = round(seconds * rate) - (last - first)
    if more >= 0:
        at = quietest(samples, rate, first, last)
        return SplicePoint(at, at, round(more * out_rate / rate))
    left = round(seconds * rate)
    before = min(left, max(round(KEPT * rate), left // 2))
    return SplicePoint(first + before, last - (left - before), 0)


def parted(samples: Samples, rate: int, at: int, seconds: float, out_rate: int) -> SplicePoint:
    """The opening where two words meet without a silence."""
    over, under = (round(part * rate) for part in OVER)
    return SplicePoint(min(at + over, len(samples)), max(at - under, 0), round(seconds * out_rate))


def crossed(left: Samples, right: Samples, count: int) -> Samples:
    """`left` with its last `count` samples crossed into the first of `right`, by raised cosine: two that are alike there
    stay as they are."""
    count = min(count, len(left), len(right))
    if not count:
        return np.concatenate((left, right))
    rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)).astype(np.float32)
    both = left[len(left) - count :] * (1 - rise) + right[:count] * rise
    return np.concatenate((left[: len(left) - count], both, right[count:]))
