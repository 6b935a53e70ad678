"""The case that a preposition before or a noun after asks of a number, in Slavic languages. It knows no years or dates.

"около 11 млн т" is said "около одиннадцати миллионов тонн", "в 18 мидрашах" "в восемнадцати мидрашах". The noun of an
abbreviation takes the number's case; a written noun has it already and shows it by its ending.
"""

import re
from functools import lru_cache

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.numbers.number_words import split_noun
from dotsbook.text.normalise.rules.counting import STOPPED
from dotsbook.text.normalise.rules.money import currency_of
from dotsbook.text.normalise.rules.rule import Rule, Value, number_patterns, scales_of, words_pattern
from dotsbook.text.normalise.rules.units import units_of

BEFORE = re.compile(r"([^\W\d_]+)\s+$")
AFTER = re.compile(r"[ \u00a0]+([^\W\d_]+)(?:[ \u00a0]+([^\W\d_]+))?")


class Governor:
    """The words and endings of a language that tell a case."""

    def __init__(self, data: dict):
        self.data = data
        self.before = {
            word: case for case in "gdipa" if case in data for word in data[case].casefold().split("|")
        }
        self.ends = {case: re.compile(f"(?:{ends})$") for case, ends in data["endings"].items()}
        self.unlike = re.compile(f"(?:{data['unlike']})$")
        self.one = {case: re.compile(f"(?:{ends})$") for case, ends in data["one"].items()}
        self.adjective = re.compile(f"(?:{data['adjective']})$")
        self.inside, self.away, self.first, self.through = (
            frozenset(data[name].split("|")) for name in ("inside", "away", "from", "through")
        )

    def shown(self, text: str, end: int) -> str:
        """The case that the noun after a number shows by its ending, "" where it shows none."""
        found = AFTER.match(text, end)
        if not found:
            return ""
        nouns = [found[1]]
        if found[2] and self.adjective.search(found[1]):
            nouns.append(found[2])
        for noun in nouns:
            if len(noun) > 3 and not self.unlike.search(noun.casefold()):
                for case, ends in self.ends.items():
                    if ends.search(noun):
                        return case
        return ""

    def asked(self, text: str, start: int, end: int, noun_follows: bool) -> str:
        """The case of the number at start..end, "" for the nominative."""
        found = BEFORE.search(text[:start])
        word = found[1].casefold() if found else ""
        shown = self.shown(text, end) if noun_follows else ""
        if shown and (shown != "d" or self.before.get(word, "d") == "d"):
            return shown
        case = self.before.get(word, "")
        if word in self.first and self.goes_on(text, end):
            return "g"
        if word in self.first and case not in ("g",):
            return "g" if noun_follows and AFTER.match(text, end) else ""
        if word in self.inside and self.far(text, end) and "%" not in text[start:end]:
            return "p"
        return case

    def goes_on(self, text: str, end: int) -> bool:
        """с 5 до 10: a second number follows."""
        return bool(re.match(rf"[^.;:!?]{{0,24}}?\s(?:{'|'.join(self.through)})\s+\d", text[end : end + 40]))

    def far(self, text: str, end: int) -> bool:
        """в 8 км к северу: a distance from somewhere."""
        found = AFTER.match(text, end)
        return bool(found and found[1] in self.away)

    def gender(self, text: str, end: int, case: str) -> str:
        """Of the noun after a number that ends in one, by its ending in that case."""
        found = AFTER.match(text, end)
        return "f" if found and case in self.one and self.one[case].search(found[1]) else ""


@lru_cache(maxsize=8)
def governor_of(language: Language) -> Governor:
    return Governor(language.data["cases"])


def one(value: int) -> bool:
    return value % 10 == 1 and value % 100 != 11


def inflected(noun: str, value: int, places: str, case: str, language: Language) -> str:
    """The form of a counted noun in an oblique case."""
    forms, gender = split_noun(noun)
    if len(forms) < 3:
        return forms[0]
    singular = forms[3] if len(forms) > 3 and language.base != "ru" else forms[1]
    single = value == 1 if language.base in ("pl", "cs") else one(value)
    if places:
        return forms[3] if len(forms) > 3 else singular
    if case == "g":
        return singular if single else forms[2]
    if single or " " in forms[0]:
        return forms[0] if case == "a" else singular if single else forms[2]
    return plural_of(forms, gender, case, language.base) or forms[2]


