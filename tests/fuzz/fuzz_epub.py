"""Feeds bytes to the EPUB reader: an archive, or the files of one. What passes accounts for every character.

python tests/fuzz/fuzz_epub.py CORPUS            with atheris, for as long as it is left to run
"""

import io
import random
import zipfile

from pages import CONTAINER, ENCRYPTION, LEXICON, NAV, NCX, OPF, OPF2, PAGE, PAGES, SHEET
from reading import read_and_check
from shuffle import MARKUP, Shuffle

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
    two = [
        b"\1" + NEXT + b"a" + PAGES[n] + NEXT + b"b" + PAGES[n + 1] + NEXT + b"s" + SHEET for n in (1, 3, 5)
    ]
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
    wish, rest = data[0] if data else 0, data[1:]
    content = rest[1:] if rest[:1] == b"z" else packed(parts(rest))
    read_and_check(content, ".epub", wish, skip=("Two",) if wish > 128 else ())


if __name__ == "__main__":
    from harness import run

    run(one_input, seeds(), shuffled)
