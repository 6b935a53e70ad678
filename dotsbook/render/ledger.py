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
import math
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dotsbook import files
from dotsbook.book import Take
from dotsbook.errors import DotsbookError, LedgerError, OutputError
from dotsbook.render.migrations import MIGRATIONS, migrate, version_of

BUSY = 10.0  # seconds to wait for another connection's short write
NORMED = "normed"  # among a take's health figures: it was judged by its voice's norm
OBJECTION = "objection"  # among them too, though no figure: what the user's own judges have against it
AT_ONCE = 500  # keys that one statement asks for
LOWEST = 1000  # Hz of a take, at least
REPAIR = "`dotsbook verify --repair` sets it aside and finds the finished takes again"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a take beside its sound."""

    attempts: int = 1
    healthy: bool = True
    health: dict | None = None  # {check: figure}
    engine: str = ""  # its identity
    voice: str = ""  # its name
    language: str = ""
    text: str = ""  # as spoken
    base: str = ""  # Job.base and Job.retake
    retake: int = 0


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


class Damaged(LedgerError):
    """The ledger can't be read, or was lost; audit.rebuild makes another from the takes."""


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

    def add(self, takes: Sequence[tuple[Take, Facts]]) -> None:
        """Commit takes whose files are already safe on disk; their failures are forgotten."""
        now = time.time()
        with self.transaction() as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO takes VALUES ({','.join('?' * 17)})",
                [row_of(take, facts, now) for take, facts in takes],
            )
            connection.executemany("DELETE FROM failures WHERE key = ?", [(take.key,) for take, _ in takes])

    def forget(self, keys: Iterable[str]) -> None:
        """Drop takes' rows, so that they count as missing; their files stay."""
        with self.transaction() as connection:
            connection.executemany("DELETE FROM takes WHERE key = ?", [(key,) for key in keys])

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
        return {row[0]: RetakeRequest(*row) for row in self.rows("SELECT base, number, why, at FROM retakes")}

    def bump(self, bases: Iterable[str], why: str = "") -> None:
        """Ask for a new take of these lines, by Job.base; the old takes stay until swept."""
        now = time.time()
        with self.transaction() as connection:
            connection.executemany(
                "INSERT INTO retakes VALUES (?, 1, ?, ?) ON CONFLICT (base) DO UPDATE SET "
                "number = number + 1, why = excluded.why, at = excluded.at",
                [(base, why, now) for base in bases],
            )

    def restore(self, retakes: dict[str, int]) -> None:
        """Take up retake numbers found in the takes themselves."""
        now = time.time()
        with self.transaction() as connection:
            connection.executemany(
                "INSERT INTO retakes VALUES (?, ?, '', ?) ON CONFLICT (base) DO UPDATE SET "
                "number = max(number, excluded.number)",
                [(base, number, now) for base, number in retakes.items()],
            )


def batches(items: Iterable) -> Iterator[list]:
    """All of them, as many together as one statement can ask for."""
    items = iter(items)
    while batch := list(islice(items, AT_ONCE)):
        yield batch


SELECT = "SELECT key, file, sha256, samples, rate, first, last, peak, attempts, healthy, health, energies FROM takes"


def take_of(row: tuple) -> Take:
    """A row as a Take; Damaged if it holds what no take has."""
    try:
        take = Take(*row[:9], bool(row[9]), json.loads(row[10]), row[11])
        sane = (
            take.samples > 0
            and take.rate >= LOWEST
            and 0 <= take.first <= take.last <= take.samples
            and len(take.energies) % 4 == 0
        )
    except (TypeError, ValueError, RecursionError):
        sane = False
    if not sane:
        raise Damaged(
            f"The ledger is damaged: its row of the take {row[0]} holds what no take has; {REPAIR}."
        )
    return take


def row_of(take: Take, facts: Facts, now: float) -> tuple:
    return (
        take.key,
        take.file,
        take.sha256,
        take.samples,
        take.rate,
        take.first,
        take.last,
        float(take.peak),
        take.attempts,
        int(take.healthy),
        health_json(take.health),
        take.energies,
        facts.engine,
        facts.voice,
        facts.language,
        len(facts.text),
        now,
    )


