"""What a book's style sheets say to the ear: classes that are hidden, and paragraphs set apart by an empty line.

It knows four properties of CSS (display, margin-top, text-indent, vertical-align), on plain class selectors.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotsbook.text.blocks.elements import Element

RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
RAISES = re.compile(
    r"vertical-align\s*:\s*(?:super|text-top|top|[1-9][0-9.]*(?:em|ex|px|pt|%)|0?\.[1-9][0-9]*em)", re.I
)
INLINE = ("span", "small", "i", "b", "em", "font")  # elements that may be set high
LONGEST_RAISED = 8  # characters of what is set high
HIDES = re.compile(r"display\s*:\s*none", re.I)
SIMPLE = re.compile(r"^(?:[a-z][a-z0-9]*)?\.([\w-]+)$", re.I)
APART = re.compile(r"margin(?:-top)?\s*:\s*([0-9.]+)(em|rem|ex|pt|px|%|mm|cm|in)", re.I)
UNINDENTED = re.compile(r"text-indent\s*:\s*0(?![.0-9]*[1-9])", re.I)
SET_OFF = re.compile(
    r"text-align\s*:\s*(center|right)|margin-left\s*:\s*[1-9.]|margin\s*:\s*\S+\s+[1-9.]\S*|font-size|"
    r"font-weight\s*:\s*bold|font-style\s*:\s*italic|page-break-before|float",
    re.I,
)
LINES = {
    "em": 1.0,
    "rem": 1.0,
    "ex": 2.0,
    "pt": 12.0,
    "px": 16.0,
    "%": 3.0,
    "mm": 4.0,
    "cm": 0.4,
    "in": 0.17,
}  # an empty line's height in each unit
LARGEST = 2_000_000  # characters of a style sheet that are looked at


@dataclass(frozen=True, slots=True)
class StyleRules:
    hidden: frozenset[str] = frozenset()  # classes that are never shown
    raised: frozenset[str] = frozenset()  # classes that are set high
    apart: frozenset[str] = frozenset()  # classes of a paragraph with an empty line before it and no indent

    def __or__(self, other: "StyleRules") -> "StyleRules":
        return StyleRules(self.hidden | other.hidden, self.raised | other.raised, self.apart | other.apart)


def read_sheet(sheet: str) -> StyleRules:
    """What a style sheet says of its classes; rules inside @media and the like don't count."""
    if len(sheet) > LARGEST:
        return StyleRules()
    plain = without_conditions(re.sub(r"/\*.*?\*/", "", sheet, flags=re.S))
    shown, hidden, high, apart = set(), set(), set(), set()
    for selectors, body in RULE.findall(plain):
        names = [
            match.group(1).lower()
            for selector in selectors.split(",")
            if (match := SIMPLE.match(selector.strip()))
        ]
        if HIDES.search(body):
            hidden.update(names)
        elif "display" in body:
            shown.update(names)
        if RAISES.search(body):
            high.update(names)
        if stands_apart(body):
            apart.update(names)
    return StyleRules(frozenset(hidden - shown), frozenset(high), frozenset(apart))


def mark_raised(body: "Element", looks: StyleRules) -> None:
    """Make `sup` of the little elements that a class or a style of their own sets high."""
    for node in body.iter(*(f"{{*}}{name}" for name in INLINE)):
        classes = (node.get("class") or "").lower().split()
        high = not looks.raised.isdisjoint(classes) or RAISES.search(node.get("style") or "")
        if high and len("".join(map(str, node.itertext())).strip()) <= LONGEST_RAISED:
            node.tag = "sup"


def stands_apart(body: str) -> bool:
    """A rule for a paragraph that opens a scene: space above, no indent, otherwise plain."""
    space = APART.search(body)
    return (
        space is not None
        and bool(UNINDENTED.search(body))
        and not SET_OFF.search(body)
        and number(space.group(1)) >= LINES[space.group(2).lower()]
    )


def number(text: str) -> float:
    return float(text) if text.count(".") < 2 and text != "." else 0.0


def without_conditions(sheet: str) -> str:
    """A style sheet without its @media, @supports and other blocks."""
    kept, depth, start, at = [], 0, 0, 0
    while (found := sheet.find("@", at)) >= 0:
        opening, ending = sheet.find("{", found), sheet.find(";", found)
        if opening < 0 or 0 <= ending < opening:
            at = ending + 1 if ending >= 0 else len(sheet)
            continue
        kept.append(sheet[start:found])
        depth, at = 1, opening + 1
        while depth and at < len(sheet):
            depth += {"{": 1, "}": -1}.get(sheet[at], 0)
            at += 1
        start = at
    kept.append(sheet[start:])
    return "".join(kept)
