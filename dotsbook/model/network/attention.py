"""Multi-head attention as the patch encoder and the DiT have it. It knows caches, not what the tokens mean."""

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from dotsbook.model.network.caches import KVCache
from dotsbook.model.network.elementary import exp, on_cpu

BLOCK = 32  # queries asked together on a CPU
NOWHERE = -1e30  # added to the score of what must not be seen
ALONE = 1 << 18  # multiplications below which OpenBLAS does not wake its threads


def machine_epsilon(x: mx.array) -> float:
    """What torch's RMSNorm(eps=None) adds: the dtype's machine epsilon."""
    return float(mx.finfo(x.dtype).eps)


class RMSNorm(nn.Module):
    def __init__(self, size: int):
        super().__init__()
        self.weight = mx.ones((size,))

    def __call__(self, x: mx.array) -> mx.array:
        return mx.fast.rms_norm(x, self.weight, machine_epsilon(x))


class Rotary:
    """Rotary positions in halves: element i pairs with i + head_dim/2."""

    def __init__(self, head_dim: int, theta: float):
        self.head_dim, self.theta = head_dim, theta

    def at(self, x: mx.array, offset: int | mx.array) -> mx.array:
        """x (B, heads, L, head_dim) at positions offset, offset + 1, … ; offset one number or one a row."""
        return mx.fast.rope(x, self.head_dim, traditional=False, base=self.theta, scale=1.0, offset=offset)

    def anywhere(self, x: mx.array, positions: mx.array) -> mx.array:
        """The same at any positions (B, L)."""
        rates = 1.0 / self.theta ** (np.arange(0, self.head_dim, 2, dtype=np.float32) / self.head_dim)
        angles = positions.astype(mx.float32)[:, None, :, None] * mx.array(rates.astype(np.float32))
        first, second = mx.split(x, 2, axis=-1)
        cos, sin = mx.cos(angles), mx.sin(angles)
        return mx.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1).astype(
            x.dtype
        )


def additive(mask, dtype: mx.Dtype):
    """A mask of booleans as one of numbers, where `attend` adds it: cheaper than in every layer. Others as they are."""
    if isinstance(mask, mx.array) and mask.dtype == mx.bool_ and _by_hand(dtype):
        return mx.where(mask, 0.0, NOWHERE)
    return mask


def _by_hand(dtype: mx.Dtype) -> bool:
    """Where MLX's softmax takes longer than the products."""
    return dtype == mx.float32 and on_cpu()


def attend(queries: mx.array, keys: mx.array, values: mx.array, mask) -> mx.array:
    """Scaled dot-product attention, all (B, heads, L, head_dim); mask as `KVCache.mask` gives it, or `additive`.

    MLX's own, but for float32 on a CPU: there its softmax takes longer than the products, so a few queries at a time
    are asked, with an exponential of our own and, where it is causal, of no more keys than they see.
    """
    scale = queries.shape[-1] ** -0.5
    if not _by_hand(queries.dtype):
        return mx.fast.scaled_dot_product_attention(queries, keys, values, scale=scale, mask=mask)
    queries, count, total = queries * scale, queries.shape[2], keys.shape[2]
    parts = []
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        seen = total - count + stop if isinstance(mask, str) else total
        parts.append(
            _weigh(
                queries[:, :, start:stop],
                keys[:, :, :seen],
                values[:, :, :seen],
                _part(mask, start, stop, seen),
            )
        )
    return parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=2)


def _part(mask, start: int, stop: int, seen: int) -> mx.array | None:
    """What is added to the scores of queries start…stop over the first `seen` keys, the last of which is stop − 1."""
    if mask is None:
        return None
    if isinstance(mask, str):
        later = np.arange(seen)[None, :] > np.arange(seen - stop + start, seen)[:, None]
        return mx.array(np.where(later, np.float32(NOWHERE), np.float32(0.0)))
    return additive(mask if mask.shape[-2] == 1 else mask[..., start:stop, :], mx.float32)


def _weigh(queries: mx.array, keys: mx.array, values: mx.array, mask: mx.array | None) -> mx.array:
    """Attention of scaled queries, in products too small for OpenBLAS to wake its threads for each head."""
    span = max(32, ALONE // (queries.shape[2] * queries.shape[3]))
    pieces = range(0, keys.shape[2], span)
    scores = [queries @ keys[:, :, at : at + span].swapaxes(-1, -2) for at in pieces]
    scores = scores[0] if len(scores) == 1 else mx.concatenate(scores, axis=-1)
    if mask is not None:
        scores = scores + mask
    odds = exp(scores - mx.max(scores, axis=-1, keepdims=True))
    total = mx.sum(odds, axis=-1, keepdims=True)
    mixed = sum(odds[..., at : at + span] @ values[:, :, at : at + span] for at in pieces)
    return mixed / total


class Attention(nn.Module):
    """Attention with the checkpoint's names; `rotary` and the norms of queries and keys are the DiT's."""

    def __init__(
        self, size: int, heads: int, bias: bool = False, qk_norm: bool = False, rotary: Rotary | None = None
    ):
        super().__init__()
        self.q_proj = nn.Linear(size, size, bias=bias)
        self.k_proj = nn.Linear(size, size, bias=bias)
        self.v_proj = nn.Linear(size, size, bias=bias)
        self.o_proj = nn.Linear(size, size)
        if qk_norm:
            self.q_norm, self.k_norm = RMSNorm(size // heads), RMSNorm(size // heads)
        self._heads, self._qk_norm, self._rotary = heads, qk_norm, rotary

    def __call__(
        self,
        x: mx.array,
        mask,
        cache: KVCache | None = None,
        layer: int = 0,
        offset=0,
        positions=None,
        wanted: int = 0,
    ) -> mx.array:
        """x (B, L, C) → (B, L, C). With a cache, keys and values go through it and positions begin at `offset`.

        `wanted`: only the last so many tokens ask, (B, wanted, C); `mask` is then theirs.
        """
        asking = x[:, -wanted:] if wanted else x
        skipped = x.shape[1] - asking.shape[1]
        queries = self._turn(self._heads_of(self.q_proj(asking), "q_norm"), offset + skipped, positions)
        keys, values = self.keys_and_values(x, cache, layer, offset, positions)
        y = attend(queries, keys, values, mask)
        return self.o_proj(y.transpose(0, 2, 1, 3).reshape(asking.shape))

    def keys_and_values(self, x: mx.array, cache: KVCache | None, layer: int, offset=0, positions=None):
        """This chunk's keys and values, after whatever the cache holds."""
        keys = self._turn(self._heads_of(self.k_proj(x), "k_norm"), offset, positions)
        values = self._heads_of(self.v_proj(x))
        return (keys, values) if cache is None else cache.write(layer, keys, values)

    def _heads_of(self, x: mx.array, norm: str = "") -> mx.array:
        x = x.reshape(*x.shape[:2], self._heads, -1)
        if norm and self._qk_norm:
            x = self[norm](x)
        return x.transpose(0, 2, 1, 3)  # (B, heads, L, head_dim)

    def _turn(self, x: mx.array, offset, positions) -> mx.array:
        if self._rotary is None:
            return x
        return self._rotary.at(x, offset) if positions is None else self._rotary.anywhere(x, positions)
