"""Whether a word is spelled like the others of its book and its language. It knows letters, not meanings.

Two things must speak against a word: the book and its language. Where there is a table of the letter triples of the
language's ordinary words (data/LANGUAGE.txt, made by tests/benchmarks/letter_triples.py), some of its triples stand
neither there nor in other words of the book. In other languages most of its triples stand in hardly any other word of
the book, and some of its letters in hardly any other order. Accents don't count: they make triples rare and words no
harder to say. Nor do the joints of a word made of two.
"""

import unicodedata
from collections import Counter
from collections.abc import Collection
from functools import cache
from pathlib import Path

SHARE = 0.5  # of a word's triples that must be rare in the book
FEW = 2  # words of the book that a rare triple has at most
PAIRS = 1500  # a pair of letters is rare in at most one word of so many, and in at most FEWEST words anyhow
FEWEST = 3
PART = 4  # letters of a part of a compound that no word of the book is
STRANGE = 2  # triples unknown to the language, or pairs rare in the book, that make a word odd


class Spelling:
    """How the words of a book are spelled; `words` are those written small."""

    def __init__(self, words: Collection[str]):
        self.words = words
        self.triples: Counter = Counter()
        self.pairs: Counter = Counter()
        for word in {folded(word) for word in words}:
            self.triples.update(triples_of(word))
            self.pairs.update(pairs_of(word))
        self.rare = max(FEWEST, len(words) // PAIRS)

    def odd(self, word: str, language: str) -> bool:
        """Whether a word is spelled like hardly any other. language: its base code."""
        plain = folded(word)
        known = table(language) if plain.isascii() else frozenset()
        lone = {triple for triple in triples_of(plain) if self.triples[triple] <= FEW}
        if known:
            odd = len(lone - known) >= STRANGE
        else:
            rare = sum(self.pairs[pair] <= self.rare for pair in pairs_of(plain))
            odd = len(lone) >= SHARE * (len(plain) + 1) and rare >= STRANGE
        return odd and not self.compound(word, known)

    def compound(self, word: str, known: frozenset[str]) -> bool:
        """Whether a word is a word of the book and another, or what by the table could well be one: so-bald, earth-quake."""

        def fair(part: str) -> bool:
            return part in self.words or len(part) >= PART and bool(known) and triples_of(part) <= known

        halves = ((word[:cut], word[cut:]) for cut in range(2, len(word) - 2))
        return any(
            left in self.words and fair(right) or right in self.words and fair(left) for left, right in halves
        )


def folded(word: str) -> str:
    """A Latin word without its accents."""
    if word.isascii() or not "a" <= unicodedata.normalize("NFD", word[0])[0].lower() <= "\u024f":
        return word
    return "".join(
        letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter)
    )


def triples_of(word: str) -> set[str]:
    """Its letters by threes, its edges as "_"."""
    edged = f"_{word}_"
    return {edged[at : at + 3] for at in range(len(edged) - 2)}


def pairs_of(word: str) -> set[str]:
    edged = f"_{word}_"
    return {edged[at : at + 2] for at in range(len(edged) - 1)}


@cache
def table(language: str) -> frozenset[str]:
    """The triples of a language's ordinary words; empty where there is no table."""
    file = Path(__file__).parent / "data" / f"{language}.txt"
    if not language.isalpha() or not file.is_file():
        return frozenset()
    lines = (
        line.split() for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")
    )
    return frozenset(pair + third for pair, thirds in lines for third in thirds)
