"""A training that dies, at any step or in any write, comes out as one that nobody disturbed: to the bit."""

import json
import random
import signal
import subprocess
import sys
import time

import pytest
from safetensors.numpy import load_file

from dotsbook import files
from dotsbook.tuning.training_runs import opened_run

RUN = {"rank": 2, "dropout": 0.1, "warmup": 5, "sample_every": 0, "batch_seconds": 2}


def rows(folder, kind="step"):
    """What the log tells of steps or validations, but for the time that they took."""
    told = (folder / "log.jsonl").read_bytes().splitlines() if (folder / "log.jsonl").is_file() else []
    found = [json.loads(line) for line in told if line.endswith(b"}")]
    return [
        {key: value for key, value in one.items() if key not in ("seconds", "left")}
        for one in found
        if one["event"] == kind
    ]


def arrays(folder):
    """All that a training leaves, to the bit; a file's order of its arrays says nothing."""
    names = ("adapter.safetensors", "last.safetensors", "state.safetensors")
    return {
        (file, name): (array.shape, array.tobytes())
        for file in names
        for name, array in load_file(folder / file).items()
    }


def test_killed_at_a_random_step_the_next_fifty_losses_are_the_same(mixed_set, tiny_fm):
    said = RUN | {"base": str(tiny_fm), "steps": 72, "save_every": 7, "validate_every": 20}
    config = mixed_set / "tune.yaml"
    config.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in said.items()))
    whole, killed = (mixed_set / "runs" / name for name in ("whole", "killed"))
    list(opened_run(mixed_set, config, "whole").train())
    command = [
        sys.executable, "-m", "dotsbook", "tune", "train", str(mixed_set), "-c", str(config), "--run", "killed",
    ]  # fmt: skip
    at, deadline = random.randint(1, 20), time.monotonic() + 200
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while len(rows(killed)) < at:
        assert time.monotonic() < deadline and run.poll() is None
        time.sleep(0.005)
    run.send_signal(signal.SIGKILL)
    run.wait()
    done = len(rows(killed))
    assert at <= done <= 72 - 50, "killed with fifty steps to come"
    list(opened_run(mixed_set, config, "killed").train())
    assert rows(killed) == rows(whole) and len(rows(whole)) == 72
    assert rows(killed, "validation") == rows(whole, "validation")
    assert arrays(killed) == arrays(whole)


class Death(BaseException):
    """The process ends here."""


def test_dying_in_one_write_after_another_it_comes_out_the_same(mixed_set, tiny_fm, monkeypatch):
    """The first attempt dies in its first write, the next in its second, …: before the file has its name, and after."""
    said = RUN | {"base": str(tiny_fm), "steps": 2, "save_every": 1, "validate_every": 1}
    calm, dying = (mixed_set / "runs" / name for name in ("calm", "dying"))
    list(opened_run(mixed_set, None, "calm", **said).train())
    place = [0]

    def step(name):
        if name in ("synced", "renamed"):
            place[0] -= 1
            if place[0] == 0:
                raise Death

    monkeypatch.setattr(files, "step", step)
    deaths, ended = 0, False
    while not ended:
        place[0] = deaths + 1
        try:
            list(opened_run(mixed_set, None, "dying", **said).train())
            ended = True
        except Death:
            deaths += 1
            if rows(dying):  # the row that was being written is cut short
                with open(dying / "log.jsonl", "ab") as log:
                    log.write(b'{"event": "st')
    assert deaths > 8, "log, plan, adapter and state, before and after"
    assert rows(dying) == rows(calm) and rows(dying, "validation") == rows(calm, "validation")
    assert arrays(dying) == arrays(calm)
    assert not list(dying.glob(f"{files.UNFINISHED}*"))


@pytest.mark.parametrize("rest", [b"", b'{"event": "step", "step": 1, "fm": 0.', b"\xff\n"])
def test_a_log_that_was_cut_anywhere_is_gone_on_with(tmp_path, rest):
    from dotsbook.tuning.run_journal import RunJournal
    from dotsbook.tuning.training_events import Stepped

    path = tmp_path / "log.jsonl"
    whole = [json.dumps({"event": "step", "step": n}).encode() + b"\n" for n in range(2)]
    path.write_bytes(b"".join(whole) + rest)
    journal = RunJournal(path)
    journal.begin(1)
    journal.add(Stepped(1, 0.5, 0.1, 1.0, 1e-4, 1.0, 1.0))
    journal.close()
    assert [json.loads(line)["step"] for line in path.read_bytes().splitlines()] == [0, 1]
