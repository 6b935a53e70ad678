"""Feeds bytes to the reader of enrolled voices. A profile that passes is whole and can be checked against a model.

python tests/fuzz/fuzz_profile.py CORPUS        with atheris, for as long as it is left to run
"""

import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from dotsbook.errors import DotsbookError
from dotsbook.model.profile import read_profile


def seeds() -> list[bytes]:
    header = {
        "dotsbook-profile": "1",
        "model": "m",
        "seconds": "3.5",
        "speaker_scale": "1.5",
        "transcript": "Yes.",
    }
    colour = {"x_vector": np.ones(4, np.float32), "g_cond": np.ones(6, np.float32)}
    prompt = {"latents": np.ones((4, 2), np.float32), "embeddings": np.ones((1, 8), np.float32)}
    return [save(colour, metadata=header), save(colour | prompt, metadata=header)]


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

    run(one_input, seeds())
