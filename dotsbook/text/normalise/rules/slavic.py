"""Years in Slavic languages, which say them as ordinals in the case of the word for year. It knows no other case."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.numbers.number_words import words
from dotsbook.text.normalise.rules.rule import Rule, number_patterns, words_pattern

# The word for year to its gender and case; a short form to the word to say, by whether "in" stands before it.
YEARS = {
    "ru": (
        {
            "год": "mn",
            "года": "mg",
            "году": "mp",
            "годом": "mi",
            "годы": "pn",
            "годов": "pg",
            "годах": "pp",
            "гг": "pn",
        },
        {"г.": ("года", "году"), "гг.": ("годы", "годах"), "г": ("года", "году")},
        ("в", "во"),
    ),
    "uk": (
        {"рік": "mn", "року": "mg", "році": "mp", "роки": "pn", "років": "pg", "роках": "pp"},
        {"р.": ("року", "році"), "рр.": ("роки", "роках")},
        ("у", "в"),
    ),
    "pl": (
        {"rok": "mn", "roku": "mg", "rokiem": "mi", "lata": "pn", "lat": "pg", "latach": "pp"},
        {"r.": ("roku", "roku"), "rr.": ("lata", "latach")},
        ("w", "we"),
    ),
}


def year(match: re.Match, language: Language):
    """1984 году, в 1984 г., 1941–1945 годы."""
    whole, short, inside = YEARS[language.base]
    word = match["word"]
    before = (re.search(r"(\w+)\s*$", match.string[: match.start()]) or [""])[0].strip().casefold()
    said = word
    if word in short:
        said = short[word][1 if before in inside else 0]
        if language.base == "pl" and before in inside:
            form = "mp"
        else:
            form = whole[said]
    else:
        form = whole[word]
        if language.base == "pl" and word == "roku" and before in inside:
            form = "mp"
    numbers = language.numbers
    value = int(match["year"])
    last = numbers.ordinal(value, *(form if form[0] != "p" or value % 10 == 0 else "m" + form[1]))
    if match["first"]:
        first = numbers.ordinal(int(match["first"]), *("m" + form[1]))
        last = f"{first}{match['dash']}{last}"
    stop = "." if word.endswith(".") and not match.string[match.end() :].strip() else ""
    return f"{last} {said}{stop}"


COMPOUND = (
    "летн летие летия летию летием дневн часов минутн секундн недельн месячн этажн метров километров килограммов "
    "граммов литров процентн градусн рублев страничн тонн местн кратн миллионн тысячн комнатн"
)
JOINED = {"один": "одно", "одного": "одно", "ста": "сто", "девяноста": "девяносто", "тысячи": "тысяче"}


def compound(match: re.Match, language: Language) -> str:
    """15-летний: пятнадцатилетний, the number in the genitive and joined."""
    parts = [JOINED.get(part, part) for part in words(int(match["n"]), "ru", case="g").split(" ")]
    return "".join(parts) + match["rest"]


def rules(language: Language) -> list[Rule]:
    if language.base not in YEARS:
        return []
    joined = (
        [
            Rule(
                "serial",
                "digit",
                re.compile(
                    rf"{number_patterns(language).left}(?P<n>[1-9]\d{{0,2}})-(?P<rest>(?:{'|'.join(COMPOUND.split())})\w*)"
                ),
                compound,
            )
        ]
        if language.base == "ru"
        else []
    )
    whole, short, _ = YEARS[language.base]
    left = number_patterns(language).left
    return joined + [
        Rule(
            "year",
            "digit",
            re.compile(
                rf"{left}(?:(?P<first>[1-9]\d{{2,3}})(?P<dash> ?[-–—] ?))?(?P<year>[1-9]\d{{2,3}})[ \u00a0]?"
                rf"(?P<word>{words_pattern([*whole, *short])})(?![^\W_])"
            ),
            year,
        )
    ]
