"""German ordinals, whose ending follows the word before: am 14. Januar, der 2. Weltkrieg. It knows no other."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.dates import full_name, in_words, months_of, with_stop
from dotsbook.text.normalise.rules.rule import Rule, number_patterns

# The word before an ordinal to the ending it asks for.
ENDING = (
    dict.fromkeys(
        str.split(
            "am im vom zum beim dem den des ab bis einem einen eines seit diesem diesen dieses jedem jeden "
            "meinem meinen seinem seinen ihrem ihren unserem unseren zur"
        ),
        "d",
    )
    | dict.fromkeys(["der", "die", "das", "dieser", "diese", "jeder", "jede"], "n")
    | dict.fromkeys(["ein", "kein", "mein", "sein", "ihr", "unser"], "r")
)
DATIVE = frozenset(
    str.split(
        "ab an auf aus außer bei bis gegenüber hinter in mit nach neben seit über unter von vor während zu zwischen"
    )
)
NAMES = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
DECADES = {
    "10": "Zehner",
    "20": "Zwanziger",
    "30": "Dreißiger",
    "40": "Vierziger",
    "50": "Fünfziger",
    "60": "Sechziger",
    "70": "Siebziger",
    "80": "Achtziger",
    "90": "Neunziger",
}


def dative(text: str, at: int) -> bool:
    """auf der 35. Tagung: "der" after a preposition is dative or genitive."""
    words = re.search(r"([^\W\d_]+)\s+(?:der|dieser|jeder)\s*$", text[:at], re.IGNORECASE)
    return words is not None and words[1].casefold() in DATIVE


def ending(text: str, at: int, otherwise: str = "r") -> str:
    pair = re.search(r"(?<!\d)\d{1,2}\.(?: [A-ZÄÖÜ][a-zäöü]+)? (?:und|oder|bis) $", text[:at])
    if pair:  # am 3. und 15. Mai: both in one case
        return ending(text, pair.start(), otherwise)
    if dative(text, at):
        return "d"
    word = re.search(r"([^\W\d_]+),?\s*$", text[:at])
    if not word:
        return otherwise
    low = word[1].casefold()
    if low.endswith("s") and "des" in text[:at].casefold().split()[-2:]:
        return "d"
    return ENDING.get(low, otherwise)


def day(match: re.Match, language: Language) -> str | None:
    """14. Januar 1990, in the case of the preposition before."""
    value, month = int(match["d"]), months_of(language).get(match["month"].casefold())
    if not 1 <= value <= 31 or not month:
        return None
    said = language.numbers.ordinal(value, "m", ending(match.string, match.start()))
    name = full_name(match["month"], language, month)
    said = f"{said} {name}" + (f" {language.numbers.year(int(match['y']))}" if match["y"] else "")
    return with_stop(match, language, month, said)


def figures(match: re.Match, language: Language) -> str | None:
    """2.3.2003, 2.3."""
    value, month = int(match["d"]), int(match["m"])
    if not (1 <= value <= 31 and 1 <= month <= 12):
        return None
    said = in_words(language, value, month, match["y"])
    first = language.numbers.ordinal(value, "m", ending(match.string, match.start()))
    return first + " " + said.split(" ", 1)[1]


def ordinal(match: re.Match, language: Language) -> str | None:
    """2. before a noun, where the word before shows it is no full stop."""
    found = re.search(r"([^\W\d_]+)\s*$", match.string[: match.start()])
    word = found[1].casefold() if found else ""
    before = "d" if dative(match.string, match.start()) else ENDING.get(word)
    value = number_patterns(language).value(match["n"]).whole
    if value >= 10**9:
        return None
    if not before and match["alone"] is None:
        return None
    case = before or "r"
    if word == "dem" and match["alone"] is not None:
        case = "m"
    return language.numbers.ordinal(value, "m", case)


def joined(match: re.Match, language: Language) -> str:
    """3fach, 100-prozentig: one word."""
    return language.numbers.cardinal(int(match["n"]), "m") + match["rest"]


def decade(match: re.Match, language: Language) -> str:
    head = match["century"]
    said = DECADES[match["ten"]] + match["case"]
    if head:
        said = language.numbers.year(int(head) * 100) + said.lower()
    following = match.string[match.end() :].lstrip()
    return (
        said if following.startswith("Jahre") or not following[:1].isalpha() else said[0].lower() + said[1:]
    )


def rules(language: Language) -> list[Rule]:
    left = number_patterns(language).left
    short = "Jan|Feb|Mär|Mrz|Apr|Jun|Jul|Aug|Sept|Sep|Okt|Nov|Dez|Jänner"
    whole = r"(?P<n>\d{1,3}(?:\.\d{3})+|\d+)"
    return [
        Rule(
            "date",
            "digit",
            re.compile(
                rf"{left}(?P<d>\d{{1,2}})\. ?(?P<month>(?i:{NAMES}|{short}))(?![^\W_])\.?"
                rf"(?: (?P<y>[1-9]\d{{2,3}})(?![^\W_]|[.,]\d))?"
            ),
            day,
        ),
        Rule(
            "date",
            "digit",
            re.compile(rf"{left}(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}}|\d\d(?!\d))?(?![\d])"),
            figures,
        ),
        Rule(
            "serial",
            "digit",
            re.compile(
                rf"{left}(?P<n>\d{{1,4}})-?(?P<rest>(?:fach|mal|jährig|tägig|stündig|minütig|köpfig|prozentig|teilig|stöckig|monatig|"
                r"wöchig|seitig|eckig|sprachig|stellig)\w*)(?![^\W_])"
            ),
            joined,
        ),
        Rule(
            "decade",
            "digit",
            re.compile(r"(?<![^\W_])(?P<century>1[0-9]|20)?(?P<ten>[1-9]0)er(?P<case>n?)(?![^\W_])"),
            decade,
        ),
        Rule("ordinal", "digit", re.compile(rf"{left}{whole}\.(?= [^\W\d_])(?P<alone>(?!))?"), ordinal),
        Rule(
            "ordinal alone",
            "digit",
            re.compile(rf"(?:^|(?<=^dem )|(?<=^der ))\s*{whole}\.(?P<alone>\s*$)"),
            ordinal,
        ),
    ]
