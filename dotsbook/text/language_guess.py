"""Which language a text is in, by its script, its small words and its letters. It asks no library and no other file.

    guess("Der Hund und die Katze …") -> Guess("de", 1.9, "nl", 0.6)

A guess is for a page or more; a sentence is often enough. Languages besides the product's 24 are known so that they
are told apart from those (Swedish, Danish, Hungarian …).
"""

import math
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from dotsbook.language_code import primary
from dotsbook.text.language_words import LETTERS, OFTEN_FOREIGN, THAI, WORDS, YUE
from dotsbook.text.languages import script

TOKEN = re.compile(r"[^\W\d_]+")
PROBE = 40_000  # characters of a text that are looked at, from several places of it
PLACES = 8
STRANGE = 0.8  # what a word with a letter that a language hasn't takes from it
KIN = (  # languages that a text may be declared as without being told otherwise
    frozenset({"da", "no", "nb", "nn"}),
    frozenset({"cs", "sk"}),
    frozenset({"id", "ms"}),
    frozenset({"zh", "yue"}),
    frozenset({"hr", "sr", "bs"}),
    frozenset({"ru", "be", "bg", "sr", "mk", "kk"}),
    frozenset({"hi", "mr", "ne", "sa"}),
    frozenset({"el", "grc"}),
    frozenset({"pt", "gl"}),
    frozenset({"es", "gl", "ca"}),
    frozenset({"nl", "af"}),
    frozenset({"fi", "et"}),
)
BY_SCRIPT = {
    "latin": tuple(language for language in WORDS if WORDS[language][0] < "\u0250"),
    "cyrillic": ("ru", "uk", "bg", "be", "sr"),
    "arabic": ("ar", "fa", "ur"),
}
ONE_LANGUAGE = {"kana": "ja", "hangul": "ko", "greek": "el", "hebrew": "he", "indic": "hi"}
SEEN_ENOUGH = 150  # words of a text from which its language is told against what was declared
CLOSE = 0.85  # of the best: in a text of few words, nothing is told by so little
LITTLE = 2000  # characters that surely hold as many words
CLEARLY = 1.5  # times as likely as what was declared


class Guess(NamedTuple):
    language: str
    score: float  # evidence a word
    second: str  # the next best
    second_score: float


def guess(text: str) -> Guess | None:
    """The language of a text; None when nothing speaks for any."""
    text = probe(text)
    kind = script(text)
    if kind == "han":
        marked = sum(text.count(char) for char in YUE)
        letters = max(1, len(TOKEN.sub("", text)) and sum(map(len, TOKEN.findall(text))))
        return Guess("yue", 1, "zh", 0) if marked > 0.012 * letters else Guess("zh", 1, "yue", 0)
    if kind == "thai":
        return (
            Guess("th", 1, "", 0)
            if any(word in text for word in THAI) or "\u0e00" < max(text) < "\u0e80"
            else None
        )
    if kind in ONE_LANGUAGE:
        return Guess(ONE_LANGUAGE[kind], 1, "", 0)
    found = scores(text, BY_SCRIPT.get(kind, ()))
    if not found or found[0][0] <= 0:
        return None
    best, second = found[0], found[1] if len(found) > 1 else (0.0, "")
    if second[0] > CLOSE * best[0] and len(TOKEN.findall(text[:LITTLE])) < SEEN_ENOUGH:
        return None
    return Guess(best[1], best[0], second[1], second[0])


def probe(text: str) -> str:
    """Enough of a text from all over it."""
    if len(text) <= PROBE:
        return text
    step, size = len(text) // PLACES, PROBE // PLACES
    return " ".join(text[at : at + size] for at in range(step // 2, len(text) - size, step))


def scores(text: str, languages: tuple[str, ...]) -> list[tuple[float, str]]:
    """(evidence a word, language), the best first."""
    words = Counter(word.casefold() for word in TOKEN.findall(text))
    total = sum(words.values())
    if not total:
        return []
    weights = small_words()
    found = []
    for language in languages:
        own, letters = weights[language], known_letters(language)
        sum_ = 0.0
        for word, count in words.items():
            if word in own:
                sum_ += count * own[word]
            elif letters is not None and not letters.issuperset(word):
                sum_ -= count * strangeness(language, word)
        found.append((sum_ / total, language))
    return sorted(found, reverse=True)


def strangeness(language: str, word: str) -> float:
    """What a word with letters of another language says against this one."""
    odd = set(word) - (known_letters(language) or frozenset())
    return STRANGE / 4 if all(char in OFTEN_FOREIGN for char in odd) else STRANGE


@cache
def small_words() -> dict[str, dict[str, float]]:
    """{language: {word: weight}}: a word of few languages says more."""
    sets = {language: set(words.split()) for language, words in WORDS.items()}
    known = Counter(word for words in sets.values() for word in words)
    return {
        language: {word: math.log(1 + 12 / known[word]) for word in words} for language, words in sets.items()
    }


@cache
def known_letters(language: str) -> frozenset[str] | None:
    """All letters of a language's words, folded; None where they say nothing."""
    if language not in LETTERS:
        return None
    plain = "" if LETTERS[language][:1] >= "\u0400" else "abcdefghijklmnopqrstuvwxyz"
    return frozenset(plain + LETTERS[language].casefold() + LETTERS[language])


def otherwise(declared: str, text: str) -> str | None:
    """The language that a text clearly is in, if that isn't the one it was declared to be in."""
    first = primary(declared)
    found = guess(text)
    if found is None or first == found.language or any({first, found.language} <= kin for kin in KIN):
        return None
    if sum(1 for _ in TOKEN.finditer(text[: PROBE * 2])) < SEEN_ENOUGH and found.score != 1:
        return None
    if found.score == 1:
        return found.language
    known = dict(
        (language, score) for score, language in scores(probe(text), BY_SCRIPT.get(script(text), ()))
    )
    if first in known:
        return found.language if found.score > CLEARLY * max(known[first], 0.05) else None
    return found.language if first in WORDS or found.score > 0.6 else None
