"""MathML → the signs that stand for it in a line of text, so that it is read as what it means: fractions, powers, roots.

A formula made of anything else is left out, by name, unless its author says what it is (alttext): half a formula would
be another.
"""

from dotsbook.text.blocks.elements import Element, local_name
from dotsbook.text.blocks.trees import own_text

PLAIN = ("math", "mrow", "mi", "mn", "mo", "mtext", "mstyle", "mpadded", "mfenced", "semantics", "mspace")
PARTS = {"mfrac": 2, "msup": 2, "msub": 2, "msqrt": 0, "mroot": 2}  # how many children each must have; 0: any
OPERATORS = ("=", "+", "−", "-", "×", "·", "<", ">", "≤", "≥", "±", "≈", "≠", "÷")
INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064")


def put_in_line(body: Element, left_out: str) -> int:
    """Rewrite every formula of a page in place; how many had to be left out, with `left_out` as their attribute."""
    lost = 0
    for math in [node for node in body.iter("{*}math", "math")]:
        if math.get("alttext"):
            continue
        pieces = written(math)
        if pieces is None:
            math.set(left_out, "formula")
            lost += 1
        else:
            replace_content(math, pieces)
    return lost


def written(node: Element) -> list[tuple[str, str]] | None:
    """[("text" | "sup" | "sub", characters)] of a formula; None where part of it can't be written in a line."""
    name = local_name(node)
    if name in ("annotation", "annotation-xml"):
        return []
    children = [child for child in node if isinstance(child.tag, str)]
    if name in PARTS:
        return written_part(name, children)
    if name not in PLAIN:
        return None
    if not children:
        text = own_text(node).translate(INVISIBLE)
        return [("text", f" {text} " if name == "mo" and text in OPERATORS else text)]
    return joined(children)


def joined(children: list[Element]) -> list[tuple[str, str]] | None:
    found: list[tuple[str, str]] = []
    for child in children:
        pieces = written(child)
        if pieces is None:
            return None
        if found and pieces and found[-1][1][-1:].isdigit() and local_name(child) == "mfrac":
            found.append(("text", " "))  # a whole number and a fraction
        found += pieces
    return found


def written_part(name: str, children: list[Element]) -> list[tuple[str, str]] | None:
    if PARTS[name] and len(children) != PARTS[name]:
        return None
    if name == "msqrt":
        inside = joined(children)
        return None if inside is None else [("text", "√"), *bracketed(inside)]
    parts = [written(child) for child in children]
    if any(part is None for part in parts):
        return None
    first, second = (part or [] for part in parts)
    match name:
        case "mfrac":
            return [*bracketed(first), ("text", "/"), *bracketed(second)]
        case "msup" | "msub" if all(kind == "text" for kind, _ in second):
            return [*bracketed(first), (name[1:], "".join(text for _, text in second).strip())]
        case "mroot" if [text for _, text in second] == ["3"]:
            return [("text", "∛"), *bracketed(first)]
    return None


def bracketed(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """More than one term in brackets."""
    plain = "".join(text for _, text in pieces)
    return pieces if " " not in plain.strip() else [("text", "("), *pieces, ("text", ")")]


def replace_content(math: Element, pieces: list[tuple[str, str]]) -> None:
    from lxml import etree

    for child in list(math):
        math.remove(child)
    math.tag, math.text = "span", None
    last: Element | None = None
    for kind, text in pieces:
        if kind != "text":
            last = etree.SubElement(math, kind)
            last.text = text
        elif last is None:
            math.text = (math.text or "") + text
        else:
            last.tail = (last.tail or "") + text
