"""Some words of a paragraph, held on to by that paragraph and what stands around it. It knows no files.

A paragraph that was edited is found by its likeness, the words in it by what stayed the same around them. Where the
paragraph was divided, joined to another or rewritten, the words are looked for in the whole book with their neighbours.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from dotsbook.anchor import (
    ANYWHERE,
    CLEAR,
    GONE,
    KNOWN,
    TWICE,
    UNSPACED,
    LikeParagraphs,
    Neighbourhood,
    around,
    is_short,
    neighbourhood,
    tidy,
)
from dotsbook.book import Book

CHARACTER = re.compile(f"[{UNSPACED}]")
LETTER = rf"[^\W_{UNSPACED}]"
WORD = re.compile(rf"[{UNSPACED}]|{LETTER}+(?:['’\-]{LETTER}+)*|[^\w\s]|_")
BESIDE = 3  # of so many places to either side, one is looked at for a paragraph's surroundings
NEAR = 6  # words to either side by which words are known without their paragraph; twice as many characters
CHANGED = 0.6  # how alike words must be that were themselves edited
SIDES = 0.75  # how much of both sides must be as it was, where the paragraph isn't found and neither is whole
SIDE = 0.9  # and of one of them
APART = 0.15  # by how much more than elsewhere
NOT_THERE = "its words don't stand in its paragraph"
CHANGED_WORDS = "its paragraph has changed and these words aren't in it any more"
UNKNOWN = "these words stand nowhere in the book; they must all be in one paragraph"


@dataclass(frozen=True, slots=True)
class WordAnchor:
    """Which words. The paragraph and its surroundings may be empty: then the words must stand in the book once."""

    words: str
    paragraph: str = ""
    number: int = 1  # which of those in the paragraph that are alike
    before: str = ""
    after: str = ""
    rival: float = 0.0  # how like it another paragraph, or what is around the same words, was in the book; 1: the same; 0: none
    chapter: str = ""  # its chapter's title, where the same paragraph stood elsewhere with the same around it

    @property
    def neighbourhood(self) -> Neighbourhood:
        return Neighbourhood(self.before, self.after)


class WordPlace(NamedTuple):
    """Where words stand today."""

    chapter: int  # Chapter.number
    paragraph: int  # index in its chapter
    start: int  # offsets in the source's text
    end: int


class Token(NamedTuple):
    text: str
    start: int  # in its paragraph
    end: int


class TokenPlace(NamedTuple):
    """A paragraph's words [first, last)."""

    chapter: int
    paragraph: int
    first: int
    last: int


def tokens_of(text: str) -> list[Token]:
    return [Token(found.group(), *found.span()) for found in WORD.finditer(text)]


def texts_of(text: str) -> list[str]:
    return WORD.findall(text)


def runs(words: Sequence[str], among: Sequence[str]) -> Iterator[int]:
    """Where words stand in a row among others."""
    size = len(words)
    for at in range(len(among) - size + 1):
        if among[at] == words[0] and among[at : at + size] == words:
            yield at


