"""An XHTML tree → blocks of text, with what is left out of each and why. It knows one document, no book and no
chapters.

Every text node is seen once and goes either into a block's text or into its `dropped` pieces, so that nothing is
lost: `visible_in(body)`, a count of its own, equals the blocks' characters.
"""

import re

from dotsbook.book import Kind, visible
from dotsbook.manifest import Reading
from dotsbook.text.blocks.asides import BARE, LETTER, Asides
from dotsbook.text.blocks.block import TextBlock
from dotsbook.text.blocks.block_writer import BlockState, BlockWriter
from dotsbook.text.blocks.elements import (
    BLOCKS,
    CONTAINERS,
    FALLBACKS,
    SPEAKERS,
    SSML_PH,
    UNCOUNTED,
    Element,
    Traits,
    language_of,
    local_name,
    traits_of,
    words_of,
)
from dotsbook.text.blocks.marks import is_ornament
from dotsbook.text.blocks.raised import Raised, raised
from dotsbook.text.blocks.styles import StyleRules
from dotsbook.text.blocks.trees import own_text
from dotsbook.text.matter.kinds import SKIPPED

FACES = {"em": "emphasis", "strong": "strong"}
LEFT_OUT = "{dotsbook}left-out"  # a format's own word on an element: the reason why it isn't read
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NO_TITLE = re.compile(  # alt texts that say of a picture that it is one, and name nothing
    r"\.(?:jpe?g|png|gif|svg|webp)$|^\W*$|^(?:the |a |an )?(?:images?|pictures?|illustrations?|ornaments?|decorations?|"
    r"logos?|covers?|titles?|headings?|headers?|chapter(?: (?:heading|header|title|image|opener))?|img|fig(?:ure)?)"
    r"[\W\d_]*$",
    re.I,
)
PLAIN = StyleRules()
ALONE = frozenset(
    "aiouyeàèéoóöyáîôäåæøвискоуюяєіїа"
)  # letters that can be words: a drop cap of one may be a whole word
LONGEST_HEADING = 160  # characters of a paragraph that its class calls a heading
LAYOUT = 250  # mean characters of a cell above which a table only frames text
INSIDE_MATTER = ("dedication", "epigraph")  # what is read even inside matter that is left out


