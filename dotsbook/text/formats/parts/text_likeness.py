"""How much a decoded text is like a language: its letters, their order, its small words. It knows no bytes.

likeness("Был холодный вечер") -> Likeness(1.4, 1.0, 0.2, "ru")
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import NamedTuple

from dotsbook.text.language_guess import BY_SCRIPT, known_letters, small_words
from dotsbook.text.language_words import HANGUL, HANS, HANT, OFTEN_FOREIGN, THAI, YUE

WORDS_COUNT = 2.0  # how much small words count beside letters
QUOTES = "“”‘’‚„«»‹›…–—―¡¿°§·•©№ªº€£¶½¼¾²³¹"
SOLID = "‘’·ªº·"  # of them, those that may stand between letters
WIDE_POINTS = "、。，；：！？「」『』《》〈〉（）【】…—～・　“”‘’●○◎■□★☆※〇々〆ー"
INSIDE = re.compile(r"(?<=[^\W\d_])[^\w\s'\-.,:;!?()/\"…*&@]+(?=[^\W\d_])")  # signs between two letters
PARTED = re.compile(r"[^\x00-\x7f\s]\d(?=[^\x00-\x7f\s])")  # a figure inside of what is no ASCII
OTHER = "\u0370-\u06ff\u0900-\u0e7f\u3041-\u9fff\uac00-\ud7a3\uff61-\uff9f"  # letters that never follow a Latin one
MIXED = re.compile(f"[A-Za-z][{OTHER}]|[{OTHER}][A-Za-z]")
SWAPPED = re.compile(r"[a-zà-öø-ÿа-яёα-ωά-ώ][A-ZÀ-ÖØ-ÞА-ЯЁΑ-ΩΆ-Ώ]")  # a capital after a small letter
APART = re.compile(r"[\s'’]+")  # what stands between words
AROUND = ".,;:!?()[]\"'*_-—–…“”‘’„‚«»‹›"  # what may stand right before and after one
CONSONANT, ABOVE = (
    "\u0e01-\u0e2e",
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e",
)  # Thai letters, and marks over or under them
THAI_BROKEN = re.compile(f"(?<![{CONSONANT}{ABOVE}])[{ABOVE}]|[\u0e40-\u0e44](?![{CONSONANT}])")
ARABIC_ENDED = re.compile("[\u0629\u0649](?=[\u0621-\u064a])")  # letters that only end a word, inside of one


class Likeness(NamedTuple):
    value: float  # letters and words together: what readings of the same bytes are compared by
    letters: (
        float  # the mean of a character beyond ASCII: 1 is a letter of the language, below 0 there is none
    )
    words: float  # of it, what small words said: evidence a word
    language: str


def likeness(text: str) -> Likeness:
    """How like a language a text is, and which."""
    text = unicodedata.normalize("NFC", text)
    odd = Counter(char for char in text if char > "\x7f" and char != "\u00a0")
    count = sum(odd.values())
    if not count:
        return Likeness(0.5, 0.5, 1, "en")
    kind = most(odd)
    if kind in ("han", "kana", "hangul"):
        value, language = max((wide_letters(odd, one), one) for one in ("ja", "zh", "zh-Hant", "ko"))
        value -= 1.5 * len(MIXED.findall(text)) / count
        return Likeness(value + 0.5, value, 1, language)
    harm = broken(text, odd) / count
    best = Likeness(-9.0, -9.0, 0, "")
    words = Counter(word.strip(AROUND).casefold() for word in APART.split(text))
    total = max(1, sum(words.values()))
    for language in languages_of(kind):
        letters = letters_fit(odd, kind, language) / count - harm
        small = small_words().get(language, {})
        said = sum(times * small[word] for word, times in words.items() if word in small) / total
        if language == "th":
            said = min(1.0, sum(text.count(word) * len(word) for word in THAI) / count * 2)
        value = letters + WORDS_COUNT * said
        if value > best.value:
            best = Likeness(value, letters, said, language)
    return best


@cache
def kind_of(char: str) -> str:
    """The script of a character beyond ASCII; "sign" for what is no letter, "bad" for what no text holds."""
    point = ord(char)
    if 0x80 <= point < 0xA0 or 0xE000 <= point < 0xF900 or unicodedata.category(char) in ("Cn", "Cc", "Co"):
        return "bad"
    for name, first, last in (
        ("latin", 0xAA, 0x24F), ("greek", 0x370, 0x3FF), ("cyrillic", 0x400, 0x52F), ("hebrew", 0x590, 0x5FF),
        ("arabic", 0x600, 0x6FF), ("indic", 0x900, 0x97F), ("thai", 0xE00, 0xE7F), ("latin", 0x1E00, 0x1EFF), ("greek", 0x1F00, 0x1FFF),
        ("kana", 0x3041, 0x30FF), ("han", 0x3400, 0x9FFF), ("hangul", 0xAC00, 0xD7A3), ("half", 0xFF61, 0xFF9F),
        ("latin", 0x300, 0x36F), ("han", 0x20000, 0x3FFFF),
    ):  # fmt: skip
        if first <= point <= last:
            return name if unicodedata.category(char)[0] in "LM" else "sign"
    return "sign"


def most(odd: Counter) -> str:
    """The script that most letters beyond ASCII are in; kana and hangul before the Chinese characters among them."""
    kinds: Counter = Counter()
    for char, times in odd.items():
        kinds[kind_of(char)] += times
    for name in ("sign", "bad"):
        kinds.pop(name, None)
    if kinds["kana"] * 5 > sum(kinds.values()):
        return "kana"
    return kinds.most_common(1)[0][0] if kinds else "latin"


def languages_of(kind: str) -> tuple[str, ...]:
    named = {"greek": ("el",), "hebrew": ("he",), "thai": ("th",), "indic": ("hi",)}
    return named.get(kind) or BY_SCRIPT.get(kind, ())


def letters_fit(odd: Counter, kind: str, language: str) -> float:
    """The sum over a text's characters beyond ASCII: 1 for a letter of the language, down to -3 for what is none."""
    letters = known_letters(language)
    sum_ = 0.0
    for char, times in odd.items():
        own = kind_of(char)
        if own == "bad":
            sum_ -= 3 * times
        elif own == "sign":
            sum_ += times * (0.85 if char in QUOTES or char in WIDE_POINTS else -1)
        elif own != kind:
            sum_ -= 1.0 * times
        elif letters is None or char.casefold() in letters or char in letters:
            sum_ += times
        elif char.casefold() in OFTEN_FOREIGN:
            sum_ += 0.4 * times
        else:
            sum_ -= 0.4 * times
    return sum_


