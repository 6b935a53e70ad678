"""The render loop: pending chunks in, committed takes out, whatever the engine does. It knows no particular engine.

The engine speaks on a thread of its own (engine_thread.py); this one judges, writes and commits what it says, hears a
wish to stop between takes, and watches the clock. A take is told of when its row is committed, not before.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil
from pathlib import Path

from dotsbook.audio import Samples
from dotsbook.book import Take
from dotsbook.errors import RenderError
from dotsbook.memory import hand_back
from dotsbook.render import store
from dotsbook.render.batching import AHEAD, WINDOW, Pool, Waiting, Windows
from dotsbook.render.calibration import Rate, Tally, audio_seconds
from dotsbook.render.cases import Case, Judged, Task, Verdict, again, following, reopened, unusable, whole
from dotsbook.render.deadline import Deadline
from dotsbook.render.disk import check_room
from dotsbook.render.engine_thread import Ended, EngineThread, out_of_memory
from dotsbook.render.jobs import Job
from dotsbook.render.ledger import Facts, Ledger
from dotsbook.render.progress import Done, Event, Failed, Halved, Outcome, Restarted, Retried
from dotsbook.render.watchdog import Hung, Patience
from dotsbook.voices.engine import Engine, EngineDied, Request, Spoken

LARGEST = 32  # requests in a batch, however small
TICK = 0.1  # seconds between looks at the clock and at the wish to stop
ROOM_EVERY = 10.0  # seconds between looks at the disk, and between two times that freed memory is handed back
WRITERS = 4  # threads that measure, encode and sync: one's fsync is another's arithmetic
HOPELESS = 12  # deaths of the engine in a row with nothing spoken between: a batch of 32 halves away in 6


@dataclass(frozen=True)
class Options:
    """How to render; nothing here changes what a healthy take sounds like."""

    retries: int = 3  # more attempts at a bad take
    budget: int = 2_000_000_000  # bytes that a batch may take in the engine
    largest: int = LARGEST
    window: int = WINDOW  # chapters
    patience: Patience = field(default_factory=Patience)
    rate: Rate | None = None  # measured before: how long a batch should take
    margin: int = 200_000_000  # bytes to leave free on the disk


def pending(jobs: Iterable[Job], ledger: Ledger) -> Iterator[Job]:
    """Those without a take, in order."""
    return (job for job, take in ledger.briefed(jobs) if take is None)


def render(
    jobs: Iterable[Job],
    engine: Engine,
    ledger: Ledger,
    takes: Path,
    *,
    options: Options = Options(),
    examine: Callable[[Samples, int, Request], Verdict] | None = None,
    split: Callable[[str], Sequence[str]] | None = None,
    restart: Callable[[], Engine] | None = None,
    stop: Callable[[], bool] = lambda: False,
    deadline: Deadline | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    measure: Callable | None = None,
    first: Collection[str] = (),
    doubted: Mapping[str, Judged] | None = None,
) -> Outcome:
    """Make the takes of `jobs` that the ledger lacks. The caller holds the lock and closes engine and ledger.

    jobs: gone through more than once, the last time while rendering, a few chapters ahead of what is spoken;
    examine: (samples, rate, request) → Verdict; split: text → its parts at clauses, for a long line that stays bad;
    restart: makes another engine when one died; stop: a wish to end at the next take; first: keys of lines to speak
    before others of their chapters; doubted: committed takes, by key, that don't hold any more: what attempts they
    have left are made, and the best stands. Raises RenderError if the engine can't go on, OutputError if the disk
    can't, KeyboardInterrupt at once; what was told of as done stays done.
    """
    if measure is None:
        from dotsbook.measure import measure
    run = Run(
        ledger, Path(takes), engine, options, examine, split, restart, stop, deadline, on_event, measure
    )
    wanted = run.fill(jobs, first)
    return run.all(jobs, wanted, doubted or {})


class Run:
    """One render's state: what waits, what is out, what came."""

    def __init__(
        self, ledger, takes, engine, options, examine, split, restart, stop, deadline, on_event, measure
    ):
        self.ledger, self.takes, self.engine, self.options = ledger, takes, engine, options
        self.examine, self.split, self.measure = examine, split, measure
        self.stop, self.deadline, self.on_event = stop, deadline, on_event
        self.thread = EngineThread(engine, restart)
        self.writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="writer")
        self.pool = Pool()
        self.suspects: deque[list[Task]] = deque()  # batches to go first: halves of one that failed
        self.out: dict[Task, None] = {}  # asked for and not answered
        self.budget, self.largest = options.budget, options.largest
        self.expected: float | None = None  # seconds for the batch that is out
        self.deaths = 0  # in a row
        self.tally, self.started = Tally(), time.monotonic()
        self.room_seen = self.ticked = self.started
        self.killed = False  # the engine, for hanging over the batch that is out
        self.done, self.failed, self.doubtful = 0, [], []
        self.coming: Iterator[tuple[int, Iterator[Case]]] = iter(())  # windows that aren't in the pool yet
        self.next: tuple[int, Iterator[Case]] | None = None  # the first of them
        self.undecided = 0  # cases still open
        self.doubted: Mapping[str, Judged] = {}

    def all(self, jobs: Iterable[Job], wanted: int, doubted: Mapping[str, Judged]) -> Outcome:
        """Run until nothing waits or a stop."""
        stopped = None
        try:
            self.reopen([job for job in jobs if job.key in doubted] if doubted else [], doubted)
            while self.undecided:
                stopped = stopped or self.wish()
                if not self.thread.busy and not stopped:
                    self.hand_over()
                if not self.thread.busy:
                    break
                self.attend(stopped)
        finally:
            self.writers.shutdown(cancel_futures=True)
            self.thread.leave(0.0 if self.thread.busy else self.options.patience.grace)
        wall = time.monotonic() - self.started
        return Outcome(
            wanted,
            self.done,
            tuple(self.failed),
            tuple(self.doubtful),
            stopped if self.undecided else None,
            wall,
            self.tally.seconds,
            self.undecided,
            self.tally.rate(wall),
        )

    def fill(self, jobs: Iterable[Job], first: Collection[str]) -> int:
        """Get ready to render those without a take; how many jobs there are with and without."""
        wanted = 0
        for _, take in self.ledger.briefed(jobs):
            wanted += 1
            self.undecided += take is None
        self.coming = groupby(self.cases(pending(jobs, self.ledger), first), lambda case: ceil(case.window))
        self.next = next(self.coming, None)
        return wanted

    def cases(self, jobs: Iterable[Job], first: Collection[str]) -> Iterator[Case]:
        before, windows = self.ledger.failures(), Windows(self.options.window)
        for place, job in enumerate(jobs):
            tried = before[job.key].attempts if job.key in before else 0
            yield Case(
                job,
                place,
                windows[job.chunk.chapter] - 0.5 * (job.key in first),
                tried,
                1 + self.options.retries,
            )

    def load(self) -> int:
        """Bring into the pool the windows that the next batch may be filled from; how much it holds."""
        while self.next and (not self.pool or self.next[0] - 0.5 <= self.pool.first() + AHEAD):
            self.pool.add(waiting(again(case)) for case in self.next[1])
            self.next = next(self.coming, None)
        return len(self.pool)

    def reopen(self, jobs: list[Job], doubted: Mapping[str, Judged]) -> None:
        """Go on with lines whose takes don't hold; those with nothing left to try are settled at once."""
        windows = Windows(self.options.window)
        self.doubted = doubted
        self.undecided += len(jobs)
        takes, spent = self.ledger.finished([job.key for job in jobs]), []
        for place, job in enumerate(jobs):
            case = reopened(
                job, place, windows[job.chunk.chapter], doubted[job.key], 1 + self.options.retries
            )
            case.replaces = takes[job.key].file
            more = following(case, self.split)
            self.put(more)
            spent += [] if more else [case]
        self.conclude(spent)

    def wish(self) -> str | None:
        """Why to stop at the next take, if there is a reason."""
        reason = (
            "interrupted" if self.stop() else "deadline" if self.deadline and self.deadline.passed() else None
        )
        if reason:
            self.thread.leaving.set()
        return reason

    def hand_over(self) -> None:
        """Give the engine its next batch."""
        if self.suspects:
            batch = self.suspects.popleft()
        else:
            self.load()
            batch = [one.what for one in self.pool.batch(self.fits, self.largest)]
        if not batch:
            return
        if time.monotonic() - self.room_seen > ROOM_EVERY:
            check_room(self.takes, margin=self.options.margin)
            hand_back()
            self.room_seen = time.monotonic()
        self.out = dict.fromkeys(batch)
        self.expected = self.seconds_for(batch)
        self.thread.speak([task.request() for task in batch])

    def fits(self, waiting: Sequence[Waiting]) -> bool:
        return self.thread.engine.peak_bytes([one.what.request() for one in waiting]) <= self.budget

    def seconds_for(self, batch: Sequence[Task]) -> float | None:
        """Wall seconds a batch should take, by what was measured in this run or before it."""
        rate = self.tally.rate(time.monotonic() - self.started) or (
            self.options.rate if self.tally.seconds else None
        )
        if rate is None:
            return None
        return (
            audio_seconds([(task.text, task.case.job.chunk.language) for task in batch], rate.speeds)
            / rate.rate
        )

    def attend(self, stopped: str | None) -> None:
        """Take in what the engine has said, or see whether it hangs."""
        heard = self.thread.listen(TICK)
        if not heard:
            self.watch()
            return
        self.ticked = time.monotonic()
        spoken = [one for one in heard if isinstance(one, Spoken) and self.answered(one)]
        ended = [one for one in heard if isinstance(one, Ended)]
        if spoken:
            self.deaths = 0
        problem = ended[0].error if ended else None
        if ended and self.killed:
            problem, self.killed = EngineDied("it said nothing for too long"), False
        if ended:
            spoken += self.settle(problem, stopped)
        if not self.thread.busy and not stopped and problem is None and (self.suspects or self.load()):
            self.hand_over()  # before the writing, so that the engine isn't idle
        self.take_in(spoken)
        if problem is not None and not isinstance(problem, EngineDied) and not out_of_memory(problem):
            raise problem

    def answered(self, spoken: Spoken) -> bool:
        """Whether it is the first answer to something that is out."""
        if spoken.request.tag not in self.out:
            return False
        del self.out[spoken.request.tag]
        return True

    def settle(self, problem: BaseException | None, stopped: str | None) -> list[Spoken]:
        """A batch is over: what it left unanswered goes on. Gives answers for those that must count as tried."""
        left, self.out = list(self.out), {}
        if stopped:
            return []
        if out_of_memory(problem):
            return self.shrink(left)
        if isinstance(problem, EngineDied):
            self.on_event(Restarted(str(problem)))
            return self.halve(left, problem)
        if problem is None:
            return [Spoken(task.request(), error=RenderError("The engine gave no answer.")) for task in left]
        return []

    def shrink(self, left: list[Task]) -> list[Spoken]:
        """Out of memory: batches of half the size from now on, and these again."""
        if len(left) <= 1:
            error = RenderError("There was no memory to speak it, even alone.")
            return [Spoken(task.request(), error=error) for task in left]
        peak_bytes = self.thread.engine.peak_bytes
        half = left[: len(left) // 2]
        smaller = peak_bytes([task.request() for task in half])
        if smaller < peak_bytes([task.request() for task in left]):
            self.budget = min(self.budget, smaller)
        else:  # by its own estimate the number doesn't matter
            self.largest = min(self.largest, len(half))
        self.on_event(Halved(len(left)))
        self.put(left)
        return []

    def halve(self, left: list[Task], problem: EngineDied) -> list[Spoken]:
        """The engine died: look for the culprit in halves, until it is alone."""
        self.deaths += 1
        if self.deaths > HOPELESS:
            raise RenderError(
                f"The voice engine died {self.deaths} times in a row ({problem}); "
                "what is finished is kept: see `dotsbook doctor`, then run the same command again."
            )
        if len(left) > 1:
            self.halves(left)
            return []
        for task in left:
            task.case.alone = True
        return [Spoken(task.request(), error=problem) for task in left]

    def halves(self, left: list[Task]) -> None:
        middle = (len(left) + 1) // 2
        self.suspects.extendleft([left[middle:], left[:middle]])

    def watch(self) -> None:
        """End an engine that has said nothing for too long."""
        now = time.monotonic()
        if now - self.ticked > 50 * TICK:  # this process itself was stopped or asleep
            self.thread.heard = now
        self.ticked = now
        waited = now - self.thread.heard
        patience = self.options.patience
        if waited < (patience.grace if self.killed else patience.limit(self.expected)):
            return
        if self.killed or not self.thread.kill(patience.grace):
            raise Hung(
                f"The voice engine has said nothing for {waited:.0f} seconds and can't be stopped; "
                "what is finished is kept: run the same command again to go on."
            )
        self.killed = True

    # what came

    def take_in(self, spoken: Sequence[Spoken]) -> None:
        """Judge, write and commit answers, as one group: files first, then all rows, then the news."""
        settled: list[Case] = []
        retried: list[Event] = []
        for answer in spoken:
            task: Task = answer.request.tag
            verdict = self.judge(task, answer)
            if verdict is None:
                continue  # a part of a line whose others are to come
            if verdict or not (more := following(task.case, self.split)):
                settled.append(task.case)
                continue
            retried.append(Retried(task.case.job, task.attempt, (task.case.error,)))
            self.put(more)
        self.conclude(settled, retried)

    def conclude(self, settled: list[Case], events: Sequence[Event] = ()) -> None:
        """Write and commit what is settled, then tell of it, after `events`."""
        lost = [case for case in settled if not case.best]
        done = self.commit(list(self.writers.map(self.write, [case for case in settled if case.best])))
        for event in [*events, *done, *self.lose(lost)]:
            self.on_event(event)

    def judge(self, task: Task, answer: Spoken) -> bool | None:
        """Whether an answer settles its case; None while other parts of its line are to come."""
        case, rate = task.case, self.engine.rate
        reason = str(answer.error) if answer.error else unusable(answer.samples)
        case.error = reason or case.error
        samples, last = whole(task, None if reason else answer.samples, rate, self.measure)
        if not last:
            return None
        if samples is None:
            return False
        asked = Task(case, task.attempt, case.job.chunk.spoken).request()
        verdict = self.examine(samples, rate, asked) if self.examine else Fine()
        case.error = "; ".join(verdict.reasons)
        if verdict.ok or verdict.score > 0:
            case.better(Judged(task.attempt, samples, verdict))
        return bool(verdict.ok)

    def put(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            if task.case.alone:
                self.suspects.append([task])
            else:
                self.pool.put(waiting(task))

    def write(self, case: Case) -> tuple[Take, Facts, Case]:
        """Step 1 of the commit order: the file."""
        best, job = case.best, case.job
        samples, rate = best.samples, self.engine.rate
        if samples is None:
            samples, rate = store.read(self.takes, case.replaces)
        figures = (
            dict(best.verdict.figures)
            | ({"split": 1.0} if case.split else {})
            | ({} if best.verdict.ok else {"attempt": best.attempt})
        )
        facts = Facts(
            case.tried,
            bool(best.verdict.ok),
            figures,
            self.engine.identity,
            job.voice.name,
            job.chunk.language,
            job.chunk.spoken,
            job.base,
            job.retake,
        )
        file = store.successor(case.replaces) if case.replaces else None
        take = store.write(self.takes, job.key, samples, rate, facts, self.measure, file)
        return take, facts, case

    def commit(self, written: list[tuple[Take, Facts, Case]]) -> list[Event]:
        """Step 2: the rows."""
        if not written:
            return []
        self.ledger.add([(take, facts) for take, facts, _ in written])
        events = []
        for take, facts, case in written:
            done = Done(case.job, take, () if take.healthy else tuple(case.best.verdict.reasons))
            events.append(done)
            if not take.healthy:
                self.doubtful.append(done)
            self.tally.add(facts.language, len(facts.text), take.seconds)
            case.best = None  # its samples are on disk; let them go
            if case.replaces:
                (self.takes / case.replaces).unlink(missing_ok=True)
        self.done += len(written)
        self.undecided -= len(written)
        return events

    def lose(self, lost: list[Case]) -> list[Event]:
        if not lost:
            return []
        self.ledger.fail([(case.job.key, case.job.chunk.id, case.tried, case.error) for case in lost])
        failed = [Failed(case.job, case.tried, case.error) for case in lost]
        self.failed += failed
        self.undecided -= len(lost)
        return failed


def waiting(task: Task) -> Waiting:
    case = task.case
    return Waiting(len(task.text), -case.place, case.job.voice.name, case.window, task)


@dataclass(frozen=True)
class Fine:
    """The verdict where nobody looks."""

    ok: bool = True
    score: float = 1.0
    figures: dict = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
