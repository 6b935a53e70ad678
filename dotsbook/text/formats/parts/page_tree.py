"""An XHTML page in the making, into which a format writes what it reads, so that all formats become blocks the same way.

All text goes in by `text`, which counts it: so the receipt's left side is a count made while the file is read, and not
one of the tree. What a program shows and doesn't write (a note's mark, a heading's number) is counted with it.
"""

from collections.abc import Mapping

from dotsbook.book import Cover, visible
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Document, Manuscript
from dotsbook.text.blocks.elements import EPUB_TYPE, Element
from dotsbook.text.blocks.language_tags import tag_of
from dotsbook.text.blocks.markup import ILLEGAL
from dotsbook.text.blocks.page_blocks import blocks_of

NOTE_REFERENCE, FOOTNOTE, TITLE_PAGE, CONTENTS = "noteref", "footnote", "titlepage", "toc"


class PageTree:
    """One page: `body` is an lxml element that holds it."""

    def __init__(self, language: str | None = None):
        from lxml import etree

        self.make = etree.SubElement
        self.body: Element = etree.Element("body")
        self.language = tag_of(language)
        self.chars = 0  # visible characters

    def open(
        self, parent: Element, name: str, said: str = "", attributes: Mapping[str, str] | None = None
    ) -> Element:
        """A new element at the end of another. said: its epub:type."""
        said_so = {key: ILLEGAL.sub("", value) for key, value in (attributes or {}).items()}
        element = self.make(parent, name, said_so)
        if said:
            element.set(EPUB_TYPE, said)
        return element

    def text(self, element: Element, text: str) -> None:
        """Characters, at the end of an element; control codes, which no page can hold, are none."""
        text = ILLEGAL.sub("", text)
        self.chars += visible(text)
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text

    def note_mark(self, element: Element, note: str, mark: str) -> None:
        """A mark that leads to the note of that id."""
        link = self.open(element, "a", NOTE_REFERENCE, {"href": f"#{note}"})
        self.text(link, mark)

    def note(self, note: str) -> Element:
        """The body of a note, at the end of the page."""
        return self.open(self.body, "aside", FOOTNOTE, {"id": note})

    def document(self, name: str, reading: Reading) -> tuple[Document, list[str]]:
        """(the page as a document of blocks, warnings)."""
        blocks, head, warnings = blocks_of(self.body, name, reading, self.language, faces=True)
        return Document(name, blocks, self.chars, language=self.language, stem="", head=tuple(head)), warnings


def changes_told(deleted: int, remarks: int) -> list[str]:
    """What is left out of a document though it stands in its file, a sentence each."""
    told = []
    if deleted:
        told.append(f"{deleted} tracked deletions are taken as accepted: their text isn't read")
    if remarks:
        told.append(f"{remarks} comments are left out")
    return told


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
        tag_of(rest.pop("language", "")) or "",
        [document],
        [],
        [*(warnings or ()), *odd],
        cover,
        rest,
    )