class BookWords:
    """A book's paragraphs, in which words are looked for."""

    def __init__(self, book: Book):
        self.book = book
        self.texts = {
            chapter.number: [book.sources[one.source].text[one.start : one.end] for one in chapter.paragraphs]
            for chapter in book.chapters
        }
        self.tidied = {number: [tidy(text) for text in texts] for number, texts in self.texts.items()}

    @cached_property
    def by_text(self) -> dict[str, list[tuple[int, int]]]:
        """{paragraph: where it stands: chapter, index}."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, texts in self.tidied.items():
            for index, text in enumerate(texts):
                found[text].append((number, index))
        return found

    @cached_property
    def like(self) -> LikeParagraphs:
        return LikeParagraphs(self.by_text)

    @cached_property
    def spoken(self) -> dict[int, list[tuple[str, int, int]]]:
        """{chapter: [(word, index of its paragraph, number of the word in it)]}."""
        return {
            number: [
                (word, index, at)
                for index, text in enumerate(texts)
                for at, word in enumerate(texts_of(text))
            ]
            for number, texts in self.tidied.items()
        }

    @cached_property
    def where(self) -> dict[str, list[tuple[int, int]]]:
        """{word: where it stands: chapter, number of the word in the chapter}."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, said in self.spoken.items():
            for at, (word, _, _) in enumerate(said):
                found[word].append((number, at))
        return found

    def around(self, chapter: int, index: int, apart: int = 0) -> Neighbourhood:
        return neighbourhood(self.tidied[chapter], index, apart)

    def known(self, place: tuple[int, int], around_it: Neighbourhood) -> float:
        """How well the surroundings of a paragraph are known again, also where others were put in beside it."""
        return max(around(around_it, self.around(*place, apart)) - CLEAR * apart for apart in range(BESIDE))

    def rivals(self, chapter: int, index: int) -> tuple[float, str]:
        """What an anchor holds of paragraphs that its own may be taken for: `rival`, `chapter`."""
        text = self.tidied[chapter][index]
        same = [place for place in self.by_text[text] if place != (chapter, index)]
        if not same:
            return max(
                (ratio for ratio, other in self.like.likenesses(text) if other != text), default=0.0
            ), ""
        here = self.around(chapter, index)
        twins = any(around(here, self.around(*place)) >= KNOWN for place in same)
        return 1.0, self.book.chapters[chapter - 1].title if twins else ""

    def anchor(self, chapter: int, index: int, start: int, end: int) -> WordAnchor:
        """An anchor for the words of a paragraph between two offsets of its source. Raises ValueError for none."""
        text = self.texts[chapter][index]
        begin = self.book.chapters[chapter - 1].paragraphs[index].start
        inside = [
            at
            for at, token in enumerate(tokens_of(text))
            if token.end > start - begin and token.start < end - begin
        ]
        if not inside:
            raise ValueError("there are no words")
        tokens = tokens_of(self.tidied[chapter][index])
        first, last = inside[0], inside[-1] + 1
        words = [token.text for token in tokens]
        number = 1 + sum(at < first for at in runs(words[first:last], words))
        said = self.tidied[chapter][index][tokens[first].start : tokens[last - 1].end]
        anchor = WordAnchor(said, self.tidied[chapter][index], number, *self.around(chapter, index))
        rival, title = self.rivals(chapter, index)
        own = TokenPlace(chapter, index, first, last)
        if any(place != own for _, place, _ in self.beside(anchor, words[first:last], words, first)):
            rival = max(rival, SIDES)
        return replace(anchor, rival=round(rival, 2), chapter=tidy(title))

    def place(self, anchor: WordAnchor) -> tuple[WordPlace | None, str]:
        """Where the words stand today; (None, why) where that isn't certain."""
        words = texts_of(anchor.words)
        if not words:
            return None, UNKNOWN
        found, why = self.found(anchor, words)
        if found is None:
            return None, why
        tokens = tokens_of(self.texts[found.chapter][found.paragraph])
        begin = self.book.chapters[found.chapter - 1].paragraphs[found.paragraph].start
        start, end = tokens[found.first].start, tokens[found.last - 1].end
        return WordPlace(found.chapter, found.paragraph, begin + start, begin + end), ""

    def found(self, anchor: WordAnchor, words: list[str]) -> tuple[TokenPlace | None, str]:
        paragraph = tidy(anchor.paragraph)
        if not paragraph:
            return self.only(words)
        old = texts_of(paragraph)
        starts = list(runs(words, old))
        if not 1 <= anchor.number <= len(starts):
            return None, NOT_THERE
        first = starts[anchor.number - 1]
        exact = self.by_text.get(paragraph, [])
        near = exact or [
            place
            for ratio, other in self.like.likest(paragraph)
            if ratio > anchor.rival + 0.01
            for place in self.by_text[other]
        ]
        if near:
            place, why = self.likest(anchor, near)
            if place is None:
                return None, why
            new = texts_of(self.tidied[place[0]][place[1]])
            span = (first, first + len(words)) if exact else moved(old, new, first, first + len(words))
            if span:
                return TokenPlace(*place, *span), ""
            return None, CHANGED_WORDS
        return self.with_neighbours(anchor, words, old, first)

    def only(self, words: list[str]) -> tuple[TokenPlace | None, str]:
        """Words that nothing more is known of: they must stand in the book once."""
        found = list(self.everywhere(words))
        if len(found) == 1:
            return found[0][0], ""
        return None, TWICE if found else UNKNOWN

    def everywhere(self, words: list[str]) -> Iterator[tuple[TokenPlace, int]]:
        """(where they stand in one paragraph, number of the first word in its chapter)."""
        rarest = min(range(len(words)), key=lambda at: len(self.where.get(words[at], ())))
        for chapter, at in self.where.get(words[rarest], ()):
            said, start = self.spoken[chapter], at - rarest
            here = said[start : start + len(words)] if start >= 0 else []
            if [word for word, _, _ in here] == words and here[0][1] == here[-1][1]:
                yield TokenPlace(chapter, here[0][1], here[0][2], here[-1][2] + 1), start

    def likest(self, anchor: WordAnchor, places: list[tuple[int, int]]) -> tuple[tuple[int, int] | None, str]:
        """The paragraph of several whose surroundings are the anchor's, where that must be known."""
        scored = sorted(((self.known(place, anchor.neighbourhood), place) for place in places), reverse=True)
        best, _ = scored[0]
        if (len(scored) > 1 or anchor.rival == 1 or is_short(anchor.paragraph)) and best < KNOWN:
            return None, ANYWHERE
        tied = [place for score, place in scored if score > best - CLEAR]
        itself = (
            len(tied) == 1 < len(scored) and best >= 1 - CLEAR
        )  # the others are there too, and aren't as it was
        if anchor.chapter and not itself:
            titles = {chapter.number: tidy(chapter.title) for chapter in self.book.chapters}
            tied = [place for place in tied if titles[place[0]] == anchor.chapter]
        return (tied[0], "") if len(tied) == 1 else (None, TWICE)

    def with_neighbours(
        self, anchor: WordAnchor, words: list[str], old: list[str], first: int
    ) -> tuple[TokenPlace | None, str]:
        """Words whose paragraph isn't there any more, by the words to either side of them."""
        scored = [
            (alike, place)
            for alike, place, whole in self.beside(anchor, words, old, first)
            if whole or not anchor.rival
        ]
        scored.sort(reverse=True)
        if not scored:
            return None, GONE
        if len(scored) > 1 and scored[0][0] - scored[1][0] < APART:
            return None, TWICE
        return scored[0][1], ""

    def beside(
        self, anchor: WordAnchor, words: list[str], old: list[str], first: int
    ) -> Iterator[tuple[float, TokenPlace, bool]]:
        """(how alike both sides are, where, whether both are whole) of the places where words stand with about the same words to
        either side. old, first: the words of their paragraph, and which of them they begin with."""
        near = NEAR * (2 if sum(1 for word in old if CHARACTER.match(word)) > len(old) / 2 else 1)
        left = [*texts_of(anchor.before), *old[:first]][-near:]
        right = [*old[first + len(words) :], *texts_of(anchor.after)][:near]
        for place, at in self.everywhere(words):
            said = [
                word for word, _, _ in self.spoken[place.chapter][max(0, at - near) : at + len(words) + near]
            ]
            split = min(near, at)
            here = share(left, said[:split]), share(right, said[split + len(words) :])
            whole = [
                len(side) == near and ratio == 1 for side, ratio in zip((left, right), here, strict=True)
            ]
            if any(whole) or min(here) >= SIDES and max(here) >= SIDE:
                yield sum(here), place, all(whole)


