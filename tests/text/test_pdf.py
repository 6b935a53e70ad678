"""PDFs: running heads and page numbers out, hyphens and columns joined, a scan refused, nothing lost."""

import pytest
from bookmaking import unaccounted
from pdfmaking import column, pdf

from dotsbook.errors import SourceError
from dotsbook.text.reader import read_book

WORDS = (
    "He walked down to the harbour and looked at the ships for a long while and then he went home again and sat by "
    "the fire with a book that he had read so often that he knew most of it by heart."
)


def said(book) -> list[str]:
    return [
        " ".join(book.sources[one.source].text[one.start : one.end].split())
        for chapter in book.chapters
        for one in chapter.paragraphs
    ]


def book_pages(count: int = 6) -> list[list[tuple]]:
    """Pages with a running head and a number; a chapter begins at every other one."""
    pages = []
    for number in range(count):
        lines: list[tuple] = [(120, 30, 8, "The Salt Road"), (180, 520, 8, str(number + 11))]
        if number % 2 == 0:
            lines.append((120, 90, 16, f"Chapter {number // 2 + 1}"))
        lines += column(f"Day {number} came. {WORDS}", 40, 130)
        lines += column(f"Night {number} fell. {WORDS}", 40, 220)
        pages.append(lines)
    return pages


def test_chapters_paragraphs_and_what_repeats_at_the_edges(tmp_path):
    book = read_book([pdf(tmp_path / "a.pdf", book_pages(), "/Title(The Salt Road)/Author(A. Writer)")])
    assert not unaccounted(book)
    assert (book.title, book.author) == ("The Salt Road", "A. Writer")
    assert [chapter.title for chapter in book.chapters] == ["Chapter 1", "Chapter 2", "Chapter 3"]
    paragraphs = said(book)
    assert f"Day 3 came. {WORDS}" in paragraphs and f"Night 5 fell. {WORDS}" in paragraphs
    assert len(paragraphs) == 3 + 12
    reasons = [skip.reason for skip in book.skipped]
    assert reasons.count("running head") == reasons.count("page number") == 6


def test_a_paragraph_goes_on_over_the_page(tmp_path):
    pages = book_pages()
    pages[0] += [
        (40, 460 + 13 * row, 10, "and on it went, line after line, without a stop,") for row in range(4)
    ]
    pages[1] = [(40, 60, 10, "until the page was turned."), *pages[1]]
    text = said(read_book([pdf(tmp_path / "a.pdf", pages)]))
    assert any("without a stop, until the page was turned." in paragraph for paragraph in text)


def test_hyphens_at_line_ends(tmp_path):
    pages = book_pages()
    pages[1] = [
        *pages[1],
        (54, 320, 10, "It was a well-known house, and the har-"),
        (40, 333, 10, "bour behind it was as well-"),
        (40, 346, 10, "known as the house."),
    ]
    book = read_book([pdf(tmp_path / "a.pdf", pages)])
    text = " ".join(said(book))
    assert "the harbour behind it was as well-known as the house." in text and not unaccounted(book)


def test_two_columns_are_read_one_after_the_other(tmp_path):
    pages = []
    for number in range(3):
        left = column(f"Left {number} begins. {WORDS}", 20, 60, 8, 30, 10) + column(WORDS, 20, 240, 8, 30, 10)
        right = column(f"Right {number} begins. {WORDS}", 195, 60, 8, 30, 10) + column(
            WORDS, 195, 240, 8, 30, 10
        )
        pages.append(left + right)
    text = said(read_book([pdf(tmp_path / "a.pdf", pages)]))
    assert text == [
        one
        for number in range(3)
        for one in (f"Left {number} begins. {WORDS}", WORDS, f"Right {number} begins. {WORDS}", WORDS)
    ]


def test_a_scan_is_refused_with_what_reads_scans(tmp_path):
    with pytest.raises(SourceError, match="is a scan: 3 pages with 3 characters.*OCRmyPDF"):
        read_book([pdf(tmp_path / "a.pdf", [[(40, 40, 10, "7")]] * 3)])


@pytest.mark.parametrize("cut", [200, 900, 2000])
def test_a_damaged_pdf_is_read_or_refused_in_a_sentence(tmp_path, cut):
    whole = pdf(tmp_path / "a.pdf", book_pages()).read_bytes()
    (tmp_path / "a.pdf").write_bytes(whole[:cut] + b"\xff" * 40 + whole[cut + 300 :])
    try:
        book = read_book([tmp_path / "a.pdf"])
    except SourceError as error:
        assert "\n" not in str(error)
    else:
        assert not unaccounted(book)
