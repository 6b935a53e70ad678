"""What is still to be spoken: read from the jobs window by window, and what comes back to be tried again.

Lines that a person asked for while the run goes on come before all others. It knows no engine.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import ceil

from dotsbook.render.batching import AHEAD, Pool, Waiting, Windows
from dotsbook.render.cases import Case, Judged, Task, again, reopened
from dotsbook.render.jobs import Job
from dotsbook.render.ledger import Ledger


def pending(jobs: Iterable[Job], ledger: Ledger) -> Iterator[Job]:
    """Those without a take, in order."""
    return (job for job, take in ledger.briefed(jobs) if take is None)


class Backlog:
    def __init__(self, ledger: Ledger, window: int, attempts: int):
        """window: chapters; attempts: how many a line gets in a run."""
        self.ledger, self.window, self.attempts = ledger, window, attempts
        self.pool = Pool()
        self.trials: deque[list[Task]] = deque()  # one of these brought the engine down: each goes by itself
        self.coming: Iterator[tuple[int, Iterator[Case]]] = iter(())  # windows that aren't in the pool yet
        self.next: tuple[int, Iterator[Case]] | None = None  # the first of them
        self.asked: set[str] = set()  # keys that were added while running

    def __bool__(self) -> bool:
        return bool(self.pool or self.trials or self.next)

    def fill(self, jobs: Iterable[Job], first: Collection[str]) -> tuple[int, int]:
        """Get ready to give out those without a take; (how many jobs there are, how many of them without)."""
        wanted = missing = 0
        for _, take in self.ledger.briefed(jobs):
            wanted += 1
            missing += take is None
        self.coming = groupby(self.cases(pending(jobs, self.ledger), first), lambda case: ceil(case.window))
        self.next = next(self.coming, None)
        return wanted, missing

    def cases(self, jobs: Iterable[Job], first: Collection[str]) -> Iterator[Case]:
        before, windows = self.ledger.failures(), Windows(self.window)
        for place, job in enumerate(jobs):
            tried = before[job.key].attempts if job.key in before else 0
            window = windows[job.chunk.chapter] - 0.5 * (job.key in first)
            yield Case(job, place, window, tried, self.attempts)

    def reopened(self, jobs: Sequence[Job], doubted: Mapping[str, Judged]) -> list[Case]:
        """Cases of committed takes that don't hold any more; they go on where they were."""
        windows, takes = Windows(self.window), self.ledger.finished([job.key for job in jobs])
        cases = []
        for place, job in enumerate(jobs):
            case = reopened(job, place, windows[job.chunk.chapter], doubted[job.key], self.attempts)
            case.replaces = takes[job.key].file
            cases.append(case)
        return cases

    def add_asked(self, jobs: Iterable[Job]) -> list[Job]:
        """Put lines that were asked for just now before all others; those that are new here and have no take."""
        new = [job for job in jobs if job.key not in self.asked]
        missing = list(pending(new, self.ledger))
        self.asked.update(job.key for job in missing)
        front = self.pool.first() if self.pool else self.next[0] - 0.5 if self.next else 0
        window, before = (front or 0) - 0.5, self.ledger.failures() if missing else {}
        for place, job in enumerate(missing):
            tried = before[job.key].attempts if job.key in before else 0
            self.pool.put(waiting(again(Case(job, place, window, tried, self.attempts))))
        return missing

    def load(self) -> int:
        """Bring into the pool the windows that the next batch may be filled from; how much it holds."""
        while self.next and (not self.pool or self.next[0] - 0.5 <= (self.pool.first() or 0) + AHEAD):
            self.load_next()
        return len(self.pool)

    def load_next(self) -> None:
        assert self.next is not None
        self.pool.add(waiting(again(case)) for case in self.next[1])
        self.next = next(self.coming, None)

    def batch(
        self, fits: Callable[[Sequence[Task]], bool], largest: int, away: Collection[str] = ()
    ) -> list[Task]:
        """Take out what to speak together next; nothing if nothing waits but for engines that are away."""
        while True:
            self.load()
            chosen = self.pool.batch(lambda several: fits([one.what for one in several]), largest, away)
            if chosen or not self.next:
                return [one.what for one in chosen]
            self.load_next()

    def trial(self, away: Collection[str] = ()) -> list[Task] | None:
        """Take out what is to go by itself next; None if there is nothing but for engines that are away."""
        found = next((tasks for tasks in self.trials if engine_of(tasks) not in away), None)
        if found is not None:
            self.trials.remove(found)
        return found

    def has_trial(self, away: Collection[str] = ()) -> bool:
        return any(engine_of(tasks) not in away for tasks in self.trials)

    def put(self, tasks: Iterable[Task]) -> None:
        """These are to be spoken, again or still."""
        for task in tasks:
            if task.case.alone:
                self.trials.append([task])
            else:
                self.pool.put(waiting(task))


def waiting(task: Task) -> Waiting:
    case = task.case
    voice = case.job.voice
    return Waiting(len(task.text), -case.place, voice.name, case.window, task, voice.engine)


def engine_of(tasks: Iterable[Task]) -> str:
    """Which engine speaks a batch, as `Voice.engine` has it; "" where a book has one."""
    return next((task.case.job.voice.engine for task in tasks), "")
