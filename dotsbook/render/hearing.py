"""What a take sounds like, in figures: silences, level, noise, repetitions. It knows no text and judges nothing.

All figures are floats; levels in dBFS or dB against the take's own loud parts, times in seconds. Frames are 10 ms.
"""

from dataclasses import dataclass

import numpy as np

from dotsbook.audio import Samples

HOP = 0.010              # s
WINDOW = 0.040           # s of a spectrum
BANDS = 20               # of a spectrum's shape, spaced as the ear does
LOWEST, HIGHEST = 100.0, 7000.0      # Hz
SILENT = -120.0          # dB: what nothing measures
QUIET = 32.0             # dB under the loud parts: a frame so low is no speech (fricatives stay above)
NEVER = -65.0            # dBFS: speech is never lower than this
SHORTEST_LOOP, LONGEST_LOOP = 0.10, 4.0      # s, the period of something repeated
STEADY = 0.25            # nepers: under this the ear hears one sound held; spoken vowels move more within 50 ms
FLAT = 0.30              # of 0.56 (white noise, 40 ms): a frame of hiss
MATCHES = (0.8, 1.4)     # s that must repeat before it is called a loop; where the text repeats itself, the second


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Frames as the ear takes them."""

    shape: np.ndarray    # (frames, BANDS) log power, each frame's mean taken away
    flatness: np.ndarray # (frames,) geometric over arithmetic mean of power, 0 tone … 1 noise


def hear(samples: Samples, rate: int) -> dict[str, float]:
    """Every figure of a take. Empty, or with samples that are not finite: only `broken` (how many) and `seconds`."""
    seconds = len(samples) / rate
    broken = len(samples) - int(np.isfinite(samples).sum())
    if broken or not len(samples):
        return {"broken": float(broken), "seconds": seconds}
    level = levels(samples, rate)
    loud = float(np.percentile(level, 95))
    speech = np.flatnonzero(level > max(loud - QUIET, NEVER))
    figures = {"broken": 0.0, "seconds": seconds, "peak": decibels(float(np.abs(samples).max()) ** 2),
               "clipped": clipped(samples), "loud": loud}
    if not len(speech):
        return figures | {"speech": 0.0}
    first, last = int(speech[0]), int(speech[-1]) + 1
    talk = level[first:last]
    active = talk > loud - QUIET
    spectrum = spectra(samples, rate, first, last)
    return figures | {
        "speech": (last - first) * HOP, "lead": first * HOP, "tail": max(0.0, seconds - last * HOP),
        "gap": longest(~active) * HOP, "said": float(active.sum()) * HOP,
        "level": decibels(float((10 ** (talk[active] / 10)).mean())),
        "range": loud - float(np.percentile(level, 3)),
        "flatness": float(np.median(spectrum.flatness[active])),
        "hiss": longest((spectrum.flatness > FLAT) & active) * HOP,
        "start": edge(samples, rate, loud), "end": edge(samples[::-1], rate, loud),
        "tone": tone(spectrum.shape, active),
    } | dict(zip(("loop", "loop_long"), loops(spectrum.shape, active), strict=True))


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
    head = samples[:max(1, round(0.008 * rate))].astype(np.float64)
    return max(SILENT, decibels(float((head * head).mean())) - loud)


def spectra(samples: Samples, rate: int, first: int, last: int) -> Spectrum:
    """Spectra of the frames first … last."""
    hop, size = round(HOP * rate), 1 << round(np.log2(WINDOW * rate))
    padded = np.pad(samples, (size // 2, size))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[first * hop:last * hop:hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1)) ** 2 + 1e-9
    edges = (np.geomspace(LOWEST + 300, min(HIGHEST, rate / 2.2) + 300, BANDS + 1) - 300) * size / rate
    bins = np.maximum.accumulate(np.maximum(np.round(edges).astype(int), np.arange(BANDS + 1) + 1))
    inside = power[:, bins[0]:bins[-1]]
    bands = np.add.reduceat(inside, bins[:-1] - bins[0], axis=1) / np.diff(bins)
    shape = np.log(bands)
    flatness = np.exp(np.log(inside).mean(axis=1)) / inside.mean(axis=1)
    return Spectrum((shape - shape.mean(axis=1, keepdims=True)).astype(np.float32), flatness)


def tone(shape: np.ndarray, active: np.ndarray) -> float:
    """Seconds of the longest stretch whose sound does not change: a stuck vowel, a whistle, a hum."""
    if len(shape) < 6:
        return 0.0
    moved = np.abs(shape[5:] - shape[:-5]).mean(axis=1)      # nepers, over 50 ms
    return (longest((moved < STEADY) & active[5:]) + 5) * HOP


def loops(shape: np.ndarray, active: np.ndarray) -> list[float]:
    """How well the best repetition at a lag of 0.1 … 4 s matches, 1 exact … 0 none, over each of MATCHES seconds."""
    active = active[:, None]
    held = (shape - shape.mean(axis=0, where=active)) * active
    energy = running(held)
    best = [0.0] * len(MATCHES)
    needs = [round(seconds / HOP) for seconds in MATCHES]
    for lag in range(round(SHORTEST_LOOP / HOP), min(round(LONGEST_LOOP / HOP), len(shape) - needs[0])):
        error = running(held[lag:] - held[:-lag])
        earlier, later = energy[:len(error)], energy[lag:]
        for index, need in enumerate(needs):
            span = max(need, lag)
            if span >= len(error):
                continue
            total = earlier[span:] - earlier[:-span] + later[span:] - later[:-span]
            missed = error[span:] - error[:-span]
            alike = 1 - np.divide(missed, total, out=np.ones_like(total), where=total > 1e-6)
            best[index] = max(best[index], float(alike.max()))
    return best


def running(frames: np.ndarray) -> np.ndarray:
    """Energy up to each frame, (frames + 1,) float64."""
    return np.concatenate(([0.0], np.cumsum(np.einsum("ij,ij->i", frames, frames), dtype=np.float64)))
