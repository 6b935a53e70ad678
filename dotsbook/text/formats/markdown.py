"""A Markdown file → a Manuscript of one document, by markdown-it-py. It knows no chapters: headings are blocks like
any other.

**Mara:** "Not tonight."           a paragraph that Mara speaks
*at last*  **never**               italics and bold, which a read-along shows
[“Not tonight.”]{Mara}             a phrase that she speaks; {voice=mara} names a voice, {lang=fr} a language
[she whispered]{rate=0.9}          how words are to be spoken: direction.py has the keys
[^1] … [^1]: A note.               a footnote
---  ***                           a scene break
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.book import Kind, visible
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Document, Manuscript
from dotsbook.text.blocks.block_writer import BlockState, BlockWriter
from dotsbook.text.blocks.language_tags import tag_of
from dotsbook.text.blocks.page_blocks import blocks_of
from dotsbook.text.blocks.trees import body_of, visible_in
from dotsbook.text.formats.parts.front_matter import front_matter
from dotsbook.text.formats.parts.markdown_spans import SpanLines, close_span, marks_asked
from dotsbook.text.formats.parts.markdown_tokens import markdown_parser, tokens_of
from dotsbook.text.formats.parts.obsidian import CALLOUT, TASK, pieces, without_comments
from dotsbook.text.formats.parts.speaker_labels import UNSPACED, speaker_named
from dotsbook.text.formats.plain import load_text
from dotsbook.text.formats.table import ManuscriptFormat

if TYPE_CHECKING:
    from markdown_it.token import Token

DEFINITION = re.compile(r"^ {0,3}\[\^([^\]\s]{1,60})\]:[ \t]?(.*)$")
FACES = {"em_open": "emphasis", "strong_open": "strong"}  # tokens → kinds of marks
FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
HIDDEN_SPAN = re.compile(r"<\w+[^>]*(?:display\s*:\s*none|\shidden\b)[^>]*>", re.I)
HEADING_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}]*\}\s*$")


def read_markdown(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """A Markdown file as a manuscript. SourceError when it can't be read."""
    whole = load_text(path, reading)
    details, text = front_matter(whole, path)
    text, comments = without_comments(text)
    body, notes = footnotes(text)
    name = prefix + path.name if not prefix else prefix.rstrip("/")
    made = MarkdownBlocks(name, reading, notes, SpanLines(path.name, whole))
    made.document(body)
    made.leave_out(comments)
    document = Document(name, made.writer.finish(), made.chars, "", stem="")
    return Manuscript(
        details.pop("title", "") or only_title(document) or path.stem,
        details.pop("author", ""),
        tag_of(details.pop("language", "")) or "",
        [document],
        [],
        made.warnings,
        None,
        details,
    )


def footnotes(text: str) -> tuple[str, dict[str, str]]:
    """(the text without its footnote definitions, {label: note})."""
    if "[^" not in text:
        return text, {}
    kept, notes = [], {}
    label, fence, blank = None, "", False
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if mark and label is None:
            fence = "" if fence and mark.group(1).startswith(fence) else fence or mark.group(1)
        found = None if fence else DEFINITION.match(line)
        if found:
            label, blank = found.group(1).lower(), False
            notes[label] = found.group(2)
        elif label is not None and not line.strip():
            blank = True
        elif label is not None and (
            line.startswith(("    ", "\t"))
            or not blank
            and line.strip()
            and not line.startswith(("#", ">", "- ", "* "))
        ):
            notes[label] += ("\n\n" if blank else "\n") + line.strip()
            blank = False
        else:
            if label is not None:
                kept.append("")
            label = None
            kept.append(line)
    return "\n".join(kept), notes


def only_title(document: Document) -> str:
    """The one first-level heading of a file that has deeper ones, which names the book."""
    tops = [block for block in document.blocks if block.level == 1]
    return tops[0].text if len(tops) == 1 and any(block.level > 1 for block in document.blocks) else ""


