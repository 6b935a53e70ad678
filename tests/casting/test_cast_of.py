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
