"""What will be spoken of a project, read once and kept until the manifest, a source or the reader itself changes.

The copy in .dotsbook/cache/ is only a copy: lost, damaged or old, it is made again from the sources. It is a database,
so that a book of any length is gone through chunk by chunk and never held.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from dotsbook import __version__, files
from dotsbook.book import Chunk, Kind, Pause, Skip
from dotsbook.errors import OutputError
from dotsbook.project import Project

HEARD = (
    "title",
    "author",
    "language",
    "source",
    "voices",
    "cast",
    "skip",
    "keep",
    "normalise",
    "reading",
)  # keys that text/ reads
SMALL = 100_000  # bytes of sources below which a project that has no state yet gets none
TABLES = """
    CREATE TABLE chunks (chapter INTEGER, id TEXT, source TEXT, start INTEGER, "end" INTEGER, text TEXT, spoken TEXT, voice TEXT,
                         language TEXT, pause TEXT, paragraph INTEGER, kind TEXT);
    CREATE TABLE changes (chapter INTEGER, chunk TEXT, source TEXT, start INTEGER, "end" INTEGER, before TEXT, after TEXT, rule TEXT);
    CREATE TABLE head (facts TEXT);
"""
PAUSES, KINDS = {pause.value: pause for pause in Pause}, {kind.value: kind for kind in Kind}


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
    skipped: tuple[Skip, ...]
    voices: dict[str, dict[str, int]]  # voice → language → chunks, in the order in which they come
    receipt: Stock
    warnings: tuple[str, ...]
    details: dict[str, str]
    rows: sqlite3.Connection

    @property
    def chunks(self) -> Iterator[Chunk]:
        """All chunks, in order."""
        return self.of(None)

    def of(self, chapters: Iterable[int] | None) -> Iterator[Chunk]:
        """The chunks of some chapters, or all."""
        return map(chunk_of, self.selected("SELECT * FROM chunks", chapters))

    def count(self, chapters: Iterable[int] | None = None) -> int:
        """How many they are."""
        return sum(1 for _ in self.selected("SELECT 1 FROM chunks", chapters))

    def changes(self, chapters: Iterable[int] | None) -> Iterator[tuple]:
        """(chunk, source, start, end, before, after, rule) of what is spoken otherwise than written."""
        return (row[1:] for row in self.selected("SELECT * FROM changes", chapters))

    def selected(self, statement: str, chapters: Iterable[int] | None) -> Iterator[tuple]:
        if chapters is None:
            return self.rows.execute(f"{statement} ORDER BY rowid")
        of_one = f"{statement} WHERE chapter = ? ORDER BY rowid"
        return (row for chapter in sorted(chapters) for row in self.rows.execute(of_one, (chapter,)))


def chunk_of(row: tuple) -> Chunk:
    chapter, id_, source, start, end, text, spoken, voice, language, pause, paragraph, kind = row
    said = text if spoken is None else spoken
    source, voice, language = map(sys.intern, (source, voice, language))
    return Chunk(
        id_, chapter, source, start, end, text, said, voice, language, PAUSES[pause], paragraph, KINDS[kind]
    )


def row_of(chunk: Chunk) -> tuple:
    said = None if chunk.spoken == chunk.text else chunk.spoken
    place = (chunk.chapter, chunk.id, chunk.source, chunk.start, chunk.end, chunk.text, said)
    return (*place, chunk.voice, chunk.language, chunk.pause.value, chunk.paragraph, chunk.kind.value)


def narration_of(project: Project) -> Narration:
    """From the copy if nothing changed, else from the sources; a receipt that isn't whole is a SourceError."""
    print_ = fingerprint(project)
    path = project.cache / "narration.db"
    if kept := kept_at(path, print_):
        return kept
    if project.state.is_dir() or sum(source.stat().st_size for source in project.sources) > SMALL:
        with contextlib.suppress(
            OutputError, sqlite3.Error
        ):  # a folder that can't be written only costs time
            with files.replacing(path) as temporary, contextlib.closing(sqlite3.connect(temporary)) as rows:
                rows.execute("PRAGMA journal_mode = OFF")  # it has its name only once it is whole
                rows.execute("PRAGMA synchronous = OFF")
                read(project, rows, print_)
            if kept := kept_at(path, print_):
                return kept
    rows = sqlite3.connect(":memory:")
    read(project, rows, print_)
    return narration_in(rows, print_)


def kept_at(path: Path, print_: str) -> Narration | None:
    """The copy in a file, if it is whole and of this fingerprint."""
    if not path.is_file():  # SQLite would wait for a pipe for ever
        return None
    with (
        contextlib.suppress(sqlite3.Error, ValueError, TypeError, KeyError, RecursionError),
        contextlib.ExitStack() as undo,
    ):
        rows = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        undo.callback(rows.close)
        if rows.execute("PRAGMA quick_check").fetchone() == ("ok",):
            kept = narration_in(rows, print_)
            undo.pop_all()
            return kept
    return None


def narration_in(rows: sqlite3.Connection, print_: str) -> Narration:
    """Raises ValueError, TypeError or KeyError for a copy that is old or damaged."""
    head = json.loads(rows.execute("SELECT facts FROM head").fetchone()[0])
    if head["print"] != print_:
        raise ValueError("the sources changed")
    return Narration(
        tuple(Listed(*row) for row in head["chapters"]),
        tuple(Skip(*row) for row in head["skipped"]),
        head["voices"],
        Stock(*head["receipt"]),
        tuple(head["warnings"]),
        head["details"],
        rows,
    )


def read(project: Project, rows: sqlite3.Connection, print_: str) -> None:
    """Read the sources and write the script down as it is made."""
    from dotsbook.text.lexicon.lexicon_file import load_lexicon
    from dotsbook.text.reader import read_book
    from dotsbook.text.script.receipt import require_whole
    from dotsbook.text.script.script_writer import ScriptWriter

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
    writer = ScriptWriter(
        book, manifest, load_lexicon(project.lexicon, manifest.voices) if project.lexicon else None
    )
    voices: dict[str, dict[str, int]] = {}
    rows.executescript(TABLES)
    for chunk, made in writer:
        rows.execute(f"INSERT INTO chunks VALUES ({','.join('?' * 12)})", row_of(chunk))
        for change in made:
            rows.execute(
                f"INSERT INTO changes VALUES ({','.join('?' * 8)})", (chunk.chapter, *astuple(change))
            )
        spoken = voices.setdefault(chunk.voice, {})
        spoken[chunk.language] = spoken.get(chunk.language, 0) + 1
    receipt = writer.receipt()
    require_whole(receipt)
    head = {
        "print": print_,
        "chapters": [
            (
                chapter.number,
                chapter.title,
                chapter.paragraphs[0].source if chapter.paragraphs else "",
                chapter.depth,
                chapter.part,
            )
            for chapter in book.chapters
        ],
        "skipped": [astuple(skip) for skip in (*book.skipped, *writer.silent)],
        "voices": voices,
        "receipt": (receipt.source_chars, receipt.spoken_chars, receipt.skipped_chars, receipt.unaccounted),
        "warnings": (*book.warnings, *writer.warnings()),
        "details": dict(book.details),
    }
    rows.execute("INSERT INTO head VALUES (?)", (json.dumps(head),))
    rows.execute("CREATE INDEX chunks_of ON chunks (chapter)")
    rows.execute("CREATE INDEX changes_of ON changes (chapter)")
    rows.commit()


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
