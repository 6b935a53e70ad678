"""Multi-head attention as the patch encoder and the DiT have it. It knows caches, not what the tokens mean."""

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from dotsbook.model.network.caches import KVCache
from dotsbook.model.network.elementary import add_all, exp, on_cpu
from dotsbook.model.network.fusing import side_by_side

BLOCK = 32  # queries a product on a CPU
MASKED = -1e30  # added to the score of what must not be seen
ONE_THREAD = 1 << 18  # multiplications a product, below which OpenBLAS does not wake its threads

Mask = mx.array | str | None  # as `KVCache.mask` gives it


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
    """Rotary position embedding; element i of a head is rotated with element i + head_dim/2."""

    def __init__(self, head_dim: int, theta: float):
        self.head_dim, self.theta = head_dim, theta

    def consecutive(self, x: mx.array, offset: int | mx.array) -> mx.array:
        """x (B, heads, L, head_dim) at positions offset, offset + 1, …; offset is one number, or (B,)."""
        return mx.fast.rope(x, self.head_dim, traditional=False, base=self.theta, scale=1.0, offset=offset)

    def at_positions(self, x: mx.array, positions: mx.array) -> mx.array:
        """x (B, heads, L, head_dim) at any positions (B, L)."""
        rates = 1.0 / self.theta ** (np.arange(0, self.head_dim, 2, dtype=np.float32) / self.head_dim)
        angles = positions.astype(mx.float32)[:, None, :, None] * mx.array(rates.astype(np.float32))
        first, second = mx.split(x, 2, axis=-1)
        cos, sin = mx.cos(angles), mx.sin(angles)
        return mx.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1).astype(
            x.dtype
        )


def additive(mask: Mask, dtype: mx.Dtype) -> Mask:
    """A mask of booleans as the numbers that `attend` will add for this dtype: done once, not in every layer.

    Masks of another kind, and all masks where MLX's own attention is used, stay as they are.
    """
    if isinstance(mask, mx.array) and mask.dtype == mx.bool_ and _by_hand(dtype):
        return _added(mask)
    return mask


def _added(mask: mx.array) -> mx.array:
    return mx.where(mask, 0.0, MASKED) if mask.dtype == mx.bool_ else mask


def _by_hand(dtype: mx.Dtype) -> bool:
    """Attention is computed here and not by MLX: float32 on a CPU, where MLX's softmax outlasts the products."""
    return dtype == mx.float32 and on_cpu()


def attend(queries: mx.array, keys: mx.array, values: mx.array, mask: Mask) -> mx.array:
    """Scaled dot-product attention, all (B, heads, L, head_dim); mask as `KVCache.mask` or `additive` gives it.

    MLX's own, but for float32 on a CPU (see `_by_hand`): there BLOCK queries at a time meet the keys, with an exponential
    of our own, and with a causal mask only those keys that they may see.
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


def _part(mask: Mask, start: int, stop: int, seen: int) -> mx.array | None:
    """What is added to the scores of queries start … stop − 1 over the first `seen` keys.

    Causal: the last of those keys is query stop − 1's own.
    """
    if mask is None:
        return None
    if isinstance(mask, str):
        later = np.arange(seen)[None, :] > np.arange(seen - stop + start, seen)[:, None]
        return mx.array(np.where(later, np.float32(MASKED), np.float32(0.0)))
    return _added(mask if mask.shape[-2] == 1 else mask[..., start:stop, :])


def _weigh(queries: mx.array, keys: mx.array, values: mx.array, mask: mx.array | None) -> mx.array:
    """Attention of scaled queries, in products too small for OpenBLAS to wake its threads for each head."""
    span = max(32, ONE_THREAD // (queries.shape[2] * queries.shape[3]))
    pieces = range(0, keys.shape[2], span)
    parts = [queries @ keys[:, :, at : at + span].swapaxes(-1, -2) for at in pieces]
    scores = parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=-1)
    if mask is not None:
        scores = scores + mask
    weights = exp(scores - mx.max(scores, axis=-1, keepdims=True))
    total = mx.sum(weights, axis=-1, keepdims=True)
    return add_all([weights[..., at : at + span] @ values[:, :, at : at + span] for at in pieces]) / total


class Attention(nn.Module):
    """Attention under the checkpoint's names. Only the DiT has `rotary` and norms of queries and keys."""

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

    def fuse(self) -> None:
        """Lay the three projections side by side, for decoding. The checkpoint's names of them are gone then."""
        joined = side_by_side([self.q_proj, self.k_proj, self.v_proj])
        if joined is None:
            return
        for name in ("q_proj", "k_proj", "v_proj"):
            del self[name]
        self.qkv_proj = joined
        if self._qk_norm:
            weights = mx.stack([self.q_norm.weight, self.k_norm.weight])
            self._norms = mx.repeat(weights, self._heads, axis=0)  # (2 · heads, head_dim)
            mx.eval(self._norms)

    def __call__(
        self,
        x: mx.array,
        mask: Mask,
        cache: KVCache | None = None,
        layer: int = 0,
        offset: int | mx.array = 0,
        positions: mx.array | None = None,
        wanted: int = 0,
    ) -> mx.array:
        """x (B, L, C) → (B, L, C). With a cache, keys and values are written to its `layer`.

        Rotary positions are `positions` (B, L), or run on from `offset`. `wanted`: give the last so many tokens only,
        (B, wanted, C); `mask` is then theirs.
        """
        queries, keys, values = self._projected(x, offset, positions)
        if cache is not None:
            keys, values = cache.write(layer, keys, values)
        y = attend(queries[:, :, -wanted:] if wanted else queries, keys, values, mask)
        return self.o_proj(y.transpose(0, 2, 1, 3).reshape(x.shape[0], -1, x.shape[2]))

    def write(self, x: mx.array, cache: KVCache, layer: int, offset: int | mx.array) -> None:
        """Put keys and values of x (B, L, C) into the cache, without asking for anything."""
        _, keys, values = self._projected(x, offset, None)
        cache.write(layer, keys, values)

    def _projected(
        self, x: mx.array, offset: int | mx.array, positions: mx.array | None
    ) -> tuple[mx.array, mx.array, mx.array]:
        """Queries and keys, normed and rotated, and values of x (B, L, C): (B, heads, L, head_dim) each."""
        if "qkv_proj" not in self:
            queries, keys, values = (self._heads_of(p(x)) for p in (self.q_proj, self.k_proj, self.v_proj))
            if self._qk_norm:
                queries, keys = self.q_norm(queries), self.k_norm(keys)
            return self._rotated(queries, offset, positions), self._rotated(keys, offset, positions), values
        both, count = self.qkv_proj(x).reshape(*x.shape[:2], 3 * self._heads, -1), self._heads
        asked = both[:, :, : 2 * count]
        if self._qk_norm:
            asked = mx.fast.rms_norm(asked, None, machine_epsilon(asked)) * self._norms
        asked = self._rotated(asked.transpose(0, 2, 1, 3), offset, positions)
        return asked[:, :count], asked[:, count:], both[:, :, 2 * count :].transpose(0, 2, 1, 3)

    def _heads_of(self, x: mx.array) -> mx.array:
        """(B, L, C) → (B, heads, L, head_dim)."""
        return x.reshape(*x.shape[:2], self._heads, -1).transpose(0, 2, 1, 3)

    def _rotated(self, x: mx.array, offset: int | mx.array, positions: mx.array | None) -> mx.array:
        if self._rotary is None:
            return x
        return (
            self._rotary.consecutive(x, offset)
            if positions is None
            else self._rotary.at_positions(x, positions)
        )
