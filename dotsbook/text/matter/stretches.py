"""Stretches of a manuscript that are judged as one, what the user wishes for them, and their size. It judges
nothing."""

import difflib
import fnmatch
from dataclasses import dataclass, field

from dotsbook.book import Kind
from dotsbook.text.blocks.block import Document, Manuscript, TextBlock, TocEntry
from dotsbook.text.blocks.block_writer import WIDE
from dotsbook.text.matter.kinds import KINDS, SKIPPED, fold


@dataclass(slots=True)
class Stretch:
    """Blocks of one document that are judged together: from a chapter's anchor or a heading to the next."""

    document: Document
    blocks: list[TextBlock]
    index: int  # of the document in the manuscript
    entries: list[TocEntry] = field(default_factory=list)
    heading: str = ""
    level: int = 0  # of the heading; 0 = none
    first: bool = False  # it opens its document
    share: float = 0.0  # of the book's text that stands before it
    left: float = 0.0  # of the book's text that stands after it
    reason: str | None = None  # why it is left out
    sure: bool = False  # said by the user, the markup or the package
    kind: str | None = None  # what it is taken for
    kept: bool = False  # the user keeps it, whatever its markup says
    proved: bool = False  # its own paragraphs bear out what its title says
    doubtful: bool = False  # too much is left out for the evidence there is: the user is asked

    @property
    def entry(self) -> TocEntry | None:
        """The line of the table of contents that names it: of several, the one its heading says, else the deepest."""
        if len(self.entries) < 2:
            return self.entries[0] if self.entries else None
        said = fold(self.heading)
        same = [entry for entry in self.entries if fold(entry.title) == said]
        deepest = max(entry.depth for entry in self.entries)
        return next(entry for entry in same or self.entries if same or entry.depth == deepest)

    @property
    def title(self) -> str:
        entry = self.entry
        return entry.title if entry else self.heading or (self.document.title if self.first else "")

    @property
    def words(self) -> int:
        return words_in(self.blocks)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants kept and left out: titles, file patterns or kinds."""

    skip: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def of(self, stretch: Stretch, kind: str | None) -> tuple[str, str] | None:
        """("skip" or "keep", the wish) for a stretch; a title or file is believed before a kind, keep before skip."""
        for by_name in (True, False):
            for verb, wishes in (("keep", self.keep), ("skip", self.skip)):
                for wish in wishes:
                    if (
                        names(wish, stretch)
                        if by_name
                        else (kind is not None and fold(wish) in (fold(kind), fold(kind) + "s"))
                    ):
                        return verb, wish
        return None


def warn_of_unmatched(manuscript: Manuscript, stretches: list[Stretch], wishes: Wishes) -> None:
    """Warn of wishes that nothing in the book answers to."""
    known = {fold(kind) for kind in KINDS}
    for verb, said in (("skip", wishes.skip), ("keep", wishes.keep)):
        for wish in said:
            if fold(wish) in known or any(names(wish, stretch) for stretch in stretches):
                continue
            all_titles = list(dict.fromkeys(stretch.title for stretch in stretches if stretch.title))
            near = difflib.get_close_matches(wish, all_titles, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else "it names no title, file or kind of this book."
            manuscript.warnings.append(f"`{verb}: {wish}` matches nothing; {hint}")


def names(wish: str, stretch: Stretch) -> bool:
    """Whether a wish names the stretch by a title of its own or its file by a pattern."""
    plain = fold(wish)
    titles = [entry.title for entry in stretch.entries] + [stretch.heading]
    if stretch.first and not stretch.heading and not stretch.entries:
        titles.append(stretch.document.title)
    if plain and any(plain == fold(title) for title in titles if title):
        return True
    name = stretch.document.name
    path, _, anchor = wish.partition("#")
    if (
        path
        and (fnmatch.fnmatch(name, path) or fnmatch.fnmatch(name.rpartition("/")[2], path))
        and ("." in path or "*" in path or "/" in path)
    ):
        return (
            not anchor
            or any(entry.anchor == anchor for entry in stretch.entries)
            or any(anchor in block.anchors for block in stretch.blocks)
        )
    return False


def measure(stretches: list[Stretch]) -> None:
    sizes = [sum(len(block.text) for block in stretch.blocks) for stretch in stretches]
    total, before = max(1, sum(sizes)), 0
    for stretch, size in zip(stretches, sizes, strict=True):
        stretch.share = before / total
        before += size
        stretch.left = (total - before) / total


def counts(block: TextBlock) -> bool:
    """Whether a block could be narrated at all."""
    return bool(block.text) and block.why is None and not block.note and block.matter not in SKIPPED


def headings(blocks: list[TextBlock]) -> list[TextBlock]:
    """The headings that open a stretch, before any other text."""
    found = []
    for block in blocks:
        if block.why or not block.text:
            continue
        if block.kind is not Kind.HEADING:
            break
        found.append(block)
    return found


def words_in(blocks: list[TextBlock]) -> int:
    """Words, two characters of Chinese or Japanese being one."""
    return sum(words_of(block.text) for block in blocks)


def words_of(text: str) -> int:
    return len(text.split()) + (0 if text.isascii() else len(WIDE.findall(text)) // 2)
