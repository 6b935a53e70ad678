"""Marks of direction over a novel, and how many stand at their words after the novel was edited.

    python -m tests.benchmarks.direction_marks NOVEL… [--marks 100] [--edits 50] [--rounds 5]

NOVEL is a manuscript of any format. So many spots are marked, of one to five words; then the paragraphs are edited as an author
does: a word changed, taken out or put in, a sentence put in, a paragraph put in, taken out, moved, divided or joined to the
next, a chapter moved. Every word knows where it came from; where a script has no blanks between words, every character. A mark
whose words all stand somewhere in a row should be found there; a mark that is put at any other words has moved.
"""

import argparse
import random
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from dotsbook.anchor import UNSPACED
from dotsbook.book import Book, Chapter, Paragraph, Source
from dotsbook.manifest import Reading
from dotsbook.text.reader import read_book
from dotsbook.word_anchor import BookWords, tokens_of

PIECE = re.compile(rf"([{UNSPACED}]|[^\s{UNSPACED}]+)(\s?)")
UNSPACED_ONE = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True)
class Word:
    text: str  # without blanks
    blank: str  # what follows it: a blank, or nothing
    origin: int  # its number in the novel; -1: new


class StoryChapter(list[list[Word]]):
    """Paragraphs of words, under a title that goes where they go."""

    title = ""


Story = list[StoryChapter]


def story_of(book: Book) -> Story:
    number, story = 0, []
    for chapter in book.chapters:
        paragraphs = StoryChapter()
        paragraphs.title = chapter.title
        for part in chapter.paragraphs:
            words = PIECE.findall(book.sources[part.source].text[part.start : part.end] + "\n")
            paragraphs.append(
                [
                    Word(word, "" if UNSPACED_ONE.match(word) else blank, number + at)
                    for at, (word, blank) in enumerate(words)
                ]
            )
            number += len(words)
        paragraphs[:] = [words for words in paragraphs if words]
        story.append(paragraphs)
    return [chapter for chapter in story if chapter]


def made(story: Story) -> tuple[Book, list[tuple[int, int, int]]]:
    """(the book, [(offset of a word, its end, its origin)])."""
    pieces, at, places, chapters = [], 0, [], []
    for number, chapter in enumerate(story, 1):
        paragraphs = []
        for words in chapter:
            start = at
            for word in words:
                places.append((at, at + len(word.text), word.origin))
                pieces += (word.text, word.blank)
                at += len(word.text + word.blank)
            paragraphs.append(Paragraph("a", start, at))
            pieces += "\n"
            at += 1
        chapters.append(Chapter(number, chapter.title, tuple(paragraphs)))
    return Book("T", "", "en", {"a": Source("a", "".join(pieces), 0)}, tuple(chapters), ()), places


def edited(story: Story, dice: random.Random, pool: list[Word]) -> None:
    chapter, at = dice.choice([(chapter, at) for chapter in story for at in range(len(chapter))])
    words = chapter[at]
    place = dice.randrange(len(words))

    def new(count: int) -> list[Word]:
        return [replace(dice.choice(pool), origin=-1) for _ in range(count)]

    match dice.randrange(10):
        case 0 | 1:
            words[place] = new(1)[0]
        case 2:
            words[place:place] = new(1)
        case 3 if len(words) > 1:
            del words[place]
        case 4:
            words[place:place] = new(dice.randint(4, 14))
        case 5:
            chapter.insert(at, new(dice.randint(3, 40)))
        case 6 if len(chapter) > 1:
            del chapter[at]
        case 7:
            chapter.insert(dice.randrange(len(chapter)), chapter.pop(at))
        case 8 if len(words) > 8:
            chapter[at : at + 1] = [words[: len(words) // 2], words[len(words) // 2 :]]
        case 9 if at + 1 < len(chapter):
            chapter[at : at + 2] = [words + chapter[at + 1]]
        case _:
            story.insert(dice.randrange(len(story)), story.pop(dice.randrange(len(story))))


def one_round(book: Book, marks: int, edits: int, seed: int) -> Counter:
    dice = random.Random(seed)
    story = story_of(book)
    before, places = made(story)
    pool = [word for chapter in story for words in chapter for word in words][::97]
    known = BookWords(before)
    wanted = []
    for _ in range(marks):
        number, index = dice.choice([(c, p) for c, chapter in enumerate(story) for p in range(len(chapter))])
        words = story[number][index]
        size = dice.randint(1, min(5, len(words)))
        first = dice.randrange(len(words) - size + 1)
        origins = [word.origin for word in words[first : first + size]]
        start, end = places[origins[0]][0], places[origins[-1]][1]
        if tokens_of(before.sources["a"].text[start:end]):
            wanted.append((origins, known.anchor(number + 1, index, start, end)))
    for _ in range(edits):
        edited(story, dice, pool)
    after, spots = made(story)
    order = [origin for _, _, origin in spots]
    starts = {origin: at for at, origin in enumerate(order) if origin >= 0}
    words = BookWords(after)
    found: Counter = Counter()
    for origins, anchor in wanted:
        at = starts.get(origins[0])
        alive = at is not None and order[at : at + len(origins)] == origins
        place, _ = words.place(anchor)
        hit = [origin for start, end, origin in spots if place and start < place.end and end > place.start]
        found["alive"] += alive
        found["told"] += place is None
        found["told, though alive"] += place is None and alive
        found["right"] += alive and hit == origins
        found["edited themselves, kept"] += bool(place) and not alive and bool(set(hit) & set(origins))
        found["moved"] += bool(place) and not set(hit) & set(origins)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("novels", type=Path, nargs="+")
    parser.add_argument("--marks", type=int, default=100)
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    total: Counter = Counter()
    for path in options.novels:
        book = read_book([path], Reading())
        for seed in range(options.rounds):
            total.update(one_round(book, options.marks, options.edits, seed))
        print(path.name, dict(total), flush=True)
    print(
        f"{total['right'] / max(1, total['alive']):.2%} of {total['alive']:,} marks whose words are there stand at them; "
        f"{total['told']:,} told, {total['moved']} moved"
    )


if __name__ == "__main__":
    main()
