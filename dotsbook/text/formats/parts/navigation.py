"""A book's table of contents and landmarks: the EPUB 3 navigation document, or the NCX of EPUB 2. It knows no
chapter's text.

Nothing here recurses, so a table that nests a hundred thousand deep is only a long one.
"""

from dotsbook.text.blocks.block import TocEntry
from dotsbook.text.blocks.elements import Element, words_of
from dotsbook.text.blocks.markup import local
from dotsbook.text.formats.parts.addresses import resolve

MOST = 50_000  # entries of a table that are read
LONGEST = 500  # characters of a title that are kept


def label(node: Element) -> str:
    """An element's text on one line; a line break in it is a space."""
    from lxml import etree

    pieces = []
    for event, inner in etree.iterwalk(node, events=("start", "end")):
        if event == "start":
            pieces.append(" " if local(inner.tag) in ("br", "p", "div") else "")
            pieces.append(inner.text or "")
        elif inner is not node:
            pieces.append(inner.tail or "")
    return tidy("".join(pieces))


def tidy(text: str) -> str:
    """A title on one line, without control and direction characters."""
    text = "".join(
        " " if ord(char) < 32 else char
        for char in text
        if char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff"
    )
    return " ".join(text.split())[:LONGEST]


def from_ncx(root: Element, base: str) -> list[TocEntry]:
    """The entries of an NCX, in its order."""
    entries: list[TocEntry] = []
    open_points: list[str] = []  # the title of each navPoint that is open
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        name = local(node.tag)
        if name in ("pagelist", "navlist", "docauthor", "doctitle") and event == "start":
            walk.skip_subtree()
        elif name == "navpoint":
            if event == "start":
                title, link = point(node)
                place = resolve(base, link)
                parents = tuple(open_points[-8:])
                entries.append(
                    TocEntry(
                        title,
                        place[0] if place else None,
                        (place[1] or None) if place else None,
                        len(parents),
                        parents,
                    )
                )
                open_points.append(title)
            elif open_points:
                open_points.pop()
        if len(entries) >= MOST:
            break
    return [entry for entry in entries if entry.title or entry.document]


def point(node: Element) -> tuple[str, str | None]:
    title, link = "", None
    for child in node:
        match local(child.tag):
            case "navlabel":
                title = title or label(child)
            case "content":
                link = link or child.get("src")
    return title, link


def from_nav(root: Element, base: str, kind: str = "toc") -> list[TocEntry]:
    """The entries of the navigation of one kind; with `landmarks`, an entry's title is its epub:type."""
    navs = [node for node in root.iter() if local(node.tag) == "nav"]
    chosen = next((node for node in navs if kind in words_of(node)), None)
    if chosen is None and kind == "toc":
        chosen = next(
            (node for node in navs if not words_of(node) & {"landmarks", "page-list", "lot", "loi"}), None
        )
    if chosen is None:
        return []
    return listed(chosen, base, kind == "landmarks")


def listed(nav: Element, base: str, types: bool = False) -> list[TocEntry]:
    """The links and labels of nested lists."""
    from lxml import etree

    entries: list[TocEntry] = []
    items: list[str] = []  # the titles of the items that are open
    walk = etree.iterwalk(nav, events=("start", "end"))
    for event, node in walk:
        name = local(node.tag)
        if name == "li":
            if event == "start":
                entry = item(node, base, tuple(items[-8:]), types)
                items.append(entry.title if entry else "")
                if entry:
                    entries.append(entry)
            elif items:
                items.pop()
        if len(entries) >= MOST:
            break
    return entries


def item(node: Element, base: str, parents: tuple[str, ...], types: bool) -> TocEntry | None:
    """A list item's own link or label, apart from the lists inside it."""
    title, place = (node.text or "").strip(), None
    for child in node:
        name = local(child.tag)
        if name in ("ol", "ul", "menu"):
            break
        link = (
            child
            if name == "a"
            else next((inner for inner in child.iter() if local(inner.tag) == "a"), None)
            if name
            else None
        )
        if link is not None:
            place = resolve(base, link.get("href"))
            title = " ".join(sorted(words_of(link))) if types else label(link)
            break
        title = title or (label(child) if name else "")
    title = tidy(title)
    if not title and place is None:
        return None
    return TocEntry(
        title,
        place[0] if place else None,
        (place[1] or None) if place else None,
        len(parents),
        tuple(filter(None, parents)),
    )


def repaired(entries: list[TocEntry], names: set[str]) -> list[TocEntry]:
    """Entries whose document the book has; where a path is wrong and its last part names one document alone, that
    one."""
    last: dict[str, list[str]] = {}
    for name in names:
        last.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    healed = []
    for entry in entries:
        document = entry.document
        if document is not None and document not in names:
            same = last.get(document.rpartition("/")[2].casefold(), [])
            document = same[0] if len(same) == 1 else None
        healed.append(TocEntry(entry.title, document, entry.anchor, entry.depth, entry.parents))
    return healed
