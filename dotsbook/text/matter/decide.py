"""Judges each stretch of a manuscript: is it narrated, or left out, and why? It moves no text and reads no file."""

from dotsbook.book import Kind
from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.blocks.marks import LABEL
from dotsbook.text.matter.grounds import restrain
from dotsbook.text.matter.kinds import (
    ABOUT,
    ADVERTISEMENT,
    BIBLIOGRAPHY,
    COLOPHON,
    CONTENTS,
    COVER,
    EDITION,
    HALF_TITLE,
    IMPRINT,
    INDEX,
    LICENCE,
    NOTES,
    SKIPPED,
    TITLE_PAGE,
    TRANSCRIBER,
    by_stem,
    by_title,
)
from dotsbook.text.matter.lists import by_lines
from dotsbook.text.matter.proofs import titles_of
from dotsbook.text.matter.shapes import ARCHIVE, BACK, FRONT, by_shape
from dotsbook.text.matter.stretches import Stretch, Wishes, counts, measure, words_in

SPREADS = (
    NOTES,
    BIBLIOGRAPHY,
    INDEX,
    ADVERTISEMENT,
    LICENCE,
    TRANSCRIBER,
    CONTENTS,
    COLOPHON,
)  # kinds that hold for what is nested in them
EDGES = (
    ABOUT,
    ADVERTISEMENT,
    COVER,
    TITLE_PAGE,
    HALF_TITLE,
    COLOPHON,
    IMPRINT,
    LICENCE,
)  # kinds that a title's words prove only at a book's ends
LINE = 40  # characters of a line that may be a title
DICTIONARY = 5000  # words from which a glossary is a dictionary, which nobody listens to
LATE = 0.6  # share of the book before which no list stands that ends it
SHORT = 1500  # words: no cover, title page or imprint is longer


def decide(manuscript: Manuscript, stretches: list[Stretch], wishes: Wishes, trust: int = 2) -> list[Stretch]:
    """The stretches, each with its reason to be left out, or none; one may come back in two. `trust`: 2 all evidence, 1
    not the text's shape, 0 only markup and package."""
    measure(stretches)
    titles = titles_of(manuscript)
    open_skip: Stretch | None = None
    begun = False
    for stretch in stretches:
        kind, source = believe(manuscript, stretch, begun, trust, titles)
        inherited = open_skip is not None and continues(stretch, open_skip, kind, source)
        if inherited and open_skip is not None:
            _, told_by, who = (open_skip.reason or "").rpartition("(")
            kind, source = open_skip.kind, who.rstrip(")") if told_by else "title"
        stretch.kind = kind
        wish = wishes.of(stretch, kind)
        if wish:
            stretch.kept, stretch.sure = wish[0] == "keep", True
            stretch.reason = None if stretch.kept else f"skip: {wish[1]} (the manifest)"
        elif kind in SKIPPED or kind == "not in the reading order":
            stretch.reason = f"{kind} ({source})"
            stretch.sure = source not in ("title", "shape", "position", "file name")
        if not inherited:
            open_skip = stretch if stretch.reason and not stretch.kept else None
        if not stretch.reason and any(counts(block) for block in stretch.blocks) and len(stretch.blocks) > 0:
            begun = (
                begun
                or words_in([block for block in stretch.blocks if counts(block)]) > 120
                or bool(stretch.entries)
            )
    return restrain(manuscript, stretches)


def continues(stretch: Stretch, opened: Stretch, kind: str | None, source: str) -> bool:
    """Whether a stretch still belongs to the one left out before it."""
    if kind in SKIPPED or source in ("epub:type", "role", "guide", "landmarks"):
        return False
    if opened.reason and opened.reason.endswith("(shape)"):
        return False
    wished = opened.reason is not None and opened.reason.startswith("skip:")
    if stretch.entries:
        deeper = bool(opened.entries) and stretch.entries[0].depth > opened.entries[0].depth
        return deeper and opened.kind in SPREADS and opened.kind not in (CONTENTS, COLOPHON) and not wished
    same = stretch.index == opened.index
    if not stretch.level:
        return not same and (opened.kind in (NOTES, BIBLIOGRAPHY, INDEX) or wished and bool(opened.entries))
    return same and (opened.level == 0 or stretch.level > opened.level) and (opened.kind in SPREADS or wished)


