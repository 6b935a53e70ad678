"""The lines of a PDF's pages → a page of paragraphs: what repeats at the pages' edges is left out, the rest is joined.

All is decided by the book's own measures: its usual size of letters, distance of lines and margins.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from dotsbook.book import visible
from dotsbook.text.blocks.elements import Element
from dotsbook.text.blocks.line_hyphens import REASON, LineHyphens
from dotsbook.text.blocks.prose import LEFT_OUT
from dotsbook.text.formats.parts.page_tree import PageTree
from dotsbook.text.formats.parts.pdf_lines import PdfLine, PdfPage
from dotsbook.text.matter.chapter_names import names_chapter
from dotsbook.text.matter.kinds import fold

TOP = 0.14  # of a page's height
APART = 1.2  # of the usual step from line to line: what is nearer belongs to the text
BESIDE = 0.5  # of a line's height: what starts within is the same row
EDGE = 3  # lines at the top and at the bottom of a page that may be running heads
LARGER = 1.14  # of the usual size: a line of larger letters is a heading
LONGEST_HEADING = 120  # characters
NUMBER = re.compile(r"^\W{0,3}(?:(?:page|seite|p\.|s\.)\s*)?(\d{1,4}|[ivxlcdm]{1,8})\W{0,3}$", re.I)
ENDS = (".", "!", "?", "”", "»", "…", ":", "’", "'", '"', ")", "。", "」", "！", "？")


@dataclass(frozen=True)
class BookMeasures:
    """What is usual in a book. Points."""

    size: float
    pitch: float  # from a line's top to the next one's
    levels: tuple[float, ...]  # sizes of headings, largest first


def write_pages(pages: list[PdfPage], outline: list[tuple[int, str]]) -> PageTree:
    """All pages as one; outline: (level, title) as the file lists them."""
    heads = running(pages)
    book = measures(pages, heads)
    titles = {fold(title): min(6, level) for level, title in outline if title}
    tree = PageTree()
    hyphens = LineHyphens("\n".join(line.text for page in pages for line in page.lines))
    writer = ParagraphWriter(tree, book, hyphens)
    before: PdfLine | None = None
    for page in pages:
        margins = margins_of(page, heads, book)
        edges = (
            min((line.x0 for line in page.lines), default=0.0),
            max((line.x1 for line in page.lines), default=0.0),
        )
        for line in page.lines:
            if id(line) in heads:
                writer.leave_out(line, heads[id(line)])
                continue
            left, right = margins.get(line.column, edges)
            level = heading_level(line, book, titles, before, left)
            if level or begins_paragraph(line, before, left, book, writer.right):
                writer.end(level, line)
            writer.add(line, level)
            writer.right = right
            before = line
    writer.end(0, None)
    return tree


class ParagraphWriter:
    """Gathers lines and writes them as headings and paragraphs."""

    def __init__(self, tree: PageTree, book: BookMeasures, hyphens: LineHyphens):
        self.tree, self.book, self.hyphens = tree, book, hyphens
        self.lines: list[PdfLine] = []
        self.level = 0
        self.right = 0.0  # where the lines of the last line's column end
        self.waiting: list[tuple[PdfLine, str]] = []  # running heads met inside a paragraph

    def leave_out(self, line: PdfLine, reason: str) -> None:
        self.waiting.append((line, reason))

    def end(self, level: int, line: PdfLine | None) -> None:
        """A paragraph ends, unless the next line belongs to the same heading."""
        if self.lines and level and level == self.level and line is not None and self.goes_on(line):
            return
        if self.lines:
            element = self.tree.open(self.tree.body, f"h{self.level}" if self.level else "p")
            for number, one in enumerate(self.lines):
                self.line(element, one, self.lines[number + 1] if number + 1 < len(self.lines) else None)
        self.lines = []
        for left, reason in self.waiting:
            self.tree.text(self.tree.open(self.tree.body, "p", attributes={LEFT_OUT: reason}), left.text)
        self.waiting = []

    def goes_on(self, line: PdfLine) -> bool:
        last = self.lines[-1]
        return abs(last.size - line.size) < 0.6 and 0 <= line.top - last.bottom < 1.2 * line.size

    def add(self, line: PdfLine, level: int) -> None:
        self.level = level
        self.lines.append(line)

    def line(self, element: Element, line: PdfLine, after: PdfLine | None) -> None:
        """One line into its paragraph, joined to the next."""
        text = line.text
        at = 0
        for start, end in runs(line.raised):
            self.tree.text(element, text[at:start])
            self.tree.text(self.tree.open(element, "sup"), text[start:end])
            at = end
        cut, between = self.hyphens.seam(text, after.text) if after is not None else (0, "")
        end = len(text) - cut
        self.tree.text(element, text[at:end])
        if cut:
            self.tree.text(self.tree.open(element, "span", attributes={LEFT_OUT: REASON}), text[end:])
        self.tree.text(element, between)


def runs(places: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """Neighbouring places as one."""
    start = end = -1
    for first, last in places:
        if first != end:
            if end > start >= 0:
                yield start, end
            start = first
        end = last
    if end > start >= 0:
        yield start, end


def running(pages: list[PdfPage]) -> dict[int, str]:
    """{line: reason} of running heads and page numbers: what stands at the edge of many pages, but for its number."""
    edges = [(number, line) for number, page in enumerate(pages) for line in at_edges(page)]
    found: dict[int, str] = {}
    alike = Counter(
        {
            key: len({number for number, line in edges if shape(line) == key})
            for key in {shape(line) for _, line in edges}
        }
    )
    shifts = Counter(
        (int(match.group(1)) - number)
        for number, line in edges
        if (match := NUMBER.match(line.text)) and match.group(1).isdigit()
    )
    for number, line in edges:
        match = NUMBER.match(line.text)
        if match and (
            not match.group(1).isdigit() or shifts[int(match.group(1)) - number] >= min(3, len(pages))
        ):
            found[id(line)] = "page number"
        elif alike[shape(line)] >= max(3, 0.02 * len(pages)):
            found[id(line)] = "running head"
    return found


def at_edges(page: PdfPage) -> list[PdfLine]:
    """Lines near a page's top or bottom that stand further from its text than its lines from one another."""
    rows: list[list[PdfLine]] = []
    for line in sorted(page.lines, key=lambda line: line.top):
        if rows and line.top < rows[-1][0].top + BESIDE * line.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    tops = [row[0].top for row in rows]
    steps = [after - before for before, after in pairwise(tops)]
    usual = median(steps) if steps else 0.0
    found = []
    for number, row in enumerate(rows):
        first, last = (
            number < EDGE and row[0].bottom < TOP * page.height,
            row[0].top > (1 - TOP) * page.height,
        )
        step = steps[number] if first and number < len(steps) else steps[number - 1] if number else usual
        if (
            first
            and (len(rows) <= EDGE or step > APART * usual)
            or last
            and (not number or step > APART * usual)
        ):
            found += row
    return found


