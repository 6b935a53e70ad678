"""A PDF page's lines, in the order in which they are read: columns one after the other. It knows one page and no book."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

WIDEST_GAP = 0.02  # of a page's width: a gutter is at least so wide
CROSSING = 0.2  # of a page's lines may run over the gutter: titles, figures
ONE_SIDE = 0.25  # of a page's lines stand at least on each side of it
FEW = 12  # lines under which a page has no columns
UNKNOWN = re.compile(r"\(cid:\d+\)$")  # how pdfminer writes a sign whose meaning the file doesn't say
LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
BASE = 0.35  # of a line's height: lines whose middles are closer are one


@dataclass(slots=True)
class PdfLine:
    """Points; y grows downwards."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float  # of most of its characters
    bold: bool = False
    italic: bool = False
    raised: tuple[tuple[int, int], ...] = ()  # where small characters stand high: note marks
    column: int = 0

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(slots=True)
class PdfPage:
    width: float
    height: float
    lines: list[PdfLine] = field(default_factory=list)


def page_of(layout) -> PdfPage:
    """A page of pdfminer's layout as lines in reading order."""
    from pdfminer.layout import LTTextLine

    found: list[PdfLine] = []
    stack = list(layout)
    while stack:
        node = stack.pop()
        if isinstance(node, LTTextLine):
            line = line_of(node, layout.height)
            if line is not None:
                found.append(line)
        elif hasattr(node, "__iter__"):
            stack.extend(node)
    page = PdfPage(layout.width, layout.height)
    gutter = gutter_of(found, layout.width)
    page.lines = in_columns(joined(found, gutter), gutter, layout.width)
    return page


def line_of(node, height: float) -> PdfLine | None:
    from pdfminer.layout import LTAnno, LTChar

    text, sizes, places, faces = "", [], [], []
    for char in node:
        if isinstance(char, LTChar):
            if char.get_text().strip():
                sizes.append(round(char.size, 1))
                faces.append(char.fontname.lower())
                places.append((len(text), char.size, char.y0))
            drawn = char.get_text()
            text += "" if UNKNOWN.match(drawn) else LIGATURES.get(drawn, drawn)
        elif isinstance(char, LTAnno):
            text += char.get_text()
    text = text.replace("\n", " ").rstrip()
    if not text.strip() or not sizes:
        return None
    usual = max(set(sizes), key=sizes.count)
    base = median(y for _, size, y in places if abs(size - usual) < 0.6)
    raised = tuple(
        (at, at + 1)
        for at, size, y in places
        if size < 0.85 * usual and y > base + 0.15 * usual and text[at].isalnum()
    )
    bold = sum("bold" in face or "black" in face for face in faces) > 0.6 * len(faces)
    italic = sum("italic" in face or "oblique" in face for face in faces) > 0.6 * len(faces)
    lead = len(text) - len(text.lstrip())
    return PdfLine(
        text.strip(),
        node.x0,
        node.x1,
        height - node.y1,
        height - node.y0,
        usual,
        bold,
        italic,
        tuple((start - lead, end - lead) for start, end in raised),
    )


def joined(lines: list[PdfLine], gutter: float | None) -> list[PdfLine]:
    """Lines from top to bottom; pieces of one line are one, but for those on both sides of the gutter."""
    rows: list[list[PdfLine]] = []
    for line in sorted(lines, key=middle):
        before = rows[-1][-1] if rows else None
        near = before is not None and middle(line) - middle(before) < BASE * min(line.height, before.height)
        if near:
            rows[-1].append(line)
        else:
            rows.append([line])
    found: list[PdfLine] = []
    for row in rows:
        row.sort(key=lambda line: line.x0)
        found.append(row[0])
        for line in row[1:]:
            if gutter is None or not found[-1].x1 <= gutter <= line.x0:
                append(found[-1], line)
            else:
                found.append(line)
    return found


def middle(line: PdfLine) -> float:
    return (line.top + line.bottom) / 2


def append(line: PdfLine, more: PdfLine) -> None:
    """Put a piece at a line's end."""
    shift = len(line.text) + 1
    line.raised += tuple((start + shift, end + shift) for start, end in more.raised)
    line.text, line.x1 = f"{line.text} {more.text}", max(line.x1, more.x1)


def in_columns(lines: list[PdfLine], gutter: float | None, width: float) -> list[PdfLine]:
    """Lines in reading order: where a page has two columns, the left one first, between lines that run over both."""
    if gutter is None:
        return lines
    usual = median(line.size for line in lines)
    ordered: list[PdfLine] = []
    band: list[PdfLine] = []
    for line in lines:
        centred = abs(line.x0 + line.x1 - width) < 0.04 * width and line.size > usual + 0.5
        if line.x0 < gutter < line.x1 or centred:
            ordered += by_side(band, gutter)
            band = []
            ordered.append(line)
        else:
            band.append(line)
    return ordered + by_side(band, gutter)


def by_side(band: Iterable[PdfLine], gutter: float) -> list[PdfLine]:
    sides: tuple[list[PdfLine], list[PdfLine]] = ([], [])
    for line in band:
        line.column = 2 if line.x0 > gutter else 1
        sides[line.column - 1].append(line)
    return sides[0] + sides[1]


def gutter_of(lines: list[PdfLine], width: float) -> float | None:
    """Where the white strip between two columns is; None on a page of one."""
    if len(lines) < FEW:
        return None
    best: tuple[int, float] | None = None
    step = width / 200
    for number in range(60, 141):
        x = number * step
        crossing = sum(
            line.x0 < x + WIDEST_GAP * width / 2 and line.x1 > x - WIDEST_GAP * width / 2 for line in lines
        )
        left = sum(line.x1 <= x for line in lines)
        right = sum(line.x0 >= x for line in lines)
        if (
            crossing <= CROSSING * len(lines)
            and min(left, right) >= ONE_SIDE * len(lines)
            and (best is None or crossing < best[0])
        ):
            best = (crossing, x)
    return best[1] if best else None
