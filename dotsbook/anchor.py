"""Where words stand in a book, told by the words themselves and by those around them: so that it survives edits.

It knows no files. No number and no offset is kept: where words stand today is found each time, and what isn't found for
certain is told and never moved. The cast's decisions and direction both hold on to the book by this. Scripts that put no
blanks between words (Chinese, Japanese, Thai) are taken by their characters, two for a word.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

CONTEXT = 6  # words before and after a paragraph
SHORT = 8  # words of a paragraph that may stand anywhere: its surroundings must be known again
KNOWN = 0.75  # how alike they must be
ALIKE = 0.8  # how alike an edited paragraph must still be
CLEAR = 0.05  # by how much the likest must be liker than the second
SPACE = re.compile(r"\s+")
UNSPACED = (  # characters of scripts that put no blanks between words, and their signs
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U000323af"
)
PIECE = re.compile(rf"[{UNSPACED}]{{1,2}}|[^\s{UNSPACED}]+")
SIGN = re.compile(rf"(?=([{UNSPACED}]{{2}}))|([^\s{UNSPACED}]+)")
GONE = "its paragraph isn't in the book any more"
ANYWHERE = "such words may stand anywhere, and nothing around them is as it was"
TWICE = "the same words stand in several places and nothing tells which is meant"


def tidy(text: str) -> str:
    return SPACE.sub(" ", text).strip()


def is_short(paragraph: str) -> bool:
    """Whether such words may stand anywhere."""
    return len(PIECE.findall(paragraph)) < SHORT


def signs_of(text: str) -> frozenset[str]:
    """What a text is quickly known by: its words, or each two characters that follow one another."""
    return frozenset(pair or word for pair, word in SIGN.findall(text.casefold()))


def alike(one: str, other: str) -> float:
    """0 … 1."""
    return 1.0 if one == other else difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


class Neighbourhood(NamedTuple):
    """The words before and after a paragraph."""

    before: str
    after: str


def neighbourhood(paragraphs: Sequence[str], at: int, apart: int = 0) -> Neighbourhood:
    """Of the paragraph at a place among those of its chapter. apart: how many on either side aren't looked at."""
    before = tidy(" ".join(paragraphs[max(0, at - apart - 2) : max(0, at - apart)]))
    after = tidy(" ".join(paragraphs[at + apart + 1 : at + apart + 3]))
    starts = [found.start() for found in PIECE.finditer(before)][-CONTEXT:]
    ends = [found.end() for found in PIECE.finditer(after)][:CONTEXT]
    return Neighbourhood(before[starts[0] :] if starts else "", after[: ends[-1]] if ends else "")


def around(one: Neighbourhood, other: Neighbourhood) -> float:
    """How alike two paragraphs' surroundings are: the better side, the other for a tie. Where a chapter begins or ends tells
    nothing."""
    sides = sorted(alike(*side) for side in zip(one, other, strict=True) if any(side)) or [1.0]
    return 0.9 * sides[-1] + 0.1 * sides[0]


class LikeParagraphs:
    """Paragraphs that an edited one is looked for among."""

    def __init__(self, paragraphs: Iterable[str]):
        self.signs = [(one, signs_of(one)) for one in dict.fromkeys(paragraphs)]

    def like(self, paragraph: str) -> list[str]:
        """Those that are most like it, as far as they can't be told apart; none if none is like enough."""
        return [other for _, other in self.likest(paragraph)]

    def likest(self, paragraph: str) -> list[tuple[float, str]]:
        """`like`, each with how like it is."""
        found = self.likenesses(paragraph)
        best = max(found, default=(0.0, ""))[0]
        return [(ratio, other) for ratio, other in sorted(found, reverse=True) if ratio > best - CLEAR]

    def likenesses(self, paragraph: str) -> list[tuple[float, str]]:
        """(how like, which) of all that are like enough."""
        signs = signs_of(paragraph)
        matcher = difflib.SequenceMatcher(None, "", paragraph.split(), autojunk=False)
        found = []
        for other, there in self.signs:
            if 2 * len(signs & there) < (ALIKE - 0.2) * (len(signs) + len(there)):
                continue
            matcher.set_seq1(other.split())
            ratio = max(
                matcher.ratio(), difflib.SequenceMatcher(None, other, paragraph, autojunk=False).ratio()
            )
            if ratio >= ALIKE:
                found.append((ratio, other))
        return found
