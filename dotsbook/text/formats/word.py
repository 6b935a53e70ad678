"""A Word document (.docx, .docm) → a Manuscript: headings by their styles, notes, tables, tracked changes as accepted.

Read with lxml from the document's own XML, out of an archive opened with suspicion: python-docx gives no notes, no
insertions and no text boxes, and unpacks whatever it is given.
"""

from collections.abc import Collection
from pathlib import Path

from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.formats.parts.archive import Archive, open_archive
from dotsbook.text.formats.parts.office_details import core_details
from dotsbook.text.formats.parts.page_tree import changes_told, one_page
from dotsbook.text.formats.parts.word_body import WordBody
from dotsbook.text.formats.parts.word_styles import WordStyles
from dotsbook.text.formats.parts.xml_parts import required, tree_of
from dotsbook.text.formats.table import ManuscriptFormat

MAIN = "word/document.xml"


def read_word(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """A Word document as a manuscript. SourceError when it can't be read."""
    archive = open_archive(path, "a Word document")
    try:
        main = main_part(archive)
        document = required(archive, main)
        styles = WordStyles(
            tree_of(archive, beside(main, "styles")), tree_of(archive, beside(main, "numbering"))
        )
        details = described(archive, styles)
        body = WordBody(styles, details.get("language"))
        body.write(document)
        for kind in ("footnote", "endnote"):
            notes = tree_of(archive, beside(main, f"{kind}s"))
            if notes is not None:
                body.write_notes(kind, notes)
    finally:
        archive.close()
    if not body.page.chars:
        raise SourceError(f"{path} has no text to narrate: the document is empty.")
    details["title"] = body.title or details.get("title", "") or path.stem
    return one_page(
        body.page,
        prefix.rstrip("/") or path.name,
        reading,
        details,
        warnings=[*archive.warnings, *changes_told(body.deleted, body.remarks)],
    )


def main_part(archive: Archive) -> str:
    """Where the text stands: where the package says so, or in its usual place."""
    relations = tree_of(archive, "_rels/.rels")
    for node in relations.iter("{*}Relationship") if relations is not None else ():
        if (node.get("Type") or "").endswith("/officeDocument"):
            return (node.get("Target") or MAIN).lstrip("/")
    return MAIN


def beside(main: str, name: str) -> str:
    return f"{main.rpartition('/')[0]}/{name}.xml".lstrip("/")


def read_details(path: Path) -> Manuscript:
    return read_word(path, Reading())


def described(archive: Archive, styles: WordStyles) -> dict[str, str]:
    """What the document's properties say of it."""
    found = core_details(tree_of(archive, "docProps/core.xml"))
    found.setdefault("language", styles.language)
    return {key: value for key, value in found.items() if value}


def is_one(head: bytes, names: Collection[str]) -> bool:
    return MAIN in names or "[Content_Types].xml" in names and any(name.startswith("word/") for name in names)


FORMAT = ManuscriptFormat("Word", (".docx", ".docm"), is_one, read_word, read_details)
