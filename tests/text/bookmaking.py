"""Small EPUBs made for a test: a folder of bodies in, an .epub or its Book out."""

import zipfile

from dotsbook.book import visible
from dotsbook.manifest import Reading
from dotsbook.text.reader import read_book

NAV_ITEM, ASIDE = ' properties="nav"', ' linear="no"'
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PAGE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops">'
    "<head><title>{title}</title>{head}</head>{body}</html>"
)


def page(body: str, title: str = "", head: str = "") -> str:
    return PAGE.format(
        title=title, head=head, body=body if body.startswith("<body") else f"<body>{body}</body>"
    )


def package(
    pages: dict,
    *,
    title="A Book",
    author="A. Writer",
    language="en",
    version="3.0",
    spine=None,
    guide="",
    metadata="",
    items="",
    linear=(),
) -> str:
    manifest = "".join(
        f'<item id="i{number}" href="{name}" '
        f'media-type="application/xhtml+xml"'
        f"{NAV_ITEM if name == 'nav.xhtml' else ''}/>"
        for number, name in enumerate(pages)
    )
    order = spine if spine is not None else [name for name in pages if name != "nav.xhtml"]
    names = list(pages)
    refs = "".join(
        f'<itemref idref="i{names.index(name)}"{ASIDE if name in linear else ""}/>' for name in order
    )
    creator = f"<dc:creator>{author}</dc:creator>" if author else ""
    return (
        f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}" '
        f'unique-identifier="i"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier><dc:title>'
        f"{title}</dc:title>{creator}"
        f'<dc:language>{language}</dc:language>{metadata}</metadata><manifest>{manifest}<item id="ncx" href="toc.ncx" '
        f'media-type="application/x-dtbncx+xml"/>{items}</manifest><spine toc="ncx">{refs}</spine>{guide}</package>'
    )


def nav(entries: list) -> str:
    """A navigation document of (title, href[, children])."""

    def listed(rows):
        return (
            "<ol>"
            + "".join(
                "<li>"
                + (f'<a href="{row[1]}">{row[0]}</a>' if row[1] else f"<span>{row[0]}</span>")
                + (listed(row[2]) if len(row) > 2 else "")
                + "</li>"
                for row in rows
            )
            + "</ol>"
        )

    return page(f'<nav epub:type="toc">{listed(entries)}</nav>', "Contents")


def ncx(entries: list) -> str:
    def points(rows):
        return "".join(
            f'<navPoint id="n" playOrder="1"><navLabel><text>{row[0]}</text></navLabel><content src="{row[1]}"/>'
            f"{points(row[2]) if len(row) > 2 else ''}</navPoint>"
            for row in rows
        )

    return (
        f'<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>'
        f"{points(entries)}</navMap></ncx>"
    )


class Maker:
    """Writes EPUBs into a test's folder and reads them."""

    def __init__(self, folder):
        self.folder = folder

    def write(
        self,
        pages: dict,
        toc: list | None = None,
        *,
        old: bool = False,
        files: dict | None = None,
        heads: dict | None = None,
        **words,
    ):
        """An .epub of {file name: body}; `toc` makes a nav, or an NCX when `old`."""
        texts = {
            name: body
            if isinstance(body, bytes) or body.lstrip().startswith("<?xml")
            else page(body, head=(heads or {}).get(name, ""))
            for name, body in pages.items()
        }
        if toc is not None and not old:
            texts.setdefault("nav.xhtml", nav(toc))
        entries = {"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": package(texts, **words)}
        entries.update({f"OEBPS/{name}": text for name, text in texts.items()})
        if toc is not None and old:
            entries["OEBPS/toc.ncx"] = ncx(toc)
        entries.update(files or {})
        path = self.folder / "made.epub"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
            for name, data in entries.items():
                archive.writestr(name, data)
        return path

    def read(
        self, pages: dict, toc: list | None = None, reading: dict | None = None, skip=(), keep=(), **words
    ):
        """The Book of an EPUB so written; its receipt is checked."""
        book = read_book([self.write(pages, toc, **words)], Reading(**(reading or {})), skip=skip, keep=keep)
        assert unaccounted(book) == {}
        return book


def unaccounted(book) -> dict:
    """{source: characters neither in a paragraph nor in a skip, or negative: in two}, where there are any."""
    left = {name: source.chars for name, source in book.sources.items()}
    for chapter in book.chapters:
        for paragraph in chapter.paragraphs:
            left[paragraph.source] -= visible(
                book.sources[paragraph.source].text[paragraph.start : paragraph.end]
            )
    for skip in book.skipped:
        left[skip.source] -= skip.chars
    return {name: count for name, count in left.items() if count}


def said(book, chapter: int | None = None) -> list[str]:
    """The paragraphs' texts, of one chapter or all."""
    return [
        book.sources[paragraph.source].text[paragraph.start : paragraph.end]
        for found in book.chapters
        if chapter in (None, found.number)
        for paragraph in found.paragraphs
    ]
