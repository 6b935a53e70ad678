"""Packed weights are what mlx-lm makes of the same layers, within a bound of the floats, and never the DiT's."""

import pytest

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.convert import convert
from dotsbook.model.checkpoint.fitness import info
from dotsbook.model.checkpoint.opening import open_checkpoint
from dotsbook.model.network.core import load_core


def packed_stems(weights):
    return {name.removesuffix(".scales") for name in weights if name.endswith(".scales")}


@pytest.mark.parametrize("bits", [4, 8])
def test_same_as_quantizing_the_module(tiny, tmp_path, bits):
    import mlx.core as mx
    import mlx.nn as nn
    from mlx.utils import tree_flatten

    core = load_core(open_checkpoint(tiny("fm")))
    nn.quantize(core.llm, 64, bits)
    expected = {f"llm.{k}": v for k, v in tree_flatten(core.llm.parameters())}
    found = open_checkpoint(convert(tiny("fm"), tmp_path / "q", bits=bits)).weights("core")
    assert {k for k in found if k.startswith("llm.")} == expected.keys()
    assert all(mx.array_equal(found[k], v) for k, v in expected.items())


@pytest.mark.parametrize(("bits", "bound"), [(4, 0.10), (8, 0.006)])
def test_within_a_bound_of_the_floats(tiny, tmp_path, bits, bound):
    import mlx.core as mx

    floats = open_checkpoint(tiny("fm")).weights("core")
    packed = open_checkpoint(convert(tiny("fm"), tmp_path / "q", bits=bits)).weights("core")
    for stem in packed_stems(packed):
        value = mx.dequantize(
            *(packed[f"{stem}.{part}"] for part in ("weight", "scales", "biases")), 64, bits
        )
        wanted = floats[f"{stem}.weight"]
        assert (mx.linalg.norm(value - wanted) / mx.linalg.norm(wanted)).item() < bound


def test_only_the_language_model_unless_asked(tiny, tmp_path):
    one = open_checkpoint(convert(tiny("mf"), tmp_path / "one", bits=8))
    two = open_checkpoint(convert(tiny("mf"), tmp_path / "two", bits=8, patch_encoder=True))
    assert {s.split(".")[0] for s in packed_stems(one.weights("core"))} == {"llm"}
    assert {s.split(".")[0] for s in packed_stems(two.weights("core"))} == {"llm", "patch_encoder"}
    assert two.quantization.components == ("llm", "patch_encoder")
    load_core(one)
    load_core(two)


def test_parameters_are_counted_as_before_packing(tiny, tmp_path):
    plain, packed = info(tiny("fm")), info(convert(tiny("fm"), tmp_path / "q", bits=4))
    assert plain["parameters"]["core"] == packed["parameters"]["core"]
    assert packed["quantization"] == {"bits": 4, "group_size": 64, "components": ["llm"]}


def test_refusals(tiny, tmp_path):
    with pytest.raises(ModelError, match="already"):
        convert(tiny("fm", "shraey"), tmp_path / "q", bits=4)
    with pytest.raises(ModelError, match="4 or 8 bits"):
        convert(tiny("fm"), tmp_path / "q", bits=5)
    with pytest.raises(ModelError, match="groups of 64"):
        convert(tiny("fm", llm_hidden=32, llm_ffn=32), tmp_path / "q", bits=4)
    assert not list(tmp_path.iterdir())


def test_shraey_layout_is_used_whole(tiny):
    """Written by the tests' own hand: every tensor in its three files ends in a network."""
    checkpoint = open_checkpoint(tiny("mf", "shraey", bits=4))
    assert checkpoint.quantization.bits == 4
    for component, header in checkpoint.headers.items():
        left = {n for n in header if "num_batches_tracked" not in n and n != "resample.kernel"}
        assert len(checkpoint.weights(component)) == len(left)
    load_core(checkpoint)
