"""Tiny checkpoints for the model's tests, written once a run."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from dotsbook.model.blas import prefer_openblas  # noqa: E402
from tests.model.tiny import write_tiny  # noqa: E402

prefer_openblas()  # before any test imports MLX


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """tiny(kind="fm", layout="reference", seed=1, **sizes) -> folder; not to be written into."""
    written = {}

    def folder(kind="fm", layout="reference", seed=1, **sizes):
        key = (kind, layout, seed, *sorted(sizes.items()))
        if key not in written:
            written[key] = write_tiny(
                tmp_path_factory.mktemp("tiny") / "model", kind=kind, layout=layout, seed=seed, **sizes
            )
        return written[key]

    return folder
