"""Judges hear the takes that exist: each opinion once, kept in the ledger by take, judge and version."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError
from dotsbook.production.book_judges import judges_of, learner_of, unheard_languages
from dotsbook.production.clusters import WorkersNow, place_of, wish_of
from dotsbook.production.events import Remark, of_cluster
from dotsbook.production.hearing_elsewhere import hearing_on
from dotsbook.production.rendering import Again, Stop, wish
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.render.jobs import Job
    from dotsbook.render.judges import GuardedJudge
    from dotsbook.render.ledger import Ledger


@dataclass(frozen=True)
class CheckStarted:
    """What is to be heard."""

    takes: int
    audio: float  # s of them
    expected: float | None  # s that it will take, as measured here before; None: not measured yet


@dataclass(frozen=True)
class HeardLine:
    """What a judge thinks of a line's take."""

    chunk: str  # its id
    key: str
    judge: str  # its name
    version: str  # of the judge
    score: float  # 0 … 1, higher is better
    doubted: bool  # below the judge's own threshold
    reasons: tuple[str, ...]
    figures: Mapping[str, float]
    spans: tuple[tuple[int, int], ...]  # of the spoken text, that the opinion is about
    seconds: float = 0.0  # of the take

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "chunk": self.chunk,
            "key": self.key,
            "judge": self.judge,
            "version": self.version,
            "score": round(self.score, 4),
            "doubted": self.doubted,
            "reasons": list(self.reasons),
            "figures": dict(self.figures),
            "spans": [list(span) for span in self.spans],
        }


CheckEvent = CheckStarted | HeardLine | WorkersNow | Remark


def one() -> int:
    return 1


def chosen(session: Session, names: Collection[str] | None) -> "tuple[list[GuardedJudge], list[str]]":
    """(the judges asked for, a sentence for each that can't be loaded). ManifestError for a name none has, or without any."""
    judges, told = judges_of(session)
    known = [judge.name for judge in judges]
    unknown = [name for name in names or () if name not in known]
    if unknown:
        there = f"there are {', '.join(known)}" if known else "none is installed"
        raise ManifestError(f"There is no judge {', '.join(unknown)}; {there}.")
    if not known:
        told.append(
            "no judge is asked for: write `ears: {words: on}` in book.yaml (docs/ears.md), or add one of your own "
            "(docs/judges.md)"
        )
    return [judge for judge in judges if names is None or judge.name in names], told


def check_takes(
    session: Session,
    chapters: Collection[int] | None = None,
    names: Collection[str] | None = None,
    stop: Stop = None,
    cluster: str | None = None,
) -> Iterator[CheckEvent]:
    """What is to be heard, each opinion as it is kept, and at the end a remark on each judge that failed.

    What a judge of this version has heard before is passed over.
    Holds the project's write lock until it ends, is stopped or closed. cluster: its workers hear.
    """
    from dotsbook.ears.words_judge import WordsJudge
    from dotsbook.production.doubts import write_report
    from dotsbook.production.unknown_words import weigh_together
    from dotsbook.render.calibration import Tally, note
    from dotsbook.render.judges import check

    judges, told = chosen(session, names)
    yield from map(Remark, told)
    tally, start, place = Tally(), time.monotonic(), place_of(cluster)
    with session.writing() as ledger, hearing_on(session, wish_of(cluster), judges) as (judges, there):
        by_name = {judge.name: judge for judge in judges}
        book = session.jobs(ledger)
        jobs = Again(lambda: book.of(chapters))
        learner_of(session, ledger, book, judges)
        started = ahead(session, jobs, ledger, judges, place)
        yield started
        if started.takes and not there:
            yield from map(Remark, unheard_languages(session, judges))
        at_once = there.hearers if there else one
        for job, name, opinion in check(jobs, ledger, session.project.takes, judges, wish(stop), at_once):
            yield from of_cluster(there)
            judge = by_name[name]
            seconds = ledger.finished([job.key])[job.key].seconds
            tally.add(job.chunk.language, len(job.chunk.spoken), seconds)
            yield HeardLine(
                job.chunk.id,
                job.key,
                name,
                judge.version_of(job.voice.name),
                opinion.score,
                opinion.score < judge.threshold,
                tuple(opinion.reasons),
                dict(opinion.figures),
                tuple(opinion.spans),
                seconds,
            )
        asked = weigh_together(book, ledger) if WordsJudge.name in by_name else []
    yield from map(Remark, asked)
    if rate := tally.rate(time.monotonic() - start):
        note(session.project.cache, cost_name(judges), rate, place)
    if tally.seconds:
        write_report(session, asked)
    for judge in judges:
        if judge.complaint:
            yield Remark(judge.complaint)


def ahead(
    session: Session,
    jobs: "Iterable[Job]",
    ledger: "Ledger",
    judges: "list[GuardedJudge]",
    place: str | None = None,
) -> CheckStarted:
    """How much there is to hear, and how long that takes as far as it was measured here."""
    from dotsbook.render.calibration import expected_seconds, known
    from dotsbook.render.judges import unheard

    lengths = [take.seconds for _, take, _ in unheard(jobs, ledger, judges)]
    rate = known(session.project.cache, cost_name(judges), place) if judges else None
    return CheckStarted(len(lengths), sum(lengths), expected_seconds(sum(lengths), rate))


def cost_name(judges: "list[GuardedJudge]") -> str:
    """What the speed of these judges together is kept by."""
    return "judges " + ", ".join(f"{judge.name} {judge.version}" for judge in judges)
