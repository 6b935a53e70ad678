"""Feeds bytes to the safetensors header reader. Anything but a DotsbookError or a header that holds is a bug.

    python tests/fuzz/fuzz_safetensors.py            with atheris, for as long as it is left to run
"""

import io

from dotsbook.errors import DotsbookError
from dotsbook.model.tensors import WIDTHS, check_header


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

    run(one_input)
