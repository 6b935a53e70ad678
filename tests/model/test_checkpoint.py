"""Checkpoints open in every layout and kind, are the same wherever they lie, and fill the networks exactly."""

import shutil

import numpy as np
import pytest

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.layouts import COMPONENTS
from dotsbook.model.checkpoint.opening import open_checkpoint
from dotsbook.model.device import run_facts
from dotsbook.model.network.audiovae import AudioVAE
from dotsbook.model.network.core import load_core
from dotsbook.model.network.loading import load_strictly
from dotsbook.model.network.speaker_encoder import SpeakerEncoder
from tests.model.tiny import write_tiny

LAYOUTS = ("reference", "shraey", "dotsbook")
IDENTITY = (
    "f5f5922dada0cba54f92-float32"  # of tiny's mf, as it was when the precision of computing stood in it
)
SOLVERS = {"fm": "flow_matching", "mf": "meanflow", "mf1": "flow_matching", "scm": "scm"}


def fill(checkpoint):
    """Put every tensor in its place; a missing or extra one raises."""
    load_core(checkpoint)
    load_strictly(AudioVAE(checkpoint.config.vocoder), checkpoint.weights("vocoder"), "vocoder")
    load_strictly(SpeakerEncoder(checkpoint.config.speaker_dim), checkpoint.weights("speaker"), "speaker")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", SOLVERS)
def test_opens_and_fills_the_networks(tiny, kind, layout):
    checkpoint = open_checkpoint(tiny(kind, layout), dtype="float32")
    assert checkpoint.layout.name == layout
    assert checkpoint.config.solver == SOLVERS[kind]
    assert checkpoint.config.use_duration_embedding == (kind == "mf")
    assert (checkpoint.quantization is None) == (layout == "reference")
    fill(checkpoint)


def test_sizes_come_from_the_config(tiny):
    checkpoint = open_checkpoint(
        tiny(
            "mf",
            llm_layers=3,
            llm_heads=2,
            llm_kv_heads=1,
            dit_layers=1,
            dit_heads=6,
            encoder_heads=4,
            latent_dim=6,
            patch_size=6,
            down_rates=(2, 5),
            down_channels=(4, 6, 8),
            resblock_kernels=(5,),
            resblock_dilations=(1, 2, 4),
        )
    )
    config = checkpoint.config
    assert (config.latent_dim, config.patch_size, config.vocoder.hop, config.patch_samples) == (6, 6, 10, 60)
    assert config.vocoder.resblock_dilation_sizes == ((1, 2, 4),)
    assert checkpoint.llm_config["num_hidden_layers"] == 3
    fill(checkpoint)


def test_statistics_are_the_same_in_every_layout(tiny):
    mean, var = open_checkpoint(tiny("fm", "reference")).stats
    assert mean.dtype == var.dtype == np.float32 and mean.shape == var.shape == (8,)
    for layout in LAYOUTS[1:]:
        other = open_checkpoint(tiny("fm", layout)).stats
        assert np.array_equal(mean, other[0]) and np.array_equal(var, other[1])


def test_identity_is_of_the_content(tiny, tmp_path):
    folder = tiny("fm")
    copy = shutil.copytree(folder, tmp_path / "elsewhere")
    first = open_checkpoint(folder)
    assert open_checkpoint(copy).identity == first.identity
    assert open_checkpoint(tiny("fm", seed=2)).identity != first.identity
    weights = copy / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[first.headers["core"]["eos_proj.2.bias"].begin] ^= 1
    weights.write_bytes(data)
    assert open_checkpoint(copy).identity != first.identity


def test_identity_is_not_of_how_it_is_run(tiny):
    folder = tiny("fm", "shraey")
    stored = open_checkpoint(folder)
    for dtype in ("float32", "bfloat16"):
        assert open_checkpoint(folder, dtype=dtype).identity == stored.identity
    assert open_checkpoint(tiny("fm", "shraey", bits=4)).identity != stored.identity
    facts = run_facts(stored)
    assert facts["dtype"] == "bfloat16" and facts["mlx"][0].isdigit()
    assert run_facts(open_checkpoint(folder, dtype="float32")) == facts | {"dtype": "float32"}


