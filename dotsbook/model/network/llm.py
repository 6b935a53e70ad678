"""The Qwen2 backbone, from mlx-lm, fed with embeddings and run with our caches. It knows no audio.

mlx-lm's layers ask a cache for positions, keys and masks; `LayerCache` answers for one layer of a KVCache.
"""

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from dotsbook.model.network.attention import Mask
from dotsbook.model.network.caches import KVCache
from dotsbook.model.network.elementary import gated, on_cpu
from dotsbook.model.network.fusing import Linear, add_product, side_by_side

# The head is the embedding; dots.tts.edit's file keeps a mask from its training.
UNUSED = frozenset({"llm.lm_head.weight", "input_mask_embedding"})


class LayerCache:
    """One layer's view of a KVCache, as mlx-lm's qwen2 wants it."""

    def __init__(self, cache: KVCache, layer: int, pads: np.ndarray | None):
        self._cache, self._layer, self._pads = cache, layer, pads
        self.offset = cache.offset(pads)

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        return self._cache.write(self._layer, keys, values)

    def make_mask(self, count: int, **_):
        return self._cache.mask(count, self._pads)


class GatedMLP(nn.Module):
    """qwen2's feed-forward with an activation that is fast on a CPU too."""

    def __init__(self, size: int, wide: int):
        super().__init__()
        self.gate_proj = nn.Linear(size, wide, bias=False)
        self.up_proj = nn.Linear(size, wide, bias=False)
        self.down_proj = nn.Linear(wide, size, bias=False)

    def __call__(self, x: mx.array) -> mx.array:
        return self.down_proj(gated(self.gate_proj(x), self.up_proj(x)))


class DecodingBlock(nn.Module):
    """A layer of qwen2 with its projections side by side: the same numbers in fewer, larger products."""

    def __init__(self, attention: nn.Module, qkv: Linear, gate_up: Linear, block: nn.Module):
        super().__init__()
        self.qkv_proj, self.gate_up_proj = qkv, gate_up
        self.o_proj, self.down_proj = attention.o_proj, block.mlp.down_proj
        self.input_layernorm = block.input_layernorm
        self.post_attention_layernorm = block.post_attention_layernorm
        self._rope, self._scale = attention.rope, attention.scale
        self._heads, self._kv_heads = attention.n_heads, attention.n_kv_heads

    def __call__(self, x: mx.array, mask: Mask, cache: LayerCache) -> mx.array:
        """x (B, L, C) → (B, L, C)."""
        both = self.qkv_proj(self.input_layernorm(x)).reshape(
            *x.shape[:2], self._heads + 2 * self._kv_heads, -1
        )
        both = both.transpose(0, 2, 1, 3)  # (B, heads, L, head_dim)
        asked = self._heads + self._kv_heads
        turned = self._rope(both[:, :asked], offset=cache.offset)
        keys, values = cache.update_and_fetch(turned[:, self._heads :], both[:, asked:])
        y = mx.fast.scaled_dot_product_attention(
            turned[:, : self._heads], keys, values, scale=self._scale, mask=mask
        )
        x = add_product(x, y.transpose(0, 2, 1, 3).reshape(*x.shape[:2], -1), self.o_proj)
        gate, up = mx.split(self.gate_up_proj(self.post_attention_layernorm(x)), 2, axis=-1)
        return add_product(x, gated(gate, up), self.down_proj)


def backbone(sizes: dict):
    """A qwen2 model of these sizes, without weights and without a head: dots.tts never asks it for a word."""
    from mlx_lm.models import qwen2

    model = qwen2.Model(qwen2.ModelArgs.from_dict(sizes))
    if on_cpu():
        for layer in model.layers:
            layer.mlp = GatedMLP(sizes["hidden_size"], sizes["intermediate_size"])
    return model


def fuse(llm) -> None:
    """Put each layer's projections side by side, for decoding; layers that can't be stay as they are."""
    for i, block in enumerate(llm.model.layers):
        attention, mlp = block.self_attn, block.mlp
        qkv = side_by_side([attention.q_proj, attention.k_proj, attention.v_proj])
        gate_up = side_by_side([mlp.gate_proj, mlp.up_proj])
        if qkv is not None and gate_up is not None:
            llm.model.layers[i] = DecodingBlock(attention, qkv, gate_up, block)


def hidden_states(llm, embeddings: mx.array, cache: KVCache, pads: np.ndarray | None = None) -> mx.array:
    """Run embeddings (B, L, C) through the backbone → hidden states after the final norm, (B, L, C). The cache takes them in.

    `pads` (B,): how many of each row's first embeddings are padding.
    """
    layers = [LayerCache(cache, i, pads) for i in range(len(cache.keys))]
    hidden = llm.model(None, cache=layers, input_embeddings=embeddings)
    cache.advance(embeddings.shape[1], pads)
    return hidden


def sanitize(weights: dict) -> dict:
    """The tied head, computed rotary rates and what only training used are left out; mlx-lm has the reference's names."""
    return {k: v for k, v in weights.items() if k not in UNUSED and not k.endswith("rotary_emb.inv_freq")}
