"""The tensors of a very small dots.tts checkpoint: names, shapes and random numbers. It knows no files.

Everything comes from numpy's frozen legacy generator, keyed by seed and name, the same on every machine.
"""

import math
import zlib
from dataclasses import dataclass

import numpy as np

SPECIALS = (
    "<|endoftext|>",
    "<|audio_comp_start|>",
    "<|audio_comp_span|>",
    "<|audio_comp_end|>",
    "<|audio_gen_start|>",
    "<|audio_gen_span|>",
    "<|audio_gen_end|>",
    "<|text_cond_end|>",
)


@dataclass(frozen=True)
class Sizes:
    """What may be chosen; the defaults are small and differ wherever the released figures coincide."""

    latent_dim: int = 8
    patch_size: int = 4
    llm_hidden: int = 64  # a multiple of 64, so that 4- and 8-bit groups fit
    llm_layers: int = 2
    llm_heads: int = 4
    llm_kv_heads: int = 2
    llm_ffn: int = 128
    encoder_hidden: int = 64
    encoder_layers: int = 2
    encoder_heads: int = 2
    encoder_ffn: int = 128
    dit_hidden: int = 48
    dit_layers: int = 2
    dit_heads: int = 3
    dit_ffn: int = 96
    sample_rate: int = 24000
    down_rates: tuple = (2, 3, 4, 5, 8)  # 960 samples a frame: 25 Hz
    down_channels: tuple = (6, 8, 8, 8, 12, 16)
    up_channels: int = 32
    resblock_kernels: tuple = (3, 5)
    resblock_dilations: tuple = (1, 3)
    lstm_layers: int = 2
    lookahead: int = 2
    speaker_dim: int = 24
    final_bias: bool = False
    final_tanh: bool = False
    tau_mid: float = 1.3
    eos_offset: float = 0.5  # added to the stop logit: higher ends lines sooner; so they take seconds
    bits: int = 8  # of the LLM, in the shraey and dotsbook layouts; 0 keeps it bfloat16


def draw(kind: str, seed: int, sizes: Sizes) -> dict[str, dict[str, np.ndarray]]:
    """{"core", "vocoder", "speaker"}: names to arrays, as the reference names and lays them."""
    listed = {"core": core(kind, sizes), "vocoder": vocoder(sizes), "speaker": speaker(sizes)}
    parts = {
        part: {n: draw_one(n, shape, rule, seed) for n, shape, rule in found}
        for part, found in listed.items()
    }
    stop = parts["core"]["eos_proj.2.bias"]
    parts["core"]["eos_proj.2.bias"] = stop + np.array([0, sizes.eos_offset], np.float32)
    return parts


def draw_one(name: str, shape: tuple, rule, seed: int) -> np.ndarray:
    """One tensor by its rule, a word and a scale; "count" is torch's counter, an array is kept as it is."""
    if isinstance(rule, np.ndarray):
        return np.ascontiguousarray(np.broadcast_to(rule, shape), np.float32)
    if rule == "count":
        return np.zeros(shape, np.int64)
    kind, _, scale = rule.partition(":")
    noise = np.random.RandomState(zlib.crc32(f"{seed} {name}".encode())).standard_normal(shape)
    drawn = {
        "fan_in": lambda s: s * noise / math.sqrt(math.prod(shape[1:])),
        "normal": lambda s: s * noise,
        "one": lambda s: 1 + s * noise,
        "around": lambda s: s * (1 + 0.1 * noise),
        "positive": lambda s: 1 + s * abs(noise),
        "filter": lambda s: kaiser_filter() + s * noise,
    }[kind](float(scale))
    return np.ascontiguousarray(drawn, np.float32)


def _linear(name: str, out: int, into: int, bias: bool = True):
    yield f"{name}.weight", (out, into), "fan_in:1"
    if bias:
        yield f"{name}.bias", (out,), "normal:0.1"


