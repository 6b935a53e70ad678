"""An XHTML tree → blocks of text, with what is left out of each and why. It knows one document, no book and no chapters.

Every text node is seen once and goes either into a block's text or into its `dropped` pieces, so that nothing is
lost: `visible_in(body)`, a count of its own, equals the blocks' characters.
"""

import re
from typing import NamedTuple

from dotsbook.book import Kind, Mark, visible
from dotsbook.manifest import Reading
from dotsbook.text.addresses import resolve
from dotsbook.text.blocks import Block
from dotsbook.text.elements import (
    BACK_LINKS, BLOCKS, BOILERPLATE, DIRECTION_CLASS, DIRECTIONS, DROP_CLASS, HEADINGS, HIDDEN_STYLE, LINE_BLOCK, LINE_CLASS, NOTE_CLASS,
    NOTES, SCENE_CLASS, SPEAKER_CLASS, SPEAKERS, SSML_PH, TRANSCRIBER, UNCOUNTED, classes_of, is_note_reference, is_ornament,
    is_page_mark, kind_of, language_of, local_name, words_of)
from dotsbook.text.kinds import matter_of

SPACE = " \t\r\n\f\v"
RUN = re.compile(r"[ \t\r\n\f\v]+")
WIDE = re.compile(r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff]")
WIDE_BREAK = re.compile(r"(?<=[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65])[ \t\r\f]*\n\s*(?=[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65])")
CLOSING = ".,;:!?)]}”’»…、。，；：！？」』）"
LONG_LINE = 70          # visible characters: lines set apart by <br/> that are longer on average are paragraphs, shorter are verse
LONG_WIDE = 28          # the same for Chinese and Japanese
ANY_LETTER = re.compile(r"\w")
ALONE = frozenset("aiouyeàèéoóöyáîôäåæøвискоуяюаéаи")   # letters that can be words: a drop cap of one may be a whole word


class State(NamedTuple):
    """What holds inside an element, handed down to its children."""

    why: str | None = None          # the region is left out
    kind: Kind | None = None
    level: int = 0
    matter: str | None = None
    note: bool = False
    language: str | None = None
    verse: bool = False
    speaker: str | None = None
    link: bool = False
    keep_space: bool = False        # <pre>
    table: bool = False             # inside a table's note or skip
    section: int = 0
    line: bool = False
    drama: bool = False


