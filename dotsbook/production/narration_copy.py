"""Reads a project's manuscript into a narration, kept in .dotsbook/cache/ until the manifest, a source or the reader changes.

The copy is only a copy: lost, damaged or old, it is made again from the sources.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from dotsbook import files
from dotsbook.book import SEEN, Book, Chunk
from dotsbook.direction import delivered
from dotsbook.errors import OutputError, VoiceError
from dotsbook.manifest import Reading
from dotsbook.production.book_roster import cast_manifest
from dotsbook.production.cast_step import outlook
from dotsbook.production.credits import credit_lines
from dotsbook.production.deliveries import Deliveries, abilities
from dotsbook.production.narration import Narration, head_of, narration_in, opened, row_of
from dotsbook.production.spoken_edits import apply_edits, load_edits
from dotsbook.production.stage_names import names_unheard, speakers_in, told
from dotsbook.production.steps import STEPS
from dotsbook.project import Project
from dotsbook.release import __version__

if TYPE_CHECKING:
    from dotsbook.text.script.spoken import SourceChange

HEARD = (  # keys of the manifest that change what is spoken
    *(
        "title",
        "author",
        "language",
        "source",
        "encoding",
        "voices",
        "cast",
        "skip",
        "keep",
        "normalise",
        "reading",
        "credits",
    ),
)
SMALL = 100_000  # bytes of sources below which a project that has no state yet gets none
NAMED = 1000  # ids of changed lines that a copy names
TABLES = """
    CREATE TABLE chunks (chapter INTEGER, id TEXT, source TEXT, start INTEGER, "end" INTEGER, text TEXT, spoken TEXT, voice TEXT,
                         language TEXT, pause TEXT, paragraph INTEGER, kind TEXT, delivery TEXT, pauses TEXT, speaker TEXT);
    CREATE TABLE changes (chapter INTEGER, chunk TEXT, source TEXT, start INTEGER, "end" INTEGER, before TEXT, after TEXT, rule TEXT);
    CREATE TABLE marks (source TEXT, start INTEGER, "end" INTEGER, kind TEXT);
    CREATE TABLE head (facts TEXT);
