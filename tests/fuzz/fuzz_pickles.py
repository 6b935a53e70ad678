"""Feeds bytes to the reader of torch's `.pt` files, as the zip and as the pickle in it. Only arrays may come out.

    python tests/fuzz/fuzz_pickles.py                with atheris, for as long as it is left to run
"""

import io
import zipfile

import numpy as np

from dotsbook.errors import DotsbookError
from dotsbook.model.pickles import parse_tensors


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

    run(one_input)
