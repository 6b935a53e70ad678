"""Tables of contents of a read-along: a navigation document and an NCX, made or mended. It knows titles and places."""

from collections.abc import Callable
from html import escape

from dotsbook.master.readalong.inert import removed
from dotsbook.master.readalong.manuscript import OPS, XHTML, Element, Heading, link, local, parent

H = f"{{{XHTML}}}"
DEEPEST = 6


def listed(
    contents: tuple[Heading, ...], base: str, kept: Callable[[Heading], str], fallback: tuple[str, str]
) -> list[tuple[int, str, str]]:
    """(depth, title, link) of each line; a label without a place leads where the next line does.

    kept: the link of a heading, '' where there is nothing to lead to; fallback: (title, link) of a table with no line.
    """
    rows: list[tuple[int, str, str]] = []
    place = ""
    for heading in reversed(contents):
        place = kept(heading) or place
        if place and heading.title:
            rows.append((min(heading.depth, DEEPEST), heading.title, place))
    rows.reverse()
    even, before = [], -1
    for depth, title, href in rows or [(0, *fallback)]:
        before = min(depth, before + 1)
        even.append((before, title, href))
    return even


def nested(
    rows: list[tuple[int, str, str]], opening: Callable[[str, str], str], closing: str, down: str, up: str
) -> str:
    """The rows as nested markup."""
    pieces, depth = [], 0
    for number, (level, title, href) in enumerate(rows):
        if number:
            pieces.append(down if level > depth else closing + (up + closing) * (depth - level))
        pieces.append(opening(escape(title), escape(href)))
        depth = level
    return "".join(pieces) + closing + (up + closing) * depth


def navigation(rows: list[tuple[int, str, str]], title: str, language: str) -> bytes:
    """A navigation document."""
    items = nested(
        rows, lambda text, href: f'<li><a href="{href}">{text}</a>', "</li>\n", "\n<ol>\n", "</ol>\n"
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="{XHTML}" xmlns:epub="{OPS}" lang="{escape(language)}" xml:lang="{escape(language)}">\n'
        f"<head><title>{escape(title)}</title></head>\n"
        f'<body>\n<nav epub:type="toc" role="doc-toc">\n<h1 dir="auto">{escape(title)}</h1>\n<ol>\n{items}</ol>\n</nav>\n</body>\n</html>\n'
    ).encode()


def ncx(rows: list[tuple[int, str, str]], title: str, identifier: str) -> bytes:
    """The same for readers of EPUB 2."""
    order = {
        href: number for number, href in enumerate(dict.fromkeys(href for *_, href in rows), 1)
    }  # one place, one number
    count = iter(range(1, len(rows) + 1))
    orders = iter([order[href] for *_, href in rows])

    def numbered(text: str, href: str) -> str:
        return (
            f'<navPoint id="n{next(count)}" playOrder="{next(orders)}"><navLabel><text>{text}</text></navLabel>'
            f'<content src="{href}"/>'
        )

    items = nested(rows, numbered, "</navPoint>\n", "\n", "")
    depth = max(level for level, *_ in rows) + 1
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">\n'
        f'<head><meta name="dtb:uid" content="{escape(identifier)}"/><meta name="dtb:depth" content="{depth}"/>'
        '<meta name="dtb:totalPageCount" content="0"/><meta name="dtb:maxPageNumber" content="0"/></head>\n'
        f"<docTitle><text>{escape(title)}</text></docTitle>\n<navMap>\n{items}</navMap>\n</ncx>\n"
    ).encode()


def mended(root: Element) -> bool:
    """Mend a navigation document whose dead links have lost their href; whether a table of contents is left in it."""
    for anchor in [node for node in root.iter(H + "a") if inside_nav(node) and node.get("href") is None]:
        anchor.tag = H + "span"
        item = parent(anchor)
        if local(item.tag) == "li" and not any(local(child.tag) == "ol" for child in item):
            removed(item)
    for _ in range(DEEPEST):
        for node in [
            node
            for node in root.iter(H + "ol")
            if inside_nav(node) and not any(local(child.tag) == "li" for child in node)
        ]:
            outer = parent(node)
            removed(node)
            if local(outer.tag) == "li" and not any(local(child.tag) == "a" for child in outer):
                removed(outer)
    for node in list(root.iter(H + "nav")):
        if node.get(f"{{{OPS}}}type") and not any(local(child.tag) == "ol" for child in node):
            removed(node)
    return any("toc" in (node.get(f"{{{OPS}}}type") or "").split() for node in root.iter(H + "nav"))


def inside_nav(node: Element) -> bool:
    return any(local(outer.tag) == "nav" and outer.get(f"{{{OPS}}}type") for outer in node.iterancestors())


def linked(base: str, ids: dict[str, set[str]], spine: set[str]) -> Callable[[Heading], str]:
    """How the file `base` links to a heading, to its document where its anchor isn't there."""

    def kept(heading: Heading) -> str:
        if heading.document not in spine:
            return ""
        anchor = (
            f"#{heading.anchor}" if heading.anchor and heading.anchor in ids.get(heading.document, ()) else ""
        )
        return link(base, heading.document) + anchor

    return kept
