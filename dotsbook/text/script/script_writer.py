"""A book and its manifest → the script: each chunk, what it says, whose voice, what follows it. It knows no engine.

`ScriptWriter` is the one door: paragraphs are cut (chunks.py), read by the lexicon and the normaliser (spoken.py), and
counted (receipt.py), a chunk at a time, so that a large book's are never all there at once; `make_script` gathers
them. Nothing is written, nothing remembered between calls.
"""

import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, tee, zip_longest

from dotsbook.book import SEEN, Book, Chapter, Chunk, Kind, Paragraph, Pause, Skip, visible
from dotsbook.manifest import Manifest
from dotsbook.text.languages import SPOKEN, base, canonical, detector, name
from dotsbook.text.lexicon.lexicon_file import Lexicon
from dotsbook.text.normalise.change import Change
from dotsbook.text.script.chunks import Comfortable, Deliver, Piece, pieces
from dotsbook.text.script.pauses import Silences, pauses_in, with_joint
from dotsbook.text.script.receipt import Receipt, ReceiptCount
from dotsbook.text.script.speakers import SpeakerVoices, quotes_only, speaker_at
from dotsbook.text.script.spoken import Normalise, SourceChange, normalisers, says_something, spoken

SILENT = "nothing to say (ornament)"
HIGH = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


@dataclass(frozen=True)
class Script:
    """All that will be spoken."""

    chunks: list[Chunk]
    changes: list[SourceChange]
    receipt: Receipt
    skipped: tuple[Skip, ...]  # besides the book's own: what turned out to have nothing to say
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadingSetup:
    """What a manifest says about reading, ready for use."""

    language: str
    foreign: str  # what the book calls its language where the manifest says otherwise
    speakers: SpeakerVoices
    lexicon: Lexicon
    normalise: Normalise | None
    heading: Normalise | None
    speakable: Callable[[str], bool]
    detect: Callable[[str], str | None] | None
    comfortable: Comfortable | None
    deliver: Deliver | None


def make_script(
    book: Book,
    manifest: Manifest,
    lexicon: Lexicon | None = None,
    *,
    chapters: set[int] | None = None,
    languages: Container[str] | None = None,
    comfortable: Comfortable | None = None,
    deliver: Deliver | None = None,
) -> Script:
    """The script of a book, or of some of its chapters.

    `languages` are those worth switching to for a foreign phrase (base codes; default: the model's 24).
    `comfortable` is how long a line may be, in characters by voice and script, where a voice's engine has a word on it
    (default: LENGTHS in chunks.py). `deliver` says what of a direction its voice can do; without it nobody is asked for more
    than the plain words. A speaker nobody is cast for speaks in the default voice, with a warning. Raises
    ManifestError for an unknown language and for `detect` without its extra.
    """
    writer = ScriptWriter(
        book,
        manifest,
        lexicon,
        chapters=chapters,
        languages=languages,
        comfortable=comfortable,
        deliver=deliver,
    )
    chunks: list[Chunk] = []
    changes: list[SourceChange] = []
    for chunk, made in writer:
        chunks.append(chunk)
        changes += made
    return Script(chunks, changes, writer.receipt(), tuple(writer.silent), writer.warnings())


