"""What only English writes: decades, quarters of a year, eras, suffixes that make no ordinal. It knows no other."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.numbers.number_words import words
from dotsbook.text.normalise.rules import english_figures, old_money, scripture, streets
from dotsbook.text.normalise.rules.rule import Rule, number_patterns

TENS = {
    "1": "tens",
    "2": "twenties",
    "3": "thirties",
    "4": "forties",
    "5": "fifties",
    "6": "sixties",
    "7": "seventies",
    "8": "eighties",
    "9": "nineties",
}


def decade(match: re.Match, language: Language) -> str | None:
    """The '60s, the 1910s, 1800s."""
    century, ten = match["century"] or "", match["ten"]
    if ten == "0":
        if not century:
            return None
        if century.endswith("0"):
            return f"{words(int(century) // 10, 'en')} thousands"
        return f"{words(int(century), 'en')} hundreds"
    if not century:
        return TENS[ten]
    return f"{words(int(century), 'en')} {TENS[ten]}"


def short_year(match: re.Match, language: Language) -> str:
    """The summer of '69."""
    value = int(match["year"])
    return f"oh {words(value, 'en')}" if value < 10 else words(value, "en")


def decades(match: re.Match, language: Language) -> str:
    return " to "


def quarter(match: re.Match, language: Language) -> str:
    year = match["year"]
    said = language.numbers.year(int(year)) if len(year) == 4 else words(int(year), "en")
    return f"the {words(int(match['q']), 'en', 'ordinal')} quarter of {said}"


def era(match: re.Match, language: Language) -> str:
    """2024 B.C.: the letters; the number before it is a year."""
    value = int(match["year"].replace(",", ""))
    said = language.numbers.year(value) if len(match["year"]) == 4 else language.numbers.cardinal(value)
    return f"{said} {match['era'].replace('.', '').replace(' ', '')}"


def odd_ordinal(match: re.Match, language: Language) -> str | None:
    """1th and 12nd are no ordinals: the number and then the letters."""
    value = int(match["number"].replace(",", ""))
    right = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    if match["suffix"].lower() == right:
        return None
    said = language.numbers.digits(match["number"]) if value > 100 else language.numbers.cardinal(value)
    return f"{said} {match['suffix']}"


def ordinal_fraction(match: re.Match, language: Language) -> str:
    return language.numbers.fraction(int(match["above"]), int(match["below"]))


def height(match: re.Match, language: Language) -> str:
    """5'10" is a person's height."""
    return f"{words(int(match['feet']), 'en')} foot {words(int(match['inches']), 'en')}"


def house(match: re.Match, language: Language):
    """A house number before its street: one twenty-three."""
    value = int(match["number"])
    high, low = divmod(value, 100)
    said = f"{words(high, 'en')} {'hundred' if not low else ('oh ' if low < 10 else '') + words(low, 'en')}"
    return (*match.span("number"), said)


def rules(language: Language) -> list[Rule]:
    written = number_patterns(language)
    roads = r"St|Ave|Rd|Blvd|Dr|Ln|Street|Avenue|Road|Boulevard|Drive|Lane"
    return [
        *old_money.rules(),
        *streets.rules(),
        *scripture.rules(),
        *english_figures.rules(),
        Rule("decade", "digit", re.compile(r"(?<=\ds)[-–](?=['’]?\d0s)"), decades),
        Rule(
            "decade",
            "digit",
            re.compile(r"(?<![^\W_])['’‘]?(?<![\d.,$£€])(?P<century>1[0-9]|20)?(?P<ten>\d)0['’]?s(?![^\W_])"),
            decade,
        ),
        Rule(
            "year",
            "digit",
            re.compile(r"(?<![^\W_])['’‘](?P<year>\d\d)(?![\w'’:.,]\w|\w)(?!['’]\s?\w*['’])"),
            short_year,
        ),
        Rule("date", "digit", re.compile(r"(?<![\w.,])(?P<q>[1-4])Q(?P<year>\d{2}|\d{4})(?!\w)"), quarter),
        Rule(
            "year",
            "digit",
            re.compile(
                r"(?<![\w.,])(?P<year>\d{1,2},\d{3}|\d{1,4}) ?"
                r"(?P<era>B\.? ?C\.? ?E|B\.? ?C|C\. ?E|A\. ?D)\b(?:\.(?=\s+[^A-Z\s]))?"
            ),
            era,
        ),
        Rule(
            "fraction",
            "digit",
            re.compile(
                r"(?<![\w.,/])(?P<above>\d+)/(?P<below>\d+)(?:sts?|nds?|rds?|ths?|s)(?!\w)", re.IGNORECASE
            ),
            ordinal_fraction,
        ),
        Rule(
            "ordinal",
            "digit",
            re.compile(
                rf"{written.left}(?P<number>\d+|\d{{1,3}}(?:,\d{{3}})+)(?P<suffix>st|nd|rd|th)(?!\w)",
                re.IGNORECASE,
            ),
            odd_ordinal,
        ),
        Rule(
            "fraction",
            "digit",
            re.compile(r"(?<![\w½.,])½(?= (?:an?|the|of|my|his|her|our|your|their)\b)"),
            lambda match, language: "half",
        ),
        Rule("symbol", "sign", re.compile(r"(?<![\w&#])#(?=\d)"), lambda match, language: "number "),
        Rule(
            "measure",
            "digit",
            re.compile(r"(?<![\w.,'’])(?P<feet>[3-8])[′'’](?P<inches>1[01]|\d)(?:[″\"”]|['’]{2})?(?![\w'’])"),
            height,
        ),
        Rule("code", "digit", re.compile(r"(?<!\w)401\(k\)"), lambda match, language: "four oh one k"),
        Rule(
            "fraction", "digit", re.compile(r"(?<![\w/])9/11(?![\w/])"), lambda match, language: "nine eleven"
        ),
        Rule(
            "address",
            "digit",
            re.compile(
                rf"{written.left}(?P<number>[1-9]\d{{2}})(?= (?:[NSEW]\.? )?(?:[A-Z][a-z]+ ){{1,2}}(?:{roads})\b)"
            ),
            house,
        ),
    ]
