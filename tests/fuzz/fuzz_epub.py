"""Feeds bytes to the EPUB reader: an archive, or the files of one. What passes accounts for every character.

python tests/fuzz/fuzz_epub.py CORPUS            with atheris, for as long as it is left to run
"""

import io
import random
import tempfile
import time
import zipfile
from pathlib import Path

from pages import CONTAINER, ENCRYPTION, LEXICON, NAV, NCX, OPF, OPF2, PAGE, PAGES, SHEET
from shuffle import MARKUP, Shuffle

from dotsbook.book import Book, visible
from dotsbook.errors import SourceError
from dotsbook.manifest import Manifest, Reading
from dotsbook.text.reader import read_book
from dotsbook.text.script import make_script

SLOWEST = 10.0  # seconds of processor time for one file
PLACES = {
    ord("a"): "a.xhtml",
    ord("b"): "b.xhtml",
    ord("n"): "nav.xhtml",
    ord("p"): "p.opf",
    ord("c"): "META-INF/container.xml",
    ord("e"): "META-INF/encryption.xml",
    ord("s"): "s.css",
    ord("x"): "toc.ncx",
    ord("l"): "l.pls",
}
NEXT = b"\n\x1c"  # between the files of one input
ARCHIVE = ord("z")
POLICIES = (
    Reading(),
    Reading(footnotes="inline", ruby="reading", alt="read", captions="read", tables="note"),
    Reading(footnotes="chapter-end", speakers="silent", headings="skip", tables="skip"),
)
SCRIPTED = 8  # one input in so many goes on to chunks, which takes longer than reading


def packed(files: dict[str, bytes]) -> bytes:
    """An EPUB with `files` for its own."""
    files = {"META-INF/container.xml": CONTAINER, "p.opf": OPF, "a.xhtml": PAGE, "nav.xhtml": NAV} | files
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    return {PLACES[part[0]]: part[1:] for part in data.split(NEXT) if part and part[0] in PLACES}


def seeds() -> list[bytes]:
    """First what to wish for, then files, each after the letter of its place."""
    pages = [bytes([number]) + NEXT + b"a" + page for number, page in enumerate(PAGES)]
    two = [b"\1" + NEXT + b"a" + PAGES[n] + NEXT + b"b" + PAGES[n + 1] + NEXT + b"s" + SHEET for n in (1, 3, 5)]
    others = [
        b"\0" + NEXT + b"n" + NAV + NEXT + b"b" + PAGES[1],
        b"\2" + NEXT + b"p" + OPF2 + NEXT + b"x" + NCX + NEXT + b"b" + PAGES[2],
        b"\0" + NEXT + b"p" + OPF,
        b"\0" + NEXT + b"c" + CONTAINER,
        b"\0" + NEXT + b"e" + ENCRYPTION,
        b"\1" + NEXT + b"l" + LEXICON + NEXT + b"b" + PAGES[1],
        b"\0" + NEXT + b"s" + SHEET + NEXT + b"a" + PAGES[1],
    ]
    return [*pages, *two, *others, bytes([0, ARCHIVE]) + packed({"a.xhtml": PAGES[1]})]


SHUFFLE = Shuffle(MARKUP, seeds())


def shuffled(data: bytes, chance: random.Random) -> bytes:
    """Tokens moved about; the wishes drawn anew."""
    return bytes([chance.randrange(256)]) + SHUFFLE(data[1:], chance)


def one_input(data: bytes) -> None:
    """The first byte says how to read; the rest is files, or Z and an archive."""
    began = time.process_time()
    wish, rest = data[0] if data else 0, data[1:]
    with tempfile.NamedTemporaryFile(suffix=".epub") as file:
        file.write(rest[1:] if rest[:1] == b"z" else packed(parts(rest)))
        file.flush()
        try:
            book = read_book([Path(file.name)], POLICIES[wish % 3], skip=("Two",) if wish > 128 else ())
        except SourceError as error:
            assert "\n" not in str(error)[:400]
        else:
            check(book)
            if wish % SCRIPTED == 0:
                check_script(book, POLICIES[wish % 3])
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
            assert all(paragraph.start <= mark.start <= mark.end <= paragraph.end for mark in paragraph.marks), (
                paragraph
            )
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


if __name__ == "__main__":
    from harness import run

    run(one_input, seeds(), shuffled)
