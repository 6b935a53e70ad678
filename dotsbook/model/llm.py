"""The Qwen2 backbone, from mlx-lm, fed with embeddings and stepped with our caches. It knows no audio.

mlx-lm's layers ask a cache of their own kind for positions, keys and masks; `Layer` answers for one layer of ours.
"""

import mlx.core as mx
import numpy as np

from dotsbook.model.caches import KVCache


class Layer:
    """One layer's view of a KVCache, as mlx-lm's qwen2 wants it."""

    def __init__(self, cache: KVCache, layer: int, pads: np.ndarray | None):
        self._cache, self._layer, self._pads = cache, layer, pads
        self.offset = cache.offset(pads)

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        return self._cache.write(self._layer, keys, values)

    def make_mask(self, count: int, **_):
        return self._cache.mask(count, self._pads)


def backbone(sizes: dict):
    """An empty qwen2 model, without a head: dots.tts never asks it for a word."""
    from mlx_lm.models import qwen2

    return qwen2.Model(qwen2.ModelArgs.from_dict(sizes))


def hidden_states(llm, embeddings: mx.array, cache: KVCache, pads: np.ndarray | None = None) -> mx.array:
    """Take embeddings (B, L, C) into the cache → hidden states after the final norm, (B, L, C).

    `pads` (B,): how many of a row's first embeddings are only there to fill up.
    """
    layers = [Layer(cache, i, pads) for i in range(len(cache.keys))]
    hidden = llm.model(None, cache=layers, input_embeddings=embeddings)
    cache.advance(embeddings.shape[1], pads)
    return hidden


def sanitize(weights: dict) -> dict:
    """The tied head and computed rotary rates are left out; mlx-lm has the reference's names and layouts."""
    return {k: v for k, v in weights.items() if k != "llm.lm_head.weight" and not k.endswith("rotary_emb.inv_freq")}
