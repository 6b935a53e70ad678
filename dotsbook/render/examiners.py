"""Takes are judged beside the render, on threads of their own: a judge that listens for long holds up nobody.

A line has one attempt under examination at a time, so which is kept hangs on the line alone and on no timing.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from dotsbook.audio import Samples
from dotsbook.render.captured import Captured
from dotsbook.render.cases import Case, Judged, Task, join
from dotsbook.render.engine_thread import Inbox
from dotsbook.render.health import Verdict
from dotsbook.voices.engine import Request

Examine = Callable[[Samples, int, Request], Verdict]
Measure = Callable[[Samples, int], Any]
Origin = Mapping[str, str] | None  # Spoken.facts


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of an attempt."""

    case: Case
    attempt: int
    verdict: Verdict | None  # None: it is no sound at all
    judged: Judged | None  # it, if it may be kept
    error: BaseException | None = None  # a fault of the judge, which ends the run


class Examiners:
    """Threads that call `examine` (samples, rate, request) → Verdict; what they find comes into the inbox."""

    def __init__(self, examine: Examine, measure: Measure, inbox: Inbox, count: int):
        self.examine, self.measure, self.inbox = examine, measure, inbox
        self.work: SimpleQueue[tuple[Task, Sequence[Samples], int, Origin] | None] = SimpleQueue()
        self.open = 0  # attempts handed over and not heard of by whoever reads the inbox
        self.threads = [threading.Thread(target=self.run, name="examiner", daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def put(self, task: Task, parts: Sequence[Samples], rate: int, facts: Origin = None) -> None:
        """Have a line judged: its samples, or those of the parts it was split into. facts: of where it was spoken."""
        self.open += 1
        self.work.put((task, parts, rate, facts))

    def run(self) -> None:
        while (work := self.work.get()) is not None:
            task, parts, rate, facts = work
            with Captured() as captured:
                self.inbox.put(self.examined(task, parts, rate, facts))
            if captured.error is not None:
                self.inbox.put(Examined(task.case, task.attempt, None, None, captured.error))
            del work, task, parts

    def examined(self, task: Task, parts: Sequence[Samples], rate: int, facts: Origin = None) -> Examined:
        """Judge a line as a whole, however it was spoken."""
        samples = join(parts, rate, self.measure)
        asked = Task(task.case, task.attempt, task.case.job.chunk.spoken).request()
        verdict = self.examine(samples, rate, asked)
        usable = verdict.ok or verdict.score > 0
        judged = Judged(task.attempt, samples, verdict, rate, facts) if usable else None
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
