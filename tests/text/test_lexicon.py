"""The lexicon: where an entry is found, where it isn't, and what a wrong file is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.errors import ManifestError
from dotsbook.text.lexicon.lexicon_file import LexiconEntry, build, load_lexicon
from dotsbook.text.lexicon.patterns import runaway
from dotsbook.text.lexicon.pinyin import toned
from dotsbook.text.script.spoken import Change, spoken


def said(text, *entries, language="en", voice="narrator", normalise=None):
    lexicon = build([LexiconEntry(*entry) if isinstance(entry, tuple) else entry for entry in entries])
    return spoken(text, language, lexicon.readings(text, language, voice), normalise)[0]


def file(tmp_path, text):
    path = tmp_path / "lexicon.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "entry", "wanted"),
    [
        ("Siobhan and Siobhan’s cat, SIOBHAN!", ("Siobhan", "Sh"), "Sh and Sh’s cat, Sh!"),
        (
            "I can, I can't, I can’t, cans, a can-can",
            ("can", "kan"),
            "I kan, I can't, I can’t, cans, a can-can",
        ),
        ("Can you? can.", ("can", "kan"), "kan you? kan."),
        ("May is in may", ("May", "Mai"), "Mai is in may"),
        ("O'Brien, O’Brien and Brien", ("Brien", "Bryan"), "O'Brien, O’Brien and Bryan"),
        ("O’Brien said", ("O'Brien", "Oh Brian"), "Oh Brian said"),
        ("Jean-Luc and Jean", ("Jean", "Zhon"), "Zhon-Luc and Zhon"),
        ("New York, New\nYork", ("New York", "Noo York"), "Noo York, Noo York"),
        ("Dr. Who. Dr.Who", ("Dr.", "Drive"), "Drive Who. DriveWho"),
        ("l’Élodie et d'Élodie", ("Élodie", "Elody"), "l’Elody et d'Elody"),
        ("cafe\u0301 noir", ("café", "kaffay"), "kaffay noir"),
        ("我生平不好此道，好人", ("不好此道", "不hào此道"), "我生平不hào此道，好人"),
        ("アンナとアンが", ("アン", "あん"), "アンナとあんが"),
        ("박은 박물관에 갔다", ("박", "팍"), "팍은 박물관에 갔다"),
        ("وأحمد بأحمد أحمدي", ("أحمد", "X"), "وX بX أحمدي"),
        ("हिन्दी और हिन्द", ("हिन्द", "X"), "हिन्दी और X"),
        ("แม่มาแม่น้ำมี", ("มา", "X"), "แม่Xแม่น้ำมี"),
        ("Лев и левый, ЛЕВ", ("Лев", "Лёв"), "Лёв и левый, Лёв"),
    ],
)
def test_words_are_found_whole_in_every_script(text, entry, wanted):
    assert said(text, entry) == wanted


def test_case_can_be_exact_or_any():
    assert said("US us Us", LexiconEntry("us", "x", case="exact")) == "US x Us"
    assert said("US us Us", LexiconEntry("us", "x", case="any")) == "x x x"


def test_the_longest_entry_wins_and_then_the_one_that_asks_for_more():
    assert said("New York and York", ("York", "Yark"), ("New York", "Noo York")) == "Noo York and Yark"
    entries = (
        LexiconEntry("read", "reed"),
        LexiconEntry("read", "red", voice="mara"),
        LexiconEntry("read", "raid", language="fr"),
    )
    assert [
        said("read", *entries, voice=voice, language=language)
        for voice, language in (("tom", "en"), ("mara", "en"), ("tom", "fr-CA"))
    ] == ["reed", "red", "raid"]


def test_patterns_are_used_where_asked_and_words_go_first(tmp_path):
    lexicon = load_lexicon(
        file(tmp_path, "'(\\d+)x(\\d+)': {say: '\\1 by \\2', regex: true}\n2x4: two-by-four\n")
    )
    assert (
        spoken("a 2x4 and 6x8", "en", lexicon.readings("a 2x4 and 6x8", "en", "n"), None)[0]
        == "a two-by-four and 6 by 8"
    )


def doctor(text, language):
    """A normaliser that says Doctor, the fifth of May and emoji's names."""
    changes = []
    for written, wanted in (("Dr.", "Doctor"), ("5 May", "the fifth of May"), ("5", "five")):
        at = text.find(written)
        if at >= 0 and not any(change.start <= at < change.end for change in changes):
            changes.append(Change(at, at + len(written), written, wanted, "test"))
    changes.sort()
    return "", changes


