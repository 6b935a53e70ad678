"""Whether what a person decided stays at its line through edits: 200 decisions a novel, then 50 random edits of it.

    python -m tests.benchmarks.casting_decisions DIR [--only NAME] [--seed 1]

DIR holds `unified/pdnc*.jsonl`. Words change, paragraphs come, go and change places, chapters move (the edits of
tests/casting/test_decisions.py); the quotations are found anew. Prints, a novel and all together: decisions whose
paragraph is still there, how many of them are at their line, how many are told as lost, how many moved to another.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

from dotsbook.book import Book, Chapter, Paragraph, Source
from dotsbook.casting.annotated import samples
from dotsbook.casting.cast_of import CastReading
from dotsbook.casting.decisions import BookLines, placed, with_decisions
from tests.casting.test_decisions import edited

Line = tuple[str, tuple[int, int] | None]  # a paragraph's words, and where it stood before

LONG = 100  # paragraphs of a chapter: some novels have none that are marked


def book_of(chapters: list[list[Line]]) -> Book:
    parts, built, at = [], [], 0
    for number, chapter in enumerate(chapters, 1):
        paragraphs = []
        for words, _ in chapter:
            paragraphs.append(Paragraph("a", at, at + len(words)))
            parts.append(words)
            at += len(words) + 2
        built.append(Chapter(number, "", tuple(paragraphs)))
    return Book("T", "", "en", {"a": Source("a", "\n\n".join(parts), 0)}, tuple(built), ())


def outlived(before: list[list[str]], dice: random.Random) -> Counter[str]:
    chapters: list[list[Line]] = [
        [(words, (number, index)) for index, words in enumerate(chapter)]
        for number, chapter in enumerate(before, 1)
    ]
    book = book_of(chapters)
    spoken = [one for one in CastReading(book).quotations if not one.cited]
    chosen = dice.sample(spoken, min(200, len(spoken)))
    rows = with_decisions(
        [], BookLines(book, spoken), {one.place: f"who {number}" for number, one in enumerate(chosen)}
    )
    for _ in range(50):
        edited(chapters, dice)
    new = book_of(chapters)
    found, lost = placed(rows, BookLines(new, CastReading(new).quotations))
    was = {
        (number, index): origin
        for number, chapter in enumerate(chapters, 1)
        for index, (_, origin) in enumerate(chapter)
    }
    at = {speaker: place for place, speaker in found.items()}
    count: Counter[str] = Counter(told=len(lost))
    for number, one in enumerate(chosen):
        if (one.chapter, one.paragraph) not in set(was.values()):
            continue
        place = at.get(f"who {number}")
        count["there"] += 1
        count["kept"] += place is not None and was[place[:2]] == (one.chapter, one.paragraph)
        count["moved"] += place is not None and was[place[:2]] != (one.chapter, one.paragraph)
    return count


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--only", default="")
    options.add_argument("--seed", type=int, default=1)
    said = options.parse_args()
    total: Counter[str] = Counter()
    for sample in samples(said.folder, "pdnc"):
        if said.only not in sample.name:
            continue
        lines = [
            sample.text[one.start : one.end] for chapter in sample.book.chapters for one in chapter.paragraphs
        ]
        text = [lines[start : start + LONG] for start in range(0, max(1, len(lines) - LONG), LONG)]
        count = outlived(text, random.Random(said.seed))
        total.update(count)
        print(
            f"{sample.name}: {count['kept']} of {count['there']} at their line, {count['moved']} moved, {count['told']} told",
            flush=True,
        )
    print(
        f"all: {total['kept']} of {total['there']} at their line, {total['moved']} moved, {total['told']} told"
    )


if __name__ == "__main__":
    main()
