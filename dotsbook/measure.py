"""What a piece of sound measures: where speech begins and ends, how loud it is, how high it peaks. It knows no files.

Samples are float32 mono in −1…1. Loudness is ITU-R BS.1770-4: K-weighted mean squares in 100 ms blocks
("energies"), averaged by four, gated at −70 LUFS and 10 LU under what is left. Energies are made once, with the
take, and everything later (gain per voice, the book's level) is worked out from them.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dotsbook.audio import Samples

BEFORE = 0.030  # s kept before speech, so that an onset isn't cut
AFTER = 0.120  # s kept after it, so that a decay isn't
FRAME = 0.005  # s, the grain of the edges
HOLE = 0.020  # s; a shorter dip between two runs of speech is no edge
BURST = 0.070  # s; a first run this short, detached, is the model's click and not a word
BURST_WITHIN = 0.400  # s from the take's start
BURST_GAP = 0.050  # s of silence after it: less and it may be a plosive (72 of 72 bursts, no plosive lost)
BLOCK = 0.100  # s of one energy
FLOOR = -120.0  # dB; what silence measures
GATE = -70.0  # LUFS; what loudness_of says of silence


@dataclass(frozen=True, slots=True)
class Measures:
    """What the ledger keeps of a take."""

    first: int  # sample at which speech begins
    last: int  # sample after its end; first == last == 0: no speech
    peak: float  # highest absolute sample
    energies: bytes  # K-weighted mean squares, 100 ms blocks, float32 little-endian


def measure(samples: Samples, rate: int) -> Measures:
    """All of a take's measures, in one go."""
    first, last = speech_edges(samples, rate)
    peak = float(max(samples.max(), -samples.min())) if len(samples) else 0.0
    return Measures(first, last, peak, energies_of(samples, rate).astype("<f4").tobytes())


def decibels(power: float) -> float:
    """10 · log10 of a mean square; FLOOR for nothing."""
    return 10 * math.log10(power) if power > 1e-12 else FLOOR


def rms(samples: Samples) -> float:
    """Root mean square in dBFS, a full-scale square wave being 0."""
    return decibels(float(np.dot(samples, samples)) / len(samples)) if len(samples) else FLOOR


def noise_floor(samples: Samples, rate: int, seconds: float = 0.5) -> float:
    """RMS in dBFS of the quietest `seconds`, looked for every 100 ms: what a shop calls the noise floor."""
    return quietest(block_means(np.square(samples, dtype=np.float64), rate), seconds)


def quietest(squares: np.ndarray, seconds: float = 0.5) -> float:
    """The same from mean squares of whole 100 ms blocks."""
    span = max(1, round(seconds / BLOCK))
    if len(squares) < span:
        return decibels(float(squares.mean())) if len(squares) else FLOOR
    return decibels(float(sliding_mean(squares, span).min()))


def loudness_of(energies: list[bytes | np.ndarray]) -> float:
    """Gated loudness in LUFS of takes one after the other; GATE when nothing is as loud as that."""
    parts = [np.frombuffer(part, "<f4") if isinstance(part, bytes) else part for part in energies]
    blocks = np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)
    if not len(blocks):
        return GATE
    windows = sliding_mean(blocks, 4) if len(blocks) >= 4 else blocks.mean(keepdims=True)
    loud = windows[windows > from_lufs(GATE)]
    if not len(loud):
        return GATE
    return to_lufs(float(loud[loud > loud.mean() / 10].mean()))


def to_lufs(energy: float) -> float:
    return decibels(energy) - 0.691


def from_lufs(lufs: float) -> float:
    return 10 ** ((lufs + 0.691) / 10)


def sliding_mean(values: np.ndarray, span: int) -> np.ndarray:
    """Means of every `span` neighbours; float64, so that quiet stays exact beside loud."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return np.maximum(total[span:] - total[:-span], 0.0) / span


def energies_of(samples: Samples, rate: int) -> np.ndarray:
    """K-weighted mean squares (ceil(seconds · 10),) float64; a short last block counts as filled up with silence."""
    weighted = k_weighted(samples, rate)
    step = round(rate * BLOCK)
    padded = np.zeros(-(-len(weighted) // step) * step, np.float32)
    padded[: len(weighted)] = weighted
    blocks = padded.reshape(-1, step)
    return np.einsum("ij,ij->i", blocks, blocks).astype(np.float64) / step


def block_means(squares: np.ndarray, rate: int) -> np.ndarray:
    """Means of whole 100 ms blocks; what is left over at the end is left out."""
    step = round(rate * BLOCK)
    whole = len(squares) // step
    return squares[: whole * step].reshape(whole, step).mean(axis=1)


def k_weighted(samples: Samples, rate: int) -> Samples:
    """The samples through BS.1770's two filters, by FFT in overlapping blocks; the same length."""
    if not len(samples):
        return np.zeros(0, np.float32)
    size, tail, response = k_response(rate)
    step = size - tail
    count = -(-len(samples) // step)
    padded = np.zeros(tail + count * step, np.float32)
    padded[tail : tail + len(samples)] = samples
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::step]
    filtered = np.empty((count, step), np.float32)
    for first in range(0, count, 2):  # few at a time, which stay near the processor
        spectra = np.fft.rfft(windows[first : first + 2], axis=1) * response
        filtered[first : first + 2] = np.fft.irfft(spectra, size, axis=1)[:, tail:]
    return filtered.reshape(-1)[: len(samples)]


