"""A plain EPUB 3 of a book without an EPUB's markup (Markdown, plain text): its chunks set as paragraphs. It knows no audio.

Kept of the manuscript are paragraphs, headings, verse, quotations, scene breaks, the language of foreign sentences, and
what marks say of emphasis.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import accumulate, groupby

from dotsbook.book import Chunk, Kind, Mark, Pause
from dotsbook.master.about import About, people
from dotsbook.master.readalong.manuscript import DC, OPF, OPS, XHTML, Element, Heading, Original

STYLE = """body { line-height: 1.5; margin: 5%; }
h1, h2 { line-height: 1.25; text-align: start; }
p { margin: 0 0 0.6em; }
.verse { margin-inline-start: 2em; }
.quote { margin-inline: 2em; }
hr { border: 0; border-top: 1px solid; width: 5em; margin: 1.5em auto; }
.note, .caption { font-size: 0.9em; }
"""
CLASSES = {
    Kind.VERSE: "verse",
    Kind.QUOTE: "quote",
    Kind.NOTE: "note",
    Kind.CAPTION: "caption",
    Kind.DIRECTION: "direction",
}


EMPHASIS = {"emphasis": "em", "strong": "strong"}  # kinds of marks that are set in another face


def plain_original(
    about: About,
    chapters: Sequence[tuple[int, str, Sequence[Chunk]]],
    marks: Mapping[str, Sequence[Mark]] | None = None,
) -> Original:
    """An EPUB in memory; chapters: (number, title, chunks); marks: by source, at places in its text."""
    from lxml import etree

    said = {source: MarkedPlaces(found) for source, found in (marks or {}).items()}
    names = {number: f"EPUB/text/{number:04d}.xhtml" for number, *_ in chapters}
    files = {
        names[number]: document(title, chunks, about.language, said) for number, title, chunks in chapters
    }
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

    def parse(data: bytes, name: str) -> Element:
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


class MarkedPlaces:
    """The emphasis in one source, found by place: a book in one file may have tens of thousands of marks and lines."""

    def __init__(self, marks: Iterable[Mark]):
        self.marks = sorted((mark for mark in marks if mark.kind in EMPHASIS), key=lambda mark: mark.start)
        self.starts = [mark.start for mark in self.marks]
        self.reach = list(accumulate((mark.end for mark in self.marks), max))  # how far those up to here go

    def over(self, start: int, end: int) -> list[Mark]:
        """The marks that lie over some of a slice, in the order of their starts."""
        near = self.marks[bisect_right(self.reach, start) : bisect_left(self.starts, end)]
        return [mark for mark in near if mark.end > start]


def document(title: str, chunks: Sequence[Chunk], language: str, marks: Mapping[str, MarkedPlaces]) -> bytes:
    """One chapter."""
    code, title = escape(language), clean(title)
    body = "".join(
        paragraph(list(group), language, marks)
        for _, group in groupby(chunks, key=lambda chunk: (chunk.source, chunk.paragraph))
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<html xmlns="{XHTML}" xmlns:epub="{OPS}" lang="{code}" xml:lang="{code}">\n<head><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="../style.css"/></head>\n'
        f'<body>\n<section epub:type="chapter">\n{body}</section>\n</body>\n</html>\n'
    ).encode()


def paragraph(chunks: list[Chunk], language: str, marks: Mapping[str, MarkedPlaces]) -> str:
    """The chunks of one paragraph, and a rule where a scene ends with it."""
    kind, own = chunks[0].kind, chunks[0].language
    foreign = own if own and own != language and all(chunk.language == own for chunk in chunks) else ""
    tag = "h2" if kind is Kind.HEADING else "p"
    between = "<br/>\n" if kind is Kind.VERSE else " "
    pieces: list[str] = []
    for before, chunk in zip([None, *chunks], chunks, strict=False):
        pieces.append(between if before and chunk.start > before.end else "")
        places = marks.get(chunk.source)
        text = inline(chunk, places.over(chunk.start, chunk.end) if places else ())
        strange = chunk.language and chunk.language not in (language, foreign)
        pieces.append(f"<span{spoken_in(chunk.language)}>{text}</span>" if strange else text)
    style = f' class="{CLASSES[kind]}"' if kind in CLASSES else ""
    scene = "<hr/>\n" if chunks[-1].pause is Pause.SCENE else ""
    return f'<{tag} dir="auto"{style}{spoken_in(foreign)}>{"".join(pieces)}</{tag}>\n{scene}'


def spoken_in(language: str) -> str:
    """The attributes that name a language; none for none."""
    return f' lang="{escape(language)}" xml:lang="{escape(language)}"' if language else ""


def inline(chunk: Chunk, marks: Sequence[Mark]) -> str:
    """A chunk's text, with elements for marks, all of which lie over it; one that ends beyond it is set in each chunk."""
    inside = [
        (
            max(mark.start, chunk.start) - chunk.start,
            min(mark.end, chunk.end) - chunk.start,
            EMPHASIS[mark.kind],
        )
        for mark in marks
    ]
    edges = sorted({0, len(chunk.text), *(edge for start, end, _ in inside for edge in (start, end))})
    made = []
    for first, last in zip(edges, edges[1:], strict=False):
        text = "<br/>\n".join(escape(line) for line in clean(chunk.text[first:last]).split("\n"))
        for tag in {tag: None for start, end, tag in inside if start <= first and last <= end}:
            text = f"<{tag}>{text}</{tag}>"
        made.append(text)
    return "".join(made)


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
    manifest = "".join(
        f'<item id="{name}" href="{href}" media-type="{kind}" properties="{properties}"/>'
        for name, href, kind, properties in items
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine)
    return (
        f'<package xmlns="{OPF}" xmlns:dc="{DC}" version="3.0"><metadata>{metadata(about)}</metadata>'
        f"<manifest>{manifest}</manifest><spine>{order}</spine></package>"
    ).encode()


def metadata(about: About) -> str:
    """What the package says of the book: each person with a role, title and subtitle told apart, the series."""
    parts: list[str] = []

    def term(name: str, value: str | None, own: str = "", **refined: str) -> None:
        if not value:
            return
        mark = f' id="{own}"' if own else ""
        parts.append(f"<dc:{name}{mark}>{escape(clean(value))}</dc:{name}>")
        for prop, text in refined.items():
            meta(prop.replace("_", "-"), text, own)

    def meta(prop: str, text: str, goal: str = "", own: str = "") -> None:
        facts = f' refines="#{goal}"' if goal else ""
        facts += ' scheme="marc:relators"' if prop == "role" else ""
        facts += f' id="{own}"' if own else ""
        parts.append(f'<meta property="{prop}"{facts}>{escape(clean(text))}</meta>')

    term("title", about.title, "title-main", title_type="main")
    term("title", about.subtitle, "title-sub", title_type="subtitle")
    for number, name in enumerate(people(about.author), 1):
        term("creator", name, f"creator-{number}", role="aut")
    for number, name in enumerate(people(about.narrator), 1):
        term("contributor", name, f"narrator-{number}", role="nrt")
    term("language", about.language)
    term("publisher", about.publisher)
    term("date", about.date)
    term("description", about.description)
    term("rights", about.copyright)
    term("identifier", about.isbn and f"urn:isbn:{about.isbn}")
    if about.series:
        meta("belongs-to-collection", about.series, own="series")
        meta("collection-type", "series", "series")
        if about.part:
            meta("group-position", about.part, "series")
    return "".join(parts)
