"""A book is read again after a change: only the chapters that changed are worked out, and the result is as if all were."""

import shutil

import pytest

import dotsbook
from dotsbook.text.script.script_writer import ScriptWriter

STORY = """\
# The Ferry

## One

The boat left at 6:30. **Mara:** "Not tonight," she said. [He ran]{instruct="very loud"} on.

**Stranger:** "Who goes there?" Nobody answered for 12 km.

***

It rained.

## Two

They ran over the hill. Dr. Hale was 40 years old.

**Stranger:** "Nobody," said Nobody.

## Three

The end of it, at last. 3 birds flew.
"""
MANIFEST = """\
title: The Ferry
language: en
source: story.md
engine: syllables
voices: {narrator: {}, mara: {}}
cast: {Mara: mara, default: narrator}
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "ferry"
    made.mkdir()
    (made / "story.md").write_text(STORY)
    (made / "book.yaml").write_text(MANIFEST)
    (made / ".dotsbook").mkdir()
    told(made)
    return made


def told(folder) -> tuple:
    """All that a narration says."""
    with dotsbook.open(folder) as book:
        narration = book.session.narration
        return (
            list(narration),
            list(narration.changes(None)),
            narration.receipt,
            narration.warnings,
            narration.voices,
            narration.skipped,
        )


@pytest.fixture
def worked_out(monkeypatch) -> list[int]:
    """The chapters that are worked out."""
    found: list[int] = []
    own = ScriptWriter.chapter

    def noted(self, chapter):
        found.append(chapter.number)
        return own(self, chapter)

    monkeypatch.setattr(ScriptWriter, "chapter", noted)
    return found


def edit(folder, before: str, after: str) -> None:
    story = folder / "story.md"
    assert before in story.read_text()
    story.write_text(story.read_text().replace(before, after))


def direct(folder) -> None:
    with dotsbook.open(folder) as book:
        line = next(chunk.id for chunk in book.chunks() if "They ran" in chunk.text)
        book.direction.direct(line, {"pause-after": 1.5})


def say(folder) -> None:
    with dotsbook.open(folder) as book:
        book.review.say_instead(next(chunk.id for chunk in book.chunks() if "birds" in chunk.text), "Birds.")


def entries(text: str):
    """The lexicon as it is from now on."""

    def write(folder) -> None:
        (folder / "lexicon.yaml").write_text(text)
        if "lexicon" not in (manifest := (folder / "book.yaml").read_text()):
            (folder / "book.yaml").write_text(f"{manifest}lexicon: lexicon.yaml\n")

    return write


def one_after_another(*changes):
    def change(folder) -> None:
        for one in changes:
            told(folder)
            one(folder)

    return change


CHANGES = {
    "a sentence": (lambda folder: edit(folder, "It rained.", "It snowed, and snowed."), 1),
    "a sentence in the last": (lambda folder: edit(folder, "3 birds", "4 birds"), 1),
    "a stranger's line goes": (
        lambda folder: edit(folder, '**Stranger:** "Nobody," said Nobody.\n\n', ""),
        1,
    ),
    "a direction": (direct, 1),
    "a line said otherwise": (say, 0),
    "the cast": (
        lambda folder: (folder / "book.yaml").write_text(MANIFEST.replace("Mara: mara", "Stranger: mara")),
        3,
    ),
    "an entry": (entries("Hale: hail\n"), 1),
    "an entry in all capitals' place": (entries("they: {say: thay, case: any}\n"), 1),
    "an entry for no word of the book": (entries("Zanzibar: zan zi bar\n"), 0),
    "an entry in two chapters": (entries("Nobody: no-body\n"), 2),
    "a pattern": (entries("'\\d+ birds': {say: birds, regex: true}\n"), 3),
    "another way to say it, and one entry less": (
        one_after_another(entries("Hale: hail\nbirds: burds\n"), entries("Hale: hayle\n")),
        2,
    ),
    "a chapter more": (lambda folder: edit(folder, "## Three", "## New\n\nSo it went.\n\n## Three"), 2),
}


@pytest.mark.parametrize("change, cost", CHANGES.values(), ids=CHANGES)
def test_what_is_taken_over_is_as_if_all_were_read(folder, worked_out, change, cost):
    change(folder)
    worked_out.clear()
    found = told(folder)
    assert len(set(worked_out)) == cost
    shutil.rmtree(folder / ".dotsbook" / "cache")
    assert found == told(folder)


def test_a_line_said_otherwise_is_read_anew_when_it_is_said_as_written_again(folder, worked_out):
    before = told(folder)
    say(folder)
    assert any(chunk.spoken == "Birds." for chunk in told(folder)[0])
    (folder / "spoken.yaml").unlink()
    worked_out.clear()
    assert told(folder) == before
    assert len(worked_out) == 1


def test_a_damaged_copy_costs_only_time(folder, worked_out):
    (folder / ".dotsbook" / "cache" / "narration.db").write_bytes(b"SQLite format 3\0" + bytes(500))
    edit(folder, "It rained.", "It snowed.")
    worked_out.clear()
    assert any("snowed" in chunk.text for chunk in told(folder)[0])
    assert len(worked_out) >= 3
