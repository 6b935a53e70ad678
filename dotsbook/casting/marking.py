"""A casting → speaker marks on a book: for lines that are sure enough; the narrator keeps the rest. No text changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dotsbook.book import Book, Mark, Paragraph
from dotsbook.casting.attribution import Attributed

APART = 3  # paragraphs without a quotation that end an exchange
SURE = 1.0  # what a person or the manuscript says


def marked(book: Book, lines: Iterable[Attributed], threshold: float) -> Book:
    """The book with a speaker mark on every line that is sure enough.

    Lines under the threshold stay the narrator's, and with them an exchange of which over half is unsure: a voice that
    comes and goes is worse to hear than one reader. A paragraph whose speaker the manuscript names is left as it is.
    """
    by_paragraph: dict[tuple[int, int], list[Attributed]] = defaultdict(list)
    for line in spoken(lines, threshold):
        by_paragraph[line.quotation.chapter, line.quotation.paragraph].append(line)
    paragraphs = {chapter.number: chapter.paragraphs for chapter in book.chapters}
    return book.with_paragraphs(
        {(at, index): with_marks(paragraphs[at][index], some) for (at, index), some in by_paragraph.items()}
    )


def names_speaker(paragraph: Paragraph) -> bool:
    """Whether the manuscript itself says who speaks in a paragraph."""
    return paragraph.speaker is not None or any(mark.kind == "speaker" for mark in paragraph.marks)


def with_marks(paragraph: Paragraph, lines: Sequence[Attributed]) -> Paragraph:
    if names_speaker(paragraph):
        return paragraph
    own = tuple(
        Mark(paragraph.start + start, paragraph.start + end, "speaker", line.name or "")
        for line in lines
        for start, end in line.quotation.spans
    )
    marks = sorted((*paragraph.marks, *own), key=lambda mark: (mark.start, mark.end))
    return replace(paragraph, marks=tuple(marks))


def spoken(lines: Iterable[Attributed], threshold: float) -> Iterator[Attributed]:
    """The lines that a character speaks."""
    for exchange in exchanges(lines):
        asked = [line for line in exchange if not line.quotation.cited]
        sure = [line for line in asked if is_sure(line, threshold)]
        if 2 * len(sure) < len(asked):
            sure = [line for line in sure if line.probability >= SURE]
        yield from sure


def is_sure(line: Attributed, threshold: float) -> bool:
    return bool(line.name) and not line.quotation.cited and line.probability >= threshold


def exchanges(lines: Iterable[Attributed]) -> Iterator[list[Attributed]]:
    """Runs of lines that stand close together."""
    run: list[Attributed] = []
    for line in lines:
        last = run[-1].quotation if run else None
        here = line.quotation
        if last is not None and (here.chapter != last.chapter or here.paragraph - last.paragraph > APART):
            yield run
            run = []
        run.append(line)
    if run:
        yield run
