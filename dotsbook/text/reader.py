"""Manuscript files → one Book: the door of this half of text/. Which formats there are stands in formats/table.py."""

from collections import Counter
from pathlib import Path

from dotsbook.book import Book
from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.memory import kept
from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.blocks.language_tags import tag_of
from dotsbook.text.formats.parts.source_reading import of_source
from dotsbook.text.formats.table import format_of
from dotsbook.text.matter.decide import decide
from dotsbook.text.matter.frames import mark_frames
from dotsbook.text.matter.notes import find_notes
from dotsbook.text.matter.stretches import Wishes, warn_of_unmatched
from dotsbook.text.matter.structure import (
    chapters_of,
    headings_by_looks,
    own_titles,
    spoken_body,
    stretches_of,
)
from dotsbook.text.matter.write_book import write_book
from dotsbook.text.remarks import guessed_language, remarks_on


def read_book(
    sources: list[Path],
    reading: Reading | None = None,
    *,
    skip: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
    language: str | None = None,
    title: str | None = None,
    author: str | None = None,
    encoding: tuple[str, ...] = (),
) -> Book:
    """All sources, one after another, as one Book.

    `skip` and `keep` name titles, files (patterns) or kinds; `language`, `title` and `author` go before what the
    sources say; `encoding` is that of the text files among them, one for all or one for each. SourceError when a
    source can't be read or nothing in them is to be narrated.
    """
    reading = reading or Reading()
    if not sources:
        raise SourceError("There is no source to read; name one under `source:`.")
    if len(encoding) > 1 and len(encoding) != len(sources):
        raise SourceError(
            f"`encoding:` names {len(encoding)} encodings for {len(sources)} sources; name one for all, or one for each."
        )
    told = encoding if len(encoding) > 1 else (*encoding, None)[:1] * len(sources)
    wishes = Wishes(tuple(skip), tuple(keep))
    named = ", ".join(str(source) for source in sources)
    with kept():
        manuscript = read_sources(sources, reading, told, language)
        manuscript.title, manuscript.author = (
            title or manuscript.title,
            author if author is not None else manuscript.author,
        )
        return structured(manuscript, reading, wishes, named)


def read_sources(
    sources: list[Path], reading: Reading, told: tuple[str | None, ...], language: str | None
) -> Manuscript:
    """All sources as one manuscript, its language settled."""
    parts = [
        format_of(path).read(
            path, of_source(reading, codec, language), f"{path.name}/" if len(sources) > 1 else ""
        )
        for path, codec in zip(map(Path, sources), told, strict=True)
    ]
    manuscript = parts[0] if len(parts) == 1 else together(parts)
    manuscript.language = (
        tag_of(language)
        or tag_of(manuscript.language)
        or common_language(manuscript)
        or guessed_language(manuscript)
        or "en"
    )
    return manuscript


def read_details(source: Path) -> Book:
    """A source's title, author, language, cover and details, without its text: a Book with no chapters."""
    source = Path(source)
    manuscript = format_of(source).details(source)
    return Book(
        manuscript.title,
        manuscript.author,
        manuscript.language or guessed_language(manuscript) or "en",
        {},
        (),
        (),
        tuple(manuscript.warnings),
        manuscript.cover,
        manuscript.details,
    )


def common_language(manuscript: Manuscript) -> str | None:
    """The language that most documents say they are in."""
    said = Counter(document.language for document in manuscript.documents if document.language)
    return said.most_common(1)[0][0] if said else None


def together(parts: list[Manuscript]) -> Manuscript:
    """Several manuscripts as one; the first names the book."""
    whole = parts[0]
    for part in parts[1:]:
        whole.documents.extend(part.documents)
        whole.entries.extend(part.entries)
        whole.warnings.extend(part.warnings)
        whole.cover = whole.cover or part.cover
        whole.author = whole.author or part.author
        whole.language = whole.language or part.language
    return whole


def structured(manuscript: Manuscript, reading: Reading, wishes: Wishes, named: str) -> Book:
    """The judged and assembled Book of a manuscript."""
    mark_frames(manuscript.documents)
    manuscript.warnings.extend(remarks_on(manuscript, manuscript.title))
    find_notes(manuscript.documents)
    own_titles(manuscript.documents, manuscript.title)
    headings_by_looks(manuscript)
    stretches = stretches_of(manuscript)
    stretches = decide(manuscript, stretches, wishes)
    warn_of_unmatched(manuscript, stretches, wishes)
    for trust in (1, 0):
        if not any(spoken_body(stretch) for stretch in stretches):
            stretches = decide(manuscript, stretches_of(manuscript), wishes, trust)
    book = write_book(manuscript, stretches, chapters_of(manuscript, stretches), reading)
    if not book.chapters:
        why = {skip.reason for skip in book.skipped}
        raise SourceError(
            f"{named} has no text to narrate"
            + (f": all of it is {', '.join(sorted(why)[:4])}." if why else ": its files hold none.")
        )
    return book
