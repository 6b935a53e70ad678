"""Paragraphs of a page that are lines of its model: an EPUB made from a PDF has one for every line. They are joined.

Where most of a page's paragraphs end in the middle of a sentence and the next goes on in small letters, they are lines.
"""

from statistics import median

from dotsbook.book import Kind, Mark
from dotsbook.text.blocks.block import TextBlock
from dotsbook.text.blocks.line_hyphens import REASON, LineHyphens

FEW = 3  # places where a sentence runs over
SHARE = 0.5  # of all places between paragraphs
FULL = 0.8  # of the usual length: a shorter line ends its paragraph
ENDS = tuple(".!?…:”’\"'»)]。！？")


def whole_paragraphs(blocks: list[TextBlock]) -> list[TextBlock]:
    """The blocks, lines of one paragraph joined."""
    prose = [number for number, block in enumerate(blocks) if is_prose(block)]
    pairs = [(blocks[one], blocks[two]) for one, two in zip(prose, prose[1:], strict=False) if two == one + 1]
    over = sum(runs_over(one, two) for one, two in pairs)
    if over < FEW or over < SHARE * len(pairs):
        return blocks
    usual = median(len(blocks[number].text) for number in prose)
    hyphens = LineHyphens("\n".join(blocks[number].text for number in prose))
    found: list[TextBlock] = []
    last = ""  # the line that was added last
    for block in blocks:
        before = found[-1] if found else None
        if before is not None and is_prose(before) and is_prose(block) and belongs(last, block, usual):
            append_line(before, block, *hyphens.seam(last, block.text))
        else:
            found.append(block)
        last = block.text
    return found


def is_prose(block: TextBlock) -> bool:
    return bool(block.text) and block.kind is Kind.PROSE and block.why is None and not block.note


def runs_over(one: TextBlock, two: TextBlock) -> bool:
    """Whether a sentence runs from one paragraph into the next."""
    return not one.text.endswith(ENDS) and two.text[:1].islower() and not two.scene


def belongs(last: str, block: TextBlock, usual: float) -> bool:
    """Whether a line goes on with the paragraph whose last line is given."""
    if block.scene or block.speaker:
        return False
    return not last.endswith(ENDS) or len(last) >= FULL * usual and block.text[:1].isalnum()


def append_line(before: TextBlock, line: TextBlock, cut: int, between: str) -> None:
    """Add a line to a paragraph, without the characters to cut at its end."""
    if cut:
        before.text = before.text[:-cut]
        before.dropped += ((REASON, cut),)
        before.marks = tuple(
            Mark(mark.start, min(mark.end, len(before.text)), mark.kind, mark.value) for mark in before.marks
        )
    shift = len(before.text) + len(between)
    before.text += between + line.text
    before.marks += tuple(Mark(one.start + shift, one.end + shift, one.kind, one.value) for one in line.marks)
    before.references += tuple((at + shift, document, anchor) for at, document, anchor in line.references)
    before.dropped += line.dropped
    before.inner += tuple((anchor, shift) for anchor in line.anchors) + tuple(
        (anchor, at + shift) for anchor, at in line.inner
    )
    before.returns |= line.returns
    before.links += line.links
    before.added += line.added
