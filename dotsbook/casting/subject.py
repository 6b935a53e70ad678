"""A word of the narration that may say who acts: a name, a noun, a pronoun, and where it stands."""

import re
from dataclasses import dataclass
from enum import StrEnum

WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*")


class Sort(StrEnum):
    NAME = "name"
    NOUN = "noun"  # "the landlord"
    KIN = "kin"  # "his mother": who, depends on whose
    PRONOUN = "pronoun"
    FIRST = "I"
    CROWD = "crowd"


@dataclass(frozen=True, slots=True)
class Subject:
    """A word that may say who acts."""

    start: int
    end: int
    sort: Sort
    name: str  # the mention's name, or the noun
    gender: str = ""
    phrase: str = ""  # of a noun: all its words, as far as they describe it
    owned: str = ""  # of a noun: whose it is, "his", "her", "Emma's"
