"""The centre of a voice's vectors, as a speaker encoder gives them: how near to it another take's lies tells whether it is
the same voice.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dotsbook.ears.voice_model import middle_and_spread

FEWEST = 10  # takes that make a centre
NARROWEST = 0.01  # of a cosine: a voice whose takes lie closer together than that is no stricter for it


@dataclass(frozen=True)
class VoiceCentre:
    """centre (d,), of length 1; middle and spread: of its own takes' cosines to it."""

    centre: np.ndarray
    middle: float
    spread: float

    def likeness(self, vector: np.ndarray) -> float:
        """A take's cosine in units of the spread of the voice's own takes, 0 being usual and what is below unlike."""
        return (float(vector @ self.centre) - self.middle) / self.spread

    def as_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, c=self.centre, s=[self.middle, self.spread])
        return buffer.getvalue()

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.centre.astype("<f4").tobytes()).hexdigest()[:12]


def centre_from(data: bytes) -> VoiceCentre:
    """Raises ValueError or KeyError for what isn't one."""
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        middle, spread = (float(value) for value in kept["s"])
        return VoiceCentre(kept["c"], middle, spread)


def centred(takes: Sequence[np.ndarray]) -> VoiceCentre | None:
    """The centre of takes' vectors, half of which make it and half of which say what is usual; None for too few.

    One take in a hundred may be another's: the middle of each coordinate, and of the cosines, hardly notices.
    """
    if len(takes) < FEWEST:
        return None
    made_of, rest = np.stack(takes[::2]), np.stack(takes[1::2])
    centre = np.median(made_of, axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-12)
    return VoiceCentre(centre, *middle_and_spread(rest @ centre, NARROWEST))
