"""Japanese text as words with their readings in kana, by janome and its dictionary. It knows no voice.

Words come as they are said: particles by themselves, a verb with its endings. Numbers in kanji are read as numbers.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from dotsbook.errors import VoiceError
from dotsbook.voices.kana import is_kana, katakana

MISSING = 'Japanese with kanji needs a dictionary: run `pip install "dotsbook[japanese]"`, or write the text in kana.'
KANJI_UNREAD = "ン"  # what stands for a kanji that the dictionary lacks: a beat
DIGITS = dict(
    zip(
        "0123456789",
        ("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー"),
        strict=True,
    )
)
# what a number in front makes of 百 and 千, and they of it
CHANGES = {
    ("サン", "ヒャク"): ("サン", "ビャク"),
    ("ロク", "ヒャク"): ("ロッ", "ピャク"),
    ("ハチ", "ヒャク"): ("ハッ", "ピャク"),
    ("サン", "セン"): ("サン", "ゼン"),
    ("ハチ", "セン"): ("ハッ", "セン"),
    ("イチ", "セン"): ("イッ", "セン"),
    ("イチ", "チョー"): ("イッ", "チョー"),
    ("ハチ", "チョー"): ("ハッ", "チョー"),
}
NUMERALS = frozenset("〇一二三四五六七八九十百千万億兆")
NO_READING = "*"
ENDINGS = ("助動詞", "助詞,接続助詞", "動詞,非自立", "動詞,接尾", "名詞,接尾")  # belong to the word before
lock = threading.Lock()  # janome's tables are read by one thread at a time


@dataclass(frozen=True)
class JapaneseWord:
    surface: str
    reading: str | None  # in katakana, ー for a long vowel; None: Latin letters or a mark


def words_of(text: str) -> list[JapaneseWord]:
    """The words of a text. Without the dictionary kana are read one by one, and VoiceError is raised for kanji."""
    if dictionary() is None:
        if any(mark.isalnum() and not mark.isascii() and not is_kana(mark) for mark in text):
            raise VoiceError(MISSING)
        return [JapaneseWord(run, katakana(run) if is_kana(run) else None) for run in runs(text)]
    found: list[JapaneseWord] = []
    for surface, reading, part in morphemes(text):
        word = JapaneseWord(surface, reading_of(surface, reading))
        before = found[-1] if found else None
        if before and before.reading and word.reading and part.startswith(ENDINGS):
            found[-1] = JapaneseWord(before.surface + surface, before.reading + word.reading)
        elif before and before.reading and word.reading and {before.surface[-1:], surface[:1]} <= NUMERALS:
            found[-1] = joined_numbers(before, word)
        else:
            found.append(word)
    return found


def joined_numbers(before: JapaneseWord, word: JapaneseWord) -> JapaneseWord:
    """Two words of a number as one, with the change of sound between them."""
    first, second = before.reading or "", word.reading or ""
    for (one, two), (new_one, new_two) in CHANGES.items():
        if first.endswith(one) and second == two:
            first, second = first.removesuffix(one) + new_one, new_two
            break
    return JapaneseWord(before.surface + word.surface, first + second)


def reading_of(surface: str, reading: str) -> str | None:
    if reading != NO_READING and is_kana(reading):
        return reading
    if is_kana(surface):
        return katakana(surface)
    if not any(mark.isalnum() for mark in surface) or surface.isascii() and not surface.isdigit():
        return None
    return "".join(katakana(mark) if is_kana(mark) else DIGITS.get(mark, KANJI_UNREAD) for mark in surface)


def morphemes(text: str) -> Iterator[tuple[str, str, str]]:
    """(surface, how it is said in katakana or *, part of speech) of each."""
    with lock:
        found = [(one.surface, one.phonetic, one.part_of_speech) for one in dictionary().tokenize(text)]
    yield from found


@cache
def dictionary() -> Any:
    """janome with its dictionary; None where it isn't installed."""
    try:
        from janome.tokenizer import Tokenizer
    except ImportError:
        return None
    return Tokenizer(mmap=True)


def runs(text: str) -> list[str]:
    """Kana together, every other mark by itself."""
    found: list[str] = []
    for mark in text:
        if found and is_kana(mark) and is_kana(found[-1]):
            found[-1] += mark
        else:
            found.append(mark)
    return found
