"""Trims the transient at the start of what the vocoder makes. It knows samples, no model.

The causal decoder starts from silence it was never trained to leave: 50–150 ms of faint noise come before the voice.
They are cut by an energy gate, and the cut is faded in.
"""

import numpy as np

FRAME = 0.010  # seconds
FADE = 0.010  # seconds
SEARCH = 0.200  # seconds: nothing later is touched
GATE = -40.0  # dB, relative to the loud parts: what lies before the first frame above it is the transient
VOICE = -40.0  # dB of full scale: a frame above it is no transient, however loud the voice may become
KEPT = 0.020  # seconds left before the first loud frame, for breath and stops


def trim_onset(samples: np.ndarray, rate: int) -> np.ndarray:
    """The same line without its opening transient, faded in over 10 ms. float32 (n,); a silent line stays as it is."""
    samples = samples.copy()
    samples = samples[onset(samples, rate) :]
    fade = min(len(samples), round(FADE * rate))
    samples[:fade] *= np.linspace(0.0, 1.0, fade, endpoint=False, dtype=np.float32)
    return samples


def onset(samples: np.ndarray, rate: int) -> int:
    """The sample to begin at, within the first 200 ms."""
    power, frame = powers(samples, rate)
    if not len(power) or (loud := np.percentile(power, 95)) <= 0:
        return 0
    first = np.flatnonzero(power > loud * 10 ** (GATE / 10))
    limit = round(SEARCH * rate)
    begin = limit if not len(first) else int(first[0]) * frame - round(KEPT * rate)
    return int(np.clip(begin, 0, min(limit, len(samples) - frame)))


def has_voice(samples: np.ndarray, rate: int) -> bool:
    """Whether a frame is too loud to be the transient."""
    power, _ = powers(samples, rate)
    return bool((power > 10 ** (VOICE / 10)).any())


def powers(samples: np.ndarray, rate: int) -> tuple[np.ndarray, int]:
    """The mean square of each whole frame, and a frame's length in samples."""
    frame = max(1, round(FRAME * rate))
    whole = samples[: len(samples) // frame * frame].reshape(-1, frame)
    return np.mean(whole.astype(np.float64) ** 2, axis=1), frame
