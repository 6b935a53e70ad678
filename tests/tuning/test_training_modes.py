"""Every way to train, through the command and its door: each begins, stops, goes on to the bit, and leaves what can be used."""

import json

import pytest

from dotsbook.tuning.training_events import Stepped, TrainingForecast, TuningEnded
from dotsbook.tuning.training_runs import opened_run
from tests.model.tiny import write_tiny

SMALL = {"steps": 3, "warmup": 0, "validate_every": 2, "save_every": 1, "sample_every": 0, "batch_seconds": 2}
MODES = {
    "lora": {"rank": 2, "dropout": 0.2},
    "rows' lengths apart": {"rank": 2, "dora": True, "rslora": True, "whole": ("eos_proj", "hidden_proj")},
    "qlora": {"method": "qlora", "rank": 2},
    "full": {"method": "full", "learning_rate": 1e-4},
    "layers twice": {"rank": 2, "checkpointing": True},
    "text and sound by turns": {"rank": 2, "interleaved": 0.5},
    "batches added up": {"rank": 2, "accumulation": 2, "schedule": "linear", "clip": 0.5},
}


def events(folder, base, name, stop_after=99, **said):
    found: list = []
    run = opened_run(folder, None, name, base=str(base), **SMALL | said)
    found.extend(run.train(lambda: sum(isinstance(one, Stepped) for one in found) >= stop_after))
    return found


def losses(found):
    return [(one.step, one.fm, one.eos, one.gradient) for one in found if isinstance(one, Stepped)]


@pytest.mark.parametrize("mode", MODES)
def test_each_way_goes_on_to_the_bit_and_leaves_an_adapter(mixed_set, tiny_fm, mode):
    from dotsbook.model.dots import Dots
    from dotsbook.model.training.adapter_file import put_on, read_adapter

    whole = events(mixed_set, tiny_fm, "whole", **MODES[mode])
    [forecast] = [one for one in whole if isinstance(one, TrainingForecast)]
    assert forecast.checkpointing is MODES[mode].get("checkpointing", False)
    first = events(mixed_set, tiny_fm, "broken", stop_after=1, **MODES[mode])
    rest = events(mixed_set, tiny_fm, "broken", **MODES[mode])
    assert losses(first) + losses(rest) == losses(whole) and len(losses(first)) == 1
    end = whole[-1]
    assert isinstance(end, TuningEnded) and end.whole
    adapter = read_adapter(end.adapter)
    assert adapter.facts.consent == "Ann Lee, 2026-03-02"
    assert adapter.facts.method == MODES[mode].get("method", "lora")
    put_on(Dots.load(tiny_fm, fused=False).core, adapter)


def test_what_saves_memory_changes_no_loss(mixed_set, tiny_fm, tmp_path):
    """Layers computed twice; matrices that stay packed, against the same unpacked."""
    plain, twice = (
        events(mixed_set, tiny_fm, f"{again}", rank=2, checkpointing=again) for again in (False, True)
    )
    assert [one[1] for one in losses(twice)] == pytest.approx([one[1] for one in losses(plain)], rel=1e-4)
    packed = write_tiny(tmp_path / "packed", layout="shraey", bits=4)
    beside, unpacked = (events(mixed_set, packed, how, method=how, rank=2) for how in ("qlora", "lora"))
    assert [one[1] for one in losses(beside)] == pytest.approx([one[1] for one in losses(unpacked)], rel=1e-3)


def test_the_command_tries_all_of_it_in_a_few_steps(mixed_set, tiny_fm, tmp_path, capsys):
    from dotsbook.cli.app import run

    config = tmp_path / "tune.yaml"
    config.write_text('rank: 2\nsteps: 900\nsamples: ["Tide."]\n')
    words = ["tune", "train", str(mixed_set), "--base", str(tiny_fm), "--config", str(config), "--smoke"]
    assert run([*words, "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["step"] for one in told if one["event"] == "step"] == [0, 1, 2]
    assert {"clips", "forecast", "validation", "saved", "samples", "ended"} <= {one["event"] for one in told}
    assert told[-1]["whole"] and told[-1]["folder"] == str(mixed_set / "runs" / "smoke")
    page = (mixed_set / "runs" / "smoke" / "listen.html").read_text("utf-8")
    assert page.count("<audio") == 2, "before and since"
