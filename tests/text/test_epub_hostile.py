"""Files that are broken, odd or meant to harm: each is read with a warning or refused in a sentence, in bounded
time."""

import contextlib
import io
import struct
import time
import zipfile

import pytest
from bookmaking import CONTAINER, unaccounted

from dotsbook.book import Book
from dotsbook.errors import SourceError
from dotsbook.production.cover import own_cover
from dotsbook.text.blocks.markup import decode, parse
from dotsbook.text.formats.parts.addresses import resolve
from dotsbook.text.formats.parts.archive import clean
from dotsbook.text.reader import read_book

PROSE = "<p>He walked down to the harbour and looked at the ships for a long while.</p>"


def texts(book):
    return " ".join(source.text for source in book.sources.values())


def refused(path, match):
    with pytest.raises(SourceError, match=match) as caught:
        read_book([path])
    assert "\n" not in str(caught.value)


def test_not_a_zip_empty_missing_truncated(maker, tmp_path):
    path = tmp_path / "x.epub"
    refused(path, "no file")
    path.write_bytes(b"")
    refused(path, "empty")
    path.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    refused(path, "isn't an EPUB")
    whole = maker.write({"a.xhtml": PROSE}).read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])
    refused(path, "damaged or incomplete")
    path.write_bytes(whole[:300] + b"\0" * 40 + whole[340:])
    with pytest.raises(SourceError):
        read_book([path])


def test_a_word_file_is_no_epub(tmp_path):
    path = tmp_path / "x.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    refused(path, "Word document")


def test_missing_container_finds_the_package(maker):
    path = maker.write({"a.xhtml": PROSE}, files={"META-INF/container.xml": "<broken"})
    assert "found by its name" in " ".join(read_book([path]).warnings)


def test_a_package_that_is_named_and_missing_is_named(maker):
    container = CONTAINER.replace("content.opf", "book.opf")
    path = maker.write({"a.xhtml": PROSE}, files={"META-INF/container.xml": container})
    assert (
        "names OEBPS/book.opf, which isn't in the file; the package document OEBPS/content.opf"
        in " ".join(read_book([path]).warnings)
    )
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".opf")}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    refused(path, "its package document OEBPS/book.opf is missing")


def test_every_entity_that_nothing_defines_is_named(maker):
    book = maker.read({"a.xhtml": f"<p>One &here; and &there; and &here; again.</p>{PROSE}"})
    assert "the entities &here;, &there; aren't defined in the file and were left out" in " ".join(
        book.warnings
    )


def test_a_package_that_cannot_be_read(maker):
    refused(
        maker.write({"a.xhtml": PROSE}, files={"OEBPS/content.opf": "<package><metadata>"}), "content.opf"
    )
    refused(
        maker.write({"a.xhtml": PROSE}, files={"OEBPS/content.opf": "<package><metadata/></package>"}),
        "spine",
    )
    refused(maker.write({"a.xhtml": PROSE}, spine=[]), "no text to narrate")


def test_a_package_with_a_bare_ampersand_is_read(maker):
    path = maker.write({"a.xhtml": PROSE}, metadata="<dc:publisher>Smith & Sons</dc:publisher>")
    book = read_book([path])
    assert "harbour" in texts(book) and any("well-formed" in warning for warning in book.warnings)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE html SYSTEM "http://127.0.0.1:1/evil.dtd">',
        '<!DOCTYPE html [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY x "y">]>',
        '<!DOCTYPE html PUBLIC "-//x" "file:///etc/passwd" [<!ENTITY x PUBLIC "a" "file:///etc/hostname">]>',
    ],
)
def test_external_entities_are_never_fetched(maker, doctype):
    book = maker.read(
        {
            "a.xhtml": f'<?xml version="1.0"?>{doctype}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Before &x; '
            f"after.</p>{PROSE}</body></html>"
        }
    )
    assert "root:" not in texts(book) and "harbour" in texts(book)


def test_a_billion_laughs_are_none(maker):
    lines = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    page = (
        f'<?xml version="1.0"?><!DOCTYPE html [{lines}]><html xmlns="http://www.w3.org/1999/xhtml"><body><p>&l9;'
        f"</p>{PROSE}</body></html>"
    )
    started = time.monotonic()
    book = maker.read({"a.xhtml": page})
    assert time.monotonic() - started < 5 and len(texts(book)) < 200