@lru_cache(maxsize=16)
def k_response(rate: int) -> tuple[int, int, np.ndarray]:
    """(FFT size, overlap, response) at any rate. The filters ring for 4 ms constants: 0.1 s later nothing is left."""
    tail = round(0.1 * rate)
    size = 1 << (6 * tail - 1).bit_length()
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones(len(turn), np.complex128)
    for numerator, denominator in (shelf(rate), high_pass(rate)):
        response *= np.polyval(numerator[::-1], turn) / np.polyval(denominator[::-1], turn)
    return size, tail, response.astype(np.complex64)


def shelf(rate: int) -> tuple[tuple, tuple]:
    """BS.1770 stage 1, +4 dB above 1.7 kHz, for any rate (the analogue prototype behind the 48 kHz table)."""
    turn, quality = math.tan(math.pi * 1681.974450955533 / rate), 0.7071752369554196
    gain = 10 ** (3.999843853973347 / 20)
    middle = gain**0.4996667741545416
    scale = 1 + turn / quality + turn * turn
    numerator = (
        (gain + middle * turn / quality + turn * turn) / scale,
        2 * (turn * turn - gain) / scale,
        (gain - middle * turn / quality + turn * turn) / scale,
    )
    return numerator, (1.0, 2 * (turn * turn - 1) / scale, (1 - turn / quality + turn * turn) / scale)


def high_pass(rate: int) -> tuple[tuple, tuple]:
    """BS.1770 stage 2, the RLB curve: 38 Hz."""
    turn, quality = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    scale = 1 + turn / quality + turn * turn
    return (1.0, -2.0, 1.0), (1.0, 2 * (turn * turn - 1) / scale, (1 - turn / quality + turn * turn) / scale)


def speech_edges(samples: Samples, rate: int) -> tuple[int, int]:
    """(first, last) sample of speech, to 5 ms; (0, 0) if there is none. BEFORE and AFTER are not in it."""
    size, runs = speech_frames(samples, rate)
    if not runs:
        return 0, 0
    first = onset(runs)
    return first * size, min(runs[-1][1] * size, len(samples))


def speech_runs(samples: Samples, rate: int) -> list[tuple[int, int]]:
    """[first, last) samples of every stretch in which something is said, to 5 ms; between them it is silent."""
    size, runs = speech_frames(samples, rate)
    return [(first * size, min(last * size, len(samples))) for first, last in runs]


def speech_frames(samples: Samples, rate: int) -> tuple[int, list[tuple[int, int]]]:
    """(samples of a frame, the same in frames)."""
    size = max(1, round(rate * FRAME))
    levels = frame_levels(samples, rate, size)
    if not len(levels):
        return size, []
    low, high = np.percentile(levels, (5, 95))
    threshold = max(-60.0, high - 38, min(low + 8, high - 25))
    return size, close_holes(runs_over(levels, threshold), round(HOLE / FRAME))


def frame_levels(samples: Samples, rate: int, size: int) -> np.ndarray:
    """dB of 5 ms frames; a steep slope counts as much as a height, so that weak fricatives are heard."""
    if not len(samples):
        return np.zeros(0)
    slope = np.diff(samples, prepend=samples[:1])
    slope *= 2 * rate / 48000
    energy = np.maximum(np.square(samples), np.square(slope))
    padded = np.zeros(-(-len(energy) // size) * size, np.float32)
    padded[: len(energy)] = energy
    return 10 * np.log10(padded.reshape(-1, size).mean(axis=1, dtype=np.float64) + 1e-12)


def runs_over(levels: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """[first, last) frames of every stretch over `threshold`."""
    over = np.concatenate(([0], (levels > threshold).astype(np.int8), [0]))
    turns = np.flatnonzero(np.diff(over))
    return [(int(first), int(last)) for first, last in zip(turns[::2], turns[1::2], strict=True)]


def close_holes(runs: list[tuple[int, int]], longest: int) -> list[tuple[int, int]]:
    """Runs with the gaps shorter than `longest` frames closed."""
    closed: list[tuple[int, int]] = []
    for first, last in runs:
        if closed and first - closed[-1][1] < longest:
            closed[-1] = (closed[-1][0], last)
        else:
            closed.append((first, last))
    return closed


def onset(runs: list[tuple[int, int]]) -> int:
    """The frame speech begins in: the first run's, or the second's after a detached burst."""
    (first, last), rest = runs[0], runs[1:]
    detached = rest and (rest[0][0] - last) * FRAME >= BURST_GAP
    if detached and (last - first) * FRAME <= BURST and first * FRAME < BURST_WITHIN:
        return rest[0][0]
    return first
