from dataclasses import replace

import pytest

from dotsbook.book import Book, Chapter, Paragraph, Source
from dotsbook.casting.cast_of import read_cast
from dotsbook.casting.roster import Member, Roster

STORY = """Emma Marsh came in and shut the door. Her brother Tom looked up.

"You are late," said Tom.

"The train was late," said Emma. "I ran all the way."

"Then sit down, Emma."

"I will. Is there any tea?"

"There is," said Tom, "but it is cold."

She laughed at him. They called it "the usual" at home.

"Mrs. Grey called," Tom said at last.

"What did she want?" asked Emma.

"Money."
"""


def book(text: str, language: str = "en") -> Book:
    paragraphs, at = [], 0
    for block in text.split("\n\n"):
        start = text.index(block, at)
        at = start + len(block)
        paragraphs.append(Paragraph("one", start, start + len(block.rstrip())))
    return Book(
        "A Story", "", language, {"one": Source("one", text, 0)}, (Chapter(1, "", tuple(paragraphs)),), ()
    )


def names(cast) -> list[str | None]:
    return [line.name for line in cast.lines]


def test_a_book_without_words_has_no_cast():
    cast = read_cast(Book("", "", "en", {}, (), ()))
    assert not cast.characters and not cast.lines and cast.told


def test_tags_name_the_speaker_and_turns_go_on():
    cast = read_cast(book(STORY))
    people = ["Tom", "Emma Marsh", "Tom", "Emma Marsh", "Tom", None, "Tom", "Emma Marsh", "Tom"]
    assert names(cast) == people
    assert cast.lines[0].reason == "tag: said Tom"
    assert cast.lines[5].quotation.cited
    genders = {person.name: person.gender for person in cast.characters}
    assert genders["Tom"] == "m" and genders["Emma Marsh"] == "f"


def test_a_tag_inside_a_line_is_no_part_of_its_spans():
    made = book(STORY)
    line = read_cast(made).lines[4]
    start = made.chapters[0].paragraphs[line.quotation.paragraph].start
    assert [STORY[start + a : start + b] for a, b in line.quotation.spans] == [
        '"There is,"',
        '"but it is cold."',
    ]


def test_what_a_person_decided_stands():
    place = read_cast(book(STORY)).lines[3].quotation.place
    cast = read_cast(book(STORY), decided={place: "Mrs. Grey"})
    assert cast.lines[3].name == "Mrs. Grey" and cast.lines[3].probability == 1.0


def test_the_roster_names_people():
    roster = Roster((Member("Em", also=("Emma", "Emma Marsh"), gender="f"), Member("Thomas", also=("Tom",))))
    cast = read_cast(book(STORY), roster)
    assert names(cast)[:2] == ["Thomas", "Em"]
    assert {person.name for person in cast.characters} >= {"Thomas", "Em"}


def test_a_language_without_rules_is_told():
    cast = read_cast(book(STORY, "cy"))
    assert cast.told and set(names(cast)) == {None}


def test_a_speech_that_goes_on_is_one_turn_and_one_speakers():
    cast = read_cast(book(STORY + '\n"I walked.\n\n"And then I ran," said Tom.\n\n"Did you?" said Emma.\n'))
    first, second, last = cast.lines[-3:]
    assert first.name == second.name == "Tom" and first.quotation.turn == second.quotation.turn
    assert last.name == "Emma Marsh" and last.quotation.turn != second.quotation.turn


def test_two_speakers_in_one_paragraph_are_two_quotations():
    cast = read_cast(book(STORY + '\n"Now," said Tom, "come." "No," said Emma.\n'))
    assert names(cast)[-2:] == ["Tom", "Emma Marsh"]
    assert [line.quotation.number for line in cast.lines[-2:]] == [0, 1]


def test_markup_stands_before_all_else():
    made = book(STORY)
    chapter = made.chapters[0]
    paragraphs = list(chapter.paragraphs)
    paragraphs[1] = replace(paragraphs[1], speaker="Uncle Joe")
    cast = read_cast(replace(made, chapters=(replace(chapter, paragraphs=tuple(paragraphs)),)))
    assert cast.lines[0].name == "Uncle Joe" and cast.lines[0].reason == "markup"


def test_the_narrator_in_the_first_person_speaks_as_i():
    text = 'I came in. I was cold, and I said so, as I do.\n\n"It is cold," said I.\n\n"It is," said Tom.'
    cast = read_cast(book(text))
    assert cast.lines[0].name == "I" and any(one.is_narrator for one in cast.characters)


