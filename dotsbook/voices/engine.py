"""The one interface between the pipeline and anything that can speak. It knows no books.

An engine takes a list of requests and yields each with its sound or its error, as it is done and in any
order. One that can batch does; one that can't loops. Same request, same engine identity: same sound,
whatever else is in the list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dotsbook.audio import Samples
from dotsbook.direction import parted
from dotsbook.errors import DotsbookError, VoiceError

if TYPE_CHECKING:
    from dotsbook.measure import Measures


@dataclass(frozen=True)
class Voice:
    """A voice as an engine needs it; made from the manifest's `voices:` entry."""

    name: str
    reference: Path | None = None  # audio to clone
    transcript: str | None = None  # exactly what is spoken in it
    language: str | None = None  # BCP 47, the voice's own; None = whatever it reads
    settings: dict = field(default_factory=dict)  # sampling, tempo, and what else the engine knows
    fingerprint: str = ""  # changes when the sound of the voice does
    engine: str = ""  # which engine speaks it, where a book has several; no part of the fingerprint
    adapter: Path | None = None  # what was trained for it, laid over the engine's model
    strength: float = 1.0  # of the adapter

    @property
    def timbre(self) -> str:
        """Its name without how it is to speak: for an engine that makes a voice out of a name."""
        return parted(self.name)[0]


@dataclass(frozen=True)
class Request:
    text: str
    voice: Voice
    language: str  # BCP 47
    seed: int  # 0 … 2**63-1
    tag: object = None  # the caller's own, handed back untouched
    window: float = 0.0  # of the book: what should be heard first is lower; nothing of the sound hangs on it


@dataclass(frozen=True)
class RecordedTake:
    """A take as another machine has recorded and measured it, so that whoever keeps it needn't do that again."""

    flac: bytes  # as dotsbook.audio.write_flac makes it
    figures: Mapping[str, float]  # what the health checks hear, of the sound before it was FLAC
    measures: "Measures"  # of what the FLAC holds


@dataclass(frozen=True)
class Spoken:
    """An answer: samples (mono float32) or the error, never both."""

    request: Request
    samples: Samples | None = None
    error: DotsbookError | None = None
    rate: int | None = None  # Hz of the samples; None: the engine's `rate`
    facts: Mapping[str, str] | None = (
        None  # where and with what it was spoken; None: what the engine's `facts` tells
    )
    recorded: RecordedTake | None = None  # it as it was recorded and measured, where that was done elsewhere


@dataclass(frozen=True)
class Streamed:
    """The next sound of a line that is streamed: samples (mono float32), or the error that ends it."""

    request: Request
    samples: Samples | None = None
    error: DotsbookError | None = None
    last: bool = False  # nothing of this line follows
    rate: int | None = None  # as in Spoken


class EngineOutOfMemory(VoiceError):
    """`speak` could not hold this batch in memory; a smaller one may do. What it yielded before still counts."""


class EngineDied(VoiceError):
    """The engine's process is gone, by itself or by `close`; another engine must be made to go on."""


class EngineUnavailable(VoiceError):
    """The engine can't speak now and may later: a server that is away, a GPU that others fill. Nothing was attempted."""

    def __init__(self, message: str, retry_after: float | None = None):
        super().__init__(message)
        self.retry_after = retry_after  # seconds; None: the caller's own idea


