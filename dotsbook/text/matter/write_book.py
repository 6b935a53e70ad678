"""Judged stretches and drafted chapters → a Book: source texts, offsets, skips, and the receipt that balances. It
judges nothing."""

from dataclasses import replace
from functools import lru_cache

from dotsbook.book import Book, Chapter, Grounds, Kind, Mark, Paragraph, Skip, Source, visible
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Document, Manuscript, TextBlock
from dotsbook.text.matter.grounds import evidence_of, opening
from dotsbook.text.matter.kinds import SKIPPED
from dotsbook.text.matter.notes import Notes
from dotsbook.text.matter.stretches import Stretch
from dotsbook.text.matter.structure import ChapterDraft


class SourceTexts:
    """Writes each document's text once and remembers where."""

    def __init__(self, language: str, roots: dict[str, str | None]):
        self.language = language
        self.roots = roots
        self.pieces: dict[str, list[str]] = {}
        self.lengths: dict[str, int] = {}

    def write(self, document: Document, block: TextBlock, kind: Kind | None = None) -> Paragraph:
        """A block's paragraph, its text appended to its document's."""
        name = document.name
        pieces = self.pieces.setdefault(name, [])
        start = self.lengths.get(name, 0)
        if pieces:
            pieces.append("\n\n")
            start += 2
        pieces.append(block.text)
        self.lengths[name] = start + len(block.text)
        marks = tuple(
            Mark(mark.start + start, mark.end + start, mark.kind, mark.value)
            for mark in block.marks
            if self.worth_keeping(mark, block)
        )
        return Paragraph(
            name,
            start,
            start + len(block.text),
            kind or block.kind,
            self.language_of_block(document, block),
            block.speaker,
            marks,
            block.scene,
        )

    def language_of_block(self, document: Document, block: TextBlock) -> str | None:
        language = block.language or self.roots.get(document.name)
        return language if language and not same_language(language, self.language) else None

    def worth_keeping(self, mark: Mark, block: TextBlock) -> bool:
        return (
            mark.kind == "breath"
            or mark.start < mark.end
            and (mark.kind != "language" or not same_language(mark.value, block.language or self.language))
        )


@lru_cache(maxsize=1000)
def same_language(one: str, other: str) -> bool:
    """Whether two tags name one language for the ear: en and en-GB do, zh and zh-Hant too, ru and ru-Latn don't."""
    first, second = one.lower().split("-"), other.lower().split("-")
    scripts = [
        next((part for part in tag[1:] if len(part) == 4 and part.isalpha()), "") for tag in (first, second)
    ]
    return first[0] == second[0] and (scripts[0] == scripts[1] or "latn" not in scripts)


def write_book(
    manuscript: Manuscript, stretches: list[Stretch], drafts: list[ChapterDraft], reading: Reading
) -> Book:
    """The Book. Every visible character of every document is in a paragraph or in a skip."""
    language = manuscript.language
    texts = SourceTexts(language, root_languages(manuscript))
    notes = None if reading.footnotes == "skip" else Notes(manuscript, stretches)
    chapters: list[Chapter] = []
    written: set[int] = set()
    for number, draft in enumerate(drafts, 1):
        paragraphs: list[Paragraph] = []
        late: list[tuple[Document, TextBlock]] = []
        for document, block in draft.blocks:
            if block.kind is Kind.HEADING and reading.headings == "skip":
                block.why = "heading"
                continue
            paragraphs.append(texts.write(document, block))
            written.add(id(block))
            for place, note in notes.of(block) if notes else ():
                if reading.footnotes == "inline":
                    paragraphs.append(texts.write(place, note, Kind.NOTE))
                else:
                    late.append((place, note))
                written.add(id(note))
        paragraphs.extend(texts.write(place, note, Kind.NOTE) for place, note in late)
        chapters.append(Chapter(number, draft.title, tuple(paragraphs), draft.depth, draft.part))
    skipped = skips_of(stretches, written)
    sources = {
        document.name: Source(
            document.name,
            "".join(texts.pieces.get(document.name, ())),
            document.chars + sum(block.added for block in document.blocks if id(block) in written),
        )
        for document in manuscript.documents
    }
    return Book(
        manuscript.title,
        manuscript.author,
        language,
        sources,
        renumbered(chapters),
        skipped,
        tuple(dict.fromkeys(manuscript.warnings)),
        manuscript.cover,
        manuscript.details,
    )


def renumbered(chapters: list[Chapter]) -> tuple[Chapter, ...]:
    full = [chapter for chapter in chapters if chapter.paragraphs]
    return tuple(
        Chapter(number, chapter.title, chapter.paragraphs, chapter.depth, chapter.part)
        for number, chapter in enumerate(full, 1)
    )


def root_languages(manuscript: Manuscript) -> dict[str, str | None]:
    """Each document's own language; nothing where all say the same and the package says otherwise (a template's
    leftover)."""
    said = {document.name: document.language for document in manuscript.documents}
    kinds = {language for language in said.values() if language}
    if len(kinds) == 1 and not same_language(next(iter(kinds)), manuscript.language):
        manuscript.warnings.append(
            f"the files say they are in {next(iter(kinds))}, the book says {manuscript.language}: the book is believed"
        )
        return {}
    return said


def skips_of(stretches: list[Stretch], written: set[int]) -> tuple[Skip, ...]:
    """What isn't narrated: whole stretches and blocks, and by document the pieces left out inline."""
    skips: list[Skip] = []
    for stretch in stretches:
        run: Skip | None = None
        inline: dict[str, int] = {}
        for block in stretch.blocks:
            narrated = id(block) in written
            if narrated or not block.text and not stretch.reason:
                for reason, amount in block.dropped:
                    inline[reason] = inline.get(reason, 0) + amount
                continue
            count = visible(block.text) - block.added + sum(amount for _, amount in block.dropped)
            if count <= 0:
                continue
            reason = why(stretch, block)
            if run and run.reason == reason:
                run = replace(run, chars=run.chars + count)
                continue
            if run:
                skips.append(run)
            run = skip_of(stretch, block, reason, count)
        if run:
            skips.append(run)
        skips.extend(
            Skip(stretch.document.name, "", reason, count, inline=True) for reason, count in inline.items()
        )
    return tuple(skips)


def skip_of(stretch: Stretch, block: TextBlock, reason: str, count: int) -> Skip:
    whole = reason == stretch.reason
    title = (whole and stretch.title) or " ".join(block.text.split()[:8])[:80]
    doubtful = whole and stretch.doubtful
    evidence = evidence_of(reason)
    if whole and stretch.proved and evidence is Grounds.WORDS:
        evidence = Grounds.SIGNS
    return Skip(
        stretch.document.name,
        title,
        reason,
        count,
        evidence=evidence,
        doubtful=doubtful,
        opening=opening(stretch.blocks) if whole and evidence in (Grounds.SIGNS, Grounds.WORDS) else "",
    )


def surely(stretch: Stretch) -> bool:
    """Whether a stretch is left out by the user or its markup."""
    return bool(stretch.reason) and evidence_of(stretch.reason or "") in (Grounds.MANIFEST, Grounds.MARKUP)


def why(stretch: Stretch, block: TextBlock) -> str:
    if block.why and evidence_of(block.why) is Grounds.SIGNS and not surely(stretch):
        return block.why
    if stretch.reason:
        return stretch.reason
    if block.why:
        return block.why
    if block.note:
        return "note (markup)"
    if block.matter in SKIPPED:
        return f"{block.matter} ({block.told or 'epub:type'})"
    return block.dropped[0][0] if block.dropped else "not in a chapter"