def test_tags_between_quotations_belong_to_the_next_speaker_where_they_lead_on():
    text = (
        'Pooh sat by the fire with Piglet.\n\n"Yes," said Pooh.\n\n"No," said Piglet.\n\n'
        'Piglet said, "If you see what I mean," and Pooh said, "It is just what I think."\n\n'
        '"I wish it were spring," said Pooh, and his mother turned and said, "It soon will be."'
    )
    cast = read_cast(book(text))
    assert names(cast)[2:5] == ["Piglet", "Pooh", "Pooh"]
    assert len(cast.lines) == 6


def test_a_roster_knows_people_by_what_they_are():
    text = (
        '"Who is there?" said the man with the black beard.\n\n"Nobody," said the barman.\n\n'
        '"Open the door," said the man with the beard.\n\n"Never!" cried the first policeman.'
    )
    members = ("The Man With The Black Beard", "The Barman", "The First Policeman", "The Second Policeman")
    cast = read_cast(book(text), Roster(tuple(Member(name) for name in members), closed=True))
    assert names(cast) == [members[0], members[1], members[0], members[2]]


def test_a_bare_surname_is_not_the_wifes():
    text = "\n\n".join(
        [
            '"Come in," said Mrs. Hall.',
            '"Not I," said Hall. He shook his head.',
            '"Then stay," said Mrs. Hall.',
            '"I will," said Hall.',
        ]
        * 3
    )
    cast = read_cast(book(text))
    assert names(cast)[:2] == ["Mrs Hall", "Hall"]
    assert {one.name: one.gender for one in cast.characters} == {"Mrs Hall": "f", "Hall": "m"}


def test_the_reason_of_a_tag_in_the_paragraph_before_says_so():
    cast = read_cast(book('Emma Marsh turned to Tom and said:\n\n"It is late."\n\n"It is," said Tom.'))
    assert (names(cast)[0], cast.lines[0].reason) == ("Emma Marsh", "tag: in the paragraph before")


TAGGED = [  # the last of a text's lines is whose
    ("“Yes,” said Ann, “I will.” And then he said, “How?” and Tom said, “So.”", "Tom"),
    (
        "Mr. Beebe, who was alone in the absence of Miss Bartlett, ventured to say:\n\n“I wish we could.”",
        "Mr Beebe",
    ),
    (
        "Charles, vexed with his father and his wife, then repeated: “The question is whether she did.”",
        "Charles",
    ),
    ("“We are late,” said Ann. The talk was broken by Tom’s saying, “There is time.”", "Tom"),
    ("“There is a later will.” It was Charles who spoke.", "Charles"),
    ("“We know.” Then, “Hm!” from Tom, who thought it amusing.", "Tom"),
    ("Charles passed by, asking, as he saw the page, “Still there?” Ann snorted, and turned it.", "Charles"),
    ("“Come,” said Ann, while Tom, whose egg was gone, exclaimed in a loud tone: “I am so tired.”", "Tom"),
    ("“Come,” said Ann. Miss Bartlett laughed too. “No, I won’t,” she declared.", "Miss Bartlett"),
    ("Ann stopped, for Charles cried out, “Silence in the court!”", "Charles"),
]
KNOWN = "“Yes,” said Ann.\n\n“No,” said Tom.\n\n“Never,” said Charles.\n\n“Sir,” said Miss Bartlett.\n\n“Well,” said Mr. Beebe.\n\n"


@pytest.mark.parametrize(("text", "who"), TAGGED)
def test_a_tag_names_whoever_acts_in_it(text, who):
    last = read_cast(book(KNOWN + "Time went by.\n\n" * 12 + text)).lines[-1]
    assert last.name == who and last.reason.startswith("tag")


def test_a_speaker_named_long_ago_in_the_exchange_is_still_meant():
    talk = "\n\n".join(f"“It is so, and {k} times so.”\n\n“It is not,” said Ann." for k in range(12))
    text = KNOWN + "Time went by.\n\n" * 12 + f"Tom met Ann at the gate.\n\n{talk}\n\n“It is,” he said."
    assert read_cast(book(text)).lines[-1].name == "Tom"


def test_a_woman_is_not_he():
    text = (
        KNOWN
        + "Time went by.\n\n" * 12
        + "Miss Bartlett stood by Ann. Miss Bartlett laughed.\n\n“Is it so?” he said."
    )
    assert read_cast(book(text)).lines[-1].name not in ("Miss Bartlett", "Ann")
