"""What is wrong with a training's config, data or disk: a sentence each, an exit code, and nothing lost."""

import errno
import json

import pytest
from safetensors.numpy import load_file, save_file

from dotsbook import files
from dotsbook.errors import OutputError
from dotsbook.tuning.data_set import LINES, Dataset
from dotsbook.tuning.run_journal import RunJournal
from dotsbook.tuning.training_events import SavedAt, Stepped, TuneRemark, TuningEnded
from dotsbook.tuning.training_runs import opened_run

SMALL = {"rank": 2, "steps": 2, "save_every": 1, "validate_every": 1, "sample_every": 0, "warmup": 0}


def training(folder, base, name="voice", **said):
    return opened_run(folder, None, name, base=str(base), **SMALL | said)


def told(capsys, *words):
    """What the command says of a mistake, on one line."""
    from dotsbook.cli.app import run

    assert run(["tune", "train", *map(str, words)]) == 1
    return " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("rnak: 8\n", "did you mean `rank`"),
        ("steps: 10\nrank: many\n", "line 2"),
        ("memory: 12\n", "memory"),
        ("memory: plenty\n", "12 GB"),
        ("schedule: cosinus\n", "cosine"),
        ("- rank\n", "`key: value`"),
        ("rank: [\n", "line"),
        ("rank: 1\nrank: 2\n", "rank"),
    ],
)
def test_a_config_that_says_something_wrong(data_folder, tmp_path, capsys, config, said):
    (tmp_path / "tune.yaml").write_text(config)
    sentence = told(capsys, data_folder, "--base", "any", "--config", tmp_path / "tune.yaml")
    assert "tune.yaml" in sentence and said in sentence


def test_what_is_not_there_or_not_so(data_folder, tmp_path, tiny_fm, capsys):
    assert "no data set" in told(capsys, tmp_path / "none", "--base", tiny_fm)
    assert "There is no config" in told(capsys, data_folder, "--config", tmp_path / "none.yaml")
    assert "Which model" in told(capsys, data_folder)
    assert "no model folder" in told(capsys, data_folder, "--base", tmp_path / "none")
    assert "can't be called" in told(capsys, data_folder, "--base", tiny_fm, "--run", "../up")
    path = data_folder / LINES
    path.write_text(path.read_text().replace('"held_out": false', '"held_out": true'))
    assert "all are held out" in told(capsys, data_folder, "--base", tiny_fm)


def test_what_a_model_has_not_or_can_not_is_said_before_any_latents_are_made(
    data_folder, tmp_path, tiny_fm, capsys
):
    from tests.model.tiny import write_tiny

    packed = write_tiny(tmp_path / "packed", layout="shraey", bits=4)
    assert "`method: qlora`" in told(capsys, data_folder, "--base", packed, "--method", "full")
    for key in ("layers", "whole"):
        (tmp_path / "tune.yaml").write_text(f"{key}: [eos_head]\n")
        assert "'eos_head'" in told(capsys, data_folder, "--base", tiny_fm, "-c", tmp_path / "tune.yaml")
    assert not (data_folder / "cache").exists()


def test_clips_longer_than_a_batch_are_left_out_and_named(mixed_set, tiny_fm):
    events = list(training(mixed_set, tiny_fm, batch_seconds=0.65).train())
    [remark] = [one.text for one in events if isinstance(one, TuneRemark)]
    assert remark.startswith("1 clip longer than a batch can be left out, c2 first")
    assert isinstance(events[-1], TuningEnded) and events[-1].whole


def test_memory_for_nothing_at_all(mixed_set, tiny_fm, capsys):
    sentence = told(capsys, mixed_set, "--base", tiny_fm, "--memory", "1 MB")
    assert "for the shortest clip alone, and 1.0 MB are allowed" in sentence or "1 MB are allowed" in sentence


def test_latents_that_are_no_numbers_are_made_again(mixed_set, tiny_fm, codec):
    data = Dataset.open(mixed_set)
    path = data.latents_file(data.lines[0], codec)
    arrays = load_file(path)
    arrays["mean_logstd"][3, 1] = float("nan")
    save_file(arrays, path)
    assert any(isinstance(one, Stepped) for one in training(mixed_set, tiny_fm, steps=1).train())
    assert (load_file(path)["mean_logstd"] == load_file(path)["mean_logstd"]).all()


def test_a_clip_that_was_changed_is_named(data_folder, tiny_fm, capsys):
    (data_folder / "clips" / "c1.flac").write_bytes((data_folder / "clips" / "c0.flac").read_bytes())
    assert "c1.flac isn't the clip that was prepared" in told(capsys, data_folder, "--base", tiny_fm)


def test_on_a_full_disk_it_stops_with_a_sentence_and_goes_on(mixed_set, tiny_fm, monkeypatch):
    """At each file in turn: the log, the plan, the adapter, the state."""
    calm = [one for one in training(mixed_set, tiny_fm, "calm").train() if isinstance(one, Stepped)]
    place, stops = [0], 0

    def full(name):
        if name == "written":
            place[0] -= 1
            if place[0] == 0:
                raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "step", full)
    while True:
        place[0] = stops + 1
        try:
            events = list(training(mixed_set, tiny_fm, "full").train())
            break
        except OutputError as error:
            assert str(error).startswith("The disk is full")
            stops += 1
    assert stops >= 4 and events[-1].whole
    rows = map(json.loads, (mixed_set / "runs/full/log.jsonl").read_text().splitlines())
    assert [row["fm"] for row in rows if row["event"] == "step"] == [one.fm for one in calm]


def test_a_state_that_came_out_short_is_not_taken(mixed_set, tiny_fm, monkeypatch):
    """MLX says nothing of a disk that fills up while it writes."""
    import mlx.core as mx

    seen: list = []
    seen.extend(training(mixed_set, tiny_fm).train(lambda: any(isinstance(one, Stepped) for one in seen)))
    state = mixed_set / "runs" / "voice" / "state.safetensors"
    before, save = state.read_bytes(), mx.save_safetensors

    def short(path, arrays, metadata=None):
        save(path, arrays, metadata)
        with open(path, "r+b") as file:
            file.truncate(len(before) // 2)

    monkeypatch.setattr(mx, "save_safetensors", short)
    with pytest.raises(OutputError, match="The disk is full"):
        list(training(mixed_set, tiny_fm).train())
    assert state.read_bytes() == before
    monkeypatch.undo()
    assert list(training(mixed_set, tiny_fm).train())[-1].whole


def test_a_log_on_a_full_disk_is_a_sentence(tmp_path):
    class Full:
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            pass

    journal = RunJournal(tmp_path / "log.jsonl")
    journal.begin(0)
    journal.close()
    journal.file = Full()
    with pytest.raises(OutputError, match="The disk is full"):
        journal.add(SavedAt(1))
