"""dotsbook: a build system for narration. A manuscript in, a finished audiobook out.

import dotsbook

with dotsbook.open("mybook") as book:      # docs/python.md tells the rest
    for event in book.render():
        ...
    for made in book.assemble():
        print(made.path)
"""

from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import (
    DotsbookError,
    EncodeError,
    LedgerError,
    ManifestError,
    ModelError,
    OutputError,
    RenderError,
    SourceError,
    Unfinished,
    VoiceError,
)
from dotsbook.machine import require_system
from dotsbook.release import __version__

if TYPE_CHECKING:
    from dotsbook.production.production import Production

__all__ = [
    "DotsbookError",
    "EncodeError",
    "LedgerError",
    "ManifestError",
    "ModelError",
    "OutputError",
    "RenderError",
    "SourceError",
    "Unfinished",
    "VoiceError",
    "__version__",
    "begin",
    "open",
]


def open(path: str | Path = ".", *, memory: float | None = None) -> "Production":  # noqa: A001  dotsbook.open is the door
    """A project's folder, or its book.yaml, as a book to plan, render, review and assemble; close it, or use `with`.

    memory: GiB that engines may use (None: 60 % of the machine's). Raises ManifestError, and DotsbookError on Windows.
    """
    require_system()
    from dotsbook.production.production import Production

    return Production(path, memory)


def begin(
    folder: str | Path, source: str | Path | None = None, *, template: str = "novel", point: bool = False
) -> Path:
    """Make a project of a manuscript: a commented book.yaml beside it; the manifest's path. Overwrites nothing.

    template: novel, nonfiction or drama; point: leave the manuscript where it is. Raises ManifestError, OutputError,
    SourceError.
    """
    require_system()
    from dotsbook.production.new_project import begin

    return begin(Path(folder), Path(source) if source else None, template, point).manifest