class PageWalk(Asides):
    """One pass over a document's tree."""

    def __init__(
        self,
        name: str,
        reading: Reading,
        root_language: str | None = None,
        looks: StyleRules = PLAIN,
        faces: bool = False,
    ):
        self.name = name
        self.faces = faces  # italics and bold are kept as marks: the source itself can't be shown
        self.looks = looks
        self.reading = reading
        self.writer = BlockWriter()
        self.warnings: list[str] = []
        self.sections = 0
        self.row_speaker: str | None = None  # of a table's row or a definition list's group
        self.next_speaker: str | None = None  # a name in a paragraph of its own, for the paragraph after it
        self.drama = False
        self.root_language = root_language
        self.head: list[str] = []
        self.fresh: list[list] = []  # marks that the element being entered opens
        self.joins = False  # it is a drop cap that joins what follows
        self.traits = Traits("", False)  # of the element being entered

    def over(self, body: Element) -> list[TextBlock]:
        """The blocks of a body, in reading order."""
        from lxml import etree

        stack = [BARE]
        opened: list[tuple[list, bool, Traits]] = []
        walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
        writer = self.writer
        for event, node in walk:
            if event == "start":
                self.fresh, self.joins = [], False
                state = self.enter(node, stack[-1], node is body)
                opened.append((self.fresh, self.joins, self.traits))
                writer.open(self.fresh)
                if state is None:
                    walk.skip_subtree()
                    stack.append(stack[-1])
                else:
                    stack.append(state)
                    if node.text:
                        self.characters(node.text, state)
                continue
            if event == "end":
                marks, joins, traits = opened.pop()
                for mark in marks:
                    mark[1] = writer.length
                state = stack.pop()
                if traits.block or node is body:
                    self.leave(node, traits, state)
                writer.join = writer.join or joins
            if node.tail and node is not body:
                self.characters(node.tail, stack[-1])
        writer.flush(stack[0])
        return writer.finish()

    def characters(self, raw: str, state: BlockState) -> None:
        if not state.pre or "\n" not in raw:
            self.writer.text(raw, state)
            return
        for number, line in enumerate(raw.split("\n")):
            if number:
                self.writer.line_end(state)
            if line:
                self.writer.text(line, state)

    def enter(self, node: Element, above: BlockState, is_body: bool) -> BlockState | None:
        """The state inside an element; None when nothing in it is to be walked (it has been dealt with)."""
        self.traits = traits = traits_of(node)
        if traits.plain and not node.attrib and not (self.faces and traits.name in FACES):
            return above
        name = traits.name
        if name in UNCOUNTED:
            return None
        if traits.block or is_body:
            self.writer.flush(above)
        if node.attrib:
            self.keep_ids(node, name, is_body)
            if (
                name == "p"
                and self.looks.apart
                and not self.looks.apart.isdisjoint((node.get("class") or "").lower().split())
            ):
                self.writer.blank()
            if reason := node.get(LEFT_OUT):
                return self.left_out(node, reason, above, traits.block)
            if not is_body and self.hides(node, name):
                return self.left_out(node, "hidden text", above, traits.block)
        if name in ("br", "hr", "img", "wbr", "image"):
            return self.empty(node, traits, above)
        if not is_body and self.aside(node, traits, above):
            return None
        return self.inside(node, traits, above, is_body)

    def hides(self, node: Element, name: str) -> bool:
        if node.get("hidden") is not None and name != "ol":
            return True
        style = node.get("style")
        if style is not None and HIDDEN_STYLE.search(style):
            return True
        return bool(self.looks.hidden) and not self.looks.hidden.isdisjoint(
            (node.get("class") or "").lower().split()
        )

    def left_out(self, node: Element, reason: str, above: BlockState, block: bool) -> BlockState | None:
        """Leave a whole element out: a block's text stays known, an inline one's is counted."""
        if block:
            return above._replace(why=above.why or reason)
        self.swallow(node, reason)
        return None

    def empty(self, node: Element, traits: Traits, above: BlockState) -> BlockState | None:
        writer = self.writer
        if traits.name == "br":
            writer.line_end(above)
        elif traits.name == "hr":
            writer.scene = True
        elif traits.name == "img":
            self.image(node, above, traits)
        return above if node.text or len(node) else None

    def image(self, node: Element, above: BlockState, traits: Traits) -> None:
        """A picture: a drop cap or a title drawn as one is read, any other's alt text by policy; a scene break's is
        none."""
        alt = " ".join((node.get("alt") or "").split())
        writer = self.writer
        if len(alt) == 1 and alt.isalpha() and not writer.length and (node.tail or "")[:1].isalpha():
            writer.word(alt, above)
            writer.added += 1
        elif alt and above.level and above.why is None and not writer.length and self.is_title(alt, node):
            writer.word(alt, above)
            writer.added += visible(alt)
        elif (
            alt
            and self.reading.alt == "read"
            and above.why is None
            and not is_ornament(alt)
            and not traits.scene
        ):
            writer.flush(above)
            writer.word(alt, above)
            writer.added += visible(alt)
            writer.flush(above._replace(kind=Kind.CAPTION, level=0))

    def is_title(self, alt: str, node: Element) -> bool:
        """Whether a picture in a heading stands for its words: there are no others, and its alt text says some."""
        above = next((parent for parent in node.iterancestors() if local_name(parent) in HEADINGS), None)
        return (
            above is not None
            and not own_text(above)
            and not NO_TITLE.search(alt)
            and len(alt) <= LONGEST_HEADING
        )

    def inside(self, node: Element, traits: Traits, above: BlockState, is_body: bool) -> BlockState | None:
        """The state inside an element that is walked."""
        state = above
        name = traits.name
        if traits.drama:
            self.drama = True
        if (
            traits.matter
            and traits.block
            and not is_body
            and (state.matter not in SKIPPED or traits.matter in SKIPPED or traits.matter in INSIDE_MATTER)
        ):
            state = state._replace(matter=traits.matter, told=traits.told)
        if traits.note and not is_body:
            state = state._replace(note=True)
        if name in CONTAINERS and (
            not above.verse or traits.verse or any(local_name(child) in BLOCKS for child in node)
        ):
            self.sections += 1
            state = state._replace(section=self.sections)
        if node.attrib:
            state = self.language_of_block(node, traits, state, is_body)
            if node.get(SSML_PH) and not self.warnings:
                self.warnings.append(
                    "it carries phonetic transcriptions (SSML), which dotsbook doesn't use; respell words in the "
                    "lexicon"
                )
        if traits.kind is not None or traits.verse or traits.line or above.verse:
            state = self.kinded(node, traits, state, above)
        if (
            traits.block
            and self.next_speaker
            and name in ("p", "div", "blockquote")
            and state.speaker is None
        ):
            state = state._replace(speaker=self.next_speaker)
            self.next_speaker = None if name == "p" else self.next_speaker
        if traits.drop and not self.writer.length:
            self.drop_cap(node)
        walked = self.named(node, name, traits, state, above, is_body)
        return walked if walked is None or walked.drama == self.drama else walked._replace(drama=self.drama)

    def named(
        self, node: Element, name: str, traits: Traits, state: BlockState, above: BlockState, is_body: bool
    ) -> BlockState | None:
        """What an element's name alone asks for."""
        match name:
            case "em" | "strong" if self.faces:
                self.fresh.append([None, None, FACES[name], ""])
            case "p" | "span" | "div" | "em" | "i" | "b":
                return state
            case "a":
                return state._replace(link=bool(node.get("href")))
            case "pre":
                return state._replace(
                    pre=True, why=state.why or ("code" if self.is_code(node, traits) else None)
                )
            case "sup" if self.is_power(node):
                self.fresh.append([None, None, "high", ""])
            case "rt" | "rp" | "rtc":
                self.swallow(node, "ruby reading")
                return None
            case "ruby":
                self.ruby(node)
            case "svg" if not is_body:
                return self.left_out(node, "text in a picture", above, False)
            case "math":
                if node.get("alttext"):
                    self.fresh.append([None, None, "say", node.get("alttext")])
            case "tr" | "dl":
                self.row_speaker = None
            case "td" | "dd" if self.row_speaker:
                return state._replace(speaker=self.row_speaker)
            case "table":
                return self.table(node, state)
            case _ if name in FALLBACKS:
                self.swallow(
                    node, "form" if name in ("textarea", "select", "button", "input") else f"{name} fallback"
                )
                return None
        return state

    def is_power(self, node: Element) -> bool:
        """Whether figures set high are a power. A fraction's are parted from the number before them."""
        kind = raised(own_text(node, 10), self.writer.before(), node.tail or "", self.expected)
        if kind is Raised.NUMERATOR and self.writer.last.isdigit():
            self.writer.space = " "
        return kind is Raised.POWER

    def is_code(self, node: Element, traits: Traits) -> bool:
        return traits.code or any(local_name(inner) in ("code", "samp", "kbd") for inner in node)

    def language_of_block(
        self, node: Element, traits: Traits, state: BlockState, is_body: bool
    ) -> BlockState:
        language = language_of(node)
        if not language or is_body:
            return state
        if traits.block:
            return state._replace(language=language)
        if language != (state.language or self.root_language):
            self.fresh.append([None, None, "language", language])
        return state

    def kinded(self, node: Element, traits: Traits, state: BlockState, above: BlockState) -> BlockState:
        kind = traits.kind
        if traits.soft and len(own_text(node, 400)) > LONGEST_HEADING:
            return state
        if kind is Kind.CELL and above.layout:
            kind = Kind.PROSE
        if kind is Kind.CAPTION and self.reading.captions == "skip":
            return state._replace(kind=kind, why=state.why or "caption")
        if kind is Kind.DIRECTION and not traits.block:
            self.fresh.append([None, None, "speaker", "default"])
            return state._replace(kind=kind)
        if above.level and kind is not Kind.CAPTION:
            return (
                state
                if not traits.level or traits.name not in HEADINGS
                else state._replace(level=traits.level)
            )
        if traits.verse:
            return state._replace(kind=Kind.VERSE, verse=True, level=0)
        if traits.line or above.verse and traits.name in ("p", "div", "li"):
            state = state._replace(line=traits.line or traits.name in ("div", "li"))
        if kind is None or above.verse and kind in (Kind.QUOTE, Kind.ITEM, Kind.CELL):
            return state
        return state._replace(kind=kind, level=traits.level)

    def drop_cap(self, node: Element) -> None:
        """A drop cap's letter joins the word after it, white space or not, unless it may be a word itself."""
        letters = "".join(char for char in own_text(node, 20) if char.isalpha())
        if len(letters) == 1 and letters.lower() not in ALONE:
            self.joins = True

    def ruby(self, node: Element) -> None:
        """With readings read, the base is said as its reading."""
        if self.reading.ruby == "reading":
            spoken = "".join("".join(map(str, inner.itertext("*"))) for inner in node.iter("{*}rt", "rt"))
            if spoken.strip():
                self.fresh.append([None, None, "say", "".join(spoken.split())])

    def table(self, node: Element, state: BlockState) -> BlockState:
        """Tables by policy; one that sets a play or frames a page isn't a table to the ear."""
        if self.frames(node):
            return state._replace(layout=True)
        if self.reading.tables == "cells" or state.why is not None:
            return state._replace(layout=False)
        if self.reading.tables == "note":
            caption = next((own_text(inner) for inner in node.iter("{*}caption", "caption")), "")
            words = f"[{caption}]" if caption else "[…]"
            self.writer.word(words, state)
            self.writer.added += visible(words)
            self.writer.flush(state._replace(kind=Kind.CAPTION))
        return state._replace(why="table")

    def frames(self, node: Element) -> bool:
        cells = list(node.iter("{*}td", "{*}th", "td", "th"))
        if any(words_of(cell) & SPEAKERS for cell in cells[:40]):
            return True
        sizes = [size for cell in cells[:100] if (size := len(own_text(cell, 2000)))]
        return bool(sizes) and sum(sizes) / len(sizes) > LAYOUT

    def leave(self, node: Element, traits: Traits, state: BlockState) -> None:
        """Close a block: its text ends with it."""
        writer = self.writer
        before = len(writer.blocks)
        writer.flush(state)
        if traits.name == "p" and before == len(writer.blocks) and not self.holds(node):
            writer.blank()

    def holds(self, node: Element) -> bool:
        """Whether an empty paragraph holds a picture or an anchor, and so isn't an empty line."""
        if node.text and LETTER.search(node.text):
            return True
        return any(
            local_name(inner) not in ("br", "span", "b", "i", "em", "font", "")
            for inner in node.iter("*")
            if inner is not node
        )
