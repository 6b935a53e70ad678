"""A line with some words said anew: only what changed is taken of the new take, the rest is the old one's own samples.

Both takes are heard side by side (spectra every 10 ms, aligned by dynamic time warping). From either end they go
together until they differ; just inside there, where both are quietest, the new take is crossed in. Where the rest is not
said alike there is nothing to cross: then a sentence says why. It knows samples, no words.
"""

from dataclasses import dataclass

import numpy as np

from dotsbook.audio import Samples
from dotsbook.splice import crossed

HOP, WINDOW = 0.010, 0.025  # seconds of a frame
BANDS, LOWEST, HIGHEST = 24, 90.0, 7000.0  # Hz
RANGE = 50.0  # dB under a take's loudest band that still count
LIKE = 3.5, 2.5, 7.0  # dB apart of words said alike: at least, times the median besides, at most
SMOOTH = 9  # frames
BACK = 0.6  # seconds before the difference in which a quiet place is looked for
APART = 0.2  # seconds that both seams may lie over each other where words are left out
QUIET = -35.0  # dB under the loudest frame: silence between words
SHIFT = 0.008  # seconds that a seam's sides may be moved against each other, to lie in phase
NEAR = 0.15  # seconds within which a seam that isn't quiet is best, where both sides are one wave
PHASE = 0.5, 0.97  # how alike both sides of a seam must be, where it isn't quiet; and to be one wave
CROSS = 0.012  # seconds
SHARE = 0.6  # of what should be unchanged must line up
GAIN = 0.5, 2.0  # times: two takes further apart in loudness aren't said alike
LONGEST = 60.0  # seconds: beyond that a line isn't aligned


@dataclass(frozen=True, eq=False)
class Mended:
    """A mended line. Places are [first, last) samples."""

    samples: Samples
    changed: tuple[int, int]  # of `samples`, crossings included: all else is the old take's own
    replaced: tuple[int, int]  # of the old take


@dataclass(frozen=True)
class Seam:
    """Where one take is left for the other: the same moment in both, in samples."""

    old: int
    new: int


def mended(old: Samples, new: Samples, rate: int, unchanged: float) -> Mended | str:
    """The old take with what the new one says otherwise, or a sentence why that can't be.

    rate: Hz of both; unchanged: about how much of the old take's words stay, 0 … 1.
    """
    if min(len(old), len(new)) < 4 * round(WINDOW * rate) or max(len(old), len(new)) > LONGEST * rate:
        return "the line is too short or too long to be compared with its new take"
    hop, heard = round(HOP * rate), (spectra(old, rate), spectra(new, rate))
    path = aligned(heard[0] - heard[0].max(), heard[1] - heard[1].max())
    gain = matched((level(old, hop), level(new, hop)), path)
    if not GAIN[0] <= gain <= GAIN[1]:
        return "the new take is much louder or softer than the old one"
    new = new * np.float32(gain) if abs(gain - 1) > 0.01 else new
    apart = smoothed(np.abs(heard[0][path[:, 0]] - spectra(new, rate)[path[:, 1]]).mean(axis=1))
    alike = apart <= np.clip(LIKE[0] + LIKE[1] * np.median(apart), *LIKE[::2])
    if alike.all():
        return "what changed can't be told from the rest"
    first, last = int(np.argmin(alike)), len(alike) - int(np.argmin(alike[::-1]))
    kept = (path[first - 1, 0] if first else 0) + (len(heard[0]) - path[last, 0] if last < len(path) else 0)
    if kept < SHARE * unchanged * len(heard[0]):
        return "its other words are said otherwise than before"
    loudness = level(old, hop), level(new, hop)
    begin = seam(old, new, rate, path[:first][::-1], loudness) if first else Seam(0, 0)
    end = seam(old, new, rate, path[last:], loudness) if last < len(path) else Seam(len(old), len(new))
    if begin is None or end is None:
        return "there is no place beside the changed words where both takes can be joined"
    if (over := begin.new - end.new) > 0:  # words are left out: the old take goes on in itself
        end = Seam(end.old + over, begin.new)
    if over > APART * rate or begin.old >= end.old and begin.new >= end.new or end.old > len(old):
        return "the changed words can't be told from those around them"
    return crossed_in(old, new, begin, end, round(CROSS * rate))


def crossed_in(old: Samples, new: Samples, begin: Seam, end: Seam, cross: int) -> Mended:
    """The new take between two seams of the old one, crossed over `cross` samples outside of them, where both say the same."""
    before = min(cross, begin.old, begin.new)
    after = min(cross, len(old) - end.old, len(new) - end.new)
    part = new[begin.new - before : end.new + after]
    samples = crossed(crossed(old[: begin.old], part, before), old[end.old :], after).astype(np.float32)
    first = begin.old - before
    return Mended(samples, (first, first + len(part)), (first, end.old + after))


