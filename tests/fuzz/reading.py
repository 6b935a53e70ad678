"""Reads a file of any content as a book; what passes accounts for every character. It knows no formats."""

import tempfile
import time
from pathlib import Path

from dotsbook.book import Book, visible
from dotsbook.errors import SourceError
from dotsbook.manifest import Manifest, Reading
from dotsbook.text.reader import read_book
from dotsbook.text.script.script_writer import make_script

SLOWEST = 10.0  # seconds of processor time for one file
POLICIES = (
    Reading(),
    Reading(footnotes="inline", ruby="reading", alt="read", captions="read", tables="note"),
    Reading(footnotes="chapter-end", speakers="silent", headings="skip", tables="skip"),
)
SCRIPTED = 8  # one input in so many goes on to chunks, which takes longer than reading


def read_and_check(content: bytes, suffix: str, wish: int, skip: tuple[str, ...] = ()) -> None:
    """`wish` says by which of POLICIES, and whether it goes on to chunks. A refusal must be a sentence."""
    began, policy = time.process_time(), POLICIES[wish % 3]
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(content)
        file.flush()
        try:
            book = read_book([Path(file.name)], policy, skip=skip)
        except SourceError as error:
            assert "\n" not in str(error)[:400]
        else:
            check(book)
            if wish % SCRIPTED == 0:
                check_script(book, policy)
    assert time.process_time() - began < SLOWEST


def check(book: Book) -> None:
    """The receipt balances, no paragraphs overlap, every mark lies in its paragraph."""
    left = {name: source.chars for name, source in book.sources.items()}
    spans: dict[str, list[tuple[int, int]]] = {}
    for chapter in book.chapters:
        assert chapter.paragraphs
        for paragraph in chapter.paragraphs:
            text = book.sources[paragraph.source].text
            assert 0 <= paragraph.start < paragraph.end <= len(text)
            assert text[paragraph.start : paragraph.end].strip() == text[paragraph.start : paragraph.end]
            assert all(
                paragraph.start <= mark.start <= mark.end <= paragraph.end for mark in paragraph.marks
            ), paragraph
            left[paragraph.source] -= visible(text[paragraph.start : paragraph.end])
            spans.setdefault(paragraph.source, []).append((paragraph.start, paragraph.end))
    for skip in book.skipped:
        assert skip.chars > 0
        left[skip.source] -= skip.chars
    assert not any(left.values()), left
    for places in spans.values():
        places.sort()
        assert all(first[1] <= second[0] for first, second in zip(places, places[1:], strict=False))


def check_script(book: Book, reading: Reading) -> None:
    """Every character is in a chunk or left out for a reason, and every chunk lies where it says."""
    manifest = Manifest(title="T", language=book.language or "en", source=("book.epub",), reading=reading)
    script = make_script(book, manifest, None)
    assert script.receipt.unaccounted == 0
    assert len({chunk.id for chunk in script.chunks}) == len(script.chunks)
    for chunk in script.chunks:
        assert book.sources[chunk.source].text[chunk.start : chunk.end] == chunk.text and visible(chunk.text)
