"""What is said before an edit and after it, from an instruction's pieces. It knows the rules of spaces, no tags' forms.

The rules are those that the model's training text was made by, letter for letter, odd ones too: at the edges of an edit
only ASCII letters and digits are parted by a space, so that "Он <sub …>ушёл</sub> домой" runs together. Where words of
another script are edited, give the transcripts yourself (`changes.instruction_between` does).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

IDEOGRAPHS = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2EBEF),
    (0x30000, 0x3134F),
)
CHANGES = ("del", "ins", "sub")
WORDY = re.compile(r"[A-Za-z0-9]")
SUFFIX = re.compile(r"(?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)  # after an apostrophe: it's, don't, we're
MARK = re.compile(r"</?q>")  # in the text itself; looked through at edges
BEFORE_STOP = re.compile(r"\s+([,.;:!?，。？！；：])")
JOINTS, APOSTROPHES = ("'", "-", "’"), ("'", "’")


@dataclass(frozen=True, slots=True)
class TaggedPiece:
    """A piece of an instruction: text, decoded, or with `tag` a tag as it is written."""

    text: str = ""
    tag: str = ""
    opens: bool = False
    closes: bool = False
    target: str | None = None  # of an opening <sub>: its new words


def is_ideograph(character: str) -> bool:
    """Of Chinese characters; kana and hangul are none."""
    return any(first <= ord(character) <= last for first, last in IDEOGRAPHS)


def source_words(pieces: Sequence[TaggedPiece]) -> str:
    """What is said before the edit: all text but what is inserted, with a space where two words would run together."""
    texts: list[str | None] = []  # None: something inserted stood there
    inside = 0
    for piece in pieces:
        if piece.tag == "ins":
            inside += piece.opens - piece.closes
            if not inside:
                texts.append(None)
        elif not piece.tag and not inside:
            texts.append(piece.text)
    following = ""
    after: list[str] = []  # of each place the next text that isn't empty
    for text in reversed(texts):
        after.append(following)
        following = text or following
    said: list[str] = []
    for text, right in zip(texts, reversed(after), strict=True):
        if text is not None:
            said.append(text)
        elif said and said[-1] and right and _plain(said[-1][-1]) and _plain(right[0]):
            said.append(" ")
    return "".join(said)


def _plain(character: str) -> bool:
    """It would run together with one of its kind: no space, no punctuation, no ideograph."""
    return not (
        character.isspace() or unicodedata.category(character).startswith("P") or is_ideograph(character)
    )


def target_words(pieces: Sequence[TaggedPiece]) -> str:
    """What is said after the edit."""
    parts = edited_parts(pieces)
    return "".join(parts) if not any(piece.tag in CHANGES for piece in pieces) else joined(parts)


def edited_parts(pieces: Sequence[TaggedPiece]) -> list[str]:
    """The text after the edit, taken apart at every del, ins and sub: kept words and new ones in turn."""
    parts: list[str] = []
    kept: list[str] = []
    new: list[str] = []
    hidden = inserting = 0  # how deep in del and sub, in ins

    def change(words: str) -> None:
        if kept:
            parts.append("".join(kept))
            kept.clear()
        parts.append(words)

    for piece in pieces:
        if piece.tag in ("del", "sub"):
            if piece.opens and not hidden:
                new.append(piece.target or "") if inserting else change(piece.target or "")
            hidden += piece.opens - piece.closes
        elif hidden:
            continue
        elif piece.tag == "ins":
            inserting += piece.opens - piece.closes
            if not inserting:
                change("".join(new))
                new.clear()
        elif not piece.tag:
            (new if inserting else kept).append(piece.text)
    return [*parts, "".join(kept)] if kept else parts


def joined(parts: Sequence[str]) -> str:
    """Parts of a text put together, whatever blanks stand at their edges."""
    parts = [part.strip() for part in parts]
    following, nexts = "", []
    for part in reversed(parts):
        nexts.append(following)
        following = seen(part) or following
    said: list[str] = []
    for part, after in zip(parts, reversed(nexts), strict=True):
        if not part:
            continue
        left = seen(said[-1]) if said else ""
        if said and _is_joint(seen(part), left, after):
            said[-1] += part
            continue
        if said and not _within_a_word(left, seen(part)) and (_wordy(left[-1:]) or _wordy(seen(part)[:1])):
            said.append(" ")
        said.append(part)
    text = re.sub(r"\s+", " ", "".join(said)).strip()
    return BEFORE_STOP.sub(r"\1", text)


def seen(text: str) -> str:
    return MARK.sub("", text)


def _wordy(character: str) -> bool:
    return bool(WORDY.fullmatch(character))


def _is_joint(part: str, left: str, after: str) -> bool:
    """The part is a hyphen or an apostrophe that belongs to the word before it."""
    if not left or not after or not _wordy(left[-1]):
        return False
    if part == "-":
        return _wordy(after[0])
    return part in APOSTROPHES and (bool(SUFFIX.match(after)) or left[-1] in "sS")


def _within_a_word(left: str, right: str) -> bool:
    """A hyphen or an apostrophe at the seam makes one word of both."""
    if not left or not right:
        return False
    if right[0] in JOINTS and len(right) > 1:
        return _wordy(left[-1]) and _wordy(right[1])
    if left[-1] not in JOINTS or len(left) < 2 or not (_wordy(left[-2]) and _wordy(right[0])):
        return False
    return left[-1] == "-" or bool(SUFFIX.match(right))
