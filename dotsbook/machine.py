"""What this process may use of the machine: memory in bytes, processor cores, a system it runs on, its own addresses. It knows no stages.

A container, a systemd unit or a batch queue gives a process less than the machine has. The kernel says so in control
groups: version 2 in `memory.max`, `memory.high` and `cpu.max`, version 1 in `memory.limit_in_bytes`, `cpu.cfs_quota_us`
and `cpu.cfs_period_us`, each in the process's own group or any group above it; the least counts.
"""

import ipaddress
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from dotsbook.errors import DotsbookError

ROOT = Path("/")


def require_system() -> None:
    """DotsbookError on a system that can't run dotsbook: it needs the file locks of macOS and Linux."""
    try:
        import fcntl  # noqa: F401
    except ImportError:
        raise DotsbookError(
            "dotsbook needs macOS or Linux, and this system is neither. On Windows it runs inside WSL: "
            "`wsl --install`, then install and start it there."
        ) from None


def is_this_machine(host: str) -> bool:
    """Whether a host's name in an address is this machine's own: localhost, or a loopback address. Asks no resolver."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def memory_bytes(root: Path = ROOT) -> int:
    """Bytes of memory this process may use: the machine's, or less where a control group says so."""
    return min([os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), *memory_limits(root)])


def cores(root: Path = ROOT) -> int:
    """Cores this process may use, at least 1: those it may run on, or less where a control group says so.

    A share of a core counts as one: two threads are needed to use 1.5. $DOTSBOOK_CORES is a process's share of them, where
    several of ours work side by side.
    """
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    share = os.environ.get("DOTSBOOK_CORES", "")
    mine = min(mine, int(share)) if share.isdecimal() else mine
    return max(1, min([mine, *(-(-quota // period) for quota, period in cpu_quotas(root))]))


def user_cache() -> Path:
    """The folder for what this program may lose: $XDG_CACHE_HOME/dotsbook, on macOS ~/Library/Caches/dotsbook."""
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "dotsbook"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "dotsbook"


def memory_limits(root: Path) -> Iterator[int]:
    """The limits in bytes of every control group this process is in."""
    for folder in groups("memory", root):
        for name in ("memory.max", "memory.high", "memory.limit_in_bytes"):
            yield from (figure for figure in figures(folder / name)[:1] if figure > 0)


def cpu_quotas(root: Path) -> Iterator[tuple[int, int]]:
    """(microseconds of processor time, in how many) of every control group that limits this process."""
    for folder in groups("cpu", root):
        pairs = (
            figures(folder / "cpu.max"),
            figures(folder / "cpu.cfs_quota_us")[:1] + figures(folder / "cpu.cfs_period_us")[:1],
        )
        yield from ((pair[0], pair[1]) for pair in pairs if len(pair) == 2 and min(pair) > 0)


def figures(file: Path) -> list[int]:
    """The whole numbers in a file of the kernel's; none where it says `max` or isn't there."""
    with suppress(OSError, ValueError):
        return [int(word) for word in file.read_text("ascii").split()]
    return []


def groups(controller: str, root: Path) -> Iterator[Path]:
    """The folders of this process's control groups for a controller and of all groups above them, in both versions."""
    own = dict(memberships(root))
    for kind, names, top, mount in mounts(root):
        path = own.get("") if kind == "cgroup2" else own.get(controller)
        if path is None or (kind == "cgroup" and controller not in names):
            continue
        inside = PurePosixPath(path)
        seen = inside.relative_to(top) if inside.is_relative_to(top) else PurePosixPath()
        here = root / str(mount).lstrip("/")
        for part in (seen, *seen.parents):
            yield here / part


def memberships(root: Path) -> Iterator[tuple[str, str]]:
    """(controller, or "" for version 2; path of this process's group) as /proc/self/cgroup tells."""
    for line in lines(root / "proc/self/cgroup"):
        fields = line.split(":", 2)
        if len(fields) == 3:
            yield from ((name, fields[2]) for name in fields[1].split(","))


def mounts(root: Path) -> Iterator[tuple[str, set[str], str, str]]:
    """(cgroup or cgroup2, controllers of version 1, the group that is its top, where) of every mounted group tree."""
    for line in lines(root / "proc/self/mountinfo"):
        before, _, after = line.partition(" - ")
        place, system = before.split(" "), after.split(" ")
        if len(place) > 4 and len(system) > 2 and system[0] in ("cgroup", "cgroup2"):
            yield system[0], set(system[2].split(",")), place[3], place[4]


def lines(file: Path) -> list[str]:
    with suppress(OSError):
        return file.read_text("utf-8", errors="replace").splitlines()
    return []
