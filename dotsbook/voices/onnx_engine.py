"""What engines on onnxruntime share: lines spoken side by side, one core each; a phonemiser; an orderly end. It knows no voice."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.files import sha256_of
from dotsbook.language_code import primary
from dotsbook.machine import cores
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory, Request, Spoken, Voice, letters_of
from dotsbook.voices.onnx_session import OnnxSession, version
from dotsbook.voices.phonemes import Phonemiser
from dotsbook.voices.side_by_side import spoken_side_by_side
from dotsbook.voices.spec import EngineSetup

AHEAD = 8  # finished sounds that wait for the caller
WORKERS = 4  # lines side by side: memory grows with them
LOADED = 2.5  # times the file's bytes that a model takes once it is open
SECONDS_A_CHARACTER = 0.09  # of sound, at most, for the memory estimate


class OnnxEngine(ABC):
    """A subclass says `name`, `rate`, `gap`, `bytes_a_second`, `model_file` and the pieces of a line."""

    slots = 1
    name: str  # as the manifest has it
    gap: float  # s of silence between pieces
    bytes_a_second: int  # of working memory, a second of sound of one line

    def __init__(self, setup: EngineSetup):
        self.setup = setup
        self.phonemiser = Phonemiser()
        self.closed = False

    @property
    @abstractmethod
    def model_file(self) -> Path:
        """The .onnx; VoiceError or ModelError if it isn't on this machine."""

    @property
    @abstractmethod
    def rate(self) -> int:
        """Hz."""

    @property
    def title(self) -> str:
        """What speaks, for sentences."""
        return self.name

    @abstractmethod
    def pieces(self, request: Request) -> Iterator[Samples]:
        """The sound of a line as the model gives it, piece by piece; none if it holds nothing to say. VoiceError."""

    @abstractmethod
    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """As `Engine.check`."""

    @cached_property
    def session(self) -> OnnxSession:
        return OnnxSession(self.model_file)

    def facts(self) -> Mapping[str, str]:
        return {
            "device": "cpu",
            "onnxruntime": version(),
            "espeak-ng": self.phonemiser.version or "not asked yet",
            "model": self.model_file.name,
        }

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """The model, and the working memory of as many of the longest as run at once."""
        letters = (letters_of(request.text) for request in requests)
        seconds = sorted((SECONDS_A_CHARACTER * count for count in letters), reverse=True)
        weights = int(LOADED * self.model_file.stat().st_size)
        return weights + int(sum(seconds[: self.workers(requests)]) * self.bytes_a_second)

    def workers(self, requests: Sequence[Request]) -> int:
        return max(1, min(WORKERS, cores(), len(requests)))

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each as it is done."""
        self.alive()
        self.session.session()
        yield from spoken_side_by_side(batch, self.answer, self.workers(batch), AHEAD, self.name)

    def answer(self, request: Request) -> Spoken:
        self.alive()
        try:
            return Spoken(request, samples=self.said(request))
        except (EngineDied, EngineOutOfMemory):
            raise
        except VoiceError as error:
            return Spoken(request, error=error)

    def said(self, request: Request) -> Samples:
        """The pieces joined. VoiceError if there are none."""
        import numpy as np

        parts: list[Samples] = []
        for piece in self.pieces(request):
            if parts:
                parts.append(np.zeros(round(self.gap * self.rate), np.float32))
            sound = piece.reshape(-1).astype(np.float32, copy=False)
            parts.append(np.clip(np.nan_to_num(sound), -1.0, 1.0))
        if not parts:
            raise VoiceError(f"{self.title} finds nothing to say in {request.text[:40]!r}.")
        return np.concatenate(parts)

    def alive(self) -> None:
        if self.closed:
            raise EngineDied(f"The engine {self.name} was closed.")

    def close(self) -> None:
        """Let go of the model and the process. A `speak` that runs raises EngineDied at its next piece."""
        self.closed = True
        self.phonemiser.close()
        if "session" in self.__dict__:
            self.session.close()


def hash_of_all(files: Iterable[Path]) -> str:
    """16 hex digits of the files' hashes, in their order."""
    every = "".join(map(sha256_of, files))
    return hashlib.sha256(every.encode()).hexdigest()[:16]


def only_these(own: str, languages: Sequence[str], who: str, voice: Voice) -> list[str]:
    """Remarks on languages that a voice of one language reads as if they were its own; VoiceError if there are no others."""
    strange = [language for language in languages if one_code(language) != own]
    if strange and len(strange) == len(languages):
        raise VoiceError(
            f"{who} speaks {own}, and no {strange[0]} (voice `{voice.name}`); choose a voice of that language, "
            "or correct the `language:`."
        )
    return [
        f"{who} speaks {own}; what is in {language} it reads as if it were {own}." for language in strange
    ]


def one_code(language: str) -> str:
    """The language itself, of those that have two codes always the same one."""
    first = primary(language)
    return {"cmn": "zh", "no": "nb", "nn": "nb", "iw": "he", "in": "id"}.get(first, first)
