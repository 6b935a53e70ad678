"""Japanese as it is said: kana to phonemes, and kanji to kana by the dictionary."""

import pytest

from dotsbook.errors import VoiceError
from dotsbook.voices import readings
from dotsbook.voices.kana import SOUNDS, is_kana, katakana, phonemes_of_kana
from dotsbook.voices.kokoro_alphabet import NUMBERS, cut_at_ends, japanese
from dotsbook.voices.readings import words_of


@pytest.mark.parametrize(
    ("kana", "phonemes"),
    [
        ("さくら", "sakɯɾa"),
        ("シャシン", "ɕaɕiɴ"),
        ("きょう", "kʲoɯ"),
        ("トーキョー", "toːkʲoː"),
        ("がっこう", "ɡaʔkoɯ"),
        ("さんぽ", "sampo"),
        ("てんき", "teŋkʲi"),
        ("おんな", "onna"),
        ("こんにちは", "koɲɲiʨiha"),
        ("ほん", "hoɴ"),
        ("ティー", "tʲiː"),
        ("フィルム", "ɸʲiɾɯmɯ"),
        ("チェック", "ʨeʔkɯ"),
        ("ヴァイオリン", "vaioɾʲiɴ"),
        ("クォーツ", "kᵝoːʦɨ"),
        ("ウィスキー", "βisɨkʲiː"),
        ("ぁっー", "aʔː"),
        ("ー", ""),
        ("ー☃x", ""),
    ],
)
def test_words(kana, phonemes):
    assert phonemes_of_kana(kana) == phonemes


def test_every_kana_is_said_in_symbols_that_kokoro_has():
    for kana in SOUNDS:
        for small in ("", *"ャュョァィゥェォ"):
            said = phonemes_of_kana(kana + small)
            assert said and all(mark in NUMBERS for mark in said), kana + small


def test_what_is_kana():
    assert is_kana("ひらカター") and not is_kana("漢") and not is_kana("") and not is_kana("a")
    assert katakana("ひらがなa漢") == "ヒラガナa漢"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("今日は学校へ行きました。", "kʲoː βa ɡaʔkoː e ikʲimaɕita."),
        ("「本を買った」と言う。", "“hoɴ o kaʔta” to iɯ."),
        ("三百円", "sambʲakɯeɴ"),
        ("CDを聴く", "<CD> o kʲikɯ"),
    ],
)
def test_kanji(text, said):
    pytest.importorskip("janome")
    assert japanese(words_of(text), lambda latin: f"<{latin}>") == said


def test_numbers_change_their_sound():
    pytest.importorskip("janome")
    for text, reading in (
        ("八百", "ハッピャク"),
        ("三千", "サンゼン"),
        ("千六百", "センロッピャク"),
        ("二十", "ニジュー"),
    ):
        assert "".join(word.reading for word in words_of(text)) == reading


def test_no_kanji_is_lost():
    pytest.importorskip("janome")
    [word] = words_of("龘")
    assert word.reading


def test_without_the_dictionary_kana_are_read_and_kanji_refused(monkeypatch):
    monkeypatch.setattr(readings, "dictionary", lambda: None)
    assert japanese(words_of("さくら、きれい。"), str) == "sakɯɾa, kʲiɾei."
    with pytest.raises(VoiceError, match=r"dotsbook\[japanese\]"):
        words_of("桜")


def test_sentences_are_cut_at_their_ends():
    assert cut_at_ends("a. “b.” c! d") == ["a.", "“b.”", "c!", "d"]
