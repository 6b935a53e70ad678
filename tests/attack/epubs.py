"""EPUBs meant to harm, made in code: name → bytes. Nothing here is a file of anyone's."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
OPF = (
    '<?xml version="1.0"?>{doctype}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
    "<metadata "
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier><dc:title>{title}</dc:title>'
    "<dc:creator>{author}</dc:creator><dc:language>{language}</dc:language></metadata><manifest>"
    '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    '<item id="a" href="{href}" media-type="application/xhtml+xml"/>{items}</manifest>'
    '<spine>{spine}<itemref idref="a"/></spine></package>'
)
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc">'
    "<ol>{}</ol></nav></body></html>"
)
PROSE = "<p>He walked down to the harbour and looked at the ships.</p>"


def page(body: str, head: str = "", doctype: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{doctype}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title>'
        f"{head}</head><body>{body}</body></html>"
    )


def packed(
    body: str | bytes = PROSE,
    *,
    nav: str = '<li><a href="a.xhtml">One</a></li>',
    files: dict | None = None,
    times: Callable[[zipfile.ZipFile], None] = lambda archive: None,
    **opf: str,
) -> bytes:
    """An EPUB with one page; `opf` fills the package's blanks, `files` adds or replaces, `times` may add entries."""
    blanks = {
        "doctype": "",
        "title": "A Book",
        "author": "N. N.",
        "language": "en",
        "href": "a.xhtml",
        "items": "",
        "spine": "",
    } | opf
    contents = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": OPF.format(**blanks),
        "OEBPS/nav.xhtml": NAV.format(nav),
        "OEBPS/a.xhtml": body if isinstance(body, bytes) or body.startswith("<?xml") else page(body),
    } | (files or {})
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
        times(archive)
    return memory.getvalue()


def laughs(depth: int = 10) -> str:
    lines = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth))
    return f"<!DOCTYPE html [{lines}]>"


def nested_zip(levels: int = 6) -> bytes:
    data = b"\0" * 1_000_000
    for level in range(levels):
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(4):
                archive.writestr(f"{level}-{copy}.zip", data)
        data = memory.getvalue()
    return data


