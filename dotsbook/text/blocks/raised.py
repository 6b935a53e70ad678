"""Figures set high or low: note marks, powers or parts of a fraction. It judges by what stands around them.

What a mark's number is settles much: note marks count up through a document, powers don't.
"""

import re
from enum import StrEnum

FIGURES = re.compile(r"[-−]?\d{1,3}$")
SEVERAL = re.compile(r"\[?\(?\d{1,3}(?:\s*[,;–—-]\s*\d{1,3})+\)?\]?$")  # two notes at one place
DIGITS_BEFORE = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)*)[.,;:]?$")
WORD_BEFORE = re.compile(r"([^\W\d_]+)[.,;:!?…”’\"'»)\]]*$")
MATHS = re.compile(r"[=+×·*^<>≤≥]\s*[\w.,]*$|√\S*$")
MATHS_AFTER = re.compile(r"^\s*[=+×·*<>≤≥]")
SLASH = ("/", "⁄", "∕")
BASES = ("10",)  # numbers that are raised to powers in prose; others are only in formulas
UNITS = frozenset(
    [
        "mm",
        "cm",
        "dm",
        "km",
        "m",
        "µm",
        "ft",
        "in",
        "yd",
        "mi",
        "qm",
        "s",
        "h",
        "sec",
        "min",
        "kg",
        "g",
        "sq",
        "cu",
        "µ",
        "l",
        "ha",
        "sin",
        "cos",
        "tan",
        "log",
        "ln",
        "exp",
        "mol",
    ]
)


class Raised(StrEnum):
    """What figures set high are."""

    NOTE = "note"
    POWER = "power"
    NUMERATOR = "numerator"


def raised(text: str, before: str, after: str, expected: int) -> Raised | None:
    """What figures set high are, or None for what this can't tell (a symbol, an ordinal's letters).

    before, after: the text around them; expected: the number that the document's next note would have.
    """
    if after[:1] in SLASH and text.isdigit() and len(text) <= 2:
        return Raised.NUMERATOR
    if SEVERAL.match(text) and before[-1:].strip():
        return Raised.NOTE
    if not FIGURES.match(text):
        return None
    if not before or before[-1:].isspace():
        return None
    value = int(text) if text.isdigit() else None
    if value is None:  # a minus: only powers have one
        return Raised.POWER
    if MATHS.search(before) or MATHS_AFTER.match(after):
        return Raised.POWER
    if digits := DIGITS_BEFORE.search(before):
        if is_clock(digits.group(1), text) and value != expected:
            return None  # minutes, which belong to the text
        return Raised.POWER if digits.group(1) in BASES and before[-1:].isdigit() else Raised.NOTE
    word = WORD_BEFORE.search(before)
    if word is None:
        return Raised.POWER if before[-1:] == ")" and value in (2, 3) else Raised.NOTE
    letters = word.group(1).lower()
    product = len(letters) <= 3 and value in (2, 3) and not any(char in "aeiouyäöü" for char in letters)
    if before[-1:].isalpha() and (len(letters) == 1 or letters in UNITS or product):
        return Raised.NOTE if value == expected and value > 3 else Raised.POWER
    return Raised.NOTE


def is_clock(hour: str, minutes: str) -> bool:
    """Whether figures set high may be the minutes of an hour: 3<sup>30</sup>, um 3,<sup>19</sup>."""
    return hour.isdigit() and int(hour) <= 24 and len(minutes) == 2 and int(minutes) < 60
