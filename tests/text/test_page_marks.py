"""Raised figures, formulas, twins for eye and ear, lines that are no paragraphs: what a page's marks mean to the ear."""

import pytest
from bookmaking import unaccounted

from dotsbook.text.blocks.raised import Raised, raised


def spoken(maker, body: str, head: str = "") -> str:
    book = maker.read({"a.xhtml": body}, **({"files": {"s.css": head}} if head else {}))
    assert not unaccounted(book)
    return " | ".join(
        book.sources[one.source].text[one.start : one.end]
        for chapter in book.chapters
        for one in chapter.paragraphs
    )


@pytest.mark.parametrize(
    ("text", "before", "after", "kind"),
    [
        ("7", "They sold 300", " that year", Raised.NOTE),
        ("21", "in 1914", ", and", Raised.NOTE),
        ("22", "by 1850.", " In", Raised.NOTE),
        ("3", "I saw him", " in the", Raised.NOTE),
        ("4", "He had 1,200", " men", Raised.NOTE),
        ("1,2", "as he said", ".", Raised.NOTE),
        ("6", "about 10", " cells", Raised.POWER),
        ("-3", "about 10", " m", Raised.POWER),
        ("2", "5 m", " of cloth", Raised.POWER),
        ("2", "where x", " is", Raised.POWER),
        ("2", "E = mc", "", Raised.POWER),
        ("2", "3", " = 9", Raised.POWER),
        ("1", "He ate 2", "/2 apples", Raised.NUMERATOR),
        ("th", "the 5", " of May", None),
        ("30", "at 3", " in the morning", None),
        ("19", "um 3,", " sagte mir", None),
        ("5", "", "For the", None),
    ],
)
def test_what_figures_set_high_are(text, before, after, kind):
    assert raised(text, before, after, expected=1) is kind


def test_a_note_s_number_that_comes_next_is_a_note_though_it_follows_a_letter():
    assert raised("7", "Henry V", " was", expected=7) is Raised.NOTE
    assert raised("7", "Henry V", " was", expected=2) is Raised.POWER


def test_figures_set_high_by_a_style_are_as_good_as_sup(maker):
    body = '<p>They sold 300<span style="vertical-align: super">7</span> that year, and it was late when they came.</p>'
    assert "300 that year" in spoken(maker, body)


def test_fractions_of_raised_and_lowered_figures_keep_their_distance(maker):
    body = (
        "<p>He ate 2<sup>1</sup>/<sub>2</sub> apples and 3<sup>1</sup>&#8260;<sub>2</sub> pears that day.</p>"
    )
    assert "2 1/2 apples and 3 1⁄2 pears" in spoken(maker, body)


M = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        ("<mi>a</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac>", "a = 1/2"),
        ("<mn>2</mn><mfrac><mn>3</mn><mn>4</mn></mfrac>", "2 3/4"),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x2"),
        ("<msqrt><mn>16</mn></msqrt>", "√16"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a + b)/2"),
    ],
)
def test_a_formula_is_written_in_its_line(maker, formula, line):
    assert f"So {line} it was" in spoken(
        maker, f"<p>So {M.format(formula)} it was, as he had always said.</p>"
    )


def test_a_formula_that_no_line_can_hold_is_left_out_by_name(maker):
    body = f"<p>He wrote {M.format('<mtable><mtr><mtd><mn>17</mn></mtd></mtr></mtable>')} on the wall of the house.</p>"
    book = maker.read({"a.xhtml": body})
    assert "17" not in spoken(maker, body)
    assert any(skip.reason == "formula" for skip in book.skipped) and "1 formula" in " ".join(book.warnings)
    told = body.replace('MathML">', 'MathML" alttext="a table of one number">')
    [mark] = [mark for one in maker.read({"a.xhtml": told}).chapters[0].paragraphs for mark in one.marks]
    assert (mark.kind, mark.value) == ("say", "a table of one number")


def test_words_for_the_eye_and_for_the_ear_are_spoken_once(maker):
    body = (
        '<p><span aria-hidden="true"><span class="dropcap">T</span>he</span><span class="visually-hidden">The</span> sky '
        'was grey.</p><p><span class="sr-only">Once</span><span aria-hidden="true">O<small>NCE</small></span> upon.</p>'
        '<p>It was <span aria-hidden="true">late</span> that night.</p>'
    )
    assert spoken(maker, body) == "The sky was grey. | Once upon. | It was late that night."


def test_lines_of_a_page_become_paragraphs(maker):
    lines = (
        "The boat came in slowly and the men on",
        "the quay watched it with some care, for it",
        "was late. The wind had gone and the lamps of the har-",
        "bour were lit one after the",
        "other.",
        "In the morning they were gone again as they",
        "had come.",
    )
    body = "".join(f"<p>{line}</p>" for line in lines)
    assert spoken(maker, body) == (
        "The boat came in slowly and the men on the quay watched it with some care, for it was late. The wind had gone and "
        "the lamps of the harbour were lit one after the other. | In the morning they were gone again as they had come."
    )


def test_short_paragraphs_and_verse_are_no_lines(maker):
    body = "<p>He went.</p><p>She stayed and</p><p>Nobody knew.</p><p>“No,” he said.</p><p>It rained.</p>"
    assert spoken(maker, body).count("|") == 4
    poem = '<div class="poem">' + "".join(f"<p>and on it went {number}</p>" for number in range(6)) + "</div>"
    assert spoken(maker, poem).count("|") == 5
