"""A voice quicker or slower, its pitch kept. It knows samples only.

WSOLA (Verhelst and Roelands 1993): frames of 40 ms are laid down every 20 ms of the result; each is taken from
where the tempo says, give or take 10 ms, just where it continues best what is already there.
"""

import numpy as np

from dotsbook.audio import Samples

FRAME = 0.040  # seconds; two periods of the lowest voice
SEARCH = 0.010  # seconds either way: a period of a 100 Hz voice in all


def stretch(samples: Samples, rate: int, tempo: float) -> Samples:
    """`samples` at `tempo` times the speed: round(n / tempo) samples, mono float32, same pitch."""
    if tempo == 1.0 or not len(samples):
        return samples
    half = max(1, round(FRAME * rate / 2))
    reach = round(SEARCH * rate)
    length = round(len(samples) / tempo)
    source = np.pad(samples.astype(np.float32, copy=False), (half + reach, 4 * half + reach))
    fade = np.hanning(2 * half + 1)[:-1].astype(np.float32)
    made = np.zeros(length + 4 * half, np.float32)
    at = half + reach  # where the frame before was taken from
    for place in range(0, length + half, half):  # the middle of each frame, in the result
        wanted = min(round((place - half) * tempo) + half + reach, len(source) - 2 * half - reach)
        wanted = max(wanted, reach)
        if place:
            wanted += best_shift(source, at + half, wanted, half, reach)
        made[place : place + 2 * half] += source[wanted : wanted + 2 * half] * fade
        at = wanted
    return made[half : half + length]


def best_shift(source: Samples, natural: int, wanted: int, half: int, reach: int) -> int:
    """How far from `wanted`, within ±reach, the frame lies that looks most like the one at `natural`."""
    goes_on = source[natural : natural + half]
    around = source[wanted - reach : wanted + reach + half]
    if len(goes_on) < half or len(around) < 2 * reach + half:
        return 0
    alike = np.correlate(around, goes_on)
    energy = np.convolve(np.square(around), np.ones(half, np.float32), "valid")
    return int(np.argmax(alike / np.sqrt(energy + 1e-6))) - reach
