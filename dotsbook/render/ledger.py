"""Which takes are finished, failed or asked for anew: one SQLite file. It knows no audio and no script.

Commit order of a take, kept by store.py and loop.py:

    1. its file: temporary name, fsync, rename, fsync of the folder
    2. its row, here, in a transaction that SQLite syncs (WAL, synchronous=FULL)

The row is the sole commit point. What dies before it leaves, at worst, a file that no row names: the next render
writes over it, or `sweep` removes it. A take that replaces another of its key (the old one is doubted since its
voice's norm is known) gets a file of another name in step 1, `….2.flac`; step 2 puts its row in the old one's place,
and only then, as step 3, the old file goes. So before step 2 the old row and its file stand, after it the new row and
its file; never neither.

What is pending is the script less the rows; it is never stored, so there is no half-done state to repair. There is
one writer, under the lock in write_lock.py; readers never wait for it.
"""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dotsbook import files
from dotsbook.book import Take
from dotsbook.render.ledger_file import REPAIR, Damaged, open_to_read, open_to_write, told
from dotsbook.render.take_rows import INSERT, NORMED, SELECT, Facts, row_of, take_of

AT_ONCE = 500  # keys that one statement asks for


@dataclass(frozen=True, slots=True)
class Brief:
    """As much of a take as a status line needs."""

    seconds: float
    healthy: bool


@dataclass(frozen=True, slots=True)
class Failure:
    key: str
    chunk: str  # its id when it failed
    attempts: int  # in all runs together
    error: str
    at: float  # Unix time


@dataclass(frozen=True, slots=True)
class RetakeRequest:
    """A retake the user asked for."""

    base: str
    number: int
    why: str
    at: float
    by: str = ""


