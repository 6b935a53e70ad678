"""What holds for every text: offsets are exact, prose is untouched, nothing raises, invisible characters go."""

import subprocess
import sys
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.text.normalise import Change, normalise
from dotsbook.text.normalise.language import EVERYTHING, load
from dotsbook.text.normalise.rules import rules_for

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
        assert text[change.start : change.end] == change.before
        assert change.before != change.after or change.rule.startswith("unread")
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
            or change.rule.startswith("unread")
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


def test_a_language_without_words_for_numbers_is_only_cleaned():
    said, changes = normalise("Anno 5\u200b", "la")
    assert said == "Anno 5"
    assert changes == [Change(5, 6, "5", "5", "unread number (la)"), Change(6, 7, "\u200b", "", "invisible")]


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
    assert normalise("IV", "en") == ("IV", [Change(0, 2, "IV", "IV", "unread Roman numeral (en)")])


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


ELSEWHERE = "It was $5 at 10:30, i.e. 3 km (Mr. Roe, Henry VIII, a@b.org) & 1/2 of 7%."


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=10).map(" ".join), st.sampled_from(LANGUAGES))
def test_the_gate_only_saves_time(text, language):
    """With every rule tried on every text, nothing is read otherwise."""
    loaded = load(language)
    every = tuple(replace(rule, holds="") for rule in rules_for(loaded, False, "skip"))
    gates = "dotsbook.text.normalise.rules.rules_for"
    with mock.patch.object(loaded, "needs", return_value=EVERYTHING), mock.patch(gates, return_value=every):
        ungated = normalise(text, language)
    assert normalise(text, language) == ungated


@pytest.mark.parametrize(("language", "sentence"), [
    ("fr", "Les philosophes sont là."), ("vi", "Anh ấy là một người di cư."), ("it", "Vi dico di sì."), ("de", "Das ist mild."),
    ("en", "I was in Plan B, and so was Leo X."), ("en", "He saw Dr. Roe on Main St. in May."), ("es", "En el siglo XIX vi."),
    ("ru", "В XIX веке было."), ("tr", "Bu da bir gün."), ("ja", "彼は行った。"), ("en", "He paid 5 shillings."),
])  # fmt: skip
def test_a_sentence_reads_the_same_wherever_it_stands(language, sentence):
    alone, other = normalise(sentence, language)[0], normalise(ELSEWHERE, language)[0]
    assert normalise(f"{sentence} {ELSEWHERE}", language)[0] == f"{alone} {other}"
    assert normalise(f"{ELSEWHERE} {sentence}", language)[0] == f"{other} {alone}"


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\u2007"])
@pytest.mark.parametrize(("language", "text"), [
    ("en", "5_km"), ("en", "Mr._Roe"), ("en", "1_234 men"), ("de", "z._B. 5_€"), ("fr", "15_%"), ("en", "Chapter_IV"),
    ("en", "May_5, 1990"), ("ru", "XIX_век"), ("es", "siglo_XIX"), ("en", "No._7"), ("en", "10:30_a.m."), ("pl", "5_zł"),
])  # fmt: skip
def test_every_space_is_a_space(language, text, space):
    grouped = text.replace("_", "," if "1_234" in text else " ")
    assert normalise(text.replace("_", space), language)[0] == normalise(grouped, language)[0]


@pytest.mark.parametrize(("text", "said"), [
    ("１０：３０に", "十時三十分に"), ("１，２３４円", "千二百三十四円"), ("５％", "五パーセント"),
])  # fmt: skip
def test_full_width_signs_at_figures_are_signs(text, said):
    assert normalise(text, "ja")[0] == said


@pytest.mark.parametrize(("text", "said"), [
    ("𝐍𝐨 𝓯𝓪𝓷𝓬𝔂 Ⓐⓝⓝ", "No fancy Ann"), ("Act Ⅳ, scene ⅱ", "Act four, scene two"), ("the 5ᵗʰ", "the fifth"), ("ᴀɴɴ", "ann"),
])  # fmt: skip
def test_styled_letters_are_letters(text, said):
    assert normalise(text, "en")[0] == said


@pytest.mark.parametrize(("language", "text", "said"), [
    ("sv", "den 3 maj 1984, 15 %, 5 kr", "den tredje maj nittonhundraåttiofyra, femton procent, fem svenska kronor"),
    ("da", "5 km, 1. gang, -5 °C", "fem kilometer, første gang, minus fem grader celsius"),
    ("hu", "15 % és 1.000 Ft", "tizenöt százalék és ezer magyar forint"),
])  # fmt: skip
def test_a_language_without_rules_reads_by_kept_data(language, text, said):
    assert normalise(text, language)[0] == said


def test_nothing_is_half_read():
    said, changes = normalise("₿5 och 11,4006", "hu")
    assert said == "₿5 och 11,4006"
    assert [change.rule for change in changes] == ["unread currency (hu)", "unread number (hu)"]