def share(side: list[str], there: list[str]) -> float:
    """How much of one side of some words is as it was. What has no words on that side has nothing to tell them by."""
    return difflib.SequenceMatcher(None, side, there, autojunk=False).ratio() if side or there else 1.0


def moved(old: list[str], new: list[str], first: int, last: int) -> tuple[int, int] | None:
    """Where words [first, last) of a paragraph stand in it after an edit; None where that isn't certain."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    to: dict[int, int] = {}
    for block in matcher.get_matching_blocks():
        to.update(
            zip(range(block.a, block.a + block.size), range(block.b, block.b + block.size), strict=True)
        )
    words = old[first:last]
    if first in to and last - 1 in to:
        start, end = to[first], to[last - 1] + 1
        whole = new[start:end] == words
        ratio = 1.0 if whole else difflib.SequenceMatcher(None, words, new[start:end], autojunk=False).ratio()
        alone = len(list(runs(words, old))) == 1 and len(list(runs(words, new))) == 1
        beside = to.get(first - 1) == start - 1 or to.get(last) == end
        edges = first == 0 == start or (last == len(old) and end == len(new))
        if ratio >= CHANGED and (whole and alone and len(words) > 1 or beside or edges):
            return start, end
    for start in runs(words, new):  # moved within the paragraph
        left = old[max(0, first - 2) : first] == new[max(0, start - 2) : start]
        right = old[last : last + 2] == new[start + len(words) : start + len(words) + 2]
        if left and right and first >= 2 and last + 2 <= len(old):
            return start, start + len(words)
    return None
