"""A manuscript's documents and table of contents → stretches, and those narrated → chapters. It judges nothing
itself: see decide.py."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import zip_longest

from dotsbook.book import Kind
from dotsbook.text.blocks.block import Document, Manuscript, TextBlock, TocEntry
from dotsbook.text.matter.chapter_names import names_chapter, numbers_chapter
from dotsbook.text.matter.kinds import fold
from dotsbook.text.matter.stretches import Stretch, counts, headings

PART_WORDS = re.compile(
    r"^(part|book|volume|section|teil|buch|band|partie|livre|tome|parte|libro|volumen|livro|deel|boek|del|bok|osa|"
    r"część|księga|tom|část|"
    r"kniha|díl|часть|книга|том|частина|μέρος|βιβλίο|kısım|bölüm|kitap|partea|cartea|rész|könyv|भाग|खंड|खण्ड|phần|"
    r"quyển|ภาค|bagian|buku|"
    r"الجزء|القسم|חלק|ספר)\b|^第.{1,5}[部卷編编篇巻]|^[上中下][卷巻篇編]$|^제?\s*\d+\s*[부권]|"
    r"\b(first|second|third|fourth|fifth|one|two|three|four|five) (part|book)$|\b(erster|zweiter|dritter|vierter|"
    r"erstes|zweites|drittes) (teil|band|buch)\b|"
    r"\b(première|deuxième|seconde|troisième|quatrième) partie\b|\b(primera|segunda|tercera|cuarta) parte\b|\b(parte|"
    r"libro) (prima|primo|secondo|seconda|terza|terzo)\b",
    re.I,
)


LONGEST_LINE = 90  # characters of a line that is taken for a heading by what it says


@dataclass(slots=True)
class ChapterDraft:
    """A chapter in the making."""

    title: str
    depth: int = 0
    part: str | None = None
    blocks: list[tuple[Document, TextBlock]] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)

    @property
    def spoken(self) -> bool:
        return any(block.kind is not Kind.HEADING for _, block in self.blocks)


def stretches_of(manuscript: Manuscript) -> list[Stretch]:
    """The manuscript cut at its documents, at the anchors of its table of contents and at its headings."""
    located = locate(manuscript)
    stretches = []
    for index, document in enumerate(manuscript.documents):
        entries = located.get(index, {})
        cuts = sorted({0, *entries, *heading_starts(document.blocks, not located)})
        for position, start in enumerate(cuts):
            end = cuts[position + 1] if position + 1 < len(cuts) else len(document.blocks)
            blocks = document.blocks[start:end]
            tops = headings(blocks)
            stretch = Stretch(document, blocks, index, entries.get(start, []), first=start == 0)
            if tops:
                stretch.heading = titled(tops)
                stretch.level = min(block.level for block in tops)
            stretches.append(stretch)
    return stretches


def headings_by_looks(manuscript: Manuscript) -> None:
    """Where nothing is marked as a heading and nothing lists chapters, paragraphs that say "Chapter 1" are headings:
    what a word processor wrote without styles."""
    blocks = [block for document in manuscript.documents for block in document.blocks if block.text]
    if manuscript.entries or any(block.kind is Kind.HEADING for block in blocks):
        return
    found = [
        block
        for block in blocks
        if block.kind is Kind.PROSE and len(block.text) <= LONGEST_LINE and names_chapter(block.text)
    ]
    if len(found) < 2:
        return
    for block in found:
        block.kind, block.level = Kind.HEADING, 2


def titled(tops: list[TextBlock]) -> str:
    """Headings in a row as one title: "Chapter I: Loomings"."""
    title = ""
    for block in tops:
        text = " ".join(block.text.split())
        title = (
            f"{title}{'' if not title else ' ' if title[-1:] in '.:;,!?—–-' else ': '}{text}"
            if text
            else title
        )
    return title


def own_titles(documents: list[Document], book: str) -> None:
    """Forget what files call themselves where several say the same, or the book's name: a template's words say
    nothing."""
    said = Counter(fold(document.title) for document in documents)
    for document in documents:
        if said[fold(document.title)] > 1 or fold(document.title) == fold(book) and len(documents) > 1:
            document.title = ""


def heading_starts(blocks: list[TextBlock], by_level: bool) -> list[int]:
    """Where headings begin. Headings in a row count once; `by_level`, only those of one level do, or a chapter's number
    over its title, set smaller."""
    starts, before, over = [], 0, False
    for number, block in enumerate(blocks):
        if not block.text:
            continue
        level = (block.level or 1) if block.kind is Kind.HEADING and block.why is None else 0
        if level and (not before or by_level and level != before and not (over and level < before)):
            starts.append(number)
        before, over = level, bool(level) and numbers_chapter(block.text)
    return starts


def locate(manuscript: Manuscript) -> dict[int, dict[int, list[TocEntry]]]:
    """{document: {block: entries}} for the table of contents; a wrong anchor means its document's start."""
    places = {document.name: number for number, document in enumerate(manuscript.documents)}
    anchors: dict[int, dict[str, int]] = {}
    placed: list[tuple[int, int, TocEntry]] = []
    taken: dict[int, set[int]] = defaultdict(set)
    lost = []
    for entry in manuscript.entries:
        number = places.get(entry.document) if entry.document else None
        if number is None:
            continue
        document = manuscript.documents[number]
        if number not in anchors:
            anchors[number] = anchor_table(document)
        block = 0
        if entry.anchor and entry.anchor not in document.head:
            if entry.anchor in anchors[number]:
                block = after_end(document.blocks, anchors[number][entry.anchor], entry.anchor)
            else:
                lost.append(entry.title)
        if not block:
            block = by_heading(document.blocks, entry, taken[number])
        block = forward(document.blocks, block)
        taken[number].add(block)
        placed.append((number, block, entry))
    located: dict[int, dict[int, list[TocEntry]]] = {}
    for number, block, entry in placed:
        block = pulled_back(manuscript.documents[number].blocks, block, taken[number])
        located.setdefault(number, {}).setdefault(block, []).append(entry)
    if lost:
        manuscript.warnings.append(
            f"{len(lost)} entries of the table of contents point to places that aren't there (first: {lost[0]!r}); "
            "their chapters start at their file's top"
        )
    return located


