"""Years in Slavic languages, which say them as ordinals in the case of the word for year. It knows no other case."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.abbreviation import ends_sentence
from dotsbook.text.normalise.rules.dates import months_of
from dotsbook.text.normalise.rules.rule import Rule, number_patterns, words_pattern

# The word for year to its gender and case; a short form to the word to say, by whether "in" stands before it.
YEARS = {
    "ru": (
        {
            "год": "mn",
            "года": "mg",
            "году": "mp",
            "годами": "pi",
            "годам": "pd",
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
        {
            "рік": "mn",
            "року": "mg",
            "році": "mp",
            "роки": "pn",
            "років": "pg",
            "роках": "pp",
            "роками": "pi",
            "роком": "mi",
            "рокам": "pd",
        },
        {"р.": ("року", "році"), "рр.": ("роки", "роках")},
        ("у", "в"),
    ),
    "pl": (
        {
            "rok": "mn",
            "roku": "mg",
            "rokiem": "mi",
            "lata": "pn",
            "lat": "pg",
            "latach": "pp",
            "latami": "pi",
            "rokowi": "md",
        },
        {"r.": ("roku", "roku"), "rr.": ("lata", "latach")},
        ("w", "we", "po"),
    ),
}


# What stands before a bare year to its case, and what may follow one where a counted noun would be no year.
BARE = {
    "ru": {
        "p": "в|во",
        "g": "с|со|до|после|от|начала|конца|середины|летом|зимой|весной|осенью|весна|осень|зима|лета|зимы|весны|осени",
        "d": "к",
        "n": "по|год",
    },
    "uk": {"p": "у|в", "g": "з|із|до|після|від|початку|кінця|влітку|взимку|навесні|восени", "n": "по"},
    "pl": {
        "p": "w|po|w roku|po roku",
        "g": "od|do|z|przed|roku|latem|zimą|wiosną|jesienią|wiosnę|lata|jesieni|zimy|wiosny|początku|końca",
        "n": "rok",
    },
}
FUNCTION = {
    "ru": r"и|или|а|но|на|по|в|во|с|со|он|она|они|был|была|было|были|когда|после|для|за|до|от|к|из|о|под|при|у|стал|стала|"
    r"\w{3,}(?:ла|ло|ли|лся|лась|лось|лись|ется|ются)",
    "uk": "і|й|та|або|а|але|на|по|в|у|з|із|він|вона|вони|був|була|було|були|коли|після|для|за|до|від|стала|став",
    "pl": r"i|lub|a|ale|na|po|w|we|z|ze|on|ona|był|była|było|były|kiedy|gdy|dla|za|do|od|pod|przy|u|został|została|przez|o|można|trzeba|"
    r"nie|się|jest|są|\w{3,}(?:ł|ła|ło|li|ły|uje|ują)",
}
OR = r" ?(?:--?|[–—]) ?| (?:и|или|та|або|і|чи|i|lub|oraz) "
YEAR = r"1[0-9]\d\d|20[0-4]\d"


def year(match: re.Match, language: Language):
    """1984 году, в 1984 г., 1941–1945 годы, 1932 или 1933 году."""
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
    if form in ("pg", "pn") and language.base != "ru" and not match["first"] and word not in short:
        return None  # 3000 lat, 1500 років: a number of years
    numbers = language.numbers
    value = int(match["year"])
    single = form[0] != "p" or (value % 10 == 0 and not match["first"])
    last = numbers.ordinal(value, *(form if single else "m" + form[1]))
    if match["first"]:
        first = numbers.ordinal(int(match["first"]), *("m" + form[1]))
        last = f"{first}{spaced(match['dash'])}{last}"
    stop = "." if word.endswith(".") and ends_sentence(match.string, match.end()) else ""
    return f"{last} {said}{stop}"


def spaced(dash: str) -> str:
    """The dash between years with a space on each side, so that they don't run together."""
    return " – " if dash.strip(" -–—") == "" else dash


def bare(match: re.Match, language: Language):
    """в 1974, к 2009, январе 1886: the ordinal that the word before asks for, without the word for year."""
    word = match["word"].casefold()
    case = next((case for case, words in BARE[language.base].items() if word in words.split("|")), "g")
    start, end = match.span("year")
    return start, end, language.numbers.ordinal(int(match["year"]), "m", case)


def bracketed(match: re.Match, language: Language) -> str:
    """(1992), 1936–1955: years alone."""
    years = [language.numbers.ordinal(int(found), "m", "n") for found in re.findall(r"\d+", match[0])]
    return " – ".join(years)


def bare_years(language: Language) -> list[Rule]:
    left = number_patterns(language).left
    months = words_pattern(months_of(language))
    words = words_pattern(word for words in BARE[language.base].values() for word in words.split("|"))
    follows = rf"(?=\s*(?:[,;:!?)»\]…–—(]|--|\.(?!\d)|$|(?-i:[^\W\d_a-zа-яіїєґąćęłńóśźżёўъ]))| (?:{FUNCTION[language.base]})(?!\w))"
    flags = re.IGNORECASE
    return [
        Rule(
            "year",
            "digit",
            re.compile(rf"(?<!\w)(?P<word>{words}|{months}) (?P<year>{YEAR})(?![\d\w]){follows}", flags),
            bare,
        ),
        Rule("year", "digit", re.compile(rf"(?<=\()(?:{YEAR})(?=[);,])"), bracketed),
        Rule(
            "year",
            "digit",
            re.compile(rf"{left}(?:{YEAR}) ?(?:--|[-–—]) ?(?:{YEAR})(?![\w-])(?! ?[-/])"),
            bracketed,
        ),
    ]


LETA = {
    "let": "pg",
    "letech": "pp",
    "léta": "pn",
    "letům": "pd",
    "lety": "pi",
    "lat": "pg",
    "latach": "pp",
    "lata": "pn",
    "latami": "pi",
}


def tens(match: re.Match, language: Language) -> str:
    """V 60. letech, z lat 60., 70.: decades agree with the word for years."""
    form, numbers = LETA[(match["before"] or match["after"]).casefold()], language.numbers
    said = re.sub(
        r"(\d0)\.", lambda found: numbers.ordinal(int(found[1]), *form), match["list"] or match["list2"]
    )
    stop = "." if match["before"] and ends_sentence(match.string, match.end()) else ""
    return f"{match['before']} {said}{stop}" if match["before"] else f"{said} {match['after']}"


def decades(language: Language) -> list[Rule]:
    words = "|".join(LETA)
    row = r"[1-9]0\.(?:(?:, | [aiy] | až | do )[1-9]0\.)*"
    pattern = rf"(?<!\w)(?:(?P<before>(?i:{words})) (?P<list>{row})(?!\d)|(?P<list2>{row}) (?P<after>(?i:{words}))(?!\w))"
    return [Rule("decade", "digit", re.compile(pattern), tens)] if language.base in ("cs", "pl") else []


def rules(language: Language) -> list[Rule]:
    if language.base == "cs":
        return decades(language)
    if language.base not in YEARS:
        return []
    whole, short, _ = YEARS[language.base]
    left = number_patterns(language).left
    return (
        decades(language)
        + [
            Rule(
                "year",
                "digit",
                re.compile(
                    rf"{left}(?:(?P<first>[1-9]\d{{2,3}})(?P<dash>{OR}))?(?P<year>[1-9]\d{{2,3}})[ \u00a0]?"
                    rf"(?P<word>{words_pattern([*whole, *short])})(?![^\W_])"
                ),
                year,
            )
        ]
        + bare_years(language)
    )
