"""What only French writes: several days before a month, centuries, degrees that are ordinals. It knows no other."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.roman import worth
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


def raised(match: re.Match, language: Language) -> str | None:
    """Le XIVe, des IV ème protocoles: an ordinal, whatever its noun."""
    value = worth(match["roman"])
    if not value or len(match["roman"]) < 2 and len(match["suffix"].strip()) < 2:
        return None
    return language.numbers.ordinal(value) + ("s" if match["suffix"].endswith("s") else "")


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
            "roman",
            "roman",
            re.compile(r"(?<![\w.'’-])(?P<roman>[IVX]+)(?P<suffix>e|ᵉ| ?i?[èe]mes?)(?![^\W_])"),
            raised,
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