"""
SPOKEN = (
    "SELECT id, coalesce(spoken, text) || char(0) || voice || char(0) || language "
    "|| coalesce(char(0) || delivery, '') FROM chunks"
)
OnReading = Callable[[float], None]  # told how much is read, 0 … 1
READING = threading.RLock()
HELD: "WeakValueDictionary[str, Book]" = WeakValueDictionary()  # manuscripts by all that they were read from
UNREADABLE = (sqlite3.Error, ValueError, TypeError, KeyError, RecursionError)


def narration_of(project: Project, on_progress: OnReading = lambda share: None) -> Narration:
    """From the copy if nothing changed, else from the sources; a receipt that isn't whole is a SourceError.

    Of several threads one reads, and the others take what it has read.
    """
    maker = made_by()
    print_ = fingerprint(project, maker)
    path = copy_of(project)
    if kept := kept_at(path, print_):
        return kept
    with READING:
        return kept_at(path, print_) or narration_read(project, print_, maker, on_progress)


def narration_read(project: Project, print_: str, maker: dict[str, str], on_progress: OnReading) -> Narration:
    """From the sources, and a copy of it kept where there may be one."""
    path = copy_of(project)
    if project.state.is_dir() or sum(source.stat().st_size for source in project.sources) > SMALL:
        with contextlib.suppress(
            OutputError, sqlite3.Error
        ):  # a folder that can't be written costs only time
            with files.replacing(path) as temporary, contextlib.closing(sqlite3.connect(temporary)) as rows:
                rows.execute("PRAGMA journal_mode = OFF")  # it has its name only once it is whole
                rows.execute("PRAGMA synchronous = OFF")
                read(project, rows, print_, maker, path, on_progress)
            if kept := kept_at(path, print_):
                return kept
    rows = sqlite3.connect(":memory:", check_same_thread=False)
    read(project, rows, print_, maker, path, on_progress)
    return narration_in(rows, print_)


def copy_of(project: Project) -> Path:
    """Where the copy lies, if there is one."""
    return project.cache / "narration.db"


def kept_at(path: Path, print_: str) -> Narration | None:
    """The copy in a file, if it is whole and of this fingerprint."""
    if not path.is_file():  # SQLite would wait for a pipe for ever
        return None
    with contextlib.suppress(*UNREADABLE), contextlib.ExitStack() as undo:
        rows = opened(path)
        undo.callback(rows.close)
        if rows.execute("PRAGMA quick_check").fetchone() == ("ok",):
            kept = narration_in(rows, print_)
            undo.pop_all()
            return kept
    return None


def read(
    project: Project,
    rows: sqlite3.Connection,
    print_: str,
    maker: dict[str, str],
    before: Path,
    on_progress: OnReading,
) -> None:
    """Read the sources and write the script down as it is made. before: the copy that stood here until now."""
    from dotsbook.production.kept_chapters import KeptChapters
    from dotsbook.text.lexicon.lexicon_file import load_lexicon
    from dotsbook.text.script.receipt import require_same_text, require_whole
    from dotsbook.text.script.script_writer import ScriptWriter

    read_book = book = book_of(project)
    for step in STEPS:
        before_it, book = book, step.apply(book, project)
        require_same_text(before_it, book, step.name)
    manifest = cast_manifest(project)
    lexicon = load_lexicon(project.lexicon, manifest.voices) if project.lexicon else None
    deliveries = Deliveries(project)
    writer = ScriptWriter(
        book, manifest, lexicon, comfortable=comfortable(project), deliver=deliveries.deliver
    )
    rows.executescript(TABLES)
    setup = hash_of([*setup_facts(project, maker), book.language])
    with contextlib.closing(KeptChapters(before, setup, lexicon)) as kept:
        lines = chain(kept.written(writer, deliveries), credit_lines(project, lexicon))
        voices = written_down(rows, lines, len(book.chapters), on_progress)
    rows.executemany("INSERT INTO marks VALUES (?, ?, ?, ?)", seen_in(book))
    edited = apply_edits(load_edits(project.spoken_file), rows, project.spoken_file.name)
    receipt = writer.receipt()
    require_whole(receipt)
    head = {
        "print": print_,
        "made_by": maker,
        "chapters": [
            (chapter.number, title, first_source(chapter), chapter.depth, chapter.part)
            for chapter, title in zip(book.chapters, titles_in(book), strict=True)
        ],
        "skipped": [astuple(skip) for skip in (*book.skipped, *writer.silent)],
        "voices": voices,
        "receipt": (receipt.source_chars, receipt.spoken_chars, receipt.skipped_chars, receipt.unaccounted),
        "warnings": (*book.warnings, *writer.warnings(), *deliveries.warnings(), *edited),
        "details": dict(book.details),
        "news": news(before, rows, maker),
        "casting": outlook(read_book, project),
        "script": kept.record(rows),
    }
    rows.execute("INSERT INTO head VALUES (?)", (json.dumps(head),))
    rows.execute("CREATE INDEX chunks_of ON chunks (chapter, id)")
    rows.execute("CREATE INDEX changes_of ON changes (chapter)")
    rows.commit()


def written_down(
    rows: sqlite3.Connection,
    lines: "Iterable[tuple[Chunk, Iterable[SourceChange]]]",
    chapters: int,
    on_progress: OnReading,
) -> dict[str, dict[str, int]]:
    """Write lines down as they come; {voice: {language: lines}}."""
    voices: dict[str, dict[str, int]] = {}
    chapter = 0
    for chunk, changes in lines:
        if chunk.chapter != chapter:
            on_progress(min(1.0, chapter / chapters))
            chapter = chunk.chapter
        rows.execute(f"INSERT INTO chunks VALUES ({','.join('?' * 15)})", row_of(chunk))
        rows.executemany(
            f"INSERT INTO changes VALUES ({','.join('?' * 8)})",
            [change_row(chunk.chapter, change) for change in changes],
        )
        spoken = voices.setdefault(delivered(chunk.voice, chunk.delivery), {})
        spoken[chunk.language] = spoken.get(chunk.language, 0) + 1
    return voices


def change_row(chapter: int, change: "SourceChange") -> tuple:
    return (
        chapter,
        change.chunk,
        change.source,
        change.start,
        change.end,
        change.before,
        change.after,
        change.rule,
    )


def book_of(project: Project) -> Book:
    """The manuscript as it is read, before any step. Raises SourceError."""
    reading = project.manifest.reading
    book = book_read(project, reading)
    if names_unheard(book, cast_manifest(project)):
        spoken = book_read(project, reading.model_copy(update={"speakers": "spoken"}))
        book = told(spoken, speakers_in(book))
    return book


def book_read(project: Project, reading: Reading) -> Book:
    """A manuscript; one that somebody still holds isn't read again."""
    from dotsbook.text.reader import read_book

    manifest = project.manifest
    named = (manifest.skip, manifest.keep, manifest.language, manifest.title, manifest.author)
    texts = [(os.fspath(path), files.sha256_of(path)) for path in project.sources]
    told = repr((texts, reading, sorted(reading.model_fields_set), named, manifest.encoding))
    if (book := HELD.get(told)) is None:
        skip, keep, language, title, author = named
        book = HELD[told] = read_book(
            project.sources,
            reading,
            skip=skip,
            keep=keep,
            language=language,
            title=title,
            author=author,
            encoding=manifest.encoding,
        )
    return book


