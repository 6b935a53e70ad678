"""What stands in a sentence without being part of it: note marks, page and line numbers, speakers' names, ornaments.

It takes them out of the text and remembers what they led to. The walk over the tree is prose.py's.
"""

import re

from dotsbook.book import Kind
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block_writer import BlockState, BlockWriter
from dotsbook.text.blocks.elements import Element, Traits, local_name, traits_of
from dotsbook.text.blocks.marks import LINE_ID, is_back_link, is_note_reference, is_ornament, is_page_mark
from dotsbook.text.blocks.raised import Raised, raised
from dotsbook.text.blocks.trees import own_text, visible_in
from dotsbook.text.formats.parts.addresses import resolve

LETTER = re.compile(r"\w")
BARE = BlockState()


class Asides:
    """The part of a walk that deals with small elements."""

    name: str
    reading: Reading
    expected = 1  # the number that the document's next note would have
    writer: BlockWriter
    head: list[str]
    drama: bool
    row_speaker: str | None
    next_speaker: str | None

    def aside(self, node: Element, traits: Traits, above: BlockState) -> bool:
        """Deal with an element that isn't part of the sentence: page and line numbers, note marks, speakers' names,
        ornaments."""
        if (
            traits.page
            or traits.paged
            or traits.line_number
            or traits.back
            or traits.permalink
            or traits.reference
            or traits.marked
            or traits.name in ("a", "sup")
            or traits.name == "span"
            and (node.get("id") or "")
        ):
            text = own_text(node, 60)
            if len(text) <= 40:
                reason = self.reason(node, traits, text)
                if reason:
                    if reason == "note mark":
                        self.refer(node)
                    self.swallow(node, reason)
                    return True
                if traits.name == "a" and len(text) <= 12 and node.get("href"):
                    self.returns(node)
        if traits.persona and above.why is None and above.kind is not Kind.DIRECTION and not above.level:
            return self.persona(node, traits, above)
        if traits.scene or traits.blank:
            return self.break_between(node, traits)
        return False

    def reason(self, node: Element, traits: Traits, text: str) -> str | None:
        """Why a small element is left out of its sentence, if it is."""
        if is_page_mark(node, traits, text):
            return "page number"
        if traits.line_number and any(char.isdigit() for char in text) and len(text) < 8:
            return "line number"
        if traits.name == "span" and text.isdigit() and LINE_ID.match(node.get("id") or ""):
            return "line number"
        if traits.permalink:
            return "link mark"
        if traits.back or traits.name == "a" and is_back_link(text):
            return "back link"
        if (
            traits.name == "sup"
            and len(node) == 1
            and local_name(node[0]) == "a"
            and own_text(node[0]) == text
        ):
            inner = node[0]
            return (
                "note mark"
                if is_note_reference(inner, traits_of(inner), text, self.writer.before())
                else None
            )
        if traits.name == "sup" and (
            kind := raised(text, self.writer.before(), node.tail or "", self.expected)
        ):
            if kind is not Raised.NOTE:
                return None
            number = re.search(r"\d+", text)
            self.expected = int(number.group()) + 1 if number else self.expected
            return "note mark"
        return "note mark" if is_note_reference(node, traits, text, self.writer.before()) else None

    def refer(self, node: Element) -> None:
        """Remember which note a mark leads to."""
        link = node if local_name(node) == "a" else next((inner for inner in node.iter("{*}a", "a")), None)
        place = resolve(self.name, link.get("href")) if link is not None and link.get("href") else None
        if place and place[1]:
            self.writer.references.append((self.writer.length, place[0], place[1]))

    def returns(self, node: Element) -> None:
        place = resolve(self.name, node.get("href"))
        if place and place[1]:
            self.writer.returns.add(place)

    def break_between(self, node: Element, traits: Traits) -> bool:
        """A scene break by class, or an empty line; True when nothing else is in the element."""
        text = own_text(node, 80)
        writer = self.writer
        if traits.blank and not traits.scene:
            if text:
                return False
            writer.blank()
            return not len(node)
        if text and not is_ornament(text):
            if traits.block and traits.name in ("p", "div", "section") and not traits.level:
                writer.scene = bool(writer.blocks)
            return False
        writer.scene = True
        if text:
            self.swallow(node, "ornament")
            writer.flush(BARE)
        return not any(local_name(inner) == "img" for inner in node.iter("*"))

    def persona(self, node: Element, traits: Traits, above: BlockState) -> bool:
        """A speaker's name at the start of a speech; True when it has been taken out of the text."""
        writer = self.writer
        text = own_text(node)
        if writer.length or not text or len(text) > 80:
            return False
        tail = bool(LETTER.search(node.tail or "")) or node.getnext() is not None
        if (
            not traits.block
            and not tail
            and above.kind is not Kind.CELL
            and not self.alone_before_speech(node)
        ):
            return False
        self.drama = True
        if self.reading.speakers == "spoken":
            return False
        name = re.sub(r"\s*\(.*?\)|\s*\[.*?\]", "", text).strip(" .:,;—–-") or text
        voice = name if self.reading.speakers == "voice" else None
        self.swallow(node, "speaker name")
        if traits.name in ("td", "th", "dt") or above.kind is Kind.CELL and not tail:
            self.row_speaker = voice
        elif traits.block or not tail:
            self.next_speaker = voice
        else:
            writer.speaker = voice
        return True

    def alone_before_speech(self, node: Element) -> bool:
        """A name that is all of its paragraph, with another paragraph after it."""
        parent = node.getparent()
        return (
            parent is not None
            and local_name(parent) in ("p", "div")
            and (after := parent.getnext()) is not None
            and local_name(after) in ("p", "div", "blockquote")
        )

    def keep_ids(self, node: Element, name: str, is_body: bool) -> None:
        for key in ("id", "name") if name == "a" else ("id",):
            value = node.get(key)
            if value:
                if is_body:
                    self.head.append(value)
                self.writer.pending.append(value)
                if self.writer.length:
                    self.writer.inner[value] = self.writer.length

    def swallow(self, node: Element, reason: str) -> None:
        """Count all of an inline element as dropped."""
        if len(node):
            for inner in node.iter("*"):
                if inner is not node and inner.attrib:
                    self.keep_ids(inner, local_name(inner), False)
            self.writer.drop(reason, "x" * (visible_in(node)))
        else:
            self.writer.drop(reason, node.text or "")
