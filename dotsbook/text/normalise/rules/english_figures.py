"""Years, times, inches, codes and powers as English writes them, where what stands around them says so. No other language."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.numbers.number_words import words
from dotsbook.text.normalise.rules.dates import in_words, month_name, months_of, ordered
from dotsbook.text.normalise.rules.rule import Rule, number_patterns

BEFORE_YEAR = (
    r"(?:in|of|since|until|till|by|from|to|before|after|around|about|circa|during|year|late|early|mid|AD|A\.D\.|died|born|between|c\.|ca\.|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|"
    r"spring|summer|autumn|winter)"
)
IDENTIFIED = (
    r"(?:[Cc]ase|[Dd]ecree|[Rr]esolution|[Rr]egulation|[Dd]irective|[Oo]rder|[Ll]aw|[Aa]ct|[Bb]ill|[Nn]os?\.?|[Nn]umber|[Dd]ecision|"
    r"[Oo]rdinance|[Ff]ile|[Dd]ocket|[Rr]eference|[Rr]ef\.?|[Dd]ocument|[Dd]oc\.?|\([A-Z]{2,4}\)|[Pp]atent|"
    r"[Ff]lights?|[Rr]oom|[Ss]erial|[Cc]laim|[Aa]ppeal)"
)
TIME_OF = r"(?:train|express|bus|boat|ferry|flight|service|showing|performance|news|curfew|start|mail|post)"
NO_TIME = (  # what makes a decimal of it
    r"(?! ?(?:%|per ?cent|percent|million|billion|thousand|points?|m\b|km\b|kg\b|inch|degrees|times|dollars|"
    r"pounds|hours|litres|liters|feet|"
    r"met(?:re|er)s|miles|ounces|seconds|minutes)|[\d°%])"
)
AFTER_YEAR = (
    "in|he|she|it|they|we|I|as|is|was|were|had|an?|the|by|and|or|when|to|with|at|but|after|under|on|for|from|his|her|"
    "until|that|who"
)
NOT_COUNTED = rf"(?![\w%]|[.,:-]\d| (?!(?:{AFTER_YEAR})\b)[a-z])"
PLACED = (
    r"(?:[Rr]oom|[Ss]uite|[Aa]partment|Apt\.|[Ff]light(?: [A-Z]{2})?|Boeing|Route|Highway|Interstate|Area)"
)
HALVED = "mile|hour|inch|pound|pint|dozen|acre|ounce|cup|teaspoon|tablespoon|ton|yard|day|year|century|gallon|litre|liter"
ROADS = "St|Ave|Rd|Blvd|Dr|Ln|Street|Avenue|Road|Boulevard|Drive|Lane"
DAYS = r"(?:Mon|Tues?|Tu|Wed|Th(?:urs?|u)?|Fri|Sat|Sun)(?:day|sday|nesday|rsday|urday)?"
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
SQUARED = {"2": "squared", "3": "cubed"}


def short(value: int) -> str:
    """The second year of two: ninety-nine, oh six, hundred."""
    return f"oh {words(value, 'en')}" if 0 < value < 10 else words(value, "en")


def year(match: re.Match, language: Language):
    return (*match.span("year"), language.numbers.year(int(match["year"])))


def season(match: re.Match, language: Language) -> str | None:
    """2015/16, 1999/2000: two years that follow each other."""
    first, last = match["first"], match["last"]
    if (int(first) + 1) % 10 ** len(last) != int(last):
        return None
    said = language.numbers.year(int(last)) if len(last) == 4 else short(int(last))
    return f"{language.numbers.year(int(first))} {said}"


def numbered(match: re.Match, language: Language):
    """Regulation 99/2006, Case 22-506: number and year, or number and number."""
    both = []
    for name in ("first", "last"):
        text = match[name]
        if len(text) == 4 and 1900 <= int(text) < 2100:
            both.append(language.numbers.year(int(text)))
        else:
            both.append(
                language.numbers.digits(text) if text[0] == "0" or len(text) > 4 else words(int(text), "en")
            )
    link = " slash " if match["link"] == "/" else " dash "
    return (match.start("first"), match.end("last"), link.join(both))


def extension(match: re.Match, language: Language) -> str | None:
    """3-5213: an inner line."""
    return (
        None
        if match["last"].endswith("00")
        else f"{words(int(match['first']), 'en')}, {language.numbers.digits(match['last'])}"
    )


def inches(match: re.Match, language: Language) -> str | None:
    """17" wheels, where no quotation is open."""
    if len(re.findall(r'(?<!\d)"', match.string[: match.start("mark")])) % 2:
        return None
    number = number_patterns(language).say(match["n"])
    return f"{number} {'inch' if match['n'] == '1' else 'inches'}"


def stone(match: re.Match, language: Language) -> str:
    return f"{words(int(match['n']), 'en')} stone"


def feet(match: re.Match, language: Language) -> str:
    """6′ 2″ and 12′ wide."""
    said = f"{words(int(match['feet']), 'en')} {'foot' if match['feet'] == '1' else 'feet'}"
    return f"{said} {words(int(match['inches']), 'en')}" if match["inches"] else said


