"""Languages by code and by name; scripts by their letters."""

import sys

import pytest

from dotsbook.errors import ManifestError
from dotsbook.text.languages import SPOKEN, base, canonical, detector, name, script, tag


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("en_gb", "en-GB"),
        ("English", "en"),
        ("Deutsch", "de"),
        ("日本語", "ja"),
        ("eng", "en"),
        ("ger", "de"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("Cantonese", "yue"),
        ("zh-yue", "yue"),
        ("粤语", "yue"),
        ("cmn", "zh"),
        ("pt-br", "pt-BR"),
        (" fr ", "fr"),
        ("la", "la"),
        ("iw", "he"),
    ],
)
def test_what_people_write_becomes_bcp_47(said, code):
    assert canonical(said) == code


def test_an_unknown_name_is_told_with_the_nearest():
    with pytest.raises(ManifestError, match="did you mean German"):
        canonical("Germann")


def test_the_models_tags():
    assert len(SPOKEN) == 24
    assert [tag(code) for code in ("en-GB", "zh-Hant", "yue", "Hindi", "la")] == [
        "EN",
        "ZH",
        "口音:粤语",
        "HI",
        None,
    ]
    assert all(known == code.upper() for code, (known, _) in SPOKEN.items() if code != "yue")


def test_base_and_name():
    assert (base("pt-BR"), base("eng"), name("de-AT"), name("xx")) == ("pt", "en", "German", "xx")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hello — “naïve”…", "latin"),
        ("Привет", "cyrillic"),
        ("Γειά", "greek"),
        ("你好，world", "han"),
        ("漢字とかな", "kana"),
        ("안녕", "hangul"),
        ("สวัสดี", "thai"),
        ("سلام", "arabic"),
        ("שלום", "hebrew"),
        ("नमस्ते", "indic"),
        ("123 …", "latin"),
        ("", "latin"),
    ],
)
def test_scripts(text, wanted):
    assert script(text) == wanted


def test_without_the_detector_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "lingua", None)
    with pytest.raises(ManifestError, match=r"dotsbook\[detect\]"):
        detector()
