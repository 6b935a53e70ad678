"""Numbers with units, and per cent. Units are SI prefixes on base units, and the language's own list."""

import re
from collections.abc import Iterator
from functools import lru_cache

from dotsbook.text.normalise.language import CJK, Language, read_data
from dotsbook.text.normalise.numbers.number_words import split_noun
from dotsbook.text.normalise.rules.attributive import after_article, before_noun, hyphened
from dotsbook.text.normalise.rules.fractions import VULGAR
from dotsbook.text.normalise.rules.rule import Rule, link_after, number_patterns, scales_of, words_pattern

# Words after which a unit is one: per km², al m².
ONE_OF = frozenset(
    str.split(
        "per por par pro pe na на на al au le el je do ao um un uno a an one один jeden il der each jedem einem"
    )
)
HAS = {  # where "ha" is a verb too, what may follow a hectare
    "it": re.compile(r"(?! (?!(?:di|e|o|circa|per|in|a|con)\b)[a-zà-ù])"),
    "es": re.compile(r"(?! (?!(?:de|y|o|por|en|a|con|al)\b)[a-zà-ú])"),
}


@lru_cache(maxsize=32)
def units_of(language: Language) -> dict[str, str]:
    """Every unit's sign to its noun: km to "kilometre|kilometres"."""
    data, found = language.data, {}
    for sign, noun in data.get("bases", {}).items():
        found[sign] = noun
        for prefix in read_data("common")["prefixes_of"].get(sign, ""):
            found[prefix + sign] = prefixed(data["prefixes"][prefix], noun, data.get("prefix_glue", ""))
    found.update(data.get("units", {}))
    for sign in ("mm", "cm", "m", "km", "ft", "in", "mi", "мм", "см", "м", "км"):
        if sign in found:
            for power, name in (("²", "square"), ("2", "square"), ("³", "cubic"), ("3", "cubic")):
                if name in data:
                    found[sign + power] = powered(data[name], found[sign])
    for sign in [sign for sign in found if "µ" in sign]:
        found[sign.replace("µ", "μ")] = found[sign]
    return {sign: noun for sign, noun in found.items() if noun}


@lru_cache(maxsize=32)
def unders_of(language: Language) -> dict[str, str]:
    """Every sign after a slash to its noun, in the form that stands after "per": h to "hour", s to "second"."""
    return {**units_of(language), **language.data.get("per_units", {})}


def prefixed(prefix: str, noun: str, glue: str) -> str:
    forms, gender = split_noun(noun)
    return "|".join([*(prefix + glue + form for form in forms), gender])


def powered(template: str, noun: str) -> str:
    """template is "square {}" or one form for each of the noun's: "квадратный {}|квадратных {}"."""
    forms, gender = split_noun(noun)
    shapes = template.split("|")
    return "|".join(
        [*(in_shape(shapes[min(at, len(shapes) - 1)], form) for at, form in enumerate(forms)), gender]
    )


def in_shape(shape: str, form: str) -> str:
    """Quadrat{}: one word with its unit, written small."""
    return shape.format(form.lower() if shape.endswith("{}") and shape[-3:-2].isalpha() else form)


def measure(match: "AmountGroups", language: Language) -> str | None:
    written = number_patterns(language)
    noun = units_of(language).get(match["unit"].replace(" ²", "²").replace(" ³", "³"))
    if not noun or (match["stop"] and len(match["unit"]) == 1 and match["unit"].isupper()):
        return None
    if match["unit"] == "ha" and language.base in HAS and not HAS[language.base].match(*match.place()[::2]):
        return None
    said = ""
    if match["first"]:
        link = language.data["to"] if match["dash"].strip() in "-–—~〜～" else language.data.get("by", "×")
        glue = "" if language.base in CJK else " "
        said = f"{written.say(match['first'])}{glue}{link}{glue}"
    under = match["under"]
    if language.base == "en" and not under and before_noun(*match.place(), match["joint"] == "-"):
        return attributive(match, noun, language)
    value = written.value(match["number"]) if match["number"] else None
    if match["first"] and language.base == "pl" and value and not value.places and not match["scale"]:
        forms, gender = split_noun(noun)  # pięć do siedmiu minut
        said += f"{language.numbers.cardinal(value.whole, gender, 'g')} {forms[min(2, len(forms) - 1)]}"
    else:
        said += number_with(match, noun, language)
    if under:
        said += f" {per_of(under, language)} {split_noun(unders_of(language)[under])[0][0]}"
    return written.signed(match["sign"] or "", said, language.data)


