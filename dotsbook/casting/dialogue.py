"""A book as attribution reads it: its paragraphs in order, what is spoken in them blanked out of what is narrated."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dotsbook.book import Book, Kind, Paragraph
from dotsbook.casting.dashes import dash_spans, inline_spans, without_tags
from dotsbook.casting.outer_marks import DASH_LINE, INLINE_TURN, PAIRS, OuterMarks, marking
from dotsbook.casting.song import is_sung, is_verse
from dotsbook.casting.speech_finder import Slice, Speech, late_closer, speech
from dotsbook.language_code import primary

SPOKEN = "\x02"  # stands for each character inside a quotation, so that offsets hold
OPEN, CLOSE = "“", "”"
PROSE = (Kind.PROSE, Kind.QUOTE, Kind.ITEM, Kind.NOTE)


@dataclass(slots=True)
class Line:
    """One paragraph."""

    chapter: int  # Chapter.number
    paragraph: int  # index in the chapter
    text: str
    spans: tuple[Slice, ...]  # of what is spoken, marks included
    narrated: str  # the text with quotations as “ + SPOKEN… + ”, of the same length
    left_open: bool
    opens: bool  # begins with a quotation
    follows: bool  # goes on with the speech that the paragraph before left open
    speaker: str | None = None  # said so by the manuscript's markup
    song: bool = False  # verse without marks, spoken as a whole


def blank(text: str, spans: tuple[Slice, ...]) -> str:
    """The text with its quotations blanked out, of the same length."""
    parts, at = [], 0
    for start, end in spans:
        parts.append(text[at:start])
        parts.append(OPEN + SPOKEN * (end - start - 2) + CLOSE if end - start > 1 else CLOSE)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def paragraphs(book: Book) -> Iterator[tuple[int, int, Paragraph, str]]:
    for chapter in book.chapters:
        for index, paragraph in enumerate(chapter.paragraphs):
            yield (
                chapter.number,
                index,
                paragraph,
                book.sources[paragraph.source].text[paragraph.start : paragraph.end],
            )


def dialogue(book: Book) -> tuple[OuterMarks, list[list[Line]]]:
    """The book's outer marks, and its lines, a list a chapter. Headings, verse, captions and the like hold no speech."""
    marks = marking(
        (text for _, _, paragraph, text in paragraphs(book) if paragraph.kind in PROSE), book.language
    )
    chapters: list[list[Line]] = [[] for _ in book.chapters]
    place = {chapter.number: index for index, chapter in enumerate(book.chapters)}
    for chapter, index, paragraph, text in paragraphs(book):
        lines = chapters[place[chapter]]
        said = named_by_markup(paragraph)
        verse = primary(book.language) == "en" and (paragraph.kind is Kind.VERSE or is_verse(text))
        if verse and (song := sung(lines, chapter, index, text)) is not None:
            lines.append(song)
            continue
        if paragraph.kind not in PROSE:
            lines.append(Line(chapter, index, text, (), text, False, False, False, said))
            continue
        found = spoken_in(text, marks, primary(book.language))
        if not found.opens and (end := resumed(lines, text, marks)):
            rest = spoken_in(text[end:], marks, primary(book.language))
            own = (0, end)
            found = replace(rest, spans=(own, *((a + end, b + end) for a, b in rest.spans)), opens=True)
        follows = bool(lines) and lines[-1].left_open and found.opens
        lines.append(
            Line(
                chapter,
                index,
                text,
                found.spans,
                blank(text, found.spans),
                found.left_open,
                found.opens,
                follows,
                said,
            )
        )
    return marks, chapters


def sung(lines: list[Line], chapter: int, index: int, text: str) -> Line | None:
    """The line of a verse that somebody sings or says, or of its next verse."""
    before = lines[-1] if lines else None
    if before is None or text[:1] in PAIRS or before.left_open and not before.song:
        return None
    if not before.song and not is_sung(before.text, before.narrated):
        return None
    spans = ((0, len(text)),)
    before.left_open = before.left_open or before.song
    return Line(chapter, index, text, spans, blank(text, spans), False, True, before.song, None, True)


BETWEEN = 10  # paragraphs without a mark that may stand in a speech: a poem, a letter


def resumed(lines: list[Line], text: str, marks: OuterMarks) -> int:
    """Where a speech ends in a paragraph without an opening mark, that an earlier one left open; 0 = there is none.

    What stands between the two ("He wrote: … and so on.") is the speaker's too, and becomes so.
    """
    back = 0
    while (
        back < min(BETWEEN, len(lines)) and not lines[-1 - back].left_open and quiet(lines[-1 - back], marks)
    ):
        back += 1
    if back >= len(lines) or not lines[-1 - back].left_open:
        return 0
    end = late_closer(text, marks)
    if end:
        for line in lines[len(lines) - back :]:
            line.spans = ((0, len(line.text)),)
            line.narrated = blank(line.text, line.spans)
            line.opens = line.follows = line.left_open = True
    return end


def quiet(line: Line, marks: OuterMarks) -> bool:
    """Whether a paragraph has text and none of the book's marks, or is verse in its own."""
    if is_verse(line.text) and len(line.spans) == 1 and line.spans[0][1] - line.spans[0][0] == len(line.text):
        return True
    return bool(line.text.strip()) and not line.spans and not set(line.text) & {*marks.openers, "”", "»"}


def spoken_in(text: str, marks: OuterMarks, language: str) -> Speech:
    """The speech of a paragraph, by its marks or its dashes; tags inside it are cut out."""
    if marks.inline and INLINE_TURN.search(text):
        return Speech(inline_spans(text), False, text[:1] in "—–-")
    if marks.dashes and DASH_LINE.match(text) and (spans := dash_spans(text, language)):
        return Speech(spans, False, True)
    found = speech(text, marks)
    if language == "fr" and found.spans:
        return replace(found, spans=without_tags(text, found.spans))
    return found


def named_by_markup(paragraph: Paragraph) -> str | None:
    if paragraph.speaker:
        return paragraph.speaker
    return next((mark.value for mark in paragraph.marks if mark.kind == "speaker"), None)
