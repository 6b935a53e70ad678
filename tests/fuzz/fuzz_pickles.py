"""Feeds bytes to the reader of torch's `.pt` files, as the zip and as the pickle in it. Only arrays may come out.

python tests/fuzz/fuzz_pickles.py CORPUS        with atheris, for as long as it is left to run
"""

import io
import pickle
import sys
import zipfile
from pathlib import Path

import numpy as np

from dotsbook.errors import DotsbookError
from dotsbook.model.checkpoint.pickles import parse_tensors

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.model.tiny import torch_pickle, torch_zip  # noqa: E402


def seeds() -> list[bytes]:
    stats = {"mean": np.arange(4, dtype=np.float32), "var": np.ones(4, np.float32)}
    plain = [pickle.dumps({"mean": [1.0], "b": (1, None, True)}, protocol) for protocol in range(6)]
    return [torch_zip(stats), torch_pickle(stats), *plain]


def one_input(data: bytes) -> None:
    for candidate in (data, wrapped(data)):
        try:
            found = parse_tensors(candidate, "fuzzed")
        except DotsbookError:
            continue
        for key, value in found.items():
            assert isinstance(key, str) and isinstance(value, np.ndarray) and value.dtype == np.float32


def wrapped(pickle: bytes) -> bytes:
    """The pickle in a zip with one storage of eight numbers, as torch would lay it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a/data.pkl", pickle)
        archive.writestr("a/data/0", bytes(32))
    return buffer.getvalue()


if __name__ == "__main__":
    from harness import run

    run(one_input, seeds())
