"""A good book of two pages, and the ways of careless tools to take it apart: what tests/attack/broken.py is made of.

No file of anyone's is in here.
"""

import io
import zipfile

FIRST, SECOND = "He walked down to the harbour.", "She never came back."
WHOLE, ONE = "whole", "one"
NAMESPACE = 'xmlns="http://www.idpf.org/2007/opf"'
METADATA = (
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier>'
    "<dc:title>A Book</dc:title><dc:language>en</dc:language></metadata>"
)
ITEMS = (
    '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>'
)
SPINE = '<spine><itemref idref="a"/><itemref idref="b"/></spine>'
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc">'
    '<ol><li><a href="a.xhtml">One</a></li><li><a href="b.xhtml">Two</a></li></ol></nav></body></html>'
)
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint id="p"><navLabel><text>One</text></navLabel>'
    '<content src="a.xhtml"/></navPoint><navPoint id="q"><navLabel><text>Two</text></navLabel><content src="b.xhtml"/>'
    "</navPoint></navMap></ncx>"
)
NCX_ITEM = '<item id="x" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'


def container(path: str = "OEBPS/content.opf", more: str = "") -> str:
    return (
        '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        f'{more}<rootfile full-path="{path}" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )


def page(body: str, head: str = "<title>T</title>") -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head><body>{body}</body></html>'


def opf(
    items: str = ITEMS,
    spine: str = SPINE,
    metadata: str = METADATA,
    before: str = "",
    attributes: str = NAMESPACE,
) -> str:
    return f'{before}<package {attributes} version="3.0"><!-- --> {metadata}<manifest>{items}</manifest>{spine}</package>'


def files(changes: dict[str, str | bytes | None]) -> dict[str, str | bytes]:
    """The files of a good book of two pages, with some of them replaced, added, or (None) left out."""
    contents = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container(),
        "OEBPS/content.opf": opf(),
        "OEBPS/nav.xhtml": NAV,
        "OEBPS/a.xhtml": page(f"<h1>One</h1><p>{FIRST}</p>"),
        "OEBPS/b.xhtml": page(f"<h1>Two</h1><p>{SECOND}</p>"),
    } | changes
    return {name: data for name, data in contents.items() if data is not None}


def book(changes: dict | None = None, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", how) as archive:
        for name, data in files(changes or {}).items():
            archive.writestr(name, data)
    return memory.getvalue()


def with_file(first: str | bytes) -> bytes:
    """A book whose first page is this file."""
    return book({"OEBPS/a.xhtml": first})


def with_page(body: str, head: str = "<title>T</title>") -> bytes:
    """A book whose first page has this body."""
    return with_file(page(body, head))


def with_opf(**parts: str) -> bytes:
    return book({"OEBPS/content.opf": opf(**parts)})


def with_href(href: str, name: str = "a.xhtml") -> bytes:
    """A book whose manifest calls its first page otherwise than the archive does."""
    items = ITEMS.replace('href="a.xhtml"', f'href="{href}"')
    page_one = files({})["OEBPS/a.xhtml"]
    return book({"OEBPS/content.opf": opf(items), "OEBPS/a.xhtml": None, f"OEBPS/{name}": page_one})


def with_ncx(ncx: str, spine: str = "<spine>") -> bytes:
    """A book with an NCX and no navigation document."""
    package = opf(ITEMS + NCX_ITEM, SPINE.replace("<spine>", spine))
    return book({"OEBPS/content.opf": package, "OEBPS/nav.xhtml": None, "OEBPS/toc.ncx": ncx})


def declared(encoding: str, written: str, title: str = "Café") -> bytes:
    """A book whose first page says it is in one encoding and is in another."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + page(f"<h1>{title}</h1><p>{FIRST}</p>")
    return with_file(text.encode(written))


def encrypted(
    name: str, algorithm: str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc", **more: str
) -> bytes:
    listed = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
        f'<enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/><enc:CipherData><enc:CipherReference '
        f'URI="{name}"/></enc:CipherData></enc:EncryptedData></encryption>'
    )
    return book(
        {"META-INF/encryption.xml": listed} | {key.replace("__", "/"): value for key, value in more.items()}
    )


def streamed(changes: dict | None = None) -> bytes:
    """A zip written without going back: sizes stand behind the data."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *place: int) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files(changes or {}).items():
            archive.writestr(name, data)
    return pipe.getvalue()


def sixty_four() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files({}).items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(data.encode())
    return memory.getvalue()


def twice(second: str) -> bytes:
    """A zip that holds its first page's name twice."""
    memory = io.BytesIO(book())
    with zipfile.ZipFile(memory, "a") as archive:
        info = zipfile.ZipInfo("OEBPS/a.xhtml")
        archive.NameToInfo.pop("OEBPS/a.xhtml")
        archive.writestr(info, second)
    return memory.getvalue()


def flipped(name: str) -> bytes:
    """A stored file whose checksum doesn't fit."""
    data = bytearray(book({"OEBPS/c.png": bytes(50)}, zipfile.ZIP_STORED))
    at = data.index(name.encode()) + len(name) + 5
    data[at] ^= 0xFF
    return bytes(data)


def renamed() -> bytes:
    """Local headers that name other files than the directory does."""
    data = book()
    return data.replace(b"OEBPS/a.xhtml", b"OEBPS/z.xhtml", 1)


def old_names() -> bytes:
    """Names in the letters of an old PC, and no flag that says otherwise; the package writes them in UTF-8."""
    name = "größe.xhtml"
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        contents = files({"OEBPS/content.opf": opf(ITEMS.replace("a.xhtml", name)), "OEBPS/a.xhtml": None})
        for entry, data in contents.items():
            archive.writestr(entry, data)
        archive.writestr("OEBPS/gr__e.xhtml", files({})["OEBPS/a.xhtml"])
    return memory.getvalue().replace(b"gr__e.xhtml", "größe.xhtml".encode("cp437"))


def utf8_unflagged() -> bytes:
    """Names in UTF-8 without the flag that says so, as many a tool writes them."""
    name = "größe.xhtml".encode()
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        contents = files(
            {"OEBPS/content.opf": opf(ITEMS.replace("a.xhtml", "größe.xhtml")), "OEBPS/a.xhtml": None}
        )
        for entry, data in contents.items():
            archive.writestr(entry, data)
        archive.writestr("OEBPS/" + "_" * len(name), files({})["OEBPS/a.xhtml"])
    return memory.getvalue().replace(b"_" * len(name), name)


def in_a_folder(folder: str, more: dict | None = None) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, data in (
            (more or {}) | {f"{folder}/{name}": data for name, data in files({}).items()}
        ).items():
            archive.writestr(name, data)
    return memory.getvalue()


def moved(folder: str, written: str | None = None) -> bytes:
    """A book whose package lies in this folder; `written`: as the container writes it."""
    contents = files({"META-INF/container.xml": container(f"{written or folder}/content.opf")})
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name.replace("OEBPS", folder), data)
    return memory.getvalue()


def inside(name: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr(name, book())
    return memory.getvalue()


def fallback(items: str, spine: str = "") -> bytes:
    return book(
        {
            "OEBPS/content.opf": opf(ITEMS.replace('id="a"', 'id="aa"') + items, spine or SPINE),
            "OEBPS/a.pdf": b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\nstream\nx\x9c\x8b\xff endstream",
        }
    )
