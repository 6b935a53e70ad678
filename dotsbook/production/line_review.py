"""What a person wants of lines: another take, a note, an approval, a lock, one take rather than another.

Written beside a render that goes on, which sees it at its next window. Lines are named by their ids ("3.42") or by the
first characters of their takes' keys, eight at least.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError
from dotsbook.production.selection import jobs_named
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.render.jobs import Job
    from dotsbook.render.review import Review, ReviewNote


def ask_retakes(session: Session, names: Sequence[str], why: str, by: str) -> int:
    """Ask for new takes; how many. Raises ManifestError for a line that is locked."""
    jobs = jobs_named(session, names)
    with reviewing(session) as review:
        kept = locked_among(jobs, review)
        if kept:
            raise ManifestError(f"{', '.join(kept)} locked; `dotsbook unlock` lets them be made anew.")
        review.retake([job.base for job in jobs], why, by)
    return len(jobs)


def ask_again(session: Session, chapters: Collection[int]) -> list[str]:
    """Ask for new takes of whole chapters; the ids of locked lines, which stay."""
    with session.reading() as ledger:
        jobs = list(session.jobs(ledger).of(chapters))
    with reviewing(session) as review:
        kept = locked_among(jobs, review)
        review.retake([job.base for job in jobs], "the chapter again")
    return kept


def locked_among(jobs: "Iterable[Job]", review: "Review") -> list[str]:
    """The ids of lines that are not to be made anew."""
    locked = review.locks()
    return [job.chunk.id for job in jobs if job.base in locked]


def add_note(session: Session, name: str, text: str, category: str, at: float | None, by: str) -> None:
    """Note something about a line. Raises ManifestError for an empty note or a category that doesn't exist."""
    from dotsbook.render.review import CATEGORIES

    if category and category not in CATEGORIES:
        raise ManifestError(f"There is no category {category!r}; there are {', '.join(CATEGORIES)}.")
    if not text.strip():
        raise ManifestError("The note is empty; say what you noticed.")
    [job] = jobs_named(session, [name])
    with reviewing(session) as review:
        review.note(job.base, job.key, text.strip(), category, at, by)


def approve_lines(session: Session, names: Sequence[str], by: str, withdraw: bool) -> int:
    """Approve the takes that lines have now, or take approvals back. Raises ManifestError for a line without a take."""
    jobs = jobs_named(session, names)
    with session.reading() as ledger:
        there = ledger.finished([job.key for job in jobs])
    missing = [job.chunk.id for job in jobs if job.key not in there]
    if missing and not withdraw:
        raise ManifestError(f"{', '.join(missing)} can't be approved: there is no take yet.")
    with reviewing(session) as review:
        if withdraw:
            review.withdraw([job.base for job in jobs], by)
        else:
            review.approve([(job.base, job.key) for job in jobs], by)
    return len(jobs)


def lock_lines(session: Session, names: Sequence[str], by: str, unlock: bool) -> int:
    """Keep lines from being rendered again, or let them be."""
    bases = [job.base for job in jobs_named(session, names)]
    with reviewing(session) as review:
        (review.unlock if unlock else review.lock)(bases, by)
    return len(bases)


def choose_take(session: Session, name: str, key: str | None, by: str) -> None:
    """Use this take of a line. Raises ManifestError if the line has no such take."""
    [job] = jobs_named(session, [name])
    with session.reading() as ledger:
        own = [take.key for take in ledger.takes_of(job.base)]
        if key is not None and key not in own:
            whose = "is another line's" if ledger.finished([key]) else "doesn't exist"
            raise ManifestError(f"The take {key} {whose}; {job.chunk.id} has {', '.join(own) or 'none'}.")
    with reviewing(session) as review:
        review.choose(job.base, key, by)


def open_notes(session: Session, lines: Mapping[str, str] | None = None) -> "list[tuple[str, ReviewNote]]":
    """(id of its line, note) of the notes that are open, the oldest first; "" where no line is as it was.

    lines: {base: id} of the whole book, where that is known already.
    """
    from dotsbook.render.review import Review

    with session.reading() as ledger:
        notes = Review(ledger).notes(open_only=True)
        wanted = {note.base for note in notes}
        if lines is None:
            lines = (
                {job.base: job.chunk.id for job in session.jobs(ledger) if job.base in wanted}
                if wanted
                else {}
            )
    return [(lines.get(note.base, ""), note) for note in notes]


@contextmanager
def reviewing(session: Session) -> "Iterator[Review]":
    """The review's tables, to write; a render going on is no hindrance."""
    from dotsbook.render.review import reviewer

    with reviewer(session.project.ledger, session.project.takes) as review:
        yield review
