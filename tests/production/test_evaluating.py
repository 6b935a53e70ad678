"""Lists that synthesis is evaluated on: read as their makers write them, gone through once, two engines side by side."""

import json

import pytest

from dotsbook.errors import SourceError, VoiceError
from dotsbook.production.evaluating import EngineScore, EvaluatedLine, EvaluationPlan, evaluate, mean_within
from dotsbook.production.evaluation_lists import listed_lines
from tests.ears.scripted import ScriptedRecogniser


def test_the_lists_of_others_are_read(tmp_path):
    seed = tmp_path / "meta.lst"
    seed.write_text("a-1|Said before.|wavs/a.wav|To be said.\nb-2|x|wavs/b.wav|Again.|true/b.wav\n", "utf-8")
    one, two = listed_lines(seed)
    assert (one.id, one.text, one.words, one.prompt) == (
        "a-1",
        "To be said.",
        "Said before.",
        tmp_path / "wavs/a.wav",
    )
    assert (two.id, two.text) == ("b-2", "Again.")
    lines = tmp_path / "set.jsonl"
    lines.write_text(
        '{"text": "One.", "prompt_audio": "a.wav"}\n\n{"id": 7, "infer_text": "Zwei.", "lang": "de"}\n',
        "utf-8",
    )
    one, two = listed_lines(lines)
    assert (one.id, one.text, one.prompt) == ("1", "One.", tmp_path / "a.wav")
    assert (two.id, two.text, two.language, two.prompt) == ("7", "Zwei.", "de", None)
    (tmp_path / "mini.txt").write_text("a.wav|Hallo.\n", "utf-8")
    assert listed_lines(tmp_path / "mini.txt")[0].text == "Hallo."


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("meta.lst", "a|b|c\n", "line 1 has 3 fields"),
        ("set.jsonl", '{"text": "x"}\n{"id": 1}\n', "line 2 has no `text`"),
        ("set.jsonl", "no\n", "line 1 is no JSON"),
        ("meta.lst", "\n", "has no lines"),
        ("meta.lst", "a|||x\na|||y\n", "names a twice"),
    ],
)
def test_what_is_no_list_is_told(tmp_path, name, text, word):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(SourceError, match=word):
        listed_lines(tmp_path / name)


@pytest.fixture
def plan(tmp_path, monkeypatch):
    made = EvaluationPlan(tmp_path / "meta.lst", ("syllables", "draft"), tmp_path / "out")
    made.path.write_text("a|||The boat left.\nb|||Nobody waved at all.\n", "utf-8")
    ear = ScriptedRecogniser("The boat left.")
    monkeypatch.setattr("dotsbook.ears.recognisers.recogniser_of", lambda *_: ear)
    return made, ear


def test_each_line_is_spoken_once_and_engines_stand_side_by_side(plan):
    asked, ear = plan
    events = list(evaluate(asked))
    lines = [event for event in events if isinstance(event, EvaluatedLine)]
    scores = [event for event in events if isinstance(event, EngineScore)]
    assert [(line.engine, line.id, line.rate) for line in lines] == [
        ("syllables", "a", 0.0),
        ("syllables", "b", 1.0),
        ("draft", "a", 0.0),
        ("draft", "b", 1.0),
    ]
    assert [score.rate[0] for score in scores] == [0.5, 0.5] and scores[0].record()["wer"] == [0.5, 0.0, 1.0]
    assert (asked.out / "syllables" / "a.flac").is_file() and ear.listened == 4
    assert list(evaluate(asked)) == scores and ear.listened == 4


def test_it_goes_on_where_it_was_stopped_or_killed(plan):
    asked, ear = plan
    events = evaluate(asked)
    next(events)
    events.close()
    results = asked.out / "syllables" / "results.jsonl"
    results.write_bytes(results.read_bytes() + b'{"of": ["half a li')
    assert len([event for event in evaluate(asked) if isinstance(event, EvaluatedLine)]) == 3
    assert ear.listened == 4
    asked.path.write_text(asked.path.read_text("utf-8").replace("at all", "ever"), "utf-8")
    [again, _] = [event for event in evaluate(asked) if isinstance(event, EvaluatedLine)]
    assert again.id == "b", "another text is another line"


def test_a_line_that_cannot_be_spoken_counts_as_lost(plan, monkeypatch):
    from dotsbook.render import audition

    usual = audition.speak_once

    def failing(engine, requests, *more):
        if "Nobody" in requests[0].text:
            raise VoiceError("it can't")
        return usual(engine, requests, *more)

    monkeypatch.setattr(audition, "speak_once", failing)
    score = next(event for event in evaluate(plan[0]) if isinstance(event, EngineScore))
    assert (score.lines, score.failed, score.rate[0]) == (2, 1, 0.5)


def test_intervals_hold_the_mean_and_are_the_same_again():
    values = [0.0] * 30 + [0.2] * 20
    mean, low, high = mean_within(values)
    assert mean == pytest.approx(0.08) and low < mean < high and high - low < 0.08
    assert mean_within(values) == (mean, low, high)


def test_the_command(plan, capsys):
    from dotsbook.cli.app import run

    asked, _ = plan
    arguments = ["evaluate", str(asked.path), "-e", "syllables", "-e", "draft", "-o", str(asked.out)]
    assert run(arguments) == 0 and "WER 50.00%" in capsys.readouterr().out
    assert run([*arguments, "--json"]) == 0
    assert [json.loads(row)["engine"] for row in capsys.readouterr().out.splitlines()] == [
        "syllables",
        "draft",
    ]