def core(kind: str, s: Sizes):
    """LLM, patch encoder, DiT and heads."""
    yield from _llm(s)
    yield from _patch_encoder(s)
    yield from _linear("hidden_proj", s.dit_hidden, s.llm_hidden)
    yield from _linear("latent_proj", s.dit_hidden, s.latent_dim)
    yield from _linear("coordinate_proj", s.dit_hidden, s.latent_dim)
    yield from _linear("xvec_proj.0", s.dit_hidden, s.speaker_dim)
    yield "xvec_proj.1.weight", (s.dit_hidden,), "one:0.1"
    yield "xvec_proj.1.bias", (s.dit_hidden,), "normal:0.1"
    yield from _dit("velocity_field_predictor", s, duration=kind == "mf")
    yield from _linear("eos_proj.0", s.llm_hidden, s.llm_hidden)
    yield from _linear("eos_proj.2", 2, s.llm_hidden)


def _llm(s: Sizes):
    head = s.llm_hidden // s.llm_heads
    yield "llm.model.embed_tokens.weight", (256 + len(SPECIALS), s.llm_hidden), "normal:0.5"
    for i in range(s.llm_layers):
        layer = f"llm.model.layers.{i}"
        yield from _linear(f"{layer}.self_attn.q_proj", s.llm_hidden, s.llm_hidden)
        yield from _linear(f"{layer}.self_attn.k_proj", head * s.llm_kv_heads, s.llm_hidden)
        yield from _linear(f"{layer}.self_attn.v_proj", head * s.llm_kv_heads, s.llm_hidden)
        yield from _linear(f"{layer}.self_attn.o_proj", s.llm_hidden, s.llm_hidden, bias=False)
        yield from _linear(f"{layer}.mlp.gate_proj", s.llm_ffn, s.llm_hidden, bias=False)
        yield from _linear(f"{layer}.mlp.up_proj", s.llm_ffn, s.llm_hidden, bias=False)
        yield from _linear(f"{layer}.mlp.down_proj", s.llm_hidden, s.llm_ffn, bias=False)
        for norm in ("input_layernorm", "post_attention_layernorm"):
            yield f"{layer}.{norm}.weight", (s.llm_hidden,), "one:0.1"
    yield "llm.model.norm.weight", (s.llm_hidden,), "one:0.1"


def _block(name: str, width: int, ffn: int):
    for part in ("q", "k", "v"):
        yield from _linear(f"{name}.attn.{part}_proj", width, width, bias=False)
    yield from _linear(f"{name}.attn.o_proj", width, width)
    yield from _linear(f"{name}.ffn.fc1", ffn, width)
    yield from _linear(f"{name}.ffn.fc2", width, ffn)