def believe(
    manuscript: Manuscript, stretch: Stretch, begun: bool, trust: int, titles: frozenset[str]
) -> tuple[str | None, str]:
    """(kind, who says so) for a stretch, by the order of trust."""
    document = stretch.document
    if not document.linear:
        return "not in the reading order", "linear=no"
    if document.navigation:
        return CONTENTS, "navigation document"
    if document.marked:
        return document.marked, "epub:type"
    matters = [block.matter for block in stretch.blocks if block.text]
    if matters and all(matters) and len(set(matters)) == 1:
        return matters[0], told(stretch)
    if matters and matters[0] and matters[0] not in SKIPPED:
        return matters[0], told(stretch)
    if document.matter and stretch.words < 20 * SHORT and (not stretch.entries or stretch.first):
        return document.matter[0], document.matter[1]
    if not trust:
        return None, ""
    kind = by_stem(document.stem)
    if (
        kind
        and (kind not in EDGES or document_words(stretch) < SHORT)
        and (stretch.first or not stretch.entries)
    ):
        return kind, "file name"
    if stretch.words < 900 and any(ARCHIVE.search(block.text) for block in stretch.blocks):
        return EDITION, "its words"
    kind = by_words(stretch, manuscript.language)
    ends = trust > 1 and begun and not stretch.entries and stretch.share > LATE
    if kind and not (kind == "glossary" and stretch.words > DICTIONARY and ends):
        return kind, "title"
    if trust <= 1:
        return None, ""
    if shape := by_shape(manuscript, stretch, begun):
        return shape, "shape"
    if ends and (listed := by_lines(stretch, titles)):
        return listed, "its lines"
    if kind:
        return kind, "title"
    return by_first_line(stretch, manuscript.language), "title"


def by_first_line(stretch: Stretch, language: str) -> str | None:
    """What the first line of a file without any title says, near the ends of the book."""
    if not stretch.first or stretch.title or FRONT < stretch.share < BACK:
        return None
    line = next((block.text for block in stretch.blocks if counts(block)), "")
    return by_title(line, language) if len(line) < LINE else None


def told(stretch: Stretch) -> str:
    """Who says what a stretch is: its first text's markup."""
    return next((block.told for block in stretch.blocks if block.text and block.told), "epub:type")


def document_words(stretch: Stretch) -> int:
    return words_in(stretch.document.blocks)


def holds_notes(stretch: Stretch) -> bool:
    """Whether a section called "Notes" in the middle of a book holds such: paragraphs with labels or ways back."""
    blocks = [block for block in stretch.blocks if block.text and block.kind is not Kind.HEADING]
    noted = sum(
        bool(block.note or block.returns or block.references or LABEL.match(block.text)) for block in blocks
    )
    return not blocks or noted >= 0.5 * len(blocks)


def by_words(stretch: Stretch, language: str) -> str | None:
    """What the titles say; some kinds only near the ends of the book."""
    titles = [entry.title for entry in reversed(stretch.entries)] + [stretch.heading]
    if stretch.first and not stretch.heading and not stretch.entries:
        titles.append(stretch.document.title)
    for title in titles:
        kind = by_title(title, language) if title else None
        if kind in EDGES and FRONT < stretch.share < BACK and stretch.left > 1 - BACK:
            kind = None
        if kind == NOTES and stretch.left > 1 - BACK and not holds_notes(stretch):
            kind = None
        if kind in (COVER, TITLE_PAGE, HALF_TITLE, IMPRINT) and stretch.words > SHORT:
            kind = None
        if kind:
            return kind
    return None