def test_literal_entities_of_a_file_s_own_are_put_in(maker):
    page = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY hero "Ann &#38; Bob"><!ENTITY dash "—">]><html><body><p>'
        f"Yes&dash;no.</p>{PROSE}</body></html>"
    )
    assert "Yes—no." in texts(maker.read({"a.xhtml": page}))


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote"])
def test_a_hundred_thousand_nested_elements(maker, tag):
    started = time.monotonic()
    with pytest.raises(SourceError, match="nests"):
        maker.read({"a.xhtml": f"<{tag}>" * 100_000 + "deep" + f"</{tag}>" * 100_000})
    assert time.monotonic() - started < 10


def test_deep_but_possible_nesting_is_read(maker):
    assert "deep" in texts(maker.read({"a.xhtml": "<div>" * 700 + "deep" + "</div>" * 700 + PROSE}))


def test_a_deep_or_circular_table_of_contents(maker):
    deep = "<ol><li><a href='a.xhtml'>x</a>" * 5000
    path = maker.write({"a.xhtml": PROSE, "nav.xhtml": f"<nav epub:type='toc'>{deep}</nav>"})
    with contextlib.suppress(SourceError):
        read_book([path])
    circle = maker.write(
        {"a.xhtml": f"<h1 id='a'>One</h1>{PROSE}"},
        [("One", "a.xhtml#a", [("One", "a.xhtml#a", [("Nav", "nav.xhtml")])])],
    )
    assert len(read_book([circle]).chapters) == 1


def test_a_zip_bomb_is_not_unpacked(maker):
    started = time.monotonic()
    refused(
        maker.write({"a.xhtml": b"<html><body><p>" + b"a" * 70_000_000 + b"</p></body></html>"}), "refused"
    )
    refused(
        maker.write({"a.xhtml": b"<html><body><p>" + b" " * 20_000_000 + b"</p></body></html>"}), "refused"
    )
    assert time.monotonic() - started < 10
    pictures = maker.write({"a.xhtml": PROSE}, files={"OEBPS/big.bin": b"\0" * 30_000_000})
    assert "harbour" in texts(read_book([pictures]))


def test_a_size_that_lies(maker, tmp_path):
    data = bytearray(maker.write({"a.xhtml": PROSE}).read_bytes())
    place = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02", 0) + 1)
    data[place + 24 : place + 28] = struct.pack("<I", 1_000_000_000)
    path = tmp_path / "lies.epub"
    path.write_bytes(bytes(data))
    with pytest.raises(SourceError):
        read_book([path])


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil", "..\\..\\evil", "OEBPS/../../x"])
def test_names_that_climb_out_are_never_written(maker, tmp_path, name):
    before = set(tmp_path.rglob("*"))
    path = maker.write({"a.xhtml": PROSE}, files={name: "evil"})
    assert "harbour" in texts(read_book([path]))
    assert set(tmp_path.rglob("*")) - before == {path}


def test_links_are_resolved_inside_the_book_only():
    assert resolve("OEBPS/text/a.xhtml", "../../../etc/passwd") == ("etc/passwd", "")
    assert resolve("OEBPS/a.xhtml", "/b%20c.xhtml#x%C3%A9") == ("b c.xhtml", "xé")
    assert resolve("OEBPS/a.xhtml", "#n1") == ("OEBPS/a.xhtml", "n1")
    assert (
        resolve("a", "http://x/y")
        is resolve("a", "//x/y")
        is resolve("a", "javascript:x")
        is resolve("a", "file:///x")
        is None
    )
    assert clean("..\\../a/./b") == "a/b"


ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#"'
    "><enc:EncryptedData>"
    '<enc:EncryptionMethod Algorithm="{}"/><enc:CipherData><enc:CipherReference URI="{}"/></enc:CipherData>'
    "</enc:EncryptedData></encryption>"
)