class ScriptWriter:
    """The script as it is made: gone through once, for (chunk, changes made in it); then it knows what became of all."""

    def __init__(
        self,
        book: Book,
        manifest: Manifest,
        lexicon: Lexicon | None = None,
        *,
        chapters: set[int] | None = None,
        languages: Container[str] | None = None,
        comfortable: Comfortable | None = None,
        deliver: Deliver | None = None,
    ):
        """As for make_script."""
        self.book, self.chapters = book, chapters
        self.setup = reading_setup(book, manifest, lexicon, languages, comfortable, deliver)
        self.silent: list[Skip] = []
        self.count = ReceiptCount(book)
        self.spoken_in: set[str] = set()

    def __iter__(self) -> Iterator[tuple[Chunk, list[SourceChange]]]:
        for chapter in self.book.chapters:
            if self.chapters is None or chapter.number in self.chapters:
                yield from self.chapter(chapter)

    def chapter(self, chapter: Chapter) -> Iterator[tuple[Chunk, list[SourceChange]]]:
        """One chapter's, instead of all."""
        return self.counted(chunks_of(self.book, chapter, self.setup, self.silent))

    def taken_over(
        self,
        lines: Iterable[tuple[Chunk, list[SourceChange]]],
        silent: Iterable[Skip],
        unknown: Mapping[str, int],
    ) -> Iterator[tuple[Chunk, list[SourceChange]]]:
        """One chapter's that were made before, with what had nothing to say and which speakers had no voice."""
        self.silent += silent
        strangers = self.setup.speakers.unknown
        strangers |= {who: strangers.get(who, 0) + count for who, count in unknown.items()}
        return self.counted(lines)

    def counted(
        self, lines: Iterable[tuple[Chunk, list[SourceChange]]]
    ) -> Iterator[tuple[Chunk, list[SourceChange]]]:
        for chunk, made in lines:
            self.count.add(chunk)
            self.spoken_in.add(chunk.language)
            yield chunk, made

    def receipt(self) -> Receipt:
        return self.count.receipt(self.silent, self.chapters)

    def warnings(self) -> tuple[str, ...]:
        return (
            *self.setup.speakers.warnings(),
            *(without_rules(self.spoken_in) if self.setup.normalise else ()),
        )


def without_rules(languages: Collection[str]) -> list[str]:
    """A sentence for each language without rules of its own: how its numbers are read."""
    from dotsbook.text.normalise import how_read

    return [said for language in sorted(languages) if (said := how_read(language, name(language)))]


def reading_setup(
    book: Book,
    manifest: Manifest,
    lexicon: Lexicon | None,
    languages: Container[str] | None,
    comfortable: Comfortable | None,
    deliver: Deliver | None,
) -> ReadingSetup:
    normalise, heading = normalisers(manifest)
    known = SPOKEN if languages is None else languages
    return ReadingSetup(
        language=canonical(manifest.language),
        foreign=book.language,
        speakers=SpeakerVoices(manifest),
        lexicon=lexicon or Lexicon(),
        normalise=normalise,
        heading=heading,
        speakable=lambda code: base(code) in known,
        detect=detector() if manifest.reading.detect else None,
        comfortable=comfortable,
        deliver=deliver,
    )


def chunks_of(
    book: Book, chapter: Chapter, setup: ReadingSetup, silent: list[Skip]
) -> Iterator[tuple[Chunk, list[SourceChange]]]:
    """The chunks of a chapter, each with the changes made in it."""
    lines = (
        line
        for index, paragraph in enumerate(chapter.paragraphs)
        for line in lines_of(book, index, paragraph, setup, silent)
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
            delivery=piece.delivery,
            pauses=silences(line, after, text, book.sources[source].text),
            speaker=speaker_at(line.paragraph, piece.start),
        )
        yield (
            chunk,
            [
                SourceChange(
                    chunk.id, source, change.start + piece.start, change.end + piece.start, *change[2:]
                )
                for change in made
            ],
        )


def silences(line: "SpokenPiece", after: "SpokenPiece | None", text: str, source: str) -> Silences:
    """What a direction asks for around and in a line; and before the next, where only its delivery is another."""
    piece = line.piece
    asked = pauses_in(line.paragraph.marks, text, piece.start, line.said, piece.language, line.made)
    if after is None or after.index != line.index or after.piece.voice != piece.voice:
        return asked
    if after.piece.delivery == piece.delivery:
        return asked
    return with_joint(asked, text, line.said, source[after.piece.start : after.piece.end])


@dataclass(frozen=True, slots=True)
class SpokenPiece:
    index: int  # of its paragraph in the chapter
    paragraph: Paragraph
    piece: Piece
    said: str
    made: list[Change]


def with_next(lines: Iterable[SpokenPiece]) -> Iterator[tuple[SpokenPiece, SpokenPiece | None]]:
    """Each line with the one after it."""
    here, after = tee(lines)
    return zip_longest(here, islice(after, 1, None))


