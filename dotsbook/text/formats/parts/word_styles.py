"""What a Word document's styles and numbering say: which paragraph is a heading of which level, which is a quotation,
and what number stands before it. It reads no text."""

import re
from functools import cached_property

from dotsbook.text.blocks.elements import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADING = re.compile(r"heading (\d)$")
TITLES = ("title", "subtitle", "author")
QUOTES = re.compile(r"\b(quot\w*|block ?text|zitat|citation|epigraph)\b")
VERSES = re.compile(r"\b(verse|poem|poetry|poésie|gedicht|lyrics|stanza)\b")
CONTENTS = re.compile(r"^(toc( heading| \d)?|table of (contents|figures)|index \d)$")
LARGEST_ROMAN = 4000  # beyond it figures are plainer, and a hostile file's can't fill the memory
DEEPEST = 20  # styles based on styles


class WordStyles:
    """styles: the root of styles.xml; numbering: that of numbering.xml. None where there is none."""

    def __init__(self, styles: Element | None, numbering: Element | None):
        self.root = styles
        self.by_id = {
            style.get(f"{W}styleId", ""): style
            for style in (styles.iter(f"{W}style") if styles is not None else ())
        }
        self.numbering = numbering
        self.counts: dict[str, list[int]] = {}  # numbers given so far, by abstract list
        self.named: dict[str, list[str]] = {}  # what `names` has found: it is asked for every run

    @cached_property
    def language(self) -> str:
        """The language that the document's defaults name; ''."""
        found = None if self.root is None else self.root.find(f"{W}docDefaults//{W}lang")
        return found.get(f"{W}val", "") if found is not None else ""

    def chain(self, style: str) -> list[Element]:
        """A style and those it is based on."""
        found: list[Element] = []
        while style in self.by_id and len(found) < DEEPEST:
            found.append(self.by_id[style])
            based = found[-1].find(f"{W}basedOn")
            style = based.get(f"{W}val", "") if based is not None else ""
        return found

    def names(self, style: str) -> list[str]:
        """Names of a style and of those it is based on, in small letters; an unknown style is its own name."""
        if style not in self.named:
            found = [name for one in self.chain(style) if (name := value(one, "name").lower())]
            self.named[style] = found or [style.lower()]
        return self.named[style]

    def level(self, properties: Element | None) -> int:
        """1 to 6 for a paragraph that its own properties or its style call a heading; 0."""
        places = [properties] if properties is not None else []
        style = value(properties, "pStyle")
        for name in self.names(style) if style else ():
            if found := HEADING.match(name):
                return min(6, int(found.group(1)))
        places += [inner for one in self.chain(style) if (inner := one.find(f"{W}pPr")) is not None]
        for place in places:
            level = value(place, "outlineLvl")
            if level.isdigit():
                return min(6, int(level) + 1) if int(level) < 9 else 0
        return 0

    def kind(self, properties: Element | None) -> str:
        """ "title", "quote", "verse", "caption", "contents" or "" for a paragraph."""
        style = value(properties, "pStyle")
        for name in self.names(style) if style else ():
            if name in TITLES:
                return "title"
            if CONTENTS.match(name):
                return "contents"
            if name == "caption":
                return "caption"
            if QUOTES.search(name):
                return "quote"
            if VERSES.search(name):
                return "verse"
        return ""

    def listed(self, properties: Element | None) -> tuple[str, int] | None:
        """(list, depth) of a paragraph that stands in a list, by itself or by its style."""
        style = value(properties, "pStyle")
        places = [properties, *(one.find(f"{W}pPr") for one in self.chain(style))]
        for place in places:
            numbers = place.find(f"{W}numPr") if place is not None else None
            if numbers is not None and value(numbers, "numId"):
                depth = value(numbers, "ilvl")
                named = value(numbers, "numId")
                return (named, int(depth) if depth.isdigit() else 0) if named != "0" else None
        return None

    def number(self, listed: tuple[str, int]) -> str:
        """The number or words that Word writes before the next paragraph of a list: "Chapter 3", "II."; '' for a
        bullet."""
        named, depth = listed
        abstract, levels = self.lists.get(named, ("", {}))
        counts = self.counts.setdefault(abstract, [0] * 9)
        if depth > 8 or depth not in levels:
            return ""
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (8 - depth)
        pattern, form = value(levels[depth], "lvlText"), value(levels[depth], "numFmt")
        if form in ("bullet", "none", ""):
            return pattern if form == "none" else ""

        def shown(match: re.Match) -> str:
            at = int(match.group(1)) - 1
            start = value(levels[at], "start") if at in levels else "1"
            first = int(start) if start.isdigit() else 1
            return written(
                max(1, counts[at]) + first - 1, value(levels[at], "numFmt") if at in levels else ""
            )

        return re.sub(r"%([1-9])", shown, pattern)

    @cached_property
    def lists(self) -> dict[str, tuple[str, dict[int, Element]]]:
        """{list: (the abstract list that it counts with, {depth: its definition})}."""
        if self.numbering is None:
            return {}
        levels = {
            one.get(f"{W}abstractNumId", ""): {
                int(depth): level
                for level in one.findall(f"{W}lvl")
                if (depth := level.get(f"{W}ilvl", "0")).isdigit()
            }
            for one in self.numbering.iter(f"{W}abstractNum")
        }
        named = {
            one.get(f"{W}numId", ""): value(one, "abstractNumId") for one in self.numbering.iter(f"{W}num")
        }
        return {name: (abstract, levels.get(abstract, {})) for name, abstract in named.items()}


def value(element: Element | None, name: str) -> str:
    """The `w:val` of a child; ''."""
    found = element.find(f"{W}{name}") if element is not None else None
    return found.get(f"{W}val", "") if found is not None else ""


def written(number: int, form: str) -> str:
    """A number as a list shows it."""
    match form:
        case "upperRoman" | "lowerRoman" if number < LARGEST_ROMAN:
            text = roman(number)
            return text if form == "upperRoman" else text.lower()
        case "upperLetter" | "lowerLetter" if number < LARGEST_ROMAN:
            text = chr(ord("A") + (number - 1) % 26) * (1 + (number - 1) // 26)
            return text if form == "upperLetter" else text.lower()
        case "decimalZero":
            return f"{number:02}"
    return str(number)


def roman(number: int) -> str:
    text = ""
    for value_, letters in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        count, number = divmod(number, value_)
        text += letters * count
    return text