class Ledger:
    """An open ledger; made by `reader` and `writer`. Raises LedgerError (damaged) or OutputError (disk)."""

    def __init__(self, connection: sqlite3.Connection, path: Path):
        self.connection = connection
        self.path = path

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        with told(self.path):
            self.connection.close()

    def settle(self) -> None:
        """Bring all rows out of the write-ahead log into the one file, e.g. to rename it."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self.rows("PRAGMA journal_mode = DELETE")

    def rows(self, statement: str, values: Sequence = ()) -> list[tuple]:
        with told(self.path):
            return self.connection.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or none; synced when it ends."""
        with told(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                files.step("row begun")
                yield self.connection
                files.step("row written")
                self.connection.execute("COMMIT")
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
        files.step("row committed")

    # takes

    def keys(self) -> set[str]:
        """The keys of all finished takes."""
        return {key for (key,) in self.rows("SELECT key FROM takes")}

    def briefed(self, jobs: Iterable) -> Iterator[tuple]:
        """(job, Brief of its take or None) for each; a few jobs at a time, so that it matters little how many there are."""
        for batch in batches(jobs):
            rows = self.chosen("SELECT key, samples, rate, healthy FROM takes", [job.key for job in batch])
            try:
                known = {key: Brief(samples / rate, bool(healthy)) for key, samples, rate, healthy in rows}
            except (TypeError, ZeroDivisionError) as error:
                raise Damaged(f"{self.path} is damaged ({error}); {REPAIR}.") from error
            yield from ((job, known.get(job.key)) for job in batch)

    def finished(self, keys: Iterable[str] | None = None) -> dict[str, Take]:
        """{key: Take} of those that are finished, of these keys or of all."""
        if keys is None:
            return {row[0]: take_of(row) for row in self.rows(SELECT)}
        return {row[0]: take_of(row) for batch in batches(keys) for row in self.chosen(SELECT, batch)}

    def chosen(self, select: str, keys: Sequence[str]) -> list[tuple]:
        """The rows of these keys, few enough for one statement."""
        return self.rows(f"{select} WHERE key IN ({','.join('?' * len(keys))})", keys)

    def engines_by_voice(self) -> dict[str, Counter[str]]:
        """{voice's name: Counter of the engines' identities in the keys of its takes}."""
        found: dict[str, Counter[str]] = {}
        for voice, engine, count in self.rows(
            "SELECT voice, engine, count(*) FROM takes GROUP BY voice, engine"
        ):
            found.setdefault(voice, Counter())[engine] = count
        return found

    def engines(self) -> dict[str, str]:
        """{key: the engine's identity in it} of all finished takes."""
        return dict(self.rows("SELECT key, engine FROM takes"))

    def takes_of(self, base: str) -> list[Take]:
        """All finished takes of a line, the first made first; of older ledgers only the one without a retake."""
        return [
            take_of(row)
            for row in self.rows(f"{SELECT} WHERE base = ? OR key = ? ORDER BY made", (base, base))
        ]

    def places(self) -> dict[str, str]:
        """{key: its file, relative to takes/} of all finished takes."""
        return dict(self.rows("SELECT key, file FROM takes"))

    def tentative(self, keys: Iterable[str] | None = None) -> dict[str, tuple[int, dict]]:
        """{key: attempts, health figures} of healthy takes, of these keys or of all, that were judged without their voice's norm."""
        select = "SELECT key, attempts, health, healthy FROM takes"
        rows = (
            self.rows(select)
            if keys is None
            else (row for batch in batches(keys) for row in self.chosen(select, batch))
        )
        return {
            key: (attempts, json.loads(health))
            for key, attempts, health, healthy in rows
            if healthy and f'"{NORMED}"' not in health
        }

    def unhealthy(self) -> dict[str, dict]:
        """{key: health figures} of takes that were kept though something speaks against them."""
        rows = self.rows("SELECT key, health FROM takes WHERE NOT healthy")
        return {key: json.loads(health) for key, health in rows}

    def add(self, takes: Sequence[tuple[Take, Facts]]) -> None:
        """Commit takes whose files are already safe on disk; their failures are forgotten."""
        now = time.time()
        with self.transaction() as connection:
            connection.executemany(
                INSERT,
                [row_of(take, facts, now) for take, facts in takes],
            )
            connection.executemany("DELETE FROM opinions WHERE key = ?", [(take.key,) for take, _ in takes])
            connection.executemany("DELETE FROM failures WHERE key = ?", [(take.key,) for take, _ in takes])

    def forget(self, keys: Iterable[str]) -> None:
        """Drop takes' rows, and what judges said of them, so that they count as missing; their files stay."""
        gone = [(key,) for key in keys]
        with self.transaction() as connection:
            for table in ("takes", "opinions"):
                connection.executemany(f"DELETE FROM {table} WHERE key = ?", gone)

    # failures

    def failures(self) -> dict[str, Failure]:
        """{key: Failure}."""
        return {
            row[0]: Failure(*row) for row in self.rows("SELECT key, chunk, attempts, error, at FROM failures")
        }

    def fail(self, failures: Sequence[tuple[str, str, int, str]]) -> None:
        """Note (key, chunk id, attempts so far, error) of chunks that could not be made."""
        now = time.time()
        with self.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)",
                [(*failure, now) for failure in failures],
            )

    def forgive(self, keys: Iterable[str]) -> None:
        """Forget failures, e.g. of chunks that are no longer in the script."""
        with self.transaction() as connection:
            connection.executemany("DELETE FROM failures WHERE key = ?", [(key,) for key in keys])

    # norms

    def norms(self) -> dict[str, dict[str, float]]:
        """{norms.name_of: figures} of what is known to be normal."""
        return {name: json.loads(norm) for name, norm in self.rows("SELECT name, norm FROM norms")}

    def keep_norm(self, name: str, norm: dict[str, float]) -> None:
        """Note what is normal, for good."""
        with self.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO norms VALUES (?, ?)", (name, json.dumps(norm)))

    # retakes

    def retakes(self) -> dict[str, int]:
        """{base key: number}, for `Jobs`."""
        return dict(self.rows("SELECT base, number FROM retakes"))

    def requests(self) -> dict[str, RetakeRequest]:
        """{base key: the retake asked for}, with the reason."""
        return {
            row[0]: RetakeRequest(*row) for row in self.rows("SELECT base, number, why, at, by FROM retakes")
        }

    def choices(self) -> dict[str, str]:
        """{base: the key of the take that was chosen}, of those that are there."""
        return dict(
            self.rows("SELECT base, choices.key FROM choices WHERE choices.key IN (SELECT key FROM takes)")
        )

    def bump(self, bases: Iterable[str], why: str = "", by: str = "") -> list[str]:
        """Ask for a new take of these lines, by Job.base; the old takes stay until swept.

        A choice among a line's takes, and an approval, end with that. Gives the bases of lines that are locked: they
        stay as they are.
        """
        now, named = time.time(), list(bases)
        with self.transaction() as connection:
            locks = {base for (base,) in connection.execute("SELECT base FROM locks")}
            asked = [base for base in named if base not in locks]
            connection.executemany(
                "INSERT INTO retakes (base, number, why, at, by) VALUES (?, 1, ?, ?, ?) ON CONFLICT (base) DO UPDATE SET "
                "number = number + 1, why = excluded.why, at = excluded.at, by = excluded.by",
                [(base, why, now, by) for base in asked],
            )
            for table in ("choices", "approvals"):
                connection.executemany(f"DELETE FROM {table} WHERE base = ?", [(base,) for base in asked])
            connection.executemany(
                "INSERT INTO history (at, by, what, base, key, detail) VALUES (?, ?, 'retake', ?, '', ?)",
                [(now, by, base, why) for base in asked],
            )
        return [base for base in dict.fromkeys(named) if base in locks]

    def kept_as_they_are(self) -> tuple[set[str], set[str]]:
        """(bases of locked lines, keys of approved takes)."""
        locked, approved = self.rows("SELECT base FROM locks"), self.rows("SELECT key FROM approvals")
        return {base for (base,) in locked}, {key for (key,) in approved}

    def review_counts(self, bases: Collection[str] | None = None) -> tuple[int, int, int]:
        """(open notes, approved lines, locked lines), of these lines or of all."""
        tables = ("notes WHERE resolved_at IS NULL", "approvals", "locks")
        lines = [[base for (base,) in self.rows(f"SELECT base FROM {table}")] for table in tables]
        notes, approved, locked = (sum(bases is None or base in bases for base in found) for found in lines)
        return notes, approved, locked

    def restore(self, retakes: dict[str, int]) -> None:
        """Take up retake numbers found in the takes themselves."""
        now = time.time()
        with self.transaction() as connection:
            connection.executemany(
                "INSERT INTO retakes (base, number, why, at) VALUES (?, ?, '', ?) ON CONFLICT (base) DO UPDATE SET "
                "number = max(number, excluded.number)",
                [(base, number, now) for base, number in retakes.items()],
            )


def batches(items: Iterable) -> Iterator[list]:
    """All of them, as many together as one statement can ask for."""
    items = iter(items)
    while batch := list(islice(items, AT_ONCE)):
        yield batch


def writer(path: Path, takes: Path) -> Ledger:
    """Open the ledger to write, made or migrated first. The caller holds the lock. `takes`: the take files' folder."""
    path = Path(path)
    return Ledger(open_to_write(path, takes), path)


def reader(path: Path, takes: Path) -> Ledger:
    """Open the ledger to read, whatever a writer does meanwhile. Where there is none yet, it is empty."""
    path = Path(path)
    return Ledger(open_to_read(path, takes), path)
