"""Windowed-sinc resampling and silence trimming, with the reference implementation's numbers. It knows arrays, no files.

Three resamplers: a long Kaiser window for what the voice is cloned from, a longer one for a line to be edited, a short
Hann window for the speaker encoder.
"""

import math

import numpy as np

KAISER_BETA = 14.769656459379492


def resample_prompt(samples: np.ndarray, rate: int, target: int) -> np.ndarray:
    """Kaiser window, 64 zero crossings, rolloff 0.95. float32 (n,) → (⌈n · target / rate⌉,)."""
    return _resample(samples, rate, target, 64, 0.95, KAISER_BETA)


def resample_line(samples: np.ndarray, rate: int, target: int) -> np.ndarray:
    """`resample_prompt` with 128 zero crossings: for a line that is edited."""
    return _resample(samples, rate, target, 128, 0.95, KAISER_BETA)


def resample_speaker(samples: np.ndarray, rate: int, target: int = 16000) -> np.ndarray:
    """Hann window, 6 zero crossings, rolloff 0.99."""
    return _resample(samples, rate, target, 6, 0.99, None)


def _resample(
    samples: np.ndarray, rate: int, target: int, crossings: int, rolloff: float, beta: float | None
) -> np.ndarray:
    samples = np.ascontiguousarray(samples, np.float32)
    common = math.gcd(rate, target)
    old, new = rate // common, target // common
    if old == new or not len(samples):
        return samples
    taps, width = _kernels(old, new, crossings, rolloff, beta)
    wanted = -(-new * len(samples) // old)
    padded = np.pad(samples, (width, width + old))
    count = (len(padded) - taps.shape[1]) // old + 1
    windows = np.lib.stride_tricks.as_strided(padded, (count, taps.shape[1]), (4 * old, 4), writeable=False)
    pieces = [windows[i : i + 4096] @ taps.T for i in range(0, count, 4096)]  # so that memory stays small
    return np.concatenate(pieces).reshape(-1)[:wanted]


def _kernels(
    old: int, new: int, crossings: int, rolloff: float, beta: float | None
) -> tuple[np.ndarray, int]:
    """One filter for each of the `new` phases, float32 (new, 2·width + old), and the width on either side."""
    cutoff = min(old, new) * rolloff
    width = math.ceil(crossings * old / cutoff)
    phase = np.arange(0, -new, -1, dtype=np.float64)[:, None] / new
    t = (phase + np.arange(-width, width + old, dtype=np.float64)[None] / old) * cutoff
    t = np.clip(t, -crossings, crossings)
    if beta is None:
        window = np.cos(t * math.pi / crossings / 2) ** 2
    else:
        window = np.i0(beta * np.sqrt(1 - (t / crossings) ** 2)) / np.i0(beta)
    return (np.sinc(t) * window * (cutoff / old)).astype(np.float32), width


def trim_silence(
    samples: np.ndarray, decibels: float = 30.0, frame: int = 2048, hop: int = 512
) -> np.ndarray:
    """Cut both ends where frames are `decibels` below the loudest. Frames are centred, zeros beyond the ends."""
    padded = np.pad(samples, frame // 2)
    count = 1 + (len(padded) - frame) // hop
    energy = np.concatenate([[0.0], np.cumsum(padded.astype(np.float64) ** 2)])
    starts = np.arange(count) * hop
    power = np.maximum((energy[starts + frame] - energy[starts]) / frame, 0.0)
    level = 10 * np.log10(np.maximum(power, 1e-10)) - 10 * np.log10(max(power.max(), 1e-10))
    loud = np.flatnonzero(level > -decibels)
    if not len(loud):
        return samples[:0]
    return samples[loud[0] * hop : min(len(samples), (loud[-1] + 1) * hop)]
