"""EPUBs as careless tools, half downloads and other people's habits make them: name → (bytes, what must come of it).

What must come of it is WHOLE, both sentences read; ONE, the second sentence, where the first isn't there to be read;
or a pattern that the sentence of refusal holds. No file of anyone's is in here.
"""

import unicodedata
import zipfile
import zlib
from collections.abc import Callable

from two_pages import (
    FIRST,
    ITEMS,
    METADATA,
    NAV,
    NCX,
    NCX_ITEM,
    ONE,
    SPINE,
    WHOLE,
    book,
    container,
    declared,
    encrypted,
    fallback,
    flipped,
    in_a_folder,
    inside,
    moved,
    old_names,
    opf,
    page,
    renamed,
    sixty_four,
    streamed,
    twice,
    utf8_unflagged,
    with_file,
    with_href,
    with_ncx,
    with_opf,
    with_page,
)

LOOP = '<item id="a" href="a.pdf" media-type="application/pdf" fallback="{}"/>'
PREFIXED = (
    '<opf:package xmlns:opf="http://www.idpf.org/2007/opf" version="2.0"><opf:metadata '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A Book</dc:title><dc:language>en</dc:language></opf:metadata>'
    + f"<opf:manifest>{ITEMS}</opf:manifest>{SPINE}</opf:package>".replace("<item ", "<opf:item ")
    .replace("<itemref", "<opf:itemref")
    .replace("<spine", "<opf:spine")
    .replace("</spine", "</opf:spine")
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><text>{}</text></svg>'
OLD_DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd" [<!ENTITY a "b>c"> '
    "<!ENTITY % p SYSTEM 'x'> <!ATTLIST p x CDATA #IMPLIED> <!-- ]> --> ]>"
)
HEADED = f"<h1>One</h1><p>{FIRST}</p>"

BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    # the archive
    "no mimetype": (lambda: book({"mimetype": None}), WHOLE),
    "another mimetype": (lambda: book({"mimetype": "text/plain\n"}), WHOLE),
    "stored": (lambda: book(how=zipfile.ZIP_STORED), WHOLE),
    "bzip2": (lambda: book(how=zipfile.ZIP_BZIP2), WHOLE),
    "lzma": (lambda: book(how=zipfile.ZIP_LZMA), WHOLE),
    "streamed": (streamed, WHOLE),
    "zip64": (sixty_four, WHOLE),
    "junk before": (lambda: b"<html>Your download:</html>\r\n" + book(), WHOLE),
    "junk after": (lambda: book() + b"\0" * 500, WHOLE),
    "a name twice": (lambda: twice(page(HEADED)), WHOLE),
    "two names of one case": (lambda: book({"OEBPS/A.XHTML": page("<p>Another.</p>")}), WHOLE),
    "a picture's checksum is wrong": (lambda: flipped("OEBPS/c.png"), WHOLE),
    "a page's checksum is wrong": (lambda: flipped("OEBPS/a.xhtml"), "damaged or incomplete"),
    "headers name other files": (renamed, "damaged or incomplete"),
    "names of an old PC": (old_names, WHOLE),
    "names in UTF-8 that don't say so": (utf8_unflagged, WHOLE),
    "all in a folder": (lambda: in_a_folder("A Book"), WHOLE),
    "all in a folder, by a Mac": (
        lambda: in_a_folder("A Book", {"__MACOSX/A Book/OEBPS/._content.opf": b"\0\5\x16\7\0\2\0\0Mac OS X"}),
        WHOLE,
    ),
    "an EPUB in a zip": (lambda: inside("book.epub"), "isn't an EPUB"),
    "cut in the middle": (lambda: book()[: len(book()) // 2], "damaged or incomplete"),
    "cut before the end": (lambda: book()[:-10], "damaged or incomplete"),
    "a head and no more": (lambda: b"PK\3\4", "damaged or incomplete"),
    "an empty zip": (lambda: b"PK\5\6" + bytes(18), "isn't an EPUB"),
    "folders as entries": (lambda: book({"OEBPS/": "", "META-INF/": ""}), WHOLE),
    # other files
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "isn't an EPUB"),
    "a MOBI": (lambda: b"A_Book".ljust(60, b"\0") + b"BOOKMOBI" + bytes(100), "isn't an EPUB"),
    "a DOCX": (lambda: in_a_folder("word") and inside("word/document.xml"), "isn't an EPUB"),
    "a page of a shop": (lambda: b"<!DOCTYPE html><html><p>Please sign in</p></html>", "isn't an EPUB"),
    "packed by gzip": (lambda: b"\x1f\x8b\x08" + zlib.compress(book()), "isn't an EPUB"),
    # the container
    "no container": (lambda: book({"META-INF/container.xml": None}), WHOLE),
    "a container that is no XML": (lambda: book({"META-INF/container.xml": "<container><rootfiles"}), WHOLE),
    "an empty container": (lambda: book({"META-INF/container.xml": ""}), WHOLE),
    "a container for another place": (
        lambda: book({"META-INF/container.xml": container("OPS/package.opf")}),
        WHOLE,
    ),
    "a container of two": (
        lambda: book(
            {"META-INF/container.xml": container(more='<rootfile full-path="none.opf" media-type="x"/>')}
        ),
        WHOLE,
    ),
    "a container in UTF-16": (lambda: book({"META-INF/container.xml": container().encode("utf-16")}), WHOLE),
    "a container with ./": (lambda: moved("OEBPS", "./OEBPS"), WHOLE),
    "a container with /": (lambda: moved("OEBPS", "/OEBPS"), WHOLE),
    "a container with backslashes": (
        lambda: book({"META-INF/container.xml": container("OEBPS\\content.opf")}),
        WHOLE,
    ),
    "a package in 漢字": (lambda: moved("Größe 漢字"), WHOLE),
    "a package in 漢字, encoded": (lambda: moved("漢", "%E6%BC%A2"), WHOLE),
    "a package at the top": (
        lambda: book(
            {"META-INF/container.xml": container("content.opf"), "OEBPS/content.opf": None}
            | {"content.opf": opf(ITEMS.replace('href="', 'href="OEBPS/'))}
        ),
        WHOLE,
    ),
    # locks
    "a locked page": (lambda: encrypted("OEBPS/a.xhtml"), "DRM"),
    "a locked page, encoded": (lambda: encrypted("OEBPS%2Fa.xhtml"), "DRM"),
    "a lock of Adobe's": (lambda: encrypted("OEBPS/a.xhtml", **{"META-INF__rights.xml": "<x/>"}), "Adobe"),
    "a lock of LCP's": (lambda: encrypted("OEBPS/a.xhtml", **{"META-INF__license.lcpl": "{}"}), "LCP"),
    "a locked font": (lambda: encrypted("OEBPS/f.otf", **{"OEBPS__f.otf": "x"}), WHOLE),
    "a font out of sight": (
        lambda: encrypted("OEBPS/f.otf", "http://www.idpf.org/2008/embedding", **{"OEBPS__f.otf": "x"}),
        WHOLE,
    ),
    "a list of locks that is no XML": (lambda: book({"META-INF/encryption.xml": "<encryption"}), WHOLE),
    "rights and no locks": (lambda: book({"META-INF/rights.xml": "<rights/>"}), WHOLE),
    # the package
    "prefixes": (lambda: book({"OEBPS/content.opf": PREFIXED}), WHOLE),
    "no namespace": (lambda: with_opf(attributes=""), WHOLE),
    "another namespace": (
        lambda: with_opf(attributes='xmlns="http://openebook.org/namespaces/oeb-package/1.0/"'),
        WHOLE,
    ),
    "no metadata": (lambda: with_opf(metadata=""), WHOLE),
    "a title of nothing": (lambda: with_opf(metadata=METADATA.replace("A Book", " \n ")), WHOLE),
    "no language": (lambda: with_opf(metadata=METADATA.replace("<dc:language>en</dc:language>", "")), WHOLE),
    "a language in words": (lambda: with_opf(metadata=METADATA.replace(">en<", ">English (UK)<")), WHOLE),
    "a title with markup": (
        lambda: with_opf(metadata=METADATA.replace("A Book", "A <i>Book</i> &amp; more")),
        WHOLE,
    ),
    "10,000 subjects": (
        lambda: with_opf(
            metadata=METADATA.replace("</metadata>", "<dc:subject>s</dc:subject>" * 10_000 + "</metadata>")
        ),
        WHOLE,
    ),
    "an entity nobody defined": (
        lambda: with_opf(metadata=METADATA.replace("A Book", "A&nbsp;Book &copy; &foo;")),
        WHOLE,
    ),
    "a bare ampersand": (lambda: with_opf(metadata=METADATA.replace("A Book", "Salt & Road")), WHOLE),
    "a package in UTF-16": (lambda: book({"OEBPS/content.opf": opf().encode("utf-16")}), WHOLE),
    "a mark before the declaration": (lambda: with_opf(before='\ufeff\n <?xml version="1.0"?>'), WHOLE),
    "no spine": (lambda: with_opf(spine=""), "no spine"),
    "an empty spine": (lambda: with_opf(spine="<spine/>"), "no text to narrate"),
    "a spine of strangers": (
        lambda: with_opf(spine='<spine><itemref idref="z"/></spine>'),
        "no text to narrate",
    ),
    "a spine with a stranger": (
        lambda: with_opf(spine=SPINE.replace("<spine>", '<spine><itemref idref="z"/>')),
        WHOLE,
    ),
    "a spine with a page twice": (
        lambda: with_opf(spine=SPINE.replace("</spine>", '<itemref idref="a"/></spine>')),
        WHOLE,
    ),
    "an id twice": (
        lambda: with_opf(items=ITEMS + '<item id="a" href="nav.xhtml" media-type="application/xhtml+xml"/>'),
        WHOLE,
    ),
    "an id for pages and pictures": (
        lambda: with_opf(items='<item id="a" href="c.png" media-type="image/png"/>' + ITEMS),
        WHOLE,
    ),
    "all aside": (lambda: with_opf(spine=SPINE.replace("/>", ' linear="no"/>')), WHOLE),
    "a page missing": (lambda: book({"OEBPS/a.xhtml": None}), ONE),
    "an empty page": (lambda: book({"OEBPS/a.xhtml": ""}), ONE),
    "all pages empty": (
        lambda: book({"OEBPS/a.xhtml": "", "OEBPS/b.xhtml": page(""), "OEBPS/nav.xhtml": None}),
        "no text to narrate",
    ),
    "pages as text/html": (
        lambda: with_opf(items=ITEMS.replace("application/xhtml+xml", "text/html")),
        WHOLE,
    ),
    "pages of no type": (
        lambda: with_opf(items=ITEMS.replace('media-type="application/xhtml+xml"', "")),
        WHOLE,
    ),
    "pages of another type": (
        lambda: with_opf(items=ITEMS.replace("application/xhtml+xml", "application/octet-stream")),
        WHOLE,
    ),
    "a PDF in the spine, and a page to fall back on": (
        lambda: fallback(LOOP.format("aa")),
        WHOLE,
    ),
    "falling back in a circle": (lambda: fallback(LOOP.format("a")), ONE),
    "falling back on nothing": (lambda: fallback(LOOP.format("zz")), ONE),
    "falling back by way of a picture": (
        lambda: fallback(
            LOOP.format("p") + '<item id="p" href="c.png" media-type="image/png" fallback="aa"/>'
        ),
        WHOLE,
    ),
    "fixed layout": (
        lambda: with_opf(
            metadata=METADATA.replace(
                "</metadata>", '<meta property="rendition:layout">pre-paginated</meta></metadata>'
            )
        ),
        WHOLE,
    ),
    # names
    "an href encoded": (lambda: with_href("%61.xhtml"), WHOLE),
    "an href with spaces": (lambda: with_href("chapter one.xhtml", "chapter one.xhtml"), WHOLE),
    "an href with spaces, encoded in the archive": (
        lambda: with_href("chapter%20one.xhtml", "chapter%20one.xhtml"),
        WHOLE,
    ),
    "an href of another case": (lambda: with_href("A.XHTML"), WHOLE),
    "an href with backslashes": (lambda: with_href("text\\a.xhtml", "text/a.xhtml"), WHOLE),
    "an entry with backslashes": (lambda: with_href("text/a.xhtml", "text\\a.xhtml"), WHOLE),
    "an href with a fragment": (lambda: with_href("a.xhtml#top"), WHOLE),
    "an href with a question": (lambda: with_href("a.xhtml?x=1"), WHOLE),
    "an href from the top": (lambda: with_href("/OEBPS/a.xhtml"), WHOLE),
    "an href that climbs and comes back": (lambda: with_href("../OEBPS/./a.xhtml"), WHOLE),
    "an href with a colon": (lambda: with_href("1:a.xhtml", "1:a.xhtml"), WHOLE),
    "an href with a percent sign": (lambda: with_href("100%.xhtml", "100%.xhtml"), WHOLE),
    "an href with a hash in the name": (lambda: with_href("a%23b.xhtml", "a#b.xhtml"), WHOLE),
    "an href with a plus": (lambda: with_href("a+b.xhtml", "a+b.xhtml"), WHOLE),
    "an href composed, a name decomposed": (
        lambda: with_href("café.xhtml", unicodedata.normalize("NFD", "café.xhtml")),
        WHOLE,
    ),
    "an href decomposed, a name composed": (
        lambda: with_href(unicodedata.normalize("NFD", "café.xhtml"), "café.xhtml"),
        WHOLE,
    ),
    "an href with blanks around": (lambda: with_href(" a.xhtml\n"), WHOLE),
    # contents
    "no nav": (lambda: book({"OEBPS/nav.xhtml": None}), WHOLE),
    "a nav that is no markup": (lambda: book({"OEBPS/nav.xhtml": b"\x89PNG\r\n" + bytes(90)}), WHOLE),
    "a nav that leads nowhere": (lambda: book({"OEBPS/nav.xhtml": NAV.replace(".xhtml", ".htm#x")}), WHOLE),
    "a nav that leads elsewhere": (
        lambda: book({"OEBPS/nav.xhtml": NAV.replace("a.xhtml", "http://x.y/")}),
        WHOLE,
    ),
    "a nav of the second chapter only": (
        lambda: book({"OEBPS/nav.xhtml": NAV.replace('<li><a href="a.xhtml">One</a></li>', "")}),
        WHOLE,
    ),
    "a nav backwards": (
        lambda: book(
            {"OEBPS/nav.xhtml": NAV.replace("a.x", "z.x").replace("b.x", "a.x").replace("z.x", "b.x")}
        ),
        WHOLE,
    ),
    "a nav of empty labels": (
        lambda: book({"OEBPS/nav.xhtml": NAV.replace(">One<", "><").replace(">Two<", "> <")}),
        WHOLE,
    ),
    "an NCX only": (
        lambda: book(
            {
                "OEBPS/content.opf": opf(
                    ITEMS.replace(' properties="nav"', "").replace("nav.x", "none.x") + NCX_ITEM,
                    SPINE.replace("<spine", '<spine toc="x"'),
                ),
                "OEBPS/toc.ncx": NCX,
            }
        ),
        WHOLE,
    ),
    "an NCX of itself": (lambda: with_ncx(NCX.replace("a.xhtml", "toc.ncx")), WHOLE),
    "an NCX cut short": (lambda: with_ncx(NCX[:150]), WHOLE),
    "an NCX in the spine": (
        lambda: with_ncx(
            NCX.replace("<nav", "<docTitle><text>%PDF</text></docTitle><nav", 1),
            '<spine><itemref idref="x"/>',
        ),
        WHOLE,
    ),
    # encodings
    "UTF-16, little end first": (lambda: with_file(page(HEADED).encode("utf-16-le")), WHOLE),
    "UTF-16, big end first": (lambda: with_file(b"\xfe\xff" + page(HEADED).encode("utf-16-be")), WHOLE),
    "UTF-32": (lambda: with_file(page(HEADED).encode("utf-32")), WHOLE),
    "says UTF-16, is UTF-8": (lambda: declared("utf-16", "utf-8"), WHOLE),
    "says UTF-8, is Latin-1": (lambda: declared("utf-8", "latin-1"), WHOLE),
    "says Latin-1, is Latin-1": (lambda: declared("iso-8859-1", "latin-1"), WHOLE),
    "says what nobody knows": (lambda: declared("x-martian", "utf-8"), WHOLE),
    "says what is no text": (lambda: declared("base64", "utf-8"), WHOLE),
    "says what is a code of a kind": (lambda: declared("rot13", "utf-8"), WHOLE),
    "says punycode": (lambda: declared("punycode", "utf-8"), WHOLE),
    "says UTF-7": (lambda: declared("utf-7", "utf-8"), WHOLE),
    "an old PC's code": (lambda: declared("cp437", "cp437"), WHOLE),
    "Shift_JIS": (lambda: declared("Shift_JIS", "shift_jis", "山路"), WHOLE),
    "two marks": (lambda: with_file(b"\xef\xbb\xbf\xef\xbb\xbf" + page(HEADED).encode()), WHOLE),
    "control characters": (lambda: with_file(page(f"\x0c\x00\x1b<p>{FIRST}</p>\ufffe")), WHOLE),
    # markup
    "tags left open": (lambda: with_page(f"<h1>One<p>{FIRST}<br><img src=x><b>"), WHOLE),
    "a title that closes itself": (lambda: with_page(f"<p>{FIRST}<br></p>", "<title/>"), WHOLE),
    "a script that closes itself": (
        lambda: with_page(f"<p>{FIRST}<br></p>", '<title>T</title><script src="x.js"/>'),
        WHOLE,
    ),
    "a style that closes itself": (
        lambda: with_page(f"<p>{FIRST}<br></p>", "<title>T</title><style/>"),
        WHOLE,
    ),
    "a textarea that closes itself": (lambda: with_page(f"<textarea/><iframe/><p>{FIRST}<br></p>"), WHOLE),
    "a link that closes itself": (lambda: with_page(f'<h1><a id="x"/>One</h1><p><i/>{FIRST}<br></p>'), WHOLE),
    "entities of HTML": (lambda: with_page(f"<h1>Caf&eacute;&nbsp;</h1><p>{FIRST}</p>"), WHOLE),
    "entities of nobody": (lambda: with_page(f"<h1>One &foo; &#0; &#x110000; &</h1><p>{FIRST}</p>"), WHOLE),
    "an attribute twice": (lambda: with_page(f'<p class="a" class="b" id=x>{FIRST}</p>'), WHOLE),
    "capital letters": (lambda: with_file(f"<HTML><BODY><H1>One</H1><P>{FIRST}</BODY></HTML>"), WHOLE),
    "no html": (lambda: with_file(f"<p>{FIRST}</p>"), WHOLE),
    "no tags": (lambda: with_file(FIRST), WHOLE),
    "two bodies": (
        lambda: with_file(f"<html><body><p>x</p></body><body><p>{FIRST}</p></body></html>"),
        WHOLE,
    ),
    "text after the end": (lambda: with_file(f"<html><body><p>x</p></body></html><p>{FIRST}</p>"), WHOLE),
    "two documents in one": (lambda: with_file(page("<p>x</p>") + page(f"<p>{FIRST}</p>")), WHOLE),
    "blanks before the declaration": (lambda: with_file(f'\n\n <?xml version="1.0"?>{page(HEADED)}'), WHOLE),
    "XML 1.1": (lambda: with_file(f'<?xml version="1.1"?>{page(HEADED)}'), WHOLE),
    "an old document type": (lambda: with_file(f"{OLD_DOCTYPE}{page(HEADED)}"), WHOLE),
    "a document type without end": (lambda: with_file(f"<!DOCTYPE html [{page(HEADED)}"), WHOLE),
    "CDATA": (lambda: with_page(f"<p><![CDATA[{FIRST}]]></p>"), WHOLE),
    "CDATA that never ends": (lambda: with_page(f"<p>{FIRST}</p><p><![CDATA[x"), WHOLE),
    "a comment that never ends": (lambda: with_page(f"<p>{FIRST}</p><!-- x"), WHOLE),
    "a comment with dashes": (lambda: with_page(f"<!-- a -- b --><p>{FIRST}</p>"), WHOLE),
    "orders to a program": (lambda: with_page(f"<?php echo 1 ?><p>{FIRST}</p><?x y?>"), WHOLE),
    "prefixes of nobody": (
        lambda: with_page(f'<o:p>&nbsp;</o:p><p epub:type="x" w:y="z">{FIRST}</p>'),
        WHOLE,
    ),
    "text in an SVG": (
        lambda: book(
            {
                "OEBPS/a.xhtml": SVG.format(FIRST),
                "OEBPS/content.opf": opf(ITEMS.replace("application/xhtml+xml", "image/svg+xml", 2)),
            }
        ),
        WHOLE,
    ),
    "a page that is a picture": (lambda: with_file(b"\x89PNG\r\n%PDF" + bytes(range(256)) * 9), ONE),
    "a page that is a PDF": (lambda: with_file(b"%PDF-1.4\n1 0 obj"), ONE),
    "pictures only": (
        lambda: book({f"OEBPS/{name}.xhtml": page('<img src="c.png" alt=""/>') for name in "ab"}),
        "no text to narrate",
    ),
    "soft hyphens and no width": (
        lambda: with_page(f"<p>{FIRST}</p>".replace("harb", "ha\u00adr\u200bb")),
        ONE,
    ),
    "returns of an old Mac": (lambda: with_file(page(HEADED.replace("><", ">\r<"))), WHOLE),
    "text in a table in a list in a quotation": (
        lambda: with_page(
            f"<blockquote><ul><li><table><tr><td><div><p>{FIRST}</p></div></td></tr></table></li></ul></blockquote>"
        ),
        WHOLE,
    ),
}
