"""The engine on a thread of its own, so that the main one can write, watch the clock and hear an interrupt.

One thread speaks all batches of a run, since an engine may be bound to the thread it works on. It knows no takes.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dotsbook.errors import RenderError
from dotsbook.render.captured import Captured
from dotsbook.voices.engine import Engine, EngineDied, EngineOutOfMemory, Request, Spoken


@dataclass(frozen=True)
class Ended:
    """A batch is over: all of it, or as much as there will be."""

    error: BaseException | None = None  # EngineOutOfMemory, MemoryError, EngineDied, or what ends the run


class EngineThread:
    def __init__(self, engine: Engine, restart: Callable[[], Engine] | None = None):
        self.engine = engine
        self.restart = restart  # makes another engine after one died
        self.work: queue.SimpleQueue = queue.SimpleQueue()
        self.answers: queue.SimpleQueue = queue.SimpleQueue()  # Spoken … Ended, batch after batch
        self.leaving = threading.Event()  # end the batch at the next take
        self.busy = False  # a batch is out
        self.heard = time.monotonic()  # when it last gave a sign
        self.dead = False
        self.made = False  # the engine is one that `restart` made
        self.thread = threading.Thread(target=self.run, name="engine", daemon=True)
        self.thread.start()

    def speak(self, batch: Sequence[Request]) -> None:
        """Hand over a batch; its answers and an Ended come out of `listen`."""
        self.busy = True
        self.heard = time.monotonic()
        self.work.put(list(batch))

    def listen(self, timeout: float) -> list[Spoken | Ended]:
        """All that has come, after waiting up to `timeout` seconds for the first."""
        heard = []
        with contextlib.suppress(queue.Empty):
            heard.append(self.answers.get(timeout=timeout))
            while True:
                heard.append(self.answers.get_nowait())
        if heard:
            self.heard = time.monotonic()
        if any(isinstance(one, Ended) for one in heard):
            self.busy = False
        return heard

    def run(self) -> None:
        while (batch := self.work.get()) is not None:
            with Captured() as captured:
                if self.dead:
                    self.revive()
                for spoken in self.engine.speak(batch):
                    self.answers.put(spoken)
                    if self.leaving.is_set():
                        break
            self.dead = self.dead or isinstance(captured.error, EngineDied)
            self.answers.put(Ended(captured.error))

    def revive(self) -> None:
        """Make another engine in the dead one's place."""
        if self.restart is None:
            raise RenderError(
                "The voice engine died and can't be started again here; run the same command again."
            )
        self.engine.close()
        self.engine = self.restart()
        self.dead, self.made = False, True

    def kill(self, grace: float) -> bool:
        """Close an engine that hangs, from outside; whether its thread came back within `grace` seconds."""
        self.engine.close()
        self.dead = True
        until = time.monotonic() + grace
        while time.monotonic() < until:
            if not self.answers.empty():
                return True
            time.sleep(0.02)
        return False

    def leave(self, grace: float) -> None:
        """End the thread, waiting up to `grace` seconds for it, and close an engine that was made here."""
        self.leaving.set()
        self.work.put(None)
        self.thread.join(grace)
        if self.made:
            self.engine.close()


def out_of_memory(error: BaseException | None) -> bool:
    return isinstance(error, EngineOutOfMemory | MemoryError)
