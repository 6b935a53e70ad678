"""Files that are whole or not there: every durable write of the program goes through here. It knows no formats.

What isn't finished yet is named UNFINISHED… and locked by its writer; the kernel lets go of the lock when the writer dies,
so `remove_abandoned` can tell a leftover from work going on.

`write_whole` and `replacing` follow one order: temporary file beside the target, fsync, rename, fsync of the
folder. Crash tests replace `sync`, `rename` and `step` to die or to forget between them.

A file that takes another's place keeps its permissions; a new one has those that the user's umask leaves.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dotsbook.errors import OutputError

UNFINISHED = ".writing-"


def step(name: str) -> None:
    """A numbered place in a durable write; tests put a death here."""


def sync(descriptor: int) -> None:
    """Bring a file to the disk itself; on a Mac plain fsync stops at the drive's cache."""
    if sys.platform == "darwin":
        with contextlib.suppress(OSError):  # a network or FAT volume knows no full sync
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
def replacing(target: Path, suffix: str | None = None) -> Iterator[Path]:
    """Yield a temporary path beside `target`; on a clean exit it is synced and takes the target's name.

    On any error the temporary file is removed and what stood under the name before still does.
    OSError (no room, no permission) becomes OutputError.
    """
    target = Path(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = mode_of(target)
        lock, temporary = begun(target.parent, suffix or target.suffix, private=mode is not None)
        mode = stat.S_IMODE(os.fstat(lock).st_mode) if mode is None else mode
    except OSError as error:
        raise unwritable(target, error) from error
    try:
        step("created")
        yield temporary
        step("written")
        with open(temporary, "rb") as written:
            sync(written.fileno())
        set_mode(temporary, mode)
        step("synced")
        rename(temporary, target)
        step("renamed")
        sync_folder(target.parent)
        step("folder synced")
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)
        os.close(lock)


def mode_of(target: Path) -> int | None:
    """The permissions of the file that stands under a name; None if none does. A link's own don't count."""
    with contextlib.suppress(OSError):
        found = os.lstat(target).st_mode
        return found & 0o777 if stat.S_ISREG(found) else None
    return None


def set_mode(path: Path, mode: int) -> None:
    """Give a file these permissions; a disk that knows none is not asked for what it has already."""
    if stat.S_IMODE(os.stat(path).st_mode) != mode:
        os.chmod(path, mode)


def begun(folder: Path, suffix: str, private: bool) -> tuple[int, Path]:
    """(descriptor that holds its lock, path) of a new temporary file, as open as the umask says or, `private`, to its owner."""
    while True:
        path = folder / f"{UNFINISHED}{secrets.token_hex(4)}{suffix}"
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
            claim(descriptor)
            if os.path.exists(path):  # or else it was taken for abandoned before it was locked
                return descriptor, path
            os.close(descriptor)


def new_folder(parent: Path, prefix: str) -> Path:
    """A new folder of a name nobody has, as open as the umask says (tempfile's are their owner's alone)."""
    while True:
        folder = parent / f"{prefix}{secrets.token_hex(4)}"
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder


def claim(descriptor: int) -> None:
    """Lock what is being written until the descriptor is closed. Where a disk knows no locks, nothing counts as abandoned."""
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_SH)


def remove_abandoned(folder: Path) -> None:
    """Remove what dead writers left unfinished anywhere under a folder; what a live one holds stays."""
    for path in list(Path(folder).rglob(f"{UNFINISHED}*")):
        with contextlib.suppress(OSError):  # it is being written, or gone already, or not ours to remove
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            finally:
                os.close(descriptor)


def write_whole(target: Path, data: bytes) -> None:
    """Write `data` under `target`'s name, all of it or nothing."""
    with replacing(target) as temporary:
        temporary.write_bytes(data)


def write_through(target: Path, data: bytes) -> None:
    """The same for a file of the user's own that is edited: where it is a link, the link stays and its target is written."""
    write_whole(Path(os.path.realpath(target)), data)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes. OSError for what is no file."""
    require_file(path)
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_whole(path: Path) -> bytes:
    """A file's bytes. OSError for what is no file."""
    require_file(path)
    return Path(path).read_bytes()


def require_file(path: Path) -> None:
    """OSError unless a file stands there: a pipe would be waited for, and a device read, for ever."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(errno.EINVAL, "it is no file", os.fspath(path))


def unwritable(target: Path, error: OSError) -> OutputError:
    """The sentence for a file system that refuses."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(
            f"The disk is full: {target} could not be written. Free some room and run the same command again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(
            f"{target} can't be written: {error.strerror}. Allow writing to {target.parent} or choose another folder."
        )
    return OutputError(f"{target} can't be written: {error.strerror or error}.")


def refused(error: OSError) -> str:
    """The sentence for what the system refuses, where no room had a better one."""
    if error.filename is None and error.errno == errno.ENOENT:
        return (
            "The folder this was started in is gone; go to one that is there and run the same command again."
        )
    if error.errno == errno.EMFILE:
        return (
            "Too many files are open at once; allow more (`ulimit -n 1024`) and run the same command again."
        )
    return str(unwritable(Path(error.filename or "A file"), error))
