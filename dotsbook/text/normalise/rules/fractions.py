"""Fractions, and numbers with a slash between that are none: 3/4, 2½, ¹⁄₂, law 260/80. It knows no units."""

import re
import unicodedata

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.dates import in_words
from dotsbook.text.normalise.rules.rule import Rule, number_patterns

VULGAR = {
    **{
        "½": (1, 2),
        "⅓": (1, 3),
        "⅔": (2, 3),
        "¼": (1, 4),
        "¾": (3, 4),
        "⅕": (1, 5),
        "⅖": (2, 5),
        "⅗": (3, 5),
        "⅘": (4, 5),
    },
    **{
        "⅙": (1, 6),
        "⅚": (5, 6),
        "⅛": (1, 8),
        "⅜": (3, 8),
        "⅝": (5, 8),
        "⅞": (7, 8),
        "⅐": (1, 7),
        "⅑": (1, 9),
        "⅒": (1, 10),
    },
}
PROPORTIONS = frozenset(("cs", "de", "el", "en", "es", "fi", "fr", "it", "nl", "pl", "pt", "ro", "ru", "uk"))
SHARES = (24, 25, 32, 36, 48, 64)  # of parts below a hundred, those that fractions have
NAMED = re.compile(
    r"(?:\b(?:[Nn]|[Nn]r|[Nn]o|[Nn]úm|[Aa]rt|[Aa]rtt)\.|[Nn][º°]|№|\b[A-ZÀ-Þ]{2,}) $"
)  # what has a number by name


def fraction(match: re.Match, language: Language) -> str | None:
    numbers, written = language.numbers, number_patterns(language)
    if match["vulgar"]:
        above, below = VULGAR[match["vulgar"]]
    else:
        if match["below"][0] == "0" and len(match["below"]) > 1:
            return with_zero(match["above"], match["below"], language)
        above, below = (written.value(match[name]).whole for name in ("above", "below"))
    if below == 0 and language.base == "hi":
        return numbers.fraction(above, below)
    if below == 0 or below > 10**6:
        return None
    whole = match["whole"]
    if (
        not whole
        and 10 <= above <= 100
        and 5 <= below <= above
        and language.base in PROPORTIONS
        and not match["vulgar"]
    ):
        return f"{numbers.cardinal(above)} {numbers.cardinal(below)}"  # fifty-fifty, twenty-four seven
    named = above >= 10 and NAMED.search(match.string, 0, match.start())
    if (
        not whole
        and not match["vulgar"]
        and language.base in PROPORTIONS
        and (named or numbered(above, below))
    ):
        return f"{numbers.cardinal(above)} {numbers.cardinal(below)}"
    sign = match["sign"] or ""
    if whole:
        return written.signed(sign, numbers.mixed(written.value(whole).whole, above, below), language.data)
    return written.signed(sign, numbers.fraction(above, below), language.data)


def numbered(above: int, below: int) -> bool:
    """Law 99/2006, sheet 155/156, articles 70/71: no fraction is written so, but a round share such as 37/1000 is."""
    if below > 100:
        return below % 100 != 0 and (above >= 10 or above > 1 and 1000 < below < 2100)
    if above >= 1000:
        return below > 12
    return above >= 10 and below > 20 and below % 10 != 0 and below not in SHARES


def with_zero(above: str, below: str, language: Language) -> str:
    """Resolution 19/04: number and year. 07/01, with both in two figures: a day."""
    day, month, data = int(above), int(below), language.data
    dated = "months" in data and data.get("date", {}).get("order", "dmy") == "dmy"
    if dated and above[0] == "0" and len(above) == len(below) == 2 and 1 <= day <= 9 and 1 <= month <= 12:
        return in_words(language, day, month, None)
    said = language.numbers.digits(above) if above[0] == "0" else number_patterns(language).say(above)
    return f"{said} {language.numbers.digits(below)}"


def raised_fraction(match: re.Match, language: Language) -> str | None:
    """¹⁄₂, 3¹/₂."""
    above, below = (
        int("".join(str(unicodedata.digit(char)) for char in match[name])) for name in ("above", "below")
    )
    if not below:
        return None
    numbers = language.numbers
    return (
        numbers.mixed(int(match["whole"]), above, below) if match["whole"] else numbers.fraction(above, below)
    )


def raised_fractions() -> Rule:
    high = (
        r"(?<![\d.,])(?P<whole>\d{1,9})?[ -]?(?P<above>[⁰¹²³⁴-⁹]{1,3})[/⁄](?P<below>[₀-₉]{1,3}|\d{1,3}(?!\d))"
    )
    return Rule("fraction", "digit", re.compile(high), raised_fraction, "⁰¹²³⁴⁵⁶⁷⁸⁹")


def rules(language: Language) -> list[Rule]:
    written = number_patterns(language)
    whole = rf"(?P<sign>{written.sign})(?:(?P<whole>\d+)(?: |(?=[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒])))?"
    plain = rf"(?P<above>{written.whole}) ?[/⁄] ?(?P<below>{written.whole})(?!/){written.right}(?![.,]\d)"
    pattern = rf"{written.left}(?<!/)(?<![A-Za-z]-){whole}(?:{plain}|(?P<vulgar>[{''.join(VULGAR)}]))"
    return [Rule("fraction", "digit", re.compile(pattern), fraction)]
