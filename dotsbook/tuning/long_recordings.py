"""A recording of any length and where it can be split: its levels, its pauses, its pieces one after the other.

It is decoded as a stream, twice, and never held whole: ten hours have 7 MB of levels. It knows no texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples, blocks_of
from dotsbook.tuning.clip_checks import ClipLimits
from dotsbook.voices.reference import FRAME, spoken

WINDOW = 60.0  # s over which it is told what is speech: a long recording isn't equally loud
PAUSE = 0.2  # s of quiet that can part two pieces
BREAK = 0.45  # s of quiet that most often end a sentence
LEAST, USUAL = 3.0, 12.0  # s of a piece: from the first on it may end at a break, and by the second it should
FLOOR = -120.0  # dB


@dataclass(frozen=True)
class SoundStretch:
    """[first, last) frames of FRAME seconds."""

    first: int
    last: int

    @property
    def seconds(self) -> float:
        return (self.last - self.first) * FRAME


@dataclass(frozen=True, eq=False)
class SpeechLevels:
    """Of a whole recording, a figure a frame."""

    speech: np.ndarray  # bool
    rate: int

    @property
    def pauses(self) -> list[SoundStretch]:
        """Where nobody speaks for PAUSE and more; the beginning and the end are pauses too, however short."""
        edges = np.flatnonzero(np.diff(np.concatenate(([1], self.speech.astype(np.int8), [1]))))
        found = [SoundStretch(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        inner = [
            one for one in found if one.seconds >= PAUSE and one.first > 0 and one.last < len(self.speech)
        ]
        first = found[0] if found and found[0].first == 0 else SoundStretch(0, 0)
        end = len(self.speech)
        last = found[-1] if found and found[-1].last == end and found[-1].first else SoundStretch(end, end)
        return [first, *inner, last]


def levels_of(path: Path) -> SpeechLevels:
    """VoiceError for what can't be read."""
    found, rest, rate = [], np.zeros(0, np.float32), 0
    for block, rate in blocks_of(path):
        hop = round(FRAME * rate)
        rest = np.concatenate([rest, block])
        whole = len(rest) // hop * hop
        frames = rest[:whole].reshape(-1, hop)
        power = np.einsum("ij,ij->i", frames, frames) / hop - frames.mean(axis=1) ** 2
        found.append(10 * np.log10(np.maximum(np.nan_to_num(power, nan=0.0, posinf=0.0), 1e-12)))
        rest = rest[whole:]
    level = np.concatenate(found) if found else np.zeros(0)
    step = round(WINDOW / FRAME)
    windows = [spoken(level[at : at + step]) for at in range(0, len(level), step)]
    return SpeechLevels(np.concatenate(windows) if windows else np.zeros(0, bool), rate)


def split_at_pauses(levels: SpeechLevels, limits: ClipLimits) -> list[SoundStretch]:
    """Pieces from pause to pause, each to its middle at most. One without a pause in it may be longer than `limits`."""
    pauses, pieces, at = levels.pauses, [], 0
    while at < len(pauses) - 1:
        end = next_end(pauses, at, limits)
        pieces.append(between(pauses[at], pauses[end]))
        at = end
    return pieces


def next_end(pauses: Sequence[SoundStretch], at: int, limits: ClipLimits) -> int:
    """The pause at which the piece that begins behind pause `at` ends."""
    start, longest, best = pauses[at].last, 0.0, at + 1
    for number in range(at + 1, len(pauses)):
        seconds = (pauses[number].first - start) * FRAME
        if seconds > limits.longest:
            break
        if seconds >= LEAST and (pauses[number].seconds >= BREAK or number == len(pauses) - 1):
            return number
        if pauses[number].seconds >= 3 * BREAK:
            return number
        if pauses[number].seconds > longest and seconds <= USUAL or longest == 0.0:
            longest, best = pauses[number].seconds, number
    return best


def between(before: SoundStretch, after: SoundStretch) -> SoundStretch:
    """What is spoken between two pauses, with as much of them as a clip's edges may need, and no more than half of them."""
    edge = round(0.4 / FRAME)
    first = max(before.last - edge, (before.first + before.last) // 2)
    last = min(after.first + edge, (after.first + after.last) // 2)
    return SoundStretch(first, last)


def sounds_of(path: Path, stretches: Sequence[SoundStretch]) -> Iterator[Samples]:
    """The samples of stretches, in their order, which is that of the recording. No more is held than one of them."""
    blocks = blocks_of(path)
    kept: list[Samples] = []
    start = end = hop = 0  # what is kept is [start, end) of the recording
    for one in stretches:
        while not hop or end < one.last * hop:
            block = next(blocks, None)
            if block is None:
                break
            samples, rate = block
            hop = round(FRAME * rate)
            if end + len(samples) <= one.first * hop:
                kept, start = [], end + len(samples)
            else:
                kept.append(samples)
            end += len(samples)
        joined = np.concatenate(kept) if kept else np.zeros(0, np.float32)
        first, last = one.first * hop - start, one.last * hop - start
        yield joined[max(0, first) : last]
        kept, start = [joined[last:]], start + last
