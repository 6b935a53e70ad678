"""The user's own judges of takes, found by entry point: a recogniser, say. It judges nothing itself.

    [project.entry-points."dotsbook.judges"]
    whisper = "my_package:WhisperJudge"     # a Judge, or a class or function that makes one

A judge that fails is told of and costs no take. It is asked from several threads, one at a time, unless it says
`parallel = True`.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeVar

from dotsbook.audio import Samples
from dotsbook.book import Take
from dotsbook.render import opinions, store
from dotsbook.render.captured import Captured
from dotsbook.render.jobs import Job
from dotsbook.render.ledger import Ledger, batches
from dotsbook.render.opinions import LATER, KeptOpinion, Opinion
from dotsbook.voices.engine import Voice

GROUP = "dotsbook.judges"
OLD_GROUP = "dotsbook.validators"  # until the next release
MOST = 256  # takes heard at a time
T = TypeVar("T")
R = TypeVar("R")
Validator = Callable[
    [Samples, int, str, str], str | None
]  # (samples, rate, text, language) → what is wrong, or None


@dataclass(frozen=True)
class HeardTake:
    """What a judge is given. The samples are its own: it may change them."""

    samples: Samples  # mono float32
    rate: int  # Hz
    text: str  # as it was to be spoken
    language: str  # BCP 47
    voice: Voice  # with its reference recording, if it has one
    key: str  # the take's; several attempts at one line have the same


class Judge(Protocol):
    """What hears a take and says how good it is. Optional members: `parallel: bool`, it may be asked from several threads
    at once; `version_of(voice) -> str`, its version for takes of one voice where that differs, LATER while it has to learn
    the voice first: takes are kept for it until then."""

    name: str
    version: str  # another hears again what it has heard; with its model's, if it has one
    threshold: float  # the least score of a take that is to be kept

    def hear(self, take: HeardTake) -> Opinion | None:
        """What it thinks; None: nothing, of a take that is none of its business. May raise whatever it likes."""


class GuardedJudge:
    """A judge whose faults become its `complaint`, and no opinion."""

    def __init__(self, judge: Judge):
        self.judge = judge
        self.name, self.version, self.threshold = str(judge.name), str(judge.version), float(judge.threshold)
        self.complaint = ""  # the last thing that went wrong in it, a sentence
        self.lock = None if getattr(judge, "parallel", False) else Lock()
        self.version_of: Callable[[str], str] = getattr(judge, "version_of", lambda voice: self.version)

    def hear(self, take: HeardTake) -> KeptOpinion | None:
        """What it thinks, as it is kept; None if it wasn't able to think."""
        version = self.version_of(take.voice.name)
        opinion, able = (None, True) if version == LATER else self.heard(take)
        return KeptOpinion(take.key, self.name, version, opinion) if able else None

    def heard(self, take: HeardTake) -> tuple[Opinion | None, bool]:
        """(what it thinks, whether it was able to think)."""
        opinion = None
        with Captured() as captured:
            if self.lock is None:
                opinion = self.judge.hear(take)
            else:
                with self.lock:
                    opinion = self.judge.hear(take)
        if error := survived(captured.error):
            self.complaint = (
                f"The judge `{self.name}` failed ({type(error).__name__}: {error}); its opinion is left out."
            )
            return None, False
        if opinion is None or is_opinion(opinion):
            return opinion, True
        self.complaint = (
            f"The judge `{self.name}` answered with {str(opinion)[:60]!r}, where an Opinion with a score of 0 to 1, "
            "or None, belongs."
        )
        return None, False


def is_opinion(answer: object) -> bool:
    """Whether foreign code has given what it should."""
    if not isinstance(answer, Opinion) or not isinstance(answer.score, int | float):
        return False
    return math.isfinite(answer.score) and 0 <= answer.score <= 1


class ValidatorJudge:
    """A function of the old group `dotsbook.validators` as a judge."""

    threshold = 0.5

    def __init__(self, name: str, validator: Validator, version: str = ""):
        self.name, self.validator, self.version = name, validator, version

    def hear(self, take: HeardTake) -> Opinion | None:
        objection = self.validator(take.samples, take.rate, take.text, take.language)
        if objection is None or isinstance(objection, str):
            return Opinion(0.0, (objection,)) if objection else Opinion(1.0)
        raise TypeError(f"it answered with a {type(objection).__name__}, where a sentence or None belongs")


def find(
    points: Sequence[EntryPoint] | None = None, old: Sequence[EntryPoint] | None = None
) -> tuple[list[GuardedJudge], list[str]]:
    """(judges installed beside us, a sentence for each that can't be loaded or is of the old kind).

    points, old: what stands in the groups `dotsbook.judges` and `dotsbook.validators`; None: whatever is installed.
    """
    found: list[GuardedJudge] = []
    told: list[str] = []
    for point in in_order(entry_points(group=GROUP) if points is None else points):
        load(point, made_judge, found, told)
    known = {judge.name for judge in found}  # a package may be in both groups, for older programs
    for point in in_order(entry_points(group=OLD_GROUP) if old is None else old):
        if point.name not in known and load(point, made_validator, found, told):
            told.append(
                f"The validator `{point.name}` is asked for the last time in this release: make it a judge "
                f"(entry point group {GROUP}), or uninstall {package_of(point)}."
            )
    return found, told


