"""An XHTML page in the making, into which a format writes what it reads, so that all formats become blocks the same way.

What the file itself says goes in by `text` and is counted; what we write to show it (a note's mark, a heading's
automatic number) goes in by `generated` and is counted apart. So the receipt's left side is a count of the source's
own characters, made while they are read, and not one of the tree.
"""

from collections.abc import Mapping

from dotsbook.book import Cover, visible
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Document, Manuscript
from dotsbook.text.blocks.elements import EPUB_TYPE, Element, canonical
from dotsbook.text.blocks.page_blocks import blocks_of

NOTE_REFERENCE, FOOTNOTE, TITLE_PAGE, CONTENTS = "noteref", "footnote", "titlepage", "toc"


class PageTree:
    """One page: `body` is an lxml element that holds it."""

    def __init__(self, language: str | None = None):
        from lxml import etree

        self.make = etree.SubElement
        self.body: Element = etree.Element("body")
        self.language = canonical(language)
        self.chars = 0  # visible characters of the source, and those written for it

    def open(
        self, parent: Element, name: str, said: str = "", attributes: Mapping[str, str] | None = None
    ) -> Element:
        """A new element at the end of another. said: its epub:type."""
        element = self.make(parent, name, dict(attributes or {}))
        if said:
            element.set(EPUB_TYPE, said)
        return element

    def text(self, element: Element, text: str) -> None:
        """Characters of the source, at the end of an element."""
        self.chars += visible(text)
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text

    def note_mark(self, element: Element, note: str, mark: str) -> None:
        """A mark that leads to the note of that id."""
        link = self.open(element, "a", NOTE_REFERENCE, {"href": f"#{note}"})
        self.text(link, mark)

    def note(self, note: str, parent: Element | None = None) -> Element:
        """The body of a note, at the end of the page."""
        return self.open(self.body if parent is None else parent, "aside", FOOTNOTE, {"id": note})

    def document(self, name: str, reading: Reading) -> tuple[Document, list[str]]:
        """(the page as a document of blocks, warnings)."""
        blocks, head, warnings = blocks_of(self.body, name, reading, self.language, faces=True)
        return Document(name, blocks, self.chars, language=self.language, stem="", head=tuple(head)), warnings


def one_page(
    page: PageTree,
    name: str,
    reading: Reading,
    details: Mapping[str, str],
    cover: Cover | None = None,
    warnings: list[str] | None = None,
) -> Manuscript:
    """A manuscript of one page. details: "title", "author", "language" and whatever else is known of the book."""
    document, odd = page.document(name, reading)
    rest = {key: value for key, value in details.items() if value}
    return Manuscript(
        rest.pop("title", ""),
        rest.pop("author", ""),
        canonical(rest.pop("language", "")) or "",
        [document],
        [],
        [*(warnings or ()), *odd],
        cover,
        rest,
    )
