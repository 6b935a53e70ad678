"""A teacher distilled through the command: it begins as its teacher, goes on to the bit, and ends as a model of its own."""

import json

import pytest

from dotsbook.errors import ModelError
from dotsbook.tuning.training_events import Stepped, TuneRemark, TuningEnded
from dotsbook.tuning.training_runs import opened_run
from tests.model.tiny import write_tiny

SMALL = {"warmup": 0, "save_every": 1, "sample_every": 0, "batch_seconds": 2, "teacher_steps": 2}


def events(folder, base, name, stop_after=99, **said):
    found: list = []
    run = opened_run(folder, None, name, base=str(base), method="meanflow", **SMALL | said)
    found.extend(run.train(lambda: sum(isinstance(one, Stepped) for one in found) >= stop_after))
    return found


def losses(found):
    return [(one.step, one.fm, one.eos, one.gradient) for one in found if isinstance(one, Stepped)]


def test_the_command_makes_a_model_of_its_own(mixed_set, tiny_fm, tmp_path, capsys):
    import mlx.core as mx

    from dotsbook.cli.app import run
    from dotsbook.model.checkpoint.fitness import verify
    from dotsbook.model.checkpoint.opening import open_checkpoint

    config = tmp_path / "tune.yaml"
    config.write_text('samples: ["Tide."]\nteacher_steps: 2\nlearning_rate: 0.001\n')
    words = ["tune", "distill", str(mixed_set), "--teacher", str(tiny_fm), "--config", str(config), "--smoke"]
    assert run([*words, "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert any("dear" in one.get("text", "") for one in told)
    model = open_checkpoint(told[-1]["model"])
    assert model.folder == mixed_set / "runs" / "smoke" / "model" and model.config.solver == "meanflow"
    assert verify(model.folder)["seconds"] > 0
    teacher, student = open_checkpoint(tiny_fm).weights("core"), model.weights("core")
    changed = {name for name in teacher if not mx.array_equal(teacher[name], student[name])}
    assert changed and all(name.startswith("velocity_field_predictor.") for name in changed)
    assert any("duration_embedder" in name for name in student.keys() - teacher.keys())
    [one] = json.loads((model.folder / "config.json").read_text())["baked"]
    assert one["consent"] == "Ann Lee, 2026-03-02" and one["method"] == "meanflow"


def test_it_goes_on_to_the_bit(mixed_set, tiny_fm):
    whole = events(mixed_set, tiny_fm, "whole", steps=3)
    first = events(mixed_set, tiny_fm, "broken", stop_after=1, steps=3)
    assert first[-1].model is None and not first[-1].whole
    rest = events(mixed_set, tiny_fm, "broken", steps=3)
    assert losses(first) + losses(rest) == losses(whole) and len(losses(whole)) == 3
    assert isinstance(rest[-1], TuningEnded) and rest[-1].model.is_dir()


def test_a_student_comes_nearer_to_its_teacher(mixed_set, tiny_fm):
    found = events(mixed_set, tiny_fm, "long", steps=30, learning_rate=3e-4, anchors=0.0)
    fell = [one[1] for one in losses(found)]
    assert sum(fell[-10:]) < 0.5 * sum(fell[:10])


def test_a_student_begins_as_its_teacher(tiny_fm):
    import mlx.core as mx

    from dotsbook.model.checkpoint.opening import open_checkpoint
    from dotsbook.model.network.core import load_core
    from dotsbook.model.training.student import student_core, student_of

    checkpoint = open_checkpoint(tiny_fm, dtype="float32")
    student = student_core(student_of(checkpoint), 1).velocity_field_predictor
    teacher = load_core(checkpoint).velocity_field_predictor
    g_cond = mx.random.normal((2, checkpoint.config.dit.hidden_size), key=mx.random.key(0))
    t = mx.array([0.2, 0.7])
    pairs = zip(
        student.modulations(t, mx.array([0.1, 0.3]), g_cond),
        teacher.modulations(t, None, g_cond),
        strict=True,
    )
    assert all(mx.array_equal(one, other) for one, other in pairs)


def test_what_was_distilled_is_no_teacher_and_is_told_when_it_is_taught(mixed_set, tmp_path):
    child = write_tiny(tmp_path / "child", kind="mf")
    with pytest.raises(ModelError, match="was distilled itself"):
        events(mixed_set, child, "again", steps=1)
    run = opened_run(mixed_set, None, "taught", base=str(child), **SMALL | {"steps": 1, "rank": 2})
    assert any("distil the result" in one.text for one in run.train() if isinstance(one, TuneRemark))
