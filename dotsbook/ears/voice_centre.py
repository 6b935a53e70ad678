"""The centre of a voice's vectors, as a speaker encoder gives them: how near to it another take's lies tells whether it is
the same voice.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

FEWEST = 10  # takes that make a centre
NINE_IN_TEN = 1.2816  # spreads from the middle, on the far side, within which they lie
NARROWEST = 0.03  # of an angle: a voice whose takes lie closer together than that is no stricter for it


@dataclass(frozen=True)
class VoiceCentre:
    """centre (d,), of length 1; middle and spread: of its own takes' angles to it.

    Cosines of near vectors crowd under 1 and trail off below, so that a spread of them says little of how far is far.
    """

    centre: np.ndarray
    middle: float
    spread: float

    def likeness(self, vector: np.ndarray) -> float:
        """A take's angle in units of the spread of the voice's own takes, 0 being usual and what is below unlike."""
        return (self.middle - float(angles(vector, self.centre))) / self.spread

    def as_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, c=self.centre, angles=[self.middle, self.spread])
        return buffer.getvalue()

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(b"angles" + self.centre.astype("<f4").tobytes()).hexdigest()[:12]


def centre_from(data: bytes) -> VoiceCentre:
    """Raises ValueError or KeyError for what isn't one."""
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        middle, spread = (float(value) for value in kept["angles"])
        return VoiceCentre(kept["c"], middle, spread)


def centred(takes: Sequence[np.ndarray]) -> VoiceCentre | None:
    """The centre of takes' vectors, half of which make it and half of which say what is usual; None for too few.

    One take in a hundred may be another's: the middle of each coordinate, and nine in ten angles, hardly notice. The spread
    is that on the far side: short takes lie farther off than long ones lie nearer.
    """
    if len(takes) < FEWEST:
        return None
    made_of, rest = np.stack(takes[::2]), np.stack(takes[1::2])
    centre = np.median(made_of, axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-12)
    middle, far = np.quantile(angles(rest, centre), (0.5, 0.9))
    return VoiceCentre(centre, float(middle), max(float(far - middle) / NINE_IN_TEN, NARROWEST))


def angles(vectors: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Between vectors (…, d) of length 1 and another, in radians."""
    return np.arccos((vectors @ centre).clip(-1, 1))
