"""What only Greek writes: millions shortened as centimetres are, times with a dot, two days before a month. It knows no other."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.clock import in_words
from dotsbook.text.normalise.rules.dates import months_of
from dotsbook.text.normalise.rules.rule import Found, Rule, number_patterns, words_pattern

MILLION = "εκατομμύριο|εκατομμύρια|n"


def million(match: re.Match, language: Language) -> str:
    """13,6 εκ. ανθρώπων."""
    value = number_patterns(language).value(match["n"])
    return language.numbers.counted(value.whole, MILLION, value.places)


def clock(match: re.Match, language: Language) -> Found:
    """Στις 3.32 τα ξημερώματα."""
    return match.start("h"), match.end("m"), in_words(language, int(match["h"]), int(match["m"]), None)


def days(match: re.Match, language: Language) -> Found:
    """23 και 24 Μαΐου: days are feminine."""
    return (*match.span("d"), language.numbers.cardinal(int(match["d"]), "f"))


def rules(language: Language) -> list[Rule]:
    left, number = number_patterns(language).left, number_patterns(language).number
    months = words_pattern(months_of(language))
    part = r"(?: (?:τα ξημερώματα|το πρωί|το μεσημέρι|το απόγευμα|το βράδυ|τη νύχτα|ώρα)| ?[πμ]\.? ?μ\.)"
    return [
        Rule(
            "cardinal",
            "digit",
            re.compile(rf"{left}(?P<n>{number}) εκ\.(?= [α-ωά-ώ]+ων\b| ευρώ| δολ)"),
            million,
        ),
        Rule("time", "digit", re.compile(rf"{left}(?P<h>1?\d|2[0-4])\.(?P<m>[0-5]\d)(?={part})"), clock),
        Rule(
            "date",
            "digit",
            re.compile(
                rf"{left}(?P<d>[1-9]|[12]\d|3[01])(?=(?:, \d{{1,2}})*(?: και | ?[-–] ?| έως )\d{{1,2}} (?i:{months})(?!\w))"
            ),
            days,
        ),
    ]