def test_drm_is_named_and_font_obfuscation_is_none(maker):
    locked = ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/a.xhtml")
    refused(maker.write({"a.xhtml": PROSE}, files={"META-INF/encryption.xml": locked}), "DRM")
    refused(
        maker.write(
            {"a.xhtml": PROSE}, files={"META-INF/encryption.xml": locked, "META-INF/rights.xml": "<r/>"}
        ),
        "Adobe",
    )
    fonts = ENCRYPTION.format("http://www.idpf.org/2008/embedding", "OEBPS/f.otf")
    assert "harbour" in texts(
        read_book([maker.write({"a.xhtml": PROSE}, files={"META-INF/encryption.xml": fonts})])
    )


@pytest.mark.parametrize(
    "codec, declared",
    [
        ("utf-16", "utf-16"),
        ("utf-8-sig", "utf-8"),
        ("latin-1", "iso-8859-1"),
        ("cp1251", "windows-1251"),
        ("shift_jis", "Shift_JIS"),
        ("utf-16-le", "utf-16"),
        ("cp1252", None),
    ],
)
def test_encodings(codec, declared):
    word = {"cp1251": "Привет", "shift_jis": "こんにちは"}.get(codec, "café")
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    root, _ = parse(f"{head}<html><body><p>{word}</p></body></html>".encode(codec), "a.xhtml")
    assert "".join(root.itertext()) == word


def test_decoding_never_fails():
    for data in (
        b"",
        b"\xff\xfe",
        b"\0\0\0",
        bytes(range(256)),
        b'<?xml encoding="nonsense"?>\xe9',
        b'<?xml version="1.0" encoding="utf-7"?>x',
    ):
        assert isinstance(decode(data), str)


@pytest.mark.parametrize(
    "body",
    [
        "<p>One<p>Two & three",
        "<p>One <b>bold <i>both</b> it</i> end",
        "<p>5 < 6 and AT&T</p>",
        "<P ALIGN=left>Capitals<BR>unquoted</P>",
        "<p epub:type='x' foo:bar='y'>Prefixes</p>",
        "<p>Nul\0 and \x07bell</p>",
        "<p>unknown &nosuch; entity</p>",
        "<p>a]]>b</p>",
        "<p <p>tags</p>",
        "</div></p>stray<p>x",
        "<p>&#0;&#x110000;&#xD800;x</p>",
    ],
)
def test_malformed_xhtml_loses_no_words(maker, body):
    book = maker.read(
        {"a.xhtml": body.encode() if "\0" in body else body + PROSE}
        if "\0" not in body
        else {"a.xhtml": f"<html><body>{body}{PROSE}</body></html>".encode()}
    )
    assert "harbour" in texts(book)


def test_a_self_closing_title_or_script_swallows_nothing(maker):
    page = (
        f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x.js"/>'
        f'</head><body><a id="q"/>{PROSE}<p>open</body></html>'
    )
    assert "harbour" in texts(maker.read({"a.xhtml": page}))


def test_control_and_direction_characters_leave_titles(maker):
    book = maker.read(
        {"a.xhtml": f"<h1>One</h1>{PROSE}"},
        [("One\u202egnp.exe\u2066", "a.xhtml")],
        title="A \u202eBook\u200f",
    )
    assert book.title == "A Book" and book.chapters[0].title == "Onegnp.exe"


def test_an_entry_without_a_name_is_passed_over(maker):
    path = maker.write({"a.xhtml": PROSE}, files={"zz.css": ""})
    path.write_bytes(path.read_bytes().replace(b"zz.css", b"\0z.css"))
    assert [chapter.title for chapter in read_book([path]).chapters]


def test_duplicates_and_missing_files(maker):
    path = maker.write(
        {"a.xhtml": PROSE, "b.xhtml": PROSE},
        spine=["a.xhtml", "a.xhtml", "b.xhtml"],
        items='<item id="m" href="missing.xhtml" media-type="application/xhtml+xml"/>',
    )
    data = io.BytesIO(path.read_bytes())
    with pytest.warns(UserWarning), zipfile.ZipFile(data, "a") as archive:
        archive.writestr("OEBPS/b.xhtml", "<html><body><p>Later copy.</p></body></html>")
    path.write_bytes(data.getvalue())
    book = read_book([path])
    assert texts(book).count("harbour") == 1 and "Later copy." in texts(book)
    assert any("twice" in warning for warning in book.warnings)


