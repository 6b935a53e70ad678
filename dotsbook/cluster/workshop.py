"""What a worker does: opens each engine once, speaks batches, and keeps voices' files by their content. It knows no dask.

Engines speak on one thread of this process, whatever thread asks, since an engine may be bound to the thread that it
was loaded on. What goes wrong inside a batch is settled here: too much memory or an engine that died is tried again in
halves, until a line is alone with its fault.
"""

import contextlib
import io
import os
import platform
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sysconfig import get_platform

from dotsbook.cluster.hearing_orders import JudgeOrder
from dotsbook.cluster.hearing_room import HearingRoom
from dotsbook.cluster.orders import BatchAnswer, EngineOrder, LineOrder, SaidLine, SpeechOrder
from dotsbook.errors import DotsbookError, VoiceError
from dotsbook.files import write_whole
from dotsbook.machine import memory_bytes, user_cache
from dotsbook.release import __version__
from dotsbook.voices.catalogue import identity_with_recipe, lacking, open_engine, setup_of, spec_of
from dotsbook.voices.engine import (
    Engine,
    EngineDied,
    EngineOutOfMemory,
    EngineUnavailable,
    Request,
    Spoken,
    facts_of,
    together_of,
)

SHARE = 0.6  # of the machine's memory, where nothing is said


