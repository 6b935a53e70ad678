"""Takes are judged beside the render, on threads of their own: a judge that listens for long holds up nobody.

A line has one attempt under examination at a time, so which is kept hangs on the line alone and on no timing.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from dotsbook.audio import Samples
from dotsbook.render.captured import Captured
from dotsbook.render.cases import Case, Judged, Task, join
from dotsbook.render.engine_thread import Inbox
from dotsbook.render.health import Verdict
from dotsbook.voices.engine import Spoken

Examine = Callable[..., Verdict]
Measure = Callable[[Samples, int], Any]


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of an attempt."""

    case: Case
    attempt: int
    verdict: Verdict | None  # None: it is no sound at all
    judged: Judged | None  # it, if it may be kept
    error: BaseException | None = None  # a fault of the judge, which ends the run


class Examiners:
    """Threads that call `examine` (samples, rate, request) → Verdict; what they find comes into the inbox. The figures of
    a take that was recorded elsewhere are a fourth argument."""

    def __init__(self, examine: Examine, measure: Measure, inbox: Inbox, count: int):
        self.examine, self.measure, self.inbox = examine, measure, inbox
        self.work: SimpleQueue[tuple[Task, Sequence[Samples], int, Spoken] | None] = SimpleQueue()
        self.open = 0  # attempts handed over and not heard of by whoever reads the inbox
        self.threads = [threading.Thread(target=self.run, name="examiner", daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def put(self, task: Task, parts: Sequence[Samples], rate: int, spoken: Spoken) -> None:
        """Have a line judged: its samples, or those of the parts it was split into. spoken: the last answer to it."""
        self.open += 1
        self.work.put((task, parts, rate, spoken))

    def run(self) -> None:
        while (work := self.work.get()) is not None:
            task, parts, rate, spoken = work
            with Captured() as captured:
                self.inbox.put(self.examined(task, parts, rate, spoken))
            if captured.error is not None:
                self.inbox.put(Examined(task.case, task.attempt, None, None, captured.error))
            del work, task, parts, spoken

    def examined(self, task: Task, parts: Sequence[Samples], rate: int, spoken: Spoken) -> Examined:
        """Judge a line as a whole, however it was spoken; by figures that were measured with its sound, where they were."""
        samples = join(parts, rate, self.measure)
        asked = Task(task.case, task.attempt, task.case.job.chunk.spoken).request()
        recorded = spoken.recorded if len(parts) == 1 else None
        verdict = self.examine(samples, rate, asked, *([recorded.figures] if recorded else []))
        usable = verdict.ok or verdict.score > 0
        judged = Judged(task.attempt, samples, verdict, rate, spoken.facts, recorded) if usable else None
        return Examined(task.case, task.attempt, verdict, judged)

    def leave(self, grace: float) -> None:
        """End the threads after what they are at, waiting up to `grace` seconds."""
        while not self.work.empty():
            self.work.get()
        for _ in self.threads:
            self.work.put(None)
        until = time.monotonic() + grace
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))
