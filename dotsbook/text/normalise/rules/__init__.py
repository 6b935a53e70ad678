"""The rules of a language in the order of trust: `rules_for(language)`. Each file is one class of written things."""

from functools import lru_cache

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.base import Rule


@lru_cache(maxsize=64)
def rules_for(language: Language, heading: bool, emoji: str) -> tuple[Rule, ...]:
    """Every rule of the language, the most trusted first."""
    from dotsbook.text.normalise.rules import counting

    return tuple(counting.rules(language))
