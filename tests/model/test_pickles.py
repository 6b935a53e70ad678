"""The `.pt` reader builds tensors and nothing else: whatever else a file asks for is refused, and nothing runs."""

import io
import os
import pickle
import subprocess
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.pickles import parse_tensors, read_tensors
from tests.model.tiny import torch_pickle, torch_zip

STATS = {"mean": np.arange(6, dtype=np.float32) / 7, "var": np.ones(6, np.float32)}


def zipped(pickled: bytes, storages=(bytes(32),), compression=zipfile.ZIP_STORED, **members) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.writestr("a/data.pkl", pickled)
        for i, data in enumerate(storages):
            archive.writestr(f"a/data/{i}", data)
        for name, data in members.items():
            archive.writestr(f"a/{name}", data)
    return buffer.getvalue()


def rebuild(
    offset=0, shape=(8,), stride=(1,), kind="FloatStorage", count=8, hooks=b"ccollections\nOrderedDict\n)R"
):
    """{"t": a tensor} with any geometry, opcode by opcode."""

    def number(n):
        return b"J" + n.to_bytes(4, "little", signed=True)

    def numbers(values):
        return b"(" + b"".join(map(number, values)) + b"t"

    storage = (
        b"(X\7\0\0\0storagectorch\n"
        + kind.encode()
        + b"\nX\1\0\0\0"
        + b"0X\3\0\0\0cpu"
        + number(count)
        + b"tQ"
    )
    return (
        b"\x80\x02}X\1\0\0\0tctorch._utils\n_rebuild_tensor_v2\n("
        + storage
        + number(offset)
        + numbers(shape)
        + numbers(stride)
        + b"\x89"
        + hooks
        + b"tRs."
    )


def refused(data, match="stats.pt"):
    with pytest.raises(ModelError, match=match):
        parse_tensors(data, "stats.pt")


def test_reads_what_torch_writes(tmp_path):
    (tmp_path / "stats.pt").write_bytes(torch_zip(STATS))
    found = read_tensors(tmp_path / "stats.pt")
    assert found.keys() == STATS.keys()
    assert all(np.array_equal(found[k], STATS[k]) and found[k].dtype == np.float32 for k in STATS)


@pytest.mark.parametrize(
    ("kind", "dtype"), [("DoubleStorage", "<f8"), ("HalfStorage", "<f2"), ("FloatStorage", "<f4")]
)
def test_kinds_of_storage(kind, dtype):
    data = np.arange(8).astype(dtype).tobytes()
    assert parse_tensors(zipped(rebuild(kind=kind), [data]), "x")["t"].tolist() == list(range(8))


def test_bfloat16_and_strides():
    wide = np.array([1, -2, 0.5, 3, 4, 5, 6, 7], np.float32)
    data = (wide.view(np.uint32) >> 16).astype("<u2").tobytes()
    assert parse_tensors(zipped(rebuild(kind="BFloat16Storage"), [data]), "x")["t"].tolist() == wide.tolist()
    turned = parse_tensors(zipped(rebuild(shape=(2, 4), stride=(1, 2)), [wide.tobytes()]), "x")["t"]
    assert turned.tolist() == wide.reshape(4, 2).T.tolist()
    assert parse_tensors(zipped(rebuild(shape=(0, 4), stride=(4, 1))), "x")["t"].shape == (0, 4)


@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8"])
def test_reads_arrays_that_numpy_pickled(protocol, dtype):
    wanted = {
        "mean": np.linspace(-1, 1, 6).astype(dtype),
        "var": np.asfortranarray(np.arange(6, dtype=dtype).reshape(2, 3)),
    }
    found = parse_tensors(zipped(pickle.dumps(wanted, protocol)), "x")
    for name, array in wanted.items():
        assert found[name].dtype == np.float32
        np.testing.assert_array_equal(found[name], array.astype(np.float32))


def test_an_array_that_is_shorter_than_it_claims_is_refused():
    pickled = pickle.dumps({"mean": np.arange(5.0)}, 2)
    assert b"K\x05\x85" in pickled
    refused(zipped(pickled.replace(b"K\x05\x85", b"K\x06\x85")))


