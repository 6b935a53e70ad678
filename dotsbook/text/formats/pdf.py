"""A PDF with a text layer → a Manuscript: running heads and page numbers left out, hyphens and columns joined.

pdfminer.six (MIT) says where each line stands; what is a paragraph, a heading or a running head is decided by
parts/pdf_lines.py over the whole book. A scan has no text to read: it is refused, with what reads scans.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.formats.parts.page_tree import one_page
from dotsbook.text.formats.parts.pdf_lines import PdfPage, page_of
from dotsbook.text.formats.parts.pdf_paragraphs import write_pages
from dotsbook.text.formats.parts.whole_file import whole_file
from dotsbook.text.formats.table import ManuscriptFormat

FEW = 40  # visible characters a page, on average, under which a PDF is a scan
MOST_PAGES = 5000
DETAIL_PAGES = 40  # that tell a book's language and whether it is a scan
LARGEST = 200_000_000  # bytes


def read_pdf(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """A PDF as a manuscript. SourceError when it can't be read, is locked or is a scan."""
    pages, details, outline = opened(path)
    if is_scan(pages):
        letters = letters_on(pages)
        raise SourceError(
            f"{path} is a scan: {len(pages)} pages with {letters} characters of text. Have it read first, e.g. by "
            "OCRmyPDF (`ocrmypdf in.pdf out.pdf`), and look the words over."
        )
    return manuscript_of(path, reading, prefix, pages, details, outline)


def read_details(path: Path) -> Manuscript:
    """The same of a book's first pages: they tell all but its text, and a page takes a tenth of a second."""
    pages, details, outline = opened(path, DETAIL_PAGES)
    if is_scan(pages):  # it may begin with pictures
        return read_pdf(path, Reading())
    return manuscript_of(path, Reading(), "", pages, details, outline)


def manuscript_of(
    path: Path,
    reading: Reading,
    prefix: str,
    pages: list[PdfPage],
    details: dict[str, str],
    outline: list[tuple[int, str]],
) -> Manuscript:
    details["title"] = details.get("title") or path.stem
    return one_page(write_pages(pages, outline), prefix.rstrip("/") or path.name, reading, details)


def letters_on(pages: list[PdfPage]) -> int:
    return sum(len(line.text.replace(" ", "")) for page in pages for line in page.lines)


def is_scan(pages: list[PdfPage]) -> bool:
    return letters_on(pages) < FEW * max(1, len(pages))


def opened(
    path: Path, most: int | None = None
) -> tuple[list[PdfPage], dict[str, str], list[tuple[int, str]]]:
    """(pages of lines, what the file says of itself, its outline: (level, title)). most: of its first pages."""
    import io
    import logging
    import struct
    import zlib

    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFSyntaxError
    from pdfminer.psexceptions import PSException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its remarks on fonts are no user's business
    data = whole_file(path, LARGEST)
    try:
        return parsed(io.BytesIO(data), path, most)
    except PDFPasswordIncorrect as error:
        raise SourceError(
            f"{path} is locked with a password; dotsbook reads only books that are free of locks."
        ) from error
    except (
        PDFSyntaxError,
        PSException,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        OverflowError,
        struct.error,
        zlib.error,
    ) as error:
        raise SourceError(
            f"{path} is a PDF that can't be read ({type(error).__name__}: {error}); open it in a reader and print it "
            "to a new PDF."
        ) from error
    except RecursionError as error:
        raise SourceError(
            f"{path} nests its objects without end, which no book does; it is refused."
        ) from error


def parsed(
    stream, path: Path, most: int | None
) -> tuple[list[PdfPage], dict[str, str], list[tuple[int, str]]]:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser

    document = PDFDocument(PDFParser(stream))
    return list(islice(pages_of(document, path), most)), said(document), outline_of(document)


def pages_of(document, path: Path) -> Iterator[PdfPage]:
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None))
    interpreter = PDFPageInterpreter(resources, device)
    for number, page in enumerate(PDFPage.create_pages(document)):
        if number >= MOST_PAGES:
            raise SourceError(f"{path} has over {MOST_PAGES:,} pages, which no book does; it is refused.")
        interpreter.process_page(page)
        yield page_of(device.get_result())


def said(document) -> dict[str, str]:
    """Title and author, where the file names them."""
    from pdfminer.utils import decode_text

    found: dict[str, str] = {}
    for info in document.info:
        for key, name in (("Title", "title"), ("Author", "author")):
            value = info.get(key)
            text = decode_text(value).strip() if isinstance(value, bytes) else ""
            if text and not text.lower().endswith((".doc", ".docx", ".indd", ".tex", ".qxd")):
                found.setdefault(name, text)
    return found


def outline_of(document) -> list[tuple[int, str]]:
    from pdfminer.pdfdocument import PDFNoOutlines

    try:
        return [(level, " ".join(title.split())) for level, title, *_ in document.get_outlines()]
    except PDFNoOutlines:
        return []


def is_one(head: bytes, names: Collection[str]) -> bool:
    return head.lstrip()[:5] == b"%PDF-"


FORMAT = ManuscriptFormat("PDF", (".pdf",), is_one, read_pdf, read_details)
