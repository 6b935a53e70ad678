"""speakers.tsv: what a person decided stays with its line, whatever becomes of the book around it."""

import random
from dataclasses import replace

import pytest

from dotsbook.book import Book, Chapter, Paragraph, Source
from dotsbook.casting.decisions import BookLines, load_decisions, placed, with_decisions, written
from dotsbook.casting.quotation import Quotation
from dotsbook.errors import ManifestError

WORDS = [
    "the",
    "boat",
    "water",
    "lamp",
    "hill",
    "nobody",
    "road",
    "gull",
    "rail",
    "morning",
    "tide",
    "house",
    "door",
    "hand",
    "letter",
    "night",
    "window",
    "rain",
    "fire",
    "stone",
    "river",
    "bridge",
    "garden",
    "horse",
    "winter",
    "silver",
    "paper",
    "candle",
    "stair",
    "kitchen",
    "harbour",
    "island",
]


def story(seed: int, chapters: int = 12, paragraphs: int = 40) -> list[list[str]]:
    """Chapters of paragraphs; two of three hold a line, and some lines are the same short ones again and again."""
    dice = random.Random(seed)

    def words(least: int, most: int) -> str:
        return " ".join(dice.choice(WORDS) for _ in range(dice.randint(least, most))).capitalize()

    found = []
    for _ in range(chapters):
        chapter = []
        for number in range(paragraphs):
            if number % 3 == 0:
                chapter.append(f"{words(8, 40)}.")
            elif dice.random() < 0.1:
                chapter.append(dice.choice(["“Yes.”", "“No.”", "“What?” she said."]))
            else:
                chapter.append(f"“{words(3, 20)}.” {words(2, 8)}. “{words(2, 9)}!”")
        found.append(chapter)
    return found


def made(chapters: list[list[str]]) -> tuple[Book, list[Quotation]]:
    """The book, and each “…” in it as a quotation."""
    text, built, quotations = "", [], []
    for number, chapter in enumerate(chapters, 1):
        paragraphs = []
        for index, words in enumerate(chapter):
            start = len(text)
            text += words + "\n"
            paragraphs.append(Paragraph("a", start, start + len(words)))
            at = which = 0
            while (begin := words.find("“", at)) >= 0:
                at = words.find("”", begin) + 1
                quotations.append(Quotation(number, index, which, ((begin, at),), 0))
                which += 1
        built.append(Chapter(number, f"Chapter {number}", tuple(paragraphs)))
    return Book("T", "", "en", {"a": Source("a", text, 0)}, tuple(built), ()), quotations


def edited(chapters: list[list[tuple]], dice: random.Random) -> None:
    """One edit as an author makes them. A paragraph is (words, the paragraph it was)."""
    chapter = dice.choice(chapters)
    at = dice.randrange(len(chapter))
    match dice.randrange(6):
        case 0 | 1:  # a word
            words = chapter[at][0].split(" ")
            place = dice.randrange(len(words))
            keep = "".join(mark for mark in words[place] if mark in "“”.!?")
            if not keep:
                words[place] = dice.choice(WORDS)
            chapter[at] = (" ".join(words), chapter[at][1])
        case 2:  # a new paragraph
            chapter.insert(at, (f"“{' '.join(dice.choices(WORDS, k=9))}.”", None))
        case 3:  # one less
            del chapter[at]
        case 4:  # two change places
            other = dice.randrange(len(chapter))
            chapter[at], chapter[other] = chapter[other], chapter[at]
        case 5:  # a chapter moves
            chapters.insert(dice.randrange(len(chapters)), chapters.pop(dice.randrange(len(chapters))))


@pytest.mark.parametrize("seed", range(3))
def test_decisions_outlive_fifty_edits(seed):
    dice = random.Random(seed)
    before = story(seed)
    book, quotations = made(before)
    lines = BookLines(book, quotations)
    chosen = dice.sample(quotations, 200)
    decisions = with_decisions([], lines, {one.place: f"who {number}" for number, one in enumerate(chosen)})
    marked = [
        [(words, (number, index)) for index, words in enumerate(chapter)]
        for number, chapter in enumerate(before, 1)
    ]
    for _ in range(50):
        edited(marked, dice)
    new, now = made([[words for words, _ in chapter] for chapter in marked])
    found, lost = placed(decisions, BookLines(new, now))
    was = {
        (number, index): origin
        for number, chapter in enumerate(marked, 1)
        for index, (_, origin) in enumerate(chapter)
    }
    there = {origin for origin in was.values() if origin}
    wrong = right = 0
    by_speaker = {speaker: place for place, speaker in found.items()}
    alive = 0
    for number, one in enumerate(chosen):
        if (one.chapter, one.paragraph) not in there:
            continue
        alive += 1
        place = by_speaker.get(f"who {number}")
        if place is not None:
            same = was[place[0], place[1]] == (one.chapter, one.paragraph) and place[2] == one.number
            right, wrong = right + same, wrong + (not same)
    assert wrong == 0
    assert right >= 0.99 * alive
    assert len(found) + len(lost) == 200


def test_the_file_is_written_and_read_again(tmp_path):
    book, quotations = made(story(1))
    lines = BookLines(book, quotations)
    path = tmp_path / "speakers.tsv"
    rows = with_decisions([], lines, {quotations[3].place: "Mara", quotations[9].place: ""})
    path.write_text(written(rows), "utf-8")
    assert load_decisions(path) == rows
    assert placed(rows, lines) == ({quotations[3].place: "Mara", quotations[9].place: ""}, [])
    again = with_decisions(rows, lines, {quotations[3].place: "Anselm"})
    assert len(again) == 2 and placed(again, lines)[0][quotations[3].place] == "Anselm"


def test_a_torn_row_is_named(tmp_path):
    path = tmp_path / "speakers.tsv"
    path.write_text("# head\nMara\t“No.”\n")
    with pytest.raises(ManifestError, match="line 2: a row has 5 cells"):
        load_decisions(path)


def test_the_same_words_in_two_places_are_told_and_not_guessed():
    book, quotations = made([["He looked at her.", "“No.”", "Rain.", "“Stay.”"]])
    row = BookLines(book, quotations).decision(quotations[0].place, "Mara")
    twice, now = made([["Something else.", "“No.”", "Something else.", "“No.”"]])
    found, lost = placed([replace(row, before="gone entirely", after="gone too")], BookLines(twice, now))
    assert not found and "may stand anywhere" in lost[0].why
