"""Keeps a decoded stream under its ceiling: where a codec's peaks pass it, the sound is encoded again, a little softer just there.

A codec adds its own noise to a peak, by up to 2.5 dB at low bit rates. A margin for the worst of them would lower every
peak of the book; so the margin before the encoder is an ordinary one, and the few places that pass the ceiling all the
same are made softer for 10 ms each. It knows no codecs and no files.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from dotsbook.audio import Samples
from dotsbook.master.limiter import TAPS, Zones, between
from dotsbook.master.meter import Measured

NEAR = 0.7  # of the ceiling: a lower sample has no peak beside it that passes it (the meter's own figure)
REACH = 0.005  # s to either side of a peak that are made softer
TIMES, MORE = (
    1.25,
    0.25,
)  # as many times as a peak was too high, and dB more: the codec's noise is another one the next time
ROUNDS = 6  # of encoding in all


def kept_under(
    ceiling: float | None,
    rate: int,
    encode: Callable[[Zones], Measured],
    decode: Callable[[], Iterator[tuple[Samples, int]]],
) -> Measured:
    """Encode, and again with zones (in samples at `rate`) made softer, until the decoded sound keeps under `ceiling` dBTP.

    encode: writes the file and measures it as decoded; decode: its (block, rate) pairs. Gives the last measure; after
    ROUNDS it may still be over, and the proof says so.
    """
    zones: Zones = ()
    heard = encode(zones)
    for more in range(1, ROUNDS):
        if ceiling is None or heard.true_peak_db <= ceiling:
            break
        found = list(overs((block for block, _ in decode()), ceiling))
        zones = softened(zones, found, rate, MORE * more, rate / heard.rate)
        heard = encode(zones)
    return heard


def overs(blocks: Iterable[Samples], ceiling: float) -> Iterator[tuple[int, float]]:
    """(sample, dB over) of everything above `ceiling` dBTP in a stream, by the meter's own measure."""
    most = 10 ** (ceiling / 20)
    context = np.zeros(2 * TAPS, np.float32)  # the last TAPS of it not yet looked at
    first = -2 * TAPS  # where the context begins in the stream
    for block in chained(blocks):
        span = np.concatenate((context, block))
        levels = np.abs(span[TAPS:-TAPS])
        hot = np.flatnonzero(levels > NEAR * most)
        if len(hot):
            peaks = np.maximum(levels[hot], between(span, hot + TAPS))
            for place, peak in zip(hot[peaks > most], peaks[peaks > most], strict=True):
                yield first + TAPS + int(place), 20 * float(np.log10(peak / most))
        first += len(span) - 2 * TAPS
        context = span[len(span) - 2 * TAPS :]


def chained(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The blocks, and silence after them."""
    yield from blocks
    yield np.zeros(2 * TAPS, np.float32)


def softened(
    zones: Zones, found: Iterable[tuple[int, float]], rate: int, more: float = MORE, scale: float = 1.0
) -> Zones:
    """The zones and new ones around what was found, `more` dB lower; scale: samples of ours to one of theirs."""
    reach = round(REACH * rate)
    new: list[tuple[int, int, float]] = []
    for place, over in found:
        start, stop, lower = round(place * scale) - reach, round(place * scale) + reach, TIMES * over + more
        if new and start <= new[-1][1]:
            start, lower = new[-1][0], max(lower, new[-1][2])
            new.pop()
        new.append((start, stop, lower))
    return (*zones, *new)
