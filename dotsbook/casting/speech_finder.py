"""Where speech stands in a paragraph, by its marks. It knows marks and what stands beside them, not words of saying."""

import re
from dataclasses import dataclass

from dotsbook.casting.outer_marks import PAIRS, OuterMarks

Slice = tuple[int, int]
ELIDED = re.compile(
    r"['’](?:s|re|ve|ll|d|m|t|tis|twas|twere|twill|twould|twixt|em|er|im|is|cause|bout|round|til|till|cos|coz|ere|ow"
    r"|ome|ouse|ouses|ave|ad|as|alf|n|un|uns|neath|gainst|fraid|spect|pon|cept|ud|igh|orse|ard|eard|and|ead|ere"
    r"|\d\ds?)\b(?!['’])",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"\((?:with|in an?|to (?:him|her|the|[A-Z])|(?!being\b|having\b)\w+ing|s?he (?:said|added|was|had)|said|sagte|rief|fragte"
    r"|setzte|dit|aside|after)\b[^()]{3,90}\)"
)
OWN_WORDS = re.compile(r"\b(?:I|me|my|we|us|our|you|your|ich|mich|mein|du|Sie|wir|je|vous|mon)\b")
TIS = frozenset({"tis", "twas", "twere", "twill", "twould", "twixt", "em", "tisn"})
GAPS = '([{—–―‒-"“‘«„…/*_»›«‹'


@dataclass(frozen=True, slots=True)
class Speech:
    """The outer quotations of one paragraph."""

    spans: tuple[Slice, ...]  # [start, end), marks included
    left_open: bool = False  # the last has no closing mark
    opens: bool = False  # the paragraph begins with an opening mark


def gap(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or text[at].isspace() or text[at] in GAPS


def is_opener(text: str, at: int) -> bool:
    """Whether the mark there may open, where nothing is open: nothing of a word before it, something after it."""
    after = at + 1
    while after < len(text) and text[after] in "_*":
        after += 1
    mark, before = text[at], text[at - 1 : at]
    if after >= len(text) or mark in "「『":
        return after < len(text)
    if text[after].isspace():
        return gap(text, at - 1) and text[after + 1 : after + 2] not in ("", mark)
    if mark in "'‘" and (found := ELIDED.match(text, at)):
        begins = text[at + 1].isupper() and found.group()[1:].lower() not in TIS
        return begins or at == 0 or text[:at].rstrip()[-1:] in ",;:.!?—–-"
    if mark in "“«„":
        return not before.isalnum()
    if mark == '"' and before and before in ",.:;!?":
        return text[after].isalnum()
    return gap(text, at - 1) and text[after] not in ",;.:!?)" or at == 0


def closes(text: str, at: int) -> bool:
    """Whether the mark there, one of the opener's closers, ends its quotation."""
    mark = text[at]
    if mark in "'’":
        if at + 1 < len(text) and text[at + 1].isalnum():
            return False
        return not (text[at - 1].isalnum() and better_closer(text, at))
    if mark == '"':
        opens = text[at - 1].isspace() and at + 1 < len(text) and text[at + 1].isalnum()
        return not opens
    return True


def better_closer(text: str, at: int) -> bool:
    """Whether an apostrophe after a letter has a closer after an end mark still to come: `the boys’ coats,’ he said`."""
    rest = text[at + 1 : at + 1500]
    better = re.search(r"[.,;:!?…—–-]\s?['’](?!\w)", rest)
    if better is None:
        return False
    opener = re.search(r"(?:^|[\s—–-])['‘](?=\w)", rest[: better.start()])
    while opener is not None and ELIDED.match(rest, opener.end() - 1):
        opener = re.compile(r"[\s—–-]['‘](?=\w)").search(rest[: better.start()], opener.end())
    return opener is None


def speech(text: str, marks: OuterMarks) -> Speech:
    """The outer quotations of a paragraph, with what the narrator says in brackets within them cut out."""
    spans: list[Slice] = []
    start, opener = -1, ""
    first = len(text) - len(text.lstrip())
    begins = first < len(text) and text[first] in marks.openers and is_opener(text, first)
    inner = nested(text, marks)
    for at, mark in enumerate_marks(text, marks):
        if at in inner:
            continue
        if start >= 0:
            if mark in PAIRS[opener] and at > start + 1 and closes(text, at):
                spans.append((start, at + 1))
                start = -1
        elif mark in marks.openers and is_opener(text, at):
            start, opener = at, mark
    if start >= 0:
        end = len(text.rstrip())
        if keeps_open(text, start, first, opener):
            spans.append((start, end))
            return Speech(without_asides(text, spans), True, begins)
    return Speech(without_asides(text, spans), False, begins)


def nested(text: str, marks: OuterMarks) -> frozenset[int]:
    """The marks of quotations within a quotation in the same double marks, where all of them have their partners:
    `"He sees a Post, and says "that's a Post," and goes."`"""
    inside: list[int] = []
    waiting: list[int] = []
    for at, mark in enumerate_marks(text, marks):
        if mark not in '"“”':
            continue
        if mark == "“" or (mark == '"' and faces_on(text, at)):
            if len(waiting) > 1:
                return frozenset()
            waiting.append(at)
        elif not waiting:
            return frozenset()
        elif len(waiting) > 1:
            inside += [waiting.pop(), at]
        else:
            waiting.pop()
    return frozenset(inside) if not waiting else frozenset()


def faces_on(text: str, at: int) -> bool:
    """Whether a straight mark stands as an opening one does: something right after it, nothing right before it."""
    return (at == 0 or text[at - 1].isspace() or text[at - 1] in "([") and not text[at + 1 : at + 2].isspace()


def late_closer(text: str, marks: OuterMarks) -> int:
    """Where a speech ends that an earlier paragraph left open, as its mark is the paragraph's first and may not open; else 0."""
    for at, mark in enumerate_marks(text, marks):
        ends = mark in "”»" or (mark == '"' and at > 0 and not text[at - 1].isspace() and gap(text, at + 1))
        return at + 1 if ends and marks.openers[:1] in '“"«' else 0
    return 0


def without_asides(text: str, spans: list[Slice]) -> tuple[Slice, ...]:
    """The spans without stage directions in brackets: `"I knew (turning to her sister) it would."`"""
    parts: list[Slice] = []
    for start, end in spans:
        for found in ASIDE.finditer(text, start, end) if "(" in text[start:end] else ():
            if not OWN_WORDS.search(found.group()):
                parts.append((start, found.start()))
                start = found.end()
        parts.append((start, end))
    spoken = []
    for start, end in parts:
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if any(sign.isalnum() for sign in text[start:end]):
            spoken.append((start, end))
    return tuple(spoken)


def keeps_open(text: str, start: int, first: int, opener: str) -> bool:
    """Whether a quotation without its closing mark is one all the same: a speech that goes on, or a forgotten mark."""
    if opener in "'‘‚":
        return start == first
    return start == first or text[:start].rstrip()[-1:] in ",:.!?—-;)" + '”"»'


def enumerate_marks(text: str, marks: OuterMarks) -> list[tuple[int, str]]:
    if not marks.openers:
        return []
    wanted = set(marks.openers) | {closer for opener in marks.openers for closer in PAIRS[opener]}
    if "'" in wanted:
        wanted.add("’")
    return [
        (found.start(), found.group()) for found in re.finditer("[" + re.escape("".join(wanted)) + "]", text)
    ]
