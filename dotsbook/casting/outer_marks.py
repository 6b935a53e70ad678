"""Which marks a book puts its speeches in, by counts. It knows marks and where they stand, not words.

Books differ: “double” or ‘single’ marks, »…« or «…», corners, dashes at a paragraph's start; some mix two ways. What
is found here is the book's outer marks; marks of another kind inside them are quotations within quotations.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dotsbook.language_code import primary

DASH = r"[—–―‒-]"
DASH_LINE = re.compile(rf"\s*(?:--|{DASH})\s?(?=[\w¿¡«“\"'…(À-ÿ])")
INLINE_TURN = re.compile(r"(?:(?<=[.!?…:»)])|(?<=[.!?…:»)]\s))\s*(?:--|[—–―])\s?(?=[A-ZÀ-ÖØ-Þ«\"(…])")
# opener → closers; where one opener serves two conventions, both closers count
PAIRS = {
    "“": "”",
    '"': '"',
    "„": '“”"',
    "«": "»",
    "»": "«",
    "‘": "’",
    "'": "'",
    "‚": "‘’",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
}
FAMILIES = {  # what is counted together, because books mix its members by mistake
    "double": '“"„',
    "single": "‘'‚",
    "guillemet": "«",
    "chevron": "»",
    "corner": "「",
    "single guillemet": "‹",
    "single chevron": "›",
    "white corner": "『",
}
BEFORE, NOT_AFTER = r"(?:^|(?<=[\s(\[—–,:-]))", r"(?=[^\s,.;:!?)\]—–-])"
SHORT = r"(?!(?:s|re|ve|ll|d|m|t|em|er|tis|twas|n|un|\d\ds?)\b)"  # what an apostrophe begins: 'em, 's
OPENS = {  # a mark with spaces on both sides counts too: texts cut into words, French
    name: re.compile(rf"{BEFORE}[{marks}]{SHORT if name == 'single' else ''}(?:{NOT_AFTER}|(?=\s\w))", re.M)
    if name in ("double", "single", "guillemet")
    else re.compile(rf"[{marks}]" if "corner" in name else rf"{BEFORE}[{marks}]{NOT_AFTER}", re.M)
    for name, marks in FAMILIES.items()
}
LANGUAGES_OF_DASHES = "fr es pt it pl ru uk ro el tr ca gl bg be sr hu cs"  # where a dash may open a turn


@dataclass(frozen=True, slots=True)
class OuterMarks:
    """The outer marks of a book."""

    openers: str  # each with its closers in PAIRS
    dashes: bool  # whether a dash at a paragraph's start opens a turn
    inline: bool = False  # whether a dash after a sentence does too: texts that have lost their lines


def marking(texts: Iterable[str], language: str) -> OuterMarks:
    """The outer marks of a book from its paragraphs' texts."""
    counts = dict.fromkeys(FAMILIES, 0)
    lines = dashed = opened = inside = 0
    for text in texts:
        lines += 1
        dashed += DASH_LINE.match(text) is not None
        inside += len(INLINE_TURN.findall(text)) if "—" in text or "–" in text or "--" in text else 0
        opened += text.lstrip()[:1] in PAIRS
        for name, opens in OPENS.items():
            if any(mark in text for mark in FAMILIES[name]):
                counts[name] += len(opens.findall(text))
    outer = outermost(counts)
    common = dashed >= 3 and dashed * 50 >= lines
    dashes = common and (
        primary(language) in LANGUAGES_OF_DASHES.split() or (dashed >= 8 and dashed > 4 * opened)
    )
    inline = primary(language) == "fr" and inside >= 5 and inside > dashed
    return OuterMarks("".join(FAMILIES[name] for name in outer), dashes or inline, inline)


def outermost(counts: dict[str, int]) -> list[str]:
    """The families of outer marks: the most common one and those that can't be its inner marks."""
    doubles = [name for name in ("double", "guillemet", "chevron", "corner") if counts[name]]
    best = max(doubles, key=lambda name: counts[name], default="")
    if counts["single"] > 2 * counts.get(best, 0) + 2:
        return ["single"]
    if not best:
        names = ("single", "single guillemet", "single chevron", "white corner")
        return [name for name in names if counts[name]][:1]
    # » and « both open only where a book mixes two conventions; the rarer is the other's closer otherwise
    outer = [best]
    if best != "double" and counts["double"] * 8 > counts[best]:
        outer.append("double")
    if best == "double" and counts["guillemet"] * 8 > counts[best]:
        outer.append("guillemet")
    return outer
