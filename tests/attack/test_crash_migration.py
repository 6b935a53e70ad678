"""Death before, within and after every migration of an older ledger: it holds what it held, and the same command goes on."""

import sqlite3
from pathlib import Path

import pytest
from ground import CODES, HOWS, ends, tree

from dotsbook.render.migrations import MIGRATIONS

DEATHS = ("before", "within", "after")


def aged(ledger: Path, version: int) -> None:
    """Make the ledger one that has had `version` migrations only, with all its takes."""
    fresh = ledger.with_name("aged.db")
    old = sqlite3.connect(fresh, isolation_level=None)
    for number in range(version):
        MIGRATIONS[number](old)
        old.execute(f"PRAGMA user_version = {number + 1}")
    old.execute("ATTACH ? AS new", [str(ledger)])
    columns = ", ".join(row[1] for row in old.execute("PRAGMA table_info(takes)"))
    old.execute(f"INSERT INTO takes ({columns}) SELECT {columns} FROM new.takes")
    old.execute("DETACH new")
    old.close()
    fresh.replace(ledger)


def dying(number: int, where: str, how: str):
    """Put a death around the `number`th migration: after its transaction began, in it, or when it has committed."""

    def spoil() -> None:
        migration = MIGRATIONS[number]

        def attacked(connection: sqlite3.Connection) -> None:
            if where == "before":
                ends(how, "before")
            migration(connection)
            if where == "within":
                ends(how, "within")

        def next_one(connection: sqlite3.Connection) -> None:
            ends(how, "after")

        MIGRATIONS[number] = attacked
        if where == "after":
            MIGRATIONS[number + 1 : number + 2] = [next_one]

    return spoil


def rows(ledger: Path) -> tuple[int, list]:
    """(version, key and file of each take)."""
    with sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True) as connection:
        takes = connection.execute("SELECT key, file, sha256, samples FROM takes ORDER BY key").fetchall()
        return connection.execute("PRAGMA user_version").fetchone()[0], takes


def test_death_at_every_migration(rendered_once, tmp_path):
    """Of the oldest ledger that can hold takes."""
    old = rendered_once.copy(tmp_path / "old")
    aged(old.folder / ".dotsbook" / "ledger.db", 1)
    takes, wanted = tree(old.folder / ".dotsbook" / "takes"), rows(old.folder / ".dotsbook" / "ledger.db")
    assert wanted[0] == 1 and wanted[1]
    for number in range(1, len(MIGRATIONS)):
        for which, where in enumerate(DEATHS):
            how = HOWS[(number + which) % 3]
            torn = old.copy(tmp_path / f"torn{number}{where}")
            ledger = torn.folder / ".dotsbook" / "ledger.db"
            assert torn.run("render", "@", before=dying(number, where, how)).code == CODES[how]
            assert rows(ledger) == (number + (where == "after"), wanted[1])
            assert "Nothing to render" in torn.must("render", "@")
            assert rows(ledger) == (len(MIGRATIONS), wanted[1])
            assert tree(torn.folder / ".dotsbook" / "takes") == takes
    torn.must("verify", "@")


@pytest.mark.parametrize("where", DEATHS)
def test_death_while_a_ledger_is_made(project, rendered_once, where):
    assert project.run("render", "@", before=dying(0, where, "kill")).code == CODES["kill"]
    project.must("status", "@")
    project.must("render", "@")
    assert project.takes() == rendered_once.takes()
