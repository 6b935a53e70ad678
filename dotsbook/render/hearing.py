"""What a take sounds like, in figures: silences, level, noise, repetitions. It knows no text and judges nothing.

All figures are floats; levels in dBFS or dB against the take's own loud parts, times in seconds. Frames are 10 ms.
"""

from dataclasses import dataclass

import numpy as np

from dotsbook.audio import Samples

HOP = 0.010  # s
WINDOW = 0.040  # s of a spectrum
BANDS = 20  # of a spectrum's shape, spaced as the ear does
LOWEST, HIGHEST = 100.0, 7000.0  # Hz
SILENT = -120.0  # dB: what nothing measures
QUIET = 32.0  # dB under the loud parts: a frame so low is no speech (fricatives stay above)
NEVER = -65.0  # dBFS: speech is never lower than this
SHORTEST_LOOP, LONGEST_LOOP = 0.10, 4.0  # s, the period of something repeated
STEADY = 0.25  # nepers: under this the ear hears one sound held; spoken vowels move more within 50 ms
FLAT = 0.30  # of 0.56 (white noise, 40 ms): a frame of hiss
SOME = 64  # frames whose spectra are made at once: so few that they stay near the processor
ROWS = 24  # frames multiplied at once: so few that OpenBLAS keeps to one thread; more would spin longer than it works
MATCHES = (
    0.8,
    1.4,
)  # s that must repeat before it is called a loop; where the text says something twice, the second


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Frames as the ear takes them."""

    shape: np.ndarray  # (frames, BANDS) log power, each frame's mean taken away
    flatness: np.ndarray  # (frames,) geometric over arithmetic mean of power, 0 tone … 1 noise


def hear(samples: Samples, rate: int) -> dict[str, float]:
    """Every figure of a take. Empty, or with samples that are not finite: only `broken` (how many) and `seconds`."""
    seconds = len(samples) / rate
    broken = len(samples) - int(np.isfinite(samples).sum())
    if broken or not len(samples):
        return {"broken": float(broken), "seconds": seconds}
    level = levels(samples, rate)
    loud = float(np.percentile(level, 95))
    speech = np.flatnonzero(level > max(loud - QUIET, NEVER))
    figures = {
        "broken": 0.0,
        "seconds": seconds,
        "peak": decibels(float(np.abs(samples).max()) ** 2),
        "clipped": clipped(samples),
        "loud": loud,
    }
    if not len(speech):
        return figures | {"speech": 0.0}
    first, last = int(speech[0]), int(speech[-1]) + 1
    talk = level[first:last]
    active = talk > loud - QUIET
    spectrum = spectra(samples, rate, first, last)
    return (
        figures
        | {
            "speech": (last - first) * HOP,
            "lead": first * HOP,
            "tail": max(0.0, seconds - last * HOP),
            "gap": longest(~active) * HOP,
            "said": float(active.sum()) * HOP,
            "level": decibels(float((10 ** (talk[active] / 10)).mean())),
            "range": loud - float(np.percentile(level, 3)),
            "flatness": float(np.median(spectrum.flatness[active])),
            "hiss": longest((spectrum.flatness > FLAT) & active) * HOP,
            "start": edge(samples, rate, loud),
            "end": edge(samples[::-1], rate, loud),
            "tone": tone(spectrum.shape, active),
        }
        | dict(zip(("loop", "loop_long", "lag", "again"), loops(spectrum.shape, active), strict=True))
    )


def decibels(power: float) -> float:
    return float(10 * np.log10(power)) if power > 1e-12 else SILENT


def levels(samples: Samples, rate: int) -> np.ndarray:
    """Level of each 10 ms in dBFS, its steady offset taken away."""
    hop = round(HOP * rate)
    centred = samples - samples.mean()
    whole = np.pad(centred, (0, -len(samples) % hop)).reshape(-1, hop)
    return 10 * np.log10(np.maximum(np.einsum("ij,ij->i", whole, whole) / hop, 1e-12))


def clipped(samples: Samples) -> float:
    """Share of samples that stand at full scale in runs of three or more."""
    full = np.abs(samples) >= 0.999
    if full.sum() < 3:
        return 0.0
    return float((full[2:] & full[1:-1] & full[:-2]).mean())


def longest(flags: np.ndarray) -> int:
    """Length of the longest run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def edge(samples: Samples, rate: int, loud: float) -> float:
    """Level of the first 8 ms in dB against the loud parts: where a take begins in the middle of sound it is near 0."""
    head = samples[: max(1, round(0.008 * rate))].astype(np.float64)
    return max(SILENT, decibels(float((head * head).mean())) - loud)