def broken(text: str, odd: Counter) -> float:
    """What stands where no writer puts it: signs inside words, capitals after small letters, marks without a letter."""
    harm = 0.0
    for signs in INSIDE.findall(text):
        harm += 1.5 * sum(
            1 for char in signs if char > "\x7f" and char not in SOLID and not ("\u2010" <= char <= "\u2015")
        )
    harm += 1.5 * sum(1 for pair in SWAPPED.findall(text) if not pair.isascii())
    harm += 1.5 * (len(PARTED.findall(text)) + len(MIXED.findall(text)))
    harm += 1.5 * (len(THAI_BROKEN.findall(text)) + len(ARABIC_ENDED.findall(text)))
    return harm


@cache
def common_han(language: str) -> frozenset[str]:
    return frozenset({"zh": HANS, "zh-Hant": HANT + YUE}.get(language, ""))


@cache
def usual(char: str, codec: str, first: int, last: int) -> bool:
    """Whether an encoding's table has a character in its part for the usual ones."""
    try:
        coded = char.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(coded) == 2 and first <= coded[0] <= last


def is_usual(char: str, language: str) -> bool:
    match language:
        case "zh":
            return usual(char, "gb2312", 0xB0, 0xD7)
        case "zh-Hant":
            return usual(char, "big5", 0xA4, 0xC6)
        case "ja":
            return usual(char, "euc_jp", 0xB0, 0xCF)
    return usual(char, "euc_kr", 0xCA, 0xFD)


def wide_letters(odd: Counter, language: str) -> float:
    """The mean over the characters of a text in Chinese, Japanese or Korean."""
    common, sum_, count = common_han(language), 0.0, 0
    for char, times in odd.items():
        kind = kind_of(char)
        count += times
        if char in WIDE_POINTS or "\uff01" <= char <= "\uff5e" or char in QUOTES:
            sum_ += 0.8 * times
        elif kind == "kana":
            sum_ += times * (1.3 if language == "ja" else -0.5)
        elif kind == "hangul":
            sum_ += times * (
                (1.6 if char in HANGUL else 0.8 if usual(char, "euc_kr", 0xB0, 0xC8) else -1)
                if language == "ko"
                else -0.5
            )
        elif kind == "han":
            sum_ += times * (2 if char in common else 0.7 if is_usual(char, language) else -0.5)
        else:
            sum_ -= times * (3 if kind == "bad" else 1)
    return sum_ / max(1, count)
