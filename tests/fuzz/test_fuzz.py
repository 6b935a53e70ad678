"""Ten seconds of random mutation of honest files: every reader refuses with a sentence or reads, and never breaks."""

import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import fuzz_config  # noqa: E402
import fuzz_lexicon  # noqa: E402
import fuzz_manifest  # noqa: E402
import fuzz_pickles  # noqa: E402
import fuzz_profile  # noqa: E402
import fuzz_safetensors  # noqa: E402
from harness import storm  # noqa: E402

from tests.model.tiny import Sizes, configs, torch_pickle, torch_zip  # noqa: E402

SECONDS = 2.5


def header_seeds():
    arrays = {"a.weight": np.ones((2, 3), np.float32), "b": np.zeros((0, 4), np.int64), "c": np.ones((), np.float16)}
    return [save(arrays), save(arrays, metadata={"format": "pt"}), save({}), b"\x02" + bytes(7) + b"{}"]


def pickle_seeds():
    stats = {"mean": np.arange(4, dtype=np.float32), "var": np.ones(4, np.float32)}
    plain = [pickle.dumps({"mean": [1.0], "b": (1, None, True)}, protocol) for protocol in range(6)]
    return [torch_zip(stats), torch_pickle(stats), *plain]


def config_seeds():
    return [json.dumps(part | {"quantization": {"bits": 8, "group_size": 64, "components": ["llm"]}}).encode()
            for kind in ("fm", "mf", "scm") for part in configs(kind, Sizes())]


def profile_seeds():
    header = {"dotsbook-profile": "1", "model": "m", "seconds": "3.5", "speaker_scale": "1.5", "transcript": "Yes."}
    colour = {"x_vector": np.ones(4, np.float32), "g_cond": np.ones(6, np.float32)}
    prompt = {"latents": np.ones((4, 2), np.float32), "embeddings": np.ones((1, 8), np.float32)}
    return [save(colour, metadata=header), save(colour | prompt, metadata=header)]


@pytest.mark.parametrize(("target", "seeds"), [
    (fuzz_safetensors, header_seeds), (fuzz_pickles, pickle_seeds),
    (fuzz_config, config_seeds), (fuzz_profile, profile_seeds)], ids=lambda x: x.__name__)
def test_random_mutation(target, seeds):
    given = seeds()
    for seed in given:
        target.one_input(seed)
    assert storm(target.one_input, given, SECONDS, seed=7) > 500


@pytest.mark.parametrize("target", [fuzz_manifest, fuzz_lexicon], ids=lambda x: x.__name__)
def test_random_mutation_of_what_people_write(target):
    for seed in target.SEEDS:
        target.one_input(seed)
    assert storm(target.one_input, target.SEEDS, SECONDS, seed=7) > 50


@pytest.mark.parametrize(("target", "seed"), [
    (fuzz_safetensors, header_seeds()[0]), (fuzz_pickles, pickle_seeds()[0]), (fuzz_profile, profile_seeds()[0])],
    ids=["safetensors", "pickles", "profile"])
def test_every_cut_and_every_flipped_byte(target, seed):
    for at in range(len(seed)):
        target.one_input(seed[:at])
        target.one_input(seed[:at] + bytes([seed[at] ^ 0xFF]) + seed[at + 1:])
