"""What nothing needs any more: takes of lines that changed, orphaned files, leftovers of a death. It knows no script,
only the keys that are needed.
"""

import contextlib
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dotsbook import files
from dotsbook.render.ledger import Ledger
from dotsbook.render.store import file_of, key_of

LEFTOVER = ".writing-"  # how files.replacing names what it hasn't finished


@dataclass(frozen=True, slots=True)
class Orphan:
    file: str  # relative to takes/
    size: int  # bytes
    reason: str
    key: str | None = None  # of the row to forget, if there is one
    other_engine: bool = False  # it was made with the key of an engine that the book isn't rendered with now


def orphans(
    takes: Path, ledger: Ledger, needed: Collection[str], pinned: Collection[str] | None = None
) -> list[Orphan]:
    """What `remove` would: takes whose keys aren't in `needed`, files no row names, leftovers of a death.

    pinned: the identities of the engines that the book is rendered with; None: not known, so no take is told to be of
    another.
    """
    takes, needed = Path(takes), set(needed)
    engines = {} if pinned is None else ledger.engines()

    def unneeded(file: str, size: int, key: str, reason: str) -> Orphan:
        engine = engines.get(key, "")
        if not engine or pinned is None or engine in pinned:
            return Orphan(file, size, reason, key)
        return Orphan(file, size, f"{reason}: it was spoken by {engine}", key, other_engine=True)

    committed = ledger.places()
    named = set(committed.values())
    rows = {
        file if key_of(file) == key else file_of(key): key
        for key, file in committed.items()
        if key not in needed
    }
    found = []
    for file, size in take_files(takes):
        name = os.path.basename(file)
        if name.startswith(LEFTOVER):
            found.append(Orphan(file, size, "left over from an interrupted write"))
        elif file in rows:
            found.append(unneeded(file, size, rows.pop(file), "no line of the book needs it"))
        elif file not in named and name.endswith(".flac"):
            reason = "in no ledger"
            if key_of(file) in needed:
                reason = "another take of its line stands" if key_of(file) in committed else "never committed"
            found.append(Orphan(file, size, reason))
    return found + [
        unneeded(file, 0, key, "its file is gone and no line needs it") for file, key in sorted(rows.items())
    ]


def remove(takes: Path, ledger: Ledger, found: Sequence[Orphan]) -> int:
    """Remove them, rows first, and return the bytes freed. The caller holds the lock. Raises OutputError."""
    ledger.forget(orphan.key for orphan in found if orphan.key)
    freed = 0
    for orphan in found:
        path = Path(takes) / orphan.file
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise files.unwritable(path, error) from error
        freed += orphan.size
    for folder in {(Path(takes) / orphan.file).parent for orphan in found}:
        with contextlib.suppress(OSError):  # not empty, or gone
            folder.rmdir()
    return freed


def forgettable(ledger: Ledger, needed: Iterable[str]) -> list[str]:
    """Keys of failures that no line of the book has any more, for Ledger.forgive."""
    return sorted(ledger.failures().keys() - set(needed))


def take_files(takes: Path) -> list[tuple[str, int]]:
    """(file relative to takes/, bytes) of all that lies there, in order of name. Links are not followed."""
    found = []
    for folder in sorted(entry.name for entry in listed(takes) if entry.is_dir(follow_symlinks=False)):
        found += [
            (f"{folder}/{entry.name}", entry.stat(follow_symlinks=False).st_size)
            for entry in listed(takes / folder)
            if entry.is_file(follow_symlinks=False)
        ]
    return sorted(found)


def listed(folder: Path) -> list[os.DirEntry]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise files.unwritable(folder, error) from error
