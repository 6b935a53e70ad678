"""The DiT: the velocity that takes noise to a patch of latents. It knows conditions and tokens, no solver.

Time, duration and speaker act only through shifts, scales and gates, one set for each row and solver stage. So
`modulations` makes them once a voice, `history` fills a stage's cache, and `velocity` runs one block of tokens after it.
"""

import math

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from dotsbook.model.checkpoint.config import StackConfig
from dotsbook.model.network.attention import Attention, Mask, Rotary, additive
from dotsbook.model.network.caches import KVCache
from dotsbook.model.network.elementary import affine, gelu_tanh, on_cpu
from dotsbook.model.network.patch_encoder import FeedForward

FREQUENCIES = 256  # of the time embedding: not in the config
EPSILON = 1e-5

# For each block (B, 6, C): shift, scale and gate of attention and of feed-forward; last the output layer's (B, 2, C).
Modulation = list[mx.array]


class TimestepEmbedder(nn.Module):
    """A number in 0…1 as sines and cosines, then two linear layers."""

    def __init__(self, size: int):
        super().__init__()
        self.mlp = [nn.Linear(FREQUENCIES, size), nn.SiLU(), nn.Linear(size, size)]

    def __call__(self, t: mx.array) -> mx.array:
        """t (B,) → (B, C)."""
        half = FREQUENCIES // 2
        rates = mx.exp(mx.arange(half, dtype=mx.float32) * (-math.log(10000.0) / half))
        angles = t.astype(mx.float32)[:, None] * rates
        x = mx.concatenate([mx.cos(angles), mx.sin(angles)], axis=-1).astype(self.mlp[0].weight.dtype)
        for layer in self.mlp:
            x = layer(x)
        return x


def modulate(x: mx.array, shift: mx.array, scale: mx.array) -> mx.array:
    """LayerNorm without weights, then times `scale` (one is added to it already), plus `shift`; both (B or 1, 1, C)."""
    if scale.shape[0] == 1 and not on_cpu():  # one kernel: all rows have the same
        return mx.fast.layer_norm(x, scale[0, 0], shift[0, 0], EPSILON)
    return affine(mx.fast.layer_norm(x, None, None, EPSILON), scale, shift)


class DiTBlock(nn.Module):
    def __init__(self, config: StackConfig, rotary: Rotary):
        super().__init__()
        size = config.hidden_size
        self.attn = Attention(size, config.num_heads, config.qkv_bias, config.qk_norm, rotary)
        self.ffn = FeedForward(size, config.ffn_hidden_size, gelu_tanh)
        self.adaLN_modulation = [nn.SiLU(), nn.Linear(size, 6 * size)]

    def __call__(self, x: mx.array, mods: mx.array, mask: Mask, **where) -> mx.array:
        """x (B, L, C) → (B, L, C); mods (B, 6, C). `where`: cache, layer, offset, positions, wanted, as Attention has them."""
        shift1, scale1, gate1, shift2, scale2, gate2 = mx.split(mods, 6, axis=1)
        change = self.attn(modulate(x, shift1, scale1), mask, **where)
        x = affine(change, gate1, x[:, -change.shape[1] :])
        return affine(self.ffn(modulate(x, shift2, scale2)), gate2, x)


class DiTOutputLayer(nn.Module):
    def __init__(self, size: int, outputs: int):
        super().__init__()
        self.adaLN_modulation = [nn.SiLU(), nn.Linear(size, 2 * size)]
        self.linear = nn.Linear(size, outputs)


class DiT(nn.Module):
    def __init__(self, config: StackConfig, outputs: int, duration: bool):
        super().__init__()
        size = config.hidden_size
        rotary = Rotary(config.head_dim, config.rotary_theta)
        self.input_layer = nn.Linear(size, size)
        self.time_embedder = TimestepEmbedder(size)
        if duration:
            self.duration_embedder = TimestepEmbedder(size)
        self.blocks = [DiTBlock(config, rotary) for _ in range(config.num_layers)]
        self.output_layer = DiTOutputLayer(size, outputs)
        self._duration = duration

    def modulations(self, t: mx.array, duration: mx.array | None, g_cond: mx.array) -> Modulation:
        """t (B,), duration (B,), unused where the model has no embedder for it, g_cond (B, C)."""
        c = self.time_embedder(t)
        if self._duration and duration is not None:
            c = c + self.duration_embedder(duration)
        c = nn.silu(c + g_cond.astype(c.dtype))
        mods = []
        for part, count in [(b, 6) for b in self.blocks] + [(self.output_layer, 2)]:
            one = mx.array([float(i % 3 == 1) for i in range(count)], c.dtype)  # scales are stored about zero
            mods.append(part.adaLN_modulation[1](c).reshape(c.shape[0], count, -1) + one[:, None])
        return mods

    def __call__(self, x: mx.array, mods: Modulation, mask: mx.array, positions: mx.array) -> mx.array:
        """The velocity of a whole sequence without a cache: x (B, L, C), mask (L, L) or (B, L, L), positions (B, L)
        → (B, L, latent_dim). What the solver uses is `velocity`; this is for comparing with the reference.
        """
        mask = mask[:, None] if mask.ndim == 3 else mask
        x = self.input_layer(x)
        for block, part in zip(self.blocks, mods, strict=False):
            x = block(x, part, mask, positions=positions)
        return self._out(x, mods[-1])

    def history(self, x: mx.array, mods: Modulation, cache: KVCache, pads: np.ndarray | None) -> None:
        """Run tokens (B, L, C), causally, to fill a stage's cache.

        No velocity is wanted of them, so the last block makes keys and values only.
        """
        mask, offset = cache.mask(x.shape[1], pads), cache.offset(pads)
        x = self.input_layer(x)
        for i, (block, part) in enumerate(zip(self.blocks[:-1], mods, strict=False)):
            x = block(x, part, mask, cache=cache, layer=i, offset=offset)
        last, (shift, scale, *_) = self.blocks[-1], mx.split(mods[-2], 6, axis=1)
        last.attn.write(modulate(x, shift, scale), cache, len(self.blocks) - 1, offset)
        cache.advance(x.shape[1], pads)

    def velocity(
        self,
        x: mx.array,
        mods: Modulation,
        cache: KVCache,
        mask: Mask,
        offset: int | mx.array,
        wanted: int,
    ) -> mx.array:
        """The velocity of the last `wanted` tokens of x (B, L, C) → (B, wanted, latent_dim).

        x is written to the cache, which isn't advanced: the solver's next step writes over it.
        """
        x, mask = self.input_layer(x), additive(mask, x.dtype)
        end = len(self.blocks) - 1
        for i, (block, part) in enumerate(zip(self.blocks[:-1], mods, strict=False)):
            x = block(x, part, mask, cache=cache, layer=i, offset=offset)
        own = mask[:, :, -wanted:] if isinstance(mask, mx.array) else mask
        x = self.blocks[end](x, mods[end], own, cache=cache, layer=end, offset=offset, wanted=wanted)
        return self._out(x, mods[-1])

    def _out(self, x: mx.array, mods: mx.array) -> mx.array:
        shift, scale = mx.split(mods, 2, axis=1)
        return self.output_layer.linear(modulate(x, shift, scale))


def sanitize(weights: dict) -> dict:
    """Linear layers only: nothing changes."""
    return weights
