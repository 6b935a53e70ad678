"""An XHTML tree's body, its visible characters, and the text of its small elements. It judges nothing."""

from dotsbook.book import visible
from dotsbook.text.blocks.elements import UNCOUNTED, Element, local_name

UNREAD = [
    f"{space}{shape(name)}"
    for name in sorted(UNCOUNTED)
    for shape in (str.lower, str.upper, str.title)
    for space in ("{*}", "")
]


def visible_in(body: Element) -> int:
    """Visible characters of a tree: all its text nodes but scripts and styles. This is the receipt's left side."""
    from lxml import etree

    if next(body.iter(*UNREAD), None) is None:
        return visible(etree.tostring(body, method="text", encoding="unicode", with_tail=False))
    total = 0
    closed = None  # the uncounted element we are in
    for node in body.iter():
        if closed is not None:
            if any(parent is closed for parent in node.iterancestors()):
                continue
            closed = None
        tag = node.tag
        if isinstance(tag, str):
            if tag.rpartition("}")[2].lower() in UNCOUNTED:
                closed = node if len(node) else None
            elif node.text:
                total += visible(node.text)
        if node.tail and node is not body:
            total += visible(node.tail)
    return total


def body_of(root: Element) -> Element:
    """The element that holds all the text: the body, or the root where some stands outside of it."""
    if local_name(root) == "body":
        return root
    bodies = [node for node in root.iter("{*}body") if local_name(node) == "body"]
    return bodies[0] if len(bodies) == 1 and holds_all(bodies[0], root) else root


def holds_all(body: Element, root: Element) -> bool:
    """Whether nothing to be read stands beside the body."""
    if body.getparent() is not root or (root.text or "").strip():
        return False
    return not any(
        (node.tail or "").strip()
        or node is not body
        and isinstance(node.tag, str)
        and local_name(node) not in UNCOUNTED
        for node in root
    )


def own_text(element: Element, limit: int = 100_000) -> str:
    """The text of a small element, white space run together."""
    if not len(element):
        return " ".join((element.text or "").split())
    pieces: list[str] = []
    length = 0
    for piece in element.itertext("*"):
        pieces.append(str(piece))
        length += len(piece)
        if length > limit:
            break
    return " ".join("".join(pieces).split())
