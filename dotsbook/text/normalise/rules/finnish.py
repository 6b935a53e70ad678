"""Cases that Finnish writes after a figure (5:n, 20:ssä, 30 %:n) or that the noun after it shows (250 kielellä), and days (4.5.)."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.dates import in_words
from dotsbook.text.normalise.rules.roman import worth
from dotsbook.text.normalise.rules.rule import Found, Rule, number_patterns

# The end that is written after a colon to its case; of ordinals with "o" before it.
ENDS = {
    **dict.fromkeys(("n",), "g"),
    **dict.fromkeys(("a", "ä", "aa", "ää", "ta", "tä", "tta", "ttä"), "p"),
    **dict.fromkeys(("ssa", "ssä"), "i"),
    **dict.fromkeys(("sta", "stä"), "e"),
    **dict.fromkeys(("an", "än", "aan", "ään", "een", "teen", "iin"), "l"),
    **dict.fromkeys(("lla", "llä"), "a"),
    **dict.fromkeys(("lta", "ltä"), "b"),
    "lle": "t",
    "ksi": "k",
    **dict.fromkeys(("na", "nä"), "s"),
    "s": "on",
    "nnen": "og",
    **dict.fromkeys(("nnessa", "nnessä"), "oi"),
    **dict.fromkeys(("nnella", "nnellä"), "oa"),
    "nteen": "ol",
}
PERCENT = {
    **{
        "g": "prosentin",
        "p": "prosenttia",
        "i": "prosentissa",
        "e": "prosentista",
        "l": "prosenttiin",
        "a": "prosentilla",
    },
    **{"b": "prosentilta", "t": "prosentille", "k": "prosentiksi", "s": "prosenttina"},
}
NOUNS = {"ssa": "i", "ssä": "i", "lla": "a", "llä": "a", "lta": "b", "ltä": "b", "lle": "t"}
# Nouns of measure in the genitive: kahden vuoden.
GENITIVE = (
    "vuoden|päivän|kuukauden|viikon|tunnin|minuutin|sekunnin|euron|markan|dollarin|metrin|kilometrin|prosentin|hengen|kilon|"
    "tonnin|ihmisen|henkilön|asteen|vuosisadan|sivun|neliön|hehtaarin|litran|maan|kunnan|lapsen|miehen|naisen|jäsenen"
)
NUMBERED = ("artikl", "kohda", "koht", "momenti")  # what is counted in ordinals
IN_CASE = re.compile(
    r"(?:[a-zäö](ss[aä]|st[aä]|ll[aä]|lt[aä]|lle)|(?<=\w )[A-ZÄÖ][\w-]*) $"
)  # numerossa 25, Commodore 64
YEARS = re.compile(
    r"(?:vuo(?:nna|den|sina|sien|desta|teen|silta|dessa|sista)|[a-zä]+kuu(?:ta|n|ssa|sta)) "
    r"(?:\d{3,4} ?(?:[-–]|ja|tai) ?)?$",
    re.IGNORECASE,
)


def ending(match: re.Match, language: Language) -> str | None:
    case = ENDS[match["end"]]
    numbers, value = language.numbers, int(number_patterns(language).value(match["n"]).whole)
    if case[0] == "o" and len(case) == 2:
        return numbers.ordinal(value, "m", case[1])
    if match["percent"]:
        return f"{numbers.cardinal(value, '', case)} {PERCENT[case]}"
    return numbers.cardinal(value, "", case)


def ruler(match: re.Match, language: Language) -> str | None:
    """Kaarle XII:n, Ariarathes VI:n."""
    value, case = worth(match["roman"]), ENDS[match["end"]]
    return language.numbers.ordinal(value, "m", case[-1]) if value and case != "on" else None


def agreeing(match: re.Match, language: Language) -> Found:
    """250 kielellä, 5 vuoden, 80–100 metrin."""
    value, numbers = number_patterns(language).value(match["n"]), language.numbers
    before, noun = match.string[: match.start()], match["noun"]
    bare = match["n"].isdecimal()
    if value.places or value.padded or bare and 1000 <= value.whole < 2100 or match["first"] and match["end"]:
        return None
    case = NOUNS[match["end"]] if match["end"] else "g"
    named = IN_CASE.search(before)
    if bare and YEARS.search(before) or named and value.whole < 1000 and NOUNS.get(named[1]) != case:
        return None
    if noun.startswith(NUMBERED):
        return (*match.span("n"), numbers.ordinal(value.whole, "m", case))
    said = numbers.cardinal(value.whole, "", case)
    if match["first"]:
        first = number_patterns(language).value(match["first"]).whole
        said = f"{numbers.cardinal(first, '', case)} {language.data['to']} {said}"
    return match.start(), match.end("n"), said


def day(match: re.Match, language: Language) -> str | None:
    number, month = int(match["d"]), int(match["m"])
    return in_words(language, number, month, None) if 1 <= number <= 31 and 1 <= month <= 12 else None


def rules(language: Language) -> list[Rule]:
    written = number_patterns(language)
    ends = "|".join(sorted(ENDS, key=len, reverse=True))
    noun = rf"(?P<noun>[a-zäöå][a-zäöå-]+(?P<end>{'|'.join(NOUNS)})|{GENITIVE}|(?:artikla|kohda|momenti)n)"
    first = rf"(?:(?P<first>{written.whole}) ?[–-] ?)?"
    return [
        Rule(
            "ordinal",
            "digit",
            re.compile(rf"{written.left}(?P<n>{written.whole})(?P<percent> ?%)?:(?P<end>{ends})(?![^\W_])"),
            ending,
            ":",
        ),
        Rule(
            "roman",
            "roman",
            re.compile(rf"(?<=[^\W\d_] )(?P<roman>[IVX]+):(?P<end>{ends})(?![^\W_])"),
            ruler,
            ":",
        ),
        Rule(
            "cardinal",
            "digit",
            re.compile(rf"{written.left}(?<!\d[–-]){first}(?P<n>{written.whole}) {noun}(?![^\W_])"),
            agreeing,
        ),
        Rule(
            "date",
            "digit",
            re.compile(r"(?:(?<=[^\W\d_] )|(?<=\.[–−-]))(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?!\d| [A-ZÄÖ])"),
            day,
        ),
    ]
