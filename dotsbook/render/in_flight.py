"""Batches that the engine has: handed over, watched, and what becomes of those that go wrong. It knows no samples.

However an engine fails, an attempt counts only when a line fails by itself, nothing beside it: so the takes are the
same whatever was spoken together. An engine that dies with several lines: they go again in halves, until the culprit
is alone. With several batches in flight nobody knows which one killed it, so each goes again by itself. Out of memory:
batches are halved from then on, and a line that is too much goes again by itself.
"""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from dotsbook.errors import DotsbookError, Hung, RenderError
from dotsbook.render.backlog import Backlog, engine_of
from dotsbook.render.cases import Task
from dotsbook.render.engine_thread import Ended, EngineThread, Inbox, SharedEngine, leave
from dotsbook.render.progress import Halved, Restarted
from dotsbook.render.watchdog import Patience
from dotsbook.voices.engine import (
    Engine,
    EngineDied,
    EngineOutOfMemory,
    EngineUnavailable,
    Request,
    Spoken,
    slots_of,
    together_of,
    winding_down,
)

ASLEEP = 5.0  # seconds between two looks at the clock: this process itself was stopped, or the machine slept
HOPELESS = 12  # deaths of the engine in a row with nothing spoken between: a batch of 32 halves away in 6

Burnt = tuple[Task, DotsbookError]  # an attempt that counts though it gave nothing, and why


@dataclass(eq=False)
class Batch:
    """What one engine thread has."""

    tasks: dict[Task, None]  # asked for and not answered
    expected: float | None  # seconds that all of it should take
    trial: bool  # it goes by itself, since it may be what brings the engine down
    alone: bool  # nothing was out beside it so far
    heard: float  # when it last gave a sign
    size: int  # lines it began with
    begun: float  # when it was handed over
    engine: str = ""  # which speaks it
    ended: float | None = None  # when its engine was closed because it gave none
    beside: bool = False  # its engine was closed because of another batch


