"""Markdown manuscripts: chapters, speakers, phrases, notes, breaks; every character accounted for."""

import contextlib

import pytest
from bookmaking import said, unaccounted

from dotsbook.book import Kind
from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.reader import read_book, read_details


@pytest.fixture
def read(tmp_path):
    def reading(text: str, **policies):
        path = tmp_path / "book.md"
        path.write_text(text, "utf-8")
        book = read_book([path], Reading(**policies))
        assert unaccounted(book) == {}
        return book

    return reading


def titles(book):
    return [chapter.title for chapter in book.chapters]


def spoken(book):
    return [
        text
        for text, paragraph in zip(said(book), [p for c in book.chapters for p in c.paragraphs], strict=True)
        if paragraph.kind is not Kind.HEADING
    ]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("# One\n\nText.\n\n# Two\n\nText.", ["One", "Two"]),
        ("# A Book\n\n## One\n\nText.\n\n## Two\n\nText.", ["One", "Two"]),
        (
            "# Part One\n\n## One\n\nText.\n\n## Two\n\nText.\n\n# Part Two\n\n## Three\n\nText.",
            ["One", "Two", "Three"],
        ),
        (
            "# Chapter 1\n\n## The Sea\n\nText.\n\n# Chapter 2\n\n## The Land\n\nText.",
            ["Chapter 1: The Sea", "Chapter 2: The Land"],
        ),
        ("One\n===\n\nText.\n\nTwo\n===\n\nText.", ["One", "Two"]),
        ("# One {#one .unnumbered}\n\nText.\n\n# Two *and* more\n\nText.", ["One", "Two and more"]),
        ("Text only.\n\nAnd more.", ["book"]),
        ("# Only\n\nText. And a second sentence. And a third one stands here.", ["Only"]),
        ("Before it all.\n\n# One\n\nText.\n\n# Two\n\nText.", ["book", "One", "Two"]),
    ],
)
def test_headings_are_chapters(read, text, expected):
    assert titles(read(text)) == expected


def test_parts_are_kept(read):
    book = read("# Part One\n\n## One\n\nText.\n\n## Two\n\nText.\n\n# Part Two\n\n## Three\n\nText.")
    assert [chapter.part for chapter in book.chapters] == ["Part One", "Part One", "Part Two"]


def test_front_matter_of_the_file(read, tmp_path):
    book = read(
        "---\ntitle: The Salt Road\nauthor: [A. Writer, B. Writer]\nlang: en-gb\ndate: 2020\n---\n\n# "
        "One\n\nText.\n\n# Two\n\nText."
    )
    assert (book.title, book.author, book.language, book.details) == (
        "The Salt Road",
        "A. Writer, B. Writer",
        "en-GB",
        {"date": "2020"},
    )
    assert read_details(tmp_path / "book.md").title == "The Salt Road"


def test_speakers_at_a_paragraph_s_start(read):
    book = read(
        '# One\n\n**Mara:** "Not tonight." She left.\n\n**Mara**: Yes.\n\n**The Old Man:** No.\n\n**Note:** a '
        "remark.\n\n**bold:** words\n\nHe said **loud:** this.\n\n**李雷：**你好。"
    )
    found = [
        (paragraph.speaker, text)
        for text, paragraph in zip(said(book), book.chapters[0].paragraphs, strict=True)
    ][1:]
    assert found == [
        ("Mara", '"Not tonight." She left.'),
        ("Mara", "Yes."),
        ("The Old Man", "No."),
        (None, "Note: a remark."),
        (None, "bold: words"),
        (None, "He said loud: this."),
        ("李雷", "你好。"),
    ]


@pytest.mark.parametrize(
    "policy, expected",
    [("voice", ("Mara", "No.")), ("silent", (None, "No.")), ("spoken", (None, "Mara: No."))],
)
def test_speakers_by_policy(read, policy, expected):
    book = read("**Mara:** No.", speakers=policy)
    assert (book.chapters[0].paragraphs[0].speaker, said(book)[0]) == expected


def test_spans(read):
    book = read(
        "He said [“Not *to*night.”]{Mara} and [mot juste]{lang=fr}, [low]{voice=mara}, [both]{The Man lang=de}, "
        "[plain]{.small}, [link](http://x.y), [not] {this}."
    )
    text = said(book)[0]
    assert text == "He said “Not tonight.” and mot juste, low, both, plain, link, [not] {this}."
    assert [
        (mark.kind, mark.value, text[mark.start : mark.end]) for mark in book.chapters[0].paragraphs[0].marks
    ] == [
        ("speaker", "Mara", "“Not tonight.”"),
        ("emphasis", "", "to"),
        ("language", "fr", "mot juste"),
        ("speaker", "mara", "low"),
        ("speaker", "The Man", "both"),
        ("language", "de", "both"),
    ]