def seen_in(book: Book) -> Iterator[tuple[str, int, int, str]]:
    """The rows of the marks that are seen and not heard."""
    for chapter in book.chapters:
        for paragraph in chapter.paragraphs:
            for mark in paragraph.marks:
                if mark.kind in SEEN:
                    yield paragraph.source, mark.start, mark.end, mark.kind


def titles_in(book: Book) -> list[str]:
    """The chapters' titles as a list shows them, those after a part's name whose part has no chapter of its own: "Act I ·
    Scene I". A part that all chapters share, or that is called like the book, is none."""
    own = {chapter.title for chapter in book.chapters} | {book.title}
    parts = {chapter.part for chapter in book.chapters}
    return [
        f"{chapter.part} · {chapter.title}"
        if chapter.part and chapter.part not in own and len(parts) > 1
        else chapter.title
        for chapter in book.chapters
    ]


def first_source(chapter) -> str:
    return chapter.paragraphs[0].source if chapter.paragraphs else ""


def made_by() -> dict[str, str]:
    """{what makes the script: its version}: this program's own reader, the libraries it uses, the steps in between."""
    from dotsbook.text.version import made_by

    return {
        "dotsbook": __version__,
        **made_by(),
        **{f"step {step.name}": str(step.version) for step in STEPS},
    }


def fingerprint(project: Project, maker: dict[str, str]) -> str:
    """Changes with anything that could change what is spoken."""
    edits = [project.spoken_file] if project.spoken_file.is_file() else []
    return hash_of(
        [
            *setup_facts(project, maker),
            files.sha256_of(project.lexicon) if project.lexicon else None,
            [(os.fspath(path), files.sha256_of(path)) for path in (*project.sources, *edits)],
            [step.facts(project) for step in STEPS],
        ]
    )


def setup_facts(project: Project, maker: dict[str, str]) -> list:
    """What every chapter is read with, besides the lexicon."""
    return [
        TABLES,  # a copy that lacks one is no copy
        maker,
        project.manifest.model_dump(mode="json", include=set(HEARD)),
        sorted(project.manifest.reading.model_fields_set),  # what isn't said may be decided by the book
        comfortable(project),
        abilities(project),
        project.manifest.edits.model_dump(mode="json"),  # what is told of directions depends on it
    ]


def hash_of(facts: list) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def comfortable(project: Project) -> dict[str, dict[str, int]]:
    """{voice: {script: characters in a line that its engine reads well}}, of engines that are known here and say so."""
    from dotsbook.voices.catalogue import spec_for

    found = {}
    for name in project.manifest.voices:
        with contextlib.suppress(VoiceError):
            if lengths := spec_for(project, name).comfortable:
                found[name] = dict(lengths)
    return found


def news(before: Path, rows: sqlite3.Connection, maker: dict[str, str]) -> tuple | None:
    """(why, how many, which lines) are spoken otherwise than in the copy before, if the program changed since."""
    if not before.is_file():
        return None
    with contextlib.suppress(*UNREADABLE), contextlib.closing(opened(before)) as old:
        past = head_of(old)["made_by"]
        because = [
            f"{name} {past.get(name, 'none')} → {maker.get(name, 'none')}"
            for name in sorted({*past, *maker})
            if past.get(name) != maker.get(name)
        ]
        if not because:
            return None
        known = {hash(line) for _, line in old.execute(SPOKEN)}
        changed = [id_ for id_, line in rows.execute(SPOKEN) if hash(line) not in known]
        return (because, len(changed), changed[:NAMED]) if changed else None
    return None
