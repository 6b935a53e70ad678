"""A FictionBook file (.fb2, or a zip that holds one) → a Manuscript: sections, poems, notes, cover.

Read with lxml from the format's own elements: the libraries that know FictionBook turn it into plain text and lose
notes and verse.
"""

import base64
import binascii
from collections.abc import Collection
from pathlib import Path

from dotsbook.book import Cover
from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.blocks.elements import XML_LANG, Element, local_name
from dotsbook.text.blocks.markup import parse_damaged
from dotsbook.text.blocks.trees import own_text
from dotsbook.text.formats.parts.archive import open_archive
from dotsbook.text.formats.parts.page_tree import TITLE_PAGE, PageTree, one_page
from dotsbook.text.formats.parts.pictures import picture_kind
from dotsbook.text.formats.parts.whole_file import whole_file
from dotsbook.text.formats.table import ManuscriptFormat

NOTES = ("notes", "comments", "footnotes")  # names of bodies that hold them
INLINE = {"emphasis": "em", "strong": "strong", "sub": "sub", "sup": "sup", "code": "code", "style": "span"}
BLOCKS = {"poem": "div", "stanza": "div", "cite": "blockquote", "epigraph": "blockquote", "annotation": "div"}
CLASSES = {"poem": "poem", "stanza": "stanza", "epigraph": "epigraph"}
DEEPEST = 200  # elements within elements
TABLE = ("table", "tr", "td", "th")