class Engine(Protocol):
    """What render/ asks of a voice engine.

    Some members are optional. `slots: int` is how many batches it takes at once, each from a thread of its own; 1
    without it: ask `slots_of`. `together: int` is how many lines of a batch it gains by; without it, as many as there
    is memory for: ask `together_of`. `facts() -> Mapping[str, str]` tells where and with what it speaks (device,
    library versions), once it has spoken; facts are noted beside a take and are no part of its key: ask `facts_of`.
    `stream(batch: Sequence[Request]) -> Iterator[Streamed]` speaks as `speak` does and yields sound as it is made: ask
    `streaming`. `live(request: Request) -> LiveLine`, where it isn't None, speaks a text while it comes: ask `live`. `edit`
    says a take otherwise: see edits.py.

    For an engine that is many machines: `elastic`: `slots` changes while it speaks. `ends_hangs`: every `speak` comes to
    an end by itself, so that nobody else need watch for one that hangs. `wind_down()`: the run is to stop; each `speak`
    ends soon, with what is there.
    """

    @property
    def identity(self) -> str:
        """What it is and which weights, for the key: "dots:…", "draft:…". The same on every backend and device."""

    @property
    def rate(self) -> int:
        """Hz of what it speaks, where a `Spoken` doesn't say otherwise."""

    def check(self, voice: Voice, languages: Sequence[str]) -> Sequence[str]:
        """Raise VoiceError, before any rendering, if this voice can't speak one of these languages.

        What comes back are sentences the user should be told once: what is spoken, but not well.
        """

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """The most memory that speaking these together would take."""

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield one `Spoken` a request, in any order.

        May raise EngineOutOfMemory, EngineDied or EngineUnavailable; any other error ends the run. Called from one
        thread (from `slots` threads, where it has several), which need not be the main one: what is loaded before
        must not be bound to another.
        """

    def close(self) -> None:
        """Let go of processes and memory; from any thread, more than once. A `speak` that runs raises EngineDied."""


class LiveLine(Protocol):
    """A text that is spoken while it comes, on one thread."""

    def push(self, text: str) -> Iterator[Samples]:
        """More of the text → the sound that can be made by then."""

    def finish(self) -> Iterator[Samples]:
        """The text is all there → the rest."""


class EngineAround:
    """An engine around another: all is the inner one's, but for what a subclass says otherwise."""

    def __init__(self, engine: Engine):
        self.engine = engine

    @property
    def identity(self) -> str:
        return self.engine.identity

    @property
    def rate(self) -> int:
        return self.engine.rate

    @property
    def slots(self) -> int:
        return slots_of(self.engine)

    @property
    def together(self) -> int | None:
        return together_of(self.engine)

    def facts(self) -> Mapping[str, str]:
        return facts_of(self.engine)

    @property
    def edit(self) -> Callable[[Sequence], Iterator] | None:
        return getattr(self.engine, "edit", None)

    @property
    def edits(self) -> frozenset[str] | None:
        return getattr(self.engine, "edits", None)

    @property
    def stream(self) -> Callable[[Sequence[Request]], Iterator[Streamed]] | None:
        return getattr(self.engine, "stream", None)

    @property
    def live(self) -> "Callable[[Request], LiveLine] | None":
        return getattr(self.engine, "live", None)

    @property
    def elastic(self) -> bool:
        return getattr(self.engine, "elastic", False)

    @property
    def ends_hangs(self) -> bool:
        return getattr(self.engine, "ends_hangs", False)

    @property
    def wind_down(self) -> Callable[[], None] | None:
        return winding_down(self.engine)

    def check(self, voice: Voice, languages: Sequence[str]) -> Sequence[str]:
        return self.engine.check(voice, languages)

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        return self.engine.peak_bytes(requests)

    def close(self) -> None:
        self.engine.close()


def letters_of(text: str) -> int:
    """Characters, for estimates of length and memory; one of a script of syllables or words counts as three."""
    return sum(3 if mark >= "\u3040" else 1 for mark in text)


def slots_of(engine: Engine) -> int:
    """How many batches the engine takes at once, at least 1."""
    return max(1, getattr(engine, "slots", 1))


def winding_down(engine: Engine) -> Callable[[], None] | None:
    """What tells an engine that the run is to stop, where it wants to know."""
    return getattr(engine, "wind_down", None)


def together_of(engine: Engine, voice: Voice | None = None) -> int | None:
    """How many lines of a batch the engine gains by, one of several by the voice; None: as many as there is memory for."""
    of_several = getattr(engine, "together_for", None)
    if of_several and voice:
        return of_several(voice)
    return getattr(engine, "together", None)


def streaming(engine: Engine, voice: Voice) -> Callable[[Sequence[Request]], Iterator[Streamed]] | None:
    """What speaks a voice's lines sound by sound, if its engine does; not where a tempo is laid over the whole."""
    return getattr(engine, "stream", None) if voice.settings.get("tempo", 1.0) == 1.0 else None


def live(engine: Engine, voice: Voice) -> "Callable[[Request], LiveLine] | None":
    """What speaks a text in a voice while it comes, if its engine was made for that; the request's own text is not looked at."""
    return (
        getattr(engine_for(engine, voice), "live", None) if voice.settings.get("tempo", 1.0) == 1.0 else None
    )


def engine_for(engine: Engine, voice: Voice) -> Engine:
    """The engine that really speaks a voice: one of several, where `engine` is made of several. Its `identity` and
    `facts_of` it are those of the voice's takes."""
    one_of = getattr(engine, "engine_for", None)
    return one_of(voice) if one_of else engine


def facts_of(engine: Engine) -> Mapping[str, str]:
    """Where and with what the engine speaks, as far as it tells."""
    facts = getattr(engine, "facts", None)
    return facts() if facts else {}
