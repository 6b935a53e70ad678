"""The documents of a read-along: the source's own, made inert and valid, with spans around what is heard. It knows no audio."""

from collections.abc import Callable, Mapping, Sequence

from dotsbook.book import Chunk
from dotsbook.errors import EncodeError
from dotsbook.master.about import About
from dotsbook.master.readalong.container import EpubWriter
from dotsbook.master.readalong.contents import mended
from dotsbook.master.readalong.inert import inert, sheet
from dotsbook.master.readalong.manuscript import XHTML, Element, Original, link, local
from dotsbook.master.readalong.opf import OpfItem, OpfPackage, target
from dotsbook.master.readalong.places import letters_of, span_of, squeezed
from dotsbook.master.readalong.settle import settle
from dotsbook.master.readalong.spans import OpenedBody
from dotsbook.master.word_marks import word_name

H = f"{{{XHTML}}}"
Slice = tuple[int, int]  # of a text, the end not included
NO_WORDS: Mapping[str, Sequence[Slice]] = {}
SVG, MATH = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1998/Math/MathML}"


class Documents:
    """All files of the source, as they go into the read-along; `ids`: those of each document."""

    def __init__(self, original: Original, package: OpfPackage, about: About, style: str):
        self.original, self.package, self.about, self.style = original, package, about, style
        self.spine = {name for name, *_ in package.spine}
        self.ids: dict[str, set[str]] = {}

    def write(
        self, archive: EpubWriter, chunks: Sequence[Chunk], words: Mapping[str, Sequence[Slice]] = NO_WORDS
    ) -> dict[str, list[tuple[str, str, int]]]:
        """Write every file of the source that stays; by chunk id, the (document, id, characters) of its spans.

        words: by chunk id, slices of its text that get spans of their own, inside its; these are by `word_name`.
        """
        self.words = words
        heard: dict[str, list[Chunk]] = {}
        for chunk in chunks:
            heard.setdefault(self.original.document_of(chunk), []).append(chunk)
        spans: dict[str, list[tuple[str, str, int]]] = {}
        pages = [item for item in self.package.items.values() if item.media_type == "application/xhtml+xml"]
        self.ids = {item.name: ids_of(self.parsed(item.name)) for item in pages}
        for item in list(self.package.items.values()):
            if item.media_type == "application/xhtml+xml":
                data = self.page(item, heard.get(item.name, ()), spans)
            elif item.media_type == "text/css":
                data = sheet(text_of(self.raw(item.name)), self.known(item.name)).encode()
            elif item.media_type == "image/svg+xml":
                data = self.drawing(item)
            else:
                data = self.raw(item.name)
            (
                archive.stored
                if item.media_type.startswith(("image/j", "image/png", "audio/", "video/"))
                else archive.deflated
            )(item.name, data)
        return spans

    def raw(self, name: str) -> bytes:
        data = self.original.read(name)
        if data is None:
            raise EncodeError(f"{name} could be listed and not read; the source is damaged: get it again.")
        return data

    def parsed(self, name: str) -> Element:
        return self.original.parse(self.raw(name), name)

    def known(self, base: str) -> Callable[[str], bool]:
        """Whether a link from `base` leads to a file that is kept."""
        return lambda href: target(base, href) in self.package.items

    def page(
        self, item: OpfItem, chunks: Sequence[Chunk], spans: dict[str, list[tuple[str, str, int]]]
    ) -> bytes:
        """One XHTML document; what it says of its spans is added to `spans`."""
        root = self.parsed(item.name)
        inert(root, self.known(item.name))
        root = settle(root, self.about.title)
        self.lead(root, item.name)
        if "nav" in item.properties and not mended(root):
            item.properties.discard("nav")
        body = next(child for child in root if local(child.tag) == "body")
        if chunks and item.name in self.spine:
            page, names = OpenedBody(body), self.names(item.name, chunks)
            letters = letters_of(
                page.text, [((chunk.chapter, chunk.paragraph), chunk.text) for chunk in chunks]
            )
            if any(self.words.get(chunk.id) for chunk in chunks):
                self.mark_words(page, item.name, chunks, letters, names, spans)
                page = OpenedBody(body)
            marked = page.mark([span_of(own) for own in letters], names)
            for chunk, given in zip(chunks, marked, strict=True):
                if given:
                    spans[chunk.id] = [(item.name, anchor, count) for anchor, count in given]
            self.link_style(root, item.name)
        item.properties -= {"svg", "mathml", "switch", "scripted", "remote-resources"}
        item.properties |= {
            word
            for word, space in (("svg", SVG), ("mathml", MATH))
            if next(root.iter(f"{space}*"), None) is not None
        }
        if not len(body) and not (body.text or "").strip():
            body.append(body.makeelement(H + "p"))
        return serialised(root)

    def mark_words(
        self,
        page: OpenedBody,
        document: str,
        chunks: Sequence[Chunk],
        letters: Sequence[Sequence[int | None]],
        names: Sequence[str],
        spans: dict[str, list[tuple[str, str, int]]],
    ) -> None:
        """Put spans around words, before those of their sentences go around them."""
        places, ids, keys = [], [], []
        for chunk, own, name in zip(chunks, letters, names, strict=True):
            for number, (start, end) in enumerate(self.words.get(chunk.id, ())):
                first = len(squeezed(chunk.text[:start]))
                places.append(span_of(own[first : first + len(squeezed(chunk.text[start:end]))]))
                ids.append(f"{name}-w{number + 1}")
                keys.append(word_name(chunk.id, number))
        for key, given in zip(keys, page.mark(places, ids), strict=True):
            if given:
                spans[key] = [(document, anchor, count) for anchor, count in given]

    def names(self, document: str, chunks: Sequence[Chunk]) -> list[str]:
        """Ids for the chunks' spans that the document hasn't yet."""
        start = "s"
        while any(taken.startswith(f"{start}-") for taken in self.ids.get(document, ())):
            start += "s"
        return [f"{start}-{chunk.id.replace('.', '-')}" for chunk in chunks]

    def lead(self, root: Element, name: str) -> None:
        """Links inside the book: no further than its reading order, and to ids that are there."""
        for node in root.iter(H + "a", H + "area"):
            href = node.get("href")
            place = target(name, href) if href and not href.startswith("#") else name if href else ""
            if not place:
                continue
            path, _, anchor = (href or "").partition("#")
            if place not in self.spine and place != name:
                del node.attrib["href"]
            elif (
                anchor
                and place in self.ids
                and anchor not in self.ids[place]
                and not any(mark in anchor for mark in "(%")
            ):
                node.set("href", path or link(name, name))

    def link_style(self, root: Element, name: str) -> None:
        head = next(child for child in root if local(child.tag) == "head")
        head.append(
            head.makeelement(
                H + "link", {"rel": "stylesheet", "type": "text/css", "href": link(name, self.style)}
            )
        )

    def drawing(self, item: OpfItem) -> bytes:
        from lxml import etree

        root = self.parsed(item.name)
        inert(root, self.known(item.name))
        return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def ids_of(root: Element) -> set[str]:
    """The ids a document will have, `a name` among them."""
    ids = {name for node in root.iter("*") if (name := node.get("id"))}
    return ids | {
        name for node in root.iter(H + "a", "a") if (name := node.get("name")) and not node.get("id")
    }


def text_of(data: bytes) -> str:
    """A style sheet's text, without its declaration of an encoding: it is written in UTF-8."""
    import re

    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding)
        except UnicodeDecodeError:
            continue
        return re.sub(r'^\s*@charset\s+["\'][^"\']*["\']\s*;', "", text)
    return data.decode("latin-1")


def serialised(root: Element) -> bytes:
    from lxml import etree

    etree.cleanup_namespaces(root, keep_ns_prefixes=["epub"])
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>")
