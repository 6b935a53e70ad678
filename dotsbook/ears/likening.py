"""Written words and heard ones made alike: case, marks, figures, contractions, spellings of two countries, and how a
word sounds. It compares words; it hears nothing.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dotsbook.language_code import primary

MARKS = re.compile(r"[^\w']+|_")
FIGURES = re.compile(r"\d+(?:st|nd|rd|th)?")
TITLES = {"mr": "mister", "mrs": "missus", "misses": "missus", "dr": "doctor", "st": "saint", "ms": "miz"}
SPELLED = [  # British to American, at a word's end or in it
    (re.compile(r"(?<=[a-z]{2})our(?=s?$|ed$|ing$|ful|able|ite|hood|ly)"), "or"),
    (re.compile(r"(?<=[a-z]{2})is(?=e[sdr]?$|ing$|ation)"), "iz"),
    (re.compile(r"(?<=[bt])re(?=s?$)"), "er"),
    (re.compile(r"lled$"), "led"),
    (re.compile(r"lling$"), "ling"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"ogue$"), "og"),
    (re.compile(r"ence$"), "ense"),
]
SHORT = {"'ll": "will", "'ve": "have", "'re": "are", "'d": "would", "'m": "am", "n't": "not"}


@lru_cache(maxsize=20_000)
def likened(word: str, language: str = "en") -> str:
    """A word as it is compared: "Mr." and "mister" are one, so are "12" and "twelve", "colour" and "color"."""
    word = MARKS.sub("", word.lower().replace("’", "'")).strip("'")
    if FIGURES.fullmatch(word):
        return spelled_out(word, language)
    word = TITLES.get(word, word)
    if is_english(language):
        word = plain_letters(word)
        for pattern, american in SPELLED:
            word = pattern.sub(american, word)
    return word.replace("'", "")


def is_english(language: str) -> bool:
    return primary(language) == "en"


def plain_letters(text: str) -> str:
    """Without accents, as English is written by whoever hears it: "Rostóv" as "Rostov", "café" as "cafe"."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def spelled_out(figures: str, language: str) -> str:
    """A number in words, written as one."""
    from num2words import num2words

    digits = figures.rstrip("stndrh")
    if len(digits) > 12:
        return figures
    kind = "cardinal" if digits == figures else "ordinal"
    try:
        said = num2words(int(digits), lang=language, to=kind)
    except (NotImplementedError, OverflowError, ValueError):
        return figures
    return MARKS.sub("", said.lower().replace(" and ", " "))


SOUNDS = [  # English letters → how they sound, the longer ones first
    (r"^(?:kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"^ps", "s"),
    (r"^x", "s"),
    (r"^wh(?=o)", "h"),
    (r"^wh", "w"),
    (r"^tw(?=o$)", "t"),
    (r"mb$", "m"),
    (r"tch", "C"),
    (r"sch", "sk"),
    (r"ch", "C"),
    (r"sh|ti(?=on|al|ous|ent)|ci(?=al|ous|ent|an)|ss?i(?=on)", "S"),
    (r"th", "T"),
    (r"ph|(?<=[aou])ugh$", "f"),
    (r"(?<=[aeiou])gh", ""),
    (r"gh", "g"),
    (r"dge?(?=[eiy])|dge", "J"),
    (r"g(?=[eiy])", "J"),
    (r"ck|q|c(?![eiy])", "k"),
    (r"c", "s"),
    (r"x", "ks"),
    (r"z", "s"),
    (r"j", "J"),
    (r"(?<=[aeiou])w|(?<=[aeiou])h|(?<=[aeiou])y", ""),
    (r"e(?=s?$)(?<=[a-z]{3})", ""),
]
PATTERNS = [(re.compile(pattern), sound) for pattern, sound in SOUNDS]
VOWELS = re.compile(r"[aeiouy]+")
TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """How a likened word sounds, roughly: consonants by sound, each group of vowels as its first, nothing doubled.

    After the phonetic keys of Philips' Metaphone; for languages whose letters it doesn't know it gives the letters.
    """
    for pattern, sound in PATTERNS:
        word = pattern.sub(sound, word)
    return TWICE.sub(r"\1", VOWELS.sub(lambda found: "aeiouy"["aeiouy".index(found[0][0])], word))


@lru_cache(maxsize=50_000)
def difference(one: str, other: str) -> float:
    """How unlike two likened words sound: 0, the same, to 1. A vowel for another counts less than a consonant."""
    if one == other:
        return 0.0
    one, other = sound_of(one), sound_of(other)
    if one == other:
        return 0.0
    return min(1.0, changes(one, other) / max(len(one), len(other), 1))


def changes(one: str, other: str) -> float:
    """The least cost of turning one string into the other."""
    row = [float(cost) for cost in range(len(other) + 1)]
    for number, left in enumerate(one, 1):
        above, row[0] = row[0], float(number)
        for at, right in enumerate(other, 1):
            swap = 0.0 if left == right else 0.5 if left in "aeiouy" and right in "aeiouy" else 1.0
            above, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, above + swap)
    return row[-1]


@dataclass(frozen=True, slots=True)
class Matched:
    """A written word beside what was heard for it."""

    written: int | None  # its number; None: something heard that isn't written
    heard: tuple[int, ...]  # numbers of heard words; (): it wasn't heard
    difference: float  # 0, the same, to 1


def matched(written: Sequence[str], heard: Sequence[str], language: str = "en") -> list[Matched]:
    """Likened words side by side, at the least cost. One word may be heard as two, and two as one."""
    rows, columns = len(written), len(heard)
    best: list[list[tuple[float, int, int]]] = [[(0.0, 0, 0)] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows + 1):
        for column in range(columns + 1):
            if row or column:
                best[row][column] = min(steps(best, written, heard, row, column))
    return walked(best, written, heard)


GAP = 0.7  # of a word that has no fellow: two of them cost more than any pair


def steps(best, written, heard, row: int, column: int):
    """Each way to come to a cell: (cost, words written, words heard)."""
    for up, left in ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1)):
        if up > row or left > column:
            continue
        if not up or not left:
            cost = GAP
        else:
            cost = difference("".join(written[row - up : row]), "".join(heard[column - left : column]))
            if up + left > 2:
                cost = 0.05 + 2 * cost if cost < 0.35 else 9.0
        yield best[row - up][column - left][0] + cost, up, left


def walked(best, written, heard) -> list[Matched]:
    row, column = len(written), len(heard)
    found: list[Matched] = []
    while row or column:
        _, up, left = best[row][column]
        there = tuple(range(column - left, column))
        unlike = (
            difference("".join(written[row - up : row]), "".join(heard[column - left : column]))
            if up and left
            else 1.0
        )
        if up:
            found += [Matched(number, there, unlike) for number in range(row - 1, row - up - 1, -1)]
        else:
            found.append(Matched(None, there, 1.0))
        row, column = row - up, column - left
    return found[::-1]
