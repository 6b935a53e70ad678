"""Guesses the gender of the noun after a number from its ending: veintiuna casas, одна книга. It knows no dictionary.

It is asked only for numbers that end in one or two, only before a word in small letters, and only in languages
where the ending tells mostly; elsewhere the masculine stands.
"""

import re

FEMININE = {
    "es": re.compile(r"(?:as?|i[oó]n(?:es)?|dad(?:es)?|tud|triz)$"),
    "pt": re.compile(r"(?:as?|[çs](?:ão|ões)|dades?|gens?)$"),
    "it": re.compile(r"a$"),
    "ru": re.compile(r"[аяь]$"),
    "uk": re.compile(r"[ая]$"),
    "ro": re.compile(
        r"(?:ții|ăți|uni|ele|e|uri|săptămâni|luni|mii|femei|idei|chei|țări|părți|cărți|nopți|ori|limbi|familii|mașini)$"
    ),
    "el": re.compile(r"(?:ες|εις)$"),
}
# What Greek numbers agree with: the article before, else the ending of the noun after; "a" and "g" are the accusative of
# the masculine and the genitive.
GREEK_ARTICLES = {
    **{"τις": "f", "στις": "f", "τους": "a", "στους": "a", "τα": "n", "στα": "n", "των": "g"},
    **{"το": "n", "του": "n", "στο": "n", "έτος": "n", "έτους": "n"},
}
GREEK_NOUNS = (
    (re.compile("ων$|ών$"), "g"),
    (re.compile("(?:τές|τες|ίες|έες|είς|οι|οί)$"), "m"),
    (re.compile("(?:ους|ούς)$"), "a"),
)
GREEK_WOMEN = re.compile("(?:σίες|ρίες|λίες|νίες|κίες|γίες|δίες|πίες|τίες|χίες|θίες|ότητες|ύτητες)$")
GREEK_BEFORE = re.compile(r"([^\W\d_]+) [\d.]+$")
EXCEPT = frozenset(
    str.split(
        "día días mapa mapas problema problemas tema temas sistema sistemas clima planeta planetas poeta poetas "
        "dia dias день рубль конь король гость лагерь январь февраль апрель июнь июль сентябрь октябрь ноябрь "
        "декабрь дождь путь"
    )
)
# Words that follow a number and aren't what it counts.
UNCOUNTED = frozenset(
    str.split(
        "para contra hasta hacia cada era fue nada ella esta esa aquella una da na pela à ainda agora ela essa aquela duas "
        "tua sua foi della alla dalla nella sulla una ora era senza sopra ancora quella questa sua ogni на за для два она"
    )
)
NUMBERED = re.compile(  # art. 1 della legge: a number by name counts nothing
    r"\b(?:art(?:[ií]c[uo]lo|igo)?|n|n[uú]mero|p[aá]rr?a(?:fo|grafo)|comma|punto|pag(?:ina)?|p[aá]gina|km|cap[ií](?:tulo|tolo)|"
    r"стать[яеи]|пункт|глав[аеы]|номер|п|ст)[.º°]? \d+$",
    re.IGNORECASE,
)
NEXT = re.compile(r" ([^\W\d_]+)")
NEXT_OF = re.compile(r"(?: de)? ([^\W\d_]{3,})")


def gender_after(text: str, end: int, value: int, base: str) -> str:
    """The gender of the word that follows, "" where no noun is seen."""
    if base not in FEMININE or NUMBERED.search(text, 0, end):
        return ""
    if base == "el":
        return greek(text, end)
    word = (NEXT_OF if base == "ro" else NEXT).match(text, end)
    if not word or not word[1][0].islower() or len(word[1]) < 3 or word[1] in UNCOUNTED:
        return ""
    last, low = value % 10, word[1]
    if base == "ro":
        return romanian(value, low)
    hundreds = base in ("es", "pt") and any(value // part % 1000 >= 200 for part in (1, 1000))
    if (value % 100 in (11, 12) or last not in (1, 2)) and not hundreds:
        return ""
    if base == "ru" and last == 2:
        return "f" if low.endswith(("ы", "и")) else "m"
    if base == "ru" and last == 1 and low.endswith(("о", "е", "ё")):
        return "n"
    if base == "uk" and last == 2:
        return ""
    return "m" if low in EXCEPT or not FEMININE[base].search(low) else "f"


def romanian(value: int, noun: str) -> str:
    """Two, twelve and what ends so; neuter nouns have the plural of feminine ones."""
    if value == 1 or value % 100 == 11 or value % 10 not in (1, 2):
        return ""
    if not FEMININE["ro"].search(noun):
        return "m"
    return (
        "n"
        if noun.endswith(("e", "uri")) and noun not in ("zile", "case", "ore", "persoane", "femeie")
        else "f"
    )


def greek(text: str, end: int) -> str:
    before = GREEK_BEFORE.search(text, max(0, end - 40), end)
    article = GREEK_ARTICLES.get(before[1].lower(), "") if before else ""
    word = NEXT.match(text, end)
    noun = word[1] if word and word[1][0].islower() and len(word[1]) > 3 else ""
    if article:
        return article
    if GREEK_WOMEN.search(noun):
        return "f"
    for ending, gender in GREEK_NOUNS:
        if ending.search(noun):
            return gender
    return "f" if FEMININE["el"].search(noun) else ""
