"""Judges hear the takes that exist: each opinion once, kept in the ledger by take, judge and version."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from dotsbook.errors import ManifestError
from dotsbook.production.events import Remark
from dotsbook.production.rendering import Stop, wish
from dotsbook.production.session import Session


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


def judge_remarks(names: Collection[str] | None = None) -> list[str]:
    """A sentence for each judge that can't be loaded. Raises ManifestError for a name that no judge has, or without any."""
    from dotsbook.render.judges import find

    judges, broken = find()
    known = [judge.name for judge in judges]
    unknown = [name for name in names or () if name not in known]
    if unknown:
        there = f"there are {', '.join(known)}" if known else "none is installed"
        raise ManifestError(f"There is no judge {', '.join(unknown)}; {there}.")
    if not known:
        broken.append("no judge is installed; docs/judges.md tells how one is added")
    return broken


def check_takes(
    session: Session,
    chapters: Collection[int] | None = None,
    names: Collection[str] | None = None,
    stop: Stop = None,
) -> Iterator[HeardLine | Remark]:
    """Each opinion as it is kept, and at the end a remark on each judge that failed.

    What a judge of this version has heard before is passed over.
    Holds the project's write lock until it ends, is stopped or closed.
    """
    from dotsbook.render.judges import check, find

    judges = {judge.name: judge for judge in find()[0] if names is None or judge.name in names}
    with session.writing() as ledger:
        jobs = session.jobs(ledger).of(chapters)
        for job, name, opinion in check(
            jobs, ledger, session.project.takes, list(judges.values()), wish(stop)
        ):
            yield HeardLine(
                job.chunk.id,
                job.key,
                name,
                judges[name].version,
                opinion.score,
                opinion.score < judges[name].threshold,
                tuple(opinion.reasons),
                dict(opinion.figures),
                tuple(opinion.spans),
            )
    for judge in judges.values():
        if judge.complaint:
            yield Remark(judge.complaint)
