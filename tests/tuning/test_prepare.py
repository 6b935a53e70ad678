"""Recordings become a data set: what is unfit is named, what was made is kept, whatever stops it."""

import csv
import json
import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import soundfile
from tuning_sounds import voice

from dotsbook import files
from dotsbook.errors import DotsbookError, ManifestError, OutputError, SourceError
from dotsbook.tuning.data_set import Dataset
from dotsbook.tuning.prepare_events import ClipKept, PreparedSet
from dotsbook.tuning.prepare_plan import PreparePlan
from dotsbook.tuning.preparing import prepare

RATE = 24_000
GOOD = [f"The tide came in at {hour} and nobody saw it." for hour in ("one", "two", "five", "six", "ten")]


def recordings(folder, texts=GOOD, seconds=2.6):
    (folder / "wavs").mkdir(parents=True)
    for number, _ in enumerate(texts):
        soundfile.write(folder / "wavs" / f"t{number}.wav", voice(seconds, RATE, number), RATE)
    (folder / "metadata.csv").write_text("".join(f"t{n}|{text}|{text}\n" for n, text in enumerate(texts)))
    return folder


def planned(folder, *sources, **other):
    return PreparePlan(folder, sources, "Ann Lee, 2026-03-02", held_out=0.2, **other)


def made(plan) -> PreparedSet:
    *_, last = prepare(plan)
    return last


def test_a_folder_like_ljspeech(tmp_path):
    found = made(planned(tmp_path / "set", recordings(tmp_path / "lj"), licence="CC0"))
    data = Dataset.open(tmp_path / "set")
    assert data.about == found.data.about and not found.rejected
    assert [line.text for line in data.all_lines] == GOOD
    assert len(data.held_out) == 1 and data.consent == "Ann Lee, 2026-03-02" and data.about.rate == 48_000
    samples, rate = data.clip(data.lines[0])
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 10 ** (-30 / 20))
    assert rate == 48_000 and abs(loud[0] / rate - 0.25) < 0.002
    assert abs((len(samples) - loud[-1]) / rate - 0.25) < 0.002


def bad_recordings(folder):
    """A list with one line for each fault, and good ones around them."""
    folder.mkdir()
    good = voice(2.6, RATE)
    torn = np.clip(good * 30, -0.9, 0.9)
    hiss = good + 0.1 * np.random.default_rng(0).standard_normal(len(good)).astype(np.float32)
    broken = good.copy()
    broken[1000] = np.nan
    sounds = {
        "fine": (good, RATE),
        "other": (voice(2.6, RATE, 5), RATE),
        "silence": (np.zeros(2 * RATE, np.float32), RATE),
        "low": (voice(2.6, 8_000), 8_000),
        "torn": (torn, RATE),
        "hiss": (hiss, RATE),
        "nan": (broken, RATE),
        "short": (voice(1.2, RATE), RATE),
        "much": (good, RATE),
        "empty": (good, RATE),
    }
    rows = []
    for name, (samples, rate) in sounds.items():
        soundfile.write(folder / f"{name}.wav", samples, rate, subtype="FLOAT")
        text = {"empty": " … ", "much": "word " * 200, "short": "Hm."}.get(name, GOOD[0] + name)
        rows.append({"fid": name, "audio": f"{name}.wav", "text": text})
    (folder / "zero.wav").write_bytes(b"")
    (folder / "garbage.wav").write_bytes(b"RIFF" + os.urandom(400))
    rows += [
        {"fid": "zero", "audio": "zero.wav", "text": GOOD[0]},
        {"fid": "garbage", "audio": "garbage.wav", "text": GOOD[0]},
        {"fid": "gone", "audio": "gone.wav", "text": GOOD[0]},
        {"fid": "fine", "audio": "other.wav", "text": GOOD[1]},
        {"fid": "again", "audio": "fine.wav", "text": GOOD[2]},
        {"fid": "nameless", "text": GOOD[0], "audio": ""},
    ]
    lines = [json.dumps(row) for row in rows]
    (folder / "list.jsonl").write_text("\n".join([*lines, "{half a line", "[]"]))
    return folder / "list.jsonl"


def test_each_fault_has_its_name_and_the_rest_is_kept(tmp_path):
    found = made(planned(tmp_path / "set", bad_recordings(tmp_path / "bad")))
    assert sorted(line.id for line in found.data.all_lines) == ["fine", "other"]
    reasons = [why.reason for _, why in found.rejected]
    assert reasons[:11] == [
        "silence",
        "wrong rate",
        "clipping",
        "noise",
        "not numbers",
        "too short",
        "text",
        "no text",
        "unreadable",
        "unreadable",
        "unreadable",
    ]
    assert reasons[11:] == ["duplicate name", "unreadable", "unreadable", "unreadable", "duplicate sound"]
    rows = list(csv.reader((tmp_path / "set" / "rejected.csv").open()))
    assert rows[0] == ["source", "reason", "detail"] and len(rows) == 1 + len(found.rejected)
    assert all(detail for _, _, detail in rows)


def test_without_a_consent_line_nothing_is_made(tmp_path):
    with pytest.raises(ManifestError, match="by whose leave"):
        list(prepare(PreparePlan(tmp_path / "set", [recordings(tmp_path / "lj")], " ")))
    assert not (tmp_path / "set").exists()


