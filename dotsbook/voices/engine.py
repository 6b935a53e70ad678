"""The one door between the pipeline and anything that can speak. It knows no books.

An engine takes a list of requests and yields each with its sound or its error, as it is done and in any
order. One that can batch does; one that can't loops. Same request, same engine identity: same sound,
whatever else is in the list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from dotsbook.audio import Samples
from dotsbook.errors import DotsbookError, VoiceError


@dataclass(frozen=True)
class Voice:
    """A voice as an engine needs it; made from the manifest's `voices:` entry."""

    name: str
    reference: Path | None = None  # audio to clone
    transcript: str | None = None  # exactly what is spoken in it
    language: str | None = None  # BCP 47, the voice's own; None = whatever it reads
    settings: dict = field(default_factory=dict)  # sampling, tempo, and what else the engine knows
    fingerprint: str = ""  # changes when the sound of the voice does


@dataclass(frozen=True)
class Request:
    text: str
    voice: Voice
    language: str  # BCP 47
    seed: int  # 0 … 2**63-1
    tag: object = None  # the caller's own, handed back untouched


@dataclass(frozen=True)
class Spoken:
    """An answer: samples (mono float32 at the engine's rate) or the error, never both."""

    request: Request
    samples: Samples | None = None
    error: DotsbookError | None = None


class EngineOutOfMemory(VoiceError):
    """`speak` could not hold this batch in memory; a smaller one may do. What it yielded before still counts."""


class EngineDied(VoiceError):
    """The engine's process is gone, by itself or by `close`; another engine must be made to go on."""


class Engine(Protocol):
    """What render/ asks of a voice engine."""

    identity: str  # what it is and which weights, for the key: "dots:…", "draft:…"
    rate: int  # Hz

    def check(self, voice: Voice, languages: Sequence[str]) -> Sequence[str]:
        """Raise VoiceError, before any rendering, if this voice can't speak one of these languages.

        What comes back are sentences the user should be told once: what is spoken, but not well.
        """

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """The most memory that speaking these together would take."""

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield one `Spoken` a request, in any order.

        May raise EngineOutOfMemory or EngineDied; any other error ends the run. Called from one thread, which
        need not be the main one: what is loaded before must not be bound to another.
        """

    def close(self) -> None:
        """Let go of processes and memory; from any thread, more than once. A `speak` that runs raises EngineDied."""
