"""Whom "he", "she" and "her mother" may mean: who acts in the narration, and who may bear a word for kin. It knows no speech."""

import re
from collections.abc import Sequence

from dotsbook.casting import english
from dotsbook.casting.people import Person, parse
from dotsbook.casting.subject import Sort, Subject

# what may stand before a subject: the beginning of a clause
CLAUSE = re.compile(
    r"(?:^|[.!?;:,”“—–_-]|\b(?:and|but|when|while|as|that|if|because|then|for|so|before|after|until|till|though|although"
    r"|where|whom|than|what|how|or|now|here|even|only|poor|old|little|young|dear))\s*$",
    re.IGNORECASE,
)
VERB = re.compile(r"(?:,[^,;.]{3,60},)?,?\s+(?:who\s+)?[a-z]")
PARENT = english.words(
    "father mother papa mamma mama mummy daddy stepmother stepfather grandmother grandfather aunt uncle"
)
CHILD = english.words("son daughter nephew niece grandson granddaughter boy girl")
EQUAL = english.words("brother sister cousin friend companion sister-in-law brother-in-law lover betrothed")
SPOUSE = english.words("wife husband")
KINDS = ((PARENT, 1.0), (CHILD, 2.0), (EQUAL, 3.0), (SPOUSE, 4.0))
GROWN = english.words(
    "mr mrs sir lady lord madame mme monsieur aunt uncle captain colonel general major squire"
)


def leads(text: str, subject: Subject) -> bool:
    """Whether a name or a noun stands where who acts stands: at the head of a clause, a verb after it."""
    if subject.sort not in (Sort.NAME, Sort.NOUN):
        return False
    return bool(
        CLAUSE.search(text, max(0, subject.start - 24), subject.start) and VERB.match(text, subject.end)
    )


def kind_of_kin(noun: str) -> float:
    """0 where the noun is no word for kin."""
    return next((value for words, value in KINDS if noun in words), 0.0)


def bears(person: Person, noun: str) -> float:
    """Whether somebody is known by a word for kin: 1 "Aunt March" an aunt, 0.5 Mrs. March a mother, -0.5 Amy, 0 unknown."""
    kind = kind_of_kin(noun)
    if not kind:
        return 0.0
    titles = {parse(name).title for name in person.names}
    if noun in titles or person.name.lower().endswith(noun):
        return 1.0
    grown = bool(titles & GROWN)
    if kind in (1.0, 4.0):
        return 0.5 if grown else -0.5
    return -0.5 if grown and kind == 2.0 else 0.25


def acting(text: str, who: Sequence[tuple[Subject, int | None]]) -> tuple[tuple[int, int], ...]:
    """The people who act in a line's narration, in order: (where, who)."""
    return tuple(
        (subject.start, index) for subject, index in who if index is not None and leads(text, subject)
    )
