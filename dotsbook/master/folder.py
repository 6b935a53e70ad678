"""A folder of finished files, made whole: a set is staged, proven, and only then put in place. It knows no formats.

Files that are not ours are left alone; of ours, those that the new set no longer has are removed.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dotsbook.files import UNFINISHED, claim, mode_of, rename, set_mode, sync, sync_folder, unwritable
from dotsbook.master.proof import Proof, store_proof

LISTING = "proof.json"


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A temporary folder beside `folder`; removed at the end, whatever happens. OSError becomes OutputError."""
    stage = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        stage, lock = staging(folder.parent)
        yield stage
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        if stage:
            shutil.rmtree(stage, ignore_errors=True)
            os.close(lock)


def staging(parent: Path) -> tuple[Path, int]:
    """(a new temporary folder, the descriptor that holds its lock)."""
    while True:
        stage = Path(tempfile.mkdtemp(dir=parent, prefix=UNFINISHED))
        with suppress(FileNotFoundError):  # taken for abandoned before it was locked
            lock = os.open(stage, os.O_RDONLY)
            claim(lock)
            if stage.exists():
                return stage, lock
            os.close(lock)


def put_in_place(stage: Path, folder: Path, proof: Proof) -> list[Path]:
    """Move the proven files of `stage` into `folder`, drop what an earlier set left, store the proof; the files."""
    folder.mkdir(exist_ok=True)
    before = earlier(folder)
    names = sorted(path.name for path in stage.iterdir())
    for name in names:
        with open(stage / name, "rb") as file:
            sync(file.fileno())
        if (mode := mode_of(folder / name)) is not None:
            set_mode(stage / name, mode)
        rename(stage / name, folder / name)
    sync_folder(folder)
    store_proof(proof, folder / LISTING, [folder / name for name in names])
    for name in before - set(names):
        (folder / name).unlink(missing_ok=True)
    return [folder / name for name in names]


def earlier(folder: Path) -> set[str]:
    """The names an earlier set of ours had in a folder."""
    try:
        names = [file["name"] for file in json.loads((folder / LISTING).read_text("utf-8"))["files"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()
    return {name for name in names if isinstance(name, str) and Path(name).name == name and name != LISTING}
