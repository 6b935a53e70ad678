"""The Qwen2 backbone, from mlx-lm, fed with embeddings and run with our caches. It knows no audio.

mlx-lm's layers ask a cache for positions, keys and masks; `LayerCache` answers for one layer of a KVCache.
"""

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from dotsbook.model.network.caches import KVCache
from dotsbook.model.network.elementary import on_cpu, silu

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
        return self.down_proj(silu(self.gate_proj(x)) * self.up_proj(x))


def backbone(sizes: dict):
    """A qwen2 model of these sizes, without weights and without a head: dots.tts never asks it for a word."""
    from mlx_lm.models import qwen2

    model = qwen2.Model(qwen2.ModelArgs.from_dict(sizes))
    if on_cpu():
        for layer in model.layers:
            layer.mlp = GatedMLP(sizes["hidden_size"], sizes["intermediate_size"])
    return model


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
