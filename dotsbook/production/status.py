"""What is done of a book, what is missing, what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dotsbook.production.credits import TITLES
from dotsbook.production.doubts import HeldAgainst
from dotsbook.production.session import Session


@dataclass
class ChapterStatus:
    number: int
    title: str
    depth: int = 0
    chunks: int = 0
    done: int = 0
    failed: int = 0
    doubtful: int = 0
    seconds: float = 0.0  # of finished takes

    @property
    def missing(self) -> int:
        return self.chunks - self.done - self.failed

    def record(self) -> dict:
        return {
            "number": self.number,
            "title": self.title,
            "chunks": self.chunks,
            "done": self.done,
            "failed": self.failed,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class FailedChunk:
    chunk: str  # its id
    attempts: int  # in all runs
    error: str


@dataclass(frozen=True)
class Status:
    chapters: tuple[ChapterStatus, ...]  # the spoken credits last, if there are any
    failures: tuple[FailedChunk, ...]
    doubtful: tuple[str, ...]  # ids of chunks whose best take is doubtful, the worst first
    notes: int  # of reviewers, still open
    approved: int  # lines
    locked: int
    against: Mapping[str, str] = field(
        default_factory=dict
    )  # {doubtful chunk: what judges say against its take}

    @property
    def chunks(self) -> int:
        return sum(chapter.chunks for chapter in self.chapters)

    @property
    def done(self) -> int:
        return sum(chapter.done for chapter in self.chapters)

    @property
    def seconds(self) -> float:
        return sum(chapter.seconds for chapter in self.chapters)

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "chapters": [chapter.record() for chapter in self.chapters if chapter.number not in TITLES],
            "credits": [chapter.record() for chapter in self.chapters if chapter.number in TITLES],
            "failures": [
                {"chunk": failed.chunk, "attempts": failed.attempts, "error": failed.error}
                for failed in self.failures
            ],
            "doubtful": list(self.doubtful),
            "review": {"notes": self.notes, "approved": self.approved, "locked": self.locked},
        }


def status_of(session: Session) -> Status:
    """Read from the ledger; a render going on is no hindrance."""
    chapters: Mapping[int, ChapterStatus] = {
        listed.number: ChapterStatus(listed.number, listed.title, listed.depth)
        for listed in session.narration.chapters
    }
    credits: dict[int, ChapterStatus] = {}
    doubtful: list[tuple[float, str]] = []  # (score, id)
    failed: list[FailedChunk] = []
    against: dict[str, str] = {}
    bases: set[str] = set()
    with session.reading() as ledger:
        failures, held = ledger.failures(), HeldAgainst(session, ledger)
        for job, take in ledger.briefed(session.jobs(ledger)):
            number = job.chunk.chapter
            chapter = chapters.get(number) or credits.setdefault(
                number, ChapterStatus(number, TITLES.get(number, ""))
            )
            chapter.chunks += 1
            bases.add(job.base)
            if take:
                chapter.done += 1
                chapter.seconds += take.seconds
                if (score := held.score(job, take)) is not None:
                    chapter.doubtful += 1
                    doubtful.append((score, job.chunk.id))
                    reasons = [reason for opinion in held.opinions(job.key) for reason in opinion.reasons]
                    against[job.chunk.id] = "; ".join(reasons)
            elif failure := failures.get(job.key):
                chapter.failed += 1
                failed.append(FailedChunk(job.chunk.id, failure.attempts, failure.error))
        notes, approved, locked = ledger.review_counts(bases)
    doubtful.sort(key=lambda row: row[0])
    worst_first = tuple(chunk for _, chunk in doubtful)
    return Status(
        (*chapters.values(), *credits.values()), tuple(failed), worst_first, notes, approved, locked, against
    )