def raised(match: re.Match, language: Language) -> str:
    """x^2, 10^-6."""
    written = number_patterns(language)
    base = match["base"] if match["base"].isalpha() else written.say(match["base"])
    power = match["power"] if match["power"].isalpha() else written.say(match["power"])
    return f"{base} {SQUARED.get(match['power']) or f'to the power of {power}'}"


def code(match: re.Match, language: Language):
    return (
        *match.span("code"),
        " ".join(part for part in map(language.numbers.digits, re.split(r"\D+", match["code"])) if part),
    )


def spaced(match: re.Match, language: Language) -> str:
    """1 000 000."""
    return words(int(match[0].replace(" ", "")), "en")


def ratio(match: re.Match, language: Language) -> str:
    """A scale of 1:100,000."""
    return f"one to {words(int(match['b'].replace(',', '')), 'en')}"


def by_hundreds(match: re.Match, language: Language):
    """Room 101: one oh one."""
    high, low = divmod(int(match["n"]), 100)
    said = f"{words(high, 'en')} {short(low) if low else 'hundred'}"
    return (*match.span("n"), said)


def half(match: re.Match, language: Language) -> str:
    """½ mile: half a mile."""
    return (
        "half an"
        if match.string[match.end() + 1] in "aeio" or match.string[match.end() + 1 :].startswith("hour")
        else "half a"
    )


def side(match: re.Match, language: Language) -> str:
    """12 S. 1st Street."""
    return {"N": "North", "S": "South", "E": "East", "W": "West"}[match["side"]]


def road(match: re.Match, language: Language) -> str:
    return {"st": "Street", "ave": "Avenue", "blvd": "Boulevard", "rd": "Road"}[match["road"]]


def isbn(match: re.Match, language: Language):
    groups = [
        language.numbers.digits(group) + (" X" if "X" in group else "")
        for group in re.split("[- ]", match["code"])
    ]
    return (*match.span("code"), ", ".join(groups).replace(",  X", ", X"))


def version(match: re.Match, language: Language) -> str:
    parts = [
        words(int(part), "en") if part[0] != "0" or part == "0" else language.numbers.digits(part)
        for part in match["n"].split(".")
    ]
    return f"{'version ' if match['v'] == 'v' else match['v']}{' point '.join(parts)}"


def dotted(match: re.Match, language: Language) -> str:
    hour, minute = int(match["h"]), int(match["m"])
    if not minute:
        return f"{words(hour, 'en')} o'clock"
    return f"{words(hour, 'en')} {'oh ' if minute < 10 else ''}{words(minute, 'en')}"


def weekday(match: re.Match, language: Language) -> str | None:
    """Tu (2/22), Friday 3/5: a date by its weekday."""
    pair = ordered(language, int(match["a"]), int(match["b"]))
    if not pair:
        return None
    name = next(name for name in WEEKDAYS if name.startswith(match["name"][:2]))
    return f"{name}{match['between']}{in_words(language, *pair, None)}"


def slash(match: re.Match, language: Language) -> str:
    """And/or, teaching/learning."""
    return " " if match.string[: match.start()].endswith("and") else " slash "


def day(match: re.Match, language: Language, year: str | None) -> str | None:
    month = months_of(language).get(match["month"].casefold())
    if not month or not 1 <= int(match["d"]) <= 31:
        return None
    return in_words(language, int(match["d"]), month, year, month_name(language, month))


def until(match: re.Match, language: Language) -> str | None:
    """1998-30 June 2001: from a year to a day."""
    said = day(match, language, match["y"])
    return f" to {said}" if said else None


def dashed_date(match: re.Match, language: Language) -> str | None:
    """8-May-2006."""
    if len(match["y"]) == 4:
        return day(match, language, match["y"])
    said = day(match, language, None)
    return f"{said} {short(int(match['y']))}" if said else None


HOLDS = {
    season: "/",
    inches: '"″',
    feet: "′",
    raised: "^",
    ratio: ":",
    half: "½",
    numbered: "/-",
    extension: "-",
    isbn: "I",
}


