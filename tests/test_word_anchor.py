"""Words of a paragraph found again after edits, or told; never moved."""

import random
from dataclasses import replace

import pytest

from dotsbook.book import Book, Chapter, Paragraph, Source
from dotsbook.word_anchor import BookWords, WordAnchor

LONG = "The boat left at half past six, and nobody waved from the quay, because nobody had known that it would leave."
STORY = [
    [
        LONG,
        "“Yes.”",
        "It rained. It rained on the roof and on the boat.",
        "“Yes.”",
        "She looked at the water for long.",
    ]
]


def made(chapters: list[list[str]]) -> Book:
    text, built = "", []
    for number, chapter in enumerate(chapters, 1):
        paragraphs = []
        for words in chapter:
            paragraphs.append(Paragraph("a", len(text), len(text) + len(words)))
            text += words + "\n"
        built.append(Chapter(number, f"Chapter {number}", tuple(paragraphs)))
    return Book("T", "", "en", {"a": Source("a", text, 0)}, tuple(built), ())


def anchored(chapters: list[list[str]], paragraph: int, words: str, number: int = 1) -> WordAnchor:
    book = made(chapters)
    part = book.chapters[0].paragraphs[paragraph]
    text, at = book.sources["a"].text, part.start - 1
    for _ in range(number):
        at = text.index(words, at + 1)
    return BookWords(book).anchor(1, paragraph, at, at + len(words))


def found(anchor: WordAnchor, chapters: list[list[str]]) -> str:
    """The words with what stands to their left, or why they aren't found."""
    book = made(chapters)
    place, why = BookWords(book).place(anchor)
    if place is None:
        return why
    text = book.sources["a"].text
    return f"{text[max(0, place.start - 8) : place.start]}|{text[place.start : place.end]}"


def test_words_are_found_in_the_book_they_were_marked_in():
    anchor = anchored(STORY, 2, "rained", 2)
    assert (anchor.words, anchor.number) == ("rained", 2)
    assert found(anchor, STORY) == "ned. It |rained"
    assert found(anchored(STORY, 0, "nobody", 2), STORY) == "because |nobody"


@pytest.mark.parametrize(
    "change, expected",
    [
        (("half past six", "seven"), "because |nobody"),
        (("nobody waved", "somebody waved"), "because |nobody"),
        (("because nobody had known", "for nobody had known"), "ay, for |nobody"),
        (("because nobody had", "because they had"), "its paragraph has changed"),
        ((LONG, "Another line that has nothing to do with that one."), "its paragraph isn't in the book"),
        (("quay, because", "quay.\nBecause"), "Because |nobody"),
    ],
)
def test_an_edit_of_the_paragraph(change, expected):
    anchor = anchored(STORY, 0, "nobody", 2)
    new = [[line for words in STORY[0] for line in words.replace(*change).split("\n")]]
    assert found(anchor, new).startswith(expected)


def test_a_paragraph_that_was_divided_or_joined():
    anchor = anchored(STORY, 0, "nobody had known")
    divided = [[LONG[:30].strip(), LONG[30:].strip(), *STORY[0][1:]]]
    assert found(anchor, divided) == "because |nobody had known"
    joined = [[f"{LONG} {STORY[0][2]} {STORY[0][4]}"]]
    assert found(anchor, joined) == "because |nobody had known"


def test_short_lines_that_are_alike_are_told_by_what_stands_around_them():
    anchor = anchored(STORY, 3, "Yes", 1)
    assert anchor.before.endswith("on the boat.")
    new = [["“Yes.”", *STORY[0][:1], "“Yes.”", *STORY[0][2:]]]
    book = made(new)
    place, _ = BookWords(book).place(anchor)
    assert place and place.paragraph == 4
    alone = [["Nothing at all.", "“Yes.”", "Nothing of that.", "“Yes.”", "No."]]
    assert "anywhere" in found(anchor, alone)


