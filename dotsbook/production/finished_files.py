"""The finished files that lie in a book's `output.folder`, each with what its proof found. It opens no sound."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

from dotsbook.project import Project

DEEPEST = 3  # folders below `out/`
HEARD = (".m4b", ".mp3", ".flac", ".opus")  # what a browser plays


@dataclass(frozen=True)
class FinishedFile:
    """A file, or a page, of a finished book."""

    name: str  # relative to `out/`
    bytes: int
    made: float  # Unix time
    proof: tuple[dict, ...]  # its proof's rows; none where there is no proof beside it

    def record(self) -> dict:
        """As other programs read it."""
        return {
            "name": self.name,
            "bytes": self.bytes,
            "made": self.made,
            "plays": self.name.lower().endswith(HEARD),
            "proof": list(self.proof),
        }


def finished_files(project: Project) -> list[FinishedFile]:
    """What lies there, the newest first; proofs and what isn't finished aren't named."""
    out = project.out
    found = []
    for path in out.rglob("*"):
        name = path.relative_to(out)
        hidden = any(part.startswith(".") for part in name.parts)
        if hidden or len(name.parts) > DEEPEST or path.name.endswith("proof.json"):
            continue
        with contextlib.suppress(OSError):  # gone meanwhile
            if path.is_file() and not path.is_symlink():
                told = path.stat()
                found.append(FinishedFile(name.as_posix(), told.st_size, told.st_mtime, proof_beside(path)))
    return sorted(found, key=lambda one: (-one.made, one.name))


def proof_beside(path: Path) -> tuple[dict, ...]:
    """The rows of a file's proof."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        rows = json.loads(path.with_name(f"{path.stem}.proof.json").read_text("utf-8"))["rows"]
        return tuple(row for row in rows if isinstance(row, dict))
    return ()
