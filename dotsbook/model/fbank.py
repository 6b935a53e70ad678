"""Kaldi's log mel filterbanks at 16 kHz, as the speaker encoder wants them. It knows arrays, no speakers."""

import numpy as np

RATE = 16000
FRAME, HOP, FFT, BINS = 400, 160, 512, 80   # samples (25 and 10 ms), points, mel bins
LOWEST = 20.0                               # Hz
PREEMPHASIS = 0.97
EPSILON = 1.1920928955078125e-07            # float32's


def filterbanks(samples: np.ndarray) -> np.ndarray:
    """float32 (n,) at 16 kHz, n ≥ 400 → (1 + (n − 400) // 160, 80), each bin's mean taken off; no dither."""
    count = 1 + (len(samples) - FRAME) // HOP
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(samples, np.float64), FRAME)[::HOP][:count]
    frames = windows - windows.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    frames = (frames - PREEMPHASIS * before) * _povey()
    power = np.abs(np.fft.rfft(frames, FFT)) ** 2
    mel = np.log(np.maximum(power[:, : FFT // 2] @ _mel_bank().T, EPSILON))
    return (mel - mel.mean(axis=0, keepdims=True)).astype(np.float32)


def _povey() -> np.ndarray:
    return np.hanning(FRAME) ** 0.85


def _mel(hertz):
    return 1127.0 * np.log(1.0 + hertz / 700.0)


def _mel_bank() -> np.ndarray:
    """(80, 256) triangles, even in mel from 20 Hz to 8 kHz."""
    edges = np.linspace(_mel(LOWEST), _mel(RATE / 2), BINS + 2)
    left, centre, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    mel = _mel(np.arange(FFT // 2) * RATE / FFT)[None]
    return np.maximum(0.0, np.minimum((mel - left) / (centre - left), (right - mel) / (right - centre)))
