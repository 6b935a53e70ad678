"""The ledger as a file: opened, made or refused, with SQLite's errors told as sentences. It knows no rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from dotsbook import files
from dotsbook.errors import DotsbookError, LedgerError, OutputError
from dotsbook.render.migrations import MIGRATIONS, REVIEW, TABLES, migrate, version_of

BUSY = 10.0  # seconds to wait for another connection's short write
REPAIR = "`dotsbook verify --repair` sets it aside and finds the finished takes again"


ANY_THREAD: Any = {"isolation_level": None, "check_same_thread": False}  # autocommit; one thread at a time
CHANGES = {
    getattr(sqlite3, f"SQLITE_{name}")
    for name in ("INSERT", "UPDATE", "DELETE", "DROP_TABLE", "DROP_TRIGGER", "ALTER_TABLE", "CREATE_TABLE")
}


class Damaged(LedgerError):
    """The ledger can't be read, or was lost; audit.rebuild makes another from the takes."""


def open_to_write(path: Path, takes: Path) -> sqlite3.Connection:
    """Open the ledger to write, made or migrated first. The caller holds the lock. `takes`: the take files' folder."""
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
    return connection


def open_to_read(path: Path, takes: Path) -> sqlite3.Connection:
    """Open the ledger to read, whatever a writer does meanwhile. Where there is none yet, it is empty."""
    if not path.exists():
        refuse_lost(path, takes)
        return in_memory()
    with told(path), ExitStack() as undo:
        connection = connect(path, "ro")
        undo.callback(connection.close)
        if refuse_strange(connection, path, takes) < len(MIGRATIONS):
            connection = in_memory(connection)
        else:
            undo.pop_all()
    return connection


def open_to_review(path: Path, takes: Path) -> sqlite3.Connection:
    """Open a ledger of this version to write what people want of lines, and nothing else. Needs no lock."""
    with told(path), ExitStack() as undo:
        connection = connect(path, "rw")
        undo.callback(connection.close)
        refuse_strange(connection, path, takes)
        connection.execute("PRAGMA synchronous = FULL")
        connection.set_authorizer(only_review)
        undo.pop_all()
    return connection


def only_review(action: int, table: str | None, *_: str | None) -> int:
    """Whether a reviewer may do this to a table."""
    if action in CHANGES and table not in (*REVIEW, "sqlite_sequence"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def is_current(path: Path) -> bool:
    """Whether there is a ledger of this version, or of a newer one."""
    if not path.exists():
        return False
    with told(path), closing(connect(path, "ro")) as connection:
        return version_of(connection) >= len(MIGRATIONS)


def in_memory(source: sqlite3.Connection | None = None) -> sqlite3.Connection:
    """A ledger of this version in memory: empty, or with what an older one holds."""
    connection = sqlite3.connect(":memory:", **ANY_THREAD)
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
    connection = sqlite3.connect(f"{address}?mode={mode}", uri=True, timeout=BUSY, **ANY_THREAD)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if mode != "ro" or has_journal(path):
            raise
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, **ANY_THREAD)
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
    expected = set(TABLES) if version == len(MIGRATIONS) else set()
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
