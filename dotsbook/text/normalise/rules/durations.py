"""Minutes and seconds that no clock shows: a race's time (1:56,61), and parts of a degree (10° 57′ N)."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Found, Rule, number_patterns

FIELDS = r"\{{{0}(?:#([^}}]+)\}}|\}} ?([^\W\d_]+))"  # {m#minute|minutes}, {m} dakika
UNIT = re.compile(r" ?(?:min(?:ut\w*)?|мин\w*|dk|dakika|sec\w*|sek\w*|seg\w*|s)\b\.?(?! ?\d)", re.IGNORECASE)


def nouns_of(language: Language) -> tuple[str, str] | None:
    """The words for minute and second, as the times of day in full have them."""
    template = language.data.get("time", {}).get("hms", "")
    found = [re.search(FIELDS.format(name), template) for name in "ms"]
    if not all(found):
        return None
    minute, second = (match[1] or match[2] for match in found if match)
    return minute, second


def race(match: re.Match, language: Language) -> Found:
    """1:56,61 and 2:03:59.4, with the word for minutes that may follow."""
    nouns = nouns_of(language)
    if nouns is None:
        return None
    numbers = language.numbers
    said = [
        numbers.counted(int(match["m"]), nouns[0]),
        numbers.counted(int(match["s"]), nouns[1], match["places"]),
    ]
    if match["h"]:
        hour = language.data.get("units", {}).get("h")
        if not hour:
            return None
        said.insert(0, numbers.counted(int(match["h"]), hour))
    unit = UNIT.match(match.string, match.end())
    return match.start(), unit.end() if unit else match.end(), " ".join(said)


def angle(match: re.Match, language: Language) -> str | None:
    """10° 57′ N, 26′ 46″."""
    nouns, units = nouns_of(language), language.data.get("units", {})
    degree = units.get("°")
    if nouns is None or not degree:
        return None
    said = [
        language.numbers.counted(int(match[name]), noun)
        for name, noun in (("d", degree), ("m", nouns[0]))
        if match[name]
    ]
    if match["s"]:
        value = number_patterns(language).value(match["s"])
        said.append(language.numbers.counted(value.whole, nouns[1], value.places))
    side = language.data.get("sides", {}).get(match["side"], match["side"] or "")
    glued = match.string[match.end() : match.end() + 1].isalnum()
    return " ".join([*said, side]).strip() + (" " if glued else "")


def rules(language: Language) -> list[Rule]:
    if nouns_of(language) is None:
        return []
    point = number_patterns(language).point
    second = r"(?:[″\"”]|[′'’]{2})"
    sides = "".join(language.data.get("sides", "NSEW"))
    return [
        Rule(
            "time",
            "digit",
            re.compile(
                r"(?<![\w:.,])(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>[0-5]\d)[.,](?P<places>\d{1,3})(?![\d:]|[.,]\d)"
            ),
            race,
            ":",
        ),
        Rule(
            "measure",
            "digit",
            re.compile(
                rf"(?<![\w.,])(?P<d>\d{{1,3}}) ?[°º] ?(?P<m>\d{{1,2}}) ?[′'’](?: ?(?P<s>\d{{1,2}}(?:{point}\d+)?) ?{second})?"
                rf"(?: ?(?P<side>[{sides}])\b)?"
            ),
            angle,
            "°º",
        ),
    ]
