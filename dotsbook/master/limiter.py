"""A look-ahead true-peak limiter. It knows one thing: no peak, between the samples either, above a ceiling.

Peaks are looked for at four points a sample, but only where a sample is within 4 dB of the ceiling. The gain falls to
what a peak needs over the 4 ms before it and rises over the 4 ms after; elsewhere samples pass untouched. Length and
place are exact: what goes in comes out, nothing is delayed for the caller who reads to the end.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np

from dotsbook.audio import Samples

LOOK = 0.004  # s
NEAR = 0.6  # of the ceiling: a lower sample has no peak beside it that is higher than the ceiling
TAPS = 24
MARGIN = 0.1  # dB kept for meters with other filters than ours

Zones = tuple[
    tuple[int, int, float], ...
]  # (first sample, last sample, dB): where all is made softer by so much


class Limiter:
    """`push` blocks and get those that are finished; `flush` for the rest."""

    def __init__(self, rate: int, ceiling: float, softer: Zones = ()):
        """ceiling: dBTP; softer: zones, in samples from the first one pushed."""
        self.ceiling = 10 ** ((ceiling - MARGIN) / 20)
        self.look = max(1, round(LOOK * rate))
        self.reach = 2 * self.look + TAPS
        self.before = np.zeros(self.reach, np.float32)  # context, already given out
        self.held = np.zeros(0, np.float32)  # not given out yet
        self.touched = 0  # samples whose gain was lowered
        self.softer, self.given = softer, 0

    def push(self, block: Samples) -> Samples:
        self.held = np.concatenate((self.held, block))
        return self.give(len(self.held) - self.reach, self.held)

    def flush(self) -> Samples:
        return self.give(len(self.held), np.concatenate((self.held, np.zeros(self.reach, np.float32))))

    def give(self, count: int, ahead: Samples) -> Samples:
        if count <= 0:
            return np.zeros(0, np.float32)
        span = np.concatenate((self.before, ahead[: count + self.reach]))
        done = span[self.reach : self.reach + count]
        gain = self.gain(span)
        if gain is not None:
            part = gain[self.reach : self.reach + count]
            self.touched += int(np.count_nonzero(part < 0.9999))
            done = done * part
        self.before = span[count : count + self.reach]
        self.held = self.held[count:]
        self.given += count
        return done

    def gain(self, span: Samples) -> Samples | None:
        """The gain curve over a span, right but for its outer `reach`; None where nothing is too high."""
        peaks = np.abs(span)
        hot = np.flatnonzero(peaks > NEAR * self.ceiling)
        need = self.lowered(len(span))
        if len(hot):
            need[hot] *= np.minimum(1.0, self.ceiling / np.maximum(peaks[hot], between(span, hot)))
        places = np.flatnonzero(need < 1) if len(hot) or self.softer else hot
        if not len(places):
            return None
        gain = np.ones(len(span), np.float32)
        edge = 2 * self.look + 2  # a peak moves the gain no further than this
        for first, last in runs(places, 2 * edge):
            start, stop = int(places[first]) - edge, int(places[last]) + edge + 1
            curve = np.ones(stop - start, np.float32)
            curve[places[first : last + 1] - start] = need[places[first : last + 1]]
            curve = smooth(lowest(curve, self.look), self.look)
            begin = max(0, start)
            gain[begin:stop] = curve[begin - start : len(span) - start]
        return gain

    def lowered(self, size: int) -> Samples:
        """The gain that zones ask for over a span of `size` samples, whatever the peaks in it."""
        curve, first = np.ones(size, np.float32), self.given - self.reach
        for start, stop, lower in self.softer:
            if start < first + size and stop > first:
                curve[max(0, start - first) : stop - first] *= 10 ** (-lower / 20)
        return curve


def runs(places: np.ndarray, apart: int) -> Iterator[tuple[int, int]]:
    """(first, last) index of each run of places that are less than `apart` from one another."""
    breaks = np.flatnonzero(np.diff(places) >= apart)
    yield from zip([0, *(breaks + 1).tolist()], [*breaks.tolist(), len(places) - 1], strict=True)


def between(samples: Samples, places: np.ndarray) -> Samples:
    """The highest of the three points between each place and the next sample, and the three before it."""
    half = TAPS // 2
    padded = np.pad(samples, (half, half + 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, TAPS + 1)[
        places
    ]  # centred: index half is the place
    return np.abs(windows @ phases()).max(axis=1)


@cache
def phases() -> np.ndarray:
    """(TAPS + 1, 6): windowed-sinc filters for −3/4 … +3/4 of a sample."""
    offsets = np.array([-0.75, -0.5, -0.25, 0.25, 0.5, 0.75])
    place = np.arange(TAPS + 1)[:, None] - TAPS // 2 - offsets[None]
    return (np.sinc(place) * np.cos(np.pi * place / (TAPS + 2)) ** 2).astype(np.float32)


def lowest(values: Samples, reach: int) -> Samples:
    """The minimum over `reach` samples to either side, in log steps."""
    width, window = 2 * reach + 1, 1
    low = np.pad(values, reach, constant_values=1.0)
    while window * 2 <= width:
        low = np.minimum(low[:-window], low[window:])
        window *= 2
    rest = width - window
    return np.minimum(low[: len(low) - rest], low[rest:]) if rest else low


def smooth(values: Samples, reach: int) -> Samples:
    """A triangle of `reach` samples to either side: two running means, so that the gain has no corners."""
    half = reach // 2
    for _ in range(2):
        total = np.concatenate(([0.0], np.cumsum(np.pad(values, half, mode="edge"), dtype=np.float64)))
        values = ((total[2 * half + 1 :] - total[: -2 * half - 1]) / (2 * half + 1)).astype(np.float32)
    return values
