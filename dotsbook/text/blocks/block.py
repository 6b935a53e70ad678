"""The nouns between a format and a Book: blocks of text with what is known of them. It knows no format and no file.

    Manuscript ── Document ── TextBlock        what a format reads
        └──── TocEntry                        a line of the table of contents

Every visible character of a document stands in exactly one block: in its text, or in its `dropped` pieces.
"""

from dataclasses import dataclass, field

from dotsbook.book import Cover, Kind, Mark


@dataclass(slots=True)
class TextBlock:
    """One paragraph-to-be. Offsets of marks and notes are indices into `text`. There are as many as a book has
    paragraphs, so what is empty is shared."""

    text: str
    kind: Kind = Kind.PROSE
    level: int = 0  # of a heading, 1 to 6
    marks: tuple[Mark, ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()  # (reason, visible characters), left out inline
    why: str | None = None  # the whole block is left out, for this reason
    matter: str | None = None  # what the markup says it is part of: "notes", "chapter" …
    told: str = ""  # who says so: epub:type, role, class
    note: bool = False  # part of a note by its markup
    anchors: tuple[str, ...] = ()  # ids that stand before or in it
    inner: tuple[
        tuple[str, int], ...
    ] = ()  # those of them that stand after some of its text, with their offsets
    references: tuple[tuple[int, str, str], ...] = ()  # (offset, document, id) of note references
    returns: frozenset[tuple[str, str]] = frozenset()  # (document, id) that short links in it lead to
    links: int = 0  # visible characters that are links
    language: str | None = None
    speaker: str | None = None
    scene: bool = False  # a scene break stands before it
    added: int = 0  # visible characters that aren't the document's: alt text read, a table's note
    section: int = 0  # which section element of the document it stands in
    line: bool = False  # one line of a verse; lines that follow each other are joined

    def offset(self, anchor: str) -> int:
        """Where in the text one of its anchors stands."""
        return dict(self.inner).get(anchor, 0)


@dataclass(slots=True)
class Document:
    """One file of the manuscript."""

    name: str
    blocks: list[TextBlock]
    chars: int  # visible characters, counted apart from the blocks
    title: str = ""  # what the file calls itself
    linear: bool = True
    language: str | None = None  # what its root element says
    matter: tuple[str, str] | None = (
        None  # (matter, who says so): the package's guide, the navigation's landmarks
    )
    navigation: bool = False  # it is the book's navigation document
    marked: str | None = None  # the matter that its root says by epub:type or role
    stem: str = ""  # its file name, for what it says of the role
    head: tuple[str, ...] = ()  # ids on elements around everything


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A line of the table of contents. `document` None: a label without a link."""

    title: str
    document: str | None
    anchor: str | None = None
    depth: int = 0
    parents: tuple[str, ...] = ()


@dataclass(slots=True)
class Manuscript:
    title: str
    author: str
    language: str
    documents: list[Document]
    entries: list[TocEntry]
    warnings: list[str] = field(default_factory=list)
    cover: Cover | None = None
    details: dict[str, str] = field(default_factory=dict)
