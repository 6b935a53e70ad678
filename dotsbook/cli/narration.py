"""What will be spoken of a project, read once and kept until the manifest, a source or the reader itself changes.

The copy in .dotsbook/cache/ is only a copy: lost, damaged or old, it is made again from the sources.
"""

import contextlib
import hashlib
import json
import os
from dataclasses import astuple, dataclass
from pathlib import Path

from dotsbook import __version__, files
from dotsbook.book import Chunk, Kind, Pause, Skip
from dotsbook.errors import OutputError
from dotsbook.project import Project

HEARD = ("title", "author", "language", "source", "voices", "cast", "skip", "keep", "normalise", "reading")  # keys that text/ reads


@dataclass(frozen=True)
class Listed:
    """A chapter, as a list shows it."""

    number: int
    title: str
    source: str
    depth: int = 0
    part: str | None = None


@dataclass(frozen=True)
class Stock:
    """The receipt, in characters that aren't white space."""

    source_chars: int
    spoken_chars: int
    skipped_chars: int
    unaccounted: int


@dataclass(frozen=True)
class Narration:
    chapters: tuple[Listed, ...]
    chunks: tuple[Chunk, ...]
    skipped: tuple[Skip, ...]
    changes: tuple  # (chunk, source, start, end, before, after, rule) of what is spoken otherwise than written
    receipt: Stock
    warnings: tuple[str, ...]
    details: dict[str, str]

    def of(self, chapters: set[int] | None) -> list[Chunk]:
        """The chunks of some chapters, or all."""
        return [chunk for chunk in self.chunks if chapters is None or chunk.chapter in chapters]


def narration_of(project: Project) -> Narration:
    """From the copy if nothing changed, else from the sources; a receipt that isn't whole is a SourceError."""
    print_ = fingerprint(project)
    path = project.cache / "narration.json"
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        return unpacked(json.loads(path.read_bytes()), print_)
    narration = read(project)
    if project.state.is_dir() or len(narration.chunks) > 1000:
        with contextlib.suppress(OutputError):  # a folder that can't be written only costs time
            files.write_whole(path, json.dumps({"print": print_} | packed(narration), ensure_ascii=False, separators=(",", ":")).encode())
    return narration


def read(project: Project) -> Narration:
    """Read the sources and make the script."""
    from dotsbook.text.lexicon import load_lexicon
    from dotsbook.text.reader import read_book
    from dotsbook.text.receipt import require_whole
    from dotsbook.text.script import make_script

    manifest = project.manifest
    book = read_book(
        project.sources,
        manifest.reading,
        skip=manifest.skip,
        keep=manifest.keep,
        language=manifest.language,
        title=manifest.title,
        author=manifest.author,
    )
    script = make_script(book, manifest, load_lexicon(project.lexicon, manifest.voices) if project.lexicon else None)
    require_whole(script.receipt)
    chapters = tuple(
        Listed(chapter.number, chapter.title, chapter.paragraphs[0].source if chapter.paragraphs else "", chapter.depth, chapter.part)
        for chapter in book.chapters
    )
    receipt = script.receipt
    return Narration(
        chapters,
        tuple(script.chunks),
        book.skipped + script.skipped,
        tuple(astuple(change) for change in script.changes),
        Stock(receipt.source_chars, receipt.spoken_chars, receipt.skipped_chars, receipt.unaccounted),
        tuple(book.warnings) + tuple(script.warnings),
        dict(book.details),
    )


def fingerprint(project: Project) -> str:
    """Changes with anything that could change what is spoken, this program's own reader among it."""
    manifest = project.manifest.model_dump(mode="json", include=set(HEARD))
    reader = [
        (entry.name, entry.stat().st_size, entry.stat().st_mtime_ns)
        for entry in sorted(Path(__file__).parents[1].glob("text/**/*"))
        if entry.is_file() and entry.suffix != ".pyc"
    ]
    read_files = [*project.sources, *([project.lexicon] if project.lexicon else [])]
    facts = [__version__, manifest, reader, [(os.fspath(path), files.sha256_of(path)) for path in read_files]]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def packed(narration: Narration) -> dict:
    return {
        "chapters": [astuple(chapter) for chapter in narration.chapters],
        "chunks": [astuple(chunk) for chunk in narration.chunks],
        "skipped": [astuple(skip) for skip in narration.skipped],
        "changes": narration.changes,
        "receipt": astuple(narration.receipt),
        "warnings": narration.warnings,
        "details": narration.details,
    }


def unpacked(data: dict, print_: str) -> Narration:
    """Raises ValueError, TypeError or KeyError for a copy that is old or damaged."""
    if data["print"] != print_:
        raise ValueError("the sources changed")
    pauses, kinds = {pause.value: pause for pause in Pause}, {kind.value: kind for kind in Kind}
    chunks = tuple(Chunk(*row[:9], pauses[row[9]], row[10], kinds[row[11]]) for row in data["chunks"])
    return Narration(
        tuple(Listed(*row) for row in data["chapters"]),
        chunks,
        tuple(Skip(*row) for row in data["skipped"]),
        tuple(tuple(row) for row in data["changes"]),
        Stock(*data["receipt"]),
        tuple(data["warnings"]),
        data["details"],
    )
