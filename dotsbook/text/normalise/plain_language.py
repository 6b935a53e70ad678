"""Data for a language that has no file of its own, from CLDR (babel): signs of numbers, months, units, currencies.

`cldr_data("sv")` gives what a data file would hold, or None where num2words has no words for the language's numbers.
"""

from functools import lru_cache
from typing import Any

CALLED = {"nb": "no", "nn": "no", "kk": "kz"}  # num2words' names
LOCALES = {"no": "nb", "kz": "kk"}
UNITS = {
    "%": "concentr-percent", "‰": "concentr-permille", "°": "angle-degree", "°C": "temperature-celsius",
    "°F": "temperature-fahrenheit", "km": "length-kilometer", "m": "length-meter", "cm": "length-centimeter",
    "mm": "length-millimeter", "kg": "mass-kilogram", "g": "mass-gram", "mg": "mass-milligram", "l": "volume-liter",
    "dl": "volume-deciliter", "cl": "volume-centiliter", "ml": "volume-milliliter", "ha": "area-hectare",
    "km²": "area-square-kilometer", "m²": "area-square-meter", "cm²": "area-square-centimeter", "m³": "volume-cubic-meter",
    "km/h": "speed-kilometer-per-hour", "m/s": "speed-meter-per-second", "kW": "power-kilowatt", "W": "power-watt",
    "MW": "power-megawatt", "kWh": "energy-kilowatt-hour", "V": "electric-volt", "Hz": "frequency-hertz",
    "MHz": "frequency-megahertz", "GHz": "frequency-gigahertz", "GB": "digital-gigabyte", "MB": "digital-megabyte",
    "kB": "digital-kilobyte", "TB": "digital-terabyte",
}  # fmt: skip
CURRENCIES = str.split(
    "USD EUR GBP JPY CNY INR RUB KRW TRY UAH CHF AUD CAD SEK NOK DKK ISK HUF CZK PLN RON BGN ILS BRL"
)
ORDINALS = {
    "sv": ":e :a",
    "no": "te de",
    "nb": "te de",
    "ca": "r n t è a",
    "eo": "-a a",
    "be": "-ы -га -м -я",
}
STOPPED = frozenset(
    str.split("da no nb nn hu sk sl sr hr lv is et")
)  # 3. is an ordinal before a small letter


def called(base: str) -> str:
    """num2words' name of a language."""
    return CALLED.get(base, base)


@lru_cache(maxsize=32)
def cldr_data(base: str) -> dict | None:
    from babel.core import Locale, UnknownLocaleError
    from num2words import CONVERTER_CLASSES

    if called(base) not in CONVERTER_CLASSES:
        return None
    try:
        locale = Locale.parse(LOCALES.get(base, base))
    except (UnknownLocaleError, ValueError):
        return None
    marks = locale.number_symbols.get("latn", locale.number_symbols)
    minus = minus_of(called(base))
    both = locale.list_patterns["standard"]["2"].replace("{0}", "").replace("{1}", "").strip() or "&"
    group, decimal = marks.get("group", ","), marks.get("decimal", ",")
    data: dict[str, Any] = {
        "minus": minus, "plus": "plus", "to": "–", "and": both, "cldr": locale, "symbols": {"&": both},
        "written": {"thousands": "." if decimal == "," else group.strip(), "decimal": decimal, "spaces": group.isspace()},
        "years": [1100, 2099], "stopped": "yes" if base in STOPPED else "no", "initials": "no",
        "time": {"h": "{h}", "hm": "{h} {m}", "hms": "{h} {m} {s}"},
        "units": {sign: noun for sign, name in UNITS.items() if (noun := unit_noun(locale, name))},
        "currencies": {code: noun for code in CURRENCIES if (noun := currency_noun(locale, code))},
        "currency_signs": own_currency(locale),
    }  # fmt: skip
    if base in ORDINALS:
        data["ordinals"] = dict.fromkeys(ORDINALS[base].split(), "m")
    data |= dates_of(locale, base)
    return data


def minus_of(name: str) -> str:
    from num2words import num2words

    try:
        said = num2words(-1, lang=name).removesuffix(num2words(1, lang=name)).strip()
    except (NotImplementedError, ValueError, TypeError, KeyError):
        said = ""
    return said if said and said[0].isalpha() else "minus"


def tags_of(locale) -> list[str]:
    """CLDR's plural forms of a language, "other" last."""
    return [*locale.plural_form.rules, "other"]


def unit_noun(locale, name: str) -> str:
    """The unit's forms, one for each plural: "kilometer|kilometer"; "" where it stands before its number."""
    patterns = locale._data["unit_patterns"].get(name, {}).get("long", {})
    return forms_of([patterns.get(tag) or patterns.get("other") or "" for tag in tags_of(locale)])


def forms_of(patterns: list[str]) -> str:
    if not all(str(pattern).startswith("{0}") for pattern in patterns):
        return ""
    return "|".join(str(pattern).removeprefix("{0}").strip() for pattern in patterns)


def currency_noun(locale, code: str) -> str:
    names = locale._data["currency_names_plural"].get(code, {})
    other = names.get("other") or locale.currencies.get(code, "")
    return "|".join(names.get(tag, other) for tag in tags_of(locale)) if other else ""


def own_currency(locale) -> dict[str, str]:
    """The sign of the money where the language is mostly spoken: kr, Ft."""
    from babel.core import get_global
    from babel.numbers import get_currency_symbol, get_territory_currencies

    likely = get_global("likely_subtags").get(str(locale), "")
    codes = get_territory_currencies(likely.split("_")[-1]) if likely else []
    return {get_currency_symbol(code, locale): code for code in codes if code in CURRENCIES}


def dates_of(locale, base: str) -> dict:
    """Months, and a template in the order that CLDR's long date has."""
    wide, short = locale.months["format"]["wide"], locale.months["format"]["abbreviated"]
    months = ["|".join(dict.fromkeys((wide[at], short[at].rstrip(".")))) for at in range(1, 13)]
    if locale.date_formats["long"].pattern.startswith("y"):
        return {"months": [], "date": {"order": "ymd", "dmy": "{y} {month} {d}", "my": "{y} {month}"}}
    day = "{d:o}" if base in STOPPED or base == "sv" else "{d}"
    return {
        "months": months,
        "date": {
            "order": "dmy", "dmy": f"{day} {{month}} {{y}}", "dm": f"{day} {{month}}", "my": "{month} {y}",
            "suffix": r"\.?(?::e)?", "tails": "(?!)",
        },
    }  # fmt: skip