def per_of(unit: str, language: Language) -> str:
    """Russian and Ukrainian say "in an hour" but "on a square kilometre"."""
    return "на" if language.base in ("ru", "uk") and unit[-1] in "²2" else language.data["per"]


def attributive(match: "AmountGroups", noun: str, language: Language) -> str:
    """A ten-metre passage; a two-to-three-year plan."""
    text, start, _ = match.place()
    number = number_with(match, "|", language).strip()
    if match["first"]:
        number = f"{number_patterns(language).say(match['first'])} {language.data['to']} {number}"
    return after_article(text, start, hyphened(number, split_noun(noun)[0][0]))


def number_with(match: "AmountGroups", noun: str, language: Language) -> str:
    written, numbers = number_patterns(language), language.numbers
    forms, gender = split_noun(noun)
    if match["above"] or match["vulgar"]:
        above, below = (
            VULGAR[match["vulgar"]] if match["vulgar"] else (int(match["above"]), int(match["below"]))
        )
        whole = match["whole"]
        if language.base in ("es", "it", "pt", "fr"):
            return part_of(int(whole or 0), (above, below), forms, gender, language)
        said = numbers.mixed(int(whole), above, below) if whole else numbers.fraction(above, below)
        return f"{said} {forms[numbers.plural(2 if whole else 1)] if len(forms) > 1 else forms[0]}"
    value = written.value(match["number"])
    scale = match["scale"]
    if scale:
        counted = numbers.counted(value.whole, scales_of(language)[scale], value.places)
        return f"{counted}{link_after(scales_of(language)[scale], forms[0], language)}{forms[min(2, len(forms) - 1)]}"
    before = language.data.get("before_number", {}).get(forms[0])
    if before is not None:  # 百分之三十, yüzde otuz
        number = numbers.decimal(value.whole, value.places) if value.places else numbers.cardinal(value.whole)
        return before + number
    return numbers.counted(value.whole, noun, value.places)


def part_of(whole: int, part: tuple[int, int], forms: list[str], gender: str, language: Language) -> str:
    """Una y media milla, tres quintos de milla, media milla."""
    numbers = language.numbers
    half = numbers.fraction(1, 2) if language.base != "pt" else "meio"
    half = re.sub(r"^un[o]? ", "", half)
    if gender == "f" and language.base != "fr":
        half = re.sub("o$", "a", half)
    if not whole:
        if part == (1, 2):
            return f"{half} {forms[0]}"
        return f"{numbers.fraction(*part)}{' di ' if language.base == 'it' else ' de '}{forms[0]}"
    link = language.data["and"]
    if part == (1, 2) and language.base != "es":  # due metri e mezzo
        return f"{numbers.cardinal(whole, gender)} {forms[min(numbers.plural(whole), len(forms) - 1)]} {link} {half}"
    said = f"{numbers.cardinal(whole, gender if gender == 'f' else '')} {link} {half if part == (1, 2) else numbers.fraction(*part)}"
    return f"{said} {forms[min(numbers.plural(whole), len(forms) - 1)]}"