@pytest.mark.parametrize(
    "policy, expected",
    [
        ("skip", ["Text. More.", "Last."]),
        ("inline", ["Text. More.", "A note\nthat goes on.", "Last."]),
        ("chapter-end", ["Text. More.", "Last.", "A note that goes on."]),
    ],
)
def test_footnotes_by_policy(read, policy, expected):
    book = read("Text.[^a] More.\n\nLast.\n\n[^a]: A note\n    that goes on.\n", footnotes=policy)
    assert spoken(book) == [text.replace("\n", " ") for text in expected]


def test_what_looks_like_a_footnote_in_code_is_code(read):
    book = read("Text.\n\n```\n[^a]: not a note\n```\n\nArray[1] and B2B stay.")
    assert spoken(book) == ["Text.", "Array[1] and B2B stay."]


@pytest.mark.parametrize("mark", ["---", "***", "* * *", "___", "⁂", "\\* \\* \\*", "#", "<hr>", "~"])
def test_scene_breaks(read, mark):
    book = read(f"# One\n\nBefore.\n\n{mark}\n\nAfter.\n\n# Two\n\nText.")
    assert [paragraph.scene_before for paragraph in book.chapters[0].paragraphs] == [False, False, True]


def test_the_rest(read):
    text = (
        "# One\n\n> Quoted *text*.\n\n- one\n- two\n  lines\n\n1. first\n\n| a | b |\n|---|---|\n| c | d |\n\n![A "
        "cat](c.png)\n\n    code\n\n"
        "Use `ls` &amp; <b>bold</b> <!-- gone -->now.\n\n<div align='center'>In <i>HTML</i></div>\n\n<!-- gone\ntoo "
        "-->\n\nLine one  \nline two\\\nline three\n\n<https://x.y>\n\n~~Struck~~ text.\n"
    )
    book = read(text)
    assert spoken(book) == [
        "Quoted text.",
        "one",
        "two lines",
        "first",
        "a",
        "b",
        "c",
        "d",
        "Use ls & bold now.",
        "In HTML",
        "Line one\nline two\nline three",
        "https://x.y",
        "Struck text.",
    ]
    kinds = [paragraph.kind.value for paragraph in book.chapters[0].paragraphs]
    assert (
        kinds[:9] == ["heading", "quote", "item", "item", "item", "cell", "cell", "cell", "cell"]
        and kinds[11] == "verse"
    )
    assert {skip.reason for skip in book.skipped} == {"code"}
    assert "A cat" in spoken(read(text, alt="read"))
    assert "c" not in spoken(read(text, tables="skip"))


def test_matter_by_its_title(read):
    book = read("# Copyright\n\nBy me.\n\n# One\n\nText.\n\n# Two\n\nText.\n\n# Also by A. Writer\n\nMore.")
    assert titles(book) == ["One", "Two"]


def test_several_files(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(f"# Chapter {name}\n\nText of {name}.[^1]\n\n[^1]: Note {name}.")
    book = read_book([tmp_path / "one.md", tmp_path / "two.md"], Reading(footnotes="inline"))
    assert titles(book) == ["Chapter one", "Chapter two"] and list(book.sources) == ["one.md", "two.md"]
    assert said(book, 2)[-1] == "Note two." and unaccounted(book) == {}


@pytest.mark.parametrize("text", ["", "   \n", "![](x.png)", "```\ncode\n```", "<!-- only -->"])
def test_nothing_to_narrate(read, text):
    with pytest.raises(SourceError):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "> " * 3000 + "deep",
        "[" * 5000 + "x",
        "*" * 5000 + "x",
        "- " * 2000 + "x",
        "<div>" * 2500 + "x",
        "[a](" * 3000 + "x",
        "[x]{" * 2000 + "y",
    ],
)
def test_hostile_nesting(read, text):
    with contextlib.suppress(SourceError):
        read("Words.\n\n" + text)


def test_marks_of_obsidian_are_left_out_by_name(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# One\n\n> [!note] Remember\n> The lamp was lit.\n\nShe met [[Mara Hale|Mara]] near [[The Harbour#Quay]], and the "
        "==last== boat %%really?%% left. ![[map.png]]\n\n%%\nto do\n%%\n\n- [ ] buy salt\n- [x] sell salt\n\n"
        '<span style="display:none">secret</span> She slept. 2 == 2.\n',
        "utf-8",
    )
    book = read_book([path])
    said = [
        " ".join(book.sources[one.source].text[one.start : one.end].split())
        for one in book.chapters[0].paragraphs
    ]
    assert said == [
        "One",
        "Remember",
        "The lamp was lit.",
        "She met Mara near The Harbour, and the last boat left.",
        "buy salt",
        "sell salt",
        "She slept. 2 == 2.",
    ]
    reasons = {skip.reason for skip in book.skipped}
    assert {"comment", "callout mark", "link mark", "highlight mark", "embedded file", "task mark"} <= reasons
    assert "hidden text" in reasons and not unaccounted(book)
