"""What will be spoken of a project: its chapters, chunks, skips and receipt, read row by row from a database.

A book of any length is gone through chunk by chunk and never held. The spoken credits come after the book's own chunks,
as chapters 0 and 9999, which no book has. narration_copy.py makes the database.
"""

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotsbook.book import Chunk, Kind, Mark, Pause, Skip
from dotsbook.direction import parted
from dotsbook.production.credits import NUMBERS

PAUSES, KINDS = {pause.value: pause for pause in Pause}, {kind.value: kind for kind in Kind}


@dataclass(frozen=True)
class ListedChapter:
    """A chapter, as a list shows it."""

    number: int
    title: str
    source: str
    depth: int = 0
    part: str | None = None


@dataclass(frozen=True)
class ReceiptTotals:
    """The receipt, in characters that aren't white space."""

    source_chars: int
    spoken_chars: int
    skipped_chars: int
    unaccounted: int


@dataclass(frozen=True)
class ChangedWords:
    """Words of a chunk that are spoken otherwise than written."""

    chunk: str  # its id
    source: str
    start: int  # offsets in the extracted text of `source`
    end: int
    before: str
    after: str
    rule: str  # which rule or lexicon entry did it


@dataclass(frozen=True)
class ScriptNews:
    """What a newer program reads otherwise than the one that read this manuscript before."""

    because: tuple[str, ...]  # "sentencex 1.0 → 1.1"
    count: int  # lines that are spoken otherwise, or cut otherwise, than before
    lines: tuple[str, ...]  # the ids of the first of them


@dataclass(frozen=True)
class Narration:
    """A manuscript as it will be spoken. Use it from any thread; `close` it once."""

    chapters: tuple[ListedChapter, ...]
    skipped: tuple[Skip, ...]
    # a voice, with its delivery behind it where it has one → language → chunks, in the order in which they come
    voices: dict[str, dict[str, int]]
    receipt: ReceiptTotals
    warnings: tuple[str, ...]
    details: dict[str, str]  # what the manuscript says of itself: publisher, date …
    news: ScriptNews | None
    casting: str  # what casting would find, in a sentence; "" where it is on, or would give nobody a line
    rows: sqlite3.Connection

    def __iter__(self) -> Iterator[Chunk]:
        """All chunks, in order, the spoken credits last."""
        return self.of(None)

    def of(self, chapters: Iterable[int] | None) -> Iterator[Chunk]:
        """The chunks of some chapters, or all."""
        return map(chunk_of, self.selected("SELECT * FROM chunks", chapters))

    def stretch(self, first: int, count: int) -> list[Chunk]:
        """So many chunks from a place on; the book's first chunk stands at place 0."""
        rows = self.rows.execute(
            "SELECT * FROM chunks WHERE rowid > ? ORDER BY rowid LIMIT ?", (first, count)
        )
        return [chunk_of(row) for row in rows.fetchall()]

    def place(self, chapter: int, id_: str) -> int | None:
        """Where a chunk stands in the book, from 0; None if it isn't there."""
        row = self.rows.execute(
            "SELECT rowid - 1 FROM chunks WHERE chapter = ? AND id = ?", (chapter, id_)
        ).fetchone()
        return row[0] if row else None

    def places(self) -> dict[int, tuple[int, int]]:
        """{chapter: (the place of its first chunk, how many it has)}, the spoken credits among them."""
        rows = self.rows.execute("SELECT chapter, min(rowid) - 1, count(*) FROM chunks GROUP BY chapter")
        return {chapter: (first, count) for chapter, first, count in rows.fetchall()}

    @property
    def names(self) -> list[str]:
        """The names of the voices that speak, in the order in which they come."""
        return list(dict.fromkeys(parted(name)[0] for name in self.voices))

    @property
    def credits(self) -> list[Chunk]:
        """The spoken credits."""
        return list(self.of(NUMBERS.values()))

    def count(self, chapters: Iterable[int] | None = None) -> int:
        """How many chunks some chapters have, or all."""
        return sum(number for (number,) in self.selected("SELECT count(*) FROM chunks", chapters, order=""))

    def changes(self, chapters: Iterable[int] | None) -> Iterator[ChangedWords]:
        """What is spoken otherwise than written."""
        return (ChangedWords(*row[1:]) for row in self.selected("SELECT * FROM changes", chapters))

    def marks(self) -> dict[str, list[Mark]]:
        """By source, in the order of their places, what is seen in the text and not heard: emphasis and strong."""
        found: dict[str, list[Mark]] = {}
        for source, start, end, kind in self.rows.execute("SELECT * FROM marks ORDER BY source, start"):
            found.setdefault(source, []).append(Mark(start, end, sys.intern(kind)))
        return found

    def selected(
        self, statement: str, chapters: Iterable[int] | None, order: str = "ORDER BY rowid"
    ) -> Iterator[tuple]:
        if chapters is None:
            return self.rows.execute(f"{statement} {order}")
        of_one = f"{statement} WHERE chapter = ? {order}"
        return (row for chapter in sorted(chapters) for row in self.rows.execute(of_one, (chapter,)))

    def close(self) -> None:
        self.rows.close()


def chunk_of(row: tuple) -> Chunk:
    chapter, id_, source, start, end, text, spoken, voice, language, pause, paragraph, kind, *rest = row
    said = text if spoken is None else spoken
    source, voice, language = map(sys.intern, (source, voice, language))
    place = (id_, chapter, source, start, end, text, said)
    delivery, pauses, speaker = rest
    silences = tuple((at, seconds) for at, seconds in json.loads(pauses)) if pauses else ()
    said_so = (PAUSES[pause], paragraph, KINDS[kind], delivery or "", silences, sys.intern(speaker or ""))
    return Chunk(*place, voice, language, *said_so)


def row_of(chunk: Chunk) -> tuple:
    said = None if chunk.spoken == chunk.text else chunk.spoken
    place = (chunk.chapter, chunk.id, chunk.source, chunk.start, chunk.end, chunk.text, said)
    directed = (chunk.delivery or None, json.dumps(chunk.pauses) if chunk.pauses else None)
    return (
        *place,
        chunk.voice,
        chunk.language,
        chunk.pause.value,
        chunk.paragraph,
        chunk.kind.value,
        *directed,
        chunk.speaker or None,
    )


def opened(path: Path) -> sqlite3.Connection:
    """A copy, to read; it is never written to again."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def head_of(rows: sqlite3.Connection) -> dict[str, Any]:
    """What a copy says of itself beside its chunks. Raises sqlite3.Error, ValueError or TypeError for none of ours."""
    head = json.loads(rows.execute("SELECT facts FROM head").fetchone()[0])
    if not isinstance(head, dict):
        raise TypeError("the copy's head is no mapping")
    return head


def narration_in(rows: sqlite3.Connection, print_: str) -> Narration:
    """Raises ValueError, TypeError or KeyError for a copy that is old or damaged."""
    head = head_of(rows)
    if head["print"] != print_:
        raise ValueError("the sources changed")
    news = head["news"]
    return Narration(
        tuple(ListedChapter(*row) for row in head["chapters"]),
        tuple(Skip(*row) for row in head["skipped"]),
        head["voices"],
        ReceiptTotals(*head["receipt"]),
        tuple(head["warnings"]),
        head["details"],
        ScriptNews(tuple(news[0]), news[1], tuple(news[2])) if news else None,
        str(head["casting"]),
        rows,
    )
