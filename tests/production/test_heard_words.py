"""Words as ears heard them in the text as it is written, and in the files that are made."""

import json

import pytest

import dotsbook
from dotsbook.production.heard_words import timed_words
from dotsbook.render.opinions import Opinion, SpokenWord
from tests.production.conftest import MANIFEST, make


def spoken(text: str, **doubts) -> tuple[SpokenWord, ...]:
    """Each word of a text, half a second long; doubts: {word: what was heard}."""
    words, at = [], 0
    for number, word in enumerate(text.split()):
        start = text.index(word, at)
        at = start + len(word)
        heard, doubt = (doubts[word], 0.9) if word in doubts else (word, 0.1)
        words.append(SpokenWord(start, at, number / 2, (number + 1) / 2, heard, doubt))
    return tuple(words)


@pytest.mark.parametrize(
    ("text", "said", "pieces"),
    [
        ("The boat left.", "The boat left.", ["The", "boat", "left."]),
        ("It left at 6:30 sharp.", "It left at six thirty sharp.", ["It", "left", "at", "6:30", "sharp."]),
        ("Siobhan's hat, grey.", "Shivawn's hat, grey.", ["Siobhan's", "hat,", "grey."]),
        ("£4m in 1914", "four million pounds in nineteen fourteen", ["£4m", "in", "1914"]),
        ("“Dr. No,” he\nsaid.", "Doctor No, he said.", ["“Dr.", "No,”", "he", "said."]),
    ],
)
def test_words_stand_where_they_are_written(text, said, pieces):
    found = timed_words(text, said, spoken(said))
    assert [text[word.start : word.end] for word in found] == pieces
    assert found[0].begins == 0 and found[-1].ends == len(said.split()) / 2
    assert all(one.ends <= two.begins for one, two in zip(found, found[1:], strict=False))


def test_a_doubted_word_and_what_follows_the_text():
    said = "It left at six thirty."
    after = SpokenWord(len(said), len(said), 2.5, 3.0, "oh", 0.8)
    found = timed_words("It left at 6:30.", said, (*spoken(said, six="sick"), after))
    assert [(word.heard, word.doubted) for word in found][-2:] == [("sick thirty.", True), ("oh", True)]
    assert (found[-1].start, found[-1].end) == (16, 16)


class AllHeard:
    name, version, threshold = "words", "1", 0.5

    def hear(self, take):
        seconds = len(take.samples) / take.rate
        words = spoken(take.text)
        scale = seconds / max(1, len(words)) * 2
        timed = [
            SpokenWord(w.start, w.end, w.begins * scale, w.ends * scale, w.heard, w.doubt) for w in words
        ]
        return Opinion(0.9, words=tuple(timed))


def test_a_book_that_was_heard_has_its_words_in_its_files(tmp_path, monkeypatch):
    monkeypatch.setattr("dotsbook.production.book_judges.ears_of", lambda session: [AllHeard()])
    folder = make(tmp_path / "book", manifest=MANIFEST + "output: {formats: [vtt], highlight: word}\n")
    with dotsbook.open(folder) as book:
        list(book.render())
        made = {one.format: one for one in book.assemble()}
        assert made.keys() == {"vtt", "words"} and all(one.proof.ok for one in made.values())
        proof = json.loads(made["words"].path.read_text("utf-8"))
        chunks = {chunk.id: chunk for chunk in book.chunks()}
    assert made["words"].path.name == "The Ferry.words.json"
    assert proof["words"]["heard"] > 10 and proof["lines"]["heard"] == proof["lines"]["all"] == len(chunks)
    for chapter in proof["chapters"]:
        for line in chapter["lines"]:
            assert " ".join(word["text"] for word in line["words"]) == " ".join(
                chunks[line["chunk"]].text.split()
            )
    assert "at <00:" in made["vtt"].path.read_text("utf-8"), "words have their times"


def test_a_book_that_nobody_heard_has_no_proof_of_words(ferry):
    with dotsbook.open(ferry) as book:
        list(book.render())
        assert [one.format for one in book.assemble(["vtt"])] == ["vtt"]
