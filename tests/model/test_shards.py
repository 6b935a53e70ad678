"""A model whose weights lie in several files: joined, converted, packed; and what is damaged is refused."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.layouts import is_whole, layout_of
from dotsbook.model.checkpoint.shards import in_one_file, is_sharded, join
from dotsbook.production import models
from tests.model.fakehub import Hub, serving
from tests.model.tiny import write_tiny
from tests.voices.test_hub_voices import run

REPO = "someone/dots-2steps"


def split(folder):
    """The folder's model.safetensors in three files with an index, as Hugging Face writes them."""
    file = folder / "model.safetensors"
    tensors = load_file(file)
    names = sorted(tensors)
    places = {}
    for number in range(3):
        name = f"model-0000{number + 1}-of-00003.safetensors"
        mine = names[number::3]
        save_file({one: tensors[one] for one in mine}, folder / name)
        places |= dict.fromkeys(mine, name)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    file.unlink()
    return tensors


@pytest.fixture
def sharded(tmp_path):
    folder = write_tiny(tmp_path / "weights", kind="mf")
    return folder, split(folder)


def test_joined_they_are_what_they_were(sharded, tmp_path):
    folder, tensors = sharded
    assert is_sharded(folder / "model.safetensors") and is_whole(folder)
    with in_one_file(folder, "model.safetensors", tmp_path) as whole:
        found = load_file(whole / "model.safetensors")
        assert found.keys() == tensors.keys()
        assert all(np.array_equal(found[name], tensors[name]) for name in tensors)
    assert not whole.exists()
    with pytest.raises(ModelError, match="dotsbook model convert"):
        layout_of(folder, {})


def test_a_folder_with_one_file_is_used_as_it_is(tmp_path):
    folder = write_tiny(tmp_path / "weights")
    with in_one_file(folder, "model.safetensors", tmp_path) as whole:
        assert whole == folder


def test_what_is_damaged_is_refused(sharded, tmp_path):
    folder, _ = sharded
    first, second = sorted(folder.glob("model-*"))[:2]
    with pytest.raises(ModelError, match="another file of the model holds too"):
        join([first, first], tmp_path / "out")
    second.write_bytes(b"nonsense of some length")
    with pytest.raises(ModelError, match="is damaged"):
        join([first, second], tmp_path / "out")
    second.unlink()
    assert not is_whole(folder)
    for index in ("{}", '{"weight_map": {"a": "../../x"}}', '{"weight_map": {"a": 3}}'):
        (folder / "model.safetensors.index.json").write_text(index)
        with pytest.raises(ModelError):
            is_sharded(folder / "model.safetensors")


def test_pulled_converted_and_packed_in_one_go(sharded, tmp_path):
    pytest.importorskip("mlx.core")
    folder, _ = sharded
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    card = {"license": "other", "license_name": "dots-1", "license_link": "https://example.org/dots"}
    with serving(Hub(REPO, files, "other", card)) as endpoint:
        made = run(tmp_path, endpoint, "model", "pull", REPO, "--bits", "4", answer="y\n")
        again = run(tmp_path, endpoint, "model", "pull", REPO, "--bits", "4", "--json")
    assert made.returncode == again.returncode == 0, made.stderr + again.stderr
    assert made.stdout.count("Fetch it?") == 1
    assert "Its licence: dots-1, https://example.org/dots." in made.stdout
    about = models.info(json.loads(again.stdout)["folder"])
    assert about["quantization"]["bits"] == 4 and about["layout"] == "dotsbook"
