"""The instructions that dots.tts.edit reads: a transcript with tags in it. It knows text, no model.

    The <sub targ="small">brave</sub> world<pause act="ins" level="2"/>.

`parse` reads one as strictly as the reference implementation and says what is said before and after the edit, to the
letter as the model was trained: its transcripts are made by `source_words` and `target_words`. What the model knows of
attributes stands in `forms`. The model reads the instruction itself as it is written, escapes and all.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dotsbook.errors import ModelError
from dotsbook.model.editing.transcripts import TaggedPiece, source_words, target_words

AROUND = frozenset({"del", "ins", "sub", "emo", "pitch", "rate", "enhance", "bg"})  # tags that have content
POINTS = frozenset({"pause", "spk_transfer"})  # tags that have none
UNVOICED = frozenset({"emo", "bg", "enhance"})  # with nothing but these, the x-vector is left out

TAG = re.compile(r"<[^>]*>")
NAME = r"[A-Za-z_][\w-]*"
CLOSING = re.compile(rf"<\s*/\s*({NAME})\s*>")
POINT = re.compile(rf"<\s*({NAME})(?:[\s,][^>]*)?/\s*>")
OPENING = re.compile(rf"<\s*({NAME})[\s,>]")
TARGET = re.compile(r"\btarg\s*=\s*([\"'])(.*?)\1", re.IGNORECASE | re.DOTALL)


class InstructionError(ModelError):
    """An instruction that is none. `kind`: a word for what is wrong with it."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Instruction:
    """An edit, read. The texts are what is heard before and after it, stripped."""

    text: str  # as the model reads it: written as given, escapes and blanks included
    source: str
    target: str
    operations: frozenset[str]  # names of the tags in it
    source_given: bool = False  # it was told, not taken from the instruction
    target_given: bool = False

    @property
    def voiced(self) -> bool:
        """Whether the voice's x-vector conditions the edit, if nothing else is asked: not where only its manner changes."""
        return not self.operations or not self.operations <= UNVOICED


def parse(text: str, source: str | None = None, target: str | None = None) -> Instruction:
    """Read an instruction. `source`, `target`: the transcripts, where they are known better than from the tags.

    InstructionError names the first thing wrong, whatever is given besides.
    """
    if not text.strip():
        raise InstructionError("empty", "The instruction is empty: write the line with tags in it.")
    pieces = list(read_pieces(text))
    before = (source or "").strip() or source_words(pieces).strip()
    after = (target or "").strip() or target_words(pieces).strip()
    for words, side, when in ((before, "source", "before"), (after, "target", "after")):
        if not words:
            raise InstructionError(
                f"empty_{side}",
                f"Nothing is said {when} the edit {shown(text)}; an edit needs words on both sides.",
            )
    return Instruction(
        text,
        before,
        after,
        frozenset(piece.tag for piece in pieces if piece.tag),
        source_given=bool((source or "").strip()),
        target_given=bool((target or "").strip()),
    )


def read_pieces(text: str) -> Iterator[TaggedPiece]:
    """The instruction in pieces, from left to right: text, decoded, and tags. InstructionError for what is none."""
    open_tags: list[str] = []
    pieces: list[TaggedPiece] = []
    bare: list[str] = []
    cursor = 0
    for match in TAG.finditer(text):
        bare.append(text[cursor : match.start()])
        if bare[-1]:
            pieces.append(TaggedPiece(text=html.unescape(bare[-1])))
        pieces.append(_tag(match.group(), open_tags))
        cursor = match.end()
    bare.append(text[cursor:])
    if bare[-1]:
        pieces.append(TaggedPiece(text=html.unescape(bare[-1])))
    if open_tags:
        raise InstructionError(
            "unclosed", f"<{open_tags[-1]}> is opened and never closed: write </{open_tags[-1]}>."
        )
    if any("<" in part or ">" in part for part in bare):
        raise InstructionError("stray_bracket", "A < or > stands outside a tag: write &lt; or &gt; for it.")
    for piece in pieces:
        if piece.opens and piece.tag == "sub" and piece.target is None:
            raise InstructionError(
                "sub_without_target",
                f'{shown(piece.text)} says no new words: write <sub targ="new">old</sub>.',
            )
    return iter(pieces)


def _tag(token: str, open_tags: list[str]) -> TaggedPiece:
    """A tag as a piece; `open_tags`, innermost last, are kept up with it."""
    if closing := CLOSING.fullmatch(token):
        name = closing[1].lower()
        if not open_tags or open_tags[-1] != name:
            inner = f"<{open_tags[-1]}> is to be closed first" if open_tags else "nothing is open there"
            raise InstructionError("unexpected_closing", f"</{name}> closes no tag: {inner}.")
        open_tags.pop()
        return TaggedPiece(tag=name, closes=True)
    if point := POINT.fullmatch(token):
        name = point[1].lower()
        if name not in POINTS:
            raise InstructionError(
                "unsupported_self_closing",
                f"<{shorter(name)}/> can't stand by itself; {', '.join(sorted(POINTS))} can.",
            )
        return TaggedPiece(text=token, tag=name)
    opening = OPENING.match(token)
    if opening is None:
        raise InstructionError("malformed_tag", f"{shown(token)} is no tag; write &lt; for a < that is text.")
    name = opening[1].lower()
    if name not in AROUND:
        raise InstructionError(
            "unsupported_tag",
            f"There is no tag <{shorter(name)}> around words; there are {', '.join(sorted(AROUND))}.",
        )
    open_tags.append(name)
    words = TARGET.search(token) if name == "sub" else None
    return TaggedPiece(text=token, tag=name, opens=True, target=html.unescape(words[2]) if words else None)


def escaped(text: str) -> str:
    """Text, or words for `targ`, as they are written in an instruction."""
    return html.escape(text, quote=True)


def shown(text: str) -> str:
    """A piece of an instruction in a sentence."""
    return repr(shorter(text))


def shorter(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
