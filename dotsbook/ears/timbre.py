"""What of a take tells whose voice it is, and how a voice is learned from it: its spectra, or a speaker encoder's vector."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from dotsbook.audio import Samples
from dotsbook.ears.voice_centre import VoiceCentre, centre_from, centred
from dotsbook.ears.voice_measures import HeardSpeech, cepstra_of
from dotsbook.ears.voice_model import VoiceModel, fitted, model_from


class EncodesVoices(Protocol):
    """Gives a sound's voice as a vector of length 1, on any thread."""

    @property
    def identity(self) -> str: ...
    def vector(self, samples: Samples, rate: int) -> np.ndarray: ...


class KnownVoice(Protocol):
    """A voice as it was learned."""

    @property
    def digest(self) -> str: ...
    def as_bytes(self) -> bytes: ...
    def likeness(self, features: np.ndarray, /) -> float:
        """How a take lies to the voice's own, in their spreads: 0 is usual, what is far below is another's."""
        ...


class Timbre(Protocol):
    @property
    def identity(self) -> str:
        """ "" for the one that needs nothing given."""
        ...

    def features(self, speech: HeardSpeech) -> np.ndarray | None:
        """None for too little speech."""
        ...

    def learned(self, takes: Sequence[np.ndarray]) -> KnownVoice | None:
        """A voice from the features of its takes; None for too few."""
        ...

    def known(self, data: bytes) -> KnownVoice:
        """One that was kept. Raises ValueError or KeyError for what isn't one."""
        ...


class SpectralTimbre:
    """Cepstra of the frames with speech, and a mixture of Gaussians over them."""

    identity = ""
    learned: Callable[[Sequence[np.ndarray]], VoiceModel | None] = staticmethod(fitted)
    known: Callable[[bytes], VoiceModel] = staticmethod(model_from)

    def features(self, speech: HeardSpeech) -> np.ndarray | None:
        return cepstra_of(speech.powers) if len(speech.frames) else None


class EncodedTimbre:
    """A speaker encoder's vector, and the centre of a voice's vectors."""

    known: Callable[[bytes], VoiceCentre] = staticmethod(centre_from)
    learned: Callable[[Sequence[np.ndarray]], VoiceCentre | None] = staticmethod(centred)

    def __init__(self, encoder: EncodesVoices):
        self.encoder = encoder

    @property
    def identity(self) -> str:
        return self.encoder.identity

    def features(self, speech: HeardSpeech) -> np.ndarray | None:
        return self.encoder.vector(speech.samples, speech.rate) if len(speech.frames) else None