def lines_of(
    book: Book, index: int, paragraph: Paragraph, setup: ReadingSetup, silent: list[Skip]
) -> list[SpokenPiece]:
    """A paragraph's pieces with what they say; what says nothing joins its neighbour or is skipped."""
    text = book.sources[paragraph.source].text
    language = own_language(paragraph, setup)
    paragraph = quotes_only(heard(paragraph), text)
    found = pieces(
        text,
        paragraph,
        language,
        setup.speakers.voice,
        setup.speakable,
        setup.detect,
        setup.comfortable,
        setup.deliver,
    )
    lines: list[SpokenPiece] = []
    waiting: Piece | None = None
    for piece in found:
        if waiting and waiting.voice == piece.voice:
            piece = replace(piece, start=waiting.start)
        elif waiting:
            silent.append(unsaid(text, paragraph, waiting))
        waiting = None
        line = SpokenPiece(index, paragraph, piece, *say(text, paragraph, piece, setup))
        if says_something(line.said):
            lines.append(line)
        elif lines and lines[-1].piece.voice == piece.voice:
            last = lines.pop().piece
            both = replace(last, end=piece.end, pause=piece.pause)
            lines.append(SpokenPiece(index, paragraph, both, *say(text, paragraph, both, setup)))
        else:
            waiting = piece
    if waiting:
        silent.append(unsaid(text, paragraph, waiting))
    return lines


def heard(paragraph: Paragraph) -> Paragraph:
    """A paragraph without the marks that are only seen: there may be thousands, and no line needs to go through them."""
    if not any(mark.kind in SEEN for mark in paragraph.marks):
        return paragraph
    return replace(paragraph, marks=tuple(mark for mark in paragraph.marks if mark.kind not in SEEN))


def unsaid(text: str, paragraph: Paragraph, piece: Piece) -> Skip:
    words = text[piece.start : piece.end]
    return Skip(paragraph.source, words[:40], SILENT, visible(words), inline=True)


def own_language(paragraph: Paragraph, setup: ReadingSetup) -> str:
    """A paragraph's language; the manifest's word counts for more than the book's about itself."""
    code = paragraph.language
    if not code or base(code) in (base(setup.foreign), base(setup.language)):
        return setup.language
    return code if setup.speakable(code) else setup.language


def say(text: str, paragraph: Paragraph, piece: Piece, setup: ReadingSetup) -> tuple[str, list[Change]]:
    """What a piece says, and the changes made in it."""
    words = text[piece.start : piece.end]
    fixed = readings(words, paragraph, piece, setup)
    normalise = setup.heading if paragraph.kind is Kind.HEADING else setup.normalise
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


def readings(words: str, paragraph: Paragraph, piece: Piece, setup: ReadingSetup) -> list[Change]:
    """The fixed readings in a piece: the lexicon's, and the source's own where the lexicon is silent."""
    fixed = setup.lexicon.readings(words, piece.language, piece.voice) if setup.lexicon else []
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


def pause(chapter: Chapter, here: SpokenPiece, after: SpokenPiece | None) -> Pause:
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


def within(here: SpokenPiece, after: SpokenPiece) -> Pause:
    """The silence before another voice in one paragraph: a breath where the sentence goes on (“Why?” she said)."""
    first = next((letter for letter in after.said if letter.isalnum()), "")
    return Pause.SPEAKER if ENDED.search(here.said) and not first.islower() else Pause.CLAUSE


def between(here: SpokenPiece, after: SpokenPiece) -> Pause:
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


def one_line(line: SpokenPiece) -> bool:
    """A line of verse that stands as a paragraph of its own, not a stanza."""
    return not any(mark.kind == "breath" for mark in line.paragraph.marks)


ENDED = re.compile("[.!?…。！？｡।॥؟۔][\"'”’»)\\]」』]*$")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
WIDE = re.compile("[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def words(text: str) -> int:
    """How many words a text has; each character of Chinese and Japanese counts as one."""
    wide = len(WIDE.findall(text))
    return len(WORD.findall(WIDE.sub(" ", text) if wide else text)) + wide
