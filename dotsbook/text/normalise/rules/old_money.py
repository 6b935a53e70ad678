"""Pounds, shillings and pence, and guineas, as English wrote them until 1971. It knows no other money.

£3 10s. 6d. · 2s. 6d. · 10s. · 3d. · 7½d. · 5/- · £1 2/6 · 10,000l. · 3l. 10s. · 50 gs. A letter alone needs its stop, and
none of the words before it that make "the 10s." a decade.
"""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.numbers.number_words import words
from dotsbook.text.normalise.rules.abbreviation import ends_sentence
from dotsbook.text.normalise.rules.attributive import before_noun, hyphened
from dotsbook.text.normalise.rules.rule import Rule

ONE_WORD = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
ODD = {"¼": "farthing", "½": "halfpenny", "¾": "three farthings"}
SUM = r"\d{1,3}(?:,\d{3})+|\d+"
DECADE = r"(?<!the )(?<!The )(?<!their )(?<!his )(?<!her )(?<!mid-)(?<!early )(?<!late )"


def pence(number: str | None, part: str | None) -> str:
    value = int(number or 0)
    odd = ODD.get(part or "", "")
    if not value:
        return f"a {odd}" if odd != ODD["¾"] else odd
    said = (
        "one penny"
        if value == 1
        else f"{ONE_WORD[value]}pence"
        if value < len(ONE_WORD)
        else f"{words(value, 'en')} pence"
    )
    return f"{said} {odd}".strip()


def counted(number: str, one: str, many: str) -> str:
    value = int(number.replace(",", ""))
    return f"{words(value, 'en')} {one if value == 1 else many}"


def whole_sum(match: re.Match, language: Language) -> str | None:
    """Three pounds ten shillings and sixpence; a ten-shilling note."""
    groups = match.groupdict()
    pounds, shillings, small, part = (groups.get(name) for name in ("pounds", "shillings", "pence", "part"))
    rest = match.string[match.end() :]
    parts = [name for name in (pounds, shillings, small or part) if name]
    if len(parts) == 1 and before_noun(match.string, match.start(), match.end()):
        return before(pounds, shillings, small, part)
    said = []
    if pounds:
        said.append(counted(pounds, "pound", "pounds"))
    if shillings and int(shillings):
        said.append(counted(shillings, "shilling", "shillings"))
    if (small and int(small)) or part:
        last = pence(small, part)
        said.append(f"and {last}" if said else last)
    stop = match[0].endswith(".") and (not rest.strip() or ends_sentence(match.string, match.end()))
    return " ".join(said) + ("." if stop else "")


def before(pounds: str | None, shillings: str | None, small: str | None, part: str | None) -> str:
    if pounds or shillings:
        return hyphened(
            words(int((pounds or shillings or "").replace(",", "")), "en"), "pound" if pounds else "shilling"
        )
    value = int(small or 0)
    name = (
        "penny"
        if value == 1
        else f"{ONE_WORD[value]}penny"
        if 1 < value < len(ONE_WORD)
        else f"{words(value, 'en')}-penny"
    )
    return f"{name} {ODD.get(part or '', '')}".strip()


def new_pence(match: re.Match, language: Language) -> str:
    """50p, and a fifty-pence piece."""
    number = words(int(match["n"]), "en")
    if before_noun(match.string, match.start(), match.end()):
        return hyphened(number, "pence")
    return f"{number} {'penny' if match['n'] == '1' else 'pence'}"


def guineas(match: re.Match, language: Language) -> str:
    if before_noun(match.string, match.start(), match.end()):
        return hyphened(words(int(match["n"].replace(",", "")), "en"), "guinea")
    stop = "." if match[0].endswith(".") and ends_sentence(match.string, match.end()) else ""
    return counted(match["n"], "guinea", "guineas") + stop


def rules() -> list[Rule]:
    left, right = r"(?<![\w.,/:'’‘])", r"(?![^\W_])"
    shillings = r"(?P<shillings>\d{1,3}) ?s\b\.?"
    penny = r"(?=[\d¼½¾])(?P<pence>\d{1,2})?(?P<part>[¼½¾])? ?d\b\.?"
    gap = r"(?:,? ?(?:and )?)"
    patterns = [
        rf"£ ?(?P<pounds>{SUM})\.?{gap}{shillings}(?:{gap}{penny})?",
        rf"{left}(?P<pounds>{SUM}) ?l\.{gap}{shillings}(?:{gap}{penny})?",
        rf"£ ?(?P<pounds>{SUM}){gap}{penny}",
        rf"£ ?(?P<pounds>{SUM}) (?P<shillings>\d{{1,2}})/(?:-|(?P<pence>1[01]|\d)(?P<part>[¼½¾])?d?\.?)(?!\d)",
        rf"{left}{shillings}{gap}{penny}",
        rf"{left}(?P<shillings>\d{{1,2}})/-(?!\w)",
        rf"{left}(?P<shillings>\d{{1,2}})/(?P<pence>1[01]|\d)(?P<part>[¼½¾])?d\.?{right}",
        rf"{left}{DECADE}(?P<shillings>\d{{1,3}})s\.",
        rf"{left}(?=[\d¼½¾])(?P<pence>\d{{1,2}})?(?P<part>[¼½¾])?d\.",
        rf"{left}(?P<pounds>\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}})l\.(?!\w)",
    ]
    each = r"(?= (?:each|apiece|per|the (?:pound|yard|dozen|pair)|"
    each += r"an? (?:week|day|year|month|pound|dozen|piece|bottle|yard|head|time|pair|ton))\b)"
    patterns += [rf"{left}(?P<shillings>\d{{1,2}})s{each}", rf"{left}(?P<pence>\d{{1,2}})d{each}"]
    made = [
        Rule("money", "digit", re.compile(pattern), whole_sum, "£" if pattern.startswith("£") else "")
        for pattern in patterns
    ]
    made.append(Rule("money", "digit", re.compile(rf"{left}(?P<n>\d{{1,2}})p(?!\w|\.\w)"), new_pence))
    made.append(Rule("money", "digit", re.compile(rf"{left}(?P<n>{SUM}) ?(?:gs|gns)\b\.?"), guineas))
    return made
