"""Several engines as one, for a book whose voices are spoken by different ones. It knows no engine's inside.

A request goes to the engine that its voice names (`Voice.engine`), which is opened when it is first needed.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from dotsbook.errors import VoiceError
from dotsbook.voices.engine import Engine, EngineDied, Request, Spoken, Voice, facts_of, slots_of
from dotsbook.voices.spec import EngineChoice


class MixedEngine:
    """choices: {what `Voice.engine` says: the engine meant}, the book's own first; open: makes one of them."""

    def __init__(self, choices: Mapping[str, EngineChoice], open: Callable[[EngineChoice], Engine]):
        self.choices, self.open = dict(choices), open
        self.engines: dict[str, Engine] = {}
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
        return max((engine.peak_bytes(group) for engine, group in self.parted(requests)), default=0)

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each with its rate. A batch of voices of several engines is spoken engine by engine."""
        self.alive()
        for engine, group in self.parted(batch):
            for spoken in engine.speak(group):
                self.alive()
                yield replace(spoken, rate=spoken.rate or engine.rate)

    def parted(self, requests: Sequence[Request]) -> list[tuple[Engine, list[Request]]]:
        groups: dict[str, tuple[Engine, list[Request]]] = {}
        for request in requests:
            key = request.voice.engine
            groups.setdefault(key, (self.engine_for(request.voice), []))[1].append(request)
        return list(groups.values())

    def close(self) -> None:
        with self.lock:
            self.closed = True
            engines = list(self.engines.values())
        for engine in engines:
            engine.close()
