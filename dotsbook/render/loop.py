"""The render loop: pending chunks in, committed takes out, whatever the engine does. It knows no particular engine.

`render` is a generator of events and works on the thread that asks for them; the engine speaks on threads of its own
(engine_thread.py) and takes are judged on others (examiners.py). A turn of the loop takes in what they have said,
hands over the next batches, writes and commits what is settled (commits.py), and then tells of it: a take is told of
when its row is committed, not before.
"""

import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dotsbook.errors import OutputError
from dotsbook.memory import hand_back
from dotsbook.render.absence import Absences, Waits
from dotsbook.render.backlog import Backlog, pending
from dotsbook.render.batching import WINDOW
from dotsbook.render.calibration import Rate, audio_seconds
from dotsbook.render.cases import Case, Judged, Task, following, gathered, unusable
from dotsbook.render.commits import Commits
from dotsbook.render.deadline import Deadline
from dotsbook.render.disk import check_room
from dotsbook.render.engine_thread import Answered, Ended
from dotsbook.render.examiners import Examine, Examined, Examiners, Measure
from dotsbook.render.health import Verdict
from dotsbook.render.in_flight import Burnt, InFlight
from dotsbook.render.jobs import Job
from dotsbook.render.ledger import Ledger
from dotsbook.render.progress import Added, Event, Finished, Outcome, Paused, Resumed, Retried
from dotsbook.render.watchdog import Patience
from dotsbook.voices.engine import Engine, EngineUnavailable, Spoken

__all__ = ["Options", "pending", "render"]

LARGEST = 32  # requests in a batch, however small
TICK = 0.1  # seconds between looks at the clock and at the wish to stop
ROOM_EVERY = 10.0  # seconds between looks at the disk, and between two times that freed memory is handed back
CLOSING = 1.0  # seconds to wait for a batch's next take when a run is left in the middle

Stop = Callable[[], bool] | threading.Event | None


@dataclass(frozen=True)
class Options:
    """How to render; nothing here changes what a healthy take sounds like."""

    retries: int = 3  # more attempts at a bad take
    budget: int = 2_000_000_000  # bytes that the batches in flight may take in the engine
    largest: int = LARGEST
    window: int = WINDOW  # chapters
    patience: Patience = field(default_factory=Patience)
    waits: Waits = field(default_factory=Waits)  # for an engine that is away
    rate: Rate | None = None  # measured before: how long a batch should take
    margin: int = 200_000_000  # bytes to leave free on the disk
    examiners: int = 4  # takes judged at once
    clock: Callable[[], float] = time.monotonic  # seconds


def render(
    jobs: Iterable[Job],
    engine: Engine,
    ledger: Ledger,
    takes: Path,
    *,
    options: Options = Options(),
    examine: Examine | None = None,
    split: Callable[[str], Sequence[str]] | None = None,
    restart: Callable[[], Engine] | None = None,
    stop: Stop = None,
    deadline: Deadline | None = None,
    measure: Measure | None = None,
    first: Collection[str] = (),
    doubted: Mapping[str, Judged] | None = None,
    renewed: Callable[[], Iterable[Job]] | None = None,
) -> Generator[Event]:
    """Make the takes of `jobs` that the ledger lacks and yield what happens; the last event is Finished.

    The caller holds the lock, closes engine and ledger, and asks for all events on one thread, the ledger's; it may
    close the generator between two of them (contextlib.closing does, whatever comes). What was told of stays done.

    jobs: gone through more than once, the last time while rendering, a few chapters ahead of what is spoken;
    examine: (samples, rate, request) → Verdict, called from several threads; split: text → its parts at clauses, for a
    long line that stays bad; restart: makes another engine when one died; stop: a wish to end at the next take; first:
    keys of lines to speak before others of their chapters; doubted: committed takes, by key, that don't hold any more:
    what attempts they have left are made, and the best stands; renewed: the jobs asked for since `jobs` were made,
    none of which is among them: asked at the start and whenever another connection has written to the ledger, and made
    in this run, before all others. Raises RenderError if the engine can't go on, OutputError if the disk can't, Hung,
    and what `examine` and `split` raise.
    """
    if measure is None:
        from dotsbook.measure import measure as usual

        measure = usual
    run = Run(ledger, Path(takes), engine, options, examine, split, restart, stop, deadline, measure, renewed)
    try:
        run.begin(jobs, first, doubted or {})
        while not run.over():
            yield from run.turn()
        if run.problem is not None:
            raise run.problem
    finally:
        run.leave()
    yield Finished(run.outcome())


