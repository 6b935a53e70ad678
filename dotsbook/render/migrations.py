"""The ledger's schema, as the steps that made it. Each runs once, in a transaction of its own, and is never edited."""

import sqlite3
from collections.abc import Callable


def make_takes(connection: sqlite3.Connection) -> None:
    """Finished takes; the row is what makes one finished."""
    connection.execute("""
        CREATE TABLE takes (
            key TEXT PRIMARY KEY,
            file TEXT NOT NULL,          -- relative to takes/
            sha256 TEXT NOT NULL,
            samples INTEGER NOT NULL,
            rate INTEGER NOT NULL,       -- Hz
            first INTEGER NOT NULL,      -- samples
            last INTEGER NOT NULL,       -- samples
            peak REAL NOT NULL,
            attempts INTEGER NOT NULL,
            healthy INTEGER NOT NULL,
            health TEXT NOT NULL,        -- JSON {check: figure}
            energies BLOB NOT NULL,
            engine TEXT NOT NULL,
            voice TEXT NOT NULL,
            language TEXT NOT NULL,
            chars INTEGER NOT NULL,      -- of what was spoken
            made REAL NOT NULL           -- Unix time
        )""")


def make_failures(connection: sqlite3.Connection) -> None:
    """What could not be made, until it is."""
    connection.execute("""
        CREATE TABLE failures (
            key TEXT PRIMARY KEY,
            chunk TEXT NOT NULL,         -- its id then, for people
            attempts INTEGER NOT NULL,
            error TEXT NOT NULL,
            at REAL NOT NULL
        )""")


def make_retakes(connection: sqlite3.Connection) -> None:
    """How often the user has asked for another take of a line."""
    connection.execute("""
        CREATE TABLE retakes (
            base TEXT PRIMARY KEY,       -- the line's key without any retake
            number INTEGER NOT NULL,
            why TEXT NOT NULL,
            at REAL NOT NULL
        )""")


def make_norms(connection: sqlite3.Connection) -> None:
    """What is normal for a voice in a language, learned once."""
    connection.execute("""
        CREATE TABLE norms (
            name TEXT PRIMARY KEY,       -- of engine, voice and language: norms.name_of
            norm TEXT NOT NULL           -- JSON {figure: value}
        )""")


def note_origins(connection: sqlite3.Connection) -> None:
    """Of which line a take is, what really spoke it, and where; '' of those made before this was noted."""
    connection.execute("ALTER TABLE takes ADD COLUMN base TEXT NOT NULL DEFAULT ''")  # Job.base
    connection.execute("ALTER TABLE takes ADD COLUMN retake INTEGER NOT NULL DEFAULT 0")
    connection.execute(
        "ALTER TABLE takes ADD COLUMN made_by TEXT NOT NULL DEFAULT ''"
    )  # an engine's identity
    connection.execute("ALTER TABLE takes ADD COLUMN device TEXT NOT NULL DEFAULT ''")  # "cpu", "gpu" …
    connection.execute("ALTER TABLE takes ADD COLUMN machine TEXT NOT NULL DEFAULT ''")  # its kind, no name
    connection.execute(
        "ALTER TABLE takes ADD COLUMN version TEXT NOT NULL DEFAULT ''"
    )  # of programs, for people


def make_review(connection: sqlite3.Connection) -> None:
    """What people want of lines. A line is named by its base, a take of it by its key."""
    connection.execute("ALTER TABLE retakes ADD COLUMN by TEXT NOT NULL DEFAULT ''")
    connection.execute("""
        CREATE TABLE choices (
            base TEXT PRIMARY KEY,
            key TEXT NOT NULL,           -- the take to use, whatever retakes there are
            by TEXT NOT NULL,
            at REAL NOT NULL
        )""")
    connection.execute("""
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            base TEXT NOT NULL,
            key TEXT NOT NULL,           -- the take that was heard; '' if there was none
            category TEXT NOT NULL,
            text TEXT NOT NULL,
            second REAL,                 -- in the take; NULL: all of it
            by TEXT NOT NULL,
            at REAL NOT NULL,
            resolved_by TEXT NOT NULL DEFAULT '',
            resolved_at REAL             -- NULL: open
        )""")
    connection.execute("""
        CREATE TABLE approvals (
            base TEXT PRIMARY KEY,
            key TEXT NOT NULL,           -- the take that was approved
            by TEXT NOT NULL,
            at REAL NOT NULL
        )""")
    connection.execute("""
        CREATE TABLE locks (
            base TEXT PRIMARY KEY,
            by TEXT NOT NULL,
            at REAL NOT NULL
        )""")
    connection.execute("""
        CREATE TABLE history (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            by TEXT NOT NULL,
            what TEXT NOT NULL,          -- "retake", "note", "approve" …
            base TEXT NOT NULL,
            key TEXT NOT NULL,
            detail TEXT NOT NULL
        )""")
    for change in ("UPDATE", "DELETE"):
        connection.execute(
            f"CREATE TRIGGER history_keeps_{change.lower()} BEFORE {change} ON history "
            "BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END"
        )


def make_opinions(connection: sqlite3.Connection) -> None:
    """What judges said of takes, so that none is heard twice."""
    connection.execute("""
        CREATE TABLE opinions (
            key TEXT NOT NULL,
            judge TEXT NOT NULL,
            version TEXT NOT NULL,       -- the judge's
            score REAL,                  -- 0 … 1; NULL: it heard the take and has no opinion
            reasons TEXT NOT NULL,       -- JSON [sentence]
            figures TEXT NOT NULL,       -- JSON {name: figure}
            spans TEXT NOT NULL,         -- JSON [[start, end]], offsets in the text as spoken
            at REAL NOT NULL,
            PRIMARY KEY (key, judge, version)
        )""")


def note_words(connection: sqlite3.Connection) -> None:
    """What a judge heard word by word, with times."""
    connection.execute("ALTER TABLE opinions ADD COLUMN words TEXT NOT NULL DEFAULT '[]'")  # JSON [[…]]


def make_signatures(connection: sqlite3.Connection) -> None:
    """Chapters that someone has heard through and signed; by what stands in them, so a change of one take ends it."""
    connection.execute("""
        CREATE TABLE signatures (
            digest TEXT NOT NULL,        -- of the keys of the chapter's takes, in order
            pass TEXT NOT NULL,          -- "accuracy" or "performance"
            by TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (digest, pass)
        )""")


def index_bases(connection: sqlite3.Connection) -> None:
    """A line's takes are found without going through all there are."""
    connection.execute("CREATE INDEX takes_of_base ON takes (base)")


MIGRATIONS: list[Callable[[sqlite3.Connection], None]] = [
    make_takes,
    make_failures,
    make_retakes,
    make_norms,
    note_origins,
    make_review,
    make_opinions,
    note_words,
    make_signatures,
    index_bases,
]
REVIEW = (
    "retakes",
    "choices",
    "notes",
    "approvals",
    "locks",
    "signatures",
    "history",
)  # what a reviewer may write
TABLES = ("takes", "failures", "norms", "opinions", *REVIEW)


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations a ledger has had."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def migrate(connection: sqlite3.Connection) -> None:
    """Run what is missing. The connection must be in autocommit mode."""
    for number in range(version_of(connection), len(MIGRATIONS)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            MIGRATIONS[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
