"""An HTML file, or a saved web page → a Manuscript: the page's main part is the text, what frames it is left out.

A page says itself where its text stands (`main`, `article`, ARIA roles); where it doesn't, all of it is text but its
navigation, forms and scripts.
"""

import re
from collections.abc import Collection
from pathlib import Path

from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Document, Manuscript
from dotsbook.text.blocks.elements import Element, language_of, local_name
from dotsbook.text.blocks.markup import parse
from dotsbook.text.blocks.page_blocks import blocks_of
from dotsbook.text.blocks.prose import LEFT_OUT
from dotsbook.text.blocks.styles import StyleRules, read_sheet
from dotsbook.text.blocks.trees import body_of, own_text, visible_in
from dotsbook.text.formats.parts.whole_file import whole_file
from dotsbook.text.formats.table import ManuscriptFormat

MOST = 0.5  # of a page's characters: a main part that holds less isn't the text
FRAMES = (
    "banner",
    "contentinfo",
    "navigation",
    "search",
    "complementary",
)  # ARIA roles of what stands around it
META = {"author": "author", "dc.creator": "author", "dc.title": "title", "description": "description"}
PAGE = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.I)


def read_html(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """A web page as a manuscript. SourceError when it can't be read."""
    root, warnings = parse(whole_file(path), path.name)
    body = body_of(root)
    language = language_of(body) or language_of(root)
    hide_frames(body)
    name = prefix.rstrip("/") or path.name
    blocks, head, odd = blocks_of(body, name, reading, language, looks_of(root))
    document = Document(name, blocks, visible_in(body), language=language, head=tuple(head), stem="")
    details = described(root)
    title = details.pop("title", "") or path.stem
    return Manuscript(
        title, details.pop("author", ""), language or "", [document], [], [*warnings, *odd], None, details
    )


def described(root: Element) -> dict[str, str]:
    """What the page's head says of it."""
    found: dict[str, str] = {}
    for node in root.iter("{*}meta", "meta"):
        key = META.get((node.get("name") or "").lower())
        if key and (node.get("content") or "").strip():
            found.setdefault(key, " ".join(node.get("content", "").split()))
    title = next((own_text(node) for node in root.iter("{*}title", "title")), "")
    if title:
        found.setdefault("title", title)
    return found


def looks_of(root: Element) -> StyleRules:
    """What the page's own style sheets say of its classes; none is fetched."""
    looks = StyleRules()
    for node in root.iter("{*}style", "style"):
        looks |= read_sheet(node.text or "")
    return looks


def hide_frames(body: Element) -> None:
    """Mark what stands around the page's text as left out: all but its main part, if it names one that holds most of
    it, and what its roles call a frame."""
    main = main_part(body)
    if main is not None:
        node = main
        while node is not body and (parent := node.getparent()) is not None:
            for other in parent:
                if other is not node and isinstance(other.tag, str) and not holds_title(other):
                    other.set(LEFT_OUT, "page frame")
            node = parent
    for node in body.iter("*"):
        if (node.get("role") or "").lower() in FRAMES:
            node.set(LEFT_OUT, "page frame")


def main_part(body: Element) -> Element | None:
    """The one element that says it is the page's text and holds most of it."""
    most = MOST * visible_in(body)
    for wanted in ("main", "article"):
        named = [
            node
            for node in body.iter("*")
            if local_name(node) == wanted or wanted == "main" and (node.get("role") or "").lower() == "main"
        ]
        if len(named) == 1 and visible_in(named[0]) >= most:
            return named[0]
    return None


def holds_title(node: Element) -> bool:
    """Whether an element beside the main part is the page's heading."""
    return any(local_name(inner) == "h1" for inner in node.iter("*")) and visible_in(node) < 300


def is_one(head: bytes, names: Collection[str]) -> bool:
    return PAGE.search(head) is not None and b"<FictionBook" not in head


FORMAT = ManuscriptFormat(
    "HTML", (".html", ".htm", ".xhtml", ".xht"), is_one, read_html, lambda path: read_html(path, Reading())
)
