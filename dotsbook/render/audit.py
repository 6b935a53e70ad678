"""Whether the takes are what the ledger says, byte for byte, and how to put it right. It knows no script.

`repair` forgets the rows of bad takes, so that the next render makes them; `rebuild` makes a lost ledger anew from
what the takes say of themselves.
"""

import contextlib
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dotsbook import files
from dotsbook.book import Take
from dotsbook.errors import LedgerError
from dotsbook.render.ledger import Ledger, writer
from dotsbook.render.ledger_file import connect
from dotsbook.render.migrations import REVIEW
from dotsbook.render.store import decode, facts_in, issue_of, key_of, take_of
from dotsbook.render.sweep import LEFTOVER, take_files
from dotsbook.render.take_rows import Facts

GROUP = 200  # rows a transaction when a ledger is made anew


@dataclass(frozen=True, slots=True)
class Problem:
    key: str
    file: str  # relative to takes/
    kind: str  # "missing", "altered", "unreadable"
    detail: str


def audit(
    ledger: Ledger,
    takes: Path,
    keys: Collection[str] | None = None,
    on_take: Callable[[int, int], None] = lambda at, of: None,
) -> Iterator[Problem]:
    """Re-hash every take (or those of `keys`), yield what doesn't match its row. `on_take`: (so far, of how many)."""
    rows = ledger.finished(keys)
    for count, take in enumerate(rows.values(), 1):
        problem = look_at(take, Path(takes) / take.file)
        if problem:
            yield problem
        on_take(count, len(rows))


def look_at(take: Take, path: Path) -> Problem | None:
    """What is wrong with one take's file."""
    if key_of(take.file) != take.key:
        return Problem(take.key, take.file, "altered", "the ledger names another file than the key does")
    try:
        data = files.read_whole(path)
    except FileNotFoundError:
        return Problem(take.key, take.file, "missing", "the file is gone")
    except OSError as error:
        return Problem(take.key, take.file, "unreadable", error.strerror or str(error))
    if hashlib.sha256(data).hexdigest() != take.sha256:
        return Problem(
            take.key, take.file, "altered", f"its {len(data)} bytes aren't those that were committed"
        )
    return None


def repair(ledger: Ledger, problems: Iterable[Problem]) -> int:
    """Forget the rows of bad takes; how many. Their files stay until rendered over. The caller holds the lock."""
    keys = {problem.key for problem in problems}
    ledger.forget(keys)
    return len(keys)


def rebuild(path: Path, takes: Path, measure: Callable | None = None) -> tuple[Path | None, int, list[str]]:
    """Set a damaged ledger aside and make a new one from the takes, with all that the old one still tells of what
    people want of lines. The caller holds the lock.

    Gives (where the old one lies now, or None; takes found again; files that could not be taken up).
    """
    if measure is None:
        from dotsbook.measure import measure as usual

        measure = usual
    aside = set_aside(Path(path))
    return aside, *adopt(Path(path), Path(takes), measure, aside)


def set_aside(path: Path) -> Path | None:
    """Rename a ledger, with its journal, out of the way; nothing is thrown away."""
    if not path.exists():
        return None
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside, number = path.with_name(f"{path.name}.damaged-{stamp}"), 1
    while aside.exists():
        aside, number = path.with_name(f"{path.name}.damaged-{stamp}-{number}"), number + 1
    try:
        for suffix in ("-wal", "-shm", ""):
            if (old := path.with_name(path.name + suffix)).exists():
                files.rename(old, aside.with_name(aside.name + suffix))
        files.sync_folder(path.parent)
    except OSError as error:
        raise files.unwritable(aside, error) from error
    return aside


def adopt(path: Path, takes: Path, measure: Callable, old: Path | None = None) -> tuple[int, list[str]]:
    """Make a ledger in which every sound take has a row: built under another name, so that a death leaves none."""
    building = path.with_name(path.name + ".rebuilding")
    for suffix in ("", "-wal", "-shm"):
        building.with_name(building.name + suffix).unlink(missing_ok=True)
    found, refused = 0, []
    with writer(building, building.with_name("none")) as ledger:
        if old:
            salvage(ledger, old)
        group: list[tuple[Take, Facts]] = []
        for file, _ in sorted(
            take_files(takes), key=lambda found: issue_of(found[0])
        ):  # the last of a key stands
            if os.path.basename(file).startswith(LEFTOVER):
                continue
            try:
                group.append(take_from(takes / file, file, measure))
            except LedgerError:
                refused.append(file)
            if len(group) >= GROUP:
                found += put(ledger, group)
        found += put(ledger, group)
        ledger.settle()
    files.rename(building, path)
    files.sync_folder(path.parent)
    return found, refused


def salvage(ledger: Ledger, old: Path) -> None:
    """Take up what people wanted of lines out of a damaged ledger, row by row as far as it can be read."""
    with contextlib.suppress(sqlite3.Error, LedgerError), contextlib.closing(connect(old, "ro")) as rows:
        for table in REVIEW:
            with contextlib.suppress(sqlite3.Error):
                take_up(ledger, table, rows.execute(f"SELECT * FROM {table}"))


def take_up(ledger: Ledger, table: str, rows: sqlite3.Cursor) -> None:
    """Add rows of another ledger's table, where it has rows of its own they stand."""
    columns = [name for name, *_ in rows.description]
    places = ",".join("?" * len(columns))
    statement = f"INSERT OR IGNORE INTO {table} ({','.join(columns)}) VALUES ({places})"
    with ledger.transaction() as connection, contextlib.suppress(sqlite3.DatabaseError):
        for row in rows:
            connection.execute(statement, row)


def put(ledger: Ledger, group: list[tuple[Take, Facts]]) -> int:
    """Commit a group and empty it; how many takes it added."""
    count = len({take.key for take, _ in group} - ledger.finished([take.key for take, _ in group]).keys())
    ledger.add(group)
    ledger.restore({facts.base: facts.retake for _, facts in group if facts.retake})
    group.clear()
    return count


def take_from(path: Path, file: str, measure: Callable) -> tuple[Take, Facts]:
    """A take as its file tells it. Raises LedgerError if it is damaged or not under its own name."""
    import soundfile

    try:
        data = path.read_bytes()
        samples, rate = decode(data)
        with soundfile.SoundFile(path) as sound:
            key, facts = facts_in(sound.comment)
    except (OSError, soundfile.LibsndfileError) as error:
        raise LedgerError(f"{path} can't be read: {error}") from error
    if key_of(file) != key or not len(samples):
        raise LedgerError(f"{path} isn't the take it says it is")
    return take_of(key, data, samples, rate, facts, measure, file), facts
