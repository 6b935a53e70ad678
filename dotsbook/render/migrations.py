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


MIGRATIONS: list[Callable[[sqlite3.Connection], None]] = [make_takes, make_failures, make_retakes, make_norms]


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
