"""Judges each stretch of a manuscript: is it narrated, or left out, and why? It moves no text and reads no file."""

import difflib
import fnmatch
import re
from dataclasses import dataclass, field

from dotsbook.book import Kind, visible
from dotsbook.text.blocks import Block, Document, Entry, Manuscript
from dotsbook.text.kinds import (
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
    KINDS,
    LICENCE,
    NOTES,
    SKIPPED,
    TITLE_PAGE,
    TRANSCRIBER,
    by_stem,
    by_title,
    fold,
)
from dotsbook.text.writer import WIDE

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
FRONT, BACK = 0.12, 0.85  # share of the book's text before which, or after which, its ends lie
SHORT = 1500  # words: no cover, title page or imprint is longer

START = re.compile(
    r"\*{3}\s*START OF (THE|THIS) PROJECT GUTENBERG|^\W*START OF (THE|THIS) PROJECT GUTENBERG|\*END[* ]*THE "
    r"SMALL PRINT",
    re.I | re.M,
)
END = re.compile(
    r"\*{3}\s*END OF (THE|THIS) PROJECT GUTENBERG|^\s*End of (the |this )?Project Gutenberg('s|’s)?\b|^\W*END OF (THE|"
    r"THIS) PROJECT GUTENBERG",
    re.I | re.M,
)
CREDIT = re.compile(
    r"^\W*(Produced|E-?text prepared|Transcribed|This e-?(book|text) was|Prepared|Scanned|Credits?:|Proofread)\b.{0,"
    r"30}\b(by|from|was)\b|pgdp\.net|Distributed Proofread",
    re.I,
)
LEGAL = [
    re.compile(pattern, re.I)
    for pattern in (
        r"\bISBN\b|\bISSN\b|书号",
        r"©|\bcopyright\b|\(c\)\s*(19|20)\d\d|版权所有|著作権|저작권|авторск\w+ прав|حقوق الطبع|copyleft",
        r"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i "
        r"diritti riservati|todos os direitos reservados|"
        r"alle rechten voorbehouden|все права защищены|wszelkie prawa zastrzeżone|無断転載|版权所有|翻印必究|전재|all rights|"
        r"her hakkı saklıdır|minden jog fenntartva",
        r"\b(first|second|third|\d+(st|nd|rd|th)) (published|edition|printing|impression)|1\. ?auflage|dépôt légal|"
        r"depósito legal|erste auflage|printed in|imprimé|impreso en|gedruckt|stampato|"
        r"\bpublished (by|in)\b|verlag|éditions\b|editorial\b|edizioni|editora|издательство|出版社|发行|印刷|出版|발행",
        r"library of congress|british library|deutsche nationalbibliothek|cataloguing|cataloging|cip data|"
        r"bibliografische information|bibliothèque nationale|在版编目",
        r"no part of this (book|publication|work)|work of fiction|any resemblance|creative commons|cover (design|art|"
        r"image|illustration)|umschlaggestaltung|couverture\s*:|https?://|www\.",
    )
]


@dataclass(slots=True)
class Stretch:
    """Blocks of one document that are judged together: from a chapter's anchor or a heading to the next."""

    document: Document
    blocks: list[Block]
    index: int  # of the document in the manuscript
    entries: list[Entry] = field(default_factory=list)
    heading: str = ""
    level: int = 0  # of the heading; 0 = none
    first: bool = False  # it opens its document
    share: float = 0.0  # of the book's text that stands before it
    left: float = 0.0  # of the book's text that stands after it
    reason: str | None = None  # why it is left out
    sure: bool = False  # said by the user, the markup or the package
    kind: str | None = None  # what it is taken for
    kept: bool = False  # the user keeps it, whatever its markup says

    @property
    def entry(self) -> Entry | None:
        """The line of the table of contents that names it: of several, the one its heading says, else the deepest."""
        if len(self.entries) < 2:
            return self.entries[0] if self.entries else None
        said = fold(self.heading)
        same = [entry for entry in self.entries if fold(entry.title) == said]
        deepest = max(entry.depth for entry in self.entries)
        return next(entry for entry in same or self.entries if same or entry.depth == deepest)

    @property
    def title(self) -> str:
        return self.entry.title if self.entries else self.heading or (self.document.title if self.first else "")

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


