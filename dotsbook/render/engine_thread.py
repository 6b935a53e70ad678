"""An engine on threads of its own, so that the thread that renders can write, watch the clock and hear a wish to stop.

One thread speaks batch after batch, since an engine may be bound to the thread it works on; an engine with several
slots has as many threads. What they say goes into one inbox. It knows no takes.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dotsbook.errors import RenderError
from dotsbook.mlx_streams import leave_mlx
from dotsbook.render.captured import Captured
from dotsbook.voices.engine import Engine, EngineDied, Request, Spoken, winding_down


@dataclass(frozen=True)
class Answered:
    """A thread's engine has answered a request."""

    thread: "EngineThread"
    spoken: Spoken


@dataclass(frozen=True)
class Ended:
    """A thread's batch is over: all of it, or as much as there will be."""

    thread: "EngineThread"
    error: BaseException | None = None  # what the engine raised


class Inbox:
    """What other threads have for the one that renders."""

    def __init__(self) -> None:
        self.queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.put = self.queue.put

    def take(self, timeout: float) -> list[Any]:
        """All that has come, after waiting up to `timeout` seconds for the first."""
        messages = []
        with contextlib.suppress(queue.Empty):
            messages.append(self.queue.get(timeout=timeout) if timeout else self.queue.get_nowait())
            while True:
                messages.append(self.queue.get_nowait())
        return messages


class SharedEngine:
    """The engine of a run, and another one in its place after it died."""

    def __init__(self, engine: Engine, restart: Callable[[], Engine] | None = None):
        self.engine = engine
        self.restart = restart  # makes another
        self.number = 0  # of the engine, counted from the first
        self.dead: set[int] = set()  # numbers of those that died
        self.lock = threading.Lock()  # held while another is made

    def living(self) -> tuple[Engine, int]:
        """The engine to speak with and its number; another is made first if it died."""
        with self.lock:
            if self.number in self.dead:
                if self.restart is None:
                    raise RenderError(
                        "The voice engine died and can't be started again here; run the same command again."
                    )
                self.engine.close()
                self.engine = self.restart()
                self.number += 1
            return self.engine, self.number

    def end(self, engine: Engine, number: int) -> threading.Thread:
        """Close an engine from outside, on a thread of its own since closing may hang too."""
        self.dead.add(number)
        closing = threading.Thread(target=close, args=(engine,), name="closing", daemon=True)
        closing.start()
        return closing

    def leave(self, grace: float) -> None:
        """Close an engine that was made here, waiting up to `grace` seconds for it."""
        if self.number:
            self.end(self.engine, self.number).join(grace)


class EngineThread:
    """Speaks batches, one after another, with the engine it shares with the other threads of a run."""

    def __init__(self, shared: SharedEngine, inbox: Inbox, leaving: threading.Event):
        self.shared, self.inbox = shared, inbox
        self.leaving = leaving  # set: end the batch at the next take
        self.engine, self.number = shared.engine, shared.number  # it speaks with
        self.work: queue.SimpleQueue[Sequence[Request] | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self.run, name="engine", daemon=True)
        self.thread.start()

    def speak(self, batch: Sequence[Request]) -> None:
        """Hand over a batch; its Answered and an Ended come into the inbox."""
        self.work.put(batch)

    def run(self) -> None:
        while (batch := self.work.get()) is not None:
            with Captured() as captured:
                self.engine, self.number = self.shared.living()
                for spoken in self.engine.speak(batch):
                    self.inbox.put(Answered(self, spoken))
                    if self.leaving.is_set() and not winding_down(self.engine):
                        break
            if isinstance(captured.error, EngineDied):
                self.shared.dead.add(self.number)
            self.inbox.put(Ended(self, captured.error))
        leave_mlx()

    def end_engine(self) -> None:
        """Close the engine it speaks with, since it hangs."""
        self.shared.end(self.engine, self.number)


def close(engine: Engine) -> None:
    """Close an engine; what it raises helps nobody any more."""
    with Captured():
        engine.close()


def leave(threads: Sequence[EngineThread], grace: float) -> None:
    """End threads, waiting up to `grace` seconds for all of them together."""
    until = time.monotonic() + grace
    for one in threads:
        one.leaving.set()
        one.work.put(None)
    for one in threads:
        one.thread.join(max(0.0, until - time.monotonic()))
