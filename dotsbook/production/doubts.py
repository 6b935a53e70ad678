"""`out/report.html`: every take kept though doubtful and every chunk without one, worst first, to be listened to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotsbook.production.book_judges import limits_of
from dotsbook.production.credits import TITLES
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.book import Chunk, Take
    from dotsbook.render.doubtful_page import DoubtfulLine
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Brief, Ledger
    from dotsbook.render.norms import Norm
    from dotsbook.render.opinions import Opinion

MOST_SOUNDS = 200  # players in the page; beyond that a row has its words only
UNHEALTHY = 0.25  # where a take that broke a check of its health stands among scores of judges
BEFORE = 0.4  # s before a doubtful word at which its take begins to play


def write_report(session: Session, asked: Sequence[str] = ()) -> Path | None:
    """Write the page if there is anything to say, or if one stands there from before; its path, or None.

    asked: what is asked of single words.
    """
    from dotsbook.files import write_whole
    from dotsbook.render.doubtful_page import report_html

    path = session.project.out / "report.html"
    rows = doubts(session)
    if not rows and not asked and not path.exists():
        return None
    write_whole(path, report_html(rows, session.project.manifest.title, asked).encode())
    return path


class HeldAgainst:
    """What speaks against takes now: the checks of their health, and the last word of each judge.

    A take that someone approved isn't doubted, nor one that judges objected to when it was made and like now.
    """

    def __init__(self, session: Session, ledger: "Ledger"):
        from dotsbook.render.opinions import against

        self.ledger = ledger
        _, self.approved = ledger.kept_as_they_are()
        self.said = against(ledger, limits_of(session))
        self.objected = objected(ledger)

    def score(self, job: "Job", take: "Brief | None") -> float | None:
        """How good a doubtful take is, from 0; None for one that isn't doubtful."""
        if take is None or job.key in self.approved:
            return None
        if scores := [one.score for one in self.opinions(job.key)]:
            return min(scores)
        return None if take.healthy or self.liked_now(job) else UNHEALTHY

    def liked_now(self, job: "Job") -> bool:
        """Whether nothing speaks against a take any more but that judges did so when it was made."""
        from dotsbook.render.health import judge
        from dotsbook.render.judgement import norms_for

        figures = self.objected.get(job.key)
        norms = norms_for(self.ledger, [job]) if figures else {}
        return figures is not None and judge(figures, norms.get((job.voice.name, job.chunk.language))).ok

    def opinions(self, key: str) -> "list[Opinion]":
        """Those against a take."""
        return [one.opinion for one in self.said.get(key, ()) if one.opinion]


def objected(ledger: "Ledger") -> dict[str, dict]:
    """{key: health figures} of takes that judges spoke against when they were made, and whose opinions are known."""
    from dotsbook.render.opinions import kept
    from dotsbook.render.take_rows import OBJECTION

    found = {key: figures for key, figures in ledger.unhealthy().items() if OBJECTION in figures}
    heard = {one.key for one in kept(ledger, list(found)) if one.opinion}
    return {key: health_figures(found[key]) for key in heard}


def health_figures(health: "Mapping[str, Any]") -> dict[str, float]:
    """What the checks of a take's health go by."""
    return {name: figure for name, figure in health.items() if isinstance(figure, int | float)}


def doubts(session: Session) -> "list[DoubtfulLine]":
    """A report row for each chunk whose take is doubtful or that failed: those without a take first, then the worst."""
    from dotsbook.render.judgement import norms_for

    with session.reading() as ledger:
        failures, held = ledger.failures(), HeldAgainst(session, ledger)
        clock: dict[int, float] = defaultdict(float)  # {chapter: seconds so far}
        bad: list[tuple[float, Job, float]] = []  # (how good it is, job, where in its chapter)
        for job, brief in ledger.briefed(session.jobs(ledger)):
            if brief is None and job.key in failures:
                bad.append((-1.0, job, clock[job.chunk.chapter]))
            elif (score := held.score(job, brief)) is not None:
                bad.append((score, job, clock[job.chunk.chapter]))
            clock[job.chunk.chapter] += brief.seconds if brief else 0.0
        bad.sort(key=lambda row: row[0])
        norms = norms_for(ledger, [job for _, job, _ in bad])
        takes = ledger.finished([job.key for _, job, _ in bad])
        heard = words_heard(ledger, list(takes))
    titles = TITLES | {listed.number: listed.title for listed in session.narration.chapters}
    rows: list[DoubtfulLine] = []
    for _, job, start in bad:
        title = titles[job.chunk.chapter]
        take = takes.get(job.key)
        if take is None:
            rows.append(without_take(job.chunk, title, failures[job.key]))
            continue
        told = held.opinions(job.key)
        reasons = [reason for opinion in told for reason in opinion.reasons]
        reasons += (
            []
            if take.healthy and told
            else reasons_against(take, norms.get((job.voice.name, job.chunk.language)))
        )
        file = session.project.takes / take.file if len(rows) < MOST_SOUNDS else None
        rows.append(with_take(job.chunk, title, start, reasons, heard.get(job.key), file))
    return rows


def words_heard(ledger: "Ledger", keys: Sequence[str]) -> "Mapping[str, Opinion]":
    from dotsbook.ears.words_judge import WordsJudge
    from dotsbook.render.opinions import latest

    return latest(ledger, keys, WordsJudge.name)


def without_take(chunk: "Chunk", title: str, failure) -> "DoubtfulLine":
    from dotsbook.render.doubtful_page import DoubtfulLine

    reason = f"{failure.error} ({failure.attempts} attempts)"
    return DoubtfulLine(chunk.id, title, chunk.text, (reason,), language=chunk.language)


def with_take(
    chunk: "Chunk",
    title: str,
    start: float,
    reasons: Sequence[str],
    opinion: "Opinion | None",
    file: Path | None,
) -> "DoubtfulLine":
    """opinion: of the judge of words, if it has heard the take; file: the take's, if there is still room for its sound."""
    from dotsbook.render.doubtful_page import DoubtfulLine, HeardUnder

    words = opinion.words if opinion else ()
    under = tuple(
        HeardUnder(chunk.spoken[word.start : word.end], word.heard, word.doubt > 0.5) for word in words
    )
    at = opinion.figures.get("at") if opinion else None
    return DoubtfulLine(
        chunk.id,
        title,
        chunk.text,
        tuple(dict.fromkeys(reasons)),
        start,
        file.read_bytes() if file and file.is_file() else None,
        language=chunk.language,
        words=under if any(word.doubted for word in under) else (),
        at=max(0.0, at - BEFORE) if at is not None else None,
    )


def reasons_against(take: "Take", norm: "Norm | None") -> tuple[str, ...]:
    """What a judge of the user's has against a take, or else what the checks have."""
    from dotsbook.render.health import judge
    from dotsbook.render.take_rows import OBJECTION

    if said := take.health.get(OBJECTION):
        return (said,)
    figures = health_figures(take.health)
    return (judge(figures, norm).reasons if figures else ()) or (
        "it was doubtful when it was made; by today's limits it isn't",
    )
