"""A line of the book in its manuscript's own file, shown as it is written there and changed there: Markdown and plain text.

What is written is read back before it is kept: all of the book but the line must stay as it is. The file as it was is
kept in the project's state. Other formats aren't written to: of them a line is spoken otherwise (line_wording.py).
"""

import re
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from dotsbook.book import Book, Chunk
from dotsbook.errors import ManifestError, SourceError
from dotsbook.files import write_through, write_whole
from dotsbook.production.narration_copy import book_of
from dotsbook.production.selection import jobs_named
from dotsbook.production.session import Session

TEXT = ("Markdown", "plain text")  # formats whose files are text that a person writes
LONGEST = 20_000  # characters of a line as it is written
MARKS = r"(?:[*_`~\\\[]|\](?:\{[^{}\n]*\}|\([^()\n]*\))?)*"  # what Markdown has around and within words
SPACES = r"(?:[\s>]|&nbsp;)+"
ALIKE = {  # what is written otherwise than it is read
    **dict.fromkeys("'’‘", "['’‘]"),
    **dict.fromkeys('"“”„«»', '["“”„«»]'),
    "—": "(?:—|---?)",
    "–": "(?:–|--?)",
    "…": r"(?:…|\.\.\.)",
    "&": "(?:&amp;|&)",
    "<": "(?:&lt;|<)",
    ">": "(?:&gt;|>)",
}


@dataclass(frozen=True)
class ManuscriptLine:
    """A line as it is written."""

    path: Path
    row: int  # in the file, from 1
    text: str  # with its marks
    first: int  # offsets in the file's text
    last: int

    def record(self) -> dict:
        """As other programs read it."""
        return {"file": self.path.name, "row": self.row, "text": self.text}


def manuscript_line(session: Session, name: str) -> ManuscriptLine:
    """Where a line is written. ManifestError where that can't be told, or its file is none that is edited here."""
    [job] = jobs_named(session, [name])
    return written_line(session, book_of(session.project), job.chunk)[0]


def written_line(session: Session, book: Book, chunk: Chunk) -> tuple[ManuscriptLine, str]:
    """(where a line is written, all that its file says)."""
    path = path_of(session, chunk)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ManifestError(
            f"{path.name} isn't UTF-8, so it isn't edited here; save it as UTF-8, or edit it there."
        ) from error
    except OSError as error:
        raise SourceError(f"{path} can't be read: {error.strerror}.") from error
    pattern = pattern_of(chunk.text)
    found = list(pattern.finditer(text))
    before = sum(one.start() < chunk.start for one in pattern.finditer(book.sources[chunk.source].text))
    at = 0 if len(found) == 1 else before
    if at >= len(found):
        raise ManifestError(
            f"{chunk.id} can't be found in {path.name} as it is written there; edit it there, or change what is spoken."
        )
    first, last = found[at].span()
    return ManuscriptLine(path, text.count("\n", 0, first) + 1, text[first:last], first, last), text


def path_of(session: Session, chunk: Chunk) -> Path:
    """The file a line is written in."""
    from dotsbook.text.formats.table import format_of

    for path in session.project.sources:
        if chunk.source in (path.name, path.stem) or chunk.source.startswith(f"{path.name}/"):
            if (kind := format_of(path).name) in TEXT:
                return path
            raise ManifestError(
                f"{path.name} is {kind}: dotsbook doesn't write into it. Change what is spoken of {chunk.id} instead."
            )
    raise ManifestError(f"{chunk.id} stands in no file of the manuscript; change what is spoken instead.")


def pattern_of(text: str) -> re.Pattern[str]:
    """Finds a text among the marks that it may be written with."""
    words = [MARKS.join(ALIKE.get(letter, re.escape(letter)) for letter in word) for word in text.split()]
    between = f"{MARKS}{SPACES}{MARKS}"
    return re.compile(MARKS + between.join(words) + MARKS)


def rewrite_line(session: Session, name: str, text: str, before: str) -> ManuscriptLine:
    """Write a line otherwise into its own file; where it stands then. before: as it was shown.

    Raises ManifestError where the line was changed meanwhile, where the new one would change more of the book than itself, and
    for a line without words. The book must be opened again to see it.
    """
    [job] = jobs_named(session, [name])
    chunk, book = job.chunk, book_of(session.project)
    line, whole = written_line(session, book, chunk)
    if line.text != before:
        raise ManifestError(f"{name} was changed in {line.path.name} meanwhile; look at it again.")
    new = text.strip("\r\n")
    if not any(mark.isalnum() for mark in new) or len(new) > LONGEST:
        raise ManifestError(
            f"A line has words, and at most {LONGEST:,} characters; leave passages out with `skip:`."
        )
    if "\r\n" in whole:
        new = new.replace("\r\n", "\n").replace("\n", "\r\n")
    data = (whole[: line.first] + new + whole[line.last :]).encode()
    require_no_more(book, read_with(session, line.path, data), chunk, line.path.name)
    kept = session.project.state / "manuscripts" / f"{time.strftime('%Y%m%d-%H%M%S')} {line.path.name}"
    old = line.path.read_bytes()
    if old != whole.encode():
        raise ManifestError(f"{line.path.name} was changed meanwhile; look at the line again.")
    write_whole(kept, old)
    write_through(line.path, data)
    return replace(line, text=new, last=line.first + len(new))


def read_with(session: Session, path: Path, data: bytes) -> Book:
    """The manuscript as it would be read with other bytes in one of its files."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_bytes(data)
        names = [str(trial) if one == path else str(one) for one in session.project.sources]
        manifest = session.project.manifest.model_copy(update={"source": tuple(names)})
        return book_of(replace(session.project, manifest=manifest))


def require_no_more(old: Book, new: Book, chunk: Chunk, file: str) -> None:
    """Raise ManifestError if more than a line differs between two readings of the manuscript."""
    was, now = old.sources[chunk.source].text, new.sources[chunk.source].text
    tail = len(was) - chunk.end
    same = (
        now[: chunk.start] == was[: chunk.start]
        and now[len(now) - tail :] == was[chunk.end :]
        and len(now) > chunk.start + tail
        and shape(old) == shape(new)
        and all(
            new.sources[name].text == one.text for name, one in old.sources.items() if name != chunk.source
        )
    )
    if not same:
        raise ManifestError(
            f"Written so, {chunk.id} would change more of the book than itself (a heading, a paragraph, what is left out); edit "
            f"{file} for that."
        )


def shape(book: Book) -> list[tuple]:
    """Chapters and how many paragraphs each has, and how much is left out."""
    chapters = [(chapter.number, len(chapter.paragraphs)) for chapter in book.chapters]
    return [*chapters, (len(book.skipped),)]
