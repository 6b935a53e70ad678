"""Hostile and broken folders are refused with a sentence, before anything of the size they claim is allocated."""

import json
import os
import shutil
import struct
import tracemalloc
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.config import llm_config, model_config
from dotsbook.model.checkpoint.opening import open_checkpoint
from dotsbook.model.checkpoint.stats import latent_stats
from dotsbook.model.checkpoint.tensors import check_header, read_header
from tests.model.tiny import Sizes, configs


@pytest.fixture
def folder(tiny, tmp_path):
    """A copy to spoil; files are replaced, never written into, since they are hard links."""
    return shutil.copytree(tiny("mf", "shraey"), tmp_path / "model", copy_function=os.link)


def replace(path, data: bytes):
    path.unlink()
    path.write_bytes(data)


def refused(folder, match):
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match=match) as caught:
            open_checkpoint(folder)
        assert tracemalloc.get_traced_memory()[1] < 48e6
    finally:
        tracemalloc.stop()
    assert len(str(caught.value)) < 600 and "\n" not in str(caught.value)


def header(entries, data=b"", length=None) -> bytes:
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype="F32", shape=(2,), offsets=(0, 8)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


LIES = {
    "header longer than the file": header({}, length=2**63),
    "header longer by one": header({}, length=3),
    "a length and nothing more": struct.pack("<Q", 2),
    "header of a gigabyte": header({}, b"x" * 100, length=2**30),
    "not JSON": header(b"{'a': 1}"),
    "not an object": header(b"[1, 2]"),
    "not UTF-8": header(b'{"\xff": {}}'),
    "nested": header(b'{"a":' * 100_000),
    "a name twice": header(b'{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{}}'),
    "no entry": header({"a": 3}, bytes(8)),
    "unknown type": header({"a": entry("F4")}, bytes(8)),
    "type is no word": header({"a": entry(["F32"])}, bytes(8)),
    "shape too large": header({"a": entry(shape=(3,))}, bytes(8)),
    "shape overflows": header({"a": entry(shape=(2**39, 2**39, 0))}, bytes(8)),
    "shape is negative": header({"a": entry(shape=(-2,))}, bytes(8)),
    "shape is true": header({"a": entry(shape=(True, 2))}, bytes(8)),
    "shape is a fraction": header({"a": entry(shape=(2.0,))}, bytes(8)),
    "too many axes": header({"a": entry(shape=(1,) * 9 + (2,))}, bytes(8)),
    "offsets backwards": header({"a": entry(offsets=(8, 0))}, bytes(8)),
    "offsets outside": header({"a": entry(offsets=(8, 16))}, bytes(8)),
    "offsets far outside": header({"a": entry(offsets=(2**62, 2**62 + 8))}, bytes(8)),
    "offsets missing": header({"a": {"dtype": "F32", "shape": [2]}}, bytes(8)),
    "three offsets": header({"a": entry(offsets=(0, 8, 8))}, bytes(8)),
    "overlapping": header({"a": entry(), "b": entry(offsets=(4, 12))}, bytes(12)),
    "the same bytes": header({"a": entry(), "b": entry()}, bytes(8)),
    "a hole": header({"a": entry(), "b": entry(offsets=(12, 20))}, bytes(20)),
    "data cut short": header({"a": entry()}, bytes(7)),
    "data left over": header({"a": entry()}, bytes(9)),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("component", ["core", "speaker"])
def test_lying_safetensors(folder, component, lie):
    replace(folder / f"{component}.safetensors", LIES[lie])
    refused(folder, component)


@pytest.mark.parametrize("name", ["core.safetensors", "config.json", "llm_config.json", "latent_stats.npz"])
@pytest.mark.parametrize("left", [0.0, 0.01, 0.5, 0.999])
def test_truncated_files(folder, name, left):
    data = (folder / name).read_bytes()
    replace(folder / name, data[: int(len(data) * left)])
    refused(folder, name)


@pytest.mark.parametrize(
    "name", ["config.json", "llm_config.json", "latent_stats.npz", "tokenizer/tokenizer.json"]
)
def test_a_file_of_a_gigabyte(folder, name):
    (folder / name).unlink()
    with open(folder / name, "wb") as file:
        file.truncate(1 << 30)
    refused(folder, os.path.basename(name))


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe{}",
        b"[" * 200_000,
        b'{"a":' * 50_000,
        b"[]",
        b"null",
        b"3",
        b"",
        b"{",
        b"NaN",
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"latent_dim": ' + b"9" * 5000 + b"}",
        b"{}",
        b'"\\ud800"',
        b'{"\\ud800": 1}',
    ],
)
@pytest.mark.parametrize("name", ["config.json", "llm_config.json"])
def test_json_that_is_none_or_says_nothing(folder, name, data):
    replace(folder / name, data)
    refused(folder, name)


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "unreadable"])
def test_files_that_are_no_files(folder, kind):
    path = folder / "config.json"
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path.symlink_to("/proc/self/mem")
    refused(folder, "config.json")


