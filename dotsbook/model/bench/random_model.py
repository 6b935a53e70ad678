"""The model that is measured: one that is here, or one with random weights at the released size or any other. It knows no timing."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import mlx.nn as nn

    from dotsbook.model.dots import Dots
    from dotsbook.model.prompt import PromptTokens

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
RANDOM = "random"  # in the place of a model's name


def random_weights(network: "nn.Module", scale: float = 1.0) -> None:
    """Matrices of unit gain, so that numbers stay numbers through every layer."""
    import mlx.core as mx
    from mlx.utils import tree_flatten

    pool = mx.random.normal((1 << 22,), key=mx.random.key(0))
    for name, array in dict(tree_flatten(network.parameters())).items():
        if name.endswith((".filter", "running_mean", "running_var")) or "norm" in name and array.ndim == 1:
            value = mx.ones(array.shape) * (1 / 12 if name.endswith(".filter") else 1)
        else:
            fan_in = max(1, array.size // array.shape[0]) if array.ndim > 1 else 100
            drawn = mx.tile(pool, -(-array.size // pool.size))[: array.size].reshape(
                array.shape
            )  # drawing all takes minutes
            value = drawn * (scale * fan_in**-0.5)
        value = value.astype(array.dtype)
        network.load_weights([(name, value)], strict=False)
        mx.eval(value)


def byte_tokens() -> "PromptTokens":
    """A byte-level tokenizer with the two control tokens, so that a text of n bytes is n tokens."""
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

    from dotsbook.model.prompt import SPAN, START, PromptTokens

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={s: i for i, s in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in (START, SPAN)])
    return PromptTokens(tokenizer, 256, 257)


def random_model(
    meanflow: bool = True,
    dtype: str = "float32",
    sizes: dict[str, Any] = RELEASED,
    llm: dict[str, Any] = LLM,
    drawn: bool = True,
) -> "Dots":
    """A model of these sizes, made for decoding; at the released size 9 GB of float32. `drawn` False: all zeros."""
    from dotsbook.model.startup import prepare_mlx

    prepare_mlx()
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
        sizes | ({"meanflow": {"enabled": True, "use_duration_embedding": True}} if meanflow else {})
    )
    llm = llm_config(llm, VOCABULARY)
    core, vae, speaker = Core(config, llm), AudioVAE(config.vocoder), SpeakerEncoder(config.speaker_dim)
    core.set_dtype(getattr(mx, dtype))
    if drawn:
        random_weights(core, 0.5)
        random_weights(vae, 0.5)
        random_weights(speaker)
    core.fuse()
    lay_out(core.velocity_field_predictor)
    lay_out(vae)
    lay_out(speaker)
    mx.eval(core.parameters(), vae.parameters(), speaker.parameters())
    stats = (np.zeros(config.latent_dim, np.float32), np.ones(config.latent_dim, np.float32))
    checkpoint: Any = SimpleNamespace(
        config=config, identity="random", stats=stats, llm_config=llm, dtype=dtype, quantization=None
    )
    return Dots(checkpoint, core, vae, speaker, byte_tokens())


def open_for_bench(model: str) -> "Dots":
    """A folder's model, or a cached one; RANDOM: the released size, in the precision that this machine decodes in."""
    from dotsbook.model.dots import Dots
    from dotsbook.model.network.elementary import on_cpu

    return random_model(dtype="float32" if on_cpu() else "bfloat16") if model == RANDOM else Dots.load(model)
