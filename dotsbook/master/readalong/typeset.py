"""A plain EPUB 3 of a book that has no markup of its own (Markdown, plain text): its chunks set as paragraphs. It knows no audio."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from dotsbook.book import Chunk, Kind
from dotsbook.master.about import About
from dotsbook.master.readalong.manuscript import DC, OPF, OPS, XHTML, Heading, Original

STYLE = """body { line-height: 1.5; margin: 5%; }
h1, h2 { line-height: 1.25; text-align: start; }
p { margin: 0 0 0.6em; }
.verse { margin-inline-start: 2em; }
.quote { margin-inline: 2em; }
.note, .caption { font-size: 0.9em; }
"""
CLASSES = {
    Kind.VERSE: "verse",
    Kind.QUOTE: "quote",
    Kind.NOTE: "note",
    Kind.CAPTION: "caption",
    Kind.DIRECTION: "direction",
}


def plain_original(about: About, chapters: Sequence[tuple[int, str, Sequence[Chunk]]]) -> Original:
    """An EPUB in memory; chapters: (number, title, chunks)."""
    from lxml import etree

    names = {number: f"EPUB/text/{number:04d}.xhtml" for number, *_ in chapters}
    files = {names[number]: document(title, chunks, about.language) for number, title, chunks in chapters}
    files["EPUB/style.css"] = STYLE.encode()
    items = [(f"c{number}", f"text/{number:04d}.xhtml", "application/xhtml+xml", "") for number in names] + [
        ("css", "style.css", "text/css", "")
    ]
    if about.cover:
        ending = "png" if about.cover.data.startswith(b"\x89PNG") else "jpg"
        files[f"EPUB/cover.{ending}"] = about.cover.data
        items.append(
            ("cover", f"cover.{ending}", "image/png" if ending == "png" else "image/jpeg", "cover-image")
        )
    files["EPUB/package.opf"] = package(about, items, [f"c{number}" for number in names])
    contents = tuple(Heading(title, names[number]) for number, title, _ in chapters)

    def parse(data: bytes, name: str) -> object:
        return etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        )

    return Original(
        "EPUB/package.opf",
        frozenset(files),
        files.get,
        parse,
        tuple(names.values()),
        contents,
        lambda chunk: names.get(chunk.chapter, ""),
    )


def document(title: str, chunks: Sequence[Chunk], language: str) -> bytes:
    """One chapter."""
    tongue, title = escape(language), clean(title)
    body = "".join(
        paragraph(list(group))
        for _, group in groupby(chunks, key=lambda chunk: (chunk.source, chunk.paragraph))
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<html xmlns="{XHTML}" xmlns:epub="{OPS}" lang="{tongue}" xml:lang="{tongue}">\n<head><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="../style.css"/></head>\n'
        f'<body>\n<section epub:type="chapter">\n{body}</section>\n</body>\n</html>\n'
    ).encode()


def paragraph(chunks: list[Chunk]) -> str:
    kind = chunks[0].kind
    tag = "h2" if kind is Kind.HEADING else "p"
    between = "<br/>\n" if kind is Kind.VERSE else " "
    pieces = [inline(chunks[0])]
    for before, chunk in zip(chunks, chunks[1:], strict=False):
        pieces.append(between if chunk.start > before.end else "")
        pieces.append(inline(chunk))
    style = f' class="{CLASSES[kind]}"' if kind in CLASSES else ""
    return f'<{tag} dir="auto"{style}>{"".join(pieces)}</{tag}>\n'


def inline(chunk: Chunk) -> str:
    return "<br/>\n".join(escape(line) for line in clean(chunk.text).split("\n"))


def clean(text: str) -> str:
    """Text without what XML can't hold."""
    return "".join(
        char
        for char in text
        if char in "\t\n"
        or ord(char) >= 32
        and char not in "\ufffe\uffff"
        and not 0xD800 <= ord(char) < 0xE000
    )


def package(about: About, items: list[tuple[str, str, str, str]], spine: list[str]) -> bytes:
    said = [
        ("title", about.title),
        ("creator", about.author),
        ("language", about.language),
        ("publisher", about.publisher),
        ("date", about.date),
        ("description", about.description),
        ("rights", about.copyright),
        ("identifier", about.isbn and f"urn:isbn:{about.isbn}"),
    ]
    terms = "".join(f"<dc:{term}>{escape(clean(value))}</dc:{term}>" for term, value in said if value)
    manifest = "".join(
        f'<item id="{name}" href="{href}" media-type="{kind}" properties="{properties}"/>'
        for name, href, kind, properties in items
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine)
    return (
        f'<package xmlns="{OPF}" xmlns:dc="{DC}" version="3.0"><metadata>{terms}</metadata><manifest>{manifest}</manifest>'
        f"<spine>{order}</spine></package>"
    ).encode()