def in_order(points: Iterable[EntryPoint]) -> list[EntryPoint]:
    return sorted(points, key=lambda point: point.name)


def package_of(point: EntryPoint) -> str:
    return point.value.partition(":")[0]


def load(
    point: EntryPoint,
    made: Callable[[EntryPoint, object], GuardedJudge | None],
    found: list[GuardedJudge],
    told: list[str],
) -> bool:
    """Add the judge that an entry point names to `found`, or a sentence why not to `told`."""
    judge = None
    with Captured() as captured:
        judge = made(point, point.load())
    if error := survived(captured.error):
        told.append(
            f"The judge `{point.name}` can't be loaded ({type(error).__name__}: {error}); "
            f"mend or uninstall {package_of(point)}."
        )
    elif judge is None:
        told.append(
            f"The judge `{point.name}` is none: {point.value} must have a name, a version, a threshold and a function "
            "`hear` (or be, as a validator, a function of samples, rate, text, language)."
        )
    elif judge.name in {other.name for other in found}:
        told.append(f"Two judges are called `{judge.name}`; that of {package_of(point)} isn't asked.")
    else:
        found.append(judge)
        return True
    return False


def made_judge(point: EntryPoint, loaded: object) -> GuardedJudge | None:
    """A judge out of what was loaded: one, or what makes one."""
    if callable(loaded) and (isinstance(loaded, type) or not hasattr(loaded, "hear")):
        loaded = loaded()
    needed = ("name", "version", "threshold", "hear")
    return GuardedJudge(loaded) if all(hasattr(loaded, name) for name in needed) else None  # type: ignore[arg-type]  # just looked at


def made_validator(point: EntryPoint, loaded: object) -> GuardedJudge | None:
    if not callable(loaded):
        return None
    return GuardedJudge(ValidatorJudge(point.name, loaded, point.dist.version if point.dist else ""))


def survived(error: BaseException | None) -> Exception | None:
    """What foreign code raised, whatever it is; but an interrupt, an exit and the end of memory go on."""
    if error is None or isinstance(error, Exception) and not isinstance(error, MemoryError):
        return error
    raise error


def check(
    jobs: Iterable[Job],
    ledger: Ledger,
    takes: Path,
    judges: Sequence[GuardedJudge],
    stop: Callable[[], bool] = lambda: False,
    at_once: Callable[[], int] = lambda: 1,
) -> Iterator[tuple[Job, str, Opinion]]:
    """Have judges hear takes that exist: each new opinion, with its job and its judge's name, once it is kept.

    at_once: how many takes to hear at a time, now; where that is one, on the thread that asks.

    What a judge of this version has heard is passed over, so that it goes on where it was stopped. The caller holds the
    lock. Raises LedgerError for a take whose file is gone or damaged.
    """

    def hear(what: tuple[Job, Take, list[GuardedJudge]]) -> tuple[Job, list[KeptOpinion]]:
        job, take, asked = what
        samples, rate = store.read(takes, take.file)
        about = (job.chunk.spoken, job.chunk.language, job.voice, job.key)
        said = [judge.hear(HeardTake(samples.copy(), rate, *about)) for judge in asked]
        return job, [one for one in said if one]

    todo = takewhile(lambda _: not stop(), unheard(jobs, ledger, judges))
    for job, new in heard_in_order(hear, todo, at_once):
        opinions.keep(ledger, new)
        yield from ((job, one.judge, one.opinion) for one in new if one.opinion)


def heard_in_order(work: Callable[[T], R], todo: Iterable[T], at_once: Callable[[], int]) -> Iterator[R]:
    """What `work` makes of each, in their order; several on threads of their own where `at_once` says so."""
    going: deque[Future[R]] = deque()
    threads = ThreadPoolExecutor(MOST, thread_name_prefix="hearing")
    try:
        for one in todo:
            if not going and at_once() == 1:
                yield work(one)
                continue
            going.append(threads.submit(work, one))
            while len(going) >= at_once() or (going and going[0].done()):
                yield going.popleft().result()
        while going:
            yield going.popleft().result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def unheard(
    jobs: Iterable[Job], ledger: Ledger, judges: Sequence[GuardedJudge]
) -> Iterator[tuple[Job, Take, list[GuardedJudge]]]:
    """Jobs whose takes judges of these versions haven't heard: each with its take and the judges that are to hear it."""
    for batch in batches(jobs):
        there = ledger.finished([job.key for job in batch])
        heard = {(one.key, one.judge, one.version) for one in opinions.kept(ledger, list(there))}
        for job in batch:
            asked = [
                judge
                for judge in judges
                if (job.key, judge.name, judge.version_of(job.voice.name)) not in heard
            ]
            if job.key in there and asked:
                yield job, there[job.key], asked
