"""Roman numerals before a noun in Italian, Spanish and Portuguese: la II Guerra Mundial, di II grado, o VIII Festival.

They are ordinals in the gender of the article or of the noun; a century said before may be left out (comienzos del XX).
"""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.agreement import FEMININE
from dotsbook.text.normalise.rules.roman import spoken, worth
from dotsbook.text.normalise.rules.rule import Found, Rule

BEFORE = re.compile(r"([^\W\d_]+)['’]?\s*$")
MASCULINE = {
    "it": "il lo del dello al allo dal dallo nel sul un uno questo quel primo",
    "es": "el del al un este ese aquel",
    "pt": "o do ao no um pelo este esse deste neste",
}
FEMALE = {
    "it": "la della alla dalla nella sulla una questa quella",
    "es": "la una esta esa aquella",
    "pt": "a da à na uma pela esta essa desta nesta",
}
OTHERS = {
    "it": "di in a da con per i dei gli",
    "es": "de en a con por los las para",
    "pt": "de em com por os as dos das",
}
CENTURY = {"it": "secol[oi]", "es": "siglos?", "pt": "séculos?"}
MOST = 20  # from here on Spanish says a cardinal


def words(table: dict[str, str], language: Language) -> list[str]:
    return table[language.base].split()


def ordinal(value: int, gender: str, language: Language) -> str:
    if language.base == "es":
        return (
            language.numbers.ordinal(value, gender, "a")
            if value <= MOST
            else language.numbers.cardinal(value)
        )
    return language.numbers.ordinal(value, gender)


def before_noun(match: re.Match, language: Language) -> Found:
    value, noun, base = worth(match["roman"]), match["noun"], language.base
    found = BEFORE.search(match.string[: match.start()])
    before = found[1].casefold() if found else ""
    gender = "m" if before in words(MASCULINE, language) else "f" if before in words(FEMALE, language) else ""
    if base == "it" and not before:
        return None  # Il, misread
    if not value or (before and not gender and before not in words(OTHERS, language)):
        return None
    if len(match["roman"]) == 1 and not (gender and noun[0].isupper()):
        return None
    if value > 10 and noun[0].islower():
        return None  # el XX fue
    gender = gender or ("f" if FEMININE[base].search(noun.casefold()) else "m")
    return (*match.span("roman"), ordinal(value, gender, language))


def century_again(match: re.Match, language: Language) -> Found:
    """El siglo XIX y comienzos del XX; tra il XVI e il XVII secolo."""
    value = worth(match["roman"])
    name = rf"\b{CENTURY[language.base]}\b"
    before, after = match.string[: match.start()], match.string[match.end() :]
    if not 0 < value <= 21 or not (re.search(name, before) or re.match(rf" [ey] \w+ [IVX]+ {name}", after)):
        return None
    form = language.data["roman"]["words"][{"it": "secolo", "es": "siglo", "pt": "século"}[language.base]]
    return (*match.span("roman"), spoken(value, form, language))


def rules(language: Language) -> list[Rule]:
    if language.base not in MASCULINE:
        return []
    article = "|".join(words(MASCULINE, language))
    return [
        Rule(
            "roman",
            "roman",
            re.compile(rf"\b(?:{article}) (?P<roman>[IVX]{{2,}})(?![\w'’-])(?! [^\W\d_a-zà-ÿ])"),
            century_again,
        ),
        Rule(
            "roman",
            "roman",
            re.compile(r"(?<![^\s(«“\"])(?P<roman>[IVX]{1,6}) (?P<noun>[^\W\d_]{3,})"),
            before_noun,
        ),
    ]
