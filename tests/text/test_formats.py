"""The table of manuscript formats: one file a format, asked in order, by suffix and by content."""

import re
import sys
import types
import zipfile
from pathlib import Path

import pytest

from dotsbook.book import visible
from dotsbook.errors import SourceError
from dotsbook.text.blocks.block import Document, Manuscript, TextBlock
from dotsbook.text.formats import table
from dotsbook.text.formats.table import FORMATS, ManuscriptFormat, all_formats, format_of, is_epub
from dotsbook.text.reader import read_book, read_details

PROSE = "<p>He walked down to the harbour and looked at the ships for a long while.</p>"


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "<w/>")
    return path


def test_every_file_of_the_folder_is_a_format_in_the_table():
    files = {file.stem for file in Path(table.__file__).parent.glob("*.py")} - {"__init__", "table"}
    assert files == set(FORMATS)
    suffixes = [suffix for one in all_formats() for suffix in one.suffixes]
    assert len(suffixes) == len(set(suffixes)), "no two take one suffix"
    assert all(suffix == suffix.lower() and suffix[:1] in ("", ".") for suffix in suffixes)


@pytest.mark.parametrize(
    ("name", "entries", "what"),
    [
        ("story.docx", ("[Content_Types].xml", "word/document.xml"), "has no text to narrate"),
        ("story.DOCX", ("word/other.xml",), "has no word/document.xml"),
        ("story.odt", ("mimetype", "content.xml", "META-INF/manifest.xml"), "has no text to narrate"),
        ("story.odt", ("mimetype",), "has no content.xml"),
        ("library", ("book.epub",), "isn't text"),
        ("comic.cbz", ("1.jpg",), "a zip of pictures"),
        ("story.pages", ("Index/Document.iwa",), "not .pages"),
    ],
)
def test_a_zip_that_is_no_epub_is_told(tmp_path, name, entries, what):
    path = zipped(tmp_path / name, *entries)
    assert not is_epub(path)
    for read in (lambda: read_book([path]), lambda: read_details(path)):
        with pytest.raises(SourceError, match=re.escape(what)) as caught:
            read()
        assert "\n" not in str(caught.value) and "isn't an EPUB" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["book", "book.txt", "book.bin", "book.epub.part", "BOOK.EPUB", "book.zip", "book.pdf"]
)
def test_an_epub_is_known_by_what_it_holds(maker, tmp_path, name):
    path = maker.write({"a.xhtml": PROSE}).rename(tmp_path / name)
    assert is_epub(path) and "harbour" in "".join(
        source.text for source in read_book([path]).sources.values()
    )


def test_an_epub_without_its_mimetype_or_its_container(maker, tmp_path):
    whole = maker.write({"a.xhtml": PROSE})
    for number, missing in enumerate(
        ({"mimetype"}, {"META-INF/container.xml"}, {"mimetype", "META-INF/container.xml"})
    ):
        path = tmp_path / f"book{number}"
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
            for entry in old.namelist():
                if entry not in missing:
                    new.writestr(entry, old.read(entry))
        assert is_epub(path) and read_book([path]).chapters


def test_a_broken_download_of_one_is_no_text(maker, tmp_path):
    path = tmp_path / "book.txt"
    path.write_bytes(maker.write({"a.xhtml": PROSE}).read_bytes()[:400])
    assert is_epub(path)
    with pytest.raises(SourceError, match="damaged or incomplete"):
        read_book([path])


def test_other_files_are_named_for_what_they_are(tmp_path):
    for name, head, what in (
        ("a.doc", b"\xd0\xcf\x11\xe0", "an old Word document"),
        ("a.rst", b"A story of plain words.", "plain text; name it .txt or .md"),
        ("a.bin", bytes(range(1, 9)) * 9, "not .bin"),
    ):
        (tmp_path / name).write_bytes(head)
        with pytest.raises(SourceError, match=re.escape(what)) as caught:
            read_book([tmp_path / name])
        assert "Markdown (.md), FictionBook (.fb2), EPUB (.epub), Word (.docx), OpenDocument (.odt)" in str(
            caught.value
        )


def test_a_file_that_is_not_what_its_name_says_is_told(tmp_path):
    for name, head, what in (
        ("a.pdf", b"%PDF-1.4", "a PDF that can't be read"),
        ("a.rtf", b"plain words", "isn't Rich Text"),
        ("b.rtf", b"{\\rtf1", "has no text to narrate"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "isn't a Word document but an old Word document"),
        ("a.odt", b"plain words", "can't be read"),
        ("a.fb2", b"<html><body>words</body></html>", "isn't a FictionBook"),
        ("a.epub", b"%PDF-1.4", "isn't an EPUB but a PDF; name it so that it ends in .pdf"),
    ):
        (tmp_path / name).write_bytes(head)
        with pytest.raises(SourceError, match=re.escape(what)) as caught:
            read_book([tmp_path / name])
        assert "\n" not in str(caught.value)


def test_a_new_format_is_one_file_and_its_line(tmp_path, monkeypatch):
    """A format that nothing else of the house has heard of is read, described and told of."""

    def read(path, reading, prefix):
        text = path.read_text("utf-8").removeprefix("SHOUT:")
        return Manuscript(
            "Shouted", "", "", [Document(prefix + path.name, [TextBlock(text)], visible(text))], []
        )

    module = types.ModuleType("dotsbook.text.formats.shout")
    module.FORMAT = ManuscriptFormat(
        "Shout",
        (".shout",),
        lambda head, names: head.startswith(b"SHOUT:"),
        read,
        lambda path: Manuscript("Shouted", "A. Crier", "", [], []),
    )
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(table, "FORMATS", ("shout", *FORMATS))
    all_formats.cache_clear()
    try:
        for name in ("a.shout", "a.txt", "a.anything"):
            (tmp_path / name).write_text("SHOUT:The ferry came in late that night.", "utf-8")
            book = read_book([tmp_path / name])
            assert book.title == "Shouted" and book.sources[name].text == "The ferry came in late that night."
            assert read_details(tmp_path / name).author == "A. Crier"
        (tmp_path / "b.xyz").write_bytes(bytes(range(1, 9)))
        with pytest.raises(SourceError, match=r"Shout \(\.shout\), "):
            format_of(tmp_path / "b.xyz")
    finally:
        all_formats.cache_clear()
