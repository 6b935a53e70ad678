"""A book and its manifest → the script: each chunk, what it says, whose voice, what follows it. It knows no engine.

`Telling` is the one door: paragraphs are cut (chunks.py), read by the lexicon and the normaliser (spoken.py), and
counted (receipt.py), a chunk at a time, so that a large book's are never all there at once; `make_script` gathers
them. Nothing is written, nothing remembered between calls.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, tee, zip_longest

from dotsbook.book import Book, Chapter, Chunk, Kind, Paragraph, Pause, Skip, visible
from dotsbook.manifest import Manifest
from dotsbook.text.casting import Casting, quotes_only
from dotsbook.text.chunks import Piece, pieces
from dotsbook.text.languages import SPOKEN, base, canonical, detector
from dotsbook.text.lexicon import Lexicon
from dotsbook.text.receipt import Count, Receipt
from dotsbook.text.spoken import Change, says_something, spoken

SILENT = "nothing to say (ornament)"
HIGH = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


@dataclass(frozen=True, slots=True)
class Changed:
    """Something said otherwise than it is written: `before` stands at `start` in the source, `after` is spoken."""

    chunk: str
    source: str
    start: int
    end: int
    before: str
    after: str
    rule: str  # a normaliser's rule, "lexicon", or "source" (SSML, PLS, ruby)


@dataclass(frozen=True)
class Script:
    """All that will be spoken."""

    chunks: list[Chunk]
    changes: list[Changed]
    receipt: Receipt
    skipped: tuple[Skip, ...]  # besides the book's own: what turned out to have nothing to say
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """What a manifest says about reading, ready for use."""

    language: str
    foreign: str  # what the book calls its language where the manifest says otherwise
    casting: Casting
    lexicon: Lexicon
    normalise: Callable[[str, str], tuple[str, list]] | None
    heading: Callable[[str, str], tuple[str, list]] | None
    speakable: Callable[[str], bool]
    detect: Callable[[str], str | None] | None


def make_script(
    book: Book,
    manifest: Manifest,
    lexicon: Lexicon | None = None,
    *,
    chapters: set[int] | None = None,
    languages: Container[str] | None = None,
) -> Script:
    """The script of a book, or of some of its chapters.

    `languages` are those worth switching to for a foreign phrase (base codes; default: the model's 24). A speaker
    nobody is cast for speaks in the default voice, with a warning. Raises ManifestError for an unknown language and
    for `detect` without its extra.
    """
    telling = Telling(book, manifest, lexicon, chapters=chapters, languages=languages)
    chunks: list[Chunk] = []
    changes: list[Changed] = []
    for chunk, made in telling:
        chunks.append(chunk)
        changes += made
    return Script(chunks, changes, telling.receipt(), tuple(telling.silent), telling.warnings())


class Telling:
    """The script as it is made: gone through once, for (chunk, changes made in it); then it knows what became of all."""

    def __init__(
        self,
        book: Book,
        manifest: Manifest,
        lexicon: Lexicon | None = None,
        *,
        chapters: set[int] | None = None,
        languages: Container[str] | None = None,
    ):
        """As for make_script."""
        self.book, self.chapters = book, chapters
        self.reader = prepare(book, manifest, lexicon, languages)
        self.silent: list[Skip] = []
        self.count = Count(book)

    def __iter__(self) -> Iterator[tuple[Chunk, list[Changed]]]:
        for chapter in self.book.chapters:
            if self.chapters is None or chapter.number in self.chapters:
                for chunk, made in perform(self.book, chapter, self.reader, self.silent):
                    self.count.add(chunk)
                    yield chunk, made

    def receipt(self) -> Receipt:
        return self.count.receipt(self.silent, self.chapters)

    def warnings(self) -> tuple[str, ...]:
        return tuple(self.reader.casting.warnings())


def prepare(
    book: Book, manifest: Manifest, lexicon: Lexicon | None, languages: Container[str] | None
) -> Reader:
    normalise = heading = None
    if manifest.normalise == "on":
        from dotsbook.text.normalise import normalise as rules

        emoji = manifest.reading.emoji

        def normalise(text: str, language: str) -> tuple[str, list]:
            return rules(text, language, emoji=emoji)

        def heading(text: str, language: str) -> tuple[str, list]:
            return rules(text, language, heading=True, emoji=emoji)

    known = SPOKEN if languages is None else languages
    return Reader(
        language=canonical(manifest.language),
        foreign=book.language,
        casting=Casting(manifest),
        lexicon=lexicon or Lexicon(),
        normalise=normalise,
        heading=heading,
        speakable=lambda code: base(code) in known,
        detect=detector() if manifest.reading.detect else None,
    )


def perform(
    book: Book, chapter: Chapter, reader: Reader, silent: list[Skip]
) -> Iterator[tuple[Chunk, list[Changed]]]:
    """The chunks of a chapter, each with the changes made in it."""
    lines = (
        line
        for index, paragraph in enumerate(chapter.paragraphs)
        for line in lines_of(book, index, paragraph, reader, silent)
    )
    for number, (line, after) in enumerate(with_next(lines), 1):
        piece, said, made = line.piece, line.said, line.made
        source = line.paragraph.source
        text = book.sources[source].text[piece.start : piece.end]
        chunk = Chunk(
            id=f"{chapter.number}.{number}",
            chapter=chapter.number,
            source=source,
            start=piece.start,
            end=piece.end,
            text=text,
            spoken=text if said == text else said,
            voice=piece.voice,
            language=piece.language,
            pause=pause(chapter, line, after),
            paragraph=line.index,
            kind=line.paragraph.kind,
        )
        yield (
            chunk,
            [
                Changed(chunk.id, source, change.start + piece.start, change.end + piece.start, *change[2:])
                for change in made
            ],
        )


@dataclass(frozen=True, slots=True)
class Line:
    index: int  # of its paragraph in the chapter
    paragraph: Paragraph
    piece: Piece
    said: str
    made: list[Change]


def with_next(lines: Iterable[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Each line with the one after it."""
    here, after = tee(lines)
    return zip_longest(here, islice(after, 1, None))


def lines_of(book: Book, index: int, paragraph: Paragraph, reader: Reader, silent: list[Skip]) -> list[Line]:
    """A paragraph's pieces with what they say; what says nothing joins its neighbour or is skipped."""
    text = book.sources[paragraph.source].text
    language = own_language(paragraph, reader)
    paragraph = quotes_only(paragraph, text)
    found = pieces(text, paragraph, language, reader.casting.voice, reader.speakable, reader.detect)
    lines: list[Line] = []
    waiting: Piece | None = None
    for piece in found:
        if waiting and waiting.voice == piece.voice:
            piece = Piece(waiting.start, piece.end, piece.voice, piece.language, piece.pause)
        elif waiting:
            silent.append(unsaid(text, paragraph, waiting))
        waiting = None
        line = Line(index, paragraph, piece, *say(text, paragraph, piece, reader))
        if says_something(line.said):
            lines.append(line)
        elif lines and lines[-1].piece.voice == piece.voice:
            last = lines.pop().piece
            both = Piece(last.start, piece.end, last.voice, last.language, piece.pause)
            lines.append(Line(index, paragraph, both, *say(text, paragraph, both, reader)))
        else:
            waiting = piece
    if waiting:
        silent.append(unsaid(text, paragraph, waiting))
    return lines


def unsaid(text: str, paragraph: Paragraph, piece: Piece) -> Skip:
    words = text[piece.start : piece.end]
    return Skip(paragraph.source, words[:40], SILENT, visible(words), inline=True)


def own_language(paragraph: Paragraph, reader: Reader) -> str:
    """A paragraph's language; the manifest's word counts for more than the book's about itself."""
    code = paragraph.language
    if not code or base(code) in (base(reader.foreign), base(reader.language)):
        return reader.language
    return code if reader.speakable(code) else reader.language


def say(text: str, paragraph: Paragraph, piece: Piece, reader: Reader) -> tuple[str, list[Change]]:
    """What a piece says, and the changes made in it."""
    words = text[piece.start : piece.end]
    fixed = readings(words, paragraph, piece, reader)
    normalise = reader.heading if paragraph.kind is Kind.HEADING else reader.normalise
    high = with_exponents(words, paragraph, piece) if normalise else words
    said, made = spoken(high, piece.language, fixed, normalise)
    return said, made if high is words else [
        change._replace(before=words[change.start : change.end]) for change in made
    ]


def with_exponents(words: str, paragraph: Paragraph, piece: Piece) -> str:
    """A piece's words, as long, with the figures that are set high as characters that say so: 10⁶."""
    for mark in paragraph.marks:
        if mark.kind == "high" and piece.start <= mark.start < mark.end <= piece.end:
            start, end = mark.start - piece.start, mark.end - piece.start
            words = words[:start] + words[start:end].translate(HIGH) + words[end:]
    return words


def readings(words: str, paragraph: Paragraph, piece: Piece, reader: Reader) -> list[Change]:
    """The fixed readings in a piece: the lexicon's, and the source's own where the lexicon is silent."""
    fixed = reader.lexicon.readings(words, piece.language, piece.voice) if reader.lexicon else []
    for mark in paragraph.marks:
        if (
            mark.kind == "say"
            and mark.start >= piece.start
            and mark.end <= piece.end
            and mark.start < mark.end
        ):
            start, end = mark.start - piece.start, mark.end - piece.start
            if not any(kept.start < end and kept.end > start for kept in fixed):
                fixed.append(Change(start, end, words[start:end], mark.value, "source"))
    return sorted(fixed)


def pause(chapter: Chapter, here: Line, after: Line | None) -> Pause:
    """Why there is silence between a line and the one after it in its chapter."""
    if after is None:
        return Pause.CHAPTER
    if here.index == after.index:
        return here.piece.pause if here.piece.voice == after.piece.voice else within(here, after)
    if any(paragraph.scene_before for paragraph in chapter.paragraphs[here.index + 1 : after.index + 1]):
        return Pause.HEADING if here.paragraph.kind is Kind.HEADING else Pause.SCENE
    if here.paragraph.kind is Kind.HEADING:
        return Pause.PARAGRAPH if after.paragraph.kind is Kind.HEADING else Pause.HEADING
    if after.paragraph.kind is Kind.HEADING:
        return Pause.SCENE
    if here.piece.voice != after.piece.voice or here.paragraph.speaker != after.paragraph.speaker:
        return Pause.SPEAKER
    return between(here, after)


def within(here: Line, after: Line) -> Pause:
    """The silence before another voice in one paragraph: a breath where the sentence goes on (“Why?” she said)."""
    first = next((letter for letter in after.said if letter.isalnum()), "")
    return Pause.SPEAKER if ENDED.search(here.said) and not first.islower() else Pause.CLAUSE


def between(here: Line, after: Line) -> Pause:
    """The silence between two paragraphs of one voice: less between the lines of a poem, a list, a table."""
    ended = ENDED.search(here.said) is not None
    match here.paragraph.kind, after.paragraph.kind:
        case (Kind.CELL, Kind.CELL):
            return Pause.SENTENCE if ended else Pause.CLAUSE
        case (Kind.ITEM, Kind.ITEM) if not ended:
            return Pause.SENTENCE
        case (Kind.VERSE, Kind.VERSE) if one_line(here) and one_line(after):
            return Pause.SENTENCE if ended else Pause.CLAUSE
    return Pause.PARAGRAPH


def one_line(line: Line) -> bool:
    """A line of verse that stands as a paragraph of its own, not a stanza."""
    return not any(mark.kind == "breath" for mark in line.paragraph.marks)


ENDED = re.compile("[.!?…。！？｡।॥؟۔][\"'”’»)\\]」』]*$")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
WIDE = re.compile("[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def words(text: str) -> int:
    """How many words a text has; each character of Chinese and Japanese counts as one."""
    wide = len(WIDE.findall(text))
    return len(WORD.findall(WIDE.sub(" ", text) if wide else text)) + wide
