"""Converted folders hold the same numbers, no pickle, and their hashes; they appear whole or not at all."""

import json
import shutil

import pytest

from dotsbook import files
from dotsbook.errors import ModelError, OutputError
from dotsbook.files import sha256_of
from dotsbook.model.checkpoint import convert as converting
from dotsbook.model.checkpoint import integrity
from dotsbook.model.checkpoint.convert import convert
from dotsbook.model.checkpoint.fitness import info
from dotsbook.model.checkpoint.integrity import check_hashes, weights
from dotsbook.model.checkpoint.layouts import COMPONENTS
from dotsbook.model.checkpoint.opening import open_checkpoint


@pytest.mark.parametrize("layout", ["reference", "shraey", "dotsbook"])
def test_round_trip_keeps_every_number(tiny, tmp_path, layout):
    import mlx.core as mx

    source = open_checkpoint(tiny("mf", layout))
    kept = open_checkpoint(convert(source.folder, tmp_path / "own"))
    assert (kept.config, kept.llm_config, kept.quantization) == (
        source.config,
        source.llm_config,
        source.quantization,
    )
    for component in COMPONENTS:
        before, after = source.weights(component), kept.weights(component)
        assert before.keys() == after.keys()
        assert all(before[n].dtype == after[n].dtype and mx.array_equal(before[n], after[n]) for n in before)
    assert (kept.stats[0] == source.stats[0]).all() and (kept.stats[1] == source.stats[1]).all()
    assert kept.tokenizer_file.read_bytes() == source.tokenizer_file.read_bytes()


def test_folder_is_self_contained_and_hashed(tiny, tmp_path):
    shutil.copytree(tiny("fm"), tmp_path / "source")
    (tmp_path / "source" / "LICENSE").write_text("Some Licence\n")
    out = convert(tmp_path / "source", tmp_path / "deep" / "own", dtype="bfloat16")
    shutil.rmtree(tmp_path / "source")
    names = {p.name for p in out.iterdir()}
    assert names == {
        "config.json",
        "llm_config.json",
        "core.safetensors",
        "vocoder.safetensors",
        "speaker.safetensors",
        "latent_stats.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "LICENSE",
        "hashes.json",
    }
    assert set(check_hashes(out)) == names - {"hashes.json"}
    about = info(out)
    assert (about["layout"], about["precision"], about["licence"]) == ("dotsbook", "bfloat16", "Some Licence")
    assert not list(out.parent.glob(".converting-*"))


def test_unknown_precision_is_refused(tiny, tmp_path):
    with pytest.raises(ModelError, match="float16"):
        convert(tiny("fm"), tmp_path / "own", dtype="float16")
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tiny, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="taken"):
        convert(tiny("fm"), tmp_path / "taken")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="link"):
        convert(tiny("fm"), tmp_path / "link")


@pytest.mark.parametrize("stage", ["_write_configs", "_write_rest", "write_hashes"])
def test_a_failure_leaves_nothing(tiny, tmp_path, monkeypatch, stage):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(converting, stage, fail)
    with pytest.raises(OutputError, match="disk is full"):
        convert(tiny("fm"), tmp_path / "own")
    assert not list(tmp_path.iterdir())


def test_a_failing_sync_leaves_nothing(tiny, tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "sync", fail)
    with pytest.raises(OutputError):
        convert(tiny("fm"), tmp_path / "own")
    assert not list(tmp_path.iterdir())


def test_a_changed_byte_is_found(tiny, tmp_path):
    copy = shutil.copytree(tiny("fm", "dotsbook"), tmp_path / "own")
    with open(copy / "vocoder.safetensors", "r+b") as file:
        file.seek(-5, 2)
        file.write(b"\x7f")
    with pytest.raises(ModelError, match="vocoder.safetensors is damaged"):
        check_hashes(copy)


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "a/../../b", "x\\y"])
def test_hashes_can_not_name_files_outside(tiny, tmp_path, name):
    copy = shutil.copytree(tiny("fm", "dotsbook"), tmp_path / "own")
    record = {"version": 1, "files": {name: {"sha256": "0" * 64, "bytes": 1}}}
    (copy / "hashes.json").write_text(json.dumps(record))
    with pytest.raises(ModelError, match="outside the folder"):
        check_hashes(copy)


def hashed(folder):
    return {str(p.relative_to(folder)): sha256_of(p) for p in folder.rglob("*") if p.is_file()}


def test_recorded_hashes_are_used_and_only_what_has_none_is_read(tiny, tmp_path, monkeypatch):
    wanted = hashed(tiny("fm", "dotsbook"))
    read = []
    monkeypatch.setattr(integrity, "sha256_of", lambda path: read.append(path.name) or sha256_of(path))
    assert weights(tiny("fm", "dotsbook")) == wanted and read == ["hashes.json"]
    copy = shutil.copytree(tiny("fm", "dotsbook"), tmp_path / "own")
    (copy / "NOTES.md").write_text("mine")
    (copy / ".cache").mkdir()
    (copy / ".cache" / "x").write_text("no part of the model")
    (copy / "tokenizer.json").write_text("longer or shorter")
    read.clear()
    found = weights(copy)
    assert sorted(read) == ["NOTES.md", "hashes.json", "tokenizer.json"]
    assert found.keys() == wanted.keys() | {"NOTES.md"}
    assert {n for n in wanted if found[n] != wanted[n]} == {"tokenizer.json"}


def test_the_hub_caches_names_are_hashes(tiny, tmp_path, monkeypatch):
    wanted = hashed(tiny("fm", "shraey"))
    for name, sha256 in wanted.items():
        (tmp_path / "snapshot" / name).parent.mkdir(parents=True, exist_ok=True)
        large = name.endswith(".safetensors")
        blob = tmp_path / (sha256 if large else sha256[:40])
        blob.write_bytes((tiny("fm", "shraey") / name).read_bytes())
        (tmp_path / "snapshot" / name).symlink_to(blob)
    read = []
    monkeypatch.setattr(integrity, "sha256_of", lambda path: read.append(path.name) or sha256_of(path))
    assert weights(tmp_path / "snapshot") == wanted
    assert not [name for name in read if name.endswith(".safetensors")]


def test_another_versions_folder_says_so(tiny, tmp_path):
    copy = shutil.copytree(tiny("fm", "dotsbook"), tmp_path / "own")
    config = copy / "config.json"
    config.write_text(config.read_text().replace("dotsbook-1", "dotsbook-9"))
    with pytest.raises(ModelError, match="dotsbook-9"):
        open_checkpoint(copy)
