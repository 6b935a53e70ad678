"""The core's three stacks run over whole utterances at once, with gradients and without caches. It knows no losses.

Layers are the networks' own, called by their names, so that adapters on any of their linears act here as they do in speech.
With `checkpointing` each layer's insides are forgotten and computed again when the gradient comes by.
"""

from collections.abc import Callable

import mlx.core as mx
import mlx.nn as nn

from dotsbook.model.network.core import Core
from dotsbook.model.network.dit import DiT, DiTBlock, modulate
from dotsbook.model.network.patch_encoder import HALVING, PatchEncoder, PatchEncoderLayer
from dotsbook.model.training.differentiable import attend_by_units, attend_causally, gelu_tanh, silu


def run_layer(layer: nn.Module, run: Callable, *arrays: mx.array, checkpointing: bool) -> mx.array:
    """run(layer, *arrays), with its insides kept for the gradient or made again."""

    def call(*given):
        return run(layer, *given)

    return nn.utils.checkpoint(layer, call)(*arrays) if checkpointing else call(*arrays)


# ── the language model ──


def llm_hidden(core: Core, embeddings: mx.array, checkpointing: bool = False) -> mx.array:
    """Embeddings (B, L, C), padded on the right → hidden states after the final norm (B, L, C), each seeing what is before."""
    model = core.llm.model
    for layer in model.layers:
        embeddings = run_layer(layer, _llm_layer, embeddings, checkpointing=checkpointing)
    return model.norm(embeddings)


def _llm_layer(layer, x: mx.array) -> mx.array:
    attention, mlp = layer.self_attn, layer.mlp
    normed = layer.input_layernorm(x)
    queries = attention.rope(_heads(attention.q_proj(normed), attention.n_heads))
    keys = attention.rope(_heads(attention.k_proj(normed), attention.n_kv_heads))
    values = _heads(attention.v_proj(normed), attention.n_kv_heads)
    x = x + attention.o_proj(_tokens(attend_causally(queries, keys, values)))
    normed = layer.post_attention_layernorm(x)
    return x + mlp.down_proj(silu(mlp.gate_proj(normed)) * mlp.up_proj(normed))


# ── the patch encoder ──


def patch_embeddings(encoder: PatchEncoder, latents: mx.array, checkpointing: bool = False) -> mx.array:
    """Denormalised latents (B, patches · P, D) → (B, patches, LLM width)."""
    batch, frames, _ = latents.shape
    conv = encoder.ds_proj
    x = mx.pad(latents.astype(conv.bias.dtype), [(0, 0), (1, 0), (0, 0)])[:, :frames]
    x = x.reshape(batch, frames // HALVING, -1) @ conv.weight.reshape(conv.weight.shape[0], -1).T + conv.bias
    x = encoder.in_proj(x)
    for layer in encoder.encoder.layers:
        x = run_layer(layer, _encoder_layer, x, checkpointing=checkpointing)
    return encoder.out_proj(x.reshape(batch, -1, x.shape[2] * encoder._joined))


def _encoder_layer(layer: PatchEncoderLayer, x: mx.array) -> mx.array:
    attention, normed = layer.attn, layer.attn_norm(x)
    queries, keys, values = (
        _heads(project(normed), attention._heads)
        for project in (attention.q_proj, attention.k_proj, attention.v_proj)
    )
    x = x + attention.o_proj(_tokens(attend_causally(queries, keys, values)))
    return x + layer.ffn.fc2(silu(layer.ffn.fc1(layer.ffn_norm(x))))


# ── the DiT ──


def velocities(
    dit: DiT,
    clean: mx.array,
    noisy: mx.array,
    t: mx.array,
    duration: mx.array | None,
    g_cond: mx.array,
    checkpointing: bool = False,
) -> mx.array:
    """Clean and noisy units (B, N, 1 + P, C), each the LLM's token and P latents → velocities (B, N, P, D).

    t, duration (B,); g_cond (B, C). A noisy unit sees the clean ones before it and itself; a clean token all clean ones up
    to itself.
    """
    batch, count, unit, width = clean.shape
    mods = dit.modulations(t, duration, g_cond)
    x = mx.concatenate([clean, noisy], axis=1).reshape(batch, -1, width)  # (B, 2 · N · unit, C)
    x = dit.input_layer(x)
    for block, part in zip(dit.blocks, mods, strict=False):
        x = run_layer(block, _dit_block(unit), x, part, checkpointing=checkpointing)
    shift, scale = mx.split(mods[-1], 2, axis=1)
    wanted = x[:, count * unit :].reshape(batch, count, unit, width)[:, :, 1:]
    wanted = modulate(wanted.reshape(batch, -1, width), shift, scale)
    return dit.output_layer.linear(wanted).reshape(batch, count, unit - 1, -1)


def _dit_block(unit: int) -> Callable[[DiTBlock, mx.array, mx.array], mx.array]:
    def run(block: DiTBlock, x: mx.array, mods: mx.array) -> mx.array:
        shift1, scale1, gate1, shift2, scale2, gate2 = mx.split(mods, 6, axis=1)
        x = x + gate1 * _dit_attention(block, modulate(x, shift1, scale1), unit)
        ffn = block.ffn
        return x + gate2 * ffn.fc2(gelu_tanh(ffn.fc1(modulate(x, shift2, scale2))))

    return run


def _dit_attention(block: DiTBlock, x: mx.array, unit: int) -> mx.array:
    """Both halves count their positions from 0."""
    attention, middle = block.attn, x.shape[1] // 2
    queries, keys = (_heads(project(x), attention._heads) for project in (attention.q_proj, attention.k_proj))
    values = _heads(attention.v_proj(x), attention._heads)
    if attention._qk_norm:
        queries, keys = attention.q_norm(queries), attention.k_norm(keys)
    rotary = attention._rotary
    assert rotary is not None  # the DiT's attention has it
    halves = (slice(None, middle), slice(middle, None))
    clean_queries, noisy_queries = (rotary.consecutive(queries[:, :, half], 0) for half in halves)
    clean, noisy = ((rotary.consecutive(keys[:, :, half], 0), values[:, :, half]) for half in halves)
    seen = attend_causally(clean_queries, *clean)
    own = attend_by_units(noisy_queries, clean, noisy, unit)
    return attention.o_proj(_tokens(mx.concatenate([seen, own], axis=2)))


def _heads(x: mx.array, heads: int) -> mx.array:
    """(B, L, C) → (B, heads, L, head_dim)."""
    return x.reshape(*x.shape[:2], heads, -1).transpose(0, 2, 1, 3)


def _tokens(x: mx.array) -> mx.array:
    """(B, heads, L, head_dim) → (B, L, C)."""
    return x.transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)
