"""Sums of money: a sign or code and a number, in either order. It knows no rates."""

import re

from dotsbook.text.normalise.language import CJK, Language, read_data
from dotsbook.text.normalise.numbers.number_words import split_noun
from dotsbook.text.normalise.rules.attributive import after_article, before_noun, hyphened
from dotsbook.text.normalise.rules.rule import (
    Found,
    Rule,
    Value,
    link_after,
    number_patterns,
    scales_of,
    words_pattern,
)

THOUSANDS = (  # as in America, whatever the comma is elsewhere; in Spanish $ 18,186 is one too
    re.compile(r"\d{1,3}(?:,\d{3}){2,}"),
    re.compile(r"\d{1,3}(?:,\d{3})+"),
)
AGAIN = re.compile(r" (?:d[ei] |d['’])?([^\W\d_]+)")


def currency_of(sign: str, language: Language) -> str | None:
    """The ISO code of a sign, a code or an abbreviation, if the language has its name."""
    own = language.data.get("currency_signs", {})
    common = read_data("common")["currency_signs"]
    code = (
        own.get(sign) or own.get(sign.lower()) or common.get(sign) or common.get(sign.upper()) or sign.upper()
    )
    return code if code in language.data["currencies"] else None


def amount(match: re.Match, language: Language) -> Found:
    written = number_patterns(language)
    code = currency_of(match["sign"].strip(), language)
    if not code:
        return None
    text = match["number"]
    bare = not text[0].isdecimal()
    if bare:
        text = "0" + text
    if not match["scale"] and THOUSANDS[language.base == "es"].fullmatch(text):
        text = text.replace(",", "")
    value = written.value(text)
    names = language.data["currencies"][code].split(" / ")
    scale = match["scale"]
    minus = match["minus"] or ""
    if language.base == "en" and not match["per"] and before_noun(match.string, match.start(), match.end()):
        return minus_of(minus, language) + attributive(match, value, names, language)
    if scale:
        said = scaled(value, scales_of(language)[scale], names[0], language)
    else:
        said = plain_sum(value, names, language)
        if bare and language.base == "en" and said.startswith("zero "):
            said = said.removeprefix("zero ")  # $.506
    glue = "" if language.base in ("zh", "yue", "ja") else " "
    if match["first"]:
        said = glue.join((written.say(match["first"]), language.data["to"], said))
    said = minus_of(minus, language) + said + per(match, language)
    return match.start(), match.end() + repeated(match, names[0]), said


def repeated(match: re.Match, noun: str) -> int:
    """How much of what follows says the currency again: $ 5 millones de dólares."""
    again = AGAIN.match(match.string, match.end())
    return len(again[0]) if again and again[1].casefold() in split_noun(noun)[0] else 0


def minus_of(minus: str, language: Language) -> str:
    glue = "" if language.base in ("zh", "yue", "ja") else " "
    return language.data["minus"] + glue if minus else ""


def attributive(match: re.Match, value: Value, names: list[str], language: Language) -> str:
    """A five-dollar bill, a three-million-dollar house, a hundred-dollar-a-week job."""
    noun, scale = split_noun(names[0])[0][0], match["scale"]
    written, places = number_patterns(language), value.places.rstrip("0")
    if places and not scale and len(value.places) == 2 and len(names) > 1:
        small = language.numbers.cardinal(int(value.places))
        said = f"{hyphened(language.numbers.cardinal(value.whole), noun)}-{hyphened(small, split_noun(names[1])[0][0])}"
    else:
        number = (
            language.numbers.decimal(value.whole, places)
            if places
            else language.numbers.cardinal(value.whole)
        )
        if match["first"]:
            number = f"{written.say(match['first'])} {language.data['to']} {number}"
        if scale:
            number += f" {split_noun(scales_of(language)[scale])[0][0]}"
        said = hyphened(number, noun)
    return after_article(match.string, match.start(), said)


