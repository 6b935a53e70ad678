"""The networks against golden outputs, against themselves in pieces, and the arithmetic under them against numpy.

The goldens of this folder were made by this implementation once it had passed the reference's own, with checkpoints
that tiny.py writes; `python tests/model/make_golden.py` makes them again.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from make_golden import KINDS, SIZES

from dotsbook.model.parity import run

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("kind", KINDS)
def test_every_golden_passes(tiny, kind):
    results = list(run(str(tiny(kind, **SIZES[kind])), GOLDEN / kind))
    assert len(results) > 10
    assert not [r for r in results if not r.passed]


def test_parity_fails_on_another_checkpoint(tiny):
    command = [
        sys.executable,
        "-m",
        "dotsbook.model.parity",
        str(tiny("mf", seed=7, **SIZES["mf"])),
        str(GOLDEN / "mf"),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == 1 and not told["passed"]
    assert any(stage["passed"] for stage in told["stages"])  # the schedule doesn't depend on weights


@pytest.fixture(scope="module")
def dots(tiny):
    from dotsbook.model.dots import Dots

    return Dots.load(tiny("mf"), dtype="float32")


def test_the_decoder_gives_the_same_in_any_pieces(dots):
    import mlx.core as mx

    from dotsbook.model.network.audiovae import DecoderState

    latents = np.random.default_rng(0).standard_normal((1, 23, dots.config.latent_dim)).astype(np.float32)
    whole = np.array(dots.vae.decode(mx.array(latents), DecoderState(), last=True))
    for sizes in ([1] * 23, [4, 4, 4, 4, 4, 3], [2, 21]):
        state, parts, at = DecoderState(), [], 0
        for size in sizes:
            at += size
            parts.append(
                np.array(dots.vae.decode(mx.array(latents[:, at - size : at]), state, last=at == 23))
            )
        pieces = np.concatenate(parts, axis=1)
        assert pieces.shape == whole.shape == (1, 23 * dots.config.vocoder.hop)
        np.testing.assert_allclose(pieces, whole, atol=2e-5)


def test_the_patch_encoder_and_the_backbone_give_the_same_stepped(dots):
    import mlx.core as mx

    from dotsbook.model.network.caches import KVCache
    from dotsbook.model.network.llm import hidden_states

    encoder, llm = dots.core.patch_encoder, dots.core.llm
    latents = mx.random.normal((2, 6 * dots.config.patch_size, dots.config.latent_dim), key=mx.random.key(1))
    state = encoder.begin(2)
    steps = [encoder(part, state) for part in mx.split(latents, 6, axis=1)]
    np.testing.assert_allclose(
        np.concatenate(steps, axis=1), np.array(encoder(latents, encoder.begin(2))), atol=2e-5
    )
    layers = len(llm.model.layers)
    x = dots.core.embed(mx.array([[5, 9, 200, 3, 77]]))
    cache = KVCache(layers)
    steps = [hidden_states(llm, x[:, i : i + 1], cache) for i in range(5)]
    np.testing.assert_allclose(
        np.concatenate(steps, axis=1), np.array(hidden_states(llm, x, KVCache(layers))), atol=2e-5
    )


def test_a_padded_row_sees_only_itself(dots):
    import mlx.core as mx

    from dotsbook.model.network.caches import KVCache
    from dotsbook.model.network.llm import hidden_states

    llm, layers = dots.core.llm, len(dots.core.llm.model.layers)
    short, long = mx.array([[7, 8, 9]]), mx.array([[1, 2, 3, 4, 5]])
    alone = hidden_states(llm, dots.core.embed(short), KVCache(layers))
    both = mx.concatenate(
        [mx.pad(dots.core.embed(short), [(0, 0), (2, 0), (0, 0)]), dots.core.embed(long)], axis=0
    )
    together = hidden_states(llm, both, KVCache(layers, 2), np.array([2, 0], np.int32))
    np.testing.assert_allclose(np.array(together[0, 2:]), np.array(alone[0]), atol=2e-5)


def test_elementary_functions_are_as_good_as_their_promise():
    import mlx.core as mx

    from dotsbook.model.network import elementary

    x = np.linspace(-30, 30, 50_001, dtype=np.float32)
    wide = x.astype(np.float64)
    pairs = [
        (elementary.sigmoid, 1 / (1 + np.exp(-wide))),
        (elementary.tanh, np.tanh(wide)),
        (lambda v: elementary.exp(v - 30), np.exp((x - np.float32(30)).astype(np.float64))),
        (
            lambda v: elementary.snake(v / 3, mx.array([1.0]), mx.array([1.0])) - v / 3,
            np.sin((x / np.float32(3)).astype(np.float64)) ** 2,
        ),
    ]
    for ours, truth in pairs:
        assert np.abs(np.array(ours(mx.array(x))) - truth).max() < 2e-6


@pytest.mark.parametrize(("old", "new"), [(16000, 24000), (44100, 48000), (48000, 16000), (8000, 8000)])
def test_resampling_keeps_a_tone(old, new):
    from dotsbook.model.resample import resample_prompt

    tone = np.sin(2 * np.pi * 440 * np.arange(old) / old).astype(np.float32)
    found = resample_prompt(tone, old, new)
    assert len(found) == new
    wanted = np.sin(2 * np.pi * 440 * np.arange(new) / new)
    assert np.abs(found - wanted)[new // 10 : -new // 10].max() < 1e-3


def test_trimming_leaves_the_loud_middle():
    from dotsbook.model.resample import trim_silence

    loud = np.random.default_rng(0).standard_normal(20_000).astype(np.float32)
    trimmed = trim_silence(
        np.concatenate([np.zeros(30_000, np.float32), loud, np.full(30_000, 1e-6, np.float32)])
    )
    assert 20_000 <= len(trimmed) < 23_000
    assert len(trim_silence(np.zeros(0, np.float32))) == 0
