"""Pieces of text → blocks: runs white space together, keeps marks and dropped pieces in place, tells verse from
paragraphs. It knows no markup."""

import re
from typing import NamedTuple

from dotsbook.book import Kind, Mark, visible
from dotsbook.text.blocks.block import TextBlock
from dotsbook.text.blocks.marks import is_ornament

SPACE = " \t\r\n\f\v"
RUN = re.compile(r"[ \t\r\n\f\v]+")
CROWDED = re.compile(r"[\t\r\n\f\v]|  ")
WIDE = re.compile(r"[\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff]")
WIDE_BREAK = re.compile(
    r"(?<=[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65])[ \t\r\f]*\n\s*(?=[\u2e80-\u30ff\u3400-\u9fff\uf900-"
    r"\ufaff\uff00-\uff65])"
)
CLOSING = ".,;:!?)]}”’»…、。，；：！？」』）"
LONG_LINE = 70  # visible characters: lines set apart by <br/> that are longer on average are paragraphs, shorter are verse
LONG_WIDE = 28  # the same for Chinese and Japanese
LONGEST_STANZA = 2000  # characters of lines that are joined to one block
BLANKS = 0.2  # share of blank lines among blocks above which they are only the book's spacing


class BlockState(NamedTuple):
    """What holds inside an element, handed down to its children."""

    why: str | None = None  # the region is left out
    kind: Kind | None = None
    level: int = 0
    matter: str | None = None
    told: str = ""  # who says what the matter is
    note: bool = False
    language: str | None = None
    verse: bool = False
    speaker: str | None = None
    link: bool = False
    section: int = 0
    line: bool = False
    drama: bool = False
    pre: bool = False
    layout: bool = False  # inside a table that only frames text


