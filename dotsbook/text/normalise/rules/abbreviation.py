"""Abbreviations, each only where its context makes it one. It knows no dictionary: all are in the data.

The data sorts them by context: `always` (e.g.), `name` (before a capital: Mr., Dr., St.), `number` (before a number:
No., p.), `after_name` (after a capital: Jr., Ave.), `end` (etc., which may close a sentence and then leaves its stop).
"""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule, words_pattern
from dotsbook.text.script.endings import STARTERS
from dotsbook.text.script.endings import table as words_for

STARTS = re.compile(
    r"[\"'”’»)\]]*\s+(?:Mrs?\.|Ms\.|Dr\.|He|She|It|They|We|The|This|That|His|Her|There|Then|But|And|In|At|On|You)\b"
)
NO_TOWNS = frozenset(
    str.split(
        "Yes No Oh Ah Well Now Come Please Thanks Look Hello Hi Sorry Right Good Dear Why So But And Sir Ma'am"
    )
)
NEXT_WORD = re.compile(r"[\"'”’»)\]]*\s+[\"'“‘«(\[¿¡]*([^\W\d_]+)")
CLOSES = re.compile(r"[\"'”’»)\]]*(?:\s*$|\s+[\"'“‘«(\[¿¡]*[^\W\d_])")


PARTICLE = re.compile(
    r"(?:de la|de|du|des|d['’]|von der|von|van den|van der|van|zu|di|da|del|della|dos|le|la)[ '’]?[^\W\d_a-zà-ÿ]"
)


def ends_sentence(text: str, at: int) -> bool:
    """Whether a sentence may end at `at`: at the text's end or before a capital."""
    match = CLOSES.match(text, at)
    return match is not None and (
        not text[at : match.end()].strip() or not match[0][-1:].isalpha() or match[0][-1].isupper()
    )


def said_for(match: re.Match, table: dict[str, str]) -> str | None:
    """The words for the abbreviation, with a capital where it has one and its entry has none."""
    text = " ".join(match["short"].split())
    if text in table:
        return table[text]
    said = table.get(text[0].lower() + text[1:])
    return said[0].upper() + said[1:] if said else None


def plain(match: re.Match, table: dict[str, str]) -> str | None:
    """Ph.D. keeps its stop where a sentence ends with it; e.g. ends none."""
    said = said_for(match, table)
    ends = (
        match["short"][0].isupper()
        and match["short"].endswith(".")
        and ends_sentence(match.string, match.end())
    )
    if said and ends and (not match.string[match.end() :].strip() or STARTS.match(match.string, match.end())):
        return said + "."
    return said


def before_number(match: re.Match, table: dict[str, str]) -> str | None:
    """n° 5 and n°5: the space is said too."""
    said = said_for(match, table)
    return f"{said} " if said and match.string[match.end() : match.end() + 1].isdecimal() else said


def closing(match: re.Match, table: dict[str, str]) -> str | None:
    said = said_for(match, table)
    if not said:
        return None
    return said + "." if match[0].endswith(".") and ends_sentence(match.string, match.end()) else said


def is_initial(match: re.Match) -> bool:
    """T. S. Eliot, D.III, Κ.Κ.Ε.: one letter among others, or right before a numeral."""
    text, end = match.string, match.end()
    if len(match["short"]) != 2:
        return False
    return bool(
        re.search(r"(?<![^\W_])[^\W\d_]\.\s?$", text[: match.start()])
        or re.match(r"\s?[^\W\d_]\.|[IVX]+(?!\w)", text[end:])
    )


def before_capital(match: re.Match, table: dict[str, str]) -> str | None:
    if is_initial(match):
        return None
    if match["next"].islower() and not PARTICLE.match(match.string, match.start("next")):
        return None
    return said_for(match, table)


def after_capital(match: re.Match, table: dict[str, str]):
    """ "Main St." but not "Main St. John": the word before begins with a capital or a digit."""
    head = re.search(r"[^\W_]+$", match.string[: match.start("gap")])
    said = said_for(match, table)
    if not said or not head or not (head[0][0].isupper() or head[0][0].isdecimal()):
        return None
    return (*match.span("short"), said + _stop(match))