class InFlight:
    def __init__(
        self,
        engine: Engine,
        restart: Callable[[], Engine] | None,
        backlog: Backlog,
        *,
        budget: int,
        largest: int,
        patience: Patience,
        clock: Callable[[], float] = time.monotonic,
    ):
        """budget: bytes that all batches together may take in the engine; largest: requests in one."""
        self.backlog, self.patience, self.clock = backlog, patience, clock
        self.shared, self.inbox, self.leaving = SharedEngine(engine, restart), Inbox(), threading.Event()
        self.slots = slots_of(engine)
        self.threads = [EngineThread(self.shared, self.inbox, self.leaving) for _ in range(self.slots)]
        self.out: dict[EngineThread, Batch] = {}
        self.budget, self.largest = budget // self.slots, min(largest, together_of(engine) or largest)
        self.deaths = 0  # in a row
        self.told: set[int] = set()  # numbers of engines whose death was counted
        self.news: list[Halved | Restarted] = []
        self.ticked = clock()

    # handing over

    def room(self, away: Collection[str] = ()) -> EngineThread | None:
        """A thread that may be given a batch now, of an engine that isn't away."""
        if any(batch.trial for batch in self.out.values()) or (self.out and self.backlog.has_trial(away)):
            return None
        if self.shared.restart is None and any(batch.ended is not None for batch in self.out.values()):
            return None  # the engine is being ended, and there is no other: `watch` says what becomes of it
        self.grow()
        if len(self.out) >= self.slots:
            return None
        return next((one for one in self.threads if one not in self.out), None)

    def grow(self) -> None:
        """Have as many threads as the engine has slots now, if their number changes."""
        if not getattr(self.shared.engine, "elastic", False):
            return
        self.slots = slots_of(self.shared.engine)
        while len(self.threads) < self.slots:
            self.threads.append(EngineThread(self.shared, self.inbox, self.leaving))

    def hand_over(
        self,
        thread: EngineThread,
        expected: Callable[[Sequence[Task]], float | None],
        away: Collection[str] = (),
    ) -> bool:
        """Give a thread the next batch; whether there was one. expected: how long a batch should take, in seconds; away:
        engines that get none."""
        tasks = self.backlog.trial(away)
        trial = tasks is not None
        tasks = self.backlog.batch(self.fits, self.largest, away) if tasks is None else tasks
        if not tasks:
            return False
        now = self.clock()
        for other in self.out.values():
            other.alone = False
        self.out[thread] = Batch(
            dict.fromkeys(tasks), expected(tasks), trial, not self.out, now, len(tasks), now, engine_of(tasks)
        )
        thread.speak(requests(tasks))
        return True

    def fits(self, tasks: Sequence[Task]) -> bool:
        most = together_of(self.shared.engine, tasks[0].case.job.voice)
        return len(tasks) <= (most or len(tasks)) and self.peak_bytes(tasks) <= self.budget

    def peak_bytes(self, tasks: Sequence[Task]) -> int:
        return self.shared.engine.peak_bytes(requests(tasks))

    # what comes back

    def answered(self, thread: EngineThread, spoken: Spoken) -> Task | None:
        """The task that an answer is to, if it is the first one to something that is out."""
        batch, task = self.out.get(thread), spoken.request.tag
        if batch is None or not isinstance(task, Task) or task not in batch.tasks:
            return None
        batch.heard = self.clock()
        del batch.tasks[task]
        if isinstance(spoken.error, EngineUnavailable):
            self.again(batch, [task])
        else:
            self.deaths = 0
        return task

    def ended(self, message: Ended) -> tuple[list[Burnt], BaseException | None]:
        """A batch is over: what it left unanswered goes on. (Attempts that count, what ends the run or pauses it)."""
        batch, error = self.out.pop(message.thread, None), message.error
        if batch is None:  # given up before
            return [], None
        left = list(batch.tasks)
        if batch.beside and (error is None or isinstance(error, EngineDied)):
            self.again(batch, left)
            return [], None
        if batch.ended is not None:
            error = EngineDied("it said nothing for too long")
        if isinstance(error, EngineOutOfMemory | MemoryError):
            return self.shrink(batch, left), None
        if isinstance(error, EngineDied):
            return self.died(message.thread, batch, left, error)
        if error is not None:
            self.again(batch, left)
            return [], error
        return [(task, RenderError("The engine gave no answer.")) for task in left], None

    def begun(self, thread: EngineThread) -> float:
        """When a thread was given what it has."""
        batch = self.out.get(thread)
        return batch.begun if batch else 0.0

    def engine_of(self, thread: EngineThread) -> str:
        """Which engine speaks what a thread has."""
        batch = self.out.get(thread)
        return batch.engine if batch else ""

    def again(self, batch: Batch, left: list[Task]) -> None:
        """Its lines go again as they did, no attempt counted."""
        if batch.trial and left:
            self.backlog.trials.appendleft(left)
        else:
            self.backlog.put(left)

    def shrink(self, batch: Batch, left: list[Task]) -> list[Burnt]:
        """Out of memory: batches of half the size from now on, and these again."""
        if len(left) <= 1:
            if batch.trial:
                return [(task, RenderError("There was no memory to speak it, even alone.")) for task in left]
            self.backlog.trials.extend([left] if left else [])
            return []
        half = left[: len(left) // 2]
        smaller = self.peak_bytes(half)
        if smaller < self.peak_bytes(left):
            self.budget = min(self.budget, smaller)
        else:  # by its own estimate the number doesn't matter
            self.largest = min(self.largest, len(half))
        self.news.append(Halved(len(left)))
        self.backlog.put(left)
        return []

    def died(
        self, thread: EngineThread, batch: Batch, left: list[Task], error: EngineDied
    ) -> tuple[list[Burnt], RenderError | None]:
        """The engine died: look for the culprit in halves, until it is alone."""
        blamed = batch.alone or batch.ended is not None
        if blamed or thread.number not in self.told:
            self.told.add(thread.number)
            self.deaths += 1
            self.news.append(Restarted(str(error)))
        if self.deaths > HOPELESS:
            return [], RenderError(
                f"The voice engine died {self.deaths} times in a row ({error}); "
                "what is finished is kept: see `dotsbook doctor`, then run the same command again."
            )
        if not blamed:
            self.backlog.trials.extend([left] if left else [])
            return [], None
        if len(left) > 1:
            middle = (len(left) + 1) // 2
            self.backlog.trials.extendleft([left[middle:], left[:middle]])
            return [], None
        if not batch.trial or batch.size > 1:
            self.backlog.trials.extendleft([left] if left else [])
            return [], None
        for task in left:
            task.case.alone = True
        return [(task, error) for task in left], None

    # watching

    def watch(self) -> Hung | None:
        """End an engine that has said nothing for too long; Hung if that doesn't help."""
        now = self.clock()
        if getattr(self.shared.engine, "ends_hangs", False):
            return None
        if now - self.ticked > ASLEEP:
            for batch in self.out.values():
                batch.heard = now
        self.ticked = now
        for thread, batch in list(self.out.items()):
            if batch.ended is None and now - batch.heard >= self.patience.limit(batch.expected):
                batch.ended = now
                thread.end_engine()
                for other, its in self.out.items():
                    its.beside = its.beside or (other is not thread and other.number == thread.number)
            elif batch.ended is not None and now - batch.ended >= self.patience.grace:
                del self.out[thread]
                self.threads.remove(thread)
                return Hung(
                    f"The voice engine has said nothing for {now - batch.heard:.0f} seconds and can't be stopped; "
                    "what is finished is kept: run the same command again to go on."
                )
        return None

    def wind_down(self) -> None:
        """Let batches end at their next take, or as the engine does it."""
        self.leaving.set()
        if tell := winding_down(self.shared.engine):
            tell()

    def leave(self, grace: float) -> None:
        """End the threads, waiting up to `grace` seconds for them, and the engine if it was made here."""
        leave(self.threads, grace)
        self.shared.leave(self.patience.grace)


def requests(tasks: Sequence[Task]) -> list[Request]:
    return [task.request() for task in tasks]