def rules() -> list[Rule]:
    left = r"(?<![\w.,/:-])"
    yyyy = r"(?:1[0-9]|20)\d\d"
    patterns = [
        ("year", rf"(?i:between) \d{{4}} and (?P<year>10[1-9]\d){NOT_COUNTED}", year),
        ("year", rf"\b(?i:{BEFORE_YEAR}),? (?P<year>10[1-9]\d){NOT_COUNTED}", year),
        ("year", r"(?<=\()(?P<year>10[1-9]\d)(?=\))", year),
        ("year", rf"(?i:(?<!\w)(?:pre|post|mid|circa|early|late|anti|inter|ante)[-–])(?P<year>{yyyy})(?![\w.,]\d|\d|s)", year),
        ("year", rf"{left}(?P<first>{yyyy})/(?P<last>\d{{4}}|\d\d)(?![\w/])", season),
        ("code", rf"\b{IDENTIFIED} (?:[Nn]os?\.? )?(?P<first>\d{{1,6}})(?P<link>[/-])(?P<last>\d{{1,6}})(?![\w/-]|[.,]\d)", numbered),
        ("code", r"(?<![\w.,/:$£€-])(?P<first>[1-9])-(?P<last>(?!1[89]\d\d|20\d\d)\d{4})(?![\w-]|[.,]\d)", extension),
        ("measure", r"(?<![\w.,])(?P<n>\d{1,2}) ?st\b\.?(?= \d{1,2} ?lbs?\b)", stone),
        ("measure", r"(?<![\w.,])(?P<feet>\d{1,3})′(?: ?(?P<inches>1[01]|\d)[″\"])?(?!\w)", feet),
        ("measure", r"(?<![\w.,'’])(?P<n>\d{1,3}(?:\.\d{1,2})?)(?P<mark>[\"″])(?=[ ,.;)]|$)", inches),
        ("math", r"(?<![\w.^])(?P<base>\d+(?:\.\d+)?|[A-Za-z])\^\{?(?P<power>-?\d+|[a-z])\}?(?![\w.]\w)", raised),
        ("address", rf"(?<=\d )(?P<side>[NSEW])\.?(?= (?:\d+(?:st|nd|rd|th)|[A-Z][a-z]+) (?i:{ROADS})\b)", side),
        ("address", r"(?:(?<=\dst )|(?<=\dnd )|(?<=\drd )|(?<=\dth ))(?P<road>st|ave|blvd|rd)\b(?!\.)", road),
        ("code", r"(?<=[A-Za-z\d]/)(?P<code>\d{5,})(?=-[A-Za-z])", code),
        ("code", r"(?<=, [A-Z]{2} )(?P<code>\d{5}(?:-\d{4})?)(?![\w-])", code),
        ("code", r"\bISBN(?:-1[03])?:? ?(?P<code>(?:97[89][- ]?)?\d(?:[- ]?\d){8}[- ]?[\dX])(?!\w)", isbn),
        ("code", r"(?<![\w.])(?P<v>v|[Vv]ersion )(?P<n>\d+(?:\.\d+)+)(?![\w-])", version),
        ("cardinal", r"(?<![\w.,])\d{1,3}(?: \d{3}){2,}(?![\w,]| \d)", spaced),
        ("ratio", r"(?<![\w.,:])(?P<a>1):(?P<b>\d{1,3}(?:,\d{3})+|\d{4,7})(?![\w:]|[.,]\d)", ratio),
        ("code", rf"\b{PLACED} (?P<n>[1-9]\d\d)(?![\w:/-]|[.,]\d)", by_hundreds),
        ("range", r"(?<=\d) ?[–-] ?(?=\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.? ?m\b|[AP]\.?M\b))", lambda match, language: " to "),
        ("time", r"(?<=\b[Ff]rom )(?P<h>1?\d|2[0-3])\.(?P<m>[0-5]\d)(?= (?:to|until|till) \d{1,2}\.\d\d\b)", dotted),
        ("time", r"(?<=\d\.\d\d to )(?P<h>1?\d|2[0-3])\.(?P<m>[0-5]\d)(?![\d%.])", dotted),
        ("fraction", rf"(?<![\w½.,])½(?= (?:{HALVED})\b)", half),
        ("time", rf"(?<=\b[Aa]t )(?P<h>1?\d|2[0-3])\.(?P<m>[0-5]\d){NO_TIME}(?!\.\d)", dotted),
        ("time", rf"(?<![\w.,])(?P<h>1?\d|2[0-3])\.(?P<m>[0-5]\d)(?= {TIME_OF}\b)", dotted),
        ("date", rf"{left}(?P<d>\d{{1,2}})-(?P<month>[A-Z][a-z]{{2,8}})-(?P<y>\d{{4}}|\d\d)(?![\w-])", dashed_date),
        ("range", r"(?<=[12]\d\d\d) ?[-–—] ?(?P<d>\d{1,2}) (?P<month>[A-Z][a-z]{2,8})\b(?:,? (?P<y>[12]\d{3}))?(?!\d)", until),
        ("date", rf"\b(?P<name>{DAYS})\.?(?P<between>,? \(?)(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?![\d/])", weekday),
        ("symbol", r"(?<=\band)/(?=or\b)|(?<=\b[a-z]{3})/(?=[a-z]{3,}\b)|(?<=[a-z]{4})/(?=[a-z]{3,}\b)", slash),
        ("symbol", r"(?<=[^\W_])#(?=[^\W\d_])", lambda match, language: " hash "),
        ("symbol", r"(?<=\d)/(?=\s|$)", lambda match, language: " slash"),
        ("symbol", r"(?<!\w)\${2,}(?!\w)", lambda match, language: "dollars"),
    ]  # fmt: skip
    return [
        Rule(name, "digit" if name != "symbol" else "sign", re.compile(pattern), say, HOLDS.get(say, ""))
        for name, pattern, say in patterns
    ]