def health_json(health: dict) -> str:
    """Figures as strict JSON: what isn't finite is null."""
    return json.dumps(
        {
            name: None if isinstance(figure, float) and not math.isfinite(figure) else figure
            for name, figure in health.items()
        },
        allow_nan=False,
    )


def writer(path: Path, takes: Path) -> Ledger:
    """Open the ledger to write, made or migrated first. The caller holds the lock. `takes`: the take files' folder."""
    path = Path(path)
    if not path.exists():
        refuse_lost(path, takes)
    make_folder(path.parent)
    with told(path), ExitStack() as undo:
        connection = connect(path, "rwc")
        undo.callback(connection.close)
        refuse_strange(connection, path, takes)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection)
        files.sync_folder(path.parent)
        undo.pop_all()
    return Ledger(connection, path)


def reader(path: Path, takes: Path) -> Ledger:
    """Open the ledger to read, whatever a writer does meanwhile. Where there is none yet, it is empty."""
    path = Path(path)
    if not path.exists():
        refuse_lost(path, takes)
        return Ledger(in_memory(), path)
    with told(path), ExitStack() as undo:
        connection = connect(path, "ro")
        undo.callback(connection.close)
        if refuse_strange(connection, path, takes) < len(MIGRATIONS):
            connection = in_memory(connection)
        else:
            undo.pop_all()
    return Ledger(connection, path)


def in_memory(source: sqlite3.Connection | None = None) -> sqlite3.Connection:
    """A ledger of this version in memory: empty, or with what an older one holds."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    if source:
        source.backup(connection)
    migrate(connection)
    return connection


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit mode that has really opened the file."""
    if path.exists() and not path.is_file():  # SQLite would wait for a pipe for ever
        raise LedgerError(
            f"{path} is a folder or a pipe and no ledger; move it away, then `dotsbook verify --repair` finds the takes again."
        )
    address = path.absolute().as_uri()
    connection = sqlite3.connect(f"{address}?mode={mode}", uri=True, timeout=BUSY, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if mode != "ro" or has_journal(path):
            raise
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, isolation_level=None)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return connection


def has_journal(path: Path) -> bool:
    """Whether rows may stand in the write-ahead log: then a read-only folder can't be read past it."""
    journal = path.with_name(path.name + "-wal")
    return journal.exists() and journal.stat().st_size > 0


def refuse_strange(connection: sqlite3.Connection, path: Path, takes: Path) -> int:
    """The ledger's version, if it is one this program can use."""
    version = version_of(connection)
    if version > len(MIGRATIONS):
        raise LedgerError(
            f"{path} was written by a newer dotsbook (ledger version {version}, this program knows "
            f"{len(MIGRATIONS)}); update dotsbook."
        )
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    expected = {"takes", "failures", "retakes", "norms"} if version == len(MIGRATIONS) else set()
    if version == 0 and tables or not expected <= tables:
        raise Damaged(f"{path} isn't a ledger of dotsbook's or has lost its tables; {REPAIR}.")
    if version == 0:
        refuse_lost(path, takes)
    return version


def refuse_lost(path: Path, takes: Path) -> None:
    """A new ledger beside old takes means that the old one was lost: say so, rather than make everything again."""
    if next(Path(takes).glob("??/*.flac"), None):
        raise Damaged(f"There are finished takes in {takes}, but {path} is missing or empty; {REPAIR}.")


def make_folder(folder: Path) -> None:
    """Make the state's folder, on disk for good."""
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            files.sync_folder(folder.parent)
    except OSError as error:
        raise files.unwritable(folder, error) from error


@contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's errors as sentences."""
    try:
        yield
    except sqlite3.Error as error:
        raise sentence(path, error) from error


def sentence(path: Path, error: sqlite3.Error) -> DotsbookError:
    name = getattr(error, "sqlite_errorname", None) or ""
    if name == "SQLITE_FULL":
        return OutputError(
            f"The disk is full: {path} could not be written. Free some room and run the same command again."
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return OutputError(
            f"{path} can't be opened or written ({error}); allow reading and writing in {path.parent}."
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LedgerError(
            f"{path} is held by another program ({error}); close it and run the same command again."
        )
    if name.startswith("SQLITE_IOERR"):
        return OutputError(
            f"{path} can't be read or written ({error}); check the disk and its free room, then run the "
            "same command again."
        )
    return Damaged(f"{path} is damaged ({error}); {REPAIR}.")