class Writer:
    """Builds blocks out of the pieces of one document."""

    def __init__(self, name: str, reading: Reading):
        self.name = name
        self.reading = reading
        self.blocks: list[Block] = []
        self.pending: list[str] = []       # ids seen since the last block, in no block yet
        self.scene = False
        self.glue = ""                     # a drop cap that stands in a block of its own, waiting for its word
        self.clear()

    def clear(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self.space = ""                    # white space that waits for a next word: " " or "\n"
        self.last = ""
        self.breaks: list[int] = []
        self.marks: list[list] = []        # [start or None, end or None, kind, value]
        self.dropped: list[tuple[str, int]] = []
        self.references: list[tuple[int, str, str]] = []
        self.inner: set[str] = set()
        self.links = self.added = 0
        self.speaker: str | None = None
        self.after_drop = False
        self.join = False
        self.whole_direction = True

    def text(self, raw: str, state: State) -> None:
        """Add text, its white space run together."""
        if WIDE_BREAK.search(raw):
            raw = WIDE_BREAK.sub("", raw)
        core = RUN.sub(" ", raw).strip(" ")
        if raw[0] in SPACE:
            self.space = "\n" if "\n" in raw[:len(raw) - len(raw.lstrip(SPACE))] or self.space == "\n" else " "
        if not core:
            return
        self.word(core, state)
        if raw[-1] in SPACE:
            self.space = "\n" if "\n" in raw[len(raw.rstrip(SPACE)):] else " "

    def word(self, core: str, state: State) -> None:
        first = core[0]
        if self.space and self.length and self.last != "\n" and not self.no_space(first):
            self.out.append(" ")
            self.length += 1
        self.space, self.after_drop, self.join = "", False, False
        for mark in self.marks:
            if mark[0] is None and mark[1] is None:
                mark[0] = self.length
        self.out.append(core)
        self.length += len(core)
        self.last = core[-1]
        if state.link:
            self.links += visible(core)
        if state.kind is not Kind.DIRECTION:
            self.whole_direction = False

    def no_space(self, first: str) -> bool:
        """White space that stands for none: before a stop after a note mark, at a line end in Chinese, after a drop cap."""
        if self.after_drop and first in CLOSING:
            return True
        if self.join:
            return first.isalpha()
        return self.space == "\n" and bool(WIDE.match(self.last)) and bool(WIDE.match(first))

    def drop(self, reason: str, raw: str) -> None:
        """Leave text out inline."""
        count = visible(raw)
        if count:
            self.dropped.append((reason, count))
        self.after_drop = True

    def line_end(self, state: State) -> None:
        """A <br/>: a line's end; two of them are a paragraph's."""
        if not self.length:
            return
        if self.last == "\n":
            self.out.pop()
            self.length -= 1
            self.breaks.pop()
            self.last = ""
            self.flush(state)
            return
        self.breaks.append(self.length)
        self.out.append("\n")
        self.length += 1
        self.last, self.space = "\n", ""

    def flush(self, state: State) -> None:
        """End the block."""
        if not self.length and not self.dropped:
            self.space = ""
            open_marks = [mark for mark in self.marks if mark[1] is None]
            self.clear()
            self.marks = open_marks
            return
        text = "".join(self.out).rstrip(" \n")
        self.breaks = [at for at in self.breaks if at < len(text)]
        block = Block(
            text, kind=state.kind or Kind.PROSE, level=state.level, dropped=self.dropped, why=state.why, matter=state.matter,
            note=state.note, references=self.references, links=self.links, language=state.language,
            speaker=self.speaker or state.speaker, added=self.added, section=state.section, line=state.line)
        block.marks = [Mark(start, min(len(text) if end is None else end, len(text)), kind, value)
                       for start, end, kind, value in self.marks if start is not None and start < len(text)]
        block.anchors, self.pending = self.pending, []
        block.inner = self.inner
        block.references = [(min(at, len(text)), document, anchor) for at, document, anchor in self.references]
        carried = [mark for mark in self.marks if mark[1] is None]
        for mark in carried:
            mark[0] = None                 # it goes on in the next block
        breaks, whole = self.breaks, self.whole_direction
        self.clear()
        self.marks = carried
        self.place(block, breaks, whole, state)

    def place(self, block: Block, breaks: list[int], direction: bool, state: State) -> None:
        """Put a finished block where it belongs: an ornament becomes a scene break, long lines become paragraphs."""
        if block.text and not state.level and not state.verse and block.kind not in (Kind.CELL, Kind.ITEM) and not block.links and is_ornament(block.text):
            block.dropped.append(("ornament", visible(block.text)))
            block.text, block.marks, block.references = "", [], []
            self.scene = True
        if not block.text:
            self.blocks.append(block)
            return
        if direction and block.kind in (Kind.PROSE, Kind.CELL, Kind.ITEM) and state.drama:
            block.kind = Kind.DIRECTION
        if block.kind is Kind.DIRECTION:
            block.speaker = None
        block.scene, self.scene = self.scene, False
        lines = block.text.split("\n") if breaks else [block.text]
        if len(lines) > 1 and not state.verse and not state.level:
            mean = sum(visible(line) for line in lines) / len(lines)
            if mean > (LONG_WIDE if WIDE.search(block.text) else LONG_LINE):
                self.blocks.extend(split_lines(block, lines))
                return
            if len(lines) > 2 and block.kind in (Kind.PROSE, Kind.QUOTE) and all(lines):
                block.kind = Kind.VERSE
        block.marks.extend(Mark(at, at, "breath") for at in breaks)
        block.marks.sort(key=lambda mark: (mark.start, mark.end))
        if state.verse and block.line and self.joins(block):
            join_line(self.blocks[-1], block)
            return
        self.blocks.append(block)

    def joins(self, block: Block) -> bool:
        """Whether a verse's line goes on with the stanza before it."""
        before = self.blocks[-1] if self.blocks else None
        return (before is not None and before.line and bool(before.text) and before.kind is block.kind and before.section == block.section
                and before.why == block.why and before.speaker == block.speaker and not block.scene
                and before.language == block.language and len(before.text) < 2000)


def split_lines(block: Block, lines: list[str]) -> list[Block]:
    """A block whose lines are paragraphs, as so many blocks; what was dropped stays with the first."""
    blocks, start = [], 0
    for number, line in enumerate(lines):
        end = start + len(line)
        part = Block(line, block.kind, block.level, why=block.why, matter=block.matter, note=block.note, language=block.language,
                     speaker=block.speaker, section=block.section, links=block.links // len(lines))
        part.marks = [Mark(max(mark.start, start) - start, min(mark.end, end) - start, mark.kind, mark.value)
                      for mark in block.marks if mark.start < end and mark.end > start]
        part.references = [(at - start, document, anchor) for at, document, anchor in block.references
                           if start <= at <= end and not (at == start and number)]
        if number == 0:
            part.dropped, part.anchors, part.inner, part.scene, part.added = block.dropped, block.anchors, block.inner, block.scene, block.added
        if line or part.dropped or part.anchors:
            blocks.append(part)
        start = end + 1
    return blocks


def join_line(stanza: Block, line: Block) -> None:
    """Add a line to the stanza before it, with a breath between."""
    at = len(stanza.text)
    shift = at + 1
    stanza.text += "\n" + line.text
    stanza.marks.append(Mark(at, at, "breath"))
    stanza.marks.extend(Mark(mark.start + shift, mark.end + shift, mark.kind, mark.value) for mark in line.marks)
    stanza.references.extend((place + shift, document, anchor) for place, document, anchor in line.references)
    stanza.dropped.extend(line.dropped)
    stanza.inner |= set(line.anchors)
    stanza.anchors.extend(line.anchors)
    stanza.links += line.links
    stanza.added += line.added


def visible_in(body: object) -> int:
    """Visible characters of a tree: all its text nodes but scripts and styles. This is the receipt's left side."""
    total = 0
    closed = None                         # the uncounted element we are in
    for node in body.iter():
        if closed is not None:
            if any(parent is closed for parent in node.iterancestors()):
                continue
            closed = None
        name = local_name(node)
        if name in UNCOUNTED:
            closed = node if len(node) else None
        elif name and node.text:
            total += visible(node.text)
        if node is not body and node.tail:
            total += visible(node.tail)
    return total


def body_of(root: object) -> object:
    """The element that holds the text."""
    if local_name(root) == "body":
        return root
    bodies = [node for node in root.iter("{*}body") if local_name(node) == "body"]
    if len(bodies) == 1:
        return bodies[0]
    return root


def own_text(element: object) -> str:
    """The text of a small element, white space run together."""
    return " ".join("".join(node for node in element.itertext("*")).split())


class Walk:
    """One pass over a document's tree."""

    def __init__(self, name: str, reading: Reading, root_language: str | None = None):
        self.name = name
        self.reading = reading
        self.writer = Writer(name, reading)
        self.warnings: list[str] = []
        self.sections = 0
        self.row_speaker: str | None = None
        self.drama = False
        self.root_language = root_language
        self.head: list[str] = []
        self.fresh: list[list] = []            # marks that the element being entered opens
        self.joins = False                     # it is a drop cap that joins what follows

    def over(self, body: object) -> list[Block]:
        """The blocks of a body, in reading order."""
        from lxml import etree

        stack = [State()]
        opened: list[tuple[list, bool]] = []
        walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
        writer = self.writer
        for event, node in walk:
            if event == "start":
                self.fresh, self.joins = [], False
                state = self.enter(node, stack[-1], node is body)
                opened.append((self.fresh, self.joins))
                writer.marks.extend(self.fresh)
                stack.append(state if state is not None else stack[-1])
                if state is None:
                    walk.skip_subtree()
                elif node.text:
                    writer.text(node.text, state)
                continue
            if event == "end":
                marks, joins = opened.pop()
                for mark in marks:
                    mark[1] = writer.length
                self.leave(node, stack.pop(), node is body)
                writer.join = writer.join or joins
            if node.tail and node is not body:
                writer.text(node.tail, stack[-1])
        writer.flush(stack[0])
        if writer.pending or writer.glue:
            writer.blocks.append(Block("", anchors=writer.pending))
        return writer.blocks

    def enter(self, node: object, above: State, is_body: bool) -> State | None:
        """The state inside an element; None when nothing in it is to be walked (it has been dealt with)."""
        name = local_name(node)
        if name in UNCOUNTED:
            return None
        attributes = node.attrib
        block = name in BLOCKS or is_body
        if block:
            self.writer.flush(above)
        if not attributes:
            return self.plain(node, name, above)
        self.note_ids(node, name, is_body)
        types, classes = words_of(node), classes_of(node)
        if name in ("br", "hr", "img", "wbr"):
            return self.empty(node, name, above, classes)
        if not is_body and self.hides(node, attributes):
            return self.left_out(node, "hidden text", above, block)
        if (types or classes) and not is_body and self.small(node, name, types, classes, above):
            return None
        if name in ("sup", "a") and self.reference(node, types, classes, above):
            return None
        return self.inside(node, name, types, classes, above, block, is_body)

    def plain(self, node: object, name: str, above: State) -> State | None:
        """`enter` for an element without attributes: most of them."""
        if name in ("br", "hr", "img", "wbr"):
            return self.empty(node, name, above, [])
        if name in ("sup", "a") and self.reference(node, set(), [], above):
            return None
        return self.inside(node, name, set(), [], above, name in BLOCKS, False)

    def note_ids(self, node: object, name: str, is_body: bool) -> None:
        writer = self.writer
        for key in ("id", "name") if name in ("a", "map") else ("id",):
            value = node.get(key)
            if value:
                if is_body:
                    self.head.append(value)
                writer.pending.append(value)
                if writer.length:
                    writer.inner.add(value)

    def hides(self, node: object, attributes: object) -> bool:
        if "hidden" in attributes and local_name(node) != "ol":
            return True
        style = attributes.get("style")
        return style is not None and bool(HIDDEN_STYLE.search(style))

    def left_out(self, node: object, reason: str, above: State, block: bool) -> State | None:
        """Leave a whole element out: a block's text stays known, an inline one's is counted."""
        if block:
            return self.descend(above._replace(why=above.why or reason))
        self.swallow(node, reason)
        return None

    def swallow(self, node: object, reason: str) -> None:
        """Count all of an inline element as dropped."""
        for inner in node.iter("*"):
            if inner is not node and inner.attrib:
                self.note_ids(inner, local_name(inner), False)
        text = "".join(inner for inner in node.itertext("*"))
        if len(node) and any(local_name(inner) in UNCOUNTED for inner in node.iter("*")):
            text = "x" * (visible_in(node))
        self.writer.drop(reason, text)

    def empty(self, node: object, name: str, above: State, classes: list[str]) -> State | None:
        writer = self.writer
        if name == "br":
            writer.line_end(above)
        elif name == "hr":
            writer.scene = True
        elif name == "img":
            self.image(node, above, classes)
        return above if name in ("br", "wbr", "hr") and (node.text or len(node)) else None

    def image(self, node: object, above: State, classes: list[str]) -> None:
        """A picture: a drop cap drawn as one is read, any other's alt text by policy."""
        alt = " ".join((node.get("alt") or "").split())
        writer = self.writer
        tail = node.tail or ""
        drop = len(alt) == 1 and alt.isalpha() and not writer.length and tail[:1].isalpha()
        if drop or (alt and self.reading.alt == "read" and above.why is None):
            if not drop:
                writer.flush(above)
            writer.word(alt, above)
            writer.added += visible(alt)
            if not drop:
                writer.flush(above._replace(kind=Kind.CAPTION))

    def small(self, node: object, name: str, types: set[str], classes: list[str], above: State) -> bool:
        """Deal with an element that isn't part of the sentence: page and line numbers, speakers' names, back links."""
        writer = self.writer
        if name in ("span", "a", "div", "p", "sup", "small", "b", "i", "em", "strong", "td", "ins", "big", "font", "cite"):
            text = own_text(node) if len(node) < 8 else "…" * 40
            if len(text) <= 40:
                if is_page_mark(node, types, classes, text):
                    self.swallow(node, "page number")
                    return True
                if text and any(LINE_CLASS.match(word) for word in classes) and any(char.isdigit() for char in text):
                    self.swallow(node, "line number")
                    return True
                if types & BACK_LINKS and text:
                    self.swallow(node, "back link")
                    return True
            if name not in ("a", "sup") and text and len(text) <= 12 and is_note_reference(node, types, classes, text, self.before()):
                link = next((inner for inner in node.iter("{*}a", "a")), None)
                self.refer(link, text)
                self.swallow(node, "note mark")
                return True
        persona = types & SPEAKERS or any(SPEAKER_CLASS.match(word) for word in classes)
        if persona and above.why is None and above.kind is not Kind.DIRECTION and not above.level:
            return self.persona(node, name, above)
        if SCENE_CLASS.search(" ".join(classes)) and name in ("p", "div", "span", "section"):
            text = own_text(node) if len(node) < 8 else "x" * 99
            if not text or is_ornament(text):
                writer.scene = True
                if text:
                    self.swallow(node, "ornament")
                return not any(local_name(inner) == "img" for inner in node.iter("*"))
        return False

    def persona(self, node: object, name: str, above: State) -> bool:
        """A speaker's name at the start of a speech; True when it has been taken out of the text."""
        writer = self.writer
        if writer.length:
            return False
        text = own_text(node)
        if not text or len(text) > 80:
            return False
        if name in ("b", "span", "strong", "i", "em", "abbr", "cite", "small", "a"):
            following = ANY_LETTER.search(node.tail or "") or node.getnext() is not None or above.kind is Kind.CELL
            if not following and above.kind is not Kind.CELL:
                return False
        self.drama = True
        if self.reading.speakers == "spoken":
            return False
        speaker = re.sub(r"\s*\(.*?\)|\s*\[.*?\]", "", text).strip(" .:,;—–-") or text
        self.swallow(node, "speaker name")
        voice = speaker if self.reading.speakers == "voice" else None
        if name in ("td", "th", "dt", "p", "div"):
            self.row_speaker = voice
            writer.flush(above)
        elif above.kind is Kind.CELL and not ANY_LETTER.search(node.tail or "") and node.getnext() is None:
            self.row_speaker = voice
        else:
            writer.speaker = voice
        return True

    def before(self) -> str:
        """The text just before, to judge a superscript by."""
        out = self.writer.out
        if self.writer.space:
            return ""
        return "".join(out[-3:])[-24:]

    def reference(self, node: object, types: set[str], classes: list[str], above: State) -> bool:
        """Deal with a note's mark, if it is one."""
        if len(node) > 4:
            return False
        text = own_text(node)
        if not text or len(text) > 14 and not types:
            return False
        if local_name(node) == "sup" and len(node) and local_name(node[0]) == "a":
            link = node[0]
            if own_text(link) == text and is_note_reference(link, types | words_of(link), classes_of(link), text, self.before()):
                self.refer(link, text)
                self.swallow(node, "note mark")
                return True
            return False
        if not is_note_reference(node, types, classes, text, self.before()):
            return False
        self.refer(node, text)
        self.swallow(node, "note mark")
        return True

    def refer(self, link: object | None, text: str) -> None:
        place = resolve(self.name, link.get("href")) if link is not None and link.get("href") else None
        if place and place[1]:
            self.writer.references.append((self.writer.length, place[0], place[1]))

    def inside(self, node: object, name: str, types: set[str], classes: list[str], above: State, block: bool, is_body: bool) -> State | None:
        """The state inside an element that is walked."""
        state = above
        writer = self.writer
        kind = kind_of(name, types, classes) if block or types or classes else None
        if types or classes:
            matter = matter_of(types) if not is_body else None
            if matter and block:
                state = state._replace(matter=matter)
            if types & NOTES and block or any(NOTE_CLASS.match(word) for word in classes) and block and name != "body":
                state = state._replace(note=True)
            if block and any(BOILERPLATE.match(word) for word in [*classes, (node.get("id") or "").lower()]):
                state = state._replace(matter="licence")
            elif block and any(TRANSCRIBER.match(word) for word in [*classes, (node.get("id") or "").lower()]):
                state = state._replace(matter="transcriber's note")
            if any("scene" in word or "break" in word or "space" in word for word in classes) and block and SCENE_CLASS.search(" ".join(classes)):
                writer.scene = True
            if "z3998:drama" in types or "drama" in classes or "play" in classes:
                self.drama = True
        if name in ("section", "article", "div", "aside", "table", "blockquote", "ul", "ol", "dl") and block:
            self.sections += 1
            state = state._replace(section=self.sections)
        language = language_of(node)
        if language and not is_body:
            state = self.tongue(state, language, block)
        if kind is not None:
            state = self.kinded(node, name, kind, classes, state, above)
        match name:
            case "a":
                state = state._replace(link=bool(node.get("href")))
            case "pre":
                state = state._replace(keep_space=True)
            case "rt":
                return self.reading_of(node)
            case "rp" | "rtc":
                self.swallow(node, "ruby reading")
                return None
            case "ruby":
                self.ruby(node)
            case "svg":
                return self.left_out(node, "text in a picture", above, block) if not is_body else state._replace(why="text in a picture")
            case "math":
                return state
            case "nav":
                state = state._replace(matter=state.matter or "contents")
            case "audio" | "video" | "object" | "iframe" | "canvas" | "noscript" | "textarea" | "select" | "button" | "input" | "noframes":
                self.swallow(node, f"{name} fallback" if name not in ("textarea", "select", "button", "input") else "form")
                return None
            case "tr":
                self.row_speaker = None
            case "td" | "dd" if self.row_speaker:
                state = state._replace(speaker=self.row_speaker)
            case "table":
                state = self.table(node, state)
        drop = classes and any(DROP_CLASS.search(word) for word in classes)
        if drop and not block and not writer.length:
            self.drop_cap(node)
        if node.get(SSML_PH) and "ssml" not in "".join(self.warnings):
            self.warnings.append("ssml: its phonetic transcriptions are not used")
        return self.descend(state)

    def descend(self, state: State) -> State:
        return state if state.drama == self.drama else state._replace(drama=self.drama)

    def tongue(self, state: State, language: str, block: bool) -> State:
        if block:
            return state._replace(language=language)
        if language != (state.language or self.root_language):
            self.fresh.append([None, None, "language", language])
        return state

    def kinded(self, node: object, name: str, kind: Kind, classes: list[str], state: State, above: State) -> State:
        level = HEADINGS.get(name, 0)
        if kind is Kind.HEADING and not level:
            level = int(node.get("aria-level")) if (node.get("aria-level") or "").isdigit() else above.level or 3
        if kind is Kind.CAPTION and self.reading.captions == "skip":
            return state._replace(kind=kind, why=state.why or "caption")
        if kind is Kind.VERSE:
            return state._replace(kind=kind, verse=True)
        if kind is Kind.DIRECTION and name not in BLOCKS:
            self.fresh.append([None, None, "speaker", "default"])
            return state._replace(kind=kind)
        if above.level and kind is not Kind.CAPTION:
            return state
        if above.verse and kind in (Kind.QUOTE, Kind.ITEM, Kind.CELL):
            return state
        return state._replace(kind=kind, level=min(level, 6))

    def drop_cap(self, node: object) -> None:
        """A drop cap's letter joins the word after it, white space or not, unless it may be a word itself."""
        letters = "".join(char for char in own_text(node) if char.isalpha())
        if len(letters) == 1 and letters.lower() not in ALONE:
            self.joins = True

    def ruby(self, node: object) -> None:
        """With readings read, the base is said as its reading."""
        if self.reading.ruby == "reading":
            spoken = "".join("".join(inner.itertext("*")) for inner in node.iter("{*}rt", "rt"))
            if spoken.strip():
                self.fresh.append([None, None, "say", "".join(spoken.split())])

    def reading_of(self, node: object) -> None:
        self.swallow(node, "ruby reading")

    def table(self, node: object, state: State) -> State:
        """Tables by policy; one that sets a play or frames a page isn't a table to the ear."""
        if self.reading.tables == "cells" or state.why is not None or self.frames(node):
            return state
        if self.reading.tables == "note":
            caption = next((own_text(inner) for inner in node.iter("{*}caption", "caption")), "")
            words = f"[{caption}]" if caption else "[…]"
            self.writer.word(words, state)
            self.writer.added += visible(words)
            self.writer.flush(state._replace(kind=Kind.CAPTION))
        return state._replace(why="table")

    def frames(self, node: object) -> bool:
        cells = [cell for cell in node.iter("{*}td", "{*}th", "td", "th")]
        if any(words_of(cell) & SPEAKERS for cell in cells):
            return True
        return bool(cells) and sum(len(own_text(cell)) for cell in cells[:200]) / min(len(cells), 200) > 250

    def leave(self, node: object, state: State, is_body: bool) -> None:
        """Close an element: a block's text ends with it."""
        name = local_name(node)
        if (name in BLOCKS or is_body) and name not in UNCOUNTED:
            self.writer.flush(state)


def blocks_of(body: object, name: str, reading: Reading, root_language: str | None = None) -> tuple[list[Block], list[str], list[str]]:
    """(blocks, ids of the body itself, warnings) of a document."""
    walk = Walk(name, reading, root_language)
    blocks = walk.over(body)
    return blocks, walk.head, walk.warnings
