"""Feeds bytes to the safetensors header reader. Anything but a DotsbookError or a header that holds is a bug.

python tests/fuzz/fuzz_safetensors.py CORPUS        with atheris, for as long as it is left to run
"""

import io

import numpy as np
from safetensors.numpy import save

from dotsbook.errors import DotsbookError
from dotsbook.model.checkpoint.tensors import WIDTHS, check_header


def seeds() -> list[bytes]:
    arrays = {
        "a.weight": np.ones((2, 3), np.float32),
        "b": np.zeros((0, 4), np.int64),
        "c": np.ones((), np.float16),
    }
    return [save(arrays), save(arrays, metadata={"format": "pt"}), save({}), b"\x02" + bytes(7) + b"{}"]


def one_input(data: bytes) -> None:
    file = io.BytesIO(data)
    try:
        found = check_header(file.read(8), file.read, len(data), "fuzzed")
    except DotsbookError:
        return
    at = 8 + int.from_bytes(data[:8], "little")
    for tensor in sorted(found.values(), key=lambda t: (t.begin, t.end)):
        assert tensor.begin == at and tensor.end - tensor.begin == tensor.count * WIDTHS[tensor.dtype]
        at = tensor.end
    assert at == len(data)


if __name__ == "__main__":
    from harness import run

    run(one_input, seeds())
