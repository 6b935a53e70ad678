"""The Listen view: lines to read and hear, and what is marked while they are heard."""

from typing import Annotated, Literal

from pydantic import Field

from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Asked, ChangeWish, Endpoint, Key, LineAsked, LineWish, Words
from dotsbook.studio.studio_house import StudioHouse


class LinesAsked(Asked):
    first: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    count: Annotated[int, Field(ge=1, le=500)] = 50


class PeaksAsked(Asked):
    key: Key
    bars: Annotated[int, Field(ge=10, le=1000)] = 240


class NoteWish(LineWish):
    text: Words
    category: Literal["", "misread", "missing", "extra", "pace", "tone", "noise", "other"] = ""
    at: Annotated[float, Field(ge=0, le=3600)] | None = None


class ResolveWish(ChangeWish):
    note: Annotated[int, Field(ge=1, le=2**53)]


def lines(house: StudioHouse, book: Production, asked: LinesAsked) -> dict:
    """A stretch of lines."""
    return {"lines": [line.record() for line in book.review.lines(asked.first, asked.count)]}


def where(house: StudioHouse, book: Production, asked: LineAsked) -> dict:
    """The place of a line in the book."""
    return {"place": book.review.board.line(asked.line).place}


def peaks(house: StudioHouse, book: Production, asked: PeaksAsked) -> dict:
    """A take's waveform."""
    heights, seconds = book.review.peaks(asked.key, asked.bars)
    return {"peaks": heights, "seconds": round(seconds, 3)}


def note(house: StudioHouse, book: Production, asked: NoteWish) -> dict:
    """Write down what was noticed in a line, once however often the wish arrives."""
    mine = (asked.line, asked.text.strip(), asked.category, asked.at, asked.by)
    known = {(line, one.text, one.category, one.second, one.by) for line, one in book.review.notes()}
    if mine in known:
        return {}
    book.note(asked.line, asked.text, asked.category, asked.at, asked.by)
    return {}


def notes(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """All open notes."""
    return {
        "notes": [
            {
                "id": note.id,
                "line": line,
                "text": note.text,
                "category": note.category,
                "second": note.second,
                "by": note.by,
                "at": note.at,
            }
            for line, note in book.review.notes()
        ]
    }


def resolve(house: StudioHouse, book: Production, asked: ResolveWish) -> dict:
    """A note is dealt with."""
    return {"resolved": book.review.resolve(asked.note, asked.by)}


ENDPOINTS = (
    Endpoint("lines", LinesAsked, lines),
    Endpoint("where", LineAsked, where),
    Endpoint("peaks", PeaksAsked, peaks, room="shelf"),
    Endpoint("note", NoteWish, note),
    Endpoint("notes", Asked, notes),
    Endpoint("resolve", ResolveWish, resolve),
)