def shape(line: PdfLine) -> str:
    """A line without its numbers, at its height of the page."""
    return (
        re.sub(r"\b(\d+|[ivxlcdm]+)\b", "#", line.text.lower()).strip(" #|·-–—") + f"@{round(line.top / 12)}"
    )


def measures(pages: list[PdfPage], heads: dict[int, str]) -> BookMeasures:
    sizes: Counter[float] = Counter()
    pitches: Counter[float] = Counter()
    for page in pages:
        before = None
        for line in page.lines:
            if id(line) in heads:
                continue
            sizes[line.size] += visible(line.text)
            if before is not None and before.column == line.column and before.size == line.size:
                pitches[round(line.top - before.top, 1)] += 1
            before = line
    usual = sizes.most_common(1)[0][0] if sizes else 12.0
    positive = Counter({pitch: count for pitch, count in pitches.items() if 0 < pitch < 4 * usual})
    pitch = positive.most_common(1)[0][0] if positive else 1.2 * usual
    levels = sorted({round(size) for size in sizes if size >= LARGER * usual}, reverse=True)
    return BookMeasures(usual, pitch, tuple(levels))


def margins_of(page: PdfPage, heads: dict[int, str], book: BookMeasures) -> dict[int, tuple[float, float]]:
    """{column: (where its lines begin, where they end)} on a page."""
    found = {}
    for column in {line.column for line in page.lines}:
        lines = [
            line
            for line in page.lines
            if line.column == column and id(line) not in heads and abs(line.size - book.size) < 1
        ]
        if lines:
            starts = Counter(round(line.x0) for line in lines)
            most = max(starts.values())
            left = min(start for start, count in starts.items() if count >= 0.4 * most)
            found[column] = (float(left), max(line.x1 for line in lines))
    return found


def heading_level(
    line: PdfLine, book: BookMeasures, titles: dict[str, int], before: PdfLine | None, left: float
) -> int:
    """1 to 6 for a heading's line; 0."""
    if len(line.text) > LONGEST_HEADING or not any(char.isalnum() for char in line.text):
        return 0
    level = titles.get(fold(line.text))
    apart = before is None or before.column != line.column or abs(line.top - before.top) > 1.3 * book.pitch
    if level and (apart or line.size > book.size or line.bold):
        return level
    initial = len(line.text) == 1 and line.x0 - left < book.size  # of a paragraph, set large
    if line.size >= LARGER * book.size and not initial:
        return min(6, 1 + book.levels.index(round(line.size))) if round(line.size) in book.levels else 2
    named = names_chapter(line.text) and not line.text.endswith((",", ";", "."))
    return 2 if apart and named and (line.bold or line.text.isupper() or len(line.text) < 30) else 0


def begins_paragraph(
    line: PdfLine, before: PdfLine | None, left: float, book: BookMeasures, right: float
) -> bool:
    """Whether a line is the first of a paragraph."""
    if before is None or abs(before.size - line.size) > 0.1 * book.size:
        return True
    indented = line.x0 - left > 0.7 * book.size
    if before.column == line.column and line.top > before.top:
        if line.top - before.top > 1.35 * book.pitch:
            return True
        inner = before.x0 - left > 0.7 * book.size and abs(before.x0 - line.x0) < 2
        ended = before.text.endswith(ENDS) and before.x1 < right - 1.5 * book.size
        if indented and (ended or not inner):
            return True
    elif indented:
        return True
    return before.x1 < right - 3 * book.size and before.text.endswith(ENDS)
