"""Title and author of a plain text, and the signs that plain texts are marked up with."""

import pytest
from bookmaking import said, unaccounted

from dotsbook.text.formats.parts.plain_particulars import particulars_of
from dotsbook.text.reader import read_book


@pytest.mark.parametrize(
    ("language", "text", "title", "author"),
    [
        ("en", "Title: The Mill\nAuthor: A. Writer\n", "The Mill", "A. Writer"),
        ("fr", "Titre : Le Moulin\nAuteur : A. Meunier\n", "Le Moulin", "A. Meunier"),
        (
            "en",
            "The Project Gutenberg Etext of The Mill, by Ann Writer\n#2 in our series\n",
            "The Mill",
            "Ann Writer",
        ),
        ("de", "***The Project Gutenberg Etext of Die Mühle***\n\nText.\n", "Die Mühle", None),
        (
            "en",
            "Title: The Mill\n  A Tale of Water\nAuthor: A. Writer\n    B. Poet\n",
            "The Mill",
            "A. Writer; B. Poet",
        ),
        ("en", "THE MILL\n\nby\n\nAnn Writer\n\nCHAPTER I\n", "The Mill", "Ann Writer"),
        ("pl", "Jan Młynarz\n\nMŁYN\n\n\nROZDZIAŁ I\n", "Młyn", "Jan Młynarz"),
        ("ja", "水車\n山田花子\n\n-----------\n", "水車", "山田花子"),
        ("en", "My Own Book\n\nTHE FIRST TALE\n\nIt was a mill by the river.\n", None, None),
        ("es", "EL MOLINO\n\nDe pronto llegó el agua.\n\nY se fue.\n", "El Molino", None),
        ("en", "CHAPTER I\n\nIt was a mill by the river.\n", None, None),
        ("en", "It was a mill by the river.\n\nby and by\n", None, None),
    ],
)
def test_title_and_author(language, text, title, author):
    assert particulars_of(text, language) == {
        key: value for key, value in (("title", title), ("author", author)) if value
    }


def read(tmp_path, text: str):
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    book = read_book([path])
    assert not unaccounted(book)
    return book


def test_signs_become_marks_or_are_left_out(tmp_path):
    book = read(
        tmp_path,
        "CHAPTER I\n\nIt was =very= late, and _no one_ came.[1] He sat [Pg 12] down.\n\n"
        "[Illustration: A mill\nby a river]\n\nThe end of it was that a = b.\n",
    )
    texts = said(book)
    assert texts[1:] == ["It was very late, and no one came. He sat down.", "The end of it was that a = b."]
    marks = {mark.kind: texts[1][mark.start : mark.end] for mark in own_marks(book, 1)}
    assert marks == {"strong": "very", "emphasis": "no one"}
    assert {skip.reason for skip in book.skipped} == {"emphasis mark", "note mark", "page number", "caption"}


def own_marks(book, number: int):
    from dotsbook.book import Mark

    paragraph = book.chapters[0].paragraphs[number]
    base = paragraph.start
    return [
        Mark(mark.start - base, mark.end - base, mark.kind) if mark.start >= base else mark
        for mark in paragraph.marks
    ]


def test_page_numbers_far_to_the_right_are_no_chapters(tmp_path):
    page = "The river ran on past the mill, and nobody in the village had ever asked\nwhere it came from, until the"
    text = "CHAPTER I\n\n" + "\n".join(
        f"{page}\n{' ' * 60}{number}\nsummer when it stopped. That was all.\n" for number in range(3, 12)
    )
    book = read(tmp_path, text)
    assert len(book.chapters) == 1
    assert not any(str(number) in " ".join(said(book)) for number in range(3, 12))
    assert any(skip.reason == "page number" for skip in book.skipped)


def test_an_aozora_editor_names_the_headings(tmp_path):
    text = "水車\n山田花子\n\n" + "".join(
        f"［＃５字下げ］{name}［＃「{name}」は中見出し］\n　川は水車のそばを流れていた。誰もどこから来るのか尋ねなかった。\n\n"
        for name in ("川", "村", "夏")
    )
    book = read(tmp_path, text)
    assert [chapter.title for chapter in book.chapters][-3:] == ["川", "村", "夏"]
    assert (book.title, book.author) == ("水車", "山田花子")