def claiming(size: int) -> bytes:
    """A page whose size in the directory is a lie."""
    data = bytearray(packed())
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(b"OEBPS/a.xhtml"))
    data[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(data)


def overlapping() -> bytes:
    """Many directory entries for one stretch of data, as in Fifield's bomb."""
    body = page("<p>" + "a" * 3_000_000 + "</p>").encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stored = packer.compress(body) + packer.flush()
    local = (
        struct.pack(
            "<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, zlib.crc32(body), len(stored), len(body), 5, 0
        )
        + b"0.htm"
        + stored
    )
    checksum = zlib.crc32(body)
    names = [f"{number:04}.h" for number in range(5000)]
    directory = b"".join(
        struct.pack(
            "<IHHHHHHIIIHHHHHII",
            0x02014B50,
            20,
            20,
            0,
            8,
            0,
            0,
            checksum,
            len(stored),
            len(body),
            len(name),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + name.encode()
        for name in names
    )
    return (
        local
        + directory
        + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 5000, 5000, len(directory), len(local), 0)
    )


def entries(count: int) -> Callable[[zipfile.ZipFile], None]:
    def add(archive: zipfile.ZipFile) -> None:
        for number in range(count):
            archive.writestr(f"x/{number}", b"")

    return add


def climbing(archive: zipfile.ZipFile) -> None:
    for name in (
        "../../pwned",
        "/tmp/pwned",
        "..\\..\\pwned",
        "C:\\pwned",
        "OEBPS/../../../pwned",
        "a\0b",
        "con",
        "." * 300,
    ):
        archive.writestr(name, "pwned")
    link = zipfile.ZipInfo("OEBPS/link.xhtml")
    link.external_attr = 0o120777 << 16
    archive.writestr(link, "/etc/passwd")


XXE = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>'
COVER = '<item id="c" href="c.png" properties="cover-image" media-type="image/png"/>'

HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip slip": lambda: packed(times=climbing),
    "a link in the archive": lambda: packed(href="link.xhtml", times=climbing),
    "a bomb by ratio": lambda: packed(b"<html><body><p>" + b"a" * 80_000_000),
    "a bomb by count": lambda: packed(times=entries(60_000)),
    "a bomb of overlaps": overlapping,
    "zips in zips": lambda: packed(files={"OEBPS/a.zip": nested_zip()}),
    "a page that is a zip": lambda: packed(nested_zip(2)),
    "1 GB claimed": lambda: claiming(1_000_000_000),
    "4 GB claimed": lambda: claiming(2**32 - 1),
    "0 bytes claimed": lambda: claiming(0),
    "external entities": lambda: packed(page(f"<p>&x;</p>{PROSE}", doctype=XXE)),
    "external entities in the package": lambda: packed(doctype=XXE.replace("html", "package"), title="&x;"),
    "a billion laughs": lambda: packed(page(f"<p>&l9;</p>{PROSE}", doctype=laughs())),
    "a billion laughs in the package": lambda: packed(
        doctype=laughs().replace("html", "package"), title="&l9;"
    ),
    "a quadratic blowup": lambda: packed(
        page("<p>" + "&e;" * 50_000 + "</p>", doctype=f'<!DOCTYPE html [<!ENTITY e "{"x" * 50_000}">]>')
    ),
    "10 MB of attributes": lambda: packed(
        "<p " + " ".join(f'a{n}="{n}"' for n in range(500_000)) + f">x</p>{PROSE}"
    ),
    "one attribute of 10 MB": lambda: packed(f'<p class="{"x " * 5_000_000}">x</p>{PROSE}'),
    "100,000 nested tags": lambda: packed("<div>" * 100_000 + "x" + "</div>" * 100_000),
    "100,000 open tags": lambda: packed("<b><i>" * 50_000 + PROSE),
    "a deep table of contents": lambda: packed(
        nav='<li><a href="a.xhtml">x</a><ol>' * 3000 + "</ol></li>" * 3000
    ),
    "a wide table of contents": lambda: packed(nav='<li><a href="a.xhtml#x">x</a></li>' * 50_000),
    "a table of contents of itself": lambda: packed(
        nav='<li><a href="nav.xhtml">x</a></li><li><a href="#">y</a></li>', spine='<itemref idref="n"/>' * 50
    ),
    "a spine of 50,000": lambda: packed(spine='<itemref idref="a"/>' * 50_000),
    "a manifest of 20,000": lambda: packed(
        items="".join(
            f'<item id="i{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(20_000)
        )
    ),
    "absolute and climbing hrefs": lambda: packed(href="../../../../etc/passwd"),
    "an href to a file": lambda: packed(href="file:///etc/passwd"),
    "remote resources": lambda: packed(
        f'<img src="http://127.0.0.1:9/x.png"/><script src="http://127.0.0.1:9/x.js"></script>{PROSE}',
        href="http://127.0.0.1:9/a.xhtml",
    ),
    "scripts": lambda: packed(
        f'<script>while(1);</script><p onclick="x()">a</p><a href="javascript:x()">b</a>{PROSE}'
    ),
    "a CSS bomb": lambda: packed(page(PROSE, "<style>" + "a{" * 200_000 + "</style>")),
    "a sheet of 5 MB": lambda: packed(
        page(PROSE, '<link rel="stylesheet" href="s.css"/>'),
        files={"OEBPS/s.css": "".join(f".c{n} > p:not(.x) {{ display: none }}\n" for n in range(120_000))},
    ),
    "an import loop": lambda: packed(
        page(PROSE, '<link rel="stylesheet" href="s.css"/>'), files={"OEBPS/s.css": '@import "s.css";' * 1000}
    ),
    "mixed encodings": lambda: packed(
        page("<p>café</p>" + PROSE).encode("utf-16") + "<p>é</p>".encode("latin-1")
    ),
    "NULs": lambda: packed(page("<p>a\0b</p>" + PROSE).encode() + b"\0" * 1000),
    "lone surrogates": lambda: packed(page("<p>&#xD800;&#xDFFF; a</p>" + PROSE).encode() + b"\xed\xa0\x80"),
    "bidi overrides": lambda: packed(
        f"<h1>One\u202egnp.exe\u2066</h1>{PROSE}", title="A \u202eBook\u2066", author="\u202dN."
    ),
    "a title of 5,000 letters": lambda: packed(title="T" * 5000, author="A" * 5000),
    "a title that climbs": lambda: packed(title="../../../pwned", author="/etc/passwd"),
    "a title of YAML": lambda: packed(
        title='x"\noutput: {folder: ../x}\n#', author="${source} $title", language='en"\nengine: x'
    ),
    "a title of markup": lambda: packed(
        title="&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;", author="[bold]x[/]"
    ),
    "a language that is none": lambda: packed(language="../../x"),
    "a language of 5,000 letters": lambda: packed(language="e" * 5000),
    "a cover that is none": lambda: packed(
        items=COVER, files={"OEBPS/c.png": b"\x89PNG\r\n\x1a\n" + b"\xff" * 100}
    ),
    "a cover of 70 MB": lambda: packed(items=COVER, files={"OEBPS/c.png": b"\x89PNG" + bytes(70_000_000)}),
    "a paragraph of 700 kB": lambda: packed("<p>" + "word " * 140_000 + "</p>"),
    "a word of 1 MB": lambda: packed("<p>" + "w" * 1_000_000 + "</p>"),
    "a sentence of marks": lambda: packed(
        "<p>" + "\u0301" * 200_000 + "</p><p>" + "\u200d" * 200_000 + "</p>" + "!?" * 100_000 + PROSE
    ),
    "quotes that never close": lambda: packed("<p>" + "“‘" * 50_000 + "x</p>" + PROSE),
    "a table of 8,000 cells": lambda: packed("<table><tr>" + "<td>x</td>" * 8_000 + "</tr></table>"),
    "5,000 notes": lambda: packed(
        "".join(f'<p>x<a href="#n{n}">{n}</a></p>' for n in range(5_000))
        + "".join(f'<p id="n{n}"><a href="#">{n}</a> note</p>' for n in range(5_000))
    ),
    "a cut archive": lambda: packed()[:700],
    "a directory elsewhere": lambda: packed().replace(b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 4),
    "nothing": lambda: b"",
}
