"""One engine on one thread: what waits is spoken in batches, and each answer goes to whoever asked. It knows no books."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.errors import DotsbookError, RenderError
from dotsbook.mlx_streams import leave_mlx

if TYPE_CHECKING:
    from dotsbook.voices.engine import Engine, Request, Streamed

TOGETHER = 16  # lines in a batch
WAITING = 512  # lines that may wait
GATHERING = 0.008  # seconds that the first of a batch waits for others, and again while more come
GATHERINGS = 6  # times at most
LEAVING = 5.0  # seconds that closing waits for the thread
SOON = 2.0  # seconds after which to ask again where too many wait


class SpeakLater(RenderError):
    """It can't be spoken now and may be later."""

    def __init__(self, message: str, retry_after: float | None = None):
        super().__init__(message)
        self.retry_after = retry_after  # seconds


@dataclass(eq=False)
class Ask:
    """A request and who hears its answer, on the engine's thread."""

    request: "Request"
    stream: bool  # as it is made, where the engine can
    tell: "Callable[[Streamed], None]" = lambda streamed: None
    cancelled: bool = False


@dataclass(eq=False)
class Turn:
    """Something to be done on the engine's thread between two batches, and who hears that it failed."""

    run: Callable[[], None]
    fail: Callable[[DotsbookError], None]
    cancelled: bool = False


class EngineDesk:
    """Speaks what is put to it, first come, first served. `over` once its engine can't go on: another must be opened."""

    def __init__(self, engine: "Engine", memory: int):
        """memory: bytes that a batch may take."""
        self.engine, self.memory = engine, memory
        self.waiting: deque[Ask | Turn] = deque()
        self.news = threading.Condition()
        self.over, self.most = False, TOGETHER
        self.batches = self.lines = self.largest = 0
        self.thread = threading.Thread(target=self.run, name="speaking", daemon=True)
        self.thread.start()

    def put(self, asks: Sequence[Ask | Turn]) -> None:
        """Have these spoken, or done. SpeakLater where too many wait already."""
        with self.news:
            if self.over:
                raise SpeakLater("The voice engine is being opened again.", SOON)
            if len(self.waiting) + len(asks) > WAITING:
                raise SpeakLater(
                    f"{len(self.waiting)} lines wait to be spoken; ask again a little later.", SOON
                )
            self.waiting.extend(asks)
            self.news.notify()

    def run(self) -> None:
        while batch := self.next():
            if isinstance(batch, Turn):
                self.take(batch)
                continue
            self.batches += 1
            self.lines += len(batch)
            self.largest = max(self.largest, len(batch))
            self.speak(batch)
        leave_mlx()

    def take(self, turn: Turn) -> None:
        from dotsbook.render.captured import Captured

        with Captured() as captured:
            turn.run()
        if captured.error is not None:
            turn.fail(self.told(captured.error))

    def next(self) -> list[Ask] | Turn:
        """The next batch or turn, waited for; nothing when it is over."""
        batch: list[Ask] = []
        while not batch and not self.over:
            with self.news:
                while not self.over and not self.waiting:
                    self.news.wait()
                if not self.over and isinstance(turn := self.waiting[0], Turn):
                    self.waiting.popleft()
                    return turn
            self.gather()
            with self.news:
                while not self.over and self.waiting and len(batch) < self.most:
                    ask = self.waiting[0]
                    if isinstance(ask, Turn):
                        break
                    if not ask.cancelled:
                        if batch and not self.joins(batch, ask):
                            break
                        batch.append(ask)
                    self.waiting.popleft()
        return batch

    def gather(self) -> None:
        """Wait a moment for lines that come together with the first, as long as they do."""
        for _ in range(GATHERINGS):
            before = len(self.waiting)
            time.sleep(GATHERING)
            if len(self.waiting) == before or before >= self.most:
                return

    def joins(self, batch: list[Ask], ask: Ask) -> bool:
        """Whether a line can be spoken with these."""
        if self.streams(batch[0]) != self.streams(ask):
            return False
        return self.engine.peak_bytes([one.request for one in (*batch, ask)]) <= self.memory

    def streams(self, ask: Ask) -> bool:
        from dotsbook.voices.engine import streaming

        return ask.stream and streaming(self.engine, ask.request.voice) is not None

    def speak(self, batch: list[Ask]) -> None:
        """Speak a batch; whoever asked and got no answer is told why."""
        from dataclasses import replace

        from dotsbook.render.captured import Captured
        from dotsbook.voices.engine import EngineOutOfMemory, Streamed

        asked = dict(enumerate(batch))
        requests = [replace(ask.request, tag=number) for number, ask in asked.items()]
        with Captured() as captured:
            for streamed in self.answers(requests, self.streams(batch[0])):
                number = streamed.request.tag
                if isinstance(number, int) and number in asked:
                    ask = asked.pop(number) if streamed.last else asked[number]
                    if not ask.cancelled:
                        ask.tell(streamed)
                if all(ask.cancelled for ask in asked.values()):
                    break
        left = [ask for ask in asked.values() if not ask.cancelled]
        if isinstance(captured.error, EngineOutOfMemory | MemoryError) and len(batch) > 1:
            self.most = max(1, len(batch) // 2)
            with self.news:
                self.waiting.extendleft(reversed(left))
            return
        error = self.told(captured.error)
        for ask in left:
            ask.tell(Streamed(ask.request, error=error, last=True))

    def answers(self, requests: "Sequence[Request]", stream: bool) -> "Iterator[Streamed]":
        """What the engine says, whole lines as streams of one piece."""
        from dotsbook.voices.engine import Streamed, streaming

        made = streaming(self.engine, requests[0].voice) if stream else None
        if made is not None:
            yield from made(requests)
            return
        for spoken in self.engine.speak(requests):
            yield Streamed(spoken.request, spoken.samples, spoken.error, True, spoken.rate)

    def told(self, error: BaseException | None) -> DotsbookError:
        """An engine's failure in words; one that can't go on is closed."""
        from dotsbook.voices.engine import EngineDied, EngineUnavailable

        if isinstance(error, EngineUnavailable):
            return SpeakLater(str(error), error.retry_after)
        if error is None:
            return RenderError("The voice engine gave no answer; try again.")
        if isinstance(error, DotsbookError) and not isinstance(error, EngineDied):
            return error
        self.close()
        return SpeakLater(f"The voice engine broke down ({type(error).__name__}); it is opened again.", SOON)

    def close(self) -> None:
        """Let go of the engine, from any thread; what waits is told."""
        from dotsbook.render.captured import Captured
        from dotsbook.voices.engine import Streamed

        with self.news:
            self.over = True
            left = list(self.waiting)
            self.waiting.clear()
            self.news.notify_all()
        with Captured():
            self.engine.close()
        closed = SpeakLater("The voice engine was closed.", SOON)
        for ask in left:
            if isinstance(ask, Turn):
                ask.fail(closed)
            else:
                ask.tell(Streamed(ask.request, error=closed, last=True))
        if threading.current_thread() is not self.thread:
            self.thread.join(LEAVING)
