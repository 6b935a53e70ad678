"""Who is meant by a noun: "the landlord", "the man with the black beard". It knows nouns and people, not where they stand."""

import re
from collections import defaultdict

from dotsbook.casting import english
from dotsbook.casting.people import People
from dotsbook.casting.roster import Roster

NAMED_SO = re.compile(r"(?:the|an?)\s+(.+)", re.I)
AFTER_HEAD = re.compile(r"\s+(?:with|in|of|from|on|at|who|to)\b")
WORD = re.compile(r"[\w-]+")
LITTLE = english.words("the a an with in of from on at who to and his her")


def head_of(name: str) -> str:
    """The noun of a name that is none, in small letters: "beard" isn't it in "The Man With The Black Beard", "man" is."""
    found = NAMED_SO.fullmatch(name.strip())
    if found is None:
        return ""
    words = AFTER_HEAD.split(found.group(1).lower())[0].split()
    return words[-1] if words and words[-1].isalpha() else ""


class Nominals:
    """People known by what they are, by noun."""

    def __init__(self, people: People, roster: Roster | None):
        self.by_noun: defaultdict[str, list[tuple[frozenset[str], int]]] = defaultdict(list)
        for member in roster.members if roster else ():
            for name in (member.name, *member.also):
                head = head_of(name) or (name if name.islower() and name.isalpha() else "")
                if head:
                    self.put(head, people.of[member.name], described(name) - {head})

    def put(self, noun: str, who: int, described_by: frozenset[str] = frozenset()) -> None:
        if (described_by, who) not in self.by_noun[noun]:
            self.by_noun[noun].append((described_by, who))

    def find(self, noun: str, phrase: str) -> int | None:
        """The one whose description the phrase has most of; of a noun that might be anybody, at least half of it."""
        known = self.by_noun.get(noun)
        if not known:
            return None
        said = described(phrase)
        alone = len({who for _, who in known}) == 1 and noun not in english.GENERIC
        fits = [
            (len(words & said), -len(words - said), who)
            for words, who in known
            if alone or 2 * len(words & said) >= len(words)
        ]
        return max(fits)[2] if fits else None


def described(phrase: str) -> frozenset[str]:
    return frozenset(WORD.findall(phrase.lower())) - LITTLE