def test_stopped_it_goes_on_and_makes_nothing_twice(tmp_path):
    source = recordings(tmp_path / "lj")
    whole = made(planned(tmp_path / "whole", source, name="tide"))
    asked = iter(range(9))
    seen = list(prepare(planned(tmp_path / "set", source, name="tide"), lambda: next(asked) == 1))
    assert list(map(type, seen)) == [ClipKept, ClipKept]
    with pytest.raises(SourceError, match="tune prepare"):
        Dataset.open(tmp_path / "set")
    events = list(prepare(planned(tmp_path / "set", source, name="tide")))
    assert [event.line.id for event in events if isinstance(event, ClipKept)] == ["t2", "t3", "t4"]
    assert events[-1].data.hash == whole.data.hash
    assert not [
        event
        for event in prepare(planned(tmp_path / "set", source, name="tide"))
        if isinstance(event, ClipKept)
    ]


def test_killed_at_any_step_it_goes_on(tmp_path):
    source = recordings(tmp_path / "lj", GOOD[:3])
    whole = made(planned(tmp_path / "whole", source, name="tide"))
    dying = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from dotsbook import files
        from dotsbook.tuning.prepare_plan import PreparePlan
        from dotsbook.tuning.preparing import prepare
        steps = []
        def step(name):
            steps.append(name)
            if len(steps) == AT:
                os.kill(os.getpid(), signal.SIGKILL)
        files.step = step
        plan = PreparePlan(Path({str(tmp_path / "set")!r}), [Path({str(source)!r})], "Ann Lee, 2026-03-02", held_out=0.2, name="tide")
        list(prepare(plan))
        """
    )
    for at in (4, 8):  # before and after a clip gets its name
        ended = subprocess.run([sys.executable, "-c", dying.replace("AT", str(at))], capture_output=True)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        assert not (tmp_path / "set" / "dataset.yaml").exists()
    found = made(planned(tmp_path / "set", source, name="tide"))
    assert found.data.hash == whole.data.hash
    assert not list((tmp_path / "set").rglob(f"{files.UNFINISHED}*"))


def test_a_full_disk_is_a_sentence_and_the_same_command_goes_on(tmp_path, monkeypatch):
    import errno

    source, steps = recordings(tmp_path / "lj", GOOD[:3]), []

    def full(name):
        steps.append(name)
        if len(steps) > 8:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as small:
        small.setattr(files, "step", full)
        with pytest.raises(OutputError, match="The disk is full"):
            list(prepare(planned(tmp_path / "set", source)))
    events = list(prepare(planned(tmp_path / "set", source)))
    assert len([event for event in events if isinstance(event, ClipKept)]) < 3
    assert len(events[-1].data.all_lines) == 3


def test_lines_edited_by_hand_are_not_overwritten(tmp_path):
    plan = planned(tmp_path / "set", recordings(tmp_path / "lj"))
    made(plan)
    path = tmp_path / "set" / "lines.jsonl"
    path.write_text(path.read_text().replace("The tide", "A tide"))
    with pytest.raises(SourceError, match="was edited"):
        made(plan)


def test_held_out_texts_are_in_no_line_that_is_trained_on(tmp_path):
    texts = [*GOOD[:3], *GOOD[:3], *GOOD]
    data = made(planned(tmp_path / "set", recordings(tmp_path / "lj", texts))).data
    assert data.held_out
    assert not {line.text for line in data.held_out} & {line.text for line in data.lines}


def test_the_model_gives_rate_and_latents(tmp_path, tiny_fm):
    found = made(planned(tmp_path / "set", recordings(tmp_path / "lj", GOOD[:2], 1.9), model=str(tiny_fm)))
    assert found.data.about.rate == 24_000 and found.data.about.model
    assert len(list((tmp_path / "set" / "cache").iterdir())) == 2


def test_a_clip_of_another_voice_is_found(tmp_path):
    source = recordings(tmp_path / "lj", GOOD * 3, seconds=3.0)
    at = np.arange(3 * RATE) / RATE
    other = 0.2 * np.sin(2 * np.pi * 1400 * at) * (np.sin(2 * np.pi * 2 * at) > 0)
    soundfile.write(source / "wavs" / "t7.wav", np.pad(other, 9000).astype(np.float32), RATE)
    found = made(planned(tmp_path / "set", source))
    assert [(where, why.reason) for where, why in found.rejected] == [("clips/t7.flac", "other speaker")]


def test_takes_of_a_book_with_the_consent_of_its_voices(tmp_path):
    import dotsbook
    from tests.production.conftest import make

    project = make(tmp_path / "book")
    with dotsbook.open(project) as book:
        list(book.render())
        spoken = {chunk.spoken for chunk in book.chunks()}
    found = made(planned(tmp_path / "set", project))
    assert {line.text for line in found.data.all_lines} <= spoken
    assert len(found.data.all_lines) + len(found.rejected) == len(list(spoken)) > 5


def test_the_command_tells_what_was_not_taken(tmp_path, capsys):
    from dotsbook.cli.app import run

    source = bad_recordings(tmp_path / "bad")
    words = ["tune", "prepare", str(tmp_path / "set"), "--from", str(source), "--consent", "mine"]
    assert run(words) == 0
    said = capsys.readouterr()
    assert "wrong rate" in said.out and "2 clips" in said.out
    assert "Texts weren't compared" in said.err
    assert run([*words, "--json"]) == 0
    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert record["reasons"]["unreadable"] == 6 and record["consent"] == "mine"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("nothing", None, "There is no"),
        ("a.csv", "", "holds no recordings"),
        ("a.pdf", "x", "neither a folder"),
        ("a.csv", "id,text\n" + "x" * 200_000 + ",a", "isn't CSV"),
    ],
)
def test_a_source_that_is_none_is_a_sentence(tmp_path, name, text, said):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(DotsbookError, match=said):
        made(planned(tmp_path / "set", tmp_path / name))
