"""The Review view: chapters signed in two passes, and the notes that go out to listeners and editors and come back."""

import tempfile
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Asked, ChangeWish, ChapterNumber, Endpoint
from dotsbook.studio.studio_house import StudioHouse

FORMS = {
    "csv": "corrections.csv",
    "audacity": "labels.txt",
    "reaper": "markers.csv",
}  # and what their files are called
LARGEST = 8_000_000  # bytes of notes that come back


class SignWish(ChangeWish):
    chapter: ChapterNumber
    hearing: Literal["accuracy", "performance"]
    withdraw: bool = False


class NotesOutAsked(Asked):
    form: Literal["csv", "audacity", "reaper"] = "csv"
    chapter: ChapterNumber | None = None  # only its own, with the times of its own file


class NotesInWish(ChangeWish):
    text: Annotated[str, Field(min_length=1, max_length=LARGEST)]
    chapter: ChapterNumber | None = None


def signed(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """The chapters with who signed them."""
    return {"chapters": [one.record() for one in book.review.signed()]}


def sign(house: StudioHouse, book: Production, asked: SignWish) -> dict:
    """Sign a chapter as heard through."""
    book.checked([asked.chapter])
    book.review.sign(asked.chapter, asked.hearing, asked.by, withdraw=asked.withdraw)
    return {}


def notes_out(house: StudioHouse, book: Production, asked: NotesOutAsked) -> dict:
    """Doubtful words and open notes as listeners and editors take them."""
    chapters = None if asked.chapter is None else [asked.chapter]
    book.checked(chapters)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FORMS[asked.form]
        count = book.export_notes(file, asked.form, asked.chapter)
        return {"name": file.name, "text": file.read_text("utf-8"), "count": count}


def notes_in(house: StudioHouse, book: Production, asked: NotesInWish) -> dict:
    """Read what was written into such a file, or into a reviewer's bundle; nothing twice."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "notes"
        file.write_text(asked.text, "utf-8", newline="")
        read = book.import_notes(file, asked.chapter, asked.by)
    return {"added": read.added, "known": read.known, "lost": list(read.lost)}


ENDPOINTS = (
    Endpoint("signed", Asked, signed),
    Endpoint("sign", SignWish, sign),
    Endpoint("notes-out", NotesOutAsked, notes_out, room="voice"),  # of a long book it takes seconds
    Endpoint("notes-in", NotesInWish, notes_in, largest=2 * LARGEST),
)
