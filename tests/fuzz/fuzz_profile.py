"""Feeds bytes to the reader of enrolled voices. A profile that passes is whole and can be checked against a model.

    python tests/fuzz/fuzz_profile.py                with atheris, for as long as it is left to run
"""

import tempfile
from pathlib import Path

import numpy as np

from dotsbook.errors import DotsbookError
from dotsbook.model.profile import read_profile


def one_input(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".voice") as file:
        file.write(data)
        file.flush()
        try:
            found = read_profile(Path(file.name))
        except DotsbookError:
            return
    assert found.x_vector.dtype == found.g_cond.dtype == np.float32
    assert found.seconds >= 0 and np.isfinite(found.speaker_scale)
    assert (found.latents is None) == (found.embeddings is None)


if __name__ == "__main__":
    from harness import run

    run(one_input)
