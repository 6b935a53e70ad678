"""An OpenDocument text (.odt, .ott, or flat .fodt) → a Manuscript: headings by outline level, notes, tables, verse.

Read with lxml from the document's own XML, out of an archive opened with suspicion: odfdo and odfpy give the tree, and
not which characters are notes, deletions or comments; the walk over it is all there is to it.
"""

from collections.abc import Collection
from pathlib import Path

from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.blocks.elements import Element
from dotsbook.text.blocks.markup import parse_xml
from dotsbook.text.formats.parts.archive import open_archive
from dotsbook.text.formats.parts.odf_body import OdfBody
from dotsbook.text.formats.parts.odf_styles import OdfStyles
from dotsbook.text.formats.parts.office_details import core_details
from dotsbook.text.formats.parts.page_tree import changes_told, one_page
from dotsbook.text.formats.parts.whole_file import whole_file
from dotsbook.text.formats.parts.xml_parts import required, tree_of
from dotsbook.text.formats.table import ManuscriptFormat

TYPE = b"application/vnd.oasis.opendocument.text"


def read_opendocument(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """An OpenDocument text as a manuscript. SourceError when it can't be read."""
    content, styles, meta, warnings = parts(path)
    details = core_details(meta)
    body = OdfBody(
        OdfStyles([tree for tree in (styles, content) if tree is not None]), details.get("language")
    )
    body.write(content)
    if not body.page.chars:
        raise SourceError(f"{path} has no text to narrate: the document is empty.")
    details["title"] = body.title or details.get("title", "") or path.stem
    return one_page(
        body.page,
        prefix.rstrip("/") or path.name,
        reading,
        details,
        warnings=[*warnings, *changes_told(body.deleted, body.remarks)],
    )


def parts(path: Path) -> tuple[Element, Element | None, Element | None, list[str]]:
    """(content, styles, properties, warnings); of a flat file, all are one tree."""
    data = whole_file(path)
    if data.startswith(b"PK"):
        archive = open_archive(path, "an OpenDocument text")
        try:
            return (
                required(archive, "content.xml"),
                tree_of(archive, "styles.xml"),
                tree_of(archive, "meta.xml"),
                archive.warnings,
            )
        finally:
            archive.close()
    from lxml import etree

    try:
        whole = parse_xml(data, path.name)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            f"{path} can't be read ({error}); open it in the program that wrote it and save it again."
        ) from error
    return whole, None, whole.find("{*}meta"), []


def is_one(head: bytes, names: Collection[str]) -> bool:
    return (
        TYPE in head[:200]
        or "content.xml" in names
        and TYPE in head
        or b"office:document " in head
        and TYPE in head
    )


FORMAT = ManuscriptFormat(
    "OpenDocument",
    (".odt", ".ott", ".fodt"),
    is_one,
    read_opendocument,
    lambda path: read_opendocument(path, Reading()),
)
