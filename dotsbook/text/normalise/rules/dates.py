"""Dates in words and figures. It knows no calendar but ours, and takes month names and word order from the data."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.abbreviation import ends_sentence
from dotsbook.text.normalise.rules.rule import Rule, number_patterns, words_pattern
from dotsbook.text.normalise.templates import fill

ROMAN_MONTHS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
THE = re.compile(r"\bthe\s+$", re.IGNORECASE)


def months_of(language: Language) -> dict[str, int]:
    """Every spelling of a month, case-folded, to its number."""
    found = {}
    for number, spelled in enumerate(language.data.get("months", ()), 1):
        for name in spelled.split("|"):
            found[name.casefold()] = found[name.lower()] = number  # they differ in Μαΐου
    return found


def month_name(language: Language, number: int) -> str:
    names = language.data["months"]
    return names[number - 1].split("|")[0] if names else ""


def in_words(
    language: Language,
    day: int | None,
    month: int,
    year: str | None,
    name: str = "",
    kind: str = "",
    comma: bool = False,
    alone: bool = False,
) -> str:
    """A date by the language's templates: dmy, dm, my, or "mdy" where the text has the month first."""
    form = kind or ("d" if day else "") + "m" + ("y" if year else "")
    templates = language.data["date"]
    values = {"month": name or month_name(language, month), "m": month}
    if day:
        first = templates.get("first")
        values["d"] = first if day == 1 and first else day
    if year:
        said = spoken_year(language, year)
        values["y"] = said
    template = templates[form].replace(" {y}", ", {y}") if comma else templates[form]
    if alone and "alone" in templates:  # a diary's heading: the day in the nominative
        template = template.replace("{d:omg}", templates["alone"]).replace("{d:ong}", templates["alone"])
    return fill(template, language, **values)


def spoken_year(language: Language, year: str) -> str:
    """The year, in the case its place in a date asks for (Slavic languages say it as an ordinal)."""
    numbers = language.numbers
    if len(year) == 2 and language.data["date"].get("short_year") == "digits":
        return numbers.digits(year)
    value = int(year)
    form = language.data["date"].get("year")
    if form:
        return numbers.ordinal(value, *form)
    return numbers.cardinal(value) if len(year) == 2 else numbers.year(value)