def test_a_line_of_a_list_isnt_taken_for_another_of_it():
    rows = [f"Countries with more than {number},000 speakers of the language" for number in (900, 500, 100)]
    anchor = anchored([[*rows, LONG]], 2, "speakers")
    assert anchor.rival > 0.9
    assert found(anchor, [[*rows[:2], LONG]]) == "its paragraph isn't in the book any more"
    assert found(anchor, [[rows[0], rows[2], rows[1], LONG]]) == "100,000 |speakers"
    assert found(anchor, [[rows[0], f"{rows[1]} {rows[2]}", LONG]]).startswith(("100,000 |", "its paragraph"))


def test_a_chapter_that_stands_in_another_once_more_is_told_by_its_title():
    both = [STORY[0], [*STORY[0], "It was over."]]
    anchor = anchored(both, 2, "on the roof")
    assert (anchor.rival, anchor.chapter) == (1.0, "Chapter 1")
    place, _ = BookWords(made(both)).place(anchor)
    assert place and place.chapter == 1
    gone = [STORY[0][:2], both[1]]
    assert "several places" in found(anchor, gone), "the other chapter has it still"
    tales = [["One", "A tale", LONG], ["Another", "A tale", LONG]]
    anchor = anchored(tales, 1, "tale")
    place, _ = BookWords(made([["New"], *tales])).place(anchor)
    assert place and place.chapter == 2, "what stands before it is its own"
    assert "several places" in found(anchor, [["New"], tales[1]])


def test_a_paragraph_put_in_beside_a_short_one_hides_it_not():
    anchor = anchored([[*STORY[0][:3], "“No.”", *STORY[0][4:]]], 3, "No")
    beside = [*STORY[0][:3], "The rain.", "“No.”", "The wind.", *STORY[0][4:]]
    assert found(anchor, [beside]) == " rain.\n“|No"


def test_words_that_stand_among_the_same_in_another_paragraph_arent_taken_for_one_another():
    lines = [
        f"{LONG} It was cold.",
        f"He read: the boat left at half past six, and nobody waved from the pier. {STORY[0][4]}",
    ]
    anchor = anchored([lines], 0, "left at half past six")
    assert anchor.rival == 0.75
    assert found(anchor, [[lines[1]]]) == "its paragraph isn't in the book any more"


def test_words_alone_must_stand_in_the_book_once():
    assert found(WordAnchor("looked at the water"), STORY).endswith("|looked at the water")
    assert "several places" in found(WordAnchor("Yes"), STORY)
    assert "nowhere" in found(WordAnchor("half past seven"), STORY)
    assert "nowhere" in found(WordAnchor("Yes.” It rained"), STORY), "no words run over a paragraph's end"
    assert "nowhere" in found(WordAnchor("  "), STORY)
    assert "don't stand" in found(replace(anchored(STORY, 0, "nobody", 2), number=3), STORY)


def test_scripts_without_spaces():
    story = [["私は水を見た。雨が降っていた。", "はい。"]]
    anchor = anchored(story, 0, "雨が")
    assert found(anchor, [["彼は海を見た。雨が降っていた。", "はい。"]]).endswith("|雨が")


CHINESE = "船在六點半離開了碼頭，岸上沒有一個人向它揮手，因為誰也不知道它要走。"
THAI = "เรือออกไปตอนหกโมงครึ่งและไม่มีใครโบกมือจากท่าเรือเพราะไม่มีใครรู้ว่ามันจะออกไป"