def spectra(samples: Samples, rate: int) -> np.ndarray:
    """(frames, BANDS): dB in bands of equal width in octaves, over a floor."""
    hop, window = round(HOP * rate), round(WINDOW * rate)
    size = 1 << (window - 1).bit_length()
    padded = np.pad(samples, (window // 2, window))
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop][: -(-len(samples) // hop)]
    power = np.abs(np.fft.rfft(frames * np.hanning(window), size, axis=1)) ** 2
    edges = np.geomspace(LOWEST, min(HIGHEST, 0.45 * rate), BANDS + 1) * size / rate
    places = np.maximum(np.diff(np.round(edges).astype(int)), 1)
    starts = np.round(edges[:-1]).astype(int)
    bands = np.stack([power[:, s : s + n].mean(axis=1) for s, n in zip(starts, places, strict=True)], axis=1)
    decibels = 10 * np.log10(np.maximum(bands, 1e-12))
    return np.maximum(decibels, decibels.max() - RANGE)


def aligned(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """(steps, 2): which frames go together, from both firsts to both lasts, by least distance in all."""
    rows, columns = len(old), len(new)
    # A diagonal at a time: cost[d] holds, for the i of its cells (i, d − i), the least sum that leads there.
    past: list[np.ndarray] = []
    moves = np.zeros((rows, columns), np.int8)
    for d in range(rows + columns - 1):
        first, last = max(0, d - columns + 1), min(rows, d + 1)
        i = np.arange(first, last)
        here = np.abs(old[i] - new[d - i]).mean(axis=1)
        total = np.full(rows, np.inf)
        if d == 0:
            total[0] = here[0]
        else:
            one, two = past[-1], past[-2] if d > 1 else np.full(rows, np.inf)
            both = np.where(i > 0, two[i - 1], np.inf) + 2 * here
            down = np.where(i > 0, one[i - 1], np.inf) + here
            right = one[i] + here
            options = np.stack([both, down, right])
            move = options.argmin(axis=0)
            total[i] = options[move, np.arange(len(i))]
            moves[i, d - i] = move
        past = [*past[-1:], total]
    path = [(rows - 1, columns - 1)]
    while path[-1] != (0, 0):
        row, column = path[-1]
        move = int(moves[row, column])
        path.append((row - (move != 2), column - (move != 1)))
    return np.array(path[::-1])


def smoothed(values: np.ndarray) -> np.ndarray:
    """The mean of each with its neighbours; at the ends of as many as there are."""
    half = SMOOTH // 2
    sums = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    low, high = np.maximum(place - half, 0), np.minimum(place + half + 1, len(values))
    return (sums[high] - sums[low]) / (high - low)


def level(samples: Samples, hop: int) -> np.ndarray:
    """dB of each frame."""
    count = -(-len(samples) // hop)
    squares = np.pad(np.square(samples, dtype=np.float64), (0, count * hop - len(samples)))
    return 10 * np.log10(np.maximum(squares.reshape(count, hop).mean(axis=1), 1e-10))


def matched(loudness: tuple[np.ndarray, np.ndarray], path: np.ndarray) -> float:
    """The factor that makes the new take as loud as the old one: of most of the frames that go together and are loud."""
    old, new = (part[path[:, side]] for side, part in enumerate(loudness))
    loud = (old > old.max() + QUIET) & (new > new.max() + QUIET)
    return float(10 ** (np.median((old - new)[loud]) / 20)) if loud.any() else 0.0


def seam(
    old: Samples, new: Samples, rate: int, path: np.ndarray, loudness: tuple[np.ndarray, np.ndarray]
) -> Seam | None:
    """A place to go from one take to the other; `path` leads away from the difference. None if there is none."""
    hop = round(HOP * rate)
    both = np.maximum(
        loudness[0][path[:, 0]] - loudness[0].max(), loudness[1][path[:, 1]] - loudness[1].max()
    )
    quiet = np.flatnonzero(both[: round(BACK / HOP)] < QUIET)
    soft = np.argsort(both[: round(BACK / HOP)], kind="stable")
    tried = [(at, PHASE[1]) for at in soft if at * HOP <= NEAR]
    tried += [(quiet[min(2, len(quiet) - 1)], -1.0)] if len(quiet) else [(at, PHASE[0]) for at in soft]
    for at, least in tried:
        place = Seam(int(path[at, 0]) * hop, int(path[at, 1]) * hop)
        if found := in_phase(old, new, rate, place, least):
            return found
    return None


def in_phase(old: Samples, new: Samples, rate: int, place: Seam, least: float) -> Seam | None:
    """The place with the new take's side moved to where both waves are most alike; None if they are less than `least`."""
    half, shift = round(CROSS * rate), round(SHIFT * rate)
    first = max(0, place.old - half)
    wave = old[first : place.old + half].astype(np.float64)
    start = place.new - (place.old - first)
    low, high = max(0, start - shift), min(len(new) - len(wave), start + shift)
    if high < low or not len(wave):
        return place if least < 0 else None
    windows = np.lib.stride_tricks.sliding_window_view(new[low : high + len(wave)], len(wave))
    scale = np.sqrt((windows.astype(np.float64) ** 2).sum(axis=1) * (wave**2).sum())
    likeness = (windows @ wave) / np.maximum(scale, 1e-12)
    best = int(np.argmax(likeness))
    if likeness[best] < least:
        return None
    return Seam(place.old, low + best + (place.old - first))