def unheard(manuscript: Manuscript, stretches: list[Stretch], wishes: Wishes) -> None:
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


PRINTED = re.compile(
    r"\b1[5-9]\d\d\b|\b20[0-2]\d\b|\bM[DCLXVI. ]{4,}\b|\b(verlag|press|publish\w*|[ée]dit\w*|librairie|imprim\w*|"
    r"druck|tipograf\w*|stamperia|libreria|impr[ea]n?ta|uitgever\w*|"
    r"boktryckeri|förlag|forlag|wydawnictwo|nakład\w*|издательство|типография|editora|livraria|kustannus\w*|"
    r"[eé]ditions?|company|& co|& sons|books)\b|出版|書店|书店|文庫",
    re.I,
)
ARCHIVE = re.compile(
    r"Posted originally on the Archive of Our Own|Please drop by the Archive and comment|archiveofourown\.org/works/|"
    r"fanfiction\.net/s/\d+|^Story URL|wattpad\.com/story",
    re.I | re.M,
)


def judge(manuscript: Manuscript, stretches: list[Stretch], wishes: Wishes, trust: int = 2) -> None:
    """Give every stretch its reason to be left out, or none. `trust`: 2 all evidence, 1 not the text's shape, 0 only
    markup and package."""
    measure(stretches)
    open_skip: Stretch | None = None
    begun = False
    for stretch in stretches:
        kind, source = believe(manuscript, stretch, begun, trust)
        inherited = open_skip is not None and continues(stretch, open_skip, kind, source)
        if inherited:
            kind, source = (
                open_skip.kind,
                open_skip.reason.rpartition("(")[2].rstrip(")") if "(" in (open_skip.reason or "") else "title",
            )
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
            begun = begun or stretch.words > 120 or bool(stretch.entries)


def measure(stretches: list[Stretch]) -> None:
    sizes = [sum(len(block.text) for block in stretch.blocks) for stretch in stretches]
    total, before = max(1, sum(sizes)), 0
    for stretch, size in zip(stretches, sizes, strict=True):
        stretch.share = before / total
        before += size
        stretch.left = (total - before) / total


def counts(block: Block) -> bool:
    """Whether a block could be narrated at all."""
    return bool(block.text) and block.why is None and not block.note and block.matter not in SKIPPED


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


def believe(manuscript: Manuscript, stretch: Stretch, begun: bool, trust: int) -> tuple[str | None, str]:
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
    if kind and (kind not in EDGES or document_words(stretch) < SHORT) and (stretch.first or not stretch.entries):
        return kind, "file name"
    if stretch.words < 900 and any(ARCHIVE.search(block.text) for block in stretch.blocks):
        return EDITION, "its words"
    kind = by_words(stretch, manuscript.language)
    if kind:
        return kind, "title"
    return (by_shape(manuscript, stretch, begun), "shape") if trust > 1 else (None, "")


def told(stretch: Stretch) -> str:
    """Who says what a stretch is: its first text's markup."""
    return next((block.told for block in stretch.blocks if block.text and block.told), "epub:type")


def document_words(stretch: Stretch) -> int:
    return words_in(stretch.document.blocks)


def by_words(stretch: Stretch, language: str) -> str | None:
    """What the titles say; some kinds only near the ends of the book."""
    titles = [entry.title for entry in reversed(stretch.entries)] + [stretch.heading]
    if stretch.first and not stretch.heading and not stretch.entries:
        titles.append(stretch.document.title)
    for title in titles:
        kind = by_title(title, language) if title else None
        if kind in EDGES and FRONT < stretch.share < BACK and stretch.left > 1 - BACK:
            kind = None
        if kind in (COVER, TITLE_PAGE, HALF_TITLE, IMPRINT) and stretch.words > SHORT:
            kind = None
        if kind:
            return kind
    return None


