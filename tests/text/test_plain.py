"""Plain text manuscripts: paragraphs, chapters and verse by their looks."""

import pytest
from bookmaking import said, unaccounted

from dotsbook.errors import SourceError
from dotsbook.text.reader import read_book

WRAPPED = (
    "It was the best of times, it was the worst of times, it was the age of\nwisdom, it was the age of foolishness, "
    "it was the epoch of belief, it was\n"
    "the epoch of incredulity, it was the season of Light.\n\n"
)


@pytest.fixture
def read(tmp_path):
    def reading(text: str | bytes):
        path = tmp_path / "book.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        book = read_book([path])
        assert unaccounted(book) == {}
        return book

    return reading


def titles(book):
    return [chapter.title for chapter in book.chapters]


@pytest.mark.parametrize(
    "first, second",
    [
        ("Chapter 1", "Chapter 2"),
        ("CHAPTER I.", "CHAPTER II."),
        ("CHAPTER ONE", "CHAPTER TWO"),
        ("Kapitel 3", "Kapitel 4"),
        ("Erstes Kapitel", "Zweites Kapitel"),
        ("Chapitre premier", "Chapitre II"),
        ("Capítulo 1", "Capítulo 2"),
        ("Глава 1", "Глава 2"),
        ("第一章", "第二章"),
        ("第1話 海", "第2話 山"),
        ("I", "II"),
        ("1", "2"),
        ("Rozdział 1", "Rozdział 2"),
        ("제1장", "제2장"),
        ("Chapter 1: The Sea", "Chapter 2: The Land"),
        ("ACT I", "ACT II"),
        ("Hoofdstuk 1", "Hoofdstuk 2"),
        ("Bölüm 1", "Bölüm 2"),
    ],
)
def test_chapters(read, first, second):
    assert titles(read(f"{first}\n\n{WRAPPED}{WRAPPED}\n\n{second}\n\n{WRAPPED}")) == [first, second]


def test_hard_wrapped_lines_are_joined(read):
    book = read(WRAPPED + "He said “No.”\n\n" + WRAPPED)
    assert (
        said(book)[0].startswith(
            "It was the best of times, it was the worst of times, it was the age of wisdom"
        )
        and "\n" not in said(book)[0]
    )
    assert said(book)[1] == "He said “No.”"


def test_one_paragraph_a_line(read):
    line = (
        "It was a long line of prose that goes on and on without any end, because the writer's program wraps it "
        "only on the screen, for the eye."
    )
    assert len(said(read("\n".join([line] * 5)))) == 5
    assert (
        len(
            said(
                read(
                    "第一章\n　山路を登りながら、こう考えた。智に働けば角が立つ。情に棹させば流される。意地を通"
                    "せば窮屈だ。\n　住みにくさが高じると、安い所へ引き越したくなる。どこへ越しても住みにくいと悟"
                    "った時。\n"
                )
            )
        )
        >= 2
    )


def test_verse_scenes_emphasis_pictures(read):
    book = read(
        f"CHAPTER I\n\n{WRAPPED}    Roses are red,\n    Violets are blue,\n    Sugar is sweet.\n\n      * * *\n\nHe "
        f"was _very_ late, snake_case.\n\n[Illustration: A cat]\n\n{WRAPPED}"
    )
    texts = said(book)
    assert texts[2] == "Roses are red,\nViolets are blue,\nSugar is sweet."
    assert texts[3] == "He was very late, snake_case."
    assert book.chapters[0].paragraphs[3].scene_before
    assert {skip.reason for skip in book.skipped} == {"ornament", "emphasis mark", "caption"}


def test_project_gutenberg_s_frame_and_contents(read):
    text = (
        f"The Project Gutenberg EBook of A Book\n\nTitle: A Book\n\n*** START OF THE PROJECT GUTENBERG EBOOK A BOOK "
        f"***\n\nProduced by Some One\n\n\nA BOOK\n\nby A. Writer\n\n\n"
        f"CONTENTS\n\nCHAPTER I. The Sea\n\nCHAPTER II. The Land\n\n\n\nCHAPTER I. The "
        f"Sea\n\n{WRAPPED}{WRAPPED}\n\n\nCHAPTER II. The Land\n\n{WRAPPED}"
        "*** END OF THE PROJECT GUTENBERG EBOOK A BOOK ***\n\nSection 1. General Terms\n"
    )
    assert titles(read(text)) == ["CHAPTER I. The Sea", "CHAPTER II. The Land"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(read, codec):
    assert said(read("Élodie said — naïve café.\r\n\r\nSecond.".encode(codec))) == [
        "Élodie said — naïve café.",
        "Second.",
    ]


def test_no_text(read):
    for data in (b"", b"  \n\n", b"\0\1\2" * 100):
        with pytest.raises(SourceError):
            read(data)


def test_title_and_author(read):
    book = read(
        f"THE LONG ROAD\n\nby A. Writer\n\n\n\nCHAPTER I\n\n{WRAPPED}{WRAPPED}\n\nCHAPTER II\n\n{WRAPPED}"
    )
    assert (book.title, book.author, titles(book)) == (
        "The Long Road",
        "A. Writer",
        ["CHAPTER I", "CHAPTER II"],
    )


def test_aozora_s_readings_and_remarks(read):
    book = read(
        "　｜山路《やまみち》を登《のぼ》りながら［＃「登」に傍点］、こう考えた。\n\n　《红楼梦》是书。\n"
    )
    assert said(book) == ["山路を登りながら、こう考えた。", "《红楼梦》是书。"]
    assert {skip.reason for skip in book.skipped} == {"ruby reading", "editor's remark"}