def spectra(samples: Samples, rate: int, first: int, last: int) -> Spectrum:
    """Spectra of the frames first … last."""
    hop, size = round(HOP * rate), 1 << round(np.log2(WINDOW * rate))
    padded = np.pad(samples, (size // 2, size))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[first * hop : last * hop : hop]
    window = np.hanning(size).astype(np.float32)
    edges = (np.geomspace(LOWEST + 300, min(HIGHEST, rate / 2.2) + 300, BANDS + 1) - 300) * size / rate
    bins = np.maximum.accumulate(np.maximum(np.round(edges).astype(int), np.arange(BANDS + 1) + 1))
    shape, flatness = np.empty((len(frames), BANDS), np.float32), np.empty(len(frames), np.float32)
    for at in range(0, len(frames), SOME):
        waves = np.fft.rfft(frames[at : at + SOME] * window, axis=1)[:, bins[0] : bins[-1]]
        inside = np.square(waves.real) + np.square(waves.imag) + np.float32(1e-9)
        bands = np.log(np.add.reduceat(inside, bins[:-1] - bins[0], axis=1) / np.diff(bins))
        shape[at : at + SOME] = bands - bands.mean(axis=1, keepdims=True)
        flatness[at : at + SOME] = np.exp(np.log(inside).mean(axis=1)) / inside.mean(axis=1)
    return Spectrum(shape, flatness)


def tone(shape: np.ndarray, active: np.ndarray) -> float:
    """Seconds of the longest stretch whose sound does not change: a stuck vowel, a whistle, a hum."""
    if len(shape) < 6:
        return 0.0
    moved = np.abs(shape[5:] - shape[:-5]).mean(axis=1)  # nepers, over 50 ms
    return (longest((moved < STEADY) & active[5:]) + 5) * HOP


def loops(shape: np.ndarray, active: np.ndarray) -> tuple[float, float, float, float]:
    """How well the best repetition at a lag of 0.1 … 4 s matches, 1 exact … 0 none: of something said twice, and of
    something said thrice, each over MATCHES seconds at least; of the first its lag in seconds, and the middle of what is
    said again, as a share of the speech.
    """
    active = active[:, None]
    held = (shape - shape.mean(axis=0, where=active)) * active
    energy = np.concatenate(([0.0], np.cumsum(np.einsum("ij,ij->i", held, held), dtype=np.float64)))
    short, long = (round(seconds / HOP) for seconds in MATCHES)
    lags = range(round(SHORTEST_LOOP / HOP), min(round(LONGEST_LOOP / HOP), len(shape) - short))
    best, best_long = (0.0, 0, 0.0), 0.0
    for lag, common in zip(lags, products(held, lags), strict=True):
        span = max(short, lag)
        found, at = likeness(energy, common, lag, span)
        best = max(best, (found, lag, at + lag + span / 2))
        best_long = max(best_long, likeness(energy, common, lag, max(long, 2 * lag))[0])
    return best[0], best_long, best[1] * HOP, best[2] / max(1, len(shape))


def likeness(energy: np.ndarray, common: np.ndarray, lag: int, span: int) -> tuple[float, int]:
    """(1 − what differs between `span` frames and those a lag later, of their energy, where they are most alike; where)."""
    count = len(energy) - lag - span
    if count <= 0:
        return 0.0, 0
    both = energy[span : span + count] - energy[:count] + energy[lag + span :] - energy[lag : lag + count]
    alike = (common[span : span + count] - common[:count]) / np.maximum(both, 1e-6)
    at = int(alike.argmax())
    return 2 * float(alike[at]), at


def products(held: np.ndarray, lags: range) -> np.ndarray:
    """Each frame times the one a lag later, summed up to each frame: (lags, frames + 1) float64."""
    total = np.zeros((len(lags), len(held) + 1))
    if not lags:
        return total
    padded = np.pad(held, ((0, lags[-1]), (0, 0)))
    for at in range(0, len(held), ROWS):
        some = held[at : at + ROWS]
        table = some @ padded[at + lags[0] : at + len(some) + lags[-1]].T  # its diagonals are the lags
        down, along = table.strides
        total[:, at + 1 : at + 1 + len(some)] = np.lib.stride_tricks.as_strided(
            table, (len(lags), len(some)), (along, down + along)
        )
    return np.cumsum(total, axis=1, out=total)
