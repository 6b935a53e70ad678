"""Notes that come back. Those of a reviewer's bundle find their lines by the takes that were heard, whatever was edited since.

Several reviewers' files may be read in any order and as often as one likes: what is there isn't added again.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field, ValidationError

from dotsbook.errors import SourceError
from dotsbook.production.corrections import read_rows, text_of
from dotsbook.production.notes_taking import NotesRead, NoteTaker
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.render.jobs import Job

MOST = 100_000  # notes of a file


class BundleNote(BaseModel):
    """One note of a file."""

    chunk: str = Field(max_length=40)
    take: str = Field(max_length=80)
    second: float | None = Field(default=None, ge=0, le=36_000)
    text: str = Field(default="", max_length=100_000)  # the line's
    why: str = Field(default="", max_length=40)
    note: str = Field(min_length=1, max_length=4000)
    by: str = Field(default="", max_length=80)


class BundleFile(BaseModel):
    """The file that a bundle saves."""

    dotsbook: Literal["notes"]
    version: Literal[1]
    by: str = Field(default="", max_length=80)
    notes: list[BundleNote] = Field(max_length=MOST)


def read_notes(session: Session, path: Path, chapter: int | None = None, by: str = "") -> NotesRead:
    """Make notes of what a listener or an editor wrote into any of the files we know. chapter: times are those of its own
    file, not the book's. Raises SourceError."""
    text = text_of(path)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_bundle(session, text, path, by)
    return read_rows(session, text, chapter, by)


def read_bundle(session: Session, text: str, path: Path, by: str) -> NotesRead:
    """Make notes of a bundle's file. Raises SourceError for one that is none."""
    from dotsbook.production.line_review import reviewing

    try:
        file = BundleFile.model_validate_json(text.lstrip("\ufeff"))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise SourceError(
            f"{path} isn't what a reviewer's bundle saves: {place[:60]}: {first['msg']}."
        ) from error
    lines = HeardLines(session, file.notes)
    with reviewing(session) as review:
        taker = NoteTaker(review)
        for note in file.notes:
            if found := lines.find(note):
                base, take = found
                second = note.second if take else None
                who = note.by or file.by or by
                taker.take(base, take, " ".join(note.note.split()), note.why, second, who)
            else:
                taker.lost.append(
                    f"“{note.note[:60]}” has no place in the book: {note.chunk}, “{note.text[:60]}”, isn't there any more"
                )
    return taker.read()


class HeardLines:
    """The book's lines, by the takes that were heard of them."""

    def __init__(self, session: Session, notes: list[BundleNote]):
        wanted = {note.take for note in notes}
        with session.reading() as ledger:
            rows = ledger.rows("SELECT key, base FROM takes")
            self.bases = {key: base or key for key, base in rows if key in wanted}
            ids = {note.chunk for note in notes}
            needed = set(self.bases.values())
            self.jobs: list[Job] = [
                job for job in session.jobs(ledger) if job.base in needed or job.chunk.id in ids
            ]
        self.there = {job.base for job in self.jobs}
        self.by_id = {job.chunk.id: job for job in self.jobs}

    def find(self, note: BundleNote) -> tuple[str, str] | None:
        """(the line's base, the take that was heard of it): by that take, else the line of that number if its words are
        the same; then the take is unknown, ""."""
        base = self.bases.get(note.take)
        if base in self.there and base is not None:
            return base, note.take
        job = self.by_id.get(note.chunk)
        same = job is not None and job.chunk.text.split() == note.text.split()
        return (job.base, "") if job is not None and same else None
