"""One writer a project, by a lock that the kernel lets go of when its holder dies. It knows nothing of the work."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dotsbook import files
from dotsbook.errors import LedgerError
from dotsbook.render.ledger_file import make_folder

NAME = "lock"
PATIENCE = 3.0  # seconds that a dead holder's orphaned worker may keep the lock


class LockHeld(LedgerError):
    """Another process, or another part of this one, holds the lock."""


@contextmanager
def writing(state: Path) -> Iterator[None]:
    """Hold the project's write lock, or raise LedgerError with who holds it. `state`: the project's .dotsbook folder.

    The lock is on the file itself, so two paths to one folder are one lock.
    """
    make_folder(Path(state))
    path = Path(state) / NAME
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise files.unwritable(path, error) from error
    try:
        take(descriptor, path)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "since": time.time()}).encode("ascii"), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def take(descriptor: int, path: Path) -> None:
    """Lock it, now or as soon as a dead holder's last child is gone."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            pid, since = holder(descriptor)
            if pid is None or alive(pid) or time.monotonic() > until:
                who = f"process {pid}, since {since}" if pid else "another process"
                raise LockHeld(
                    f"This project is being worked on by another dotsbook ({who}); wait until it is done "
                    f"or stop it. (The lock is {path}.)"
                ) from error
            time.sleep(0.1)
        except OSError as error:
            raise LedgerError(
                f"{path} can't be locked: {error.strerror}; put the project on a disk that allows locks."
            ) from error


def holder(descriptor: int) -> tuple[int | None, str]:
    """(process id, when it began), as the lock's file says."""
    with contextlib.suppress(ValueError, KeyError, TypeError, OSError):
        note = json.loads(os.pread(descriptor, 200, 0))
        return int(note["pid"]), time.strftime("%Y-%m-%d %H:%M", time.localtime(note["since"]))
    return None, ""


def working(state: Path) -> tuple[int, str] | None:
    """(process id, when it began) of who writes now, as the lock's file says: the lock itself isn't touched."""
    try:
        descriptor = os.open(Path(state) / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        pid, since = holder(descriptor)
    finally:
        os.close(descriptor)
    return (pid, since) if pid and alive(pid) else None


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def held(state: Path) -> bool:
    """Whether some process holds the lock now."""
    try:
        descriptor = os.open(Path(state) / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
