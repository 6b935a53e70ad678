"""The activations and the attention of the networks, with gradients. It knows no layers.

The fast functions that the networks use on a CPU (`network/elementary.py`) have no gradient; here they get one, so that a step
costs what it must. Elsewhere MLX's own are used.
"""

from typing import cast

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from dotsbook.model.network.attention import MASKED
from dotsbook.model.network.elementary import GELU, exp, on_cpu, sigmoid

PIECE = 160  # queries that meet their keys together: what comes later is not multiplied at all


@mx.custom_function
def fast_silu(x: mx.array) -> mx.array:
    return x * sigmoid(x)


@fast_silu.vjp
def _(x, cotangent, _output):
    s = sigmoid(x)
    return cotangent * (s * (1.0 + x * (1.0 - s)))


@mx.custom_function
def fast_gelu(x: mx.array) -> mx.array:
    return x * sigmoid(x * (2 * GELU) * (1.0 + 0.044715 * x * x))


@fast_gelu.vjp
def _(x, cotangent, _output):
    square = x * x
    s = sigmoid(x * (2 * GELU) * (1.0 + 0.044715 * square))
    slope = (2 * GELU) * (1.0 + 3 * 0.044715 * square)
    return cotangent * (s * (1.0 + x * slope * (1.0 - s)))


@mx.custom_function
def fast_softmax(scores: mx.array) -> mx.array:
    """Over the last axis."""
    weights = exp(scores - mx.max(scores, axis=-1, keepdims=True))
    return weights / mx.sum(weights, axis=-1, keepdims=True)


@fast_softmax.vjp
def _(_scores, cotangent, weights):
    return weights * (cotangent - mx.sum(cotangent * weights, axis=-1, keepdims=True))


def _fast(x: mx.array) -> bool:
    return x.dtype == mx.float32 and on_cpu()


def silu(x: mx.array) -> mx.array:
    return cast(mx.array, fast_silu(x) if _fast(x) else nn.silu(x))


def gelu_tanh(x: mx.array) -> mx.array:
    return cast(mx.array, fast_gelu(x) if _fast(x) else nn.gelu_approx(x))


def softmax(scores: mx.array) -> mx.array:
    if not _fast(scores):
        return mx.softmax(scores, axis=-1, precise=True)
    return cast(mx.array, fast_softmax(scores))


def attend(queries: mx.array, keys: mx.array, values: mx.array, mask: np.ndarray | None) -> mx.array:
    """Attention of (B, heads, L, head_dim) over keys and values (B, heads or fewer, K, head_dim); what isn't True in `mask`
    (L, K) is not seen. Every query must see something. Masks are added as finite numbers: no row becomes NaN.
    """
    batch, heads, count, width = queries.shape
    groups = keys.shape[1]
    together = (queries * width**-0.5).reshape(batch, groups, -1, count, width)
    scores = together @ keys[:, :, None].swapaxes(-1, -2)  # (B, groups, heads a group, L, K)
    if mask is not None:
        scores = scores + mx.array(np.where(mask, np.float32(0), np.float32(MASKED))).astype(scores.dtype)
    return (softmax(scores) @ values[:, :, None]).reshape(batch, heads, count, width)


def attend_causally(queries: mx.array, keys: mx.array, values: mx.array) -> mx.array:
    """Each of L queries sees the keys up to its own."""
    count, parts = queries.shape[2], []
    for start in range(0, count, PIECE):
        stop = min(start + PIECE, count)
        mask = np.arange(stop)[None, :] <= np.arange(start, stop)[:, None]
        parts.append(attend(queries[:, :, start:stop], keys[:, :, :stop], values[:, :, :stop], mask))
    return _joined(parts)


def attend_by_units(
    queries: mx.array, clean: tuple[mx.array, mx.array], own: tuple[mx.array, mx.array], unit: int
) -> mx.array:
    """Queries of noisy units, `unit` tokens each: one sees the clean keys of all units before its own, and its own noisy
    unit both ways. `clean` and `own` are (keys, values), (B, heads, L, head_dim) each.
    """
    count, parts = queries.shape[2], []
    step = max(1, PIECE // unit) * unit
    for start in range(0, count, step):
        stop = min(start + step, count)
        asking, seen = np.arange(start, stop) // unit, stop - unit
        before = np.arange(seen)[None, :] // unit < asking[:, None]
        mask = np.concatenate([before, asking[None, :] == asking[:, None]], axis=1)
        keys, values = (
            mx.concatenate([c[:, :, :seen], o[:, :, start:stop]], axis=2)
            for c, o in zip(clean, own, strict=True)
        )
        parts.append(attend(queries[:, :, start:stop], keys, values, mask))
    return _joined(parts)


def _joined(parts: list[mx.array]) -> mx.array:
    return parts[0] if len(parts) == 1 else mx.concatenate(parts, axis=2)
