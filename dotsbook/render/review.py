"""What people want of lines, written beside a render that goes on: retakes, choices, notes, approvals, locks.

A line is named by its base and a take of it by its key, so what is said of a line holds wherever it stands, until its
words change. Every change is added to a history that nothing takes from.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import LedgerError
from dotsbook.render.ledger import Ledger, RetakeRequest
from dotsbook.render.ledger_file import BUSY, is_current, open_to_review, open_to_write
from dotsbook.render.write_lock import LockHeld, writing

CATEGORIES = ("misread", "missing", "extra", "pace", "tone", "noise", "other")  # of notes
PASSES = ("accuracy", "performance")  # in which a chapter is heard through and signed
TICK = 0.1  # seconds between looks at a ledger that another process is making


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """Something that was noticed in a line."""

    id: int
    base: str
    key: str  # the take that was heard; "" if there was none
    category: str  # one of CATEGORIES, or ""
    text: str
    second: float | None  # in the take; None: all of it
    by: str
    at: float  # Unix time
    resolved_by: str = ""
    resolved_at: float | None = None  # None: open


@dataclass(frozen=True, slots=True)
class Approval:
    """A take that someone is content with."""

    base: str
    key: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class LineLock:
    """A line that is not to be made anew."""

    base: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class TakeChoice:
    """The take to use for a line, whatever retakes there are."""

    base: str
    key: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class Signature:
    """A chapter that someone has heard through in one pass, as it then was."""

    digest: str  # of the keys of its takes, in order
    hearing: str  # one of PASSES
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class ReviewChange:
    """An entry of the history."""

    at: float
    by: str
    what: str  # "retake", "note", "resolve", "approve", "withdraw", "lock", "unlock", "choose", "unchoose", "sign" …
    base: str  # of a signature its digest
    key: str
    detail: str
    id: int = 0


class Review:
    """What people want of a project's lines; over any open ledger to read, over one of `reviewer` or `writer` to write.

    Each call is one transaction, which waits for that of another program.
    """

    def __init__(self, ledger: Ledger):
        self.ledger = ledger

    def retake(self, bases: Iterable[str], why: str = "", by: str = "") -> list[str]:
        """Ask for new takes; the old stay until swept. Gives the bases of locked lines, which stay as they are."""
        return self.ledger.bump(bases, why, by)

    def note(
        self, base: str, key: str, text: str, category: str = "", at: float | None = None, by: str = ""
    ) -> int:
        """Write down what was noticed, at a second of the take or in all of it; the note's number."""
        if category and category not in CATEGORIES:
            raise ValueError(f"no category {category!r}: {CATEGORIES}")
        now = time.time()
        with self.ledger.transaction() as connection:
            made = connection.execute(
                "INSERT INTO notes (base, key, category, text, second, by, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (base, key, category, text, at, by, now),
            ).lastrowid
            self.record(connection, [(now, by, "note", base, key, text)])
        assert made is not None
        return made

    def resolve_note(self, number: int, by: str = "") -> bool:
        """A note is dealt with. False if there is no such note, or it was resolved before."""
        now = time.time()
        with self.ledger.transaction() as connection:
            found = connection.execute(
                "UPDATE notes SET resolved_by = ?, resolved_at = ? WHERE id = ? AND resolved_at IS NULL "
                "RETURNING base, key, text",
                (by, now, number),
            ).fetchall()
            self.record(connection, [(now, by, "resolve", *row) for row in found])
        return bool(found)

    def approve(self, takes: Iterable[tuple[str, str]], by: str = "") -> None:
        """These (base, key) are good as they are. A retake of the line ends that."""
        self.put("approvals", "approve", list(takes), by)

    def withdraw(self, bases: Iterable[str], by: str = "") -> None:
        """Take approvals back."""
        self.drop("approvals", "withdraw", bases, by)

    def lock(self, bases: Iterable[str], by: str = "") -> None:
        """Keep lines from being made anew, however that is asked for."""
        now, named = time.time(), list(bases)
        with self.ledger.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO locks VALUES (?, ?, ?)", [(base, by, now) for base in named]
            )
            self.record(connection, [(now, by, "lock", base, "", "") for base in named])

    def unlock(self, bases: Iterable[str], by: str = "") -> None:
        """Let lines be made anew."""
        self.drop("locks", "unlock", bases, by)

    def choose(self, base: str, key: str | None, by: str = "") -> None:
        """Use this take for a line; None: the last that was asked for, as if nothing had been chosen.

        Raises LedgerError if there is no such take.
        """
        if key is None:
            return self.drop("choices", "unchoose", [base], by)
        if not self.ledger.finished([key]):
            raise LedgerError(f"There is no take {key}, so it can't be chosen.")
        return self.put("choices", "choose", [(base, key)], by)

    def sign(self, digest: str, hearing: str, by: str = "") -> None:
        """A chapter was heard through in a pass, as it is now."""
        now = time.time()
        with self.ledger.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?)", (digest, hearing, by, now)
            )
            self.record(connection, [(now, by, "sign", digest, "", hearing)])

    def unsign(self, digest: str, hearing: str, by: str = "") -> None:
        """Take a signature back."""
        now = time.time()
        with self.ledger.transaction() as connection:
            gone = connection.execute(
                "DELETE FROM signatures WHERE digest = ? AND pass = ?", (digest, hearing)
            ).rowcount
            self.record(connection, [(now, by, "unsign", digest, "", hearing)] if gone else [])

    # what stands

    def signatures(self) -> dict[tuple[str, str], Signature]:
        """{(digest, pass): Signature}."""
        rows = self.ledger.rows("SELECT digest, pass, by, at FROM signatures")
        return {(row[0], row[1]): Signature(*row) for row in rows}

    def requests(self) -> dict[str, RetakeRequest]:
        """{base: the retake that was asked for}."""
        return self.ledger.requests()

    def notes(self, open_only: bool = False) -> list[ReviewNote]:
        """All notes, the oldest first."""
        where = " WHERE resolved_at IS NULL" if open_only else ""
        columns = "id, base, key, category, text, second, by, at, resolved_by, resolved_at"
        return [
            ReviewNote(*row) for row in self.ledger.rows(f"SELECT {columns} FROM notes{where} ORDER BY id")
        ]

    def approvals(self) -> dict[str, Approval]:
        """{base: Approval}."""
        return {row[0]: Approval(*row) for row in self.ledger.rows("SELECT base, key, by, at FROM approvals")}

    def locks(self) -> dict[str, LineLock]:
        """{base: LineLock}."""
        return {row[0]: LineLock(*row) for row in self.ledger.rows("SELECT base, by, at FROM locks")}

    def choices(self) -> dict[str, TakeChoice]:
        """{base: TakeChoice}, also of takes that are gone since."""
        return {row[0]: TakeChoice(*row) for row in self.ledger.rows("SELECT base, key, by, at FROM choices")}

    def history(self, base: str | None = None) -> list[ReviewChange]:
        """Every change there ever was, of a line or of all, the oldest first."""
        where, values = ("", ()) if base is None else (" WHERE base = ?", (base,))
        rows = self.ledger.rows(
            f"SELECT at, by, what, base, key, detail, id FROM history{where} ORDER BY id", values
        )
        return [ReviewChange(*row) for row in rows]

    # how it is written

    def put(self, table: str, what: str, takes: Sequence[tuple[str, str]], by: str) -> None:
        now = time.time()
        with self.ledger.transaction() as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)",
                [(base, key, by, now) for base, key in takes],
            )
            self.record(connection, [(now, by, what, base, key, "") for base, key in takes])

    def drop(self, table: str, what: str, bases: Iterable[str], by: str) -> None:
        now = time.time()
        with self.ledger.transaction() as connection:
            gone = [
                base
                for base in bases
                if connection.execute(f"DELETE FROM {table} WHERE base = ?", (base,)).rowcount
            ]
            self.record(connection, [(now, by, what, base, "", "") for base in gone])

    @staticmethod
    def record(connection: sqlite3.Connection, changes: Sequence[tuple]) -> None:
        connection.executemany(
            "INSERT INTO history (at, by, what, base, key, detail) VALUES (?, ?, ?, ?, ?, ?)", changes
        )


@contextmanager
def reviewer(path: Path, takes: Path) -> Iterator[Review]:
    """The review of the ledger at `path`, to read and to write, whatever a render does meanwhile.

    Nothing else of the ledger can be written through it. A ledger that is missing or older is made or migrated first,
    under the project's lock. Raises LedgerError, OutputError.
    """
    path = Path(path)
    make_current(path, takes)
    with Ledger(open_to_review(path, takes), path) as ledger:
        yield Review(ledger)


def make_current(path: Path, takes: Path) -> None:
    """Make or migrate the ledger, unless that is done or another process does it at this moment."""
    until = time.monotonic() + BUSY
    while not is_current(path):
        try:
            with writing(path.parent):
                open_to_write(path, takes).close()
            return
        except LockHeld:
            if time.monotonic() > until:
                raise
        time.sleep(TICK)
