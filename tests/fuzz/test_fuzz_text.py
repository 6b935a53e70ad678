"""A few seconds of random mutation of honest manuscripts: each is read with a balanced receipt, or refused in a
sentence."""

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent)]

import fuzz_epub  # noqa: E402
import fuzz_markdown  # noqa: E402
from harness import storm  # noqa: E402

SECONDS = 2.5


@pytest.mark.parametrize(
    ("target", "seeds"),
    [(fuzz_epub, fuzz_epub.seeds()), (fuzz_markdown, fuzz_markdown.SEEDS)],
    ids=["epub", "markdown"],
)
def test_random_mutation(target, seeds):
    for seed in seeds:
        target.one_input(seed)
    assert storm(target.one_input, seeds, SECONDS, seed=7) > 10
