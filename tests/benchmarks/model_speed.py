"""How fast the model decodes at its released size, with random weights: the figures of the README's table.

    python tests/benchmarks/model_speed.py [--only line,batch,prefix,vocoder,memory] [--flow] [--json]

Float32 on a CPU, through OpenBLAS. Every ratio is taken in one run, its two sides in turn, so that other work on the
machine falls on both.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

RELEASED = {
    "latent_dim": 128,
    "patch_size": 4,
    "campplus_embedding_size": 512,
    "xvec_max_audio_seconds": 10.0,
    "PatchEncoder": {"num_layers": 24, "num_heads": 16, "hidden_size": 1024, "ffn_hidden_size": 4096},
    "DiT": {"num_layers": 18, "num_heads": 16, "hidden_size": 1024, "ffn_hidden_size": 4096, "qk_norm": True},
    "vocoder": {
        "sample_rate": 48000,
        "latent_dim": 128,
        "upsample_rates": [10, 6, 4, 2, 2, 2],
        "upsample_kernel_sizes": [20, 12, 8, 4, 4, 4],
        "upsample_initial_channel": 1536,
        "resblock_kernel_sizes": [3, 7, 11],
        "resblock_dilation_sizes": [[1, 3, 5]] * 3,
        "downsample_rates": [2, 2, 2, 4, 6, 10],
        "downsample_channels": [12, 24, 48, 96, 192, 384, 768],
        "causal": True,
        "causal_encoder": True,
        "mi_num_layers": 4,
        "use_bias_at_final": False,
        "use_tanh_at_final": False,
    },
}
LLM = {
    "model_type": "qwen2",
    "hidden_size": 1536,
    "num_hidden_layers": 28,
    "num_attention_heads": 12,
    "num_key_value_heads": 2,
    "intermediate_size": 8960,
    "rope_theta": 1e6,
    "rms_norm_eps": 1e-6,
    "max_position_embeddings": 32768,
    "tie_word_embeddings": True,
}
VOCABULARY = 151_672
TEXT = "The tide was out, and nobody on the long grey shore had anything left to say to her about it. "  # 95 characters
NEVER = 2.0  # an eos threshold no probability reaches


def random_weights(network, scale: float = 1.0) -> None:
    """Matrices of unit gain, so that numbers stay numbers through every layer."""
    import mlx.core as mx
    from mlx.utils import tree_flatten

    pool = mx.random.normal((1 << 22,), key=mx.random.key(0))
    for name, array in tree_flatten(network.parameters()):
        if name.endswith((".filter", "running_mean", "running_var")) or "norm" in name and array.ndim == 1:
            value = mx.ones(array.shape) * (1 / 12 if name.endswith(".filter") else 1)
        else:
            fan_in = max(1, array.size // array.shape[0]) if array.ndim > 1 else 100
            drawn = mx.tile(pool, -(-array.size // pool.size))[: array.size].reshape(
                array.shape
            )  # drawing all takes minutes
            value = drawn * (scale * fan_in**-0.5)
        network.load_weights([(name, value)], strict=False)
        mx.eval(value)


def byte_tokens():
    """A byte-level tokenizer with the two control tokens, so that a text of n bytes is n tokens."""
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

    from dotsbook.model.prompt import SPAN, START, PromptTokens

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={s: i for i, s in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in (START, SPAN)])
    return PromptTokens(tokenizer, 256, 257)


def released(meanflow: bool = True, dtype=None):
    """The model at its released size, 9 GB of random float32."""
    from dotsbook.model.blas import prefer_openblas

    prefer_openblas()
    import mlx.core as mx
    import numpy as np

    from dotsbook.model.checkpoint.config import llm_config, model_config
    from dotsbook.model.dots import Dots
    from dotsbook.model.metal import kept_bytes
    from dotsbook.model.network.audiovae import AudioVAE
    from dotsbook.model.network.core import Core
    from dotsbook.model.network.elementary import on_cpu
    from dotsbook.model.network.loading import lay_out
    from dotsbook.model.network.speaker_encoder import SpeakerEncoder

    mx.set_cache_limit(kept_bytes(on_gpu=not on_cpu()))
    config = model_config(
        RELEASED | ({"meanflow": {"enabled": True, "use_duration_embedding": True}} if meanflow else {})
    )
    sizes = llm_config(LLM, VOCABULARY)
    core, vae, speaker = Core(config, sizes), AudioVAE(config.vocoder), SpeakerEncoder(config.speaker_dim)
    for network, scale in ((core, 0.5), (vae, 0.5), (speaker, 1.0)):
        random_weights(network, scale)
        if network is core:
            if dtype is not None:
                core.set_dtype(dtype)
            core.fuse()
        lay_out(network.velocity_field_predictor if network is core else network)
    mx.eval(core.parameters())
    stats = (np.zeros(config.latent_dim, np.float32), np.ones(config.latent_dim, np.float32))
    checkpoint = SimpleNamespace(config=config, identity="random", stats=stats, llm_config=sizes)
    return Dots(checkpoint, core, vae, speaker, byte_tokens())


def reference_sound(seconds: float, rate: int = 48000):
    import numpy as np

    t = np.arange(round(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * 140 * t) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t))).astype(np.float32)


def decoding(dots, lines):
    """Rows past their prefill, and what the prefill took in seconds."""
    from dotsbook.model.sampling import resolve

    begun = time.perf_counter()
    sampling = resolve(lines[0].sampling, dots.config)
    rows = [dots.ready(i, line, sampling) for i, line in enumerate(lines)]
    made = dots.begin(rows, dots.solver(sampling))
    return made, time.perf_counter() - begun


def steps(made, count: int) -> list[float]:
    """Seconds of each of the next `count` patches."""
    taken = []
    for _ in range(count):
        begun = time.perf_counter()
        made.step()
        taken.append(time.perf_counter() - begun)
    return taken


def line(text: str = TEXT, profile=None, seed: int = 0):
    from dotsbook.model.dots import Utterance
    from dotsbook.model.sampling import SamplingOptions

    return Utterance(text, profile, "en", SamplingOptions(eos_threshold=NEVER), seed)


def measure_line(dots) -> dict:
    """Patch 10 and patch 60 of one line, in turn: two lines stand side by side, one of them 50 patches on."""
    early, _ = decoding(dots, [line(seed=1)])
    late, _ = decoding(dots, [line(seed=2)])
    steps(late, 57)
    steps(early, 7)
    pairs = [(steps(early, 1)[0], steps(late, 1)[0]) for _ in range(6)]
    tenth, sixtieth = (statistics.median(side) for side in zip(*pairs, strict=False))
    return {"line, s a patch": tenth, "patch 60 / patch 10": sixtieth / tenth}


def measure_batch(dots) -> dict:
    """Eight lines of different length together, and one of them alone, in turn."""
    lines = [line(TEXT[: 40 + 7 * i], seed=i) for i in range(8)]
    together, _ = decoding(dots, lines)
    alone, _ = decoding(dots, lines[:1])
    steps(together, 2), steps(alone, 2)
    pairs = [(steps(alone, 1)[0], steps(together, 1)[0]) for _ in range(8)]
    one, eight = (statistics.median(side) for side in zip(*pairs, strict=False))
    return {
        "one line, s a step": one,
        "eight lines, s a step": eight,
        "eight together / one after another": 8 * one / eight,
    }


def measure_prefix(dots) -> dict:
    """From a reference of 10 s to a line ready to decode: the first in the voice, and the second."""
    import mlx.core as mx

    begun = time.perf_counter()
    profile = dots.enroll(reference_sound(10.0), 48000, TEXT + TEXT[:60])
    enrolled = time.perf_counter() - begun
    _, first = decoding(dots, [line(TEXT, profile)])
    _, second = decoding(dots, [line(TEXT[::-1], profile)])
    colour = dots.enroll(reference_sound(10.0), 48000)
    _, plain = decoding(dots, [line(TEXT, colour)])
    _, plain2 = decoding(dots, [line(TEXT[::-1], colour)])
    mx.clear_cache()
    return {
        "enrolment, s": enrolled,
        "first prefill, s": first,
        "second prefill, s": second,
        "second / first prefill": second / first,
        "second / first, enrolment counted": second / (first + enrolled),
        "x-vector only: first, second, s": (plain, plain2),
    }


def measure_vocoder(dots, patches: int = 24) -> dict:
    import numpy as np

    from dotsbook.model.stream import decode_latents

    latents = np.random.default_rng(0).standard_normal((patches * 4, 128)).astype(np.float32)
    decode_latents(dots.vae, latents[:32])
    begun = time.perf_counter()
    decode_latents(dots.vae, latents)
    return {"vocoder, s a patch": (time.perf_counter() - begun) / patches}


def measure_memory(dots) -> dict:
    """Eight lines of 10 s (62 patches) in one cloned voice, against the estimate."""
    import mlx.core as mx

    profile = dots.enroll(reference_sound(10.0), 48000, TEXT)
    mx.clear_cache()
    base = mx.get_active_memory()
    mx.reset_peak_memory()
    made, _ = decoding(dots, [line(TEXT[: 60 + i], profile, i) for i in range(8)])
    steps(made, 62)
    peak = mx.get_peak_memory() - base
    estimate = dots.peak_bytes(profile, [62] * 8) - dots.weight_bytes
    return {
        "peak above weights, GB": peak / 1e9,
        "estimate, GB": estimate / 1e9,
        "estimate / peak": estimate / peak,
        "weights, GB": base / 1e9,
    }


PARTS = {
    "line": measure_line,
    "batch": measure_batch,
    "prefix": measure_prefix,
    "vocoder": measure_vocoder,
    "memory": measure_memory,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, with commas")
    parser.add_argument("--flow", action="store_true", help="flow matching with guidance instead of MeanFlow")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    begun = time.perf_counter()
    dots = released(meanflow=not asked.flow)
    found = {"made, s": time.perf_counter() - begun}
    for name in asked.only.split(","):
        found |= PARTS[name](dots)
        if not asked.json:
            print(
                json.dumps({k: v if isinstance(v, tuple) else round(v, 3) for k, v in found.items()}),
                flush=True,
            )
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
