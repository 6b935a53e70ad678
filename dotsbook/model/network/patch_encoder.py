"""The semantic patch encoder: denormalised latents to one embedding a patch, for the LLM.

It knows no text and no audio. It is strictly causal, so it can be run a patch at a time with a `PatchEncoderState`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import mlx.core as mx
import mlx.nn as nn

from dotsbook.model.checkpoint.config import ModelConfig, StackConfig
from dotsbook.model.network.attention import Attention, Mask, RMSNorm
from dotsbook.model.network.caches import KVCache, join
from dotsbook.model.network.convolution import convolve
from dotsbook.model.network.elementary import silu

HALVING = 2  # the input convolution's kernel and stride


@dataclass
class PatchEncoderState:
    """What is kept between two calls: every layer's keys and values, and the last latent frame (B, 1, latent_dim)."""

    cache: KVCache
    tail: mx.array

    def copy(self) -> "PatchEncoderState":
        return PatchEncoderState(self.cache.copy(), self.tail)

    def keep(self, rows: list[int]) -> None:
        self.cache.keep(rows)
        self.tail = mx.take(self.tail, mx.array(rows), axis=0)

    def arrays(self) -> list[mx.array]:
        return [*self.cache.arrays(), self.tail]


def join_encoder_states(parts: list[PatchEncoderState]) -> PatchEncoderState:
    return PatchEncoderState(join([p.cache for p in parts]), mx.concatenate([p.tail for p in parts], axis=0))


class FeedForward(nn.Module):
    def __init__(self, size: int, wide: int, activation: Callable[[mx.array], mx.array]):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(size, wide), nn.Linear(wide, size)
        self._activation = activation

    def __call__(self, x: mx.array) -> mx.array:
        return self.fc2(self._activation(self.fc1(x)))


class PatchEncoderLayer(nn.Module):
    def __init__(self, config: StackConfig):
        super().__init__()
        self.attn = Attention(config.hidden_size, config.num_heads)
        self.attn_norm = RMSNorm(config.hidden_size)
        self.ffn = FeedForward(config.hidden_size, config.ffn_hidden_size, silu)
        self.ffn_norm = RMSNorm(config.hidden_size)

    def __call__(self, x: mx.array, mask: Mask, cache: KVCache, layer: int) -> mx.array:
        x = x + self.attn(self.attn_norm(x), mask, cache, layer)
        return x + self.ffn(self.ffn_norm(x))


class PatchEncoderStack(nn.Module):
    def __init__(self, config: StackConfig):
        super().__init__()
        self.layers = [PatchEncoderLayer(config) for _ in range(config.num_layers)]


class PatchEncoder(nn.Module):
    def __init__(self, config: ModelConfig, outputs: int):
        super().__init__()
        stack, latent = config.patch_encoder, config.latent_dim
        self.ds_proj = nn.Conv1d(latent, latent, HALVING, HALVING)
        self.in_proj = nn.Linear(latent, stack.hidden_size)
        self.encoder = PatchEncoderStack(stack)
        self.out_proj = nn.Linear(stack.hidden_size * (config.patch_size // HALVING), outputs)
        self._joined = config.patch_size // HALVING

    def begin(self, rows: int = 1) -> PatchEncoderState:
        """The state before the first patch."""
        latent = self.ds_proj.weight.shape[2]
        return PatchEncoderState(
            KVCache(len(self.encoder.layers), rows), mx.zeros((rows, 1, latent), self.in_proj.bias.dtype)
        )

    def __call__(self, latents: mx.array, state: PatchEncoderState) -> mx.array:
        """Each row's next patches, (B, patches · patch_size, latent_dim) → (B, patches, LLM width). Changes `state`."""
        latents = latents.astype(state.tail.dtype)
        x = mx.concatenate([state.tail, latents], axis=1)
        state.tail = latents[:, -1:]
        x = self.in_proj(convolve(x, self.ds_proj.weight, self.ds_proj.bias, stride=HALVING))
        mask = state.cache.mask(x.shape[1])
        for i, layer in enumerate(self.encoder.layers):
            x = layer(x, mask, state.cache, i)
        state.cache.advance(x.shape[1])
        return self.out_proj(x.reshape(x.shape[0], -1, x.shape[2] * self._joined))


def sanitize(weights: dict) -> dict:
    """The input convolution from (out, in, k) to (out, k, in); the rest as it is."""
    name = "patch_encoder.ds_proj.weight"
    return weights | ({name: weights[name].transpose(0, 2, 1)} if name in weights else {})
