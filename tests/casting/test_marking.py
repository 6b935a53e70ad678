"""Speaker marks where it is sure enough, the narrator elsewhere; scenes, and a language model's letters on them."""

from dataclasses import replace

import pytest

from dotsbook.book import Book, Chapter, Mark, Paragraph, Source
from dotsbook.casting.attribution import Attributed
from dotsbook.casting.cast_of import Casting
from dotsbook.casting.character import Character
from dotsbook.casting.language_model import asked_by_scene, open_model
from dotsbook.casting.marking import marked
from dotsbook.casting.quotation import Quotation
from dotsbook.casting.scene_answers import SceneAnswers
from dotsbook.casting.scenes import scenes_of
from dotsbook.errors import ModelError

LINES = ["“Not tonight,” said Mara.", "“Then when?”", "“Tomorrow.”", "He left.", "“Wait!”"]


def book_of(lines: list[str]) -> Book:
    text, paragraphs = "", []
    for line in lines:
        paragraphs.append(Paragraph("a", len(text), len(text) + len(line)))
        text += line + "\n"
    return Book("T", "", "en", {"a": Source("a", text, 0)}, (Chapter(1, "One", tuple(paragraphs)),), ())


def attributed(paragraph: int, name: str | None, probability: float, reason: str = "turn") -> Attributed:
    spans = ((0, LINES[paragraph].index("”") + 1),)
    others = {"Mara": 0.2, "Anselm": 0.2} | ({name: probability} if name else {})
    return Attributed(
        Quotation(1, paragraph, 0, spans, paragraph), name, probability, reason, tuple(others.items())
    )


CAST = [
    attributed(0, "Mara", 0.97, "tag: said Mara"),
    attributed(1, "Anselm", 0.8),
    attributed(2, "Mara", 0.75),
    attributed(4, "Anselm", 0.4),
]


def speakers(book: Book) -> list[str | None]:
    paragraphs = book.chapters[0].paragraphs
    return [next((mark.value for mark in one.marks if mark.kind == "speaker"), None) for one in paragraphs]


def test_lines_over_the_threshold_are_marked_and_no_text_changes():
    book = book_of(LINES)
    cast = marked(book, CAST, 0.7)
    assert speakers(cast) == ["Mara", "Anselm", "Mara", None, None]
    assert cast.sources == book.sources
    first = cast.chapters[0].paragraphs[0].marks[0]
    assert cast.sources["a"].text[first.start : first.end] == "“Not tonight,”"


def test_an_exchange_mostly_unsure_is_read_by_one():
    unsure = [replace(line, probability=0.3) for line in CAST[1:]]
    assert speakers(marked(book_of(LINES), [CAST[0], *unsure], 0.7)) == [None] * 5
    decided = [replace(CAST[0], probability=1.0), *unsure]
    assert speakers(marked(book_of(LINES), decided, 0.7)) == ["Mara", None, None, None, None]


def test_what_the_manuscript_marks_stays():
    book = book_of(LINES)
    own = replace(book.chapters[0].paragraphs[0], marks=(Mark(0, 5, "speaker", "Eve"),))
    book = replace(
        book, chapters=(replace(book.chapters[0], paragraphs=(own, *book.chapters[0].paragraphs[1:])),)
    )
    assert speakers(marked(book, CAST, 0.7))[0] == "Eve"


class ScriptedLetters:
    """Says the same letter to every line; counts how often it is asked."""

    name = "scripted"

    def __init__(self, letter: str, least: float = 0.0):
        self.letter, self.asked, self.least = letter, 0, least

    def chances(self, question: str, lines: int, letters: str) -> list[list[float]]:
        self.asked += 1
        return [[0.9 if letter == self.letter else 0.1 / (len(letters) - 1) for letter in letters]] * lines


PEOPLE = (Character("Mara", gender="f", lines=2), Character("Anselm", gender="m", lines=2))
CASTING = Casting("en", PEOPLE, tuple(CAST))


def test_a_scene_is_asked_with_its_lines_numbered():
    scene = next(scenes_of(book_of(LINES), CAST, PEOPLE))
    assert scene.people[0] == "Mara" and scene.letters.endswith("N")
    assert "A Mara (F)" in scene.question and "[1=A] “Not tonight,” said Mara." in scene.question
    assert "[4=?] “Wait!”" in scene.question


def test_the_model_chooses_and_never_overrules_a_named_tag(tmp_path):
    model = ScriptedLetters("B")
    cast = asked_by_scene(book_of(LINES), CASTING, model, SceneAnswers(tmp_path / "scenes.jsonl"))
    assert [line.name for line in cast.lines] == ["Mara", "Anselm", "Anselm", "Anselm"]
    assert cast.lines[0] == CAST[0] and cast.lines[3].probability > CAST[3].probability


def test_answers_are_kept_by_scene(tmp_path):
    path = tmp_path / "scenes.jsonl"
    model = ScriptedLetters("B")
    first = asked_by_scene(book_of(LINES), CASTING, model, SceneAnswers(path))
    path.write_bytes(path.read_bytes() + b'{"scene": "torn')
    again = asked_by_scene(book_of(LINES), CASTING, model, SceneAnswers(path))
    assert again == first and model.asked == 1


def test_a_model_that_is_not_there_and_a_server_elsewhere(tmp_path):
    with pytest.raises(ModelError, match="isn't this machine"):
        open_model("https://example.com/v1", tmp_path)
    with pytest.raises(ModelError, match="gave no log probabilities"):
        open_model("http://127.0.0.1:9/v1", tmp_path).chances("?", 1, "AB")
    (tmp_path / "model").mkdir()
    with pytest.raises(ModelError, match="can't be opened"):
        open_model("model", tmp_path)
