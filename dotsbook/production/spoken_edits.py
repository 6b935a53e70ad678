"""`spoken.yaml`: lines that a person has spoken otherwise than the book has them written.

    - line: Nobody waved.
      after: The boat left at 6:30.
      say: Nobody wayved.

A line is found by its words, and by the line before it where the same words stand more than once; so an edit of the
book elsewhere moves nothing, and an entry whose line is gone is told of and does nothing.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import ManifestError
from dotsbook.yaml_file import load_list

KEYS = ("line", "after", "say")
RULE = "spoken.yaml"


@dataclass(frozen=True)
class SpokenEdit:
    """One line's entry."""

    line: str  # as written, white space made single
    say: str
    after: str = ""  # the line before it
    row: int = 0  # where it stands in the file


def load_edits(path: Path) -> list[SpokenEdit]:
    """The entries of a file; none where there is no file. ManifestError, with the line, for a mistake in it."""
    data, lines = load_list(path, "a list: `- line: …`, `after: …`, `say: …` below one another.")
    found = []
    for number, entry in enumerate(data):
        row = lines.get((number,), 1)
        if (
            not isinstance(entry, dict)
            or set(entry) - set(KEYS)
            or not entry.get("line")
            or not entry.get("say")
        ):
            raise ManifestError(f"{path} line {row}: an entry has `line`, `say` and, if needed, `after`.")
        said = {key: single(str(entry.get(key) or "")) for key in KEYS}
        found.append(SpokenEdit(said["line"], said["say"], said["after"], row))
    return found


def single(text: str) -> str:
    """With single spaces."""
    return " ".join(text.split())


def apply_edits(edits: Iterable[SpokenEdit], rows: sqlite3.Connection, file: str) -> list[str]:
    """Write what the entries say into a narration's rows; a sentence for each that finds no line of its own."""
    told = []
    for edit in edits:
        found = [
            place
            for place, text in rows.execute(
                "SELECT rowid, text FROM chunks WHERE length(text) BETWEEN ? AND ?",
                (len(edit.line), len(edit.line) * 2 + 8),
            )
            if single(text) == edit.line
        ]
        if len(found) > 1:
            found = [place for place in found if text_at(rows, place - 1) == edit.after]
        if len(found) != 1:
            why = "more than one line" if found else "no line"
            told.append(
                f"{file} line {edit.row}: {why} of the book says {edit.line[:60]!r}; it is left as it is"
            )
            continue
        [place] = found
        rows.execute("UPDATE chunks SET spoken = ? WHERE rowid = ?", (edit.say, place))
        [facts] = rows.execute(
            'SELECT chapter, id, source, start, "end", text FROM chunks WHERE rowid = ?', (place,)
        ).fetchall()
        rows.execute("DELETE FROM changes WHERE chapter = ? AND chunk = ?", facts[:2])
        rows.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*facts, edit.say, RULE))
    return told


def text_at(rows: sqlite3.Connection, place: int) -> str:
    found = rows.execute("SELECT text FROM chunks WHERE rowid = ?", (place,)).fetchone()
    return single(found[0]) if found else ""