def after_comma(match: re.Match, table: dict[str, str]) -> str | None:
    """Stroudsburg, PA: a state after its town; one that is a word needs a post code."""
    text, end = match.string, match.end()
    code = re.match(r"[. ]*\d{5}", text[end:])
    town = re.search(r"([A-Z][a-z.]+), $", text[: match.start()])
    if not code and (
        match["short"] in ("OK", "OR", "IN", "ME", "HI", "OH") or not town or town[1] in NO_TOWNS
    ):
        return None
    return table[match["short"]] + _stop(match)


def after_gap(match: re.Match, table: dict[str, str]):
    said = said_for(match, table)
    return (*match.span("short"), (said if match["gap"] else " " + said) + _stop(match)) if said else None


def _stop(match: re.Match) -> str:
    return "." if match["short"].endswith(".") and ends_sentence(match.string, match.end()) else ""


CONTEXTS = {
    "always": (r"(?<![^\W_])(?<![^\W_]\.)", r"(?![^\W_])", plain),
    "name": (r"(?<![^\W_])(?<![^\W_]\.)", r"(?= *[\"“‘«(]?(?P<next>[^\W\d_]))", before_capital),
    "number": (
        r"(?<![^\W_])(?<![^\W_]\.)",
        r"(?= ?(?:\d|[IVXLC]{2,}\b|[VX]\b|(?=[ivx]{2})x{0,3}(?:ix|iv|v?i{0,3})\b))",
        before_number,
    ),
    "after_name": (r"(?<=[^\W\d_])(?P<gap>,? )", r"(?![^\W_])", after_capital),
    "state": (r"(?<=[a-z.], )", r"(?!\w|\.\w)", after_comma),
    "after_number": (r"(?<=\d)(?P<gap> ?)", r"(?![^\W_])", after_gap),
    "end": (r"(?<![^\W_])(?<![^\W_]\.)", r"(?![^\W_])", closing),
}


def initials(match: re.Match, language: Language) -> str | None:
    """U.S.A., J. R. R.: the letters without stops; the last stop stays where a sentence ends."""
    letters = re.sub(r"[.\s]", "", match[0])
    if not letters.isupper():
        return None
    spaced = " " in match[0].strip()
    stop = (
        "."
        if match[0].rstrip().endswith(".") and ends_sentence(match.string, match.end()) and not spaced
        else ""
    )
    if (
        stop
        and match.string[match.end() :].strip()
        and not starts_sentence(match.string, match.end(), language.base)
    ):
        stop = ""
    spaced = spaced or letters.lower() in language.data.get("spelled", ())  # U S, not "us"
    return (" ".join(letters) if spaced else letters) + stop


def starts_sentence(text: str, at: int, base: str) -> bool:
    """Whether the next word is one that hardly ever has a capital but at the head of a sentence."""
    follows = NEXT_WORD.match(text, at)
    return follows is not None and follows[1] in words_for(STARTERS, base)


def rules(language: Language) -> list[Rule]:
    made = []
    for context, table in language.data.get("short", {}).items():
        before, after, say = CONTEXTS[context]
        keys = words_pattern([*table, *_capitals(table)]).replace(r"\ ", r" ?")
        made.append(
            Rule("abbreviation", "short", re.compile(f"{before}(?P<short>{keys}){after}"), _of(say, table))
        )
    if language.data.get("initials", "yes") == "yes":
        tight = r"(?<![^\W_])(?<!\.)(?:[^\W\d_]\.(?:-(?=[^\W\d_]\.))?){2,}(?![^\W_])"
        spaced = r"(?<![^\W_])(?<!\b[^\W\d_]\. )(?<!\.)(?:[^\W\d_]\. ){2,}(?=[^\W\d_]{2})"
        made.append(Rule("initials", "short", re.compile(f"{tight}|{spaced}"), _initials_spaced))
    return made


def _of(say, table: dict[str, str]):
    return lambda match, language: say(match, table)


def _initials_spaced(match: re.Match, language: Language):
    text = match[0]
    if not text.endswith(" "):
        return initials(match, language)
    if not match.string[match.end()].isupper():
        return None
    said = initials(match, language)
    return (match.start(), match.end() - 1, said) if said else None


def _capitals(words) -> list[str]:
    return [word[0].upper() + word[1:] for word in words if word[0].islower()]
