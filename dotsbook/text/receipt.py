"""Counts whether every character of the manuscript is spoken or skipped for a reason. It trusts nobody who cut chunks.

It looks only at where chunks lie in their sources, never at how they came about: what two chunks both cover, what
none covers and what isn't the source's own text all count as unaccounted for, source by source, so that one
source's surplus can't hide another's lack.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dotsbook.book import Book, Chunk, Paragraph, Skip, visible
from dotsbook.errors import SourceError


@dataclass(frozen=True)
class Receipt:
    """In characters that aren't white space."""

    source_chars: int
    spoken_chars: int
    skipped_chars: int
    unaccounted: int
    places: tuple[str, ...] = ()      # where, for people: at most a few


FEW = 5                   # places named


def take_stock(
    book: Book, chunks: Iterable[Chunk], skipped: Iterable[Skip] = (), chapters: set[int] | None = None
) -> Receipt:
    """The receipt of a book's chunks.

    `skipped` is what the script itself leaves out (an ornament with nothing to say), besides `book.skipped`.
    With `chapters`, the left side is the paragraphs of those chapters alone: what is skipped outside them isn't theirs.
    """
    spans: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        spans.setdefault(chunk.source, []).append(chunk)
    left_out: dict[str, int] = {}
    for skip in ([*book.skipped, *skipped] if chapters is None else skipped):
        left_out[skip.source] = left_out.get(skip.source, 0) + skip.chars
    if chapters is None:
        wanted = {name: source.chars for name, source in book.sources.items()}
    else:
        wanted = of_chapters(book, chapters)
    totals = [0, 0, 0, 0]
    places: list[str] = []
    for name in sorted({*wanted, *spans, *left_out}):
        there, quiet = wanted.get(name, 0), left_out.get(name, 0)
        spoken, faults, where = covered(book, name, spans.get(name, []))
        missing = abs(there - spoken - quiet)
        if missing or faults:
            places.append(where or f"{name}: {there} characters, {spoken} spoken and {quiet} skipped")
        totals = [total + more for total, more in zip(totals, (there, spoken, quiet, missing + faults), strict=True)]
    return Receipt(*totals, tuple(places[:FEW]))


def of_chapters(book: Book, chapters: set[int]) -> dict[str, int]:
    """{source: visible characters of the paragraphs of these chapters}."""
    wanted: dict[str, int] = {}
    for chapter in book.chapters:
        if chapter.number in chapters:
            for paragraph in chapter.paragraphs:
                text = book.sources[paragraph.source].text[paragraph.start:paragraph.end]
                wanted[paragraph.source] = wanted.get(paragraph.source, 0) + visible(text)
    return wanted


def covered(book: Book, name: str, chunks: list[Chunk]) -> tuple[int, int, str]:
    """(visible characters some chunk covers, those covered twice or misquoted, where the first of these is)."""
    source = book.sources.get(name)
    text = source.text if source else ""
    spoken = faults = at = 0
    where = ""
    for chunk in sorted(chunks, key=lambda chunk: (chunk.start, chunk.end)):
        if text[chunk.start:chunk.end] != chunk.text:
            faults += max(1, visible(chunk.text))
            where = where or f"{name}: chunk {chunk.id} isn't what stands at {chunk.start}–{chunk.end}"
            continue
        if chunk.start < at:
            faults += visible(text[chunk.start:min(at, chunk.end)])
            where = where or f"{name}: chunk {chunk.id} says again what stands at {chunk.start}–{min(at, chunk.end)}"
        spoken += visible(text[max(chunk.start, at):chunk.end])
        at = max(at, chunk.end)
    return spoken, faults, where


def unspoken(text: str, paragraph: Paragraph, spans: list[tuple[int, int]]) -> list[str]:
    """The visible stretches of a paragraph that none of these spans covers."""
    found, at = [], paragraph.start
    for start, end in [*sorted(spans), (paragraph.end, paragraph.end)]:
        if start > at and text[at:start].strip():
            found.append(text[at:start].strip())
        at = max(at, end)
    return found


def require_whole(receipt: Receipt) -> None:
    """Raise SourceError if anything is unaccounted for."""
    if receipt.unaccounted:
        places = "; ".join(receipt.places)
        raise SourceError(
            f"{receipt.unaccounted} characters of the manuscript would be neither spoken nor skipped for a reason "
            f"({places}). Nothing is rendered until they are: please report it with the manuscript; "
            "`skip:` the place to go on meanwhile."
        )