def test_entries_beat_the_normaliser_and_leave_it_the_rest():
    assert said("Dr. Adair came on 5 May.", normalise=doctor) == "Doctor Adair came on the fifth of May."
    assert (
        said("Dr. Adair came on 5 May.", ("Dr.", "Drive"), normalise=doctor)
        == "Drive Adair came on the fifth of May."
    )
    assert (
        said("Dr. Adair came on 5 May.", ("May", "MAY"), normalise=doctor) == "Doctor Adair came on five MAY."
    )


@pytest.mark.parametrize(
    ("say", "wanted"),
    [
        ("hao4", "hào"),
        ("chong2qing4", "chong2qìng"),
        ("lü3", "lǚ"),
        ("lv4", "lǜ"),
        ("gui4", "guì"),
        ("liu2", "liú"),
        ("dou1", "dōu"),
        ("ma5", "ma"),
        ("不hào", "不hào"),
    ],
)
def test_numbered_pinyin_gets_its_tone_mark(say, wanted):
    assert toned(say, "好") in (wanted, wanted.replace("chong2", "chóng"))
    assert toned("B2 hao4", "Siobhan") == "B2 hao4"


def test_a_whole_file_is_read(tmp_path):
    lexicon = load_lexicon(
        file(
            tmp_path,
            "\n".join(
                [
                    "Siobhan: shi-VAWN",
                    "'No': noh",
                    "42: forty-two",
                    "read: {say: red, language: English, voice: mara, case: exact}",
                    "Paris: [{say: pa-REE, language: fr}, {say: PAR-iss, language: en}]",
                    "",
                ]
            ),
        ),
        voices=["mara"],
    )
    assert [entry.word for entry in lexicon.entries if entry.word == "Paris"] == ["Paris", "Paris"]
    assert lexicon.readings("Paris", "fr", "mara")[0].after == "pa-REE"
    assert {entry.line for entry in lexicon.entries} == {1, 2, 3, 4, 5}


def test_an_empty_file_is_an_empty_lexicon(tmp_path):
    assert not load_lexicon(file(tmp_path, "# nothing yet\n"))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- a\n", 1, "a list of"),
        ("ok: fine\nSiobhan: {sya: x}\n", 2, "did you mean `say`"),
        ("Siobhan: {say: x, case: upper}\n", 1, "`exact` or `any`"),
        ("a: b\nSiobhan:\n", 2, "nothing to `say`"),
        ("Siobhan: ''\n", 1, "nothing to `say`"),
        ("Siobhan: {say: [x]}\n", 1, "nothing to `say`"),
        ("Siobhan: {say: x, voice: marra}\n", 1, "did you mean `mara`"),
        ("Siobhan: {say: x, language: Klingonian}\n", 1, "isn't a language"),
        ("'a(': {say: x, regex: true}\n", 1, "isn't a regular expression"),
        ("'(a+)+b': {say: x, regex: true}\n", 1, "nested repeats"),
        ("'(a|a)*b': {say: x, regex: true}\n", 1, "nested repeats"),
        ("'a*': {say: x, regex: true}\n", 1, "matches nothing"),
        ("'(a)': {say: '\\2', regex: true}\n", 1, "isn't a regular expression"),
        ("'a': {say: x, regex: maybe}\n", 1, "`true` or `false`"),
        ("a: b\na: c\n", 2, "second time"),
        ("' ': x\n", 1, "is empty"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path, text, line, words):
    with pytest.raises(ManifestError) as error:
        load_lexicon(file(tmp_path, text), voices=["mara"])
    assert f"line {line}" in str(error.value) and words in str(error.value)


def test_patterns_that_could_run_for_ever_are_known():
    assert all(
        runaway(pattern)
        for pattern in (r"(\w+\s?)*x", r"((ab)+c)*", r"(?:a?){20}", r"a.*b.*c.*d.*e", r"([ab]+){3,}")
    )
    assert not any(
        runaway(pattern)
        for pattern in (r"(\d+)x(\d+)", r"[(+*)]+", r"\(\+\)", r"(ab|cd)e", r"a{2,3}", r"(?:the )?Kwik\w*")
    )


@settings(max_examples=200)
@given(
    st.text(st.sampled_from("abAB'’- éあア你हि한은แأو. "), max_size=60),
    st.lists(
        st.text(st.sampled_from("abAB'’- éあア你हि한은แأو"), min_size=1, max_size=4).filter(str.strip),
        max_size=4,
    ),
)
def test_readings_are_sorted_apart_and_true_to_the_text(text, words):
    found = build([LexiconEntry(" ".join(word.split()), "·") for word in words]).readings(text, "en", "n")
    assert all(text[change.start : change.end] == change.before for change in found)
    assert all(before.end <= after.start for before, after in zip(found, found[1:], strict=False))
