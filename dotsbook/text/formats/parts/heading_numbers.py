"""The number that a heading gives, in any way of writing: 12, １２, XII, ХІІ (in Cyrillic letters), ΙΒ΄, 十二, twelfth,
zwölftes, DOUZIÈME. It knows no line and no book.
"""

import re
import unicodedata
from functools import cache

LARGEST = 200  # chapters of a book that are numbered in words
LOOKALIKES = str.maketrans(
    "ІХСМVΙΧΜLСХІУ", "IXCMVIXMLCXIV"
)  # Cyrillic and Greek letters that stand for Latin ones
ROMAN = re.compile(r"(?=[IVXLC])(C{0,3})(XC|XL|L?X{0,4})(IX|IV|V?I{0,4})")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
GREEK = re.compile(r"([ΡΠΟΞΝΜΛΚΙ]?)((?:ΣΤ|[ΑΒΓΔΕϚΖΗΘ])?)")
GREEK_VALUES = dict(zip("ΑΒΓΔΕϚΖΗΘΙΚΛΜΝΞΟΠΡ", (*range(1, 10), *range(10, 90, 10), 100), strict=True)) | {
    "ΣΤ": 6
}
HAN = re.compile("[〇零一二三四五六七八九十百千廿卅两兩]+")
HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
OWN = {  # ordinals of languages that num2words hasn't, and words that it says otherwise; one a number, from 1 on
    "cs": "první druhá třetí čtvrtá pátá šestá sedmá osmá devátá desátá jedenáctá dvanáctá třináctá čtrnáctá "
    "patnáctá šestnáctá sedmnáctá osmnáctá devatenáctá dvacátá",
    "el": "πρώτο δεύτερο τρίτο τέταρτο πέμπτο έκτο έβδομο όγδοο ένατο δέκατο ενδέκατο δωδέκατο",
    "de": "erstes zweites drittes viertes fünftes sechstes siebentes achtes neuntes zehntes eilftes zwölftes",
    "it": "primo secondo terzo quarto quinto sesto settimo ottavo nono decimo undecimo duodecimo decimoterzo "
    "decimoquarto decimoquinto decimosesto decimosettimo decimottavo decimonono ventesimo",
    "es": "primera segunda tercera cuarta quinta sexta séptima octava novena décima undécima duodécima",
    "fr": "premier deuxième troisième",
    "nl": "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde",
    "ro": "întâia doua treia patra cincea șasea șaptea opta noua zecea",
    "ar": "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر",
    "hi": "पहला दूसरा तीसरा चौथा पाँचवाँ छठा सातवाँ आठवाँ नौवाँ दसवाँ",
    "uk": "перша друга третя четверта п’ята шоста сьома восьма дев’ята десята",
    "ru": "первая вторая третья четвертая пятая шестая седьмая восьмая девятая десятая",
}


def number_in(text: str, language: str) -> int | None:
    """The number that a text is, if it is nothing else."""
    plain = unicodedata.normalize("NFKC", text).strip(" \t\u3000.,:;·-–—'’´΄ʹ")
    for reading in (arabic, roman, han, greek):
        if (value := reading(plain)) is not None:
            return value
    return words(plain, language)


def arabic(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,3}", text) else None


def roman(text: str) -> int | None:
    """A Roman numeral in capitals, also one written with letters that only look so, or with IIII."""
    plain = text.translate(LOOKALIKES)
    if not plain or not ROMAN.fullmatch(plain):
        return None
    values = [ROMAN_VALUES[char] for char in plain]
    return sum(
        -value if value < max(values[place + 1 :], default=0) else value for place, value in enumerate(values)
    )


def greek(text: str) -> int | None:
    match = GREEK.fullmatch(text.upper()) if text and len(text) <= 3 else None
    return sum(GREEK_VALUES.get(part, 0) for part in match.groups()) or None if match else None


def han(text: str) -> int | None:
    if not HAN.fullmatch(text) or len(text) > 7:
        return None
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not any(char in HAN_UNITS for char in text):
        return int("".join(str(HAN_DIGITS[char]) for char in text))
    total = digit = 0
    for char in text:
        if char in HAN_UNITS:
            total, digit = total + (digit or 1) * HAN_UNITS[char], 0
        else:
            digit = HAN_DIGITS[char]
    return total + digit


def words(text: str, language: str) -> int | None:
    """The number that words say, cardinal or ordinal, whatever their ending."""
    plain = folded(text)
    if not 1 < len(plain) < 40 or any(map(str.isdigit, text)):
        return None
    exact, stems = tables(language)
    if plain in exact:
        return exact[plain]
    found = next((stems[stem] for stem in (plain, plain[:-1], plain[:-2]) if stem in stems), None)
    return ordinals().get(plain) if found is None else found


def folded(text: str) -> str:
    """Without case, accents, spaces and hyphens."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("ß", "ss"))
    return "".join(char for char in plain if char.isalpha())


@cache
def tables(language: str) -> tuple[dict[str, int], dict[str, int]]:
    """({a number in words: it}, the same without the last letters, which case and gender change)."""
    exact = {folded(word): value for value, word in enumerate(OWN.get(language, "").split(), 1)}
    exact |= said_by_num2words(language)
    stems: dict[str, int] = {}
    for cut in (1, 2):
        for word, value in exact.items():
            if len(word) - cut >= 4 and word[:-cut] not in exact:
                stems.setdefault(word[:-cut], value)
    return exact, stems


@cache
def ordinals() -> dict[str, int]:
    """Those of all languages: a heading may be in another than the text."""
    return {folded(word): value for said in OWN.values() for value, word in enumerate(said.split(), 1)}


def said_by_num2words(language: str) -> dict[str, int]:
    from num2words import num2words

    found: dict[str, int] = {}
    for kind in ("cardinal", "ordinal"):
        for value in range(1, LARGEST):
            try:
                said = num2words(value, lang=language, to=kind)
            except (NotImplementedError, TypeError, ValueError, IndexError, KeyError, OverflowError):
                break  # the library has no such numbers in this language
            found.setdefault(folded(said), value)
    return found
