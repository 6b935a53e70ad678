"""Which chapters and lines a person means: chapters by numbers and ranges, lines by their ids or the beginning of their keys."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.render.jobs import Job

SHORTEST = 8  # characters of a key that name a line
MOST = 500  # lines of a stretch


def jobs_named(session: Session, names: Sequence[str]) -> "list[Job]":
    """The lines' jobs, in the order of their names. Raises ManifestError for one that isn't there or isn't clear."""
    if (known := jobs_known(session, names)) is not None:
        return known
    with session.reading() as ledger:
        jobs = session.jobs(ledger)
        wanted = dict.fromkeys(names)
        found: dict[str, list[Job]] = {name: [] for name in wanted}
        keys = [name for name in wanted if len(name.removeprefix("r1:")) >= SHORTEST]
        for job in jobs:
            if job.chunk.id in found:
                found[job.chunk.id].append(job)
            for name in keys:
                if job.key.removeprefix("r1:").startswith(name.removeprefix("r1:")):
                    found[name].append(job)
    unknown = [name for name, lines in found.items() if not lines]
    if unknown:
        raise ManifestError(f"There is no chunk {', '.join(unknown)}; `dotsbook plan --text` shows them all.")
    doubled = [name for name, lines in found.items() if len(lines) > 1]
    if doubled:
        raise ManifestError(f"More than one line's key begins with {doubled[0]}; write more of it.")
    return [lines[0] for lines in found.values()]


def jobs_known(session: Session, names: Sequence[str]) -> "list[Job] | None":
    """The same for ids of a book whose keys are all made already, without going through it; None where it must be."""
    from dotsbook.production.credits import NUMBERS

    wanted: list[tuple[int, str]] = []
    for name in dict.fromkeys(names):
        chapter, dot, _ = name.partition(".")
        if not (dot and chapter.isdecimal() and len(chapter) < 9) and name not in NUMBERS:
            return None
        wanted.append((NUMBERS[name] if name in NUMBERS else int(chapter), name))
    if not session.all_jobs.bases.whole:
        return None
    places = [session.narration.place(chapter, name) for chapter, name in wanted]
    if None in places:
        return None
    with session.reading() as ledger:
        jobs = session.jobs(ledger)
        return [
            jobs.at(place, session.narration.stretch(place, 1)[0]) for place in places if place is not None
        ]


def jobs_between(session: Session, named: str) -> "list[Job]":
    """The lines of a stretch of one chapter, "3.42-3.45", or the one line that is named. Raises ManifestError."""
    first, dash, last = named.partition("-")
    if not dash:
        return jobs_named(session, [named])
    chapter, _, begin = first.partition(".")
    other, _, end = last.partition(".")
    numbers = chapter, begin, other, end
    if not all(part.isdecimal() and len(part) < 9 for part in numbers) or chapter != other:
        raise ManifestError(
            f"{named[:60]!r} names no lines: write one, 3.42, or those of one chapter, 3.42-3.45."
        )
    if not 0 <= int(end) - int(begin) < MOST:
        raise ManifestError(f"{named[:60]} runs backwards, or is more than {MOST} lines.")
    return jobs_named(session, [f"{chapter}.{number}" for number in range(int(begin), int(end) + 1)])


def chapter_numbers(text: str, last: int) -> set[int]:
    """'3,5-7' as {3, 5, 6, 7}. `last` is the book's last chapter. Raises ManifestError."""
    wanted: set[int] = set()
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        if not (low.isdecimal() and len(low) < 10) or (dash and not (high.isdecimal() and len(high) < 10)):
            raise ManifestError(f"--chapter {text[:60]!r}: write numbers and ranges, e.g. 3,5-7.")
        span = range(int(low), int(high or low) + 1)
        if not span:
            raise ManifestError(f"--chapter {part.strip()} runs backwards; write {int(high)}-{int(low)}.")
        if span[0] < 1 or span[-1] > last:
            raise ManifestError(
                f"--chapter {part.strip()}: the book has chapters 1 to {last}; `dotsbook plan` lists them."
            )
        wanted.update(span)
    return wanted
