"""Kaldi's log mel filterbanks at 16 kHz, as the speaker encoder wants them. It knows arrays, no speakers."""

import math

import numpy as np

RATE = 16000
FRAME, HOP, FFT, BINS = 400, 160, 512, 80  # samples (25 and 10 ms), points, mel bins
LOWEST = 20.0  # Hz
PREEMPHASIS = 0.97
EPSILON = 1.1920928955078125e-07  # float32's


def filterbanks(samples: np.ndarray) -> np.ndarray:
    """float32 (n,) at 16 kHz, n ≥ 400 → (1 + (n − 400) // 160, 80), each bin's mean subtracted; no dither.

    Frames and window are rounded to float32 where the reference rounds them: in a nearly empty bin it makes a difference.
    """
    count = 1 + (len(samples) - FRAME) // HOP
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(samples, np.float32), FRAME)[::HOP][:count]
    frames = windows - windows.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    frames = (frames - np.float32(PREEMPHASIS) * before) * _povey()
    power = np.abs(np.fft.rfft(frames.astype(np.float64), FFT)) ** 2
    mel = np.log(np.maximum(power[:, : FFT // 2] @ _mel_bank().T, EPSILON))
    return (mel - mel.mean(axis=0, keepdims=True)).astype(np.float32)


def _povey() -> np.ndarray:
    """(400,) float32, a Hann window to the power of 0.85."""
    angles = np.arange(FRAME, dtype=np.float32) * np.float32(2 * math.pi / (FRAME - 1))
    hann = np.float32(0.5) - np.float32(0.5) * np.cos(angles.astype(np.float64)).astype(np.float32)
    return (hann.astype(np.float64) ** 0.85).astype(np.float32)


def _mel_bank() -> np.ndarray:
    """(80, 256) triangles, even in mel from 20 Hz to 8 kHz; in float32, whose rounding is part of the reference."""
    single = np.float32
    low, high = (1127.0 * math.log(1.0 + hertz / 700.0) for hertz in (LOWEST, RATE / 2))
    step = single((high - low) / (BINS + 1))
    left, centre, right = (
        single(low) + (np.arange(BINS, dtype=single)[:, None] + i) * step for i in range(3)
    )
    hertz = np.arange(FFT // 2, dtype=single) * single(RATE / FFT)
    octaves = np.log((single(1) + hertz / single(700)).astype(np.float64)).astype(single)  # rounded once
    mel = (single(1127) * octaves)[None]
    return np.maximum(single(0), np.minimum((mel - left) / (centre - left), (right - mel) / (right - centre)))
