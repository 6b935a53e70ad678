"""Who is old and who is young, as far as a book says so: "old Mr. Emerson", "little Pearl", and "the old man" in a tag."""

import re
from collections import Counter
from collections.abc import Iterable

from dotsbook.casting import english
from dotsbook.casting.people import People, spelled

OLD = english.words("old aged elderly elder venerable ancient")
YOUNG = english.words("young little younger small youthful girl boy lad lass child youth youngster")
NAMED = re.compile(
    r"\b(old|aged|elderly|venerable|young|little|youthful) ((?:(?:Mr|Mrs|Miss|Dr)\.? )?[A-Z][\w-]+)".replace(
        " ", r"\s+"
    )
)
WORD = re.compile(r"[a-z]+")


def ages(texts: Iterable[str], people: People) -> dict[int, float]:
    """{person: 1 old, -1 young} of those whom a book calls so more than once, and not the other as often."""
    votes: Counter[int] = Counter()
    for text in texts:
        for found in NAMED.finditer(text):
            who = people.of.get(spelled(" ".join(found.group(2).split())))
            if who is not None:
                votes[who] += 1 if found.group(1) in OLD else -1
    return {who: 1.0 if count > 0 else -1.0 for who, count in votes.items() if abs(count) > 1}


def age_of(phrase: str) -> float:
    """1 "the old man", -1 "the girl", 0 where a phrase tells nothing."""
    words = set(WORD.findall(phrase.lower()))
    return float(not words.isdisjoint(OLD)) - float(not words.isdisjoint(YOUNG))
