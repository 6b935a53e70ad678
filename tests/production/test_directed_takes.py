"""Emotions that a book's voices can't speak: takes with them by the engine that edits, to choose from."""

import json

import pytest

import dotsbook
from dotsbook.cli.app import run
from dotsbook.errors import ManifestError, VoiceError
from dotsbook.production.events import Remark
from dotsbook.production.fix_wish import FixWish
from dotsbook.production.fixing import EditedTake, Fixed
from tests.production.conftest import MANIFEST, make

STORY = """# One

The boat left at half past six in the grey morning. [Nobody on the pier waved to it.]{emo=sad/3}

She looked up and said [very little]{emo=calm} about all of it.

It rained.
"""
PLAIN = MANIFEST.replace("cast: {Mara: mara, default: narrator}\n", "")


@pytest.fixture
def book(tmp_path):
    folder = make(tmp_path / "ferry", STORY, f"{PLAIN}edits: {{engine: syllables}}\n")
    (folder / "direction.yaml").write_text("- words: It rained\n  emo: angry\n", "utf-8")
    with dotsbook.open(folder) as opened:
        list(opened.render())
    return folder


def made(folder, takes=None) -> tuple[list[EditedTake], list[Fixed], list[str]]:
    with dotsbook.open(folder) as opened:
        events = list(opened.fix_directed(takes))
    return (
        [event for event in events if isinstance(event, EditedTake)],
        [event for event in events if isinstance(event, Fixed)],
        [event.text for event in events if isinstance(event, Remark)],
    )


def keys(folder) -> dict[str, str]:
    with dotsbook.open(folder) as opened, opened.session.reading() as ledger:
        return {job.chunk.id: job.key for job in opened.session.jobs(ledger)}


def test_each_line_gets_takes_to_choose_from_and_none_is_chosen(book):
    before = keys(book)
    takes, fixed, told = made(book)
    assert len(takes) == 5 * len(fixed) == 15 and not told
    said = [one.instruction for one in fixed]
    assert any('<emo type="sad" level="3">Nobody on the pier waved to it.</emo>' in one for one in said)
    assert any('said <emo type="calm" level="2">very little</emo> about' in one for one in said)
    assert '<emo type="angry" level="2">It rained.</emo>' in said[-1]
    assert keys(book) == before and not any(one.kept for one in fixed)
    assert [one.take for one in made(book)[0]] == [one.take for one in takes], "nothing is made twice"


def test_a_chosen_take_and_a_locked_line_are_let_be_and_told(book):
    _, fixed, _ = made(book, 1)
    with dotsbook.open(book) as opened:
        opened.choose(fixed[0].line, fixed[0].takes[0].take.key)
        opened.lock([fixed[1].line])
    _, again, told = made(book, 1)
    assert [one.line for one in again] == [fixed[2].line]
    assert "chosen" in told[0] and "locked" in told[1]


def test_the_plan_tells_how_many_takes_it_would_be(book):
    with dotsbook.open(book) as opened:
        told = [one for one in opened.plan().warnings if "--directed" in one]
    assert len(told) == 3 and all("(5 takes, " in one for one in told)
    (book / "book.yaml").write_text(PLAIN, "utf-8")
    with dotsbook.open(book) as opened:
        told = [one for one in opened.plan().warnings if "isn't heard" in one]
        assert len(told) == 3 and not any("--directed" in one for one in told)
        assert "No line waits" in next(iter(opened.fix_directed())).text


def test_a_line_without_a_take_is_told_and_the_others_are_made(book):
    story = book / "story.md"
    story.write_text(story.read_text("utf-8").replace("very little", "far too little"), "utf-8")
    _, fixed, told = made(book, 1)
    assert len(fixed) == 2 and ["no take to mend" in one for one in told] == [True]
    with dotsbook.open(book) as opened, pytest.raises(ManifestError, match="no take to mend"):
        list(opened.fix(told[0].split(":")[0], FixWish(emotion="calm/2")))


def test_an_engine_that_cannot_edit_ends_it_with_a_sentence(book):
    (book / "book.yaml").write_text(f"{PLAIN}edits: {{engine: draft}}\n", "utf-8")
    with dotsbook.open(book) as opened, pytest.raises(VoiceError, match="can't edit"):
        list(opened.fix_directed())


def test_the_command(book, capsys):
    assert run(["fix", "--directed", "-p", str(book), "--takes", "1", "--json"]) == 0
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert [row["kept"] for row in rows if "kept" in row] == [False] * 3
    assert run(["fix", "-p", str(book)]) == 1
    assert run(["fix", "1.2", "--directed", "-p", str(book)]) == 1
    assert run(["fix", "--directed", "--keep", "-p", str(book)]) == 1
    assert capsys.readouterr().err.count("Name one line") == 3


def test_of_two_emotions_in_one_line_the_narrower_is_made_and_the_other_told(book):
    whole = "- words: She looked up and said very little about all of it.\n  emo: angry/3\n"
    (book / "direction.yaml").write_text(whole, "utf-8")
    _, fixed, told = made(book, 1)
    [line] = [one for one in fixed if '<emo type="calm"' in one.instruction]
    assert told == [
        f"{line.line} is asked for calm/2 of “very little” and for angry/3 of all of it: an edit gives a line one emotion, "
        "and its takes have the first. Make two sentences of it to have both."
    ]
