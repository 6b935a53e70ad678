"""Turns a slice of the source into what the engine is given and notes each change. It knows no paragraphs, no voices.

Fixed readings (the lexicon's, a source's own) come first and are never read again by the normaliser: where one of
its changes touches a fixed reading, that change is dropped and what is left of its slice is normalised by itself.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from dotsbook.language_code import primary
from dotsbook.manifest import Manifest
from dotsbook.text.languages import canonical
from dotsbook.text.lexicon.lexicon_file import Lexicon
from dotsbook.text.normalise.change import Change

Normalise = Callable[[str, str], tuple[str, list[Change]]]

LINE_END = re.compile(r"(?P<mark>[^\w\s]?)[^\S\n]*\n\s*")
HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
STOPS = tuple(".,;:!?…")
SAID = re.compile(r"[^\W_]")
BREATH = {"ar": "،", "fa": "،", "ur": "،", "zh": "，", "yue": "，", "ja": "、"}


@dataclass(frozen=True, slots=True)
class SourceChange:
    """Something said otherwise than it is written: `before` stands at `start` in the source, `after` is spoken."""

    chunk: str
    source: str
    start: int
    end: int
    before: str
    after: str
    rule: str  # a normaliser's rule, "lexicon", or "source" (SSML, PLS, ruby)


def spoken(
    text: str, language: str, fixed: Sequence[Change], normalise: Normalise | None
) -> tuple[str, list[Change]]:
    """(what is said for `text`, the changes made, sorted, in offsets of `text`).

    `fixed` are sorted and don't overlap. `normalise` None leaves all else as written, but for line ends and spaces.
    """
    changes = list(fixed)
    if normalise:
        for change in normalise(text, language)[1]:
            changes += around(text, language, change, fixed, normalise)
        changes.sort()
    parts: list[str] = []
    at = 0
    for change in changes:
        before = text[at : change.start]
        if not change.after and text[change.end : change.end + 1] in STOPS:
            before = before.rstrip()  # no gap is left before a stop where a picture sign stood
        parts += (before, change.after)
        at = change.end
    parts.append(text[at:])
    return tidy("".join(parts), language), changes


def spoken_line(
    text: str, manifest: Manifest, lexicon: Lexicon | None = None, *, chunk: str = "", source: str = ""
) -> tuple[str, tuple[SourceChange, ...]]:
    """(what is said for a line that stands in no paragraph, such as spoken credits; the changes made in it).

    It is read as a paragraph's sentence is, in the book's language and default voice: lexicon first, then the rules.
    `chunk` and `source` are what the changes are to name.
    """
    language = canonical(manifest.language)
    fixed = sorted(lexicon.readings(text, language, manifest.default_voice)) if lexicon else []
    said, made = spoken(text, language, fixed, normalisers(manifest)[0])
    return said, tuple(SourceChange(chunk, source, *change) for change in made)


def normalisers(manifest: Manifest) -> tuple[Normalise | None, Normalise | None]:
    """How a manifest wants (sentences, headings) normalised: (None, None) with `normalise: off`."""
    if manifest.normalise != "on":
        return None, None
    from dotsbook.text.normalise import normalise

    emoji = manifest.reading.emoji
    return partial(normalise, emoji=emoji), partial(normalise, heading=True, emoji=emoji)


def around(
    text: str, language: str, change: Change, fixed: Sequence[Change], normalise: Normalise
) -> list[Change]:
    """A normaliser's change if it stays clear of what is fixed, else what it would have changed beside that."""
    touched = [kept for kept in fixed if kept.start < change.end and kept.end > change.start]
    if not touched:
        return [change]
    left: list[Change] = []
    at = change.start
    for start, end in [*((kept.start, kept.end) for kept in touched), (change.end, change.end)]:
        if start > at and text[at:start].strip():
            left += [
                Change(again.start + at, again.end + at, again.before, again.after, again.rule)
                for again in normalise(text[at:start], language)[1]
            ]
        at = max(at, end)
    return left


def tidy(text: str, language: str) -> str:
    """One space between words, no invisible marks, and a comma's breath where a verse's line ends."""
    if not text.isascii():
        text = HIDDEN.sub("", text)
    if "\n" in text:
        comma = BREATH.get(primary(language), ",")
        wide = comma in "，、"
        text = LINE_END.sub(
            lambda found: (
                found["mark"] + ("" if wide and found["mark"] else " ")
                if found["mark"]
                else comma + ("" if wide else " ")
            ),
            text.strip(),
        )
    return " ".join(text.split())


def says_something(text: str) -> bool:
    """Whether anything in it can be said: a letter or a figure of any script."""
    return SAID.search(text) is not None
