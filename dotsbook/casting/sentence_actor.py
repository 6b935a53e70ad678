"""Whose a verb of saying is, of all that stand before it in its sentence: who acts, and not whom something is done to."""

import re
from collections.abc import Sequence

from dotsbook.casting import english
from dotsbook.casting.subject import WORD, Sort, Subject

HEARD = re.compile(r"\b(?:hear|heard|hearing)\s+(him|her|it)\b")
OBJECTS = {"him": ("he", "m"), "her": ("she", "f"), "it": ("it", "")}


def is_heard(text: str, begin: int, verb: int, who: Sequence[Subject]) -> Subject | None:
    """Who is heard to say it: `Emma heard him add, in a lower tone,`."""
    word = WORD.match(text, verb)
    low = word.group().lower() if word else ""
    found = list(HEARD.finditer(text, begin, verb)) if low in INFINITIVE or low in english.SAYING_ING else []
    if not found:
        return None
    start, end = found[-1].span(1)
    of = next((subject for subject in who if subject.start == start), None)  # heard her friend exclaim
    name, gender = OBJECTS[found[-1].group(1)]
    return of or Subject(start, end, Sort.PRONOUN, name, gender)


PREPOSITION = re.compile(
    r"\b(?:to|at|of|in|with|without|by|from|on|upon|near|towards?|after|before|than|about|over|behind|beside|into|under|against"
    r"|between|among|through|round|opposite|(?<![,;]\s)for|\w+ing|\w+ed|saw|told|took|left|met|held|heard|made|gave|caught|found|let"
    r"|knew|like|is|was|were|be|been)\s+(?:and\s+)?(?:(?:his|her|my|their|our|its)\s+)?$"
    r"|\b(?:with|of|between|from|by)\s+(?:[\w.]+\s+){1,3}and\s+$"
)
SUBORDINATE = re.compile(
    r"\b(?:where|who|whom|which|that|when|while|whose|if|as|because|since|till|until)\s+(?:\w+\s+and\s+)?$"
)
SAID_BY = re.compile(r"\b(?:said|cried|asked|replied|answered|called|returned|observed|exclaimed)\s+$")
AT_ONCE = re.compile(r"\s+(?:\w+ly\s+)?")
SAYS = re.compile(r"(?:['’]s|['’]| s)\s+\w+ing\b")
INFINITIVE = english.words("say ask reply exclaim add whisper mutter murmur remark observe declare")
WHOSE = re.compile(r",?\s+who\b")


def actor(text: str, found: Sequence[Subject], verb: int) -> Subject:
    """Of the subjects before a verb, whose verb it is: the last that is no object and in no clause closed before it."""
    heard = WORD.match(text, verb)
    low = heard.group().lower() if heard else ""
    shut: Subject | None = None  # in a clause closed before the verb
    for subject in reversed(found):
        before_it = text[max(0, subject.start - 40) : subject.start].lower()
        between = text[subject.end : verb]
        if AT_ONCE.fullmatch(between) or SAYS.match(text, subject.end) or WHOSE.match(between):
            return subject
        if verb - subject.end < 14 and before_it.endswith("and ") and "," not in between:
            return subject
        closed = SUBORDINATE.search(before_it) and between.rstrip().endswith((",", ", and"))
        if (closed and low not in english.SAYING_ING) or len(between) > 200:
            shut = shut or subject
            continue
        if shut and SAID_BY.search(before_it):
            return shut  # said Lucy, while her brother, who had been silent, exclaimed
        if not PREPOSITION.search(before_it) or (low in INFINITIVE and len(between) < 8):
            return subject
    return found[0]
