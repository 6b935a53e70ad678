"""Footnotes and endnotes: which blocks are notes, and which note follows which mark. It knows no policy but whether
notes are read.

Notes that the markup calls notes are known already; here those are found that only a note mark leads to, as in
older books: a paragraph at the chapter's end, or a file of its own.
"""

from dotsbook.book import Kind, Mark, visible
from dotsbook.text.blocks.block import Document, Manuscript, TextBlock
from dotsbook.text.blocks.marks import LABEL
from dotsbook.text.matter.stretches import Stretch


def find_notes(documents: list[Document]) -> None:
    """Mark the blocks that note marks lead to as notes."""
    places = {
        (document.name, anchor): (document, number)
        for document in documents
        for number, block in enumerate(document.blocks)
        for anchor in block.anchors
    }
    targets: dict[int, tuple[Document, int]] = {}
    order = {document.name: number for number, document in enumerate(documents)}
    for document in documents:
        for number, block in enumerate(document.blocks):
            for _, name, anchor in block.references:
                found = places.get((name, anchor))
                if found is None or found[0].blocks[found[1]] is block:
                    continue
                target = next_text(found[0].blocks, found[1])
                if target is None:
                    continue
                after = (order[name], target) > (order[document.name], number)
                if after and is_note(found[0].blocks[target], block, document, anchor):
                    targets[id(found[0].blocks[target])] = (found[0], target)
    for document, number in targets.values():
        mark(document.blocks, number, targets)


def next_text(blocks: list[TextBlock], number: int) -> int | None:
    """The block of text that an anchor stands at."""
    return next((at for at in range(number, min(number + 3, len(blocks))) if blocks[at].text), None)


def is_note(target: TextBlock, source: TextBlock, document: Document, anchor: str) -> bool:
    """Whether what a mark in `source` leads to is a note: it leads back, or opens with a label."""
    if (
        target is source
        or target.kind is Kind.HEADING
        or target.note
        or source.note
        or source.matter == "notes"
    ):
        return False
    if target.offset(anchor) > 0:
        return False
    back = target.returns | {(name, place) for _, name, place in target.references}
    if any(name == document.name and place in source.anchors for name, place in back):
        return True
    labelled = any(reason in ("note mark", "back link") for reason, _ in target.dropped) and not any(
        at for at, _, _ in target.references
    )
    return labelled or bool(LABEL.match(target.text))


def mark(blocks: list[TextBlock], number: int, targets: dict[int, tuple[Document, int]]) -> None:
    """A note, and the paragraphs after it that stand in a container with it alone."""
    first = blocks[number]
    first.note = True
    alone = first.section and not any(
        block.section == first.section and block.text for block in blocks[max(0, number - 3) : number]
    )
    for block in blocks[number + 1 :]:
        if not alone or block.section != first.section or id(block) in targets or block.kind is Kind.HEADING:
            return
        block.note = True


def unlabel(block: TextBlock) -> None:
    """Take a note's own label off its text: "[1] ", "2. "."""
    found = LABEL.match(block.text)
    if not found or found.end() >= len(block.text):
        return
    cut = found.end() + len(block.text[found.end() :]) - len(block.text[found.end() :].lstrip())
    block.dropped += (("note mark", visible(block.text[:cut])),)
    block.text = block.text[cut:]
    block.marks = tuple(
        Mark(max(0, mark.start - cut), mark.end - cut, mark.kind, mark.value)
        for mark in block.marks
        if mark.end > cut
    )
    block.references = tuple(
        (max(0, at - cut), document, anchor) for at, document, anchor in block.references
    )


class Notes:
    """Which notes follow which block; each is read once, where it is first referred to."""

    def __init__(self, manuscript: Manuscript, stretches: list[Stretch]):
        self.targets: dict[tuple[str, str], list[tuple[Document, TextBlock]]] = {}
        self.taken: set[int] = set()
        self.wanted = {
            place[1:]
            for document in manuscript.documents
            for block in document.blocks
            for place in block.references
        }
        self.left_out = {
            id(block)
            for stretch in stretches
            if stretch.reason and stretch.kind == "notes"
            for block in stretch.blocks
        }
        for document in manuscript.documents:
            self.gather(document)

    def gather(self, document: Document) -> None:
        """The blocks of each note that some mark leads to: from its anchor to the next such anchor."""
        current: list[tuple[Document, TextBlock]] | None = None
        for block in document.blocks:
            for anchor in block.anchors:
                if (document.name, anchor) in self.wanted:
                    current = self.targets.setdefault((document.name, anchor), [])
            if block.kind is Kind.HEADING or not (
                block.note or block.matter == "notes" or id(block) in self.left_out
            ):
                current = None
            elif current is not None and block.text and block.why is None:
                if not current:
                    unlabel(block)
                current.append((document, block))

    def of(self, block: TextBlock) -> list[tuple[Document, TextBlock]]:
        """The notes that a block's marks lead to and that weren't read yet."""
        found = []
        for _, document, anchor in block.references:
            for place, note in self.targets.get((document, anchor), ()):
                if id(note) not in self.taken and note is not block:
                    self.taken.add(id(note))
                    found.append((place, note))
        return found
