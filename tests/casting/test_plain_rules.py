from dotsbook.casting.cast_of import read_cast
from tests.casting.test_cast_of import book

GERMAN = """»Kommst du?« fragte Anna.

»Gleich«, antwortete der Wirt.

»Es ist spät.«

»Ich weiß.«

Anna lachte. »Dann geh«, sagte sie.
"""
RUSSIAN = """— Ты идёшь? — спросила Анна.

— Да, — сказал Иван. — Сейчас.

— Поздно, — сказала Анна.
"""


def test_german_tags_and_turns():
    cast = read_cast(book(GERMAN, "de"))
    assert [line.name for line in cast.lines] == ["Anna", "der Wirt", "Anna", "der Wirt", "Anna"]
    assert cast.lines[0].probability > cast.lines[2].probability
    assert {one.name: one.gender for one in cast.characters}["der Wirt"] == "m"


def test_russian_tags_tell_the_gender():
    cast = read_cast(book(RUSSIAN, "ru"))
    assert [line.name for line in cast.lines] == ["Анна", "Иван", "Анна"]
    assert {one.name: one.gender for one in cast.characters} == {"Анна": "f", "Иван": "m"}
