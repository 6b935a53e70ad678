"""Turns what is written into what is said: numbers, dates, money, abbreviations. It knows no books and no audio.

    normalise("He paid $5 in the '60s.", "en") -> ("He paid five dollars in the sixties.", [Change, Change])

Prose comes first: a plain word is never touched. Nothing is half-read: what can't be read whole stays as written and is
listed. Rules are in `rules/`, one class of written thing a file; what differs from language to language is in
`data/*.yaml` and, for number words, in `numbers/`.
"""

from dotsbook.text.normalise.apply_rules import normalise
from dotsbook.text.normalise.change import Change
from dotsbook.text.normalise.language import how_read

__all__ = ["Change", "how_read", "normalise"]
