"""Several engines as one, for a book whose voices are spoken by different ones. It knows no engine's inside.

A request goes to the engine that its voice names (`Voice.engine`), which is opened when it is first needed. Where the
memory doesn't hold them all, those that don't speak are closed, the longest unused first, and opened again at need.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from dotsbook.errors import VoiceError
from dotsbook.voices.engine import (
    Engine,
    EngineDied,
    Request,
    Spoken,
    Voice,
    facts_of,
    slots_of,
    together_of,
    winding_down,
)
from dotsbook.voices.spec import EngineChoice


class MixedEngine:
    """choices: {what `Voice.engine` says: the engine meant}, the book's own first; open: makes one of them; memory: bytes
    that they may use together (None: no bound)."""

    def __init__(
        self,
        choices: Mapping[str, EngineChoice],
        open: Callable[[EngineChoice], Engine],
        memory: int | None = None,
    ):
        self.choices, self.open, self.memory = dict(choices), open, memory
        self.engines: dict[str, Engine] = {}
        self.used: dict[
            str, int
        ] = {}  # the most bytes that each has been asked for, the longest unused first
        self.speaking: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.closed = False

    def engine_for(self, voice: Voice) -> Engine:
        """The engine that speaks a voice, opened; a voice that names none has the first."""
        return self.opened(voice.engine or next(iter(self.choices)), voice.name)

    def opened(self, key: str, voice: str = "") -> Engine:
        with self.lock:
            if key in self.engines:
                return self.engines[key]
            if key not in self.choices:
                raise VoiceError(f"Voice `{voice}` is spoken by {key}, which isn't open here.")
            self.alive()
            self.engines[key] = self.open(self.choices[key])
            return self.engines[key]

    def alive(self) -> None:
        if self.closed:
            raise EngineDied("The engines of this book were closed.")

    @property
    def identity(self) -> str:
        """All of them; a take's own is that of `engine_for` its voice."""
        return " + ".join(sorted(self.opened(key).identity for key in self.choices))

    @property
    def rate(self) -> int:
        """The first one's; every answer has its own."""
        return self.opened(next(iter(self.choices))).rate

    @property
    def slots(self) -> int:
        """As many as the one that takes fewest."""
        return min(slots_of(self.opened(key)) for key in self.choices)

    def open_ones(self) -> list[Engine]:
        with self.lock:
            return list(self.engines.values())

    @property
    def elastic(self) -> bool:
        return any(getattr(engine, "elastic", False) for engine in self.open_ones())

    @property
    def ends_hangs(self) -> bool:
        engines = self.open_ones()
        return bool(engines) and all(getattr(engine, "ends_hangs", False) for engine in engines)

    @property
    def wind_down(self) -> Callable[[], None] | None:
        asked = [tell for engine in self.open_ones() if (tell := winding_down(engine))]

        def tell_all() -> None:
            for tell in asked:
                tell()

        return tell_all if asked else None

    def together_for(self, voice: Voice) -> int | None:
        """As its engine says; one that takes more batches at once than all of these together do gets them as one."""
        engine = self.engine_for(voice)
        lines = together_of(engine)
        return None if lines is None else lines * max(1, slots_of(engine) // self.slots)

    def facts(self) -> Mapping[str, str]:
        """Of those that are open."""
        with self.lock:
            engines = dict(self.engines)
        return {
            f"{self.choices[key].name} {name}": fact
            for key, engine in engines.items()
            for name, fact in facts_of(engine).items()
        }

    def check(self, voice: Voice, languages: Sequence[str]) -> Sequence[str]:
        return self.engine_for(voice).check(voice, languages)

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """The most that any one of them takes: they speak one after another."""
        groups = self.parted(requests).items()
        return max((self.opened(key).peak_bytes(group) for key, group in groups), default=0)

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each with its rate. A batch of voices of several engines is spoken engine by engine."""
        self.alive()
        for key, group in self.parted(batch).items():
            engine = self.with_room(key, group)
            try:
                for spoken in engine.speak(group):
                    self.alive()
                    yield replace(spoken, rate=spoken.rate or engine.rate)
            finally:
                with self.lock:
                    self.speaking[key] -= 1

    def with_room(self, key: str, group: Sequence[Request]) -> Engine:
        """The engine, counted as speaking, after others were closed that there is no memory for beside it."""
        needs = self.opened(key, group[0].voice.name).peak_bytes(group)
        with self.lock:
            self.used[key] = max(needs, self.used.pop(key, 0))
            self.speaking[key] += 1
            idle = [other for other in self.used if not self.speaking[other]]
            leaving = []
            while self.memory is not None and idle and sum(self.used.values()) > self.memory:
                other = idle.pop(0)
                del self.used[other]
                leaving.append(self.engines.pop(other))
        for engine in leaving:
            engine.close()
        return self.opened(key, group[0].voice.name)

    def parted(self, requests: Sequence[Request]) -> dict[str, list[Request]]:
        """{which engine: its requests}, in order."""
        groups: dict[str, list[Request]] = {}
        for request in requests:
            groups.setdefault(request.voice.engine or next(iter(self.choices)), []).append(request)
        return groups

    def close(self) -> None:
        with self.lock:
            self.closed = True
            engines = list(self.engines.values())
        for engine in engines:
            engine.close()