@pytest.mark.parametrize(
    "paragraph, words, old, new",
    [
        (CHINESE, "揮手", "六點半", "七點"),
        (CHINESE, "誰也不知道", "岸上沒有一個人", "碼頭上沒有人"),
        (THAI, "โบกมือ", "หกโมงครึ่ง", "เจ็ดโมง"),
    ],
)
def test_a_paragraph_without_blanks_is_found_after_edits_by_its_characters(paragraph, words, old, new):
    story = [["他看着水，看了很久。", paragraph, "然後下起雨來了，下了一個鐘頭。"]]
    anchor = anchored(story, 1, words)
    assert len(anchor.before) < 14 and len(anchor.after) < 14, (
        "some words of the paragraphs beside it, not all"
    )
    edited = [[story[0][2], paragraph.replace(old, new)]]
    assert found(anchor, edited).endswith(f"|{words}")
    half = paragraph.index(words) - 9
    divided = [[story[0][0], paragraph[:half], paragraph[half:]]]
    assert found(anchor, divided).endswith(f"|{words}")
    assert "isn't in the book" in found(anchor, [["「好。」", "雨停了，街上一個人也沒有，他們就回家去了。"]])


def test_the_beginning_of_a_chapter_tells_nothing_about_a_heading():
    anchor = anchored([["三", "He came home at last, and the house was dark."], ["Other words."]], 0, "三")
    assert anchor.before == ""
    assert "anywhere" in found(anchor, [["三", "A letter lay on the table, unopened."], ["Other words."]])


@pytest.mark.parametrize("seed", range(4))
def test_marks_outlive_random_edits(seed):
    dice = random.Random(seed)
    vocabulary = [f"word{number}" for number in range(400)]
    chapters = [
        [[dice.choice(vocabulary) for _ in range(dice.randint(3, 60))] for _ in range(60)] for _ in range(5)
    ]
    spots = []
    for _ in range(100):
        chapter, index = dice.randrange(5), dice.randrange(60)
        words = chapters[chapter][index]
        size = dice.randint(1, min(4, len(words)))
        first = dice.randrange(len(words) - size + 1)
        spots.append((chapter, index, first, size))
    tagged = [
        [[(word, (c, p, w)) for w, word in enumerate(words)] for p, words in enumerate(ch)]
        for c, ch in enumerate(chapters)
    ]

    def text(story):
        return [[" ".join(word for word, _ in words) for words in chapter] for chapter in story]

    book = made(text(tagged))
    known = BookWords(book)
    anchors = []
    for chapter, index, first, size in spots:
        start = book.chapters[chapter].paragraphs[index].start + sum(
            len(word) + 1 for word in chapters[chapter][index][:first]
        )
        anchors.append(
            known.anchor(
                chapter + 1,
                index,
                start,
                start + len(" ".join(chapters[chapter][index][first : first + size])),
            )
        )
    for _ in range(50):
        chapter = dice.choice(tagged)
        at = dice.randrange(len(chapter))
        match dice.randrange(6):
            case 0 | 1:
                words = chapter[at]
                words[dice.randrange(len(words))] = (dice.choice(vocabulary), None)
            case 2:
                chapter.insert(at, [(dice.choice(vocabulary), None) for _ in range(9)])
            case 3:
                del chapter[at]
            case 4:
                half = len(chapter[at]) // 2
                chapter[at : at + 1] = (
                    [chapter[at][:half] or chapter[at], chapter[at][half:]] if half else [chapter[at]]
                )
            case 5:
                chapter.insert(dice.randrange(len(chapter)), chapter.pop(at))
    now = made(text(tagged))
    places = BookWords(now)
    right = alive = moved = 0
    for (chapter, index, first, size), anchor in zip(spots, anchors, strict=True):
        wanted = [(chapter, index, word) for word in range(first, first + size)]
        there = any(
            [tag for _, tag in words[at : at + size]] == wanted
            for ch in tagged
            for words in ch
            for at in range(len(words))
        )
        alive += there
        place, _ = places.place(anchor)
        if place is None:
            continue
        words = tagged[place.chapter - 1][place.paragraph]
        begin = now.chapters[place.chapter - 1].paragraphs[place.paragraph].start
        before = now.sources["a"].text[begin : place.start].count(" ")
        tags = [tag for _, tag in words[before : before + size]]
        right += there and tags == wanted
        moved += not set(tags) & set(wanted)
    assert moved == 0
    assert right >= 0.97 * alive
