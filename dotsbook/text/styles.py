"""What a book's style sheets hide. It knows one property of CSS, `display: none`, on plain class selectors."""

import re

RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
HIDES = re.compile(r"display\s*:\s*none", re.I)
SIMPLE = re.compile(r"^(?:[a-z][a-z0-9]*)?\.([\w-]+)$", re.I)
LARGEST = 2_000_000      # characters of a style sheet that are looked at


def hidden_classes(sheet: str) -> set[str]:
    """The classes that a style sheet never shows; rules inside @media and the like don't count."""
    if "display" not in sheet or len(sheet) > LARGEST:
        return set()
    plain = without_conditions(re.sub(r"/\*.*?\*/", "", sheet, flags=re.S))
    shown: set[str] = set()
    hidden: set[str] = set()
    for selectors, body in RULE.findall(plain):
        names = [match.group(1).lower() for selector in selectors.split(",") if (match := SIMPLE.match(selector.strip()))]
        (hidden if HIDES.search(body) else shown if "display" in body else set()).update(names)
    return hidden - shown


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