def anchor_table(document: Document) -> dict[str, int]:
    table: dict[str, int] = {}
    for number, block in enumerate(document.blocks):
        for anchor in block.anchors:
            table.setdefault(anchor, number)
    return table


def after_end(blocks: list[TextBlock], number: int, anchor: str) -> int:
    """An anchor at a paragraph's very end means the next one."""
    block = blocks[number]
    return number + 1 if block.offset(anchor) >= len(block.text) > 0 and number + 1 < len(blocks) else number


def by_heading(blocks: list[TextBlock], entry: TocEntry, taken: set[int]) -> int:
    """Where an entry without a good anchor begins, when another begins at the file's top: at the heading that has its
    title."""
    wanted = fold(entry.title)
    if not wanted or not taken and not entry.anchor:
        return 0
    found = [
        number
        for number, block in enumerate(blocks)
        if block.kind is Kind.HEADING and number not in taken and fold(block.text) == wanted
    ]
    return found[0] if found else 0


def forward(blocks: list[TextBlock], number: int) -> int:
    """The first block with text at or after one."""
    return next((at for at in range(number, len(blocks)) if blocks[at].text), number)


def pulled_back(blocks: list[TextBlock], number: int, taken: set[int]) -> int:
    """Where a chapter whose anchor stands at a block begins: before the headings that lead up to it, unless they are
    another's."""
    start = number
    for at in range(number - 1, -1, -1):
        before = blocks[at]
        if at in taken or before.text and (before.kind is not Kind.HEADING or before.why is not None):
            break
        if before.text:
            start = at
    return start if any(block.text for block in blocks[:start]) else 0


def chapters_of(manuscript: Manuscript, stretches: list[Stretch]) -> list[ChapterDraft]:
    """The narrated stretches, gathered into chapters with their titles."""
    narrated = [stretch for stretch in stretches if spoken_blocks(stretch)]
    listed = any(stretch.entries for stretch in narrated)
    level, levels = chapter_level(narrated, listed)
    drafts: list[ChapterDraft] = []
    part = None
    for stretch in narrated:
        if level and stretch.level and stretch.level < level:
            part = stretch.heading
        title = opens(stretch, level, levels if listed else None, drafts, manuscript)
        if title is not None or not drafts:
            entry = stretch.entry
            drafts.append(
                ChapterDraft(
                    opening(manuscript, stretch) if title is None else title,
                    entry.depth if entry else 0,
                    part_of(stretch) or (part if part != title else None),
                )
            )
        elif (
            level
            and stretch.level > level
            and not drafts[-1].spoken
            and stretch.heading
            and once_under(narrated, level)
        ):
            drafts[-1].title = titled([*headings(drafts[-1].stretches[0].blocks), *headings(stretch.blocks)])
        drafts[-1].blocks.extend((stretch.document, block) for block in spoken_blocks(stretch))
        drafts[-1].stretches.append(stretch)
    drafts = merged(drafts)
    for number, draft in enumerate(drafts, 1):
        draft.title = draft.title or (manuscript.title if len(drafts) == 1 else f"Chapter {number}")
        mark_titles(draft)
    return drafts


def spoken_blocks(stretch: Stretch) -> list[TextBlock]:
    if stretch.reason:
        return []
    if stretch.kept:
        return [block for block in stretch.blocks if block.text and not block.note]
    return [block for block in stretch.blocks if counts(block)]


def spoken_body(stretch: Stretch) -> bool:
    """Whether more than headings is narrated."""
    return any(block.kind is not Kind.HEADING for block in spoken_blocks(stretch))


