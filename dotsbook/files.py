"""Files that are whole or not there: every durable write of the program goes through here. It knows no formats.

`write_whole` and `Replacement` follow one order: temporary file beside the target, fsync, rename, fsync of the
folder. Crash tests replace `sync`, `rename` and `step` to die or to forget between them.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from dotsbook.errors import OutputError


def step(name: str) -> None:
    """A numbered place in a durable write; tests put a death here."""


def sync(descriptor: int) -> None:
    """Bring a file to the disk itself; on a Mac plain fsync stops at the drive's cache."""
    if sys.platform == "darwin":
        with contextlib.suppress(OSError):       # a network or FAT volume knows no full sync
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def rename(source: Path, target: Path) -> None:
    os.replace(source, target)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(target: Path, suffix: str | None = None):
    """Yield a temporary path beside `target`; on a clean exit it is synced and takes the target's name.

    On any error the temporary file is removed and what stood under the name before still does.
    OSError (no room, no permission) becomes OutputError.
    """
    target = Path(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".writing-", suffix=suffix or target.suffix)
        os.close(handle)
    except OSError as error:
        raise unwritable(target, error) from error
    temporary = Path(name)
    try:
        step("created")
        yield temporary
        step("written")
        with open(temporary, "rb") as written:
            sync(written.fileno())
        os.chmod(temporary, 0o644)
        step("synced")
        rename(temporary, target)
        step("renamed")
        sync_folder(target.parent)
        step("folder synced")
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(target: Path, data: bytes) -> None:
    """Write `data` under `target`'s name, all of it or nothing."""
    with replacing(target) as temporary:
        temporary.write_bytes(data)


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unwritable(target: Path, error: OSError) -> OutputError:
    """The sentence for a file system that refuses."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(f"The disk is full: {target} could not be written. Free some room and run the same command again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(f"{target} can't be written: {error.strerror}. Allow writing to {target.parent} or choose another folder.")
    return OutputError(f"{target} can't be written: {error.strerror or error}.")
