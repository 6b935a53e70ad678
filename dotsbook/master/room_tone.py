"""The quiet bed under a whole chapter, so that a gap is a room and not a hole. It knows no chapters' contents.

A bed is a loop. Its place in the loop is the sample's place in the chapter, and in a chapter's last second it crosses
over to the loop's own end: so the next chapter, which begins with the loop, goes on where this one stopped, and no
chapter's samples depend on another's.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples, read_any, resample
from dotsbook.errors import OutputError, VoiceError
from dotsbook.measure import rms

LEVEL = -68.0  # dBFS, after all gain: heard as a room, under every shop's −60 dBFS limit
QUIETEST, LOUDEST = -75.0, -63.0  # dBFS a user's own room is brought between
LOW, HIGH = 80.0, 8000.0  # Hz
SECONDS = 16.0
GRID = 1024
SETTLED = (
    8 * GRID
)  # samples at a chapter's end that are the loop's own: what an encoder of the next one is warmed with
SEED = 20_000_731


@dataclass(frozen=True)
class Bed:
    loop: Samples  # length a multiple of GRID; silence when there is no bed
    rate: int
    name: str  # what makes it, for keys

    def under(self, start: int, stop: int, chapter: int) -> Samples:
        """Samples [start, stop) of the bed under a chapter of `chapter` samples. Outside it, its neighbours' bed."""
        body = self.around(start, stop)
        cross = max(1, min(self.rate, chapter // 2) - SETTLED)
        turn = chapter - SETTLED - cross
        if stop <= turn or not self.loop.any():
            return body
        angle = np.clip(np.arange(start - turn, stop - turn) / cross, 0, 1) * (np.pi / 2)
        ending = self.around(start - chapter, stop - chapter)
        return (body * np.cos(angle) + ending * np.sin(angle)).astype(np.float32)

    def around(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the loop going round."""
        first = start % len(self.loop)
        turns = -(-(first + stop - start) // len(self.loop))
        return (
            np.tile(self.loop, turns)[first : first + stop - start]
            if turns > 1
            else self.loop[first : first + stop - start]
        )


def make_bed(room: bool | Path, rate: int) -> Bed:
    """The bed the manifest asks for: pink noise, none, or a recording of the user's own room."""
    if room is True:
        return Bed(pink(rate), rate, f"pink {SEED} {LEVEL}")
    if room is False:
        return Bed(np.zeros(GRID, np.float32), rate, "none")
    loop = own_room(Path(room), rate)
    import hashlib

    return Bed(loop, rate, hashlib.sha256(loop.tobytes()).hexdigest())


def pink(rate: int) -> Samples:
    """Seeded pink noise between LOW and HIGH, without a beginning or an end, at LEVEL."""
    count = round(SECONDS * rate / GRID) * GRID
    hertz = np.fft.rfftfreq(count, 1 / rate)
    inside = (hertz >= LOW) & (hertz <= min(HIGH, 0.45 * rate))
    spectrum = np.zeros(len(hertz), np.complex128)
    phases = np.random.Generator(np.random.PCG64(SEED)).uniform(0, 2 * np.pi, inside.sum())
    spectrum[inside] = np.exp(1j * phases) / np.sqrt(hertz[inside])
    return at_level(np.fft.irfft(spectrum, count), LEVEL)


def own_room(path: Path, rate: int) -> Samples:
    """A recording as a loop: its end crossed into its beginning, its level kept within bounds."""
    try:
        samples, source = read_any(path, 60.0)
    except VoiceError as error:
        raise OutputError(f"output.room_tone: {error}") from error
    samples = resample(samples, source, rate)
    cross = rate // 2
    count = (len(samples) - cross) // GRID * GRID
    if count < 2 * rate:
        raise OutputError(
            f"output.room_tone: {path} is too short; record at least 3 seconds of the empty room."
        )
    angle = np.linspace(0, np.pi / 2, cross)
    loop = samples[:count].astype(np.float64)
    loop[:cross] = loop[:cross] * np.sin(angle) + samples[count : count + cross] * np.cos(angle)
    level = rms(loop.astype(np.float32))
    return at_level(loop, min(max(level, QUIETEST), LOUDEST))


def at_level(samples: np.ndarray, level: float) -> Samples:
    power = float(np.mean(np.square(samples)))
    if power <= 0:
        return samples.astype(np.float32)
    return (samples * np.sqrt(10 ** (level / 10) / power)).astype(np.float32)
