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
}
EXCEPT = frozenset(
    str.split(
        "día días mapa mapas problema problemas tema temas sistema sistemas clima planeta planetas poeta poetas "
        "dia dias день рубль конь король гость лагерь январь февраль апрель июнь июль сентябрь октябрь ноябрь "
        "декабрь дождь путь"
    )
)
NEXT = re.compile(r" ([^\W\d_]+)")


def gender_after(text: str, end: int, value: int, base: str) -> str:
    """The gender of the word that follows, "" where no noun is seen."""
    if base not in FEMININE:
        return ""
    word = NEXT.match(text, end)
    if not word or not word[1][0].islower() or len(word[1]) < 3:
        return ""
    last, low = value % 10, word[1]
    if value % 100 in (11, 12) or (last not in (1, 2) and not (base in ("es", "pt") and value % 1000 >= 200)):
        return ""
    if base == "ru" and last == 2:
        return "f" if low.endswith(("ы", "и")) else "m"
    if base == "ru" and last == 1 and low.endswith(("о", "е", "ё")):
        return "n"
    if base == "uk" and last == 2:
        return ""
    return "m" if low in EXCEPT or not FEMININE[base].search(low) else "f"
