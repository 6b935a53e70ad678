"""The rules of a language in the order of trust: `rules_for(language)`. Each file is one class of written things."""

import re
from functools import lru_cache
from importlib import import_module

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule

OWN = {
    "en": "english",
    "ru": "slavic",
    "uk": "slavic",
    "pl": "slavic",
    "cs": "slavic",
    "zh": "chinese",
    "yue": "chinese",
    "ja": "japanese",
    "ko": "korean",
    "hi": "hindi",
    "ar": "arabic",
    "vi": "vietnamese",
    "de": "german",
    "fr": "french",
    "fi": "finnish",
    "el": "greek",
}


@lru_cache(maxsize=64)
def rules_for(language: Language, heading: bool, emoji: str) -> tuple[Rule, ...]:
    """Every rule of the language, the most trusted first."""
    from dotsbook.text.normalise.rules import (
        abbreviation,
        clock,
        compounds,
        counting,
        dates,
        durations,
        electronic,
        fractions,
        government,
        money,
        roman,
        roman_cases,
        roman_romance,
        symbol,
        telephone,
        units,
    )
    from dotsbook.text.normalise.rules import emoji as pictures

    own = OWN.get(language.base)
    first = import_module(f"{__name__}.{own}").rules(language) if own else []
    made = [
        Rule(
            "digits",
            "digit",
            re.compile(r"\d{40,}"),
            lambda match, language: language.numbers.digits(match[0]),
        )
    ]
    made += [*pictures.rules(emoji), *electronic.rules(language)]
    made += [fractions.raised_fractions()]
    made += roman.padded(language, heading)
    made += dates.rules(language) if own == "slavic" else []
    made += roman_cases.rules(language) + durations.rules(language) + compounds.rules(language)
    made += first + counting.years(language)
    for part in (dates, clock, telephone, government, money, units):
        made += part.rules(language)
    made += symbol.arithmetic(language)
    made += counting.rules(language)
    made += roman.rules(language, heading) + roman_romance.rules(language) + roman.leftovers(language)
    made += abbreviation.rules(language)
    made += symbol.rules(language)
    return tuple(rule for rule in made if not (heading and rule.name == "ordinal alone"))
