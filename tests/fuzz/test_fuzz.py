"""Some seconds of random mutation of honest files: every reader refuses with a sentence or reads, and never breaks."""

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent)]

import fuzz_config  # noqa: E402
import fuzz_direction  # noqa: E402
import fuzz_epub  # noqa: E402
import fuzz_lexicon  # noqa: E402
import fuzz_manifest  # noqa: E402
import fuzz_markdown  # noqa: E402
import fuzz_pickles  # noqa: E402
import fuzz_profile  # noqa: E402
import fuzz_safetensors  # noqa: E402
from harness import storm  # noqa: E402

SECONDS = 2.5


@pytest.mark.parametrize(
    "target", [fuzz_safetensors, fuzz_pickles, fuzz_config, fuzz_profile], ids=lambda x: x.__name__
)
def test_random_mutation(target):
    given = target.seeds()
    for seed in given:
        target.one_input(seed)
    assert storm(target.one_input, given, SECONDS, seed=7) > 100


@pytest.mark.parametrize(
    ("target", "seeds", "shuffle"),
    [
        (fuzz_epub, fuzz_epub.seeds(), fuzz_epub.shuffled),
        (fuzz_markdown, fuzz_markdown.SEEDS, fuzz_markdown.shuffled),
        (fuzz_manifest, fuzz_manifest.SEEDS, fuzz_manifest.SHUFFLE),
        (fuzz_lexicon, fuzz_lexicon.SEEDS, fuzz_lexicon.SHUFFLE),
        (fuzz_direction, fuzz_direction.SEEDS, fuzz_direction.shuffled),
    ],
    ids=["epub", "markdown", "manifest", "lexicon", "direction"],
)
def test_random_mutation_of_what_people_write(target, seeds, shuffle):
    for seed in seeds:
        target.one_input(seed)
    assert storm(target.one_input, seeds, SECONDS, seed=7, shuffle=shuffle) > 10


@pytest.mark.parametrize("target", [fuzz_safetensors, fuzz_pickles, fuzz_profile], ids=lambda x: x.__name__)
def test_every_cut_and_every_flipped_byte(target):
    seed = target.seeds()[0]
    for at in range(len(seed)):
        target.one_input(seed[:at])
        target.one_input(seed[:at] + bytes([seed[at] ^ 0xFF]) + seed[at + 1 :])
