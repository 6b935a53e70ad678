"""Telephone and other numbers that are read digit by digit. It knows no country's plan, only how such numbers look."""

import re

from dotsbook.text.normalise.language import CJK, Language
from dotsbook.text.normalise.rules.rule import Rule

YEARS = re.compile("[12]\\d{3}-[12]\\d{3}")  # of any calendar
GROUPS = re.compile(r"\d+|[A-Za-z]+|\+")


def digits(text: str, language: Language) -> str:
    called = getattr(language.numbers, "called", language.numbers.digits)
    return called(text)


def number(match: re.Match, language: Language) -> str | None:
    """Group by group, with a comma between where the language pauses so."""
    text = match[0]
    if YEARS.fullmatch(text) and int(text[:4]) < int(text[5:]):
        return None
    words = language.data.get("phone", {})
    pause = words.get("pause", " ")
    groups = GROUPS.findall(match["number"] if "number" in match.re.groupindex else text)
    plus = groups[0] == "+"
    said = []
    for group in groups[1:] if plus else groups:
        if group.isalpha():
            said.append(group.upper())
        elif plus and not said and words.get("country") == "cardinal" and len(group) < 3:
            said.append(language.numbers.cardinal(int(group)))
        elif group == "800" and language.base == "en":
            said.append("eight hundred")
        else:
            said.append(digits(group, language))
    out = pause.join(said)
    if plus:
        out = f"{words.get('plus', language.data['plus'])}{'' if language.base in CJK else ' '}{out}"
    extension = match["extension"] if "extension" in match.re.groupindex else None
    if extension:
        out += f" {words.get('extension', 'extension')} {digits(extension, language)}"
    return out


def one_by_one(match: re.Match, language: Language):
    """A number that its context says is a code: only the digits are replaced."""
    start, end = match.span("code")
    return start, end, digits(match["code"], language)


def rules(language: Language) -> list[Rule]:
    extension = r"(?: ?(?:ext\.?|x) ?(?P<extension>\d{1,5}))?"
    left, right = r"(?<![\w+.,:/-])(?<![$€£¥₹]\s)(?<!\d\s)", r"(?![\w/]|[.,:-]\d)"
    if language.base in CJK or language.base == "ko":
        left, right = r"(?<![A-Za-z\d+.,:/-])", r"(?![A-Za-z\d/]|[.,:-]\d)"
    patterns = [
        rf"{left}(?P<number>\+\d{{1,3}}[ -]?(?:\(\d{{1,5}}\)[ -]?)?"
        rf"\d{{2,12}}(?:[ -]\d{{1,8}}){{0,5}}){extension}{right}",
        rf"{left}(?P<number>(?:\d[ -])?\(\d{{2,5}}\)[ -]?\d{{2,8}}(?:[ -]\d{{2,8}}){{0,3}}){extension}{right}",
        rf"{left}(?P<number>\d{{3}}[-.]\d{{2,4}}[-.]\d{{3,4}}(?:-\d{{1,4}})?){extension}{right}",
        rf"{left}(?P<number>0\d{{1,6}}[ /-]\d{{2,8}}(?:[ -]\d{{2,8}}){{0,3}}){extension}{right}",
        rf"{left}(?P<number>\d{{3,4}}-\d{{4}}){right}",
        rf"{left}(?P<number>1-800(?:-[A-Z\d]+)+){right}",
    ]
    made = [Rule("telephone", "digit", re.compile(pattern), number) for pattern in patterns]
    codes = language.data.get("phone", {}).get("codes")
    if codes:
        made.append(
            Rule(
                "code",
                "digit",
                re.compile(rf"(?:{codes})(?P<code>\d{{3,}})(?![\w,.]\d)", re.IGNORECASE),
                one_by_one,
            )
        )
    return made
