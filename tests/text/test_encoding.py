"""Text files in the encodings that people have: each read right, told by the user, or refused."""

import pytest
from test_language_guess import SENTENCES

from dotsbook.errors import SourceError
from dotsbook.text.formats.parts.text_encoding import decode
from dotsbook.text.reader import read_book

HELD_BY = {  # encoding: languages whose text it is met in
    "cp1250": "cs pl de",
    "iso8859-2": "cs pl",
    "cp852": "cs pl",
    "cp1251": "ru uk",
    "koi8-r": "ru",
    "koi8-u": "uk",
    "cp866": "ru",
    "mac_cyrillic": "ru",
    "cp1252": "de es fr it pt sv da fi nl",
    "iso8859-1": "de es fr it pt sv da fi",
    "mac_roman": "de es fr it pt sv da fi",
    "cp850": "de es fr sv",
    "cp1253": "el",
    "iso8859-7": "el",
    "cp1254": "tr",
    "cp1256": "ar",
    "iso8859-6": "ar",
    "cp874": "th",
    "iso8859-16": "ro",
    "gb18030": "zh",
    "big5hkscs": "yue",
    "cp932": "ja",
    "euc_jp": "ja",
    "iso2022_jp": "ja",
    "cp949": "ko",
    "utf-8": " ".join(SENTENCES),
    "utf-8-sig": "ru ja de",
    "utf-16": "ru ja de",
    "utf-16-le": "ru de zh fr",
    "utf-16-be": "ru de zh fr",
}
CASES = [(codec, language) for codec, languages in HELD_BY.items() for language in languages.split()]


@pytest.mark.parametrize("codec, language", CASES)
def test_an_encoding_is_told_by_its_letters_and_words(codec, language):
    text = f"{SENTENCES[language]}\n\n{SENTENCES[language]}\n"
    assert decode(text.encode(codec, "ignore"), "a.txt").text.removeprefix("\ufeff") == text.encode(
        codec, "ignore"
    ).decode(codec)


@pytest.mark.parametrize(
    "codec, text",
    [
        ("cp1251", "ГЛАВА ВТОРАЯ\n\nОн шёл домой, и шёл дождь.\n"),
        ("koi8-r", "ГЛАВА ВТОРАЯ\n\nОн шёл домой, и шёл дождь.\n"),
        ("cp1250", "ROZDZIAŁ DRUGI\n\nŚnieg padał cicho, a źrebię stało przy płocie.\n"),
        ("gb18030", "第二章\n\n他站起来，走到门口，看了看天。\n"),
        ("cp932", "第二章\n\n彼は立ち上がって、戸口まで歩いていった。\n"),
        ("big5", "第二章\n\n他站起來，走到門口，看了看天。\n"),
        ("cp1252", "“Don’t,” she said — and smiled…\n"),
    ],
)
def test_a_few_lines_are_enough(codec, text):
    assert decode(text.encode(codec), "a.txt").text == text


def test_a_torn_byte_in_utf_8_is_still_utf_8():
    data = (SENTENCES["ru"] * 5).encode()
    assert decode(data[:-1], "a.txt").text == (SENTENCES["ru"] * 5)[:-1] + ("�" if data[-1] > 127 else "")


def test_bytes_that_are_no_text_are_refused_and_the_key_is_named():
    georgian = "მზე ამოვიდა, ქალაქმა გაიღვიძა. " * 20  # in an encoding of its own, as there were
    own = bytes(ord(char) - 0x10D0 + 0xC0 if char > "\x7f" else ord(char) for char in georgian)
    for data in (bytes(range(253, 127, -1)) * 5, own):
        with pytest.raises(SourceError, match="encoding: "):
            decode(data, "a.txt")


def test_the_manifests_word_goes_first(tmp_path):
    source = tmp_path / "a.txt"
    source.write_bytes("Ёлка стоит.".encode("cp1251"))
    read = lambda *codecs: "".join(read_book([source], encoding=codecs).sources["a.txt"].text)  # noqa: E731
    assert read("cp1251") == read("windows-1251") == "Ёлка стоит."
    assert read("koi8-r") != "Ёлка стоит."
    for wrong, words in (("klingon", "none that is known"), ("utf-8", "isn't utf-8")):
        with pytest.raises(SourceError, match=words):
            read(wrong)
    with pytest.raises(SourceError, match="2 encodings for 1 source"):
        read("utf-8", "cp1251")
    other = tmp_path / "b.txt"
    other.write_bytes("Дом стоит.".encode("koi8-r"))
    book = read_book([source, other], encoding=("cp1251", "koi8-r"))
    assert [book.sources[name].text for name in ("a.txt", "b.txt")] == ["Ёлка стоит.", "Дом стоит."]