def chapter_level(narrated: list[Stretch], listed: bool) -> tuple[int, set[int]]:
    """(the heading level that makes chapters where there is no table of contents, the levels of the chapters in
    one)."""
    if listed:
        tops = [stretch for stretch in narrated if stretch.first and stretch.level]
        unlisted = [stretch for stretch in tops if not stretch.entries]
        poor = len(unlisted) > 2 and len(unlisted) > sum(bool(stretch.entries) for stretch in narrated)
        return 0, {stretch.level for stretch in tops if stretch.entries or poor}
    found = Counter(stretch.level for stretch in narrated if stretch.level)
    for level in sorted(found):
        deeper = sum(count for other, count in found.items() if other > level)
        if (found[level] > 1 or not deeper) and not (
            deeper > found[level] and only_introduce(narrated, level)
        ):
            return level, set()
    return max(found, default=0), set()


def once_under(narrated: list[Stretch], level: int) -> bool:
    """Whether deeper headings come about once a chapter: they are the chapters' subtitles."""
    return sum(stretch.level > level for stretch in narrated) <= 1.2 * sum(
        stretch.level == level for stretch in narrated
    )


def only_introduce(narrated: list[Stretch], level: int) -> bool:
    """Whether the headings of a level stand alone before deeper ones: they are parts."""
    tops = [stretch for stretch in narrated if stretch.level == level]
    alone = [
        stretch for stretch in tops if all(block.kind is Kind.HEADING for block in spoken_blocks(stretch))
    ]
    return len(alone) > 0.6 * len(tops)


def opens(
    stretch: Stretch, level: int, levels: set[int] | None, drafts: list[ChapterDraft], manuscript: Manuscript
) -> str | None:
    """The title of the chapter that a stretch opens; None when it goes on with the one before."""
    if entry := stretch.entry:
        return entry.title or stretch.heading
    if level:
        if stretch.level and stretch.level <= level:
            return stretch.heading
        return None if drafts or not stretch.first else opening(manuscript, stretch)
    if levels is not None:
        if stretch.first and stretch.level and stretch.level in levels:
            return stretch.heading
        if (
            stretch.first
            and stretch.kind
            and stretch.kind != (drafts[-1].stretches[0].kind if drafts else None)
            and stretch.sure is False
            and stretch.level
        ):
            return stretch.heading
        return None
    if not stretch.first:
        return None
    return stretch.heading or own_title(manuscript, stretch)


def own_title(manuscript: Manuscript, stretch: Stretch) -> str:
    """A document's title where it is its own; '' where all documents share it or it names the book."""
    title = stretch.document.title
    if not title or fold(title) == fold(manuscript.title):
        return ""
    return title


def opening(manuscript: Manuscript, stretch: Stretch) -> str:
    """A title for what stands before the first chapter."""
    kind = stretch.kind if stretch.kind and stretch.kind not in ("chapter", "part", "text") else ""
    return stretch.heading or own_title(manuscript, stretch) or kind.capitalize() or manuscript.title


def part_of(stretch: Stretch) -> str | None:
    parents = stretch.entry.parents if stretch.entry else ()
    return parents[-1] if parents else None


def merged(drafts: list[ChapterDraft]) -> list[ChapterDraft]:
    """Parts' title pages, headings with nothing under them, go to the chapter they introduce."""
    kept: list[ChapterDraft] = []
    waiting: list[ChapterDraft] = []
    for draft, after in zip_longest(drafts, drafts[1:]):
        if not draft.spoken and (PART_WORDS.search(draft.title) or after and introduces(draft, after)):
            waiting.append(draft)
            continue
        for before in reversed(waiting):
            draft.blocks[:0] = before.blocks
            draft.stretches[:0] = before.stretches
            draft.part = draft.part or before.title
        waiting = []
        kept.append(draft)
    return kept + waiting


def introduces(draft: ChapterDraft, after: ChapterDraft) -> bool:
    """Whether the next chapter is nested under this one, or its heading stands right under this one's and is deeper."""
    if after.depth > draft.depth:
        return True
    return not draft.stretches[-1].entries and after.stretches[0].level > draft.stretches[-1].level


def mark_titles(draft: ChapterDraft) -> None:
    """Short paragraphs that open a chapter and say its title are headings, whatever their markup."""
    title = fold(draft.title)
    if not title:
        return
    said = ""
    for _, block in draft.blocks[:4]:
        plain = fold(block.text)
        if block.kind is Kind.HEADING:
            said = f"{said} {plain}".strip()
            continue
        if (
            not plain
            or len(plain) > 200
            or not title.startswith(f"{said} {plain}".strip())
            and plain != title
        ):
            return
        if f"{said} {plain}".strip() != title and not title.startswith(f"{said} {plain} ".lstrip()):
            return
        block.kind, block.level = Kind.HEADING, block.level or 2
        said = f"{said} {plain}".strip()
