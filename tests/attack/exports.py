"""Books as shops, converters, word processors and old tools leave them: name → (bytes, what must come of it), as in broken.py."""

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from broken import HEADED
from two_pages import (
    FIRST,
    ITEMS,
    METADATA,
    NAV,
    NCX,
    ONE,
    SPINE,
    WHOLE,
    book,
    container,
    encrypted,
    files,
    opf,
    page,
    with_file,
    with_ncx,
    with_opf,
    with_page,
)

# ── the archive ─────────────────────────────────────────────────────────────────────────────────────────────────────


def packed_as(method: int, name: str = "OEBPS/a.xhtml", flags: int = 0) -> bytes:
    """A book one entry of which says that it is packed (or locked) in another way than it is."""
    data = bytearray(book())
    for signature, method_at, name_at in ((b"PK\3\4", 8, 30), (b"PK\1\2", 10, 46)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            if data[at + name_at :].startswith(name.encode()):
                struct.pack_into("<HH", data, at + method_at - 2, flags, method)
    return bytes(data)


def spoiled(how: int, name: str = "OEBPS/a.xhtml") -> bytes:
    """A book whose first page is packed by `how`, and a byte in the middle of it is another."""
    made = book(
        {name: page(f"<p>{FIRST}</p>" + "".join(f"<p>Line {n} of many.</p>" for n in range(200)))}, how
    )
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        info = archive.getinfo(name)
    data, at = bytearray(made), info.header_offset + 30 + len(name)
    for place in range(at + info.compress_size // 3, at + info.compress_size // 3 + 12):
        data[place] ^= 0xA5
    return bytes(data)


def end_says(**fields: int) -> bytes:
    """A book whose last record lies: about its disks, its number of entries, its directory's size or place."""
    data = bytearray(book())
    at = data.rfind(b"PK\5\6")
    for name, value in fields.items():
        kind, place = {
            "disk": ("<H", 4),
            "here": ("<H", 8),
            "entries": ("<H", 10),
            "size": ("<I", 12),
            "offset": ("<I", 16),
        }[name]
        struct.pack_into(kind, data, at + place, value & (0xFFFF if kind == "<H" else 0xFFFFFFFF))
    return bytes(data)


def noted(comment: bytes) -> bytes:
    data = bytearray(book())
    struct.pack_into("<H", data, len(data) - 2, len(comment))
    return bytes(data) + comment


def with_names(names: list[bytes], flag: int = 0) -> bytes:
    """A book with more entries, of these raw names; `flag`: 0x800 says they are UTF-8."""
    memory = io.BytesIO(book())
    marks = [b"%d" % n * len(name) for n, name in enumerate(names)]
    with zipfile.ZipFile(memory, "a") as archive:
        for mark in marks:
            archive.writestr(mark.decode(), "")
    data = memory.getvalue()
    for mark, name in zip(marks, names, strict=True):
        data = data.replace(mark, name)
    if not flag:
        return data
    out, at = bytearray(data), -1
    while (at := out.find(b"PK\1\2", at + 1)) >= 0:
        if any(out[at + 46 :].startswith(name) for name in names):
            struct.pack_into("<H", out, at + 8, flag)
    return bytes(out)


def linked() -> bytes:
    """The first page is a symbolic link to another file of the book, as `zip -y` packs it."""
    memory = io.BytesIO(book({"OEBPS/a.xhtml": None, "OEBPS/real.xhtml": files({})["OEBPS/a.xhtml"]}))
    with zipfile.ZipFile(memory, "a") as archive:
        link = zipfile.ZipInfo("OEBPS/a.xhtml")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "real.xhtml")
    return memory.getvalue()


def backslashed(case: Callable[[str], str] = str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, data in files({}).items():
            info = zipfile.ZipInfo("x")
            info.filename = case(name).replace("/", "\\")
            archive.writestr(info, data)
    return memory.getvalue()


def cased(case: Callable[[str], str]) -> bytes:
    return book(
        {case(name): data for name, data in files({}).items()}
        | {name: None for name in files({}) if case(name) != name}
    )


def tarred() -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w") as archive:
        info = tarfile.TarInfo("book.epub")
        info.size = len(book())
        archive.addfile(info, io.BytesIO(book()))
    return memory.getvalue()


def palm(kind: bytes) -> bytes:
    return b"A_Book".ljust(60, b"\0") + kind + bytes(200)


def office(names: list[str], mimetype: str = "") -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return memory.getvalue()


# ── locks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def noise(size: int = 4096) -> bytes:
    return random.Random(size).randbytes(size)


def letters(count: int) -> str:
    """As many letters as there are, packed no better than a picture's."""
    return (noise(100_000).hex() * (count // 200_000 + 1))[:count]


def locked_pages(*names: str, **more: str | bytes) -> bytes:
    """Pages that are noise, as a shop's own encryption leaves them, with nothing that says so."""
    return book(
        {f"OEBPS/{name}.xhtml": noise(4096 + n) for n, name in enumerate(names)}
        | {key.replace("__", "/"): value for key, value in more.items()}
    )


# ── packages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def two_levels_up() -> bytes:
    items = ITEMS.replace('href="', 'href="../../text/')
    return book(
        {
            "META-INF/container.xml": container("meta/opf/content.opf"),
            "meta/opf/content.opf": opf(items),
            "OEBPS/content.opf": None,
            **{f"OEBPS/{name}": None for name in ("nav.xhtml", "a.xhtml", "b.xhtml")},
            **{f"text/{name}": files({})[f"OEBPS/{name}"] for name in ("nav.xhtml", "a.xhtml", "b.xhtml")},
        }
    )


def titled(title: str) -> bytes:
    return with_opf(metadata=METADATA.replace("A Book", title))


def spoken_in(*languages: str) -> bytes:
    tags = "".join(f"<dc:language>{language}</dc:language>" for language in languages)
    return with_opf(metadata=METADATA.replace("<dc:language>en</dc:language>", tags))


def covered(data: bytes | str, kind: str = "image/jpeg", name: str = "c.jpg") -> bytes:
    item = f'<item id="c" href="{name}" properties="cover-image" media-type="{kind}"/>'
    return book({"OEBPS/content.opf": opf(ITEMS + item), f"OEBPS/{name}": data})


def png(width: int, height: int, depth: int = 1) -> bytes:
    """A picture that claims this size and is all white, well packed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((width * depth + 7) // 8 + 1) * height, 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def nav_of(body: str) -> bytes:
    start, end = NAV.split("<ol>")[0], "</nav></body></html>"
    return book({"OEBPS/nav.xhtml": f"{start}{body}{end}"})


def split_lines(text: str) -> str:
    """A line as a fixed layout has it: a span a word or less, each in its place."""
    return "".join(
        f'<span style="position:absolute;left:{n}px">{part}</span>'
        for n, part in enumerate(text.split(" ") and [text[i : i + 3] for i in range(0, len(text), 3)])
    )


WORD = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv=Content-Type content="text/html; charset=windows-1252">'
    "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]--><style><!-- p.MsoNormal "
    '{mso-style-parent:""} --></style></head><body lang=EN-US><div class=WordSection1><h1>One<o:p></o:p></h1><p class=MsoNormal>'
    '<![if !supportLists]><span>1.&nbsp;</span><![endif]>He walked down <st1:place w:st="on">to the</st1:place> harbour.'
    "<o:p>&nbsp;</o:p></p></div></body></html>"
)
KOBO = (
    '<div id="book-columns"><div id="book-inner"><h1><span class="koboSpan" id="kobo.1.1">One</span></h1><p><span class="koboSpan" '
    f'id="kobo.2.1">{FIRST} </span></p></div></div><script type="text/javascript" src="kobo.js"></script>'
)
LCP = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:EncryptionMethod Algorithm="{}"/><e:CipherData><e:CipherReference URI="{}"/></e:CipherData></e:EncryptedData>'
    "</encryption>"
)
VOID = f"<h1>One<h1><img src=a.png><br><hr><p>{FIRST}<p><input disabled><wbr>"

ZIPPED = "isn't an EPUB"
KIND = "isn't an EPUB but"
DAMAGED = "damaged or incomplete"

EXPORTS: dict[str, tuple[Callable[[], bytes], str]] = {
    # the archive
    "deflate64": (lambda: packed_as(9), "zip it again"),
    "an unknown packing": (lambda: packed_as(98), "zip it again"),
    "lzma, spoiled": (lambda: spoiled(zipfile.ZIP_LZMA), DAMAGED),
    "bzip2, spoiled": (lambda: spoiled(zipfile.ZIP_BZIP2), DAMAGED),
    "deflate, spoiled": (lambda: spoiled(zipfile.ZIP_DEFLATED), DAMAGED),
    "deflate that says it is lzma": (lambda: packed_as(14), DAMAGED),
    "deflate that says it is bzip2": (lambda: packed_as(12), DAMAGED),
    "locked by a password": (lambda: packed_as(8, flags=1), "password"),
    "locked by WinZip": (lambda: packed_as(99, flags=1), "password"),
    "strongly locked": (lambda: packed_as(8, flags=0x41), "password"),
    "a patch": (lambda: packed_as(8, flags=0x20), "zip it again"),
    "all locked by a password": (lambda: packed_as(8, "META-INF/container.xml", 1), "password"),
    "a directory said to be elsewhere": (lambda: end_says(offset=900), DAMAGED),
    "a directory said to be far away": (lambda: end_says(offset=2**32 - 1), DAMAGED),
    "a directory said to be longer": (lambda: end_says(size=5000), DAMAGED),
    "more entries than there are": (lambda: end_says(entries=60_000, here=60_000), WHOLE),
    "no entries said": (lambda: end_says(entries=0, here=0), WHOLE),
    "the second disk of two": (lambda: end_says(disk=1), WHOLE),
    "a remark of 65,535 letters": (lambda: noted(b"x" * 65_535), WHOLE),
    "a remark that looks like an end": (lambda: noted(b"PK\5\6" + bytes(18)), ZIPPED),
    "a link to another page": (linked, ONE),
    "all names with backslashes": (lambda: backslashed(), WHOLE),
    "all names in capitals": (lambda: cased(str.upper), WHOLE),
    "all names in capitals with backslashes": (lambda: backslashed(str.upper), WHOLE),
    "names in UTF-8 that are none": (lambda: with_names([b"\xff\xfe.txt"], 0x800), DAMAGED),
    "names in Shift_JIS": (
        lambda: with_names(["挿絵.png".encode("shift_jis"), "表紙.jpg".encode("shift_jis")]),
        WHOLE,
    ),
    "a name of 60,000 letters": (lambda: with_names([b"n" * 60_000]), WHOLE),
    "names of nothing but dots": (
        lambda: with_names([b"././././", b"../../../../..", b"////////////"]),
        WHOLE,
    ),
    "a mimetype with a mark": (lambda: book({"mimetype": "\ufeffapplication/epub+zip\r\n"}), WHOLE),
    # other files
    "packed by gzip, for real": (lambda: gzip.compress(book()), KIND),
    "packed by bzip2": (lambda: bz2.compress(book()), KIND),
    "packed by xz": (lambda: lzma.compress(book()), KIND),
    "packed by tar": (tarred, WHOLE),
    "a 7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(200), KIND),
    "a RAR 4": (lambda: b"Rar!\x1a\x07\0" + bytes(200), KIND),
    "a RAR 5": (lambda: b"Rar!\x1a\x07\1\0" + bytes(200), KIND),
    "a MOBI, named": (lambda: palm(b"BOOKMOBI"), "Kindle"),
    "a Palm text": (lambda: palm(b"TEXtREAd"), "Kindle"),
    "a KFX": (lambda: b"\xeaDRMION\xee" + bytes(200), "Kindle"),
    "a KFX container": (lambda: b"CONT\2\0" + bytes(200), "Kindle"),
    "a Topaz": (lambda: b"TPZ0" + bytes(200), "Kindle"),
    "a PDF, named": (lambda: b"%PDF-1.7\n1 0 obj", "PDF"),
    "an RTF": (lambda: rb"{\rtf1\ansi He walked.}", KIND),
    "an old Word document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Word"),
    "a page saved": (lambda: f"<html><body><p>{FIRST}</p></body></html>".encode(), "web page"),
    "a page saved by Windows": (lambda: f"\ufeff<!DOCTYPE HTML><html><p>{FIRST}</p>".encode("utf-16"), KIND),
    "an FB2": (
        lambda: b'<?xml version="1.0"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"/>',
        "FictionBook",
    ),
    "an LIT": (lambda: b"ITOLITLS\1\0\0\0" + bytes(200), KIND),
    "a CHM": (lambda: b"ITSF\3\0\0\0" + bytes(200), KIND),
    "a DjVu": (lambda: b"AT&TFORM\0\0\0\0DJVM", KIND),
    "an image": (lambda: png(10, 10), "picture"),
    "a recording": (lambda: b"ID3\4" + bytes(100), "recording"),
    "an order for Adobe": (lambda: b'<fulfillmentToken xmlns="http://ns.adobe.com/adept"/>', "Adobe"),
    "a licence of LCP": (
        lambda: b'{"provider": "x", "encryption": {"profile": "http://readium.org/lcp/basic-profile"}}',
        "LCP",
    ),
    "text renamed": (lambda: FIRST.encode(), "text"),
    "nothing but noughts": (lambda: bytes(100_000), "noughts"),
    "a DOCX, named": (lambda: office(["[Content_Types].xml", "word/document.xml"]), "Word"),
    "an ODT": (lambda: office(["content.xml"], "application/vnd.oasis.opendocument.text"), "OpenDocument"),
    "a comic": (lambda: office([f"{n:03}.jpg" for n in range(9)]), "pictures"),
    "a zipped page": (lambda: office(["index.html", "images/a.png"]), "web page"),
    "an FB2 in a zip": (lambda: office(["book.fb2"]), "FictionBook"),
    "many EPUBs in a zip": (lambda: office(["one.epub", "two.epub"]), "unpack it"),
    "an app of Apple's": (lambda: office(["Index/Document.iwa", "Metadata/Properties.plist"]), ZIPPED),
    "an audiobook of the W3C": (lambda: office(["publication.json", "one.mp3"]), "recording"),
    # locks
    "a lock of Apple's": (
        lambda: encrypted(
            "OEBPS/a.xhtml", "http://itunes.apple.com/dataenc", **{"META-INF__sinf.xml": "<x/>"}
        ),
        "Apple",
    ),
    "a lock of Barnes & Noble's": (
        lambda: encrypted(
            "OEBPS/a.xhtml", **{"META-INF__rights.xml": '<x xmlns="http://barnesandnoble.com/"/>'}
        ),
        "DRM",
    ),
    "pages that are noise": (lambda: locked_pages("a", "b"), "DRM|locked|encrypted"),
    "a page that is noise": (lambda: locked_pages("a"), ONE),
    "pages that are noise, with rights": (
        lambda: locked_pages("a", "b", **{"rights.xml": "<kdrm/>"}),
        "DRM|locked|encrypted",
    ),
    "a locked package": (lambda: encrypted("OEBPS/content.opf"), "DRM"),
    "a locked package that is noise": (
        lambda: encrypted("OEBPS/content.opf", **{"OEBPS__content.opf": noise()}),
        "DRM",
    ),
    "a package that is noise": (lambda: book({"OEBPS/content.opf": noise()}), "damaged"),
    "a lock that names from its own folder": (
        lambda: book(
            {
                "META-INF/encryption.xml": LCP.format(
                    "http://www.w3.org/2001/04/xmlenc#aes256-cbc", "../OEBPS/a.xhtml"
                )
            }
        ),
        "DRM",
    ),
    "a lock that names from the root": (
        lambda: book(
            {
                "META-INF/encryption.xml": LCP.format(
                    "http://www.w3.org/2001/04/xmlenc#aes256-cbc", "/OEBPS/a.xhtml"
                )
            }
        ),
        "DRM",
    ),
    "a locked picture and a free text": (
        lambda: encrypted("OEBPS/c.png", **{"OEBPS__c.png": noise()}),
        WHOLE,
    ),
    # the container
    "META-INF in small letters": (
        lambda: book({"META-INF/container.xml": None, "meta-inf/container.xml": container()}),
        WHOLE,
    ),
    "a container in a namespace of its own": (
        lambda: book({"META-INF/container.xml": container().replace("urn:oasis", "x:oasis")}),
        WHOLE,
    ),
    "a container in UTF-32": (lambda: book({"META-INF/container.xml": container().encode("utf-32")}), WHOLE),
    "a container for a folder": (
        lambda: book({"META-INF/container.xml": container("OEBPS/"), "OEBPS/": ""}),
        WHOLE,
    ),
    "a container for itself": (
        lambda: book({"META-INF/container.xml": container("META-INF/container.xml")}),
        "spine|package",
    ),
    "a container for a PDF first": (
        lambda: book(
            {
                "META-INF/container.xml": container(
                    more='<rootfile full-path="a.pdf" media-type="application/pdf"/>'
                ),
                "a.pdf": b"%PDF-1.4",
            }
        ),
        WHOLE,
    ),
    "two renditions": (
        lambda: book(
            {
                "META-INF/container.xml": container(
                    more='<rootfile full-path="no/content.opf" media-type="application/oebps-package+xml"/>'
                ),
            }
        ),
        WHOLE,
    ),
    # the package
    "two levels up": (two_levels_up, WHOLE),
    "OEB of 1999": (
        lambda: with_opf(
            metadata='<metadata><dc-metadata xmlns:dc="http://purl.org/dc/elements/1.0/"><dc:Title>A Book</dc:Title><dc:Language>en'
            "</dc:Language></dc-metadata><x-metadata/></metadata>",
            items=ITEMS.replace("application/xhtml+xml", "text/x-oeb1-document"),
            attributes="",
        ),
        WHOLE,
    ),
    "DTBook": (
        lambda: with_opf(items=ITEMS.replace("application/xhtml+xml", "application/x-dtbook+xml")),
        WHOLE,
    ),
    "a language of garbage": (lambda: spoken_in("en_US.UTF-8@x;--../"), WHOLE),
    "a language of three letters": (lambda: spoken_in("eng"), WHOLE),
    "no language at all, in words": (lambda: spoken_in("und"), WHOLE),
    "Klingon": (lambda: spoken_in("tlh"), WHOLE),
    "ten languages": (lambda: spoken_in("x-none", "", "en", "de", "zxx"), WHOLE),
    "a title of no width": (lambda: titled("\u200b\u2060\ufeff"), WHOLE),
    "a title of marks": (lambda: titled("\u0301\u0301"), WHOLE),
    "a title of 10,000 letters": (lambda: titled("Long " * 2000), WHOLE),
    "a title of lines and tabs": (lambda: titled("A\n\tBook\r\n&#9;\u2028&#x85;"), WHOLE),
    "a title that runs backwards": (lambda: titled("\u202e\u2066A Book"), WHOLE),
    "a title of code": (lambda: titled("$title ${source} %(x)s {0} `rm` \\n"), WHOLE),
    "a title of a device": (lambda: titled("CON"), WHOLE),
    "a title of emoji and slashes": (lambda: titled("🛥️/\\👩‍👩‍👧: a “book”?*|"), WHOLE),
    "items of data": (
        lambda: with_opf(
            items=ITEMS + '<item id="d" href="data:text/html;base64,PHA+eDwvcD4=" media-type="text/html"/>'
        ),
        WHOLE,
    ),
    "a page of data": (
        lambda: with_opf(items=ITEMS.replace('href="a.xhtml"', 'href="data:application/xhtml+xml,x"')),
        ONE,
    ),
    "a page on the net": (
        lambda: with_opf(items=ITEMS.replace('href="a.xhtml"', 'href="http://127.0.0.1:9/a.xhtml"')),
        ONE,
    ),
    "an href of nothing": (lambda: with_opf(items=ITEMS.replace('href="a.xhtml"', 'href=""')), ONE),
    "an href of a hash": (lambda: with_opf(items=ITEMS.replace('href="a.xhtml"', 'href="#a"')), ONE),
    "an href of a folder": (lambda: with_opf(items=ITEMS.replace('href="a.xhtml"', 'href="."')), ONE),
    "an href of the package": (
        lambda: with_opf(items=ITEMS.replace('href="a.xhtml"', 'href="content.opf"')),
        ONE,
    ),
    "one file by two ids": (
        lambda: with_opf(
            items=ITEMS + '<item id="a2" href="a.xhtml" media-type="application/xhtml+xml"/>',
            spine=SPINE.replace("<spine>", '<spine><itemref idref="a2"/>'),
        ),
        WHOLE,
    ),
    "a spine of pictures and pages": (
        lambda: with_opf(
            items=ITEMS + '<item id="p" href="p.png" media-type="image/png"/>',
            spine=SPINE.replace("<spine>", '<spine><itemref idref="p"/>'),
        ),
        WHOLE,
    ),
    "a spine of recordings": (
        lambda: book(
            {
                "OEBPS/content.opf": opf(
                    '<item id="a" href="a.mp3" media-type="audio/mpeg"/><item id="b" href="b.mp3" media-type="audio/mpeg"/>'
                ),
                "OEBPS/a.mp3": b"ID3\4" + bytes(500),
            }
        ),
        "no text to narrate",
    ),
    "pages with nothing but recordings": (
        lambda: book(
            {f"OEBPS/{name}.xhtml": page('<audio controls="controls" src="x.mp3"/>') for name in "ab"}
        ),
        "no text to narrate",
    ),
    "a spine of the contents only": (
        lambda: with_opf(spine='<spine><itemref idref="n"/></spine>'),
        "no text to narrate",
    ),
    "linear by a capital NO": (
        lambda: with_opf(spine=SPINE.replace('idref="a"/', 'idref="a" linear="NO"/')),
        ONE,
    ),
    "a package in something that never ends": (lambda: with_opf(before="<x>"), WHOLE),
    "a package with a document type": (
        lambda: with_opf(
            before='<!DOCTYPE package [<!ENTITY t "A Book"><!ATTLIST item href CDATA "x">]>',
            metadata=METADATA.replace("A Book", "&t;"),
        ),
        WHOLE,
    ),
    "a package by XML 1.1": (
        lambda: with_opf(before='<?xml version="1.1" encoding="UTF-8" standalone="no"?>'),
        WHOLE,
    ),
    "a package in UTF-32": (lambda: book({"OEBPS/content.opf": opf().encode("utf-32")}), WHOLE),
    "a package that says UTF-16 and is UTF-8": (
        lambda: with_opf(before='<?xml version="1.0" encoding="UTF-16"?>'),
        WHOLE,
    ),
    # covers
    "a cover by SVG": (
        lambda: covered("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "c.svg"),
        WHOLE,
    ),
    "a cover by WebP": (
        lambda: covered(b"RIFF\x1a\0\0\0WEBPVP8 " + bytes(20), "image/webp", "c.webp"),
        WHOLE,
    ),
    "a cover of no bytes": (lambda: covered(b""), WHOLE),
    "a cover that is a JPEG's head": (lambda: covered(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), WHOLE),
    "a cover that is a JPEG without end": (lambda: covered(b"\xff\xd8" + b"\xff\xe0\0\2" * 20_000), WHOLE),
    "a cover that is a page": (
        lambda: covered(page("<img src='x.jpg'/>"), "application/xhtml+xml", "c.xhtml"),
        WHOLE,
    ),
    "a cover of a hundred megapixels": (lambda: covered(png(10_000, 10_000), "image/png", "c.png"), WHOLE),
    "a cover of four billion pixels a side": (
        lambda: covered(png(2**31 - 1, 1)[:33] + b"x" * 50, "image/png", "c.png"),
        WHOLE,
    ),
    "a cover of no pixels": (lambda: covered(png(0, 0), "image/png", "c.png"), WHOLE),
    # contents
    "contents of fragments only": (
        lambda: nav_of('<ol><li><a href="#a">One</a></li><li><a href="#b">Two</a></li></ol>'),
        WHOLE,
    ),
    "contents in percents": (
        lambda: nav_of(
            '<ol><li><a href="%61.xhtml">One</a></li><li><a href="%62.xhtml#%C3%A9">Two</a></li></ol>'
        ),
        WHOLE,
    ),
    "contents in capitals": (
        lambda: nav_of('<ol><li><a href="A.XHTML">One</a></li><li><a href="B.XHTML">Two</a></li></ol>'),
        WHOLE,
    ),
    "contents backwards": (
        lambda: nav_of('<ol><li><a href="b.xhtml">Two</a></li><li><a href="a.xhtml">One</a></li></ol>'),
        WHOLE,
    ),
    "contents of one name": (
        lambda: nav_of('<ol><li><a href="a.xhtml">x</a></li><li><a href="b.xhtml">x</a></li></ol>'),
        WHOLE,
    ),
    "contents without names": (
        lambda: nav_of('<ol><li><a href="a.xhtml"/></li><li><a href="b.xhtml"> </a></li></ol>'),
        WHOLE,
    ),
    "contents that run": (
        lambda: nav_of(
            '<ol><li><a href="javascript:x()">One</a></li><li><a href="b.xhtml">Two</a></li></ol>'
        ),
        WHOLE,
    ),
    "contents of pictures": (
        lambda: nav_of('<ol><li><a href="a.xhtml"><img src="x.png" alt="One"/></a></li></ol>'),
        WHOLE,
    ),
    "contents with no list": (lambda: nav_of('<a href="a.xhtml">One</a><a href="b.xhtml">Two</a>'), WHOLE),
    "contents of a long name": (
        lambda: nav_of(
            f'<ol><li><a href="a.xhtml">{"Long " * 4000}</a></li><li><a href="b.xhtml">Two</a></li></ol>'
        ),
        WHOLE,
    ),
    "an NCX below nought": (
        lambda: with_ncx(
            NCX.replace('id="p"', 'id="p" playOrder="-7"').replace(
                'id="q"', 'id="p" playOrder="99999999999999999999"'
            )
        ),
        WHOLE,
    ),
    "an NCX of no labels": (
        lambda: with_ncx(NCX.replace("<navLabel><text>One</text></navLabel>", "")),
        WHOLE,
    ),
    "an NCX of no places": (
        lambda: with_ncx(NCX.replace(' src="a.xhtml"', "").replace(' src="b.xhtml"', ' src=""')),
        WHOLE,
    ),
    "an NCX in UTF-16": (
        lambda: book({"OEBPS/content.opf": opf(ITEMS), "OEBPS/nav.xhtml": NCX.encode("utf-16-be")}),
        WHOLE,
    ),
    "an NCX in another namespace": (
        lambda: with_ncx(NCX.replace("www.daisy.org/z3986/2005/ncx/", "x.y/")),
        WHOLE,
    ),
    "an NCX that says it is 3 GB of white space": (
        lambda: with_ncx(NCX.replace("<navMap>", "<navMap>" + " \n" * 500_000)),
        WHOLE,
    ),
    # encodings
    "UTF-32 without a mark": (lambda: with_file(page(HEADED).encode("utf-32-le")), WHOLE),
    "UTF-16 without a mark or a declaration": (lambda: with_file(page(HEADED).encode("utf-16-be")), WHOLE),
    "UTF-16 without a mark, blanks before": (
        lambda: with_file(("\n " + page(HEADED)).encode("utf-16-le")),
        WHOLE,
    ),
    "says unicode_escape": (
        lambda: with_file(
            '<?xml version="1.0" encoding="unicode_escape"?>' + page(HEADED + "<p>a\\u0041b</p>")
        ),
        WHOLE,
    ),
    "says idna": (lambda: with_file(f'<?xml version="1.0" encoding="idna"?>{page(HEADED)}'), WHOLE),
    "says undefined": (lambda: with_file(f'<?xml version="1.0" encoding="undefined"?>{page(HEADED)}'), WHOLE),
    "says hex": (lambda: with_file(f'<?xml version="1.0" encoding="hex"?>{page(HEADED)}'), WHOLE),
    "says ASCII, is UTF-8": (
        lambda: with_file(
            f'<?xml version="1.0" encoding="us-ascii"?>{page(HEADED + "<p>Café</p>")}'.encode()
        ),
        WHOLE,
    ),
    "GB18030": (
        lambda: with_file(
            f'<?xml version="1.0" encoding="GB18030"?>{page(HEADED + "<p>漢字</p>")}'.encode("gb18030")
        ),
        WHOLE,
    ),
    "says Big5, ends in half a letter": (
        lambda: with_file(f'<?xml version="1.0" encoding="Big5"?>{page(HEADED)}'.encode() + b"\xa4"),
        WHOLE,
    ),
    "Latin-1 that says nothing": (lambda: with_file(page(HEADED + "<p>Café</p>").encode("latin-1")), WHOLE),
    "UTF-8 with a byte of Latin-1": (
        lambda: with_file(page(HEADED + "<p>Caf\0 “x”</p>").encode().replace(b"\0", b"\xe9")),
        WHOLE,
    ),
    # markup
    "Word's own page": (lambda: with_file(WORD.encode("cp1252")), WHOLE),
    "Kobo's spans": (lambda: with_page(KOBO), WHOLE),
    "a line in places": (lambda: with_page(f"<p>{split_lines(FIRST)}</p>"), WHOLE),
    "HTML by another name": (
        lambda: with_file(
            f"<!doctype html><html lang=en><head><title>x<meta charset=utf-8></title></head><body>{VOID}"
        ),
        WHOLE,
    ),
    "void tags": (lambda: with_page(VOID), WHOLE),
    "a title without end": (
        lambda: with_file(f"<html><head><title>T</head><body>{HEADED}</body></html>"),
        WHOLE,
    ),
    "a script without end": (lambda: with_page(f"{HEADED}<script>if (a < b) {{"), WHOLE),
    "a page in plaintext": (lambda: with_page(f"<plaintext>{FIRST}"), WHOLE),
    "a page in xmp": (lambda: with_page(f"<xmp>{FIRST}</xmp>"), WHOLE),
    "a page in noscript": (lambda: with_page(f"<noscript><p>{FIRST}</p></noscript>"), ONE),
    "a page in a template": (lambda: with_page(f"<template><p>{FIRST}</p></template><p>x</p>"), ONE),
    "a page in a textarea": (lambda: with_page(f"<textarea>{FIRST}</textarea>"), ONE),
    "a page in an object": (lambda: with_page(f'<object data="x.swf"><p>{FIRST}</p></object>'), ONE),
    "a page in details": (lambda: with_page(f"<details><summary>x</summary><p>{FIRST}</p></details>"), WHOLE),
    "a page in a foreign object": (
        lambda: with_page(
            f'<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">{FIRST}</p></foreignObject></svg>'
        ),
        ONE,
    ),
    "a page in a table that isn't closed": (
        lambda: with_page(f"<table><tr><td>x<p>{FIRST}</p><div>y"),
        WHOLE,
    ),
    "a page without a body": (
        lambda: with_file(f'<html xmlns="http://www.w3.org/1999/xhtml"><head/><p>{FIRST}</p></html>'),
        WHOLE,
    ),
    "text in the head": (lambda: with_file(page(HEADED, f"<title>T</title>{FIRST}")), WHOLE),
    "text between head and body": (
        lambda: with_file(
            f'<html xmlns="http://www.w3.org/1999/xhtml"><head/>{FIRST}<body><p>x</p></body></html>'
        ),
        WHOLE,
    ),
    "frames": (lambda: with_file('<html><frameset cols="1,2"><frame src="b.xhtml"></frameset></html>'), ONE),
    "lines by 3,000 breaks": (lambda: with_page(f"<p>{'x<br/>' * 3000}{FIRST}</p>"), WHOLE),
    "all of it hidden": (lambda: with_page(f'<div style="display:none"><p>{FIRST}</p></div>'), ONE),
    "a base elsewhere": (lambda: with_page(HEADED, '<title>T</title><base href="http://x.y/"/>'), WHOLE),
    "a switch": (
        lambda: with_page(
            '<switch xmlns="http://www.idpf.org/2007/ops"><case required-namespace="x"><p>No.</p></case><default>'
            f'<p xmlns="http://www.w3.org/1999/xhtml">{FIRST}</p></default></switch>'
        ),
        WHOLE,
    ),
    "an attribute of 2 MB": (lambda: with_page(f'<p data-x="{"x" * 2_000_000}">{FIRST}</p>'), WHOLE),
    "a comment of 12 MB": (lambda: with_page(f"<!-- {letters(12_000_000)} --><p>{FIRST}</p>"), WHOLE),
    "a picture of 12 MB in the page": (
        lambda: with_page(f'<img src="data:image/png;base64,{letters(12_000_000)}"/><p>{FIRST}</p>'),
        WHOLE,
    ),
    "50,000 namespaces": (
        lambda: with_page("".join(f'<x xmlns="u:{n}"/>' for n in range(50_000)) + f"<p>{FIRST}</p>"),
        WHOLE,
    ),
    "a name of 100,000 letters": (lambda: with_page(f"<{'x' * 100_000}/><p>{FIRST}</p>"), WHOLE),
    "numbers without end": (
        lambda: with_page(f"<p>{FIRST} &#99999999999999999999; {'9' * 5000} {'XIV' * 900}</p>"),
        WHOLE,
    ),
}
