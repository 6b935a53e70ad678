"""Hashes of a model's files: those that are there, and none taken twice."""

import hashlib
import os

import pytest

from dotsbook.errors import ModelError
from dotsbook.voices import weights
from dotsbook.voices.spec import EngineChoice


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "model"
    (folder / "vocoder").mkdir(parents=True)
    (folder / "core.safetensors").write_bytes(b"core")
    (folder / "vocoder" / "v.safetensors").write_bytes(b"vocoder")
    (folder / ".cache").write_bytes(b"not a part of it")
    return folder


def sha(data):
    return hashlib.sha256(data).hexdigest()


def test_each_file_is_read_once_and_again_when_it_changes(folder, tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(
        weights, "sha256_of", lambda path: (read.append(path.name), sha(path.read_bytes()))[1]
    )
    choice = EngineChoice("dots", str(folder))
    first = weights.weights_of(choice, tmp_path / "cache")
    assert first == {"core.safetensors": sha(b"core"), "vocoder/v.safetensors": sha(b"vocoder")}
    assert weights.weights_of(choice, tmp_path / "cache") == first and len(read) == 2
    (folder / "core.safetensors").write_bytes(b"eroc")
    os.utime(folder / "core.safetensors", ns=(1, 1))
    assert weights.weights_of(choice, tmp_path / "cache")["core.safetensors"] == sha(b"eroc")
    assert read[2:] == ["core.safetensors"]


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"a": 3}', b"\xff"])
def test_a_damaged_cache_costs_one_reading(folder, tmp_path, damage):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / weights.NAME).write_bytes(damage)
    assert len(weights.weights_of(EngineChoice("dots", str(folder)), tmp_path / "cache")) == 2


def test_an_engine_without_weights_has_none_and_a_model_that_is_away_is_a_sentence(tmp_path):
    assert weights.weights_of(EngineChoice("syllables"), tmp_path) == {}
    with pytest.raises(ModelError, match="isn't on this machine"):
        weights.weights_of(EngineChoice("dots", "nobody/nothing"), tmp_path)
