"""File names that every system takes."""

from dataclasses import replace

import pytest

from dotsbook.master.about import About
from dotsbook.master.naming import book_name, file_name, numbered


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Salt Road", "The Salt Road"),
        ("AC/DC: Live", "AC-DC - Live"),
        ("What?", "What"),
        ("  dots... ", "dots"),
        ("a\tb\nc", "abc"),
        ("L’été d'Anne", "L’été d'Anne"),
        ("吾輩は猫である", "吾輩は猫である"),
        ("कहानी", "कहानी"),
        ("קֹהֶלֶת", "קֹהֶלֶת"),
        ("🎧", "🎧"),
        ("CON", "_CON"),
        ("com1", "_com1"),
        ("Aux.txt", "_Aux.txt"),
        ("Constance", "Constance"),
        ("", "Untitled"),
        ("///", "---"),
        ("...", "Untitled"),
        ("\u202egnp.exe", "gnp.exe"),
        ("e\u0301", "é"),
        ("a\ud800b", "ab"),
        ('"Quoted"', "'Quoted'"),
    ],
)
def test_names(title, name):
    assert file_name(title) == name


@pytest.mark.parametrize("title", ["x" * 5000, "長" * 5000, "👩‍🚀" * 500])
def test_long_names_are_cut_between_characters(title):
    assert 150 < len(file_name(title).encode()) <= 200


def test_numbers_sort():
    assert [numbered(n, 120, "T") for n in (0, 7, 119)] == ["000 - T", "007 - T", "119 - T"]
    assert numbered(3, 9, " ") == "03 - Chapter 3"


def test_an_incomplete_book_says_so_however_long_its_title():
    about = About("long " * 100, partial=True)
    name = book_name(about)
    assert name.endswith("long (incomplete)") and len(name.encode()) <= 200
    assert book_name(replace(about, partial=False)) == file_name("long " * 100) != name
