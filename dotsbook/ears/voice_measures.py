"""What a take measures of the voice in it: frames of its timbre, pitch, brightness, pace, level. It knows no books and no norms."""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from dotsbook.audio import Samples, resample

RATE = 16_000  # Hz at which a voice is measured
SIZE, HOP = 512, 160  # samples of a frame, and from frame to frame: 32 and 10 ms
BANDS, CEPSTRA = 32, 16  # mel bands, and cosines of them without the first, which is level
LOWEST_PITCH, HIGHEST_PITCH = 65.0, 400.0  # Hz
NEARLY = 0.85  # of the best period's correlation
VOICED = 0.5  # of the autocorrelation at nought: a frame with a pitch
SILENT = -70.0  # dBFS
QUIET = 25.0  # dB under the loud frames: no speech
SHORTEST = 50  # frames of speech that can be measured
TILT = (100.0, 1000.0, 4000.0)  # Hz: brightness is the level above the middle against that below
FLOOR = 1e-10


@dataclass(frozen=True, slots=True)
class VoiceMeasures:
    """What one take measures. NaN where nothing is voiced."""

    pitch: float  # semitones over 55 Hz
    brightness: float  # dB
    pace: float  # letters a second of speech, as a natural logarithm
    level: float  # dBFS of speech


@dataclass(frozen=True)
class HeardSpeech:
    """A sound, and the speech in it as it is measured, computed once."""

    samples: Samples
    rate: int

    @cached_property
    def frames(self) -> np.ndarray:
        return speech_frames(self.samples, self.rate)

    @cached_property
    def powers(self) -> np.ndarray:
        return powers_of(self.frames)


def speech_frames(samples: Samples, rate: int) -> np.ndarray:
    """(frames, SIZE) of the speech in a sound, at RATE; none of what is too short."""
    sound = np.asarray(samples, np.float32) if rate == RATE else resample(samples, rate, RATE)
    if len(sound) < SIZE:
        return np.zeros((0, SIZE), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, SIZE)[::HOP]
    levels = 10 * np.log10(np.mean(frames**2, axis=1) + FLOOR)
    spoken = frames[levels > max(np.percentile(levels, 95) - QUIET, SILENT)]
    return spoken if len(spoken) >= SHORTEST else spoken[:0]


def powers_of(frames: np.ndarray) -> np.ndarray:
    """(frames, bins) power spectra."""
    return np.abs(np.fft.rfft(frames * np.hanning(SIZE).astype(np.float32), axis=1)) ** 2


def cepstra_of(powers: np.ndarray) -> np.ndarray:
    """(frames, CEPSTRA) mel cepstra: what the timbre of a voice is told by."""
    return np.log(powers @ mel_filters().T + FLOOR) @ cosines().T


def voice_measures(frames: np.ndarray, powers: np.ndarray, text: str) -> VoiceMeasures:
    """The measures of a take's frames of speech, which say `text`."""
    letters = sum(char.isalnum() for char in text)
    return VoiceMeasures(
        pitch_of(frames),
        brightness_of(powers.mean(axis=0)),
        math.log(max(letters, 1) / (len(frames) * HOP / RATE)),
        10 * math.log10(float(np.mean(frames**2)) + FLOOR),
    )


@lru_cache(maxsize=1)
def mel_filters() -> np.ndarray:
    """(BANDS, bins): triangles, evenly apart on the mel scale."""

    def mel(hertz: float) -> float:
        return 2595 * math.log10(1 + hertz / 700)

    edges = 700 * (10 ** (np.linspace(mel(80.0), mel(7600.0), BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(SIZE, 1 / RATE)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


@lru_cache(maxsize=1)
def cosines() -> np.ndarray:
    """(CEPSTRA, BANDS): the cosine transform without its first row."""
    numbers = np.arange(1, CEPSTRA + 1)[:, None]
    return (np.cos(np.pi * numbers * (np.arange(BANDS) + 0.5) / BANDS) * math.sqrt(2 / BANDS)).astype(
        np.float32
    )


def pitch_of(frames: np.ndarray) -> float:
    """The median pitch of voiced frames, in semitones over 55 Hz; NaN for hardly any."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    correlation = np.fft.irfft(np.abs(np.fft.rfft(centred, 2 * SIZE, axis=1)) ** 2, axis=1)[:, :SIZE]
    correlation /= np.arange(SIZE, 0, -1) / SIZE  # what a window takes from long lags is given back
    low, high = int(RATE / HIGHEST_PITCH), int(RATE / LOWEST_PITCH)
    part = correlation[:, low:high] / (correlation[:, :1] + FLOOR)
    # the shortest period that is nearly as good as the best: twice it is as good, and an octave off
    best = (part >= NEARLY * part.max(axis=1, keepdims=True)).argmax(axis=1)
    voiced = part[np.arange(len(part)), best] > VOICED
    if voiced.sum() < 5:
        return math.nan
    return float(np.median(12 * np.log2(RATE / (best[voiced] + low) / 55)))


def brightness_of(power: np.ndarray) -> float:
    """Level of the upper middle against the lower, in dB."""
    bins = np.fft.rfftfreq(SIZE, 1 / RATE)
    low, middle, high = TILT
    below = power[(bins >= low) & (bins < middle)].mean()
    above = power[(bins >= middle) & (bins < high)].mean()
    return float(10 * np.log10((above + FLOOR) / (below + FLOOR)))