def plural_of(forms: list[str], gender: str, case: str, base: str) -> str:
    """The plural of a noun in the dative, instrumental or prepositional, made from another of its forms."""
    stem, last = forms[1][:-1], forms[1][-1]
    if base in ("ru", "uk"):
        soft = last in "яьіїє" or (last == "и" and base == "ru" and stem[-1] not in "кгхжшчщ" and not gender)
        ends = ("ям", "ями", "ях") if soft else ("ам", "ами", "ах")
    elif base == "pl":
        ends = ("om", "ami", "ach")
    else:
        ends = ("ám", "ami", "ách") if gender == "f" else ("ům", "y", "ech")
    return stem + ends["dip".index(case)]


def said(match: re.Match, language: Language) -> str | None:
    """A number, or two with a dash between, with its noun, in the case that is asked for; None: the nominative."""
    text, end = match.string, match.end()
    governor, written = governor_of(language), number_patterns(language)
    noun = noun_of(match, language)
    case = governor.asked(text, match.start(), end, not match["unit"])
    value = written.value(match["number"])
    if not case or value.padded or value.whole >= 10**15:
        return None
    if len(value.places) == 2 and currency_of(match["unit"] or "", language):
        return None  # in smaller coin
    scale = scales_of(language)[match["scale"]] if match["scale"] else ""
    if case == "a" and (noun or not one(value.whole)) and not (1000 <= value.whole < 2000):
        return None
    counted = scale or noun
    gender = split_noun(counted)[1] if counted else ""
    gender = {"m": "", "": ""}.get(gender, gender)
    if not counted and one(value.whole):
        gender = governor.gender(text, end, case)
    first = ""
    if match["first"]:
        lower = written.value(match["first"])
        first = amount(lower, gender, case, language) + f" {language.data['to']} "
    out = first + amount(value, gender, case, language)
    if scale:
        out += " " + inflected(scale, value.whole, value.places, case, language)
        out += f" {split_noun(noun)[0][min(2, len(split_noun(noun)[0]) - 1)]}" if noun else ""
    elif noun:
        out += " " + inflected(noun, value.whole, value.places, case, language)
    unit = match["unit"] or match["scale"] or ""
    stop = "." if unit.endswith(".") and not text[end:].strip() else ""
    return out + stop


def amount(value: Value, gender: str, case: str, language: Language) -> str:
    numbers = language.numbers
    if not value.places:
        return numbers.cardinal(value.whole, gender, case)
    if language.base == "ru":
        return numbers.decimal(value.whole, value.places, gender, case)
    return numbers.decimal(value.whole, value.places, gender)


def noun_of(match: re.Match, language: Language) -> str:
    unit = match["unit"]
    if not unit:
        return ""
    if found := units_of(language).get(unit):
        return found
    code = currency_of(unit, language)
    return language.data["currencies"][code].split(" / ")[0] if code else ""


def rules(language: Language) -> list[Rule]:
    if "cases" not in language.data:
        return []
    written, data = number_patterns(language), language.data
    scales = words_pattern(word for noun in data["scales"] for word in noun.get("written", ()))
    close = data.get("only_close", [])
    units = words_pattern([*(set(units_of(language)) - set(close)), *data.get("currency_signs", {}), *"€$₽£"])
    ends = r"(?![^\W_])"
    stopped = r"|\. [a-ząćęłńóśźżáčďéěíňřšťúůýž]" if language.base in STOPPED else ""  # an ordinal
    pattern = (
        rf"{written.left}(?<![-−–/№#])(?:(?P<first>{written.number})(?: ?[–—] ?|-))?"
        rf"(?P<number>{written.number})(?:[ \u00a0]?(?P<scale>{scales}){ends})?"
        rf"(?:[ \u00a0]?(?P<unit>{units}){ends})?(?![^\W_]|[-–—/:°%]|[.,]\d| ?[–—] ?\d{stopped})"
    )
    return [Rule("case", "digit", re.compile(pattern), said)]