class Run:
    """One render's state: what waits, what is out, what came."""

    def __init__(
        self,
        ledger: Ledger,
        takes: Path,
        engine: Engine,
        options: Options,
        examine: Examine | None,
        split: Callable[[str], Sequence[str]] | None,
        restart: Callable[[], Engine] | None,
        stop: Stop,
        deadline: Deadline | None,
        measure: Measure,
        renewed: Callable[[], Iterable[Job]] | None,
    ):
        self.ledger, self.takes, self.options, self.clock = ledger, takes, options, options.clock
        self.split, self.deadline, self.renewed = split, deadline, renewed
        self.stop = stop.is_set if isinstance(stop, threading.Event) else stop
        self.backlog = Backlog(ledger, options.window, 1 + options.retries)
        self.flight = InFlight(
            engine,
            restart,
            self.backlog,
            budget=options.budget,
            largest=options.largest,
            patience=options.patience,
            clock=self.clock,
        )
        count = options.examiners if examine else 0
        self.examiners = Examiners(examine or trusting, measure, self.flight.inbox, count)
        self.commits = Commits(ledger, takes, lambda: self.flight.shared.engine, measure)
        self.absences = Absences(options.waits, self.clock)
        self.settled: list[Case] = []  # to be committed
        self.news: list[Event] = []  # to be told of after that
        self.wanted = self.undecided = 0  # jobs in all; cases still open
        self.stopped: str | None = None  # why to end before all is done
        self.problem: BaseException | None = None  # what ends the run
        self.end_by: float | None = None  # not to wait any longer for what is being judged
        self.version: int | None = None  # of the ledger, when it was last asked for requests
        self.started = self.room_seen = self.clock()

    # the frame

    def begin(self, jobs: Iterable[Job], first: Collection[str], doubted: Mapping[str, Judged]) -> None:
        self.wanted, self.undecided = self.backlog.fill(jobs, first)
        if not doubted:
            return
        for case in self.backlog.reopened([job for job in jobs if job.key in doubted], doubted):
            self.undecided += 1
            more = following(case, self.split)
            self.backlog.put(more)
            self.settled += [] if more else [case]  # nothing is left to try

    def turn(self) -> Iterator[Event]:
        """Take in what came, go on, commit what is settled, tell of it."""
        busy = self.flight.out or self.examiners.open or self.absences.on
        for message in self.flight.inbox.take(TICK if busy and not self.settled else 0.0):
            match message:
                case Answered():
                    self.hear(message)
                case Ended():
                    self.end(message)
                case Examined():
                    self.examiners.open -= 1
                    self.decide(message)
        self.fail(self.flight.watch())
        self.wish()
        self.hand_over()
        news, self.news = [*self.flight.news, *self.news], []
        self.flight.news = []
        yield from [*news, *self.conclude()]

    def over(self) -> bool:
        """Whether nothing goes on any more, or nothing that is worth waiting for."""
        if self.settled or self.news:
            return False
        ending = self.stopped is not None or self.problem is not None
        if ending and self.end_by is None and (self.problem is not None or not self.flight.out):
            self.end_by = self.clock() + self.options.patience.grace
        if self.flight.out or self.examiners.open:
            return self.end_by is not None and self.clock() > self.end_by
        if ending:
            return True
        self.renew()
        return not self.undecided or not self.backlog

    def wish(self) -> None:
        """See whether there is a reason to stop at the next take."""
        if self.stopped is None:
            if self.stop is not None and self.stop():
                self.stopped = "interrupted"
            elif self.deadline is not None and self.deadline.passed():
                self.stopped = "deadline"
        if self.stopped is not None:
            self.flight.wind_down()

    def fail(self, problem: BaseException | None) -> None:
        """End the run with an error, after what has been spoken is judged and committed."""
        if problem is not None and self.problem is None:
            self.problem = problem
            self.flight.wind_down()

    def leave(self) -> None:
        """Let go of all threads, wherever the run stands."""
        self.commits.close()
        self.examiners.leave(0.0 if self.examiners.open else self.options.patience.grace)
        self.flight.leave(CLOSING if self.flight.out else self.options.patience.grace)

    def outcome(self) -> Outcome:
        commits, wall = self.commits, self.clock() - self.started
        return Outcome(
            self.wanted,
            commits.done,
            tuple(commits.failed),
            tuple(commits.doubtful),
            self.stopped if self.undecided else None,
            wall,
            commits.tally.seconds,
            self.undecided,
            commits.tally.rate(wall - self.absences.paused),
        )

    # to the engine

    def hand_over(self) -> None:
        """Give each thread of the engine that is free its next batch."""
        if self.stopped or self.problem or not self.undecided:
            return
        while (thread := self.flight.room(away := self.away())) is not None:
            if self.examiners.open > self.flight.largest * self.flight.slots:
                return  # the judges are behind
            self.renew()
            if not self.look_at_disk() or not self.flight.hand_over(thread, self.seconds_for, away):
                return

    def away(self) -> set[str]:
        """Engines that get nothing now."""
        return self.absences.away({batch.engine for batch in self.flight.out.values()})

    def look_at_disk(self) -> bool:
        """Whether there is room, as far as was seen a while ago."""
        if self.clock() - self.room_seen <= ROOM_EVERY:
            return True
        try:
            check_room(self.takes, margin=self.options.margin)
        except OutputError as error:
            self.fail(error)
            return False
        hand_back()
        self.room_seen = self.clock()
        return True

    def renew(self) -> None:
        """Add what was asked for since the last look."""
        if self.renewed is None:
            return
        [(version,)] = self.ledger.rows("PRAGMA data_version")  # another connection's commit changes it
        if version == self.version:
            return
        self.version = version
        for job in self.backlog.add_asked(self.renewed()):
            self.wanted += 1
            self.undecided += 1
            self.news.append(Added(job))

    def seconds_for(self, tasks: Sequence[Task]) -> float | None:
        """Wall seconds a batch should take, by what was measured in this run or before it."""
        tally = self.commits.tally
        wall = self.clock() - self.started - self.absences.paused
        rate = tally.rate(wall) or (self.options.rate if tally.seconds else None)
        if rate is None:
            return None
        spoken = [(task.text, task.case.job.chunk.language) for task in tasks]
        return audio_seconds(spoken, rate.speeds) / rate.rate * self.flight.slots

    # from the engine

    def hear(self, message: Answered) -> None:
        """Take in an answer."""
        spoken = message.spoken
        task = self.flight.answered(message.thread, spoken)
        if task is None:
            return
        engine = task.case.job.voice.engine
        if isinstance(spoken.error, EngineUnavailable):
            self.pause(engine, spoken.error)
            return
        self.resume(engine, self.flight.begun(message.thread))
        self.attempted(task, spoken, spoken.rate or message.thread.engine.rate)

    def end(self, message: Ended) -> None:
        """A thread's batch is over."""
        begun, engine = self.flight.begun(message.thread), self.flight.engine_of(message.thread)
        burnt, problem = self.flight.ended(message)
        if isinstance(problem, EngineUnavailable):
            self.pause(engine, problem)
            return
        self.resume(engine, begun)
        self.fail(problem)
        if self.stopped is None and self.problem is None:  # else it was told to leave them
            self.burn(burnt)

    def burn(self, burnt: Sequence[Burnt]) -> None:
        """Attempts that gave nothing."""
        for task, error in burnt:
            self.attempted(task, Spoken(task.request(), error=error), 0)

    def pause(self, engine: str, error: EngineUnavailable) -> None:
        seconds = self.absences.of(engine).begin(error)
        if seconds is not None:
            self.news.append(Paused(str(error), seconds))

    def resume(self, engine: str, begun: float) -> None:
        """An answer came from a batch that was handed over at `begun`."""
        seconds = self.absences.of(engine).end(begun)
        if seconds is not None:
            self.news.append(Resumed(seconds))

    def attempted(self, task: Task, spoken: Spoken, rate: int) -> None:
        """An attempt, or a part of one, has come: have it judged if it is any sound, once it is whole."""
        reason = str(spoken.error) if spoken.error else unusable(spoken.samples)
        task.case.error = reason or task.case.error
        parts = gathered(task, None if reason else spoken.samples)
        if parts is None:
            return
        whole = [part for part in parts if part is not None]
        if len(whole) < len(parts):
            self.decide(Examined(task.case, task.attempt, None, None))
        elif self.examiners.threads:
            self.examiners.put(task, whole, rate, spoken)
        else:
            self.decide(self.examiners.examined(task, whole, rate, spoken))

    def decide(self, found: Examined) -> None:
        """Whether an attempt settles its case; if not, what to try next."""
        case = found.case
        if found.error is not None:
            self.fail(found.error)
            return
        if found.verdict is not None:
            case.error = "; ".join(found.verdict.reasons)
        if found.judged is not None:
            case.better(found.judged)
        if (found.verdict is not None and found.verdict.ok) or not (more := following(case, self.split)):
            self.settled.append(case)
            return
        self.news.append(Retried(case.job, found.attempt, (case.error,)))
        self.backlog.put(more)

    def conclude(self) -> list[Event]:
        """Write and commit what is settled, as one group: files first, then all rows; the news of it."""
        settled, self.settled = self.settled, []
        self.undecided -= len(settled)
        return list(self.commits.commit(settled)) if settled else []


def trusting(samples: object, rate: int, request: object) -> Verdict:
    """The verdict where nobody judges."""
    return Verdict(True, 1.0, {})
