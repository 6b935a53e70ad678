"""The book a read-along is made of, as master/ sees it: files by name, a reading order, a table of contents. It opens no archive.

`Original` is made by the caller, who can read archives and knows odd markup; or by typeset.py, from the text alone.
"""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from dotsbook.book import Chunk

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = object  # lxml is heavy: it is imported where a tree is read

XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"
XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents."""

    title: str
    document: str | None  # a file's name; None: a label without a link
    anchor: str | None = None
    depth: int = 0


@dataclass(frozen=True)
class Original:
    """An EPUB, opened. Names are clean paths inside it, without `..` or a leading slash."""

    package: str  # the package document's name
    names: frozenset[str]  # of all its files
    read: Callable[[str], bytes | None]  # bounded; None where there is no such file
    parse: Callable[[bytes, str], Element]  # bytes, name → lxml root, whatever the markup is like
    spine: tuple[str, ...]
    contents: tuple[Heading, ...]
    document_of: Callable[[Chunk], str]  # the file a chunk's text stands in
    adobe: frozenset[str] = frozenset()  # obfuscated fonts, by Adobe's method
    idpf: frozenset[str] = frozenset()  # the same, by the standard's


def local(tag: object) -> str:
    """An element's name without its namespace; '' for comments and the like."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def parent(node: Element) -> Element:
    """The element around one that isn't the root."""
    above = node.getparent()
    assert above is not None, "the root has no parent"
    return above


def keys(node: Element) -> list[str]:
    """The names of an element's attributes."""
    return [str(key) for key in node.attrib]


def words(node: Element) -> str:
    """The text in an element, its white space as single spaces."""
    return " ".join("".join(map(str, node.itertext("*"))).split())


def link(base: str, name: str) -> str:
    """How the file `base` points to the file `name`."""
    return quote(posixpath.relpath("/" + name, "/" + posixpath.dirname(base)), safe="/~!$&'()*+,;=@-._")