class Workshop:
    """memory: bytes that engines may use; folder: for voices' files and profiles."""

    def __init__(self, memory: int | None = None, folder: Path | None = None, fetch: bool = False):
        self.memory = memory or round(SHARE * memory_bytes())
        self.folder = folder or user_cache() / "cluster"
        self.fetch = fetch  # models that aren't here may be fetched
        self.engines: dict[str, Engine] = {}
        self.narrow = ""  # what there was no memory for in this batch
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="speaking")
        self.hearing = HearingRoom(fetch)

    # what it is

    def introduce(self, orders: Sequence[EngineOrder | JudgeOrder]) -> dict[str, object]:
        """What this worker is, in values that any version understands."""
        return {
            "version": __version__,
            "host": platform.node(),
            "machine": get_platform(),
            "processor": platform.machine(),
            "pid": os.getpid(),
            "memory": self.memory,
            "engines": {
                order.key: self.hearing.described(order)
                if isinstance(order, JudgeOrder)
                else self.thread.submit(self.described, order).result()
                for order in orders
            },
        }

    def described(self, order: EngineOrder) -> dict[str, object]:
        """An engine as it is here; `error` says why it can't speak."""
        try:
            engine = self.engine(order)
            return {
                "identity": engine.identity,
                "in_keys": identity_with_recipe(engine, spec_of(order.name)),
                "rate": engine.rate,
                "together": together_of(engine),
                "facts": self.facts(engine),
            }
        except DotsbookError as error:
            return {"error": str(error)}

    def facts(self, engine: Engine) -> dict[str, str]:
        return dict(facts_of(engine)) | {"platform": get_platform()}

    def engine(self, order: EngineOrder) -> Engine:
        """The engine, opened once. VoiceError or ModelError where that can't be."""
        if order.key not in self.engines:
            spec = spec_of(order.name)
            if lacks := lacking(spec):
                raise VoiceError(f"the engine `{spec.name}` {lacks}")
            choice, profiles = order.choice(), self.folder / "profiles"
            if self.fetch and spec.bring:
                spec.bring(setup_of(choice, profiles, self.memory))
            self.engines[order.key] = open_engine(choice, profiles, self.memory)
        return self.engines[order.key]

    def check(self, order: EngineOrder, line: LineOrder, languages: Sequence[str]) -> tuple[list[str], str]:
        """What the engine says of a voice in these languages; (remarks, why it can't)."""
        return self.thread.submit(self.checked, order, line, languages).result()

    def checked(self, order: EngineOrder, line: LineOrder, languages: Sequence[str]) -> tuple[list[str], str]:
        try:
            return list(self.engine(order).check(line.voice.voice(self.files), languages) or ()), ""
        except DotsbookError as error:
            return [], str(error)

    # voices' files

    @property
    def files(self) -> Path:
        return self.folder / "voices"

    def lacks(self, lines: Sequence[LineOrder]) -> tuple[str, ...]:
        names = dict.fromkeys(name for line in lines for name in line.voice.files)
        return tuple(name for name in names if not (self.files / name).is_file())

    def keep(self, data: dict[str, bytes]) -> None:
        """Keep files under the names that their content gives them."""
        for name, content in data.items():
            write_whole(self.files / name, content)

    # speaking

    def speak(self, batch: SpeechOrder, address: str) -> BatchAnswer:
        """A batch's answer; a fault of the program is one too, and the worker's own."""
        speaking = self.thread.submit(self.spoken, batch, address)
        error = speaking.exception()
        if isinstance(error, Exception):
            return BatchAnswer(address, refused=f"it failed with {type(error).__name__}: {error}")
        return speaking.result()

    def spoken(self, batch: SpeechOrder, address: str) -> BatchAnswer:
        if missing := self.lacks(batch.lines):
            return BatchAnswer(address, lacks=missing)
        start = time.monotonic()
        requests = [
            Request(line.text, line.voice.voice(self.files), line.language, line.seed, number)
            for number, line in enumerate(batch.lines)
        ]
        said: dict[int, SaidLine] = {}
        self.narrow = ""
        try:
            self.speak_all(batch.engine, requests, said)
            engine = self.engine(batch.engine)
        except EngineUnavailable as error:
            return BatchAnswer(address, away=(str(error), error.retry_after))
        except DotsbookError as error:
            return BatchAnswer(address, refused=str(error))
        lines = tuple(
            said.get(at, SaidLine(error="The engine gave no answer.")) for at in range(len(requests))
        )
        audio = sum(seconds_of(line) for line in lines)
        took = time.monotonic() - start
        return BatchAnswer(address, lines, self.facts(engine), took, audio, narrow=self.narrow)

    def speak_all(self, order: EngineOrder, requests: Sequence[Request], said: dict[int, SaidLine]) -> None:
        """Speak these, in as many batches as the memory wants."""
        engine = self.engine(order)
        most = together_of(engine, requests[0].voice) or len(requests)
        if len(requests) > 1 and (len(requests) > most or engine.peak_bytes(requests) > self.memory):
            self.in_halves(order, requests, said)
            return
        try:
            for spoken in engine.speak(requests):
                number = spoken.request.tag
                assert isinstance(number, int), "the tag comes back as it was"
                said[number] = said_line(spoken, engine.rate)
        except (EngineOutOfMemory, EngineDied, MemoryError) as error:
            if isinstance(error, EngineDied):
                self.engines.pop(order.key).close()
            left = [request for request in requests if request.tag not in said]
            if len(left) > 1:
                self.in_halves(order, left, said)
            elif left:
                assert isinstance(left[0].tag, int)
                why = str(error) or "There was no memory to speak it, even alone."
                said[left[0].tag] = SaidLine(error=why)
                if not isinstance(error, EngineDied):
                    self.narrow = f"it had no memory to speak a line of {len(left[0].text)} characters"

    def in_halves(self, order: EngineOrder, requests: Sequence[Request], said: dict[int, SaidLine]) -> None:
        middle = (len(requests) + 1) // 2
        self.speak_all(order, requests[:middle], said)
        self.speak_all(order, requests[middle:], said)

    def close(self) -> None:
        for engine in self.engines.values():
            with contextlib.suppress(DotsbookError):
                engine.close()
        self.thread.shutdown(wait=False, cancel_futures=True)
        self.hearing.close()


def said_line(spoken: Spoken, usual: int) -> SaidLine:
    """A line's answer as it travels. What isn't finite can't be FLAC, and is an error here as it would be there."""
    import numpy as np

    from dotsbook.audio import write_flac
    from dotsbook.measure import measure
    from dotsbook.render.health import figures_of
    from dotsbook.render.store import decode

    if spoken.error is not None or spoken.samples is None:
        return SaidLine(error=str(spoken.error or "The engine gave no sound."))
    rate = spoken.rate or usual
    if not len(spoken.samples) or not np.isfinite(spoken.samples).all():
        return SaidLine(error="the engine gave numbers that are no sound (NaN, infinite or none)")
    buffer, asked = io.BytesIO(), spoken.request
    write_flac(buffer, spoken.samples, rate)
    figures = figures_of(spoken.samples, rate, asked.text, asked.language)
    measures = measure(*decode(buffer.getvalue()))
    return SaidLine(buffer.getvalue(), rate, "", figures, measures)


def seconds_of(line: SaidLine) -> float:
    import soundfile

    return soundfile.info(io.BytesIO(line.flac)).duration if line.flac else 0.0
