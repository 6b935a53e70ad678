"""How fast dots.tts decodes here against another MLX port of it, both at the released size with random weights, in turn.

    git clone https://github.com/appautomaton/mlx-speech
    python -m tests.benchmarks.port_speed mlx-speech/src [--pairs 10] [--json]

Float32 on a CPU, MeanFlow, one line. Both models read their matrices from one pool of random numbers of 2 GB, so that
both fit into 16 GB and neither finds its weights in a cache. Each ratio is the median over pairs whose two sides ran one
after the other, in changing order.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np

from dotsbook.model.bench import random_model
from dotsbook.model.bench.random_model import LLM, RELEASED, VOCABULARY
from tests.benchmarks.model_speed import TEXT, decoding, line, steps

POOL = 1 << 29  # numbers
ALIGNED = 64
HISTORIES = (10, 60)  # patches
VOCODED = 2  # patches: the port takes ten seconds for one on a processor
STACK = {
    "modulation": False,
    "qkv_bias": False,
    "attn_dropout": 0.0,
    "dropout": 0.0,
    "norm_layer": "RMSNorm",
    "alibi_bias": False,
    "rotary_bias": True,
    "rotary_theta": 10000.0,
}


class Pool:
    """Random numbers that the matrices of several networks are cut from."""

    def __init__(self) -> None:
        import mlx.core as mx

        self._numbers, self._at = mx.random.normal((POOL,), key=mx.random.key(0)) * 0.02, 0

    def fill(self, network, scale: float = 1.0) -> None:
        """Give every matrix of a network numbers of the pool, every norm and filter equal ones."""
        import mlx.core as mx
        from mlx.utils import tree_flatten

        weights = []
        for name, array in tree_flatten(network.parameters()):
            if (
                name.endswith((".filter", "running_mean", "running_var"))
                or "norm" in name
                and array.ndim == 1
            ):
                value = mx.ones(array.shape) * (1 / 12 if name.endswith(".filter") else 1)
            else:
                value = self._cut(array.size).reshape(array.shape)
            weights.append((name, value))
        network.load_weights(weights, strict=False)

    def _cut(self, size: int):
        if self._at + size > POOL:
            self._at = 0
        begun, self._at = self._at, self._at + -(-size // ALIGNED) * ALIGNED
        return self._numbers[begun : begun + size]


class ByteTokens:
    """The port's tokenizer: a text of n bytes is n tokens."""

    audio_gen_start_id, audio_gen_span_id, text_cond_end_id, audio_comp_span_id = range(256, 260)

    def encode(self, text: str) -> list[int]:
        return list(text.encode())


def port(pool: Pool) -> Any:
    """The other port's generator at the released size."""
    import mlx.core as mx
    from mlx_speech.generation.dots_tts import DotsTTSGenerator
    from mlx_speech.models.dots_tts.audio_vae import AudioVAE
    from mlx_speech.models.dots_tts.checkpoint import DotsTTSCoreComponents
    from mlx_speech.models.dots_tts.config import DotsTTSConfig, DotsTTSQwenConfig
    from mlx_speech.models.dots_tts.latent import LatentIO, LatentStatistics

    encoder = {"qk_norm": False, "input_dim": 128, "causal": True, "rotary_bias": False}
    sizes = RELEASED | {
        "PatchEncoder": RELEASED["PatchEncoder"] | STACK | encoder,
        "DiT": RELEASED["DiT"] | STACK | {"modulation": True},
        "vocoder": RELEASED["vocoder"] | {"activation": "snakebeta", "resblock": "1", "snake_logscale": True},
        "meanflow": {"enabled": True, "use_duration_embedding": True},
    }
    config = DotsTTSConfig.from_dict(sizes)
    llm = DotsTTSQwenConfig.from_dict(LLM | {"vocab_size": VOCABULARY})
    core, vae = DotsTTSCoreComponents(config, llm), AudioVAE(config.vocoder)
    pool.fill(core)
    pool.fill(vae)
    for part in (core.qwen.model, core.semantic_encoder, core.dit):
        part.fuse_for_inference()
    vae.prepare_for_inference()
    mx.eval(core.parameters(), vae.parameters())
    size = config.latent_dim
    parts = SimpleNamespace(
        layout=SimpleNamespace(config=config, qwen_config=llm),
        core=core,
        audio_vae=vae,
        latent_io=LatentIO(LatentStatistics(mean=mx.zeros((size,)), variance=mx.ones((size,)))),
        speaker_encoder=None,
    )
    return DotsTTSGenerator(parts, ByteTokens())


def in_turn(ours: Callable[[], object], theirs: Callable[[], object], pairs: int) -> dict[str, float]:
    """Median seconds of both, and the median ratio."""
    taken = []
    for number in range(pairs):
        seconds = {}
        for side in (ours, theirs) if number % 2 else (theirs, ours):
            begun = time.perf_counter()
            side()
            seconds[side] = time.perf_counter() - begun
        taken.append((seconds[ours], seconds[theirs]))
    return {
        "ours, s": round(statistics.median(own for own, _ in taken), 3),
        "the port, s": round(statistics.median(other for _, other in taken), 3),
        "ratio": round(statistics.median(own / other for own, other in taken), 3),
    }


def measured(dots, other: Any, pairs: int) -> Iterator[tuple[str, dict[str, float]]]:
    """What was measured, and its figures, as they come."""
    import mlx.core as mx

    from dotsbook.model.stream import decode_latents

    begun = other._generate_latent_patches(
        TEXT, max_audio_patches=HISTORIES[-1] + 2 * pairs, language="en", seed=1, eos_threshold=1 - 1e-9
    )
    made, _ = decoding(dots, [line(seed=1)])
    done = 0
    for history in HISTORIES:
        for _ in range(history - done):
            mx.eval(next(begun))
        steps(made, history - done)
        yield (
            f"one line, a patch, from patch {history} on",
            in_turn(lambda: made.step(), lambda: mx.eval(next(begun)), pairs),
        )
        done = history + pairs
    latents = np.random.default_rng(0).standard_normal((VOCODED * 4, 128)).astype(np.float32)
    vae, theirs = other.components.audio_vae, mx.array(latents.T[None])
    for first in (lambda: decode_latents(dots.vae, latents), lambda: mx.eval(vae.decode(theirs))):
        first()
    yield (
        f"the vocoder, {VOCODED} patches",
        in_turn(
            lambda: decode_latents(dots.vae, latents), lambda: mx.eval(vae.decode(theirs)), max(2, pairs // 3)
        ),
    )


def main() -> None:
    from dotsbook.model.startup import prepare_mlx

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("port", help="the folder that holds the package mlx_speech")
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sys.path.insert(0, asked.port)
    prepare_mlx()
    pool = Pool()
    with mock.patch.object(random_model, "random_weights", pool.fill):
        dots = random_model.random_model()
    found = {}
    for name, figures in measured(dots, port(pool), asked.pairs):
        found[name] = figures
        if not asked.json:
            print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items()), flush=True)
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
