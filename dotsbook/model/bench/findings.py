"""What a bench found best on this machine, kept for rendering. Losing the file loses nothing else."""

import hashlib
import json
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dotsbook import files
from dotsbook.machine import user_cache

NAME = "bench.json"
MOST = 1024  # lines together that anybody could have found
BUFFERS = "larger command buffers"


@dataclass(frozen=True)
class BenchFinding:
    """Of one model on this machine."""

    together: int  # lines that gave the most sound a second
    line: str  # the bench's own, to be pasted


def keep(identity: str, finding: BenchFinding, larger_buffers: bool | None = None) -> None:
    """Remember what was found for a model, by its identity, and for the machine; None: not tried."""
    kept = _read() | {_name(identity): asdict(finding)}
    if larger_buffers is not None:
        kept[_name(BUFFERS)] = larger_buffers
    files.write_whole(_file(), json.dumps(kept, indent=1).encode())


def found(identity: str) -> BenchFinding | None:
    """What was found last for a model, or None."""
    kept = _read().get(_name(identity))
    if isinstance(kept, dict) and kept.keys() == BenchFinding.__dataclass_fields__.keys():
        together = kept["together"]
        if isinstance(together, int) and 1 <= together <= MOST:
            return BenchFinding(**kept)
    return None


def larger_buffers_found() -> bool | None:
    """Whether larger command buffers were quicker on this machine; None: not tried."""
    kept = _read().get(_name(BUFFERS))
    return kept if isinstance(kept, bool) else None


def _file() -> Path:
    return user_cache() / NAME


def _read() -> dict:
    with suppress(OSError, ValueError, RecursionError):
        kept = json.loads(_file().read_bytes())
        return kept if isinstance(kept, dict) else {}
    return {}


def _name(what: str) -> str:
    """A model on this machine, or a setting of it, as a short name."""
    machine = f"{platform.node()}/{platform.machine()}/{platform.system()}"
    return hashlib.sha256(f"{what}\n{machine}".encode()).hexdigest()[:20]