def _patch_encoder(s: Sizes):
    width = s.encoder_hidden
    yield "patch_encoder.ds_proj.weight", (s.latent_dim, s.latent_dim, 2), "fan_in:1"
    yield "patch_encoder.ds_proj.bias", (s.latent_dim,), "normal:0.1"
    yield from _linear("patch_encoder.in_proj", width, s.latent_dim)
    for i in range(s.encoder_layers):
        layer = f"patch_encoder.encoder.layers.{i}"
        yield from _block(layer, width, s.encoder_ffn)
        yield f"{layer}.attn_norm.weight", (width,), "one:0.1"
        yield f"{layer}.ffn_norm.weight", (width,), "one:0.1"
    yield from _linear("patch_encoder.out_proj", s.llm_hidden, width * (s.patch_size // 2))


def _dit(name: str, s: Sizes, duration: bool):
    width = s.dit_hidden
    yield from _linear(f"{name}.input_layer", width, width)
    for embedder in ("time_embedder", "duration_embedder")[: 1 + duration]:
        yield from _linear(f"{name}.{embedder}.mlp.0", width, 256)
        yield from _linear(f"{name}.{embedder}.mlp.2", width, width)
    for i in range(s.dit_layers):
        yield from _block(f"{name}.blocks.{i}", width, s.dit_ffn)
        for norm in ("q_norm", "k_norm"):
            yield f"{name}.blocks.{i}.attn.{norm}.weight", (width // s.dit_heads,), "one:0.1"
        yield from _linear(f"{name}.blocks.{i}.adaLN_modulation.1", 6 * width, width)
    yield from _linear(f"{name}.output_layer.adaLN_modulation.1", 2 * width, width)
    yield from _linear(f"{name}.output_layer.linear", s.latent_dim, width)


def vocoder(s: Sizes):
    """AudioVAE encoder (weight norm as g and v), LSTMs, projections, decoder (weight norm folded)."""
    yield from _vae_encoder(s)
    for side in ("enc_mi_layer", "dec_mi_layer"):
        yield from _lstm(side, s)
    yield "pre_proj.weight", (2 * s.latent_dim, s.latent_dim, 1), "fan_in:0.6"
    yield "pre_proj.bias", (2 * s.latent_dim,), "normal:0.1"
    yield "post_proj.weight", (s.latent_dim, s.latent_dim, 1), "fan_in:1"
    yield "post_proj.bias", (s.latent_dim,), "normal:0.1"
    yield from _vae_decoder(s)


def _normed_conv(name: str, out: int, into: int, kernel: int, gain: float):
    yield f"{name}.bias", (out,), "normal:0.1"
    yield f"{name}.weight_g", (out, 1, 1), f"around:{gain}"
    yield f"{name}.weight_v", (out, into, kernel), "fan_in:1"


def _vae_encoder(s: Sizes):
    name = "audio_encoder.generator"
    yield from _normed_conv(f"{name}.0.layer", s.down_channels[0], 1, 3, 0.9)
    stages = zip(s.down_channels, s.down_channels[1:], s.down_rates, strict=False)
    for at, (into, out, rate) in enumerate(stages):
        yield from _normed_conv(f"{name}.{2 + 3 * at}.layer", out, into, 2 * rate, 0.9)
        for stack in range(6):
            yield from _normed_conv(f"{name}.{3 + 3 * at}.layers.{stack}.2", out, out, 3, 0.35)
            yield from _normed_conv(f"{name}.{3 + 3 * at}.layers.{stack}.5", out, out, 3, 0.35)
    last = 2 + 3 * len(s.down_rates)
    yield from _normed_conv(
        f"{name}.{last}.layer", s.latent_dim, s.down_channels[-1], 2 * s.lookahead + 1, 0.9
    )


def _lstm(side: str, s: Sizes):
    width = 4 * s.latent_dim
    yield from _linear(f"{side}.0", width, s.latent_dim)
    for i in range(s.lstm_layers):
        for part in ("ih", "hh"):
            yield f"{side}.1.lstm.weight_{part}_l{i}", (4 * width, width), "fan_in:1"
            yield f"{side}.1.lstm.bias_{part}_l{i}", (4 * width,), "normal:0.1"
    yield from _linear(f"{side}.2", s.latent_dim, width)


def _conv(name: str, shape: tuple, gain: float):
    yield f"{name}.weight", shape, f"fan_in:{gain}"
    yield f"{name}.bias", (shape[0],), "normal:0.1"


def _vae_decoder(s: Sizes):
    yield from _conv("decoder.conv_pre", (s.up_channels, s.latent_dim, 2 * s.lookahead + 1), 1)
    blocks = 0
    for i, rate in enumerate(s.down_rates[::-1]):
        into, out = s.up_channels >> i, s.up_channels >> (i + 1)
        yield f"decoder.ups.{i}.0.weight", (into, out, 2 * rate), "fan_in:1.2"
        yield f"decoder.ups.{i}.0.bias", (out,), "normal:0.1"
        for kernel in s.resblock_kernels:
            yield from _resblock(f"decoder.resblocks.{blocks}", out, kernel, len(s.resblock_dilations))
            blocks += 1
    yield from _activation("decoder.activation_post", out, trained=True)
    yield "decoder.conv_post.weight", (1, out, 7), "fan_in:0.08"
    if s.final_bias:
        yield "decoder.conv_post.bias", (1,), "normal:0.01"


def _resblock(name: str, width: int, kernel: int, depth: int):
    for i in range(depth):
        yield from _conv(f"{name}.convs1.{i}", (width, width, kernel), 0.45)
        yield from _conv(f"{name}.convs2.{i}", (width, width, kernel), 0.45)
    for i in range(2 * depth):
        yield from _activation(f"{name}.activations.{i}", width)


def _activation(name: str, width: int, trained: bool = False):
    yield f"{name}.act.alpha", (width,), "normal:0.2"
    yield f"{name}.act.beta", (width,), "normal:0.2"
    for part in ("upsample.filter", "downsample.lowpass.filter"):
        if trained:
            yield f"{name}.{part}", (width, 1, 12), "filter:0.01"
        else:
            yield f"{name}.{part}", (1, 1, 12), kaiser_filter()


def speaker(s: Sizes):
    """CAM++ at its own, fixed sizes (only the embedding's can be chosen), and the resampler's kernel."""
    for name, shape, rule in _campplus(s.speaker_dim):
        yield f"model.{name}", shape, rule
    kernel = hann_kernel(s.sample_rate, 16000)
    yield "resample.kernel", kernel.shape, kernel


def _norm(name: str, width: int, affine: bool = True):
    if affine:
        yield f"{name}.weight", (width,), "one:0.1"
        yield f"{name}.bias", (width,), "normal:0.1"
    yield f"{name}.running_mean", (width,), "normal:0.1"
    yield f"{name}.running_var", (width,), "positive:0.3"
    yield f"{name}.num_batches_tracked", (), "count"


def _campplus(embedding: int):
    yield from _campplus_head()
    yield "xvector.tdnn.linear.weight", (128, 320, 5), "fan_in:1"
    yield from _norm("xvector.tdnn.nonlinear.batchnorm", 128)
    width = 128
    for block, depth in enumerate((12, 24, 16), start=1):
        for i in range(1, depth + 1):
            yield from _dense_layer(f"xvector.block{block}.tdnnd{i}", width)
            width += 32
        yield from _norm(f"xvector.transit{block}.nonlinear.batchnorm", width)
        yield f"xvector.transit{block}.linear.weight", (width // 2, width, 1), "fan_in:1"
        width //= 2
    yield from _norm("xvector.out_nonlinear.batchnorm", width)
    yield "xvector.dense.linear.weight", (embedding, 2 * width, 1), "fan_in:1"
    yield from _norm("xvector.dense.nonlinear.batchnorm", embedding, affine=False)


def _campplus_head():
    yield "head.conv1.weight", (32, 1, 3, 3), "fan_in:1"
    yield from _norm("head.bn1", 32)
    for layer in ("layer1", "layer2"):
        for i in range(2):
            for part in (1, 2):
                yield f"head.{layer}.{i}.conv{part}.weight", (32, 32, 3, 3), "fan_in:1"
                yield from _norm(f"head.{layer}.{i}.bn{part}", 32)
        yield f"head.{layer}.0.shortcut.0.weight", (32, 32, 1, 1), "fan_in:1"
        yield from _norm(f"head.{layer}.0.shortcut.1", 32)
    yield "head.conv2.weight", (32, 32, 3, 3), "fan_in:1"
    yield from _norm("head.bn2", 32)


def _dense_layer(name: str, width: int):
    yield from _norm(f"{name}.nonlinear1.batchnorm", width)
    yield f"{name}.linear1.weight", (128, width, 1), "fan_in:1"
    yield from _norm(f"{name}.nonlinear2.batchnorm", 128)
    yield f"{name}.cam_layer.linear_local.weight", (32, 128, 3), "fan_in:1"
    yield from _conv(f"{name}.cam_layer.linear1", (64, 128, 1), 1)
    yield from _conv(f"{name}.cam_layer.linear2", (32, 64, 1), 1)


def kaiser_filter() -> np.ndarray:
    """The 12-tap low-pass of the alias-free activations: cutoff 1/4, half width 0.3, sum 1."""
    attenuation = 2.285 * 5 * math.pi * 4 * 0.3 + 7.95  # dB, Kaiser's estimate: above 50
    taps = 0.5 * np.kaiser(12, 0.1102 * (attenuation - 8.7)) * np.sinc(0.5 * (np.arange(12) - 5.5))
    return (taps / taps.sum()).astype(np.float32)


def hann_kernel(source: int, target: int) -> np.ndarray:
    """(target, 1, taps): the windowed sinc of width 6, rolloff 0.99, for each output phase of a reduced ratio."""
    common = math.gcd(source, target)
    source, target = source // common, target // common
    cutoff = min(source, target) * 0.99
    width = math.ceil(6 * source / cutoff)
    at = (np.arange(-width, width + source) / source - np.arange(target)[:, None] / target) * cutoff
    at = np.clip(at, -6, 6)
    return (np.cos(at * math.pi / 12) ** 2 * np.sinc(at) * cutoff / source).astype(np.float32)[:, None]