class Runs:
    def __init__(self, function, *arguments):
        self.asked = function, arguments

    def __reduce__(self):
        return self.asked


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "asked",
    [
        Runs(os.system, "touch ran"),
        Runs(eval, "open('ran', 'w')"),
        Runs(exec, "open('ran', 'w')"),
        Runs(os.mkdir, "ran"),
        Runs(subprocess.check_output, ["touch", "ran"]),
        Runs(getattr, "", "join"),
        np.float64(1.0),
        np.ones(3, int),
        np.array(["a"]),
        np.array([object()]),
        np.ma.masked_array([1.0]),
        np.zeros(3, [("a", "f4")]),
        np.ones(3, ">f4"),
        Runs,
        object(),
        {1, 2},
        b"bytes",
        bytearray(b"x"),
        complex(1, 2),
    ],
    ids=lambda asked: type(asked).__name__,
)
def test_anything_else_is_refused_and_nothing_runs(tmp_path, monkeypatch, protocol, asked):
    monkeypatch.chdir(tmp_path)
    refused(zipped(pickle.dumps({"mean": asked}, protocol)))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "pickled",
    [
        b"cos\nsystem\n(S'touch ran'\ntR.",
        b"(S'touch ran'\nios\nsystem\n.",
        b"(cos\nsystem\nS'touch ran'\no.",
        b"\x80\x02ctorch\nload\n.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor\n.",
        b"\x82\x01.",
        b"Ppersistent\n.",
        b"\x80\x02ccollections\nOrderedDict\n}R.",
        b"\x80\x02ccollections\nOrderedDict\n)R}b.",
        b"\x80\x04\x8c\2os\x8c\6system\x93.",
        b"\x80\x02ctorch\nFloatStorage extra\n.",
        b"\x80\x02c\n\n.",
        b"}2.",
        b"N.",
        b".",
        b"",
        b"}",
        b"t.",
        b"h\0.",
        b"j\xff\xff\xff\xff.",
    ],
)
def test_opcodes_no_tensor_needs(pickled):
    refused(zipped(pickled))


@pytest.mark.parametrize(
    "geometry",
    [
        {"offset": 1},
        {"offset": -1},
        {"shape": (9,)},
        {"stride": (2,)},
        {"stride": (-1,)},
        {"shape": (-1,)},
        {"count": 9},
        {"count": 7},
        {"count": -1},
        {"count": 2**31 - 1},
        {"shape": (8,), "stride": ()},
        {"shape": (2**31 - 1,) * 3, "stride": (0, 0, 0)},
        {"shape": (2**20,), "stride": (0,)},
        {"shape": (1,) * 9, "stride": (1,) * 9},
        {"kind": "IntStorage"},
    ],
)
def test_lying_sizes(geometry):
    refused(zipped(rebuild(**geometry)))


def test_many_views_of_one_storage_do_not_fill_memory():
    one = rebuild(count=2**18, shape=(2**18,))
    first = one[3:-2]  # name and tensor, without the dictionary around it
    many = (
        b"\x80\x02}("
        + b"".join(first.replace(b"X\1\0\0\0t", b"X\2\0\0\0t%c" % (65 + i)) for i in range(9))
        + b"u."
    )
    refused(zipped(many, [bytes(2**20)]), "numbers")


def test_archives_that_are_not_torchs():
    good = torch_pickle(STATS)
    refused(b"not a zip")
    refused(pickle.dumps({}))
    refused(zipped(good, [bytes(24)], zipfile.ZIP_DEFLATED), "compressed")
    refused(zipped(good, []), "lacks")
    refused(zipped(good, [bytes(24), bytes(20)]), "shorter")
    refused(zipped(good, [bytes(24)] * 2, byteorder=b"big"), "little-endian")
    refused(zipped(b"\x80\x02" + b"}0" * 200_000 + b"."))
    refused(torch_zip(STATS)[:-30])


def test_a_huge_file_is_not_read(tmp_path):
    with open(tmp_path / "stats.pt", "wb") as file:
        file.truncate(1 << 33)
    with pytest.raises(ModelError, match="bytes"):
        read_tensors(tmp_path / "stats.pt")


OPCODES = st.sampled_from(
    [bytes([c]) for c in b"}]()NtuaseQR.0\x85\x86\x87\x88\x89\x93\x94"]
    + [
        b"\x80\x02",
        b"K\1",
        b"q\0",
        b"h\0",
        b"ctorch\nFloatStorage\n",
        b"ctorch._utils\n_rebuild_tensor_v2\n",
        b"ccollections\nOrderedDict\n",
        b"X\1\0\0\0" + b"0",
        b"X\7\0\0\0storage",
        b"X\3\0\0\0cpu",
    ]
)


@settings(max_examples=300)
@given(st.lists(OPCODES, max_size=40))
def test_any_row_of_allowed_opcodes_reads_or_is_refused(opcodes):
    try:
        found = parse_tensors(zipped(b"".join(opcodes) + b"."), "x")
    except ModelError:
        return
    assert all(isinstance(v, np.ndarray) for v in found.values())
