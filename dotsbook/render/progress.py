"""What a render tells while it runs, and the figures a progress line needs. It prints nothing."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dotsbook.book import Take
from dotsbook.render.calibration import Rate, audio_seconds
from dotsbook.render.jobs import Job, digits

RECENT = 180.0  # seconds of the past that the rate and the time left are made of


@dataclass(frozen=True, slots=True)
class Done:
    """A take is committed; `take.healthy` is False if it is the best of several bad ones."""

    job: Job
    take: Take
    reasons: tuple[str, ...] = ()  # what is wrong with an unhealthy one


@dataclass(frozen=True, slots=True)
class Retried:
    """An attempt was bad; the line goes into a later batch."""

    job: Job
    attempt: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """A chunk has no usable take; noted in the ledger."""

    job: Job
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Halved:
    """A batch did not fit in memory; from now on they are smaller."""

    size: int  # requests in it


@dataclass(frozen=True, slots=True)
class Restarted:
    """The engine died or hung, and another is started."""

    reason: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The engine is away: nothing is asked of it for a while, and nothing counts as tried."""

    reason: str
    seconds: float  # until it is asked again


@dataclass(frozen=True, slots=True)
class Resumed:
    """The engine is there again."""

    seconds: float  # it was away


@dataclass(frozen=True, slots=True)
class Added:
    """A line was asked for while the run goes on, and is made in it."""

    job: Job


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a render came to."""

    wanted: int
    done: int  # takes made in this run
    failed: tuple[Failed, ...]  # without a take
    doubtful: tuple[Done, ...]  # kept though unhealthy
    stopped: str | None  # None: ran to the end; "interrupted", "deadline"
    seconds: float  # wall time
    audio: float  # seconds of audio made
    left: int  # still to be made
    rate: Rate | None = None  # measured in this run, if it was long enough to tell

    @property
    def complete(self) -> bool:
        return not self.left and not self.failed


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a run."""

    outcome: Outcome


Event = Done | Retried | Failed | Halved | Restarted | Paused | Resumed | Added | Finished


def seconds(job: Job) -> float:
    """Of audio, as expected."""
    return audio_seconds([(job.chunk.spoken, job.chunk.language)], {})


class Progress:
    """Figures for a progress line, fed with every event."""

    def __init__(
        self,
        pending: Iterable[Job],
        clock: Callable[[], float] = time.monotonic,
        missing: Iterable[Job] | None = None,
    ):
        """missing: all that their chapters lack, if that is more than is to be made now."""
        self.clock = clock
        self.start = clock()
        self.done = self.failed = 0
        self.audio = 0.0
        self.chapters: Counter[int] = Counter()  # {chapter: takes it lacks}
        self.left: set[int] = set()  # of the jobs still to come, as much of their keys as tells them apart
        self.ahead = 0.0  # seconds of audio to come, as expected
        self.total = 0
        for job in pending:
            self.expect(job)
        if missing is not None and missing is not pending:
            self.chapters = Counter(job.chunk.chapter for job in missing)
        self.behind = 0.0  # what was expected of that which came
        self.recent: deque[tuple[float, float]] = deque([(self.start, 0.0)])

    def expect(self, job: Job) -> None:
        """One more is to be made."""
        if digits(job.key) in self.left:
            return
        self.left.add(digits(job.key))
        self.total += 1
        self.chapters[job.chunk.chapter] += 1
        self.ahead += seconds(job)

    def add(self, event: Event) -> bool:
        """Take an event in; whether a chapter lacks nothing now. A take that is made a second time counts once."""
        if isinstance(event, Added):
            self.expect(event.job)
            return False
        if not isinstance(event, Done | Failed) or digits(event.job.key) not in self.left:
            return False
        self.left.remove(digits(event.job.key))
        expected = seconds(event.job)
        self.ahead -= expected
        if isinstance(event, Failed):
            self.failed += 1
            return False
        self.done += 1
        self.audio += event.take.seconds
        self.behind += expected
        self.recent.append((self.clock(), self.audio))
        while len(self.recent) > 2 and self.recent[-1][0] - self.recent[1][0] > RECENT:
            self.recent.popleft()
        self.chapters[event.job.chunk.chapter] -= 1
        return not self.chapters[event.job.chunk.chapter]

    def record(self) -> dict[str, float | None]:
        """The figures as other programs read them."""
        return {"finished": self.done, "failed": self.failed, "rate": self.rate, "eta": self.eta}

    @property
    def rate(self) -> float | None:
        """Seconds of audio a second, over the last minutes; None before there is anything to say."""
        (start, before), (end, after) = self.recent[0], self.recent[-1]
        return (after - before) / (end - start) if end > start and after > before else None

    @property
    def eta(self) -> float | None:
        """Seconds to go, or None while nothing is known."""
        if not self.rate or not self.behind:
            return None
        return max(0.0, self.ahead) * (self.audio / self.behind) / self.rate