def rules(language: Language) -> list[Rule]:
    units = units_of(language)
    if not units:
        return []
    written = number_patterns(language)
    close = language.data.get(
        "only_close", []
    )  # units that must touch their number, being words or letters otherwise
    loose = words_pattern(sign for sign in units if sign not in close)
    loose = loose.replace("²", " ?²").replace("³", " ?³")
    touching = words_pattern(close)
    scale = words_pattern(word for word in scales_of(language) if len(word) > 2 or not word.isascii())
    ends = "" if language.base in CJK else r"(?![^\W_])"
    scale = rf"(?: ?(?P<scale>{scale}){ends})?" if scale else "(?P<scale>(?!))?"
    number = written.number
    if "," in language.data.get("written", {}).get("decimal", ""):  # 20.9 km, as others write it
        number = rf"(?:\d+\.\d{{1,2}}(?![\d.,])|{number})"
    joint = "(?P<joint>[ -]?)" if language.base == "en" else "(?P<joint> ?)"
    stop = r"(?P<stop>\.(?= ?[,;:)-]| [a-zà-öø-ÿа-яёα-ωά-ώ(]| \d{1,2}[½¼¾]? ?(?:ins?|oz|mins?|secs?)\b))?"
    era = r"(?!v\. ?(?:Chr|u\.))"  # 1000 v. Chr. counts no volts
    unit = rf"(?:{joint}{era}(?P<unit>{loose})"
    if touching:
        touching = rf"(?:[ -](?P<spaced>(?:{touching})(?=\.(?: ?[a-z,;:)]|\s*$)))|(?P<touching>{touching}))"
    spoken_per = language.data.get("per")
    thai = r"(?!(?<=\.)[\u0e01-\u0e2e])" if language.base == "th" else ""
    tail = (
        r"(?![^\W_]|['’]\w| ?[²³])" if language.base not in (*CJK, "ko", "hi") else r"(?![A-Za-z]|²|³)" + thai
    )
    amount = (
        rf"(?:(?:(?P<whole>\d+) )?(?P<above>\d+)/(?P<below>\d+)|(?P<vulgar>[{''.join(VULGAR)}])"
        rf"|(?P<number>{number}){scale})"
    )
    amount = amount.replace("|(?P<vulgar>", r"|(?P<mixed>\d+)?(?P<vulgar>", 1)
    first = rf"(?:(?P<first>{number})(?P<dash> ?[-–—~〜～] ?| ?[x×] ?))?"
    under = rf"(?:(?:/| / )(?P<under>{words_pattern(unders_of(language))}))?"
    pattern = rf"(?P<sign>{written.sign}){written.left}{first}{amount}{unit}|(?P<close>{touching or '(?!)'})){under}{tail}{stop}"
    made = [Rule("measure", "digit", re.compile(pattern), _measured)]
    if spoken_per:
        made.append(
            Rule(
                "measure",
                "digit",
                re.compile(rf"{written.left}(?P<n>{number})/(?P<under>{words_pattern(units)}){tail}"),
                _per_unit,
            )
        )
    made += squares(language, units)
    percent = units.get("%")
    if percent:
        made.append(Rule("measure", "sign", re.compile(rf"[%٪](?P<n>{number})(?!\d)"), _percent_before))
    return made


def squares(language: Language, units: dict[str, str]) -> Iterator[Rule]:
    """Per km², quelques m², habitants/km²: no figure stands before, but its power tells a unit from a word."""
    signs = words_pattern(sign for sign in units if sign[-1] in "²³23q" and sign[-2:-1] in ("m", "м"))
    place = r"(?:(?<=[^\W\d_]{2})(?P<over> ?/ ?)|(?<![^\s(])(?<!\d ))"
    if language.base not in CJK and "per" in language.data:
        pattern = re.compile(rf"{place}(?P<unit>{signs})(?![^\W_]|['’²³])")
        yield Rule("measure", "digit", pattern, _square, "²³23q")


def _square(match: re.Match, language: Language) -> str:
    forms, _ = split_noun(units_of(language)[match["unit"]])
    if match["over"]:
        return f" {per_of(match['unit'], language)} {forms[0]}"
    before = re.search(r"(\w+) $", match.string[: match.start()])
    single = not match.start() or before is not None and before[1].casefold() in ONE_OF
    return forms[0 if single else min(2, len(forms) - 1)]


def _measured(match: re.Match, language: Language):
    return measure(AmountGroups(match), language)


class AmountGroups:
    """A match whose "unit" may come from either of two groups, and whose "whole" may stand before a vulgar fraction."""

    def __init__(self, match: re.Match):
        self.match = match

    def __getitem__(self, name: str):
        groups = self.match.groupdict()
        if name == "unit":
            return groups["unit"] or (groups.get("close") or "").lstrip(" -")
        if name == "joint":
            return groups["joint"] or (groups.get("close") or "")[:1]
        if name == "whole":
            return groups["whole"] or groups.get("mixed")
        return groups[name]

    def place(self) -> tuple[str, int, int]:
        return self.match.string, self.match.start(), self.match.end()


def _per_unit(match: re.Match, language: Language) -> str:
    """12/kg."""
    under = match["under"]
    noun = split_noun(unders_of(language)[under])[0][0]
    return f"{number_patterns(language).say(match['n'])} {per_of(under, language)} {noun}"


def _percent_before(match: re.Match, language: Language) -> str:
    noun = units_of(language)["%"]
    value, numbers = number_patterns(language).value(match["n"]), language.numbers
    before = language.data.get("before_number", {}).get(noun)
    if before is not None:
        return before + (
            numbers.decimal(value.whole, value.places) if value.places else numbers.cardinal(value.whole)
        )
    return numbers.counted(value.whole, noun, value.places)