def by_shape(manuscript: Manuscript, stretch: Stretch, begun: bool) -> str | None:
    """What the text looks like: a list of links, a legal page, a title page."""
    blocks = [block for block in stretch.blocks if counts(block)]
    size = sum(visible(block.text) for block in blocks)
    if not size:
        return None
    listed = sum(visible(block.text) for block in stretch.blocks if block.matter == CONTENTS)
    if listed > 3 * size:
        return CONTENTS
    linked = [block for block in blocks if block.links]
    if (
        len(linked) >= 3
        and sum(block.links for block in linked) > 0.6 * size
        and (not begun or not stretch.entries and (stretch.share > 0.9 or len(linked) > 15))
    ):
        return CONTENTS
    text = "\n".join(block.text for block in blocks[:80])
    words = words_in(blocks)
    at_end = stretch.share > 0.95 or not begun
    if words < 700 and at_end and sum(bool(pattern.search(text)) for pattern in LEGAL) >= 3:
        return IMPRINT
    if not begun and words < 150 and is_title_page(manuscript, stretch, blocks):
        return TITLE_PAGE
    if (
        not begun
        and words < 40
        and stretch.share < FRONT
        and PRINTED.search(text)
        and not any(block.text.endswith((".", "!", "?")) and words_of(block.text) > 8 for block in blocks)
    ):
        return TITLE_PAGE
    return None


def is_title_page(manuscript: Manuscript, stretch: Stretch, blocks: list[Block]) -> bool:
    """Short lines at the book's front that name it, or its author."""
    if any(words_of(block.text) > 30 for block in blocks):
        return False
    text = f" {fold(' '.join(block.text for block in blocks))} "
    title, author = fold(manuscript.title), fold(manuscript.author)
    named = bool(title) and (f" {title} " in text or bool(text.strip()) and f" {text.strip()} " in f" {title} ")
    by = any(f" {name} " in text for name in author.split() if len(name) > 3)
    own = set(text.split()) - set(title.split()) - set(author.split())
    spoken = any(
        block.kind is not Kind.HEADING and words_of(block.text) > 2 and block.text.endswith((".", "!", "?", "。"))
        for block in blocks
    )
    if (named or by) and len(own) <= 3 and not spoken:
        return True
    heading = fold(stretch.heading or (stretch.entries[0].title if stretch.entries else ""))
    titled = (
        bool(title)
        and bool(heading)
        and (
            heading == title
            or " " in heading
            and heading in title
            or " " in title
            and title in heading
            and (len(heading) < 2 * len(title) or words_in(blocks) < 30)
        )
    )
    sentences = sum(
        block.text.rstrip("”\"'»’").endswith((".", "!", "?", "…", "。")) and words_of(block.text) > 6
        for block in blocks
    )
    return (named and by or titled) and sentences <= 2


def words_in(blocks: list[Block]) -> int:
    """Words, two characters of Chinese or Japanese being one."""
    return sum(words_of(block.text) for block in blocks)


def words_of(text: str) -> int:
    return len(text.split()) + (0 if text.isascii() else len(WIDE.findall(text)) // 2)


def gutenberg(documents: list[Document]) -> None:
    """Mark Project Gutenberg's header and licence, wherever their marks stand."""
    flat = [block for document in documents for block in document.blocks]
    hits = [
        number for number, block in enumerate(flat) if "gutenberg" in block.text.lower() or "SMALL PRINT" in block.text
    ]
    if not hits:
        return
    start = max(
        (number for number in hits if START.search(flat[number].text) and number < max(60, len(flat) // 3)), default=-1
    )
    for block in flat[: start + 1]:
        block.why = block.why or "Project Gutenberg header (its marks)"
    for block in flat[start + 1 : start + 12] if start >= 0 else ():
        if CREDIT.search(block.text):
            block.why = block.why or "transcriber's note (its words)"
    end = next(
        (number for number in hits if number > start and END.search(flat[number].text) and number > len(flat) // 3),
        None,
    )
    for block in flat[end:] if end is not None else ():
        block.why = block.why or "Project Gutenberg licence (its marks)"


def headings(blocks: list[Block]) -> list[Block]:
    """The headings that open a stretch, before any other text."""
    found = []
    for block in blocks:
        if block.kind is Kind.HEADING:
            found.append(block)
        elif block.text and block.why is None:
            break
    return found
