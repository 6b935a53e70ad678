"""Roman numerals and numbered centuries in Slavic languages: ordinals in the case of their noun or name.

"в XVIII–XIX вв." is said "в восемнадцатом – девятнадцатом веках", "Карла V" "Карла Пятого". It knows no chapters.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.abbreviation import ends_sentence
from dotsbook.text.normalise.rules.roman import worth
from dotsbook.text.normalise.rules.rule import Rule, words_pattern

LOOKALIKES = str.maketrans("ХІ", "XI")  # Cyrillic letters that are typed for Latin ones
NUMERAL = r"(?:[IVXХІ]{2,7}|[IVX])"


class Century(NamedTuple):
    words: dict[str, str]  # a word for century to gender and case; "?" is told by the word before
    short: dict[
        str, tuple[str, str, str]
    ]  # a short form to the word in the genitive, prepositional, nominative
    inside: str  # prepositions before the prepositional
    others: dict[str, str]  # other prepositions that ask for neither the genitive nor that


CENTURIES = {
    "ru": Century(
        {
            **{
                "век": "mn",
                "века": "mg",
                "веке": "mp",
                "веку": "md",
                "веком": "mi",
                "веков": "mg",
                "веках": "mp",
            },
            **{"веками": "mi", "векам": "md", "столетие": "nn", "столетия": "ng", "столетии": "np"},
            **{"столетий": "ng", "столетиях": "np", "столетию": "nd", "столетием": "ni"},
        },
        {
            "в.": ("века", "веке", "век"),
            "вв.": ("веков", "веках", "века"),
            "ст.": ("столетия", "столетии", "столетие"),
        },
        "в|во",
        {"к": "d", "по": "n", "на": "n"},
    ),
    "uk": Century(
        {
            "століття": "n?",
            "столітті": "np",
            "століть": "ng",
            "сторіччя": "n?",
            "сторіччі": "np",
            "століттям": "ni",
        }
        | {"століттях": "np", "вік": "mn", "віку": "mg", "віці": "mp"},
        {"ст.": ("століття", "столітті", "століття"), "в.": ("віку", "віці", "вік")},
        "в|у",
        {"по": "n", "на": "n"},
    ),
    "pl": Century(
        {"wiek": "mn", "wieku": "m?", "wiekiem": "mi", "wieków": "mg", "wiekach": "mp", "stulecia": "ng"}
        | {"stuleciu": "np", "stulecie": "nn"},
        {"w.": ("wieku", "wieku", "wiek")},
        "w|we|po|o",
        {"na": "n"},
    ),
    "cs": Century(
        {"století": "n?", "stoletím": "ni", "věku": "m?"},
        {"stol.": ("století", "století", "století"), "st.": ("století", "století", "století")},
        "v|ve|po|o|na",
        {},
    ),
}
# The ending of an adjective after a numeral to gender and case.
ADJECTIVES = {
    "ru": "(?:ый|ий)=mn (?:ого|его)=mg (?:ому|ему)=md (?:ым|им)=mi (?:ом)=mp (?:ая|яя)=fn (?:ой|ей)=fg ую=fa (?:ое|ее)=nn "
    "(?:ые|ие)=pn (?:ых|их)=pg",
    "uk": "(?:ий|ій)=mn ого=mg ому=mp им=mi (?:на|ка|ва|ша)=fn ої=fg (?:ну|ку|ву|шу)=fa (?:не|ке|ве)=nn",
    "pl": "(?:ny|cy|ki|wy|ty|ły|ry)=mn ego=mg emu=md (?:ym|im)=m? (?:na|ka|wa|cza)=fn ej=fg (?:ną|ką|wą)=fa",
    "cs": "ý=mn ého=mg ému=md ém=mp ým=mi á=fn é=fg ou=fa",
}
# The ending of a name in an oblique case: of a man's, and of a woman's.
MEN = {
    "ru": "(?:ом|ем|ём)=i (?:а|я)=g (?:у|ю)=d (?:е|ии)=p",
    "uk": "(?:ом|ем|єм|ою|ею)=i (?:а|я)=g (?:у|ю|ові|еві|єві)=d і=p",
    "pl": "(?:em)=i owi=d a=g (?:ie|rze)=p",
    "cs": "(?:em)=i (?:u|ovi)=d (?:a)=g",
}
WOMEN = {
    "ru": "(?:ой|ей)=i (?:ы|и|е)=g (?:у|ю)=a (?:а|я)=n",
    "uk": "(?:ою|ею|єю)=i (?:и|і|ї)=g (?:у|ю)=a (?:а|я)=n",
    "pl": "ą=i (?:y|i)=g ie=p ę=a a=n",
    "cs": "ou=i y=g ě=p u=a (?:a|ie)=n",
}
TITLES = {  # in the nominative, before a name that ends as a genitive does
    "ru": "король|царь|император|князь|папа|султан|шах|хан|герцог|граф",
    "uk": "король|цар|імператор|князь|папа|султан|хан|герцог|граф",
    "pl": "król|cesarz|papież|książę|car|sułtan",
    "cs": "král|císař|papež|kníže|car|sultán",
}


@lru_cache(maxsize=32)
def _endings(text: str) -> tuple[tuple[re.Pattern, str], ...]:
    return tuple((re.compile(f"{end}$"), form) for end, form in (pair.split("=") for pair in text.split()))


def form_of(word: str, endings: str) -> str:
    return next((form for end, form in _endings(endings) if end.search(word)), "")


def number(text: str) -> int:
    return int(text) if text.isdecimal() else worth(text.translate(LOOKALIKES))


def word_before(text: str, start: int) -> str:
    found = re.search(r"([^\W\d_]+)\s*$", text[:start])
    return found[1].casefold() if found else ""


def century(match: re.Match, language: Language) -> str | None:
    """XIX век, в XVIII–XIX вв., 9. století."""
    known, word, numbers = CENTURIES[language.base], match["word"], language.numbers
    first, last = number(match["first"] or "1"), number(match["last"])
    if not first or not 0 < last < 31:
        return None
    before = word_before(match.string, match.start())
    at_start = not match.string[: match.start()].strip(" \"'«„“(—–-")
    asked = "p" if before in known.inside.split("|") else known.others.get(before, "n" if at_start else "g")
    if word in known.short:
        said = known.short[word]["gpn".find(asked) if asked in "gpn" else 0]
        gender = known.words[said][0]
        form = gender + asked
    else:
        said, form = word, known.words[word.casefold()].replace("?", asked)
    if match["last"].isdecimal() and 1 < last < 5 and form[1] == "g" and word == "века" and asked != "g":
        return None  # 2 века: two centuries
    if (
        match["last"].isdecimal()
        and 1 < last < 5
        and word == "века"
        and before not in ("начале", "конце", "с", "до", "от")
    ):
        return None
    if "по" in (match["link"] or "") and word in known.short:
        said, form = known.short[word][2], form[0] + "n"
    out = f"{numbers.ordinal(last, *form)} {said}"
    if match["first"]:
        link = match["link"]
        dash = not link.strip(" -–—")
        earlier = form[0] + (
            "g" if before in ("с", "со", "з", "із", "od", "z", "od") and "по" in link else form[1]
        )
        out = f"{numbers.ordinal(first, *earlier)}{' – ' if dash else link}{out}"
    return out + ("." if word.endswith(".") and ends_sentence(match.string, match.end()) else "")


def agreeing(match: re.Match, language: Language):
    """VIII turniej, II мировой войны, IV Zjazd: an ordinal that agrees with the adjective or noun after it."""
    value, word = number(match["roman"]), match["word"]
    if not 0 < value < 100:
        return None
    data, base = language.data["roman"], language.base
    form = data.get("before", {}).get(word.casefold()) or form_of(word, ADJECTIVES[base])
    before = word_before(match.string, match.start())
    around = form_of(before, ADJECTIVES[base]) if len(before) > 4 else ""
    if base == "pl" and not form:
        if around in ("m?", "mg", "fg", "md"):
            form = around
        elif word[-1] not in "aąeęioóuy" and word[0].isupper():
            form = "mn"
    if base == "pl" and match["roman"] == "I" and word.casefold() not in data.get("before", {}):
        return None  # I, the word for and
    if base == "pl" and before in ("w", "we", "na", "po", "o") and form in ("mg", "m?"):
        form = "mp"
    if not form:
        return None
    form = form.replace("?", "p")
    start, end = match.span("roman")
    return start, end + len(match["stop"]), language.numbers.ordinal(value, *form)


def ruler(match: re.Match, language: Language):
    """Карла V, Pawła II, Karlem IV.: in the case of the name."""
    value, name, base = number(match["roman"]), match["name"], language.base
    data = language.data["roman"]
    names, women = frozenset(data.get("names", ())), data.get("women", ())
    if not 0 < value < 40 or name.isupper():
        return None
    woman = next((known for known in women if name[:-1].startswith(known[:-1]) or name == known), None)
    if woman:
        form = "f" + (form_of(name, WOMEN[base]) or "n")
    elif name in names:
        form = "mn"
    else:
        titled = re.search(
            rf"(?:^|\s)(?:{TITLES[base]})(?: \w+)? $", match.string[: match.start()], re.IGNORECASE
        )
        known = any(name.startswith(one[:-2] if len(one) > 4 else one[:3]) for one in names)
        if not known and len(match["roman"]) == 1 and base in ("pl", "cs"):
            return None
        form = "m" + ("n" if titled else form_of(name, MEN[base]) or "n")
        if not known and base in ("ru", "uk") and form_of(name, "(?:ы|и|ии|ії)=g"):
            form = "fg"
    said = language.numbers.ordinal(value, *form)
    stop = match["stop"]
    if stop and ends_sentence(match.string, match.end()) and not match.string[match.end() :].strip():
        said += "."
    return match.start("roman"), match.end(), said


def rules(language: Language) -> list[Rule]:
    if language.base not in CENTURIES:
        return []
    known = CENTURIES[language.base]
    stop = r"\." if language.base == "cs" else ""
    one = rf"(?:{NUMERAL}|[1-9]\d?)"
    link = r" ?(?:--?|[–—]) ?| (?:и|или|і|й|та|або|i|lub|oraz|a|nebo|по|до|do|až) |, "
    words = words_pattern([*known.words, *known.short])
    halt = r"(?P<stop>\.)" if language.base == "cs" else "(?P<stop>)"
    name = r"(?<![\w-])(?P<name>[^\W\d_][^\W\d_’-]{2,}) "
    roman = r"(?P<roman>[IVXХІ]{2,7}|[IVX])"
    return [
        Rule(
            "roman",
            need,
            re.compile(
                rf"(?<![\w.,-])(?:(?P<first>{one}){stop}(?P<link>{link}))?(?P<last>{one}){stop} ?(?P<word>{words})(?![^\W_])"
            ),
            century,
        )
        for need in ("roman", "digit")
    ] + [
        Rule("roman", "roman", re.compile(rf"{name}{roman}{halt}(?![\w’'-])"), _capital),
        Rule(
            "roman",
            "roman",
            re.compile(rf"(?<![\w-])(?P<roman>[IVX]{{2,7}}|[IVX]){halt} (?P<word>[^\W\d_]+)"),
            agreeing,
        ),
    ]


def _capital(match: re.Match, language: Language):
    return ruler(match, language) if match["name"][0].isupper() else None