class MarkdownBlocks:
    """Writes a file's tokens into blocks."""

    def __init__(self, name: str, reading: Reading, notes: dict[str, str], lines: SpanLines):
        self.name = name
        self.reading = reading
        self.notes = notes
        self.lines = lines
        self.writer = BlockWriter()
        self.chars = 0
        self.warnings: list[str] = []
        self.title_ends = False  # the line that is being written is a callout's title
        self.parser = markdown_parser()

    def document(self, text: str) -> None:
        self.tokens(tokens_of(self.parser, text, self.notes), BlockState())
        for label, note in self.notes.items():
            self.writer.pending.append(f"note-{label}")
            self.tokens(tokens_of(self.parser, note, {}), BlockState(note=True))

    def tokens(self, tokens: Iterable, base: BlockState) -> None:
        """Block tokens, in order."""
        writer, stack = self.writer, [base]
        for token in tokens:
            state = stack[-1]
            match token.type:
                case "heading_open":
                    stack.append(state._replace(kind=Kind.HEADING, level=int(token.tag[1])))
                    empty = len(writer.blocks)
                case "heading_close":
                    writer.flush(stack.pop())
                    writer.scene = writer.scene or len(writer.blocks) == empty  # a bare `#`
                case "paragraph_open":
                    stack.append(state)
                case "blockquote_open":
                    stack.append(state._replace(kind=Kind.QUOTE))
                case "list_item_open":
                    stack.append(state._replace(kind=Kind.ITEM))
                case "table_open":
                    stack.append(self.table(state))
                case "th_open" | "td_open":
                    stack.append(state._replace(kind=Kind.CELL))
                case "inline":
                    self.inline(token, state)
                case "hr":
                    writer.scene = True
                case "fence" | "code_block":
                    self.chars += visible(token.content)
                    if token.content.strip():
                        writer.text(token.content, state)
                        writer.flush(state._replace(why=state.why or "code"))
                case "html_block":
                    self.html(token.content, state)
                case _ if token.type in (
                    "paragraph_close",
                    "blockquote_close",
                    "list_item_close",
                    "table_close",
                    "th_close",
                    "td_close",
                ):
                    writer.flush(stack.pop())
        writer.flush(base)

    def leave_out(self, comments: list[str]) -> None:
        """Comments of the author's: in the receipt, and nowhere else."""
        for comment in comments:
            self.chars += visible(comment)
            self.writer.text(comment, BlockState())
            self.writer.flush(BlockState(why="comment"))

    def words(self, content: str, state: BlockState) -> None:
        """Text of a paragraph, without the marks in it that aren't words."""
        if not self.writer.length:
            mark, why = (CALLOUT, "callout mark") if state.kind is Kind.QUOTE else (TASK, "task mark")
            found = mark.match(content) if state.kind in (Kind.QUOTE, Kind.ITEM) else None
            if found:
                self.writer.drop(why, found.group())
                content = content[found.end() :]
                self.title_ends = state.kind is Kind.QUOTE and bool(content)
        for piece, why in pieces(content):
            if why:
                self.writer.drop(why, piece)
                self.writer.after_drop = False
            elif piece:
                self.writer.text(piece, state)

    def table(self, state: BlockState) -> BlockState:
        if self.reading.tables == "cells":
            return state
        if self.reading.tables == "note":
            self.writer.word("[…]", state)
            self.writer.added += 3
            self.writer.flush(state._replace(kind=Kind.CAPTION))
        return state._replace(why="table")

    def html(self, markup: str, state: BlockState) -> None:
        """A block of HTML: its text is read as an EPUB's would be; comments are nothing."""
        from dotsbook.text.blocks.markup import parse

        root, _ = parse(f"<body>{markup}</body>".encode(), self.name)
        body = body_of(root)
        blocks, _, _ = blocks_of(body, self.name, self.reading)
        self.chars += visible_in(body)
        for block in blocks:
            block.why = block.why or state.why
            block.note = block.note or state.note
            self.writer.blocks.append(block)
        self.writer.scene = self.writer.scene or bool(re.search(r"<hr\b", markup))

    def inline(self, token: "Token", state: BlockState) -> None:
        writer = self.writer
        children = token.children or []
        start = self.speaker(children, state)
        links = 0
        hidden: str | None = None  # the tag of an element that isn't shown
        spans: list[list[list]] = []
        faces: list[list] = []
        for number, child in enumerate(children):
            inner = state._replace(link=links > 0)
            match child.type:
                case "text" | "code_inline":
                    content = (
                        HEADING_ATTRIBUTES.sub("", child.content)
                        if state.level and number == len(children) - 1
                        else child.content
                    )
                    self.chars += visible(content)
                    if number >= start and content and hidden is None:
                        (self.words if child.type == "text" else writer.text)(content, inner)
                    elif hidden is not None:
                        writer.drop("hidden text", content)
                case "softbreak" if self.title_ends:
                    writer.flush(inner)  # a callout's title is a line of its own
                    self.title_ends = False
                case "softbreak":
                    writer.space = "\n"
                case "html_inline" if HIDDEN_SPAN.match(child.content):
                    hidden = child.content
                case "html_inline" if hidden is not None and child.content.lower().startswith("</"):
                    hidden = None
                case "hardbreak":
                    writer.line_end(inner)
                case "html_inline":
                    if re.match(r"<br\s*/?>", child.content, re.I):
                        writer.line_end(inner)
                case "link_open":
                    links += 1
                case "link_close":
                    links -= 1
                case "image":
                    self.image(child, inner)
                case "note_mark":
                    self.chars += visible(child.content)
                    writer.references.append((writer.length, self.name, f"note-{child.content}"))
                    writer.drop("note mark", child.content)
                case "em_open" | "strong_open" if number >= start:
                    faces.append([None, None, FACES[child.type], ""])
                    writer.open(faces[-1:])
                case "em_close" | "strong_close" if number >= start:
                    faces.pop()[1] = writer.length
                case "span_open":
                    spans.append(self.opened(child.meta["said"]))
                case "span_close":
                    close_span(writer, spans.pop())

    def opened(self, said: str) -> list[list]:
        """The marks that a span's braces ask for."""
        marks, told = marks_asked(said)
        self.warnings += self.lines.placed(said, told)
        self.writer.open(marks)
        return marks

    def image(self, token: "Token", state: BlockState) -> None:
        alt = " ".join(
            "".join(
                child.content for child in token.children or () if child.type in ("text", "code_inline")
            ).split()
        )
        if alt and self.reading.alt == "read":
            self.writer.word(alt, state)
            self.writer.added += visible(alt)

    def bare_speaker(self, child: "Token") -> int:
        """`**李雷：**你好`, which CommonMark's rules don't see as bold; how many pieces it was."""
        found = UNSPACED.match(child.content) if child.type == "text" else None
        name = speaker_named(found.group(1) + ":") if found else None
        if not found or not name or self.reading.speakers == "spoken":
            return 0
        self.writer.speaker = name if self.reading.speakers == "voice" else None
        self.writer.drop("speaker name", found.group())
        self.chars += visible(found.group())
        child.content = child.content[found.end() :]
        return 0

    def speaker(self, children: list, state: BlockState) -> int:
        """Take `**Mara:**` from a paragraph's start; how many of its pieces that was."""
        if state.level or state.kind is Kind.CELL:
            return 0
        first = next(
            (
                number
                for number, child in enumerate(children)
                if child.type != "text" or child.content.strip()
            ),
            0,
        )
        kinds = [child.type for child in children[first : first + 4]]
        if kinds[:3] != ["strong_open", "text", "strong_close"]:
            return self.bare_speaker(children[first]) if children else 0
        label = children[first + 1].content
        after = children[first + 3] if len(children) > first + 3 else None
        outside = after is not None and after.type == "text" and after.content.lstrip()[:1] in (":", "：")
        name = speaker_named(label + ":" if outside and label[-1:] not in ":：" else label)
        if not name or after is None or self.reading.speakers == "spoken":
            return 0
        self.writer.speaker = name if self.reading.speakers == "voice" else None
        self.writer.drop("speaker name", label)
        if outside:
            colon = after.content.lstrip()
            self.writer.drop("speaker name", colon[0])
            self.chars += 1
            after.content = colon[1:]
        return first + 3


FORMAT = ManuscriptFormat(
    "Markdown",
    (".md", ".markdown", ".mdown", ".mkd"),
    lambda head, names: False,  # any text may be meant so: only its name tells
    read_markdown,
    lambda path: read_markdown(path, Reading()),
)