class BlockWriter:
    """Builds blocks out of the pieces of one document."""

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self.pending: list[str] = []  # ids seen since the last block, in no block yet
        self.scene = False
        self.blanks: list[int] = []  # where blank lines stood: the number of blocks before
        self.clear()

    def clear(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self.space = ""  # white space that waits for a next word: " " or "\n"
        self.last = ""
        self.breaks: list[int] = []
        self.marks: list[list] = []  # [start or None, end or None, kind, value]
        self.unplaced: list[list] = []  # those of them that wait for their first word
        self.dropped: list[tuple[str, int]] = []
        self.references: list[tuple[int, str, str]] = []
        self.returns: set[tuple[str, str]] = set()
        self.inner: dict[str, int] = {}
        self.links = self.added = 0
        self.speaker: str | None = None
        self.after_drop = self.join = False
        self.directed = True  # all of the text is a stage direction

    def open(self, marks: list[list]) -> None:
        """Begin marks at the next word; whoever opened one sets its end."""
        self.marks += marks
        self.unplaced += marks

    def text(self, raw: str, state: BlockState) -> None:
        """Add text, its white space run together."""
        if not raw.strip(SPACE):
            if raw:
                self.space = "\n" if "\n" in raw or self.space == "\n" else " "
            return
        crowded = CROWDED.search(raw) is not None
        if crowded and not raw.isascii() and WIDE.search(raw):
            raw = WIDE_BREAK.sub("", raw)
        core = (run_together(raw) if crowded else raw).strip(" ")
        if raw[:1] in SPACE:
            self.space = (
                "\n" if self.space == "\n" or "\n" in raw[: len(raw) - len(raw.lstrip(SPACE))] else " "
            )
        if not core:
            return
        self.word(core, state)
        if raw[-1] in SPACE:
            self.space = "\n" if "\n" in raw[len(raw.rstrip(SPACE)) :] else " "

    def word(self, core: str, state: BlockState) -> None:
        """Add text that has no white space at its ends but what waits before it."""
        if not self.length or self.last == "\n":
            core = core.lstrip()
            if not core:
                return
        first = core[0]
        if self.space and self.length and self.last != "\n" and not self.no_space(first):
            self.out.append(" ")
            self.length += 1
        self.space, self.after_drop, self.join = "", False, False
        for mark in self.unplaced:
            if mark[1] is None:
                mark[0] = self.length
        self.unplaced = []
        self.out.append(core)
        self.length += len(core)
        self.last = core[-1]
        if state.link:
            self.links += visible(core)
        if state.kind is not Kind.DIRECTION:
            self.directed = False

    def no_space(self, first: str) -> bool:
        """White space that stands for none: before a stop after a note mark, at a line end in Chinese, after a drop
        cap."""
        if self.after_drop and first in CLOSING:
            return True
        if self.join:
            return first.isalpha()
        return self.space == "\n" and bool(WIDE.match(self.last)) and bool(WIDE.match(first))

    def drop(self, reason: str, raw: str) -> None:
        """Leave text out inline."""
        count = visible(raw)
        if count:
            self.dropped.append((reason, count))
            self.after_drop = True

    def line_end(self, state: BlockState) -> None:
        """A <br/>: a line's end; two of them are a paragraph's."""
        if not self.length:
            return
        if self.last == "\n":
            self.out.pop()
            self.length -= 1
            self.breaks.pop()
            self.last = ""
            self.flush(state)
            return
        self.breaks.append(self.length)
        self.out.append("\n")
        self.length += 1
        self.last, self.space = "\n", ""

    def blank(self) -> None:
        """An empty line: a scene break, unless the book is full of them."""
        if self.blocks:
            self.blanks.append(len(self.blocks))

    def before(self) -> str:
        """The text just before, to judge a superscript by."""
        return "" if self.space else "".join(self.out[-3:])[-24:]

    def flush(self, state: BlockState) -> None:
        """End the block."""
        if not (self.length or self.dropped or self.marks or self.inner or self.added or self.references):
            self.space, self.speaker, self.returns = "", None, set()
            self.after_drop = self.join = False
            return
        open_marks = [mark for mark in self.marks if mark[1] is None]
        text = "".join(self.out).rstrip() if self.length else ""
        if not text and not self.dropped:
            self.clear()
            self.open(open_marks)
            return
        breaks = [at for at in self.breaks if at < len(text)]
        block = TextBlock(
            text,
            kind=state.kind or Kind.PROSE,
            level=state.level,
            dropped=tuple(self.dropped),
            why=state.why,
            matter=state.matter,
            told=state.told,
            note=state.note,
            links=self.links,
            language=state.language,
            speaker=self.speaker or state.speaker,
            added=self.added,
            section=state.section,
            line=state.line,
            returns=frozenset(self.returns),
        )
        block.marks = tuple(
            Mark(start, min(len(text) if end is None else end, len(text)), kind, value)
            for start, end, kind, value in self.marks
            if start is not None and start < len(text)
        )
        block.anchors, self.pending = tuple(self.pending), []
        block.inner = tuple(self.inner.items())
        block.references = tuple(
            (min(at, len(text)), document, anchor) for at, document, anchor in self.references
        )
        for mark in open_marks:
            mark[0] = None  # it goes on in the next block
        directed = self.directed
        self.clear()
        self.open(open_marks)
        self.place(block, breaks, directed, state)

    def place(self, block: TextBlock, breaks: list[int], directed: bool, state: BlockState) -> None:
        """Put a finished block where it belongs: an ornament becomes a scene break, long lines become paragraphs."""
        if self.ornamental(block, state):
            block.dropped += (("ornament", visible(block.text)),)
            block.text, block.marks, block.references = "", (), ()
            self.scene = True
        if not block.text:
            self.blocks.append(block)
            return
        if directed and block.kind in (Kind.PROSE, Kind.CELL, Kind.ITEM) and state.drama:
            block.kind = Kind.DIRECTION
        if block.kind is Kind.DIRECTION:
            block.speaker = None
        block.scene, self.scene = self.scene, False
        lines = block.text.split("\n") if breaks else [block.text]
        if len(lines) > 1 and not state.verse and not state.level:
            mean = sum(visible(line) for line in lines) / len(lines)
            if mean > (LONG_WIDE if WIDE.search(block.text) else LONG_LINE):
                self.blocks.extend(split_lines(block, lines))
                return
            if len(lines) > 2 and block.kind in (Kind.PROSE, Kind.QUOTE) and all(lines):
                block.kind = Kind.VERSE
        if breaks:
            marks = (*block.marks, *(Mark(at, at, "breath") for at in breaks))
            block.marks = tuple(sorted(marks, key=lambda mark: (mark.start, mark.end)))
        if block.line and self.goes_on(block):
            join_line(self.blocks[-1], block)
        else:
            self.blocks.append(block)

    def ornamental(self, block: TextBlock, state: BlockState) -> bool:
        return (
            bool(block.text)
            and not state.verse
            and block.kind not in (Kind.CELL, Kind.ITEM)
            and not block.links
            and (not state.level or not any(char.isalnum() for char in block.text))
            and not block.added
            and is_ornament(block.text)
        )

    def goes_on(self, block: TextBlock) -> bool:
        """Whether a verse's line goes on with the stanza before it."""
        before = self.blocks[-1] if self.blocks else None
        return (
            before is not None
            and before.line
            and bool(before.text)
            and before.kind is block.kind
            and before.section == block.section
            and before.why == block.why
            and before.speaker == block.speaker
            and not block.scene
            and before.matter == block.matter
            and before.language == block.language
            and len(before.text) < LONGEST_STANZA
        )

    def finish(self) -> list[TextBlock]:
        """All blocks; blank lines that are rare become scene breaks."""
        if self.pending:
            self.blocks.append(TextBlock("", anchors=tuple(self.pending)))
            self.pending = []
        full = sum(bool(block.text) for block in self.blocks)
        if self.blanks and len(self.blanks) <= BLANKS * full:
            for place in self.blanks:
                after = next((block for block in self.blocks[place:] if block.text), None)
                if (
                    after is not None
                    and after.kind is not Kind.HEADING
                    and any(
                        block.text and block.kind is not Kind.HEADING
                        for block in self.blocks[max(0, place - 1) : place]
                    )
                ):
                    after.scene = True
        return self.blocks


def run_together(raw: str) -> str:
    """White space as single spaces; no-break and other wide ones stay."""
    plain = raw.replace("\n", " ")
    return RUN.sub(" ", plain) if CROWDED.search(plain) else plain


def split_lines(block: TextBlock, lines: list[str]) -> list[TextBlock]:
    """A block whose lines are paragraphs, as so many blocks; what was dropped stays with the first."""
    blocks, start = [], 0
    for number, line in enumerate(lines):
        end = start + len(line)
        lead = len(line) - len(line.lstrip())
        part = TextBlock(
            line.strip(),
            block.kind,
            block.level,
            why=block.why,
            matter=block.matter,
            told=block.told,
            note=block.note,
            language=block.language,
            speaker=block.speaker,
            section=block.section,
            links=block.links // len(lines),
        )
        base = start + lead
        part.marks = tuple(
            Mark(max(mark.start, base) - base, min(mark.end, end) - base, mark.kind, mark.value)
            for mark in block.marks
            if mark.start < end and mark.end > base
        )
        part.references = tuple(
            (max(0, at - base), document, anchor)
            for at, document, anchor in block.references
            if start <= at <= end and not (at == start and number)
        )
        if number == 0:
            part.dropped, part.anchors, part.inner, part.scene, part.added = (
                block.dropped,
                block.anchors,
                block.inner,
                block.scene,
                block.added,
            )
            part.returns = block.returns
        if part.text or part.dropped or part.anchors:
            blocks.append(part)
        start = end + 1
    return blocks


def join_line(stanza: TextBlock, line: TextBlock) -> None:
    """Add a line to the stanza before it, with a breath between."""
    at = len(stanza.text)
    shift = at + 1
    stanza.text += "\n" + line.text
    moved = (Mark(mark.start + shift, mark.end + shift, mark.kind, mark.value) for mark in line.marks)
    stanza.marks += (Mark(at, at, "breath"), *moved)
    stanza.references += tuple(
        (place + shift, document, anchor) for place, document, anchor in line.references
    )
    stanza.dropped += line.dropped
    stanza.inner += tuple((anchor, shift) for anchor in line.anchors)
    stanza.anchors += line.anchors
    stanza.returns |= line.returns
    stanza.links += line.links
    stanza.added += line.added
