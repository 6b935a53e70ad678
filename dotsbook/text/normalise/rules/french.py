"""What only French writes: several days before a month, centuries, degrees that are ordinals. It knows no other."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule, number_patterns

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"


def days(match: re.Match, language: Language) -> str:
    """les 17-18-19 juin."""
    return " ".join(
        "premier" if day == "1" else language.numbers.cardinal(int(day))
        for day in re.findall(r"\d+", match[0])
    )


def enumerated(match: re.Match, language: Language) -> str | None:
    """1°, 2° … heads a list; 20° elsewhere is a temperature."""
    return language.numbers.ordinal(int(match["n"]))


def rules(language: Language) -> list[Rule]:
    left = number_patterns(language).left
    return [
        Rule(
            "roman",
            "roman",
            re.compile(r"(?<=[a-zéï] )I(?:er|ᵉʳ)(?![^\W_])"),
            lambda match, language: "premier",
        ),
        Rule(
            "roman",
            "roman",
            re.compile(r"(?<=[a-zéï] )I(?:re|ère)(?![^\W_])"),
            lambda match, language: "première",
        ),
        Rule(
            "date", "digit", re.compile(rf"{left}\d{{1,2}}(?:[-/]\d{{1,2}}){{1,3}}(?= (?:{MONTHS})\b)"), days
        ),
        Rule(
            "ordinal",
            "digit",
            re.compile(r"(?:^|(?<=[;:(,] ))(?P<n>\d{1,2})[°º](?=\s*$| [^\W\d_]| ?[,;])(?! ?[CFNSEO]\b)"),
            enumerated,
        ),
    ]