def paths(value, at=()):
    """Every place in a JSON value."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*at, key))


def changed(value, at, new):
    if not at:
        return new
    copy = value.copy()
    copy[at[0]] = changed(value[at[0]], at[1:], new)
    return copy


ABSURD = [
    None,
    True,
    -1,
    0,
    1,
    3,
    2**31,
    2**63,
    10**400,
    1e308,
    -0.5,
    "",
    "9" * 100,
    "\ud800",
    [],
    {},
    [[]],
    [0],
    {"a": []},
]
PLAIN = {
    kind: tuple(json.loads(json.dumps(part)) for part in configs(kind, Sizes()))
    for kind in ("fm", "mf", "scm")
}


@pytest.mark.parametrize("kind", PLAIN)
def test_every_field_with_every_absurd_value(kind):
    """Either a sentence or a config whose sizes are within bounds; nothing else."""
    for read, raw in zip((model_config, lambda r: llm_config(r, 264)), PLAIN[kind], strict=True):
        for at, value in product(list(paths(raw))[1:], ABSURD):
            try:
                found = read(changed(raw, at, value))
            except ModelError as error:
                assert len(str(error)) < 400
                continue
            assert isinstance(found, dict) or found.patch_samples <= 1 << 26


@pytest.mark.parametrize(
    ("at", "value", "named"),
    [
        (("DiT", "hidden_size"), 10**9, "hidden_size"),
        (("DiT", "num_layers"), 10**6, "num_layers"),
        (("PatchEncoder", "ffn_hidden_size"), 2**40, "ffn_hidden_size"),
        (("DiT", "num_heads"), 7, "heads"),
        (("vocoder", "upsample_initial_channel"), 2**30, "initial_channel"),
        (("latent_dim",), 10**7, "latent_dim"),
        (("vocoder", "upsample_rates"), [64] * 5, "rate up and down"),
        (("patch_size",), 10**9, "patch_size"),
        (("vocoder", "downsample_rates"), [1] * 10**5, "downsample_rates"),
        (("patch_size",), 3, "patch_size"),
        (("vocoder", "resblock"), "2", "resblock"),
        (("vocoder", "activation"), "snake", "activation"),
        (("vocoder", "causal"), False, "causal"),
        (("vocoder", "resblock_dilation_sizes"), [[1]], "dilations"),
        (("model_type",), "other", "model_type"),
        (("DiT", "norm_layer"), "LayerNorm", "norm_layer"),
    ],
)
def test_absurd_sizes_are_named(folder, at, value, named):
    replace(folder / "config.json", json.dumps(changed(PLAIN["mf"][0], at, value)).encode())
    refused(folder, named)


@pytest.mark.parametrize(
    ("streaming", "named"),
    [
        ({"pace": 2}, "pace"),
        ({"interleave_mode": "two_to_one"}, "interleave_mode"),
        ({"interleave_mode": "buffered_ratio", "initial_lookahead": 0}, "initial_lookahead"),
        ({"interleave_mode": "buffered_ratio", "ta_per_tta": 0}, "ta_per_tta"),
        ({"interleave_mode": "buffered_ratio", "warmup_ta": -1}, "warmup_ta"),
        ("one_to_one", "streaming"),
    ],
)
def test_turns_of_text_and_sound_that_are_none_are_named(folder, streaming, named):
    replace(folder / "config.json", json.dumps(PLAIN["scm"][0] | {"streaming": streaming}).encode())
    refused(folder, named)


@pytest.mark.parametrize(
    "packing",
    [
        {"bits": 5000, "group_size": 64},
        {"bits": 8, "group_size": 7},
        {"bits": 8, "components": ["dit"]},
        {"bits": 8, "components": "llm"},
        {"bits": 8, "components": []},
        {"bits": 7},
        [],
        8,
        {},
    ],
)
def test_packing_that_can_not_be(folder, packing):
    replace(folder / "config.json", json.dumps(PLAIN["mf"][0] | {"quantization": packing}).encode())
    refused(folder, "quantization")


def npz(tmp_path, **arrays):
    np.savez(tmp_path / "latent_stats.npz", **arrays)
    return tmp_path / "latent_stats.npz"


GOOD = np.ones(4, np.float32)


@pytest.mark.parametrize(
    "arrays",
    [
        {"mean": GOOD},
        {"mean": GOOD, "var": -GOOD},
        {"mean": GOOD, "var": 0 * GOOD},
        {"mean": GOOD * np.nan, "var": GOOD},
        {"mean": GOOD * np.inf, "var": GOOD},
        {"mean": GOOD[:3], "var": GOOD},
        {"mean": np.ones(4, int), "var": GOOD},
        {"mean": np.array([{}] * 4), "var": GOOD},
        {"mean": np.array(["a"] * 4), "var": GOOD},
    ],
)
def test_statistics_that_can_not_be(tmp_path, arrays):
    with pytest.raises(ModelError, match="latent_stats"):
        latent_stats(npz(tmp_path, **arrays), 4)


def test_statistics_in_other_precisions(tmp_path):
    mean, var = latent_stats(npz(tmp_path, mean=np.ones((1, 4)), var=np.ones(4, np.float16)), 4)
    assert mean.tolist() == var.tolist() == [1.0] * 4 and mean.dtype == np.float32


def test_an_npz_that_claims_more_than_it_holds(tmp_path):
    import zipfile

    claim = b"{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999,), }".ljust(117) + b"\n"
    with zipfile.ZipFile(tmp_path / "latent_stats.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mean.npy", b"\x93NUMPY\x01\x00v\x00" + claim)
    with pytest.raises(ModelError, match="shape"):
        latent_stats(tmp_path / "latent_stats.npz", 4)
    with zipfile.ZipFile(tmp_path / "latent_stats.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mean.npy", bytes(10**8))
    with pytest.raises(ModelError, match="unpacks"):
        latent_stats(tmp_path / "latent_stats.npz", 4)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
ENTRIES = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["F32", "U8", "BF16", "I64", "X"]) | JSON,
        "shape": st.lists(st.integers(0, 4), max_size=3) | JSON,
        "data_offsets": st.lists(st.integers(0, 64), min_size=2, max_size=2).map(sorted) | JSON,
    }
)


@settings(max_examples=120)
@given(st.dictionaries(st.text(max_size=3), ENTRIES | JSON, max_size=4), st.integers(0, 80))
def test_any_header_is_refused_or_covers_its_data(entries, size):
    text = json.dumps(entries).encode()
    try:
        found = check_header(struct.pack("<Q", len(text)), lambda n: text[:n], 8 + len(text) + size, "x")
    except ModelError:
        return
    assert sum(t.end - t.begin for t in found.values()) == size


@settings(max_examples=120)
@given(st.data())
def test_any_change_of_a_config_is_refused_or_within_bounds(data):
    raw = data.draw(st.sampled_from(list(PLAIN.values())))[0]
    for _ in range(data.draw(st.integers(1, 3))):
        raw = changed(raw, data.draw(st.sampled_from(list(paths(raw)))), data.draw(JSON))
        if not isinstance(raw, dict):
            return
    try:
        found = model_config(raw)
    except ModelError:
        return
    assert found.dit.hidden_size % found.dit.num_heads == 0 and found.patch_samples <= 1 << 26


def test_what_safetensors_writes_is_read(tmp_path):
    from safetensors.numpy import save_file

    save_file(
        {"a": np.ones((2, 3), np.float16), "b": np.zeros(0, np.int64)}, tmp_path / "a.safetensors", {"k": "v"}
    )
    found = read_header(tmp_path / "a.safetensors")
    assert (found["a"].dtype, found["a"].shape, found["a"].count) == ("F16", (2, 3), 6)
    assert (found["b"].dtype, found["b"].shape, found["b"].count) == ("I64", (0,), 0)


def test_sizes_the_weights_do_not_have_are_never_allocated(folder):
    import mlx.core as mx

    from dotsbook.model.network.core import load_core

    stack = PLAIN["mf"][0]["DiT"] | {
        "hidden_size": 32768,
        "num_heads": 64,
        "ffn_hidden_size": 131072,
        "num_layers": 96,
    }
    replace(folder / "config.json", json.dumps(PLAIN["mf"][0] | {"DiT": stack}).encode())
    checkpoint = open_checkpoint(folder)
    mx.reset_peak_memory()
    with pytest.raises(ModelError, match="core"):
        load_core(checkpoint)
    assert mx.get_peak_memory() < 1 << 28
