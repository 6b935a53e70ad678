"""Finds what no rule read: digits, currency signs, %, °, units after digits, Roman numerals. It reads nothing itself.

Nothing is half-read: where a part of a written figure stays unread, what was read of it is taken back.
"""

import re

UNREAD = "unread"
SIGNS = "$¢£¤¥֏؋৲৳૱௹฿៛₠-⃀﷼﹩％￠-￦%‰‱°℃℉"
FIGURE = re.compile(rf"[\d{SIGNS}½⅓⅔¼¾⅕-⅞⅐-⅒]")
IN_RUN = re.compile(rf"[\dA-Za-z.,:/⁄{SIGNS}²³¹½⅓⅔¼¾⅕-⅞⅐-⅒+±−–-]")
NUMERAL = re.compile(
    r"(?<![\w.'’-])(?:[IVX]*(?:IX|IV|VI|II|XI|XV|XX)[IVX]*|X{2,3}L?|XL[IVX]*|LX[IVX]*)(?![\w'’-]|\.\w)"
)
UNIT = re.compile(
    r"(?<=[^\W_]) ?(?:[kMGT]?(?:Hz|Wh?|VA?|eV|Pa|bps)|"
    r"[kcmµ]?(?:m|g)[²³]?|ml|cl|dl|hl|[kcmµ]m/h|km|kg|m/s|lbs?|oz|ft|mph|dB|rpm|kcal)(?![\w’'.])"
)
Span = tuple[int, int, str]
KINDS = (
    ("currency", re.compile(r"[$¢£¤¥֏؋৲৳૱௹฿៛₠-⃀﷼]")),
    ("percent", re.compile("[%‰‱％]")),
    ("degree", re.compile("[°℃℉]")),
)


def unread(
    text: str, edits: list[tuple[int, int, str, str]], needs: frozenset[str], language: str
) -> tuple[list[tuple[int, int, str, str]], list[Span]]:
    """(the edits without those that read a figure by halves, what stays unread with its kind)."""
    figures = "digit" in needs and FIGURE.search(text) is not None
    numerals = "roman" in needs and NUMERAL.search(text) is not None
    if not figures and not numerals:
        return edits, []
    covered = bytearray(len(text) + 1)
    for start, end, _, _ in edits:
        covered[start:end] = b"\x01" * (end - start)
    left: list[Span] = []
    if figures:
        edits, left = figures_left(text, edits, covered)
        left += units_left(text, edits, covered)
    left += [
        (*match.span(), "Roman numeral")
        for match in (NUMERAL.finditer(text) if numerals else ())
        if not any(covered[match.start() : match.end()])
    ]
    name = f" ({language})" if language else ""
    return edits, [(start, end, f"{UNREAD} {kind}{name}") for start, end, kind in left]


def figures_left(text: str, edits: list, covered: bytearray) -> tuple[list, list[Span]]:
    """Runs of figures and signs of which something is unread; the edits inside them are undone."""
    left: list[Span] = []
    for match in FIGURE.finditer(text):
        at = match.start()
        if covered[at] or (left and at < left[-1][1]):
            continue
        start, end = run_around(text, at)
        inside = [edit for edit in edits if start <= edit[0] and edit[1] <= end]
        crossing = [edit for edit in edits if edit[0] < end and edit[1] > start and edit not in inside]
        if crossing:
            start, end = match.span()
            inside = []
        edits = [edit for edit in edits if edit not in inside]
        left.append((start, end, kind_of(text[start:end])))
    return edits, left


def run_around(text: str, at: int) -> tuple[int, int]:
    """The figures, Latin letters and signs that stand around a place without a space."""
    start, end = at, at + 1
    while start and IN_RUN.match(text[start - 1]):
        start -= 1
    while end < len(text) and IN_RUN.match(text[end]):
        end += 1
    while end > at + 1 and text[end - 1] in ".,:/+–-":
        end -= 1
    return start, end


def kind_of(run: str) -> str:
    for kind, pattern in KINDS:
        if pattern.search(run):
            return kind
    return "number"


def units_left(text: str, edits: list, covered: bytearray) -> list[Span]:
    """Signs of units right after something that was read."""
    found = []
    ends = sorted(end for start, end, _, _ in edits if any(char.isdecimal() for char in text[start:end]))
    for end in ends:
        match = UNIT.match(text, end)
        if match and not any(covered[match.start() : match.end()]):
            start = match.start() + (text[match.start()] == " ")
            found.append((start, match.end(), "unit"))
    return found
