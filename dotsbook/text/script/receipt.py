"""Counts whether every character of the manuscript is spoken or skipped for a reason. It trusts nobody who cut chunks.

It looks only at where chunks lie in their sources, never at how they came about: what two chunks both cover, what
none covers and what isn't the source's own text all count as unaccounted for, source by source, so that one
source's surplus can't hide another's lack.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from dotsbook.book import Book, Chunk, Skip, visible
from dotsbook.errors import SourceError


@dataclass(frozen=True)
class Receipt:
    """In characters that aren't white space."""

    source_chars: int
    spoken_chars: int
    skipped_chars: int
    unaccounted: int
    places: tuple[str, ...] = ()  # where, for people: at most a few


FEW = 5  # places named


def take_stock(
    book: Book, chunks: Iterable[Chunk], skipped: Iterable[Skip] = (), chapters: set[int] | None = None
) -> Receipt:
    """The receipt of a book's chunks.

    `skipped` is what the script itself leaves out (an ornament with nothing to say), besides `book.skipped`.
    With `chapters`, the left side is the paragraphs of those chapters alone: what is skipped outside them isn't theirs.
    """
    count = ReceiptCount(book)
    for chunk in chunks:
        count.add(chunk)
    return count.receipt(skipped, chapters)


class ReceiptCount:
    """The places of a book's chunks, as they come by; of a chunk only its place is kept."""

    def __init__(self, book: Book):
        self.book = book
        self.spans: dict[str, list[array]] = {}  # source → [starts, ends]
        self.misquoted: dict[str, tuple[int, str]] = {}  # source → (characters, where the first are)

    def add(self, chunk: Chunk) -> None:
        source = self.book.sources.get(chunk.source)
        starts, ends = self.spans.setdefault(chunk.source, [array("q"), array("q")])
        if source and source.text[chunk.start : chunk.end] == chunk.text:
            starts.append(chunk.start)
            ends.append(chunk.end)
            return
        before, where = self.misquoted.get(chunk.source, (0, ""))
        where = where or f"{chunk.source}: chunk {chunk.id} isn't what stands at {chunk.start}–{chunk.end}"
        self.misquoted[chunk.source] = before + max(1, visible(chunk.text)), where

    def receipt(self, skipped: Iterable[Skip] = (), chapters: set[int] | None = None) -> Receipt:
        """As for take_stock."""
        book = self.book
        left_out: dict[str, int] = {}
        for skip in [*book.skipped, *skipped] if chapters is None else skipped:
            left_out[skip.source] = left_out.get(skip.source, 0) + skip.chars
        if chapters is None:
            wanted = {name: source.chars for name, source in book.sources.items()}
        else:
            wanted = of_chapters(book, chapters)
        all_there = all_spoken = all_quiet = unaccounted = 0
        places: list[str] = []
        for name in sorted({*wanted, *self.spans, *left_out}):
            there, quiet = wanted.get(name, 0), left_out.get(name, 0)
            spoken, faults, where = self.covered(name)
            missing = abs(there - spoken - quiet)
            if missing or faults:
                places.append(where or f"{name}: {there} characters, {spoken} spoken and {quiet} skipped")
            all_there, all_spoken, all_quiet = all_there + there, all_spoken + spoken, all_quiet + quiet
            unaccounted += missing + faults
        return Receipt(all_there, all_spoken, all_quiet, unaccounted, tuple(places[:FEW]))

    def covered(self, name: str) -> tuple[int, int, str]:
        """(visible characters some chunk covers, those covered twice or misquoted, where the first of these is)."""
        faults, where = self.misquoted.get(name, (0, ""))
        source = self.book.sources.get(name)
        text = source.text if source else ""
        spoken = at = 0
        starts, ends = self.spans.get(name, ((), ()))
        places: Iterable[tuple[int, int]] = zip(starts, ends, strict=True)
        if any(later < earlier for earlier, later in pairwise(starts)):
            places = sorted(places)
        for start, end in places:
            if start < at:
                faults += visible(text[start : min(at, end)])
                where = where or f"{name}: what stands at {start}–{min(at, end)} is said twice"
            spoken += visible(text[max(start, at) : end])
            at = max(at, end)
        return spoken, faults, where


def of_chapters(book: Book, chapters: set[int]) -> dict[str, int]:
    """{source: visible characters of the paragraphs of these chapters}."""
    wanted: dict[str, int] = {}
    for chapter in book.chapters:
        if chapter.number in chapters:
            for paragraph in chapter.paragraphs:
                text = book.sources[paragraph.source].text[paragraph.start : paragraph.end]
                wanted[paragraph.source] = wanted.get(paragraph.source, 0) + visible(text)
    return wanted


def require_whole(receipt: Receipt) -> None:
    """Raise SourceError if anything is unaccounted for."""
    if receipt.unaccounted:
        places = "; ".join(receipt.places)
        raise SourceError(
            f"{receipt.unaccounted} characters of the manuscript would be neither spoken nor skipped for a reason "
            f"({places}). Nothing is rendered until they are: please report it with the manuscript; "
            "`skip:` the place to go on meanwhile."
        )


def require_same_text(before: Book, after: Book, step: str) -> None:
    """Raise SourceError if what stood between reading and chunking changed more than it may.

    A step may mark and divide paragraphs and chapters. The sources and what is skipped of them are what the receipt
    is counted against, so that they must be the same: else a step could balance what it lost.
    """
    if after.sources != before.sources or after.skipped != before.skipped:
        raise SourceError(
            f"The step {step} changed the manuscript's text or what is skipped of it, where it may only mark it; "
            "nothing is read on. Please report it to whoever made the step."
        )
