"""Feeds bytes to the EPUB reader, as a whole file or as one page, nav or package of one. What passes accounts for
every character.

python tests/fuzz/fuzz_epub.py                   with atheris, for as long as it is left to run
"""

import io
import tempfile
import time
import zipfile
from pathlib import Path

from dotsbook.book import Book, visible
from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.reader import read_book

SLOWEST = 10.0  # seconds for one file, on a busy machine
CONTAINER = (
    b'<container><rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/>'
    b"</rootfiles></container>"
)
OPF = (
    b'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A Book</dc:title>'
    b'<dc:creator id="a">A. Writer</dc:creator><meta refines="#a" property="role">aut</meta><dc:language>'
    b"en</dc:language></metadata><manifest>"
    b'<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="n" href="nav.xhtml" properties="nav" '
    b'media-type="application/xhtml+xml"/></manifest>'
    b'<spine toc="n"><itemref idref="a"/><itemref idref="n" linear="no"/></spine><guide><reference type="text" '
    b'href="a.xhtml#x"/></guide></package>'
)
NAV = (
    b'<html><body><nav epub:type="toc"><ol><li><a href="a.xhtml">One</a><ol><li><a href="a.xhtml#x">Two</a></li>'
    b"</ol></li><li><span>Part</span></li></ol></nav></body></html>"
)
PAGE = (
    """<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e "x">]><html xmlns="http://www.w3.org/1999/xhtml"
    xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en"><head><title>T</title>
<style>.h{display:none}</style></head><body epub:type="bodymatter"><section epub:type="chapter"><hgroup><h1
id="x">One</h1><p>Two</p></hgroup><p class="drop"><span class="dropcap">H</span>e
said<a href="#n1" epub:type="noteref">1</a>, <i xml:lang="fr">mot<br/>juste</i> &amp; &nbsp;&e;<sup>2</sup>
m<sup>2</sup>.</p><hr/><p>* * *</p><div class="poem"><div>Roses are red</div><div>violets</div></div>
<table><tr><td epub:type="z3998:persona">Ann</td><td>Hello. <i
epub:type="z3998:stage-direction">Goes.</i></td></tr></table><p><ruby>漢<rt>かん</rt></ruby>字</p><p>
</p><ul><li>a<p>b</p>c</li></ul>
<aside epub:type="footnote" id="n1"><p><a href="#x">1</a> Note.</p></aside><figure><img src="a.png" alt="A
cat"/><figcaption>Cap</figcaption></figure><!-- c --><pre>a
b</pre><svg><text>t</text></svg><span class="pagenum">[12]</span>loose<p class="h">gone</p><h2>Notes</h2><p>1. A
note</p></section></body></html>"""
).encode()
PLACES = ("a.xhtml", "nav.xhtml", "p.opf", "META-INF/container.xml", "META-INF/encryption.xml")
POLICIES = (
    Reading(),
    Reading(footnotes="inline", ruby="reading", alt="read", captions="read", tables="note"),
    Reading(footnotes="chapter-end", speakers="silent", headings="skip", tables="skip"),
)


def packed(place: str, data: bytes) -> bytes:
    """An EPUB whose one file holds `data`."""
    files = {"META-INF/container.xml": CONTAINER, "p.opf": OPF, "a.xhtml": PAGE, "nav.xhtml": NAV} | {place: data}
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


def seeds() -> list[bytes]:
    parts = zip(
        PLACES,
        (
            PAGE,
            NAV,
            OPF,
            CONTAINER,
            b"<encryption><EncryptedData><EncryptionMethod Algorithm='x'/><CipherReference URI='b'/></EncryptedData>"
            b"</encryption>",
        ),
        strict=True,
    )
    return (
        [bytes([number]) + data for number, (_, data) in enumerate(parts)]
        + [b"\0" + PAGE] * 4
        + [b"\xff" + packed("a.xhtml", PAGE)]
    )


def one_input(data: bytes) -> None:
    """The first byte says what the rest is: a file of the archive, or the archive."""
    began = time.perf_counter()
    kind, rest = data[0] if data else 0, data[1:]
    with tempfile.NamedTemporaryFile(suffix=".epub") as file:
        file.write(rest if kind == 255 else packed(PLACES[kind % len(PLACES)], rest))
        file.flush()
        for reading in POLICIES:
            try:
                check(read_book([Path(file.name)], reading, skip=("Two",) if kind > 128 else ()))
            except SourceError as error:
                assert "\n" not in str(error)[:400]
    assert time.perf_counter() - began < SLOWEST


def check(book: Book) -> None:
    """The receipt balances, no paragraphs overlap, every mark lies in its paragraph."""
    left = {name: source.chars for name, source in book.sources.items()}
    spans: dict[str, list[tuple[int, int]]] = {}
    for chapter in book.chapters:
        assert chapter.paragraphs
        for paragraph in chapter.paragraphs:
            text = book.sources[paragraph.source].text
            assert 0 <= paragraph.start < paragraph.end <= len(text)
            assert text[paragraph.start : paragraph.end].strip() == text[paragraph.start : paragraph.end]
            assert all(paragraph.start <= mark.start <= mark.end <= paragraph.end for mark in paragraph.marks), (
                paragraph
            )
            left[paragraph.source] -= visible(text[paragraph.start : paragraph.end])
            spans.setdefault(paragraph.source, []).append((paragraph.start, paragraph.end))
    for skip in book.skipped:
        assert skip.chars > 0
        left[skip.source] -= skip.chars
    assert not any(left.values()), left
    for places in spans.values():
        places.sort()
        assert all(first[1] <= second[0] for first, second in zip(places, places[1:], strict=False))


if __name__ == "__main__":
    from harness import run

    run(one_input)