def read_fictionbook(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """A FictionBook as a manuscript. SourceError when it can't be read."""
    root, warnings = opened(path)
    details = described(root)
    page = PageTree(details.get("language"))
    for body in root.iter("{*}body"):
        named = (body.get("name") or "").lower()
        if named in NOTES:
            write_notes(page, body)
        else:
            write_section(page, page.body, body, 1)
    details["title"] = details.get("title") or path.name.partition(".")[0]
    return one_page(page, prefix.rstrip("/") or path.name, reading, details, cover(root), warnings)


def read_details(path: Path) -> Manuscript:
    return read_fictionbook(path, Reading())


def opened(path: Path) -> tuple[Element, list[str]]:
    """(the root element, warnings): of the file, or of the one that the zip holds."""
    data = whole_file(path)
    if data.startswith(b"PK"):
        archive = open_archive(path, "a FictionBook")
        try:
            name = next((name for name in archive.entries if name.lower().endswith(".fb2")), None)
            data = (archive.read(name) if name else None) or b""
        finally:
            archive.close()
    root, odd = parse_damaged(data, path.name)
    if root.find(".//{*}body") is None or local_name(root) == "html":
        raise SourceError(f"{path} isn't a FictionBook: it has no <body>; is it the right file?")
    if depth_of(root) > DEEPEST:
        raise SourceError(
            f"{path} nests its elements more than {DEEPEST} deep, which no book does; it is refused."
        )
    return root, odd


def depth_of(root: Element) -> int:
    """How deep elements stand within elements."""
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def described(root: Element) -> dict[str, str]:
    """What the file's title-info says, by the names that books use for it."""
    info = root.find(".//{*}title-info")
    if info is None:
        return {}
    authors = [
        " ".join(text for part in author if local_name(part) != "id" and (text := own_text(part)))
        for author in info.findall("{*}author")
    ]
    series = info.find("{*}sequence")
    found = {
        "title": said(info, "book-title"),
        "author": ", ".join(filter(None, authors)),
        "language": said(info, "lang"),
        "description": said(info, "annotation"),
        "date": said(info, "date"),
        "series": series.get("name", "") if series is not None else "",
        "part": series.get("number", "") if series is not None else "",
        "publisher": said(root, ".//{*}publish-info/{*}publisher"),
        "isbn": said(root, ".//{*}publish-info/{*}isbn"),
    }
    return {key: value for key, value in found.items() if value}


def said(element: Element, path: str) -> str:
    found = element.find(path if path.startswith(".") else f"{{*}}{path}")
    return own_text(found) if found is not None else ""


def cover(root: Element) -> Cover | None:
    """The cover picture that the title-info names."""
    image = root.find(".//{*}title-info/{*}coverpage/{*}image")
    name = link_of(image).lstrip("#") if image is not None else ""
    for binary in root.iter("{*}binary"):
        if name and binary.get("id") == name:
            try:
                data = base64.b64decode("".join((binary.text or "").split()), validate=True)
            except binascii.Error:
                return None
            kind = picture_kind(data)
            return Cover(data, kind) if kind else None
    return None


def link_of(element: Element) -> str:
    return next(
        (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == "href"), ""
    )


def write_notes(page: PageTree, body: Element) -> None:
    """Each section of a body of notes is one note."""
    for section in body.findall("{*}section"):
        note = page.note(section.get("id", ""))
        label = section.find("{*}title")
        if label is not None:
            write_inline(page, page.open(note, "a", "backlink"), label)
            section.remove(label)
        write_blocks(page, note, section, 6)


def write_section(page: PageTree, parent: Element, section: Element, level: int) -> None:
    place = page.open(parent, "section", attributes=identity(section))
    write_blocks(page, place, section, level)


def identity(element: Element) -> dict[str, str]:
    found = {"id": element.get("id", ""), "lang": element.get(XML_LANG, "")}
    return {key: value for key, value in found.items() if value}


def write_blocks(page: PageTree, place: Element, element: Element, level: int) -> None:
    """What stands in a section, a poem, a cite. Text between its elements, which has no business there, is read."""
    loose(page, place, element.text)
    for child in element:
        name = local_name(child)
        if name == "section":
            write_section(page, place, child, min(level + 1, 6))
        elif name == "title" and local_name(element) in ("body", "section"):
            heading(page, place, child, level, local_name(element) == "body")
        elif name in ("subtitle", "title"):
            write_inline(page, page.open(place, "p" if name == "subtitle" else "h6"), child)
        elif name == "empty-line":
            page.open(place, "hr")
        elif name == "image":
            page.open(place, "img", attributes={"alt": child.get("alt") or child.get("title") or ""})
        elif name in BLOCKS:
            attributes = identity(child) | ({"class": CLASSES[name]} if name in CLASSES else {})
            write_blocks(page, page.open(place, BLOCKS[name], attributes=attributes), child, level)
        elif name == "v":
            write_inline(page, page.open(place, "div", attributes={"class": "line"}), child)
        elif name in TABLE:
            part = page.open(place, name)
            (write_inline if name in ("td", "th") else write_rows)(page, part, child)
        elif name:
            write_inline(page, page.open(place, "p", attributes=identity(child)), child)
        loose(page, place, child.tail)


def write_rows(page: PageTree, place: Element, element: Element) -> None:
    write_blocks(page, place, element, 6)


def loose(page: PageTree, place: Element, text: str | None) -> None:
    if text and text.strip():
        page.text(page.open(place, "p"), text)


def heading(page: PageTree, place: Element, title: Element, level: int, whole: bool) -> None:
    """A title's paragraphs as one heading of several lines. whole: it is a body's, and so the book's name."""
    where = page.open(place, "section", TITLE_PAGE) if whole else place
    head = page.open(where, "p" if whole else f"h{max(1, level - 1)}")
    for number, part in enumerate(child for child in title if local_name(child) in ("p", "empty-line")):
        if number:
            page.open(head, "br")
        write_inline(page, head, part)


def write_inline(page: PageTree, place: Element, element: Element) -> None:
    """Text with its emphasis, notes and raised figures."""
    if element.text:
        page.text(place, element.text)
    for child in element:
        name = local_name(child)
        if name == "a":
            note = (child.get("type") or "").lower() == "note"
            attributes = {"href": link_of(child)}
            write_inline(page, page.open(place, "a", "noteref" if note else "", attributes), child)
        elif name == "image":
            page.open(place, "img", attributes={"alt": child.get("alt") or ""})
        elif name:
            write_inline(page, page.open(place, INLINE.get(name, "span"), attributes=identity(child)), child)
        if child.tail:
            page.text(place, child.tail)


def is_one(head: bytes, names: Collection[str]) -> bool:
    return b"<FictionBook" in head or len(names) > 0 and all(name.lower().endswith(".fb2") for name in names)


FORMAT = ManuscriptFormat("FictionBook", (".fb2",), is_one, read_fictionbook, read_details)