def test_identity_is_the_one_that_takes_made_on_a_cpu_have(tiny):
    assert open_checkpoint(tiny("mf")).identity == IDENTITY


def test_dtype_casts_what_floats_and_leaves_what_is_packed(tiny):
    import mlx.core as mx

    stored = open_checkpoint(tiny("fm", "shraey")).weights("core")
    cast = open_checkpoint(tiny("fm", "shraey"), dtype="float32").weights("core")
    packed = "llm.model.layers.0.mlp.up_proj.weight"
    assert stored[packed].dtype == cast[packed].dtype == mx.uint32
    assert stored["hidden_proj.weight"].dtype == mx.bfloat16
    assert {v.dtype for v in cast.values() if v.dtype != mx.uint32} == {mx.float32}


def test_vocabulary_is_the_embedding_not_the_config(tiny, tmp_path):
    copy = shutil.copytree(tiny("fm"), tmp_path / "m")
    config = copy / "llm_config.json"
    config.write_text(config.read_text().replace('"vocab_size": 264', '"vocab_size": 151936'))
    assert open_checkpoint(copy).llm_config["vocab_size"] == 264


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_missing_file_is_named(tiny, tmp_path, layout):
    folder = tiny("fm", layout)
    needed = [
        p.relative_to(folder)
        for p in folder.rglob("*")
        if p.is_file() and p.name not in ("tokenizer_config.json", "hashes.json")
    ]
    assert len(needed) == 7
    for name in needed:
        copy = tmp_path / name.name
        shutil.copytree(folder, copy, copy_function=_link)
        (copy / name).unlink()
        with pytest.raises(ModelError, match=name.name.replace(".", r"\.")):
            open_checkpoint(copy)


def _link(source, target):
    import os

    os.link(source, target)


@pytest.mark.parametrize(
    "name",
    ["/no/such", "./nowhere", "~nosuchuser/x", "gone", "a/../b", "a b/c", "x@y", "x" * 5000, "a\0b", ""],
)
def test_a_source_that_is_nothing(name):
    with pytest.raises(ModelError):
        open_checkpoint(name)


def test_a_tensor_too_few_or_too_many_is_named(tiny, tmp_path):
    import mlx.core as mx

    for change, named in (
        (lambda w: w.pop("eos_proj.0.bias"), "eos_proj.0.bias"),
        (lambda w: w.update(surplus=mx.zeros(3)), "surplus"),
        (lambda w: w.update({"eos_proj.0.bias": mx.zeros(3)}), "eos_proj.0.bias"),
    ):
        copy = shutil.copytree(tiny("fm"), tmp_path / "m")
        weights = mx.load(str(copy / "model.safetensors"))
        change(weights)
        mx.save_safetensors(str(copy / "model.safetensors"), weights)
        with pytest.raises(ModelError, match=named):
            load_core(open_checkpoint(copy))
        shutil.rmtree(copy)


def test_components_are_three(tiny):
    checkpoint = open_checkpoint(tiny("fm"))
    assert set(checkpoint.headers) == set(COMPONENTS)
    assert not [n for n in checkpoint.weights("speaker") if "num_batches" in n or "resample" in n]
    assert not [n for n in checkpoint.weights("vocoder") if n.endswith(("weight_g", "weight_v"))]


def test_weight_norm_is_folded_as_the_other_layout_has_it(tiny):
    """The tests' own folding, rounded to bfloat16, against the program's."""
    import mlx.core as mx

    ours, theirs = (
        open_checkpoint(tiny("fm", layout)).weights("vocoder") for layout in ("reference", "shraey")
    )
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert mx.allclose(value, theirs[name].astype(mx.float32), rtol=2**-8, atol=1e-6), name


def test_tiny_checkpoints_repeat(tiny, tmp_path):
    again = write_tiny(tmp_path / "m", kind="mf")
    assert open_checkpoint(again).identity == open_checkpoint(tiny("mf")).identity
    for path in again.iterdir():
        assert path.read_bytes() == (tiny("mf") / path.name).read_bytes()
