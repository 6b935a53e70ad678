"""What goes to a worker and what comes back: plain values, so that a batch means the same everywhere. It knows no dask."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dotsbook.files import sha256_of
from dotsbook.measure import Measures
from dotsbook.render.opinions import Opinion
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.spec import EngineChoice


@dataclass(frozen=True)
class EngineOrder:
    """An engine, as a worker opens it: its model by name or by a folder that is at the same place there."""

    name: str
    model: str | None
    place: str | None
    options: Mapping[str, object]
    key: str  # EngineChoice.key

    def choice(self) -> EngineChoice:
        """What the worker has of it: the folder where that is there, else the model by its name."""
        place = self.place if self.place and Path(self.place).exists() else self.model
        return EngineChoice(self.name, self.model, self.options, place)


@dataclass(frozen=True)
class VoiceOrder:
    """A voice; its files by what is in them."""

    name: str
    reference: str  # SHA-256 and suffix of the recording, "" for none
    transcript: str | None
    language: str | None
    settings: Mapping[str, object]
    fingerprint: str
    adapter: str  # as `reference`
    strength: float

    @property
    def files(self) -> list[str]:
        return [name for name in (self.reference, self.adapter) if name]

    def voice(self, folder: Path) -> Voice:
        """It as an engine takes it, its files in a folder under these names."""
        return Voice(
            self.name,
            folder / self.reference if self.reference else None,
            self.transcript,
            self.language,
            dict(self.settings),
            self.fingerprint,
            "",
            folder / self.adapter if self.adapter else None,
            self.strength,
        )


@dataclass(frozen=True)
class LineOrder:
    text: str
    voice: VoiceOrder
    language: str
    seed: int


@dataclass(frozen=True)
class SpeechOrder:
    """One task: lines to speak together."""

    engine: EngineOrder
    lines: tuple[LineOrder, ...]

    @property
    def digest(self) -> str:
        """The same for the same batch, whoever asks."""
        facts = [
            [line.text, line.voice.name, line.voice.fingerprint, line.language, line.seed]
            for line in self.lines
        ]
        said = json.dumps([self.engine.key, facts], ensure_ascii=True)
        return hashlib.sha256(said.encode("ascii")).hexdigest()[:32]

    @property
    def letters(self) -> int:
        return sum(len(line.text) for line in self.lines)

    @property
    def key(self) -> str:
        """What a worker must have for it."""
        return self.engine.key

    @property
    def voice(self) -> str | None:
        """The voice that stays on one kind of device."""
        return self.lines[0].voice.name

    @property
    def needs(self) -> str:
        """What a worker must be able to do, for people."""
        return f"speak `{self.voice}`"

    @property
    def told(self) -> str:
        """It in a few words."""
        count = f"{len(self.lines)} lines" if len(self.lines) > 1 else "a line"
        return f"{count} of {self.voice}"

    def parts(self) -> "list[SpeechOrder]":
        """Each line by itself."""
        return [SpeechOrder(self.engine, (line,)) for line in self.lines]

    def lost(self, why: str) -> "BatchAnswer":
        """The answer where there is none."""
        return BatchAnswer("", tuple(SaidLine(error=why) for _ in self.lines))


@dataclass(frozen=True)
class SaidLine:
    """A line's sound as FLAC, or why there is none."""

    flac: bytes | None = None
    rate: int = 0
    error: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)  # what the health checks hear in it
    measures: Measures | None = None  # of the FLAC


@dataclass(frozen=True)
class OpinionThere:
    """What a judge thinks there, None for nothing; or why it wasn't able to think."""

    opinion: Opinion | None = None
    error: str = ""


@dataclass(frozen=True)
class BatchAnswer:
    """What came of a batch. `lines` is empty where one of the other fields says why."""

    worker: str  # its address
    lines: tuple[SaidLine | OpinionThere, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)  # where and with what it was spoken
    seconds: float = 0.0  # that it took
    audio: float = 0.0  # seconds of sound
    lacks: tuple[str, ...] = ()  # names of files that must come first
    away: tuple[str, float | None] | None = (
        None  # the engine there can't speak now: why, for how many seconds
    )
    refused: str = ""  # why this worker can't speak this at all
    narrow: str = ""  # what it had no memory for, even alone; those lines have errors


class Files:
    """Recordings and adapters of a book's voices by their content; each is hashed once."""

    def __init__(self) -> None:
        self.named: dict[Path, str] = {}
        self.paths: dict[str, Path] = {}

    def name(self, path: Path | None) -> str:
        if path is None:
            return ""
        if path not in self.named:
            self.named[path] = sha256_of(path) + path.suffix.lower()
            self.paths[self.named[path]] = path
        return self.named[path]

    def data(self, names: Sequence[str]) -> dict[str, bytes]:
        return {name: self.paths[name].read_bytes() for name in names}

    def voice(self, voice: Voice) -> VoiceOrder:
        return VoiceOrder(
            voice.name,
            self.name(voice.reference),
            voice.transcript,
            voice.language,
            voice.settings,
            voice.fingerprint,
            self.name(voice.adapter),
            voice.strength,
        )

    def batch(self, engine: EngineOrder, requests: Sequence[Request]) -> SpeechOrder:
        voices: dict[int, VoiceOrder] = {}
        for request in requests:
            if id(request.voice) not in voices:
                voices[id(request.voice)] = self.voice(request.voice)
        return SpeechOrder(
            engine,
            tuple(
                LineOrder(request.text, voices[id(request.voice)], request.language, request.seed)
                for request in requests
            ),
        )


def engine_order(choice: EngineChoice) -> EngineOrder:
    return EngineOrder(choice.name, choice.model, choice.place, dict(choice.options), choice.key)