def per(match: re.Match, language: Language) -> str:
    unit = match["per"]
    if not unit:
        return ""
    return f" {language.data['per']} {language.data['per_units'][unit].split('|')[0]}"


def scaled(value: Value, scale: str, noun: str, language: Language) -> str:
    """2.5 million dollars; two billones de euros."""
    numbers = language.numbers
    count = numbers.counted(value.whole, scale, value.places)
    forms, _ = split_noun(noun)
    link = link_after(scale, forms[0], language)
    if language.base in ("zh", "yue", "ja", "ko"):
        link = "" if language.base != "ko" or noun == "원" else " "
        count = count.replace(" ", "")
    return f"{count}{link}{forms[min(2, len(forms) - 1)]}"


def plain_sum(value: Value, names: list[str], language: Language) -> str:
    numbers, places = language.numbers, value.places
    cents = places.rstrip("0") if len(places) > 2 else places
    if len(names) < 2 or len(cents) > 2 or value.whole >= 10**15:
        if places.strip("0"):
            return numbers.counted(value.whole, names[0], places.rstrip("0") if len(places) > 2 else places)
        return numbers.counted(value.whole, names[0])
    small = int((cents + "00")[:2])
    if not small:
        return numbers.counted(value.whole, names[0])
    if not value.whole:
        return numbers.counted(small, names[1])
    link = language.data.get("money_link", " ")
    return f"{numbers.counted(value.whole, names[0])}{link}{numbers.counted(small, names[1])}"


def rules(language: Language) -> list[Rule]:
    data = language.data
    if "currencies" not in data:
        return []
    written = number_patterns(language)
    common = read_data("common")["currency_signs"]
    signs = words_pattern(
        [
            *(sign for sign in common if not spelled(sign)),
            *(sign for sign in data.get("currency_signs", {}) if not spelled(sign)),
        ]
    )
    codes = words_pattern(
        [*data["currencies"], *(sign for sign in data.get("currency_signs", {}) if spelled(sign))]
    )
    scale = words_pattern(scales_of(language))
    space = "" if language.base in CJK else "[ -]?" if language.base == "en" else " ?"
    after = "" if language.base in CJK else r"(?![^\W_])"
    scale = rf"(?:{space}(?P<scale>{scale}){after})?" if scale else "(?P<scale>(?!))?"
    units = words_pattern(data.get("per_units", {}))
    over = rf"(?:/(?P<per>{units})(?![^\W_]))?" if units else "(?P<per>(?!))?"
    minus = r"(?P<minus>(?<![^\s(])[-−])?"
    number = rf"(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,.])|{written.number})|(?<![\d.,])\.\d+)"
    span = rf"(?:(?P<first>{written.number})(?: ?[–—] ?|-))?"
    right = r"(?!\d|[.,]\d)"
    tail = rf"{scale}{right}{over}"

    def before(signs: str, alone: str = "") -> str:
        return rf"{minus}{alone}(?P<sign>(?:{signs})) ?{span}{number}{tail}"

    def behind(signs: str, alone: str = "") -> str:
        return rf"{minus}{written.left}{span}{number}{scale} ?(?P<sign>{signs}){alone}{over}(?!\d)"

    made = [before(signs, "(?<![A-Z])"), behind(signs)]
    if codes:
        alone, letters_end = (
            (r"(?<![A-Za-z])", r"(?![A-Za-z])")
            if language.base in (*CJK, "ko")
            else (r"(?<![^\W_])", r"(?![^\W\d_])")
        )
        made += [f"(?i:{behind(codes, letters_end)})", f"(?i:{before(codes, alone)})"]
    return [Rule("money", "digit", re.compile(pattern), amount) for pattern in made]


def spelled(sign: str) -> bool:
    """Whether a sign is an abbreviation (руб., Kč) rather than a mark ($, R$)."""
    return sign[0].isalpha() and not sign.endswith("$")