def test_remote_and_foreign_spine_items(maker):
    items = (
        '<item id="r" href="http://127.0.0.1:1/x.xhtml" media-type="application/xhtml+xml"/><item id="j" '
        'href="x.jpg" media-type="image/jpeg"/>'
    )
    path = maker.write({"a.xhtml": PROSE}, items=items)
    text = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(text)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    opf = (
        files["OEBPS/content.opf"]
        .decode()
        .replace("</spine>", '<itemref idref="r"/><itemref idref="j"/><itemref idref="gone"/></spine>')
    )
    book = read_book([maker.write({"a.xhtml": PROSE}, files={"OEBPS/content.opf": opf})])
    assert "harbour" in texts(book) and len(book.warnings) >= 2


@pytest.mark.parametrize("data", [b"<html><body>Not found</body></html>", b"%PDF-1.7", b"\0" * 40, b""])
def test_a_cover_that_is_no_image(maker, data):
    assert covered(maker, data).cover is None


def test_a_cover_that_only_begins_as_an_image(maker):
    """It is told from others by its first bytes; who opens it leaves it out and says why, and the book is made."""
    cover = covered(maker, b"GIF89a").cover
    assert cover is not None and cover.media_type == "image/gif"
    shown, why = own_cover(cover)
    assert shown is None and why and "left out" in why and "\n" not in why


def covered(maker, data: bytes):
    """A book that names a cover with these bytes in it."""
    metadata, items = (
        '<meta name="cover" content="c"/>',
        '<item id="c" href="c.jpg" media-type="image/jpeg"/>',
    )
    return read_book(
        [maker.write({"a.xhtml": PROSE}, metadata=metadata, items=items, files={"OEBPS/c.jpg": data})]
    )


def test_unknown_formats_are_named(tmp_path):
    path = tmp_path / "book.pdf"
    path.write_bytes(b"%PDF-1.4")
    refused(path, r"\.pdf")


def chained(maker, items: str, idref: str, files: dict) -> Book:
    """A book whose spine ends in an item of the given manifest lines."""
    path = maker.write({"a.xhtml": PROSE}, items=items)
    with zipfile.ZipFile(path) as archive:
        opf = archive.read("OEBPS/content.opf").decode()
    opf = opf.replace("</spine>", f'<itemref idref="{idref}"/></spine>')
    return maker.read({"a.xhtml": PROSE}, files={"OEBPS/content.opf": opf, **files})


FOREIGN = (
    '<item id="x" href="x.bin" media-type="application/x-demo" fallback="y"/>'
    '<item id="y" href="y.svg" media-type="image/svg+xml" fallback="z"/>'
    '<item id="z" href="z.xhtml" media-type="application/xhtml+xml" fallback="x"/>'
)


def test_a_foreign_spine_item_is_read_by_its_chain_of_fallbacks(maker):
    drawn = '<svg xmlns="http://www.w3.org/2000/svg"><text>A drawing.</text></svg>'
    written = "<html><body><p>The chain ends in words.</p></body></html>"
    files = {"OEBPS/x.bin": b"\1\2", "OEBPS/y.svg": drawn, "OEBPS/z.xhtml": written}
    book = chained(maker, FOREIGN, "x", files)
    assert "The chain ends in words." in texts(book) and not unaccounted(book)
    del files["OEBPS/z.xhtml"]
    book = chained(maker, FOREIGN, "x", files)
    assert "words." not in texts(book) and not unaccounted(book)


def test_of_a_switch_one_form_is_read(maker):
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi><mo>+</mo><mn>1</mn></math>'
    body = (
        '<p>So <epub:switch><epub:case required-namespace="http://www.w3.org/1998/Math/MathML">{case}</epub:case>'
        "<epub:default>{default}</epub:default></epub:switch> it was.</p>" + PROSE
    )
    book = maker.read({"a.xhtml": body.format(case=math, default="x plus one")})
    assert "So x plus one it was." in texts(book) and not unaccounted(book)
    book = maker.read({"a.xhtml": body.format(case="ex plus one", default='<img src="x.png" alt=""/>')})
    assert "So ex plus one it was." in texts(book) and not unaccounted(book)
