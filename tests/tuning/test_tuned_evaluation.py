"""Base and tuned model on held-out lines: what is measured, what follows, what is kept."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from tuning_sounds import voice

from dotsbook.errors import SourceError
from dotsbook.tuning.data_set import LINES, Dataset, write_lines
from dotsbook.tuning.spoken_figures import figures_of
from dotsbook.tuning.tuned_evaluation import TunedPlan, TunedScore, evaluate_tuned
from dotsbook.tuning.tuned_verdict import ComparedLine, LineFigures, measures_of, verdict_of

RATE = 24_000


def test_pace_and_pauses_of_a_line():
    one = voice(1.7, RATE)  # a second of speech between its edges
    samples = np.concatenate([one, np.zeros(RATE // 2, np.float32), one])
    found = figures_of(samples, RATE, "x" * 20)
    assert found.pause > 0.9, "half a second and both edges"
    slower = figures_of(samples, RATE, "x" * 10)
    assert slower.pace == pytest.approx(found.pace / 2)
    assert figures_of(np.zeros(RATE, np.float32), RATE, "x").pace is None


def compared(change, lines=12, **other):
    """Lines of which the tuned model's figures are the base's, changed by `change(figures, number)`."""
    dice, found = np.random.default_rng(0), []
    for number in range(lines):
        real = LineFigures(similarity=0.8, wer=0.0, pace=12.0, pause=0.4, seconds=3.0)
        base = LineFigures(1.0 + 0.3 * dice.random(), 0.2, 0.6 + 0.1 * dice.random(), 0.1, 12.5, 0.4, 3.0)
        found.append(ComparedLine(str(number), real, base, change(base, number)))
    return found


def judged(change, **other):
    lines = compared(change, **other)
    return verdict_of(lines, measures_of(lines))


def test_better_is_recommended_and_worse_is_not():
    assert judged(lambda one, n: replace(one, fm=one.fm * 0.9)).answer == "recommended"
    assert judged(lambda one, n: replace(one, fm=one.fm * 1.1)).answer == "not recommended"
    assert judged(lambda one, n: one).answer == "no difference shown"
    assert judged(lambda one, n: replace(one, fm=one.fm + (-1) ** n * 0.1)).answer == "no difference shown"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"similarity": 0.3}, "similarity to the speaker"),
        ({"wer": 0.4}, "word errors"),
        ({"pace": 16.0}, "pace against the recording"),
        ({"pause": 0.15}, "pauses against the recording"),
        (
            {"error": "It found no end.", "similarity": None, "wer": None, "pace": None, "pause": None},
            "spoken at all",
        ),
    ],
)
def test_a_lower_loss_makes_up_for_nothing(change, said):
    found = judged(lambda one, n: replace(one, fm=one.fm * 0.8, **change))
    assert found.answer == "not recommended" and said in found.reasons[0]
    assert any("better: flow-matching loss" in reason for reason in found.reasons)


def test_a_little_faster_or_nearer_to_the_recordings_is_no_fault():
    assert judged(lambda one, n: replace(one, fm=one.fm * 0.9, pace=12.9)).answer == "recommended"
    fast = compared(lambda one, n: replace(one, fm=one.fm * 0.9, pace=14.0))
    fast = [replace(one, base=replace(one.base, pace=15.0)) for one in fast]
    assert verdict_of(fast, measures_of(fast)).answer == "recommended"


def test_few_lines_tell_nothing():
    assert judged(lambda one, n: replace(one, fm=one.fm * 0.5), lines=4).answer == "too few lines"


def test_ratios_are_means_of_logarithms():
    lines = compared(lambda one, n: replace(one, pace=24.0 if n % 2 else 6.0))
    assert measures_of(lines)["pace"].tuned[0] == pytest.approx(1.0)
    assert measures_of(lines)["pace"].base[0] == pytest.approx(12.5 / 12)
    assert math.exp(1) > measures_of(lines)["pace"].tuned[2] > 1


@pytest.fixture
def adapter(tmp_path, tiny_fm, data_folder):
    """One that changes the DiT a little, as if trained on the data set."""
    import mlx.core as mx

    from dotsbook.model.dots import Dots
    from dotsbook.model.training.adapter_file import AdapterFacts, save_adapter
    from dotsbook.model.training.adapters import AdapterShape, adapters, attach, train_adapters_only

    dots = Dots.load(tiny_fm, dtype="float32", fused=False)
    shape = AdapterShape(rank=2, layers=("velocity_field_predictor.blocks.*.ffn.fc?",))
    attach(dots.core, shape, mx.random.key(0))
    train_adapters_only(dots.core, shape)
    for number, (_, module) in enumerate(adapters(dots.core)):
        module.lora_b = 0.5 * mx.random.normal(module.lora_b.shape, key=mx.random.key(number))
    path = tmp_path / "ann.safetensors"
    data = Dataset.open(data_folder)
    save_adapter(path, dots.core, shape, AdapterFacts(dots.identity, data.hash, 10, data.consent))
    return path


def test_held_out_lines_by_base_and_tuned(data_folder, adapter, tiny_fm, capsys):
    from dotsbook.cli.app import run

    data = Dataset.open(data_folder)
    write_lines(data_folder / LINES, [replace(line, text="Tide.") for line in data.all_lines])
    plan = TunedPlan(data_folder, adapter, str(tiny_fm))
    line, score = evaluate_tuned(plan)
    assert isinstance(score, TunedScore) and line.id == "c3"
    assert line.base.fm != line.tuned.fm > 0 and line.base.eos > 0
    assert -1 <= line.tuned.similarity <= 1.001 and line.tuned.seconds > 0
    assert score.verdict.answer == "too few lines"
    assert any("may have been trained on" in sentence for sentence in score.remarks), (
        "texts were changed since"
    )
    assert sorted(path.name for path in score.folder.glob("*.flac")) == ["c3.base.flac", "c3.tuned.flac"]
    [again] = evaluate_tuned(plan)
    assert again.lines == score.lines, "nothing is spoken twice"
    words = ["tune", "evaluate", str(data_folder), "--adapter", str(adapter), "--model", str(tiny_fm)]
    assert run(words) == 0
    assert "too few lines: 1 held-out line" in capsys.readouterr().out
    assert run([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["measures"]["loss"]["lines"] == 1


def test_strength_nought_is_the_base(data_folder, adapter, tiny_fm):
    from dotsbook.tuning.tuned_evaluation import TunedComparison

    comparison = TunedComparison(TunedPlan(data_folder, adapter, str(tiny_fm), strength=0.0))
    line = comparison.lines[0]
    assert comparison.losses(line, tuned=True) == comparison.losses(line, tuned=False)


def test_what_is_missing_is_a_sentence(data_folder, tmp_path, tiny_fm):
    with pytest.raises(SourceError, match="no adapter"):
        list(evaluate_tuned(TunedPlan(data_folder, tmp_path / "none", str(tiny_fm))))
    data = Dataset.open(data_folder)
    write_lines(data_folder / LINES, data.lines)
    with pytest.raises(SourceError, match="no held-out lines"):
        list(evaluate_tuned(TunedPlan(data_folder, tmp_path / "none", str(tiny_fm))))
