"""A cast found in a book: voices for its people, decisions that stay, takes that change only where a speaker does."""

import json

import pytest

import dotsbook
from dotsbook.errors import ManifestError, SourceError

BOOK = """title: The Ferry
author: A. Writer
language: en
source: story.txt
engine: syllables
voices: {narrator: {}, mara: {gender: f}, anselm: {gender: m}}
"""
STORY = """CHAPTER ONE

Mara Hale came down to the water in the morning. Anselm was waiting for her by the boat.

“You are late,” said Anselm.

“I am never late,” said Mara Hale. She looked at the sky. “It will rain before noon.”

“Then we had better go,” he said.

“Not before I have had my breakfast,” Mara said, and sat down on the wall.

Anselm laughed. “There is bread in the boat.”

“And butter?” asked Mara.

“And butter,” said Anselm.

They crossed the water without another word, and the rain came at noon as she had said.
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "book.yaml").write_text(BOOK)
    (tmp_path / "story.txt").write_text(STORY)
    (tmp_path / ".dotsbook").mkdir()
    return tmp_path


def spoken(folder) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with dotsbook.open(folder) as book:
        for chunk in book.chunks():
            found.setdefault(chunk.voice, []).append(chunk.text)
    return found


def switched_on(folder) -> None:
    with dotsbook.open(folder) as book:
        book.cast.write()
        book.cast.switch_on()


def test_off_unless_the_manifest_says_so(folder):
    assert set(spoken(folder)) == {"narrator"}
    with dotsbook.open(folder) as book:
        members = {one.name: one for one in book.cast.members()}
    assert {"Mara Hale", "Anselm"} <= set(members)
    assert (members["Mara Hale"].gender or "f", members["Anselm"].voice) == ("f", "")
    assert set(spoken(folder)) == {"narrator"} and not (folder / "cast.yaml").exists()


def test_a_plan_says_what_casting_would_find_and_who_speaks(folder):
    with dotsbook.open(folder) as book:
        plan = book.plan()
        assert plan.casting.startswith("Casting is off. It would give ") and "to 2 people" in plan.casting
        assert {chunk.speaker for chunk in book.chunks()} == {""}
    switched_on(folder)
    with dotsbook.open(folder) as book:
        assert book.plan().casting == "" and book.plan().record()["casting"] == ""
        said = {chunk.text: (chunk.speaker, chunk.voice) for chunk in book.chunks()}
    assert said["“You are late,”"] == ("Anselm", "anselm")
    assert {speaker for text, (speaker, _) in said.items() if "asked Mara" in text} == {""}


def test_a_plan_looks_at_a_long_book_only_as_far_as_is_quick(folder, monkeypatch):
    monkeypatch.setattr("dotsbook.production.cast_step.LOOKED_AT", 150)
    with dotsbook.open(folder) as book:
        assert book.plan().casting.startswith("Casting is off. In the first 150 characters it would give ")


def test_people_speak_in_voices_dealt_by_gender(folder):
    with dotsbook.open(folder) as book:
        receipt = book.plan().receipt
    switched_on(folder)
    voices = spoken(folder)
    assert "“You are late,”" in voices["anselm"] and "“I am never late,”" in voices["mara"]
    assert any("said Anselm" in text for text in voices["narrator"])
    with dotsbook.open(folder) as book:
        assert book.plan().receipt == receipt
    assert "casting: {threshold: 0.7}" in (folder / "book.yaml").read_text()
    assert "voice: mara" in (folder / "cast.yaml").read_text()


def test_a_decision_costs_its_line_and_outlives_an_edit(folder):
    switched_on(folder)
    with dotsbook.open(folder) as book:
        for _ in book.render():
            pass
        line = next(chunk.id for chunk in book.chunks() if "And butter?" in chunk.text)
        before = {(chunk.voice, chunk.text) for chunk in book.chunks()}
        assert book.plan().estimate.chunks == 0
        assert book.cast.decide(line, "Anselm") == 1
    with dotsbook.open(folder) as book:
        assert next(chunk.voice for chunk in book.chunks() if "And butter?" in chunk.text) == "anselm"
        # An answer decides its scene anew: only lines that another voice speaks by it are made again.
        changed = [chunk for chunk in book.chunks() if (chunk.voice, chunk.text) not in before]
        assert book.plan().estimate.chunks == len(changed) <= 2
        line = next(chunk.id for chunk in book.chunks() if "And butter?" in chunk.text)
        assert book.cast.who(line)[0].probability == 1.0
    text = (folder / "story.txt").read_text()
    (folder / "story.txt").write_text(
        text.replace("CHAPTER ONE\n", "CHAPTER ONE\n\nIt was a grey day in autumn.\n")
    )
    assert "“And butter?”" in spoken(folder)["anselm"]
    (folder / "story.txt").write_text(text.replace("“And butter?” asked Mara.\n\n", ""))
    with dotsbook.open(folder) as book:
        assert any("And butter?" in told and "isn't found" in told for told in book.cast.told)
        assert any("isn't found" in told for told in book.plan().warnings)


def test_two_names_are_joined_and_the_roster_is_checked(folder):
    switched_on(folder)
    with dotsbook.open(folder) as book:
        book.cast.merge("Anselm", "Mara Hale")
    assert "mara" not in spoken(folder)
    (folder / "cast.yaml").write_text("Mara Hale: {voice: marra}\n")
    with pytest.raises(ManifestError, match="did you mean `mara`"), dotsbook.open(folder) as book:
        book.plan()
    (folder / "cast.yaml").write_text("Mara Hale: {voice: default}\nAnselm: {also: [Mara Hale]}\n")
    with pytest.raises(ManifestError, match="both Mara Hale and Anselm"), dotsbook.open(folder) as book:
        book.plan()


def test_what_the_book_was_begun_with_stays(folder, monkeypatch):
    switched_on(folder)
    with dotsbook.open(folder) as book:
        for _ in book.render():
            pass
    before = spoken(folder)
    kept = folder / ".dotsbook" / "cast.json"
    data = json.loads(kept.read_text())
    data["version"] = -1  # found by older rules
    kept.write_text(json.dumps(data))
    (folder / ".dotsbook" / "cache" / "narration.db").unlink()
    assert spoken(folder) == before
    with dotsbook.open(folder) as book:
        assert any("older rules" in told for told in book.plan().warnings)
        book.cast.answers(anew=True)
    assert json.loads(kept.read_text())["version"] != -1


def test_lines_that_are_not_there_and_a_book_without_any(folder):
    with dotsbook.open(folder) as book:
        for lines, said in (("9.9", "no chunk 9.9"), ("1.1", "holds no quotation"), ("x", "is no line")):
            with pytest.raises(ManifestError, match=said):
                book.cast.who(lines)
        with pytest.raises(ManifestError, match="nobody called Bob"):
            book.cast.sample("Bob")
    (folder / "story.txt").write_text("CHAPTER ONE\n\nThe rain came at noon and nobody was out in it.\n")
    with pytest.raises(SourceError, match="Nobody speaks in this book"), dotsbook.open(folder) as book:
        book.cast.members()


def test_a_series_takes_over_its_people(folder, tmp_path):
    first = tmp_path / "one"
    first.mkdir()
    (first / "cast.yaml").write_text("Mara Hale: {voice: mara, also: [Mara]}\n")
    (folder / "book.yaml").write_text(BOOK + "cast: {from: one}\ncasting: {threshold: 0.5}\n")
    assert "“I am never late,”" in spoken(folder)["mara"]
    (folder / "book.yaml").write_text(BOOK + "cast: {from: nowhere}\n")
    with pytest.raises(ManifestError, match="has no cast.yaml"), dotsbook.open(folder) as book:
        book.plan()


def test_the_draft_voice_is_dealt_new_voices(folder):
    (folder / "book.yaml").write_text(
        BOOK.replace("engine: syllables", "engine: draft").replace(
            "voices: {narrator: {}, mara: {gender: f}, anselm: {gender: m}}", "voices:\n  narrator: {}"
        )
    )
    with dotsbook.open(folder) as book:
        book.cast.write()
    text = (folder / "book.yaml").read_text()
    assert "mara-hale" in text and "anselm" in text and "variant" in text
    with dotsbook.open(folder) as book:
        assert {one.voice for one in book.cast.members() if one.name in ("Mara Hale", "Anselm")} == {
            "mara-hale",
            "anselm",
        }
