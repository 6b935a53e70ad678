"""What an OpenDocument's styles say: which are italic, raised or hidden, which name a title, a quotation, verse. It
reads no text."""

import re

from dotsbook.text.blocks.elements import Element, local_name

DEEPEST = 20  # styles based on styles
QUOTES = re.compile(r"quot|zitat|citation|block ?text|epigraph", re.I)
VERSES = re.compile(r"\b(verse|poem|poetry|poésie|gedicht|lyrics|stanza|preformatted)", re.I)
CAPTIONS = re.compile(r"^(caption|illustration|table|figure|drawing|abbildung|tabelle|text)$", re.I)
TITLES = ("title", "subtitle")


class OdfStyles:
    """All styles of a document by name, its automatic ones among them."""

    def __init__(self, trees: list[Element]):
        self.by_name: dict[str, Element] = {}
        for tree in trees:
            for node in tree.iter("{*}style"):
                self.by_name[own(node, "name")] = node

    def chain(self, name: str) -> list[Element]:
        found: list[Element] = []
        while name in self.by_name and len(found) < DEEPEST:
            found.append(self.by_name[name])
            name = own(found[-1], "parent-style-name")
        return found

    def names(self, name: str) -> list[str]:
        """What a style and those it is based on are called, as people see it."""
        shown = [own(one, "display-name") or own(one, "name") for one in self.chain(name)] or [name]
        return [one.replace("_20_", " ") for one in shown]

    def look(self, name: str, key: str) -> str:
        """A property of a style's text, by its own name or by those it is based on; ''."""
        for one in self.chain(name):
            for part in one:
                if local_name(part) == "text-properties" and (found := own(part, key)):
                    return found
        return ""

    def kind(self, name: str) -> str:
        """ "title", "quote", "verse", "caption" or "" for a paragraph's style."""
        for one in self.names(name):
            if one.lower() in TITLES:
                return "title"
            if QUOTES.search(one):
                return "quote"
            if VERSES.search(one):
                return "verse"
            if CAPTIONS.match(one):
                return "caption"
        return ""

    def level(self, name: str) -> int:
        """1 to 6 for a paragraph's style that is a heading's; 0."""
        for one in self.chain(name):
            level = own(one, "default-outline-level")
            if level.isdigit():
                return min(6, int(level))
        found = next(
            (match for one in self.names(name) if (match := re.match(r"heading (\d)$", one, re.I))), None
        )
        return min(6, int(found.group(1))) if found else 0


def own(element: Element, name: str) -> str:
    """An attribute by its local name; ''."""
    return next(
        (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), ""
    )
