"""Hyphens at line ends: does one part a word ("har-/bour"), or belong to it ("well-/known")? The book itself tells."""

import re
from collections import Counter

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
PARTED = re.compile(rf"({WORD.pattern})([-\u2010])\n[ \t]*({WORD.pattern})")
HYPHENS, SOFT = ("-", "\u2010", "\u00ad"), "\u00ad"
ENDS = re.compile(WORD.pattern + r"(?=[-\u2010]$)")
REASON = "hyphen at a line's end"  # why it is left out
OFTEN = 0.01  # share of lines that end so, from which a text has its words parted at line ends
FIRST_HALVES = (  # of English words that keep their hyphen
    "all anti cross ex far full half high ill left long low mid non off old one over post pre right self semi short "
    "so son two three four five six seven eight nine ten twenty thirty forty fifty sixty seventy eighty ninety to up "
    "well wide mother father brother sister daughter great grand good bare cold hot open close ready first second third"
)
COMPOUNDS = frozenset(FIRST_HALVES.split())


class LineHyphens:
    """What becomes of a text's hyphens at line ends."""

    def __init__(self, text: str) -> None:
        self.words: Counter = Counter()
        ends = text.count("-\n") + text.count("\u2010\n")
        parted = len(PARTED.findall(text)) if ends else 0
        self.parts = parted > OFTEN * max(1, sum(bool(line.strip()) for line in text.split("\n")))
        if parted:
            self.words.update(word.casefold() for word in WORD.findall(PARTED.sub(" ", text)))

    def seam(self, line: str, after: str) -> tuple[int, str]:
        """(characters to leave out at a line's end, what stands between it and the next line)."""
        if line[-1:] not in HYPHENS or not line[-2:-1].isalpha():
            return 0, " "
        first, second = ENDS.search(line), WORD.match(after)
        parted = line[-1] == SOFT or first and second and self.joins(first[0], second[0])
        return int(bool(parted)), ""

    def joins(self, first: str, second: str) -> bool:
        """Whether the halves are one word without the hyphen."""
        if second[0].isupper() and not first.isupper():
            return False
        first, second = first.casefold(), second.casefold()
        whole, hyphened = self.words[first + second], self.words[f"{first}-{second}"]
        if whole or hyphened:
            return whole >= hyphened
        if "-" in first or first in COMPOUNDS:
            return False
        if self.parts:
            return not (self.words[first] > 1 and self.words[second] > 1)
        return False