def fits(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def ordered(language: Language, a: int, b: int) -> tuple[int, int] | None:
    """(day, month) of two numbers in the order of the place, or the other where only that fits."""
    order = language.data["date"].get("order", "dmy")
    day, month = (b, a) if order == "mdy" else (a, b)
    if fits(day, month):
        return day, month
    return (month, day) if fits(month, day) else None


def figures(match: re.Match, language: Language) -> str | None:
    """31.12.1999, 12/31/1999."""
    pair = ordered(language, int(match["a"]), int(match["b"]))
    if not pair:
        return None
    month_first = language.data["date"].get("order") == "mdy" and int(match["a"]) <= 12
    said = in_words(language, *pair, match["y"], kind="mdy" if month_first else "dmy", alone=is_alone(match))
    return said + tail_of(match, language)


def iso(match: re.Match, language: Language) -> str | None:
    """1999-12-31 and its like."""
    month, day = int(match["m"]), int(match["d"])
    if not fits(day, month):
        month, day = day, month
    if not fits(day, month):
        return None
    return in_words(language, day, month, match["y"])


def year_month(match: re.Match, language: Language) -> str | None:
    if (int(match["y"]) + 1) % 100 == int(match["m"]):  # 2010-11 is a season
        return None
    return in_words(language, None, int(match["m"]), match["y"]) if 1 <= int(match["m"]) <= 12 else None


def day_month(match: re.Match, language: Language) -> str | None:
    """14. Januar 1990, 14 de enero: the month as written stays where it is a full name."""
    day = int(match["d"])
    month = months_of(language).get(match["month"].casefold().rstrip("."))
    if not month or not 1 <= day <= 31:
        return None
    year = match["y"]
    said = in_words(
        language,
        day,
        month,
        year,
        full_name(match["month"], language, month),
        comma=comma(match),
        alone=is_alone(match),
    )
    if said.startswith("the ") and THE.search(match.string[: match.start()]):
        said = said.removeprefix("the ")
    return with_stop(match, language, month, said + tail_of(match, language))


def month_day(match: re.Match, language: Language) -> str | None:
    day = int(match["d"])
    written = match["month"]
    month = months_of(language).get(written.casefold().rstrip("."))
    if not month or not 1 <= day <= 31:
        return None
    if (
        written.casefold() in language.data["date"].get("doubtful", ())
        and not written[0].isupper()
        and not match["y"]
    ):
        return None
    form = ("mdy" if match["y"] else "md") if "md" in language.data["date"] else ""
    said = in_words(
        language, day, month, match["y"], full_name(written, language, month), form, comma=comma(match)
    )
    return with_stop(match, language, month, said + tail_of(match, language))


def is_alone(match: re.Match) -> bool:
    """Whether a date with its year in full, or without one, is all that a line has."""
    if len(match["y"] or "1900") != 4:
        return False
    return not (match.string[: match.start()] + match.string[match.end() :]).strip(" .,:;!—–-")


def roman_month(match: re.Match, language: Language) -> str | None:
    """14 XII 1920, 3.IX.1939."""
    day, month = int(match["d"]), ROMAN_MONTHS.index(match["month"]) + 1
    return (
        in_words(language, day, month, match["y"], alone=is_alone(match)) + tail_of(match, language)
        if fits(day, month)
        else None
    )


def comma(match: re.Match) -> bool:
    """October 30, 1812: the comma is heard."""
    return bool(match["y"]) and "," in match[0]


def with_stop(match: re.Match, language: Language, month: int, said: str) -> str:
    """5 Jan. loses its stop; 5 May. at a sentence's end keeps it."""
    if not match[0].endswith("."):
        return said
    if match.groupdict().get("tail"):
        return said + "." if ends_sentence(match.string, match.end()) else said
    written = match["month"].rstrip(".")
    short = full_name(written, language, month) != written
    return said if short and not ends_sentence(match.string, match.end()) else said + "."


def tail_of(match: re.Match, language: Language) -> str:
    """The word for year that follows in some languages: года, roku."""
    return f" {language.data['date']['tail']}" if match.groupdict().get("tail") else ""


def full_name(written: str, language: Language, month: int) -> str:
    """The month as the author wrote it, or in full where it was cut short."""
    names = language.data["months"][month - 1].split("|")
    whole = [name for name in names if len(name) > 4 or name == names[0]]
    if written.casefold().rstrip(".") in [name.casefold() for name in whole]:
        return written.rstrip(".")
    return names[0]


def rules(language: Language) -> list[Rule]:
    date = language.data.get("date")
    if not date or "months" not in language.data:
        return []
    written = number_patterns(language)
    left, right = written.left + r"(?<![\d/.-])", r"(?![\d/-]|[.,]\d)" + written.right
    made = []
    tail = rf"(?:(?P<tail> ?(?:{date['tails']})(?![^\W_]))|{right})" if "tails" in date else right
    if date.get("order") != "ymd" or language.base in ("ko",):
        made.append(
            Rule(
                "date",
                "digit",
                re.compile(
                    rf"{left}(?P<a>\d{{1,2}})(?P<s>[./-])(?P<b>\d{{1,2}})(?P=s)(?P<y>\d{{4}}|\d{{2}}(?!\d)){tail}"
                ),
                figures,
            )
        )
    made.append(
        Rule(
            "date",
            "digit",
            re.compile(rf"{left}(?P<y>\d{{4}})(?P<s>[./-])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}}){right}"),
            iso,
        )
    )
    made.append(
        Rule(
            "date", "digit", re.compile(rf"{left}(?P<y>[12]\d{{3}})-(?P<m>0[1-9]|1[0-2]){right}"), year_month
        )
    )
    numerals = "|".join(sorted(ROMAN_MONTHS, key=len, reverse=True))
    made.append(
        Rule(
            "date",
            "digit",
            re.compile(
                rf"{left}(?P<d>\d{{1,2}})(?P<s>[ ./-]|\. )(?P<month>{numerals})(?:(?P=s)|\. )(?P<y>1[0-9]\d\d|20\d\d){tail}"
            ),
            roman_month,
        )
    )
    names = words_pattern(months_of(language))
    if names and date.get("order") != "ymd":
        of, suffix = date.get("of", " "), date.get("suffix", "")
        year = date.get("before_year", r",? ")
        made.append(
            Rule(
                "date",
                "digit",
                re.compile(
                    rf"{left}(?P<d>\d{{1,2}})(?:{suffix})(?:{of})(?P<month>(?:{names})(?![^\W_])\.?(?! ?\d\d?[.:,]))"
                    rf"(?:(?:{year})(?P<y>[1-9]\d{{2,3}}){tail})?",
                    re.IGNORECASE,
                ),
                day_month,
            )
        )
        made.append(
            Rule(
                "date",
                "digit",
                re.compile(
                    rf"(?<![\w])(?P<month>(?:{names})(?![^\W_])\.?)[ -](?P<d>\d{{1,2}})(?:{date.get('suffix_after', '')})"
                    rf"(?!\d|[:.,]\d|[%/°$€£])(?:(?:{year})(?P<y>[12]\d{{3}}){right})?(?![\w])",
                    re.IGNORECASE,
                ),
                month_day,
            )
        )
    return made
