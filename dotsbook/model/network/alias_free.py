"""The vocoder's anti-aliased activation: upsample by 2, snake, downsample by 2, all causal. It knows no stages.

Both filters are short and usually the same for every channel: then they are applied as banded matrices to blocks of
frames, which runs at the speed of matrix products on every backend. The last activation's filters are trained, one a
channel. On a GPU all of it is one kernel, where that gives the same.
"""

from functools import lru_cache

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from dotsbook.model.network.activation_kernel import ActivationKernel, built
from dotsbook.model.network.causal_state import CausalState
from dotsbook.model.network.elementary import add_all, on_cpu, snake

BLOCK = 32  # frames a banded product covers: more wastes work on zeros, less leaves the matrices too small
CLOSE = 2e-5  # of the larger of 1 and the output: how far the kernel may lie from the array path


class SnakeBeta(nn.Module):
    """x + sin²(αx)/β, α and β one a channel, stored as logarithms if the config says so."""

    def __init__(self, channels: int, logscale: bool):
        super().__init__()
        self.alpha = mx.zeros((channels,))
        self.beta = mx.zeros((channels,))
        self._logscale = logscale
        self._constants: tuple[mx.array, mx.array] | None = None  # made at the first call

    def __call__(self, x: mx.array) -> mx.array:
        return snake(x, *self.constants())

    def constants(self) -> tuple[mx.array, mx.array]:
        """α and 1/β, (C,) each."""
        if self._constants is None:
            alpha = mx.exp(self.alpha) if self._logscale else self.alpha
            beta = mx.exp(self.beta) if self._logscale else self.beta
            self._constants = alpha, 1.0 / (beta + 1e-9)
            mx.eval(self._constants)
        return self._constants


class FilterTaps(nn.Module):
    """Holds the checkpoint's `filter`: (1, 1, k) shared by all channels, or (C, 1, k) trained."""

    def __init__(self, channels: int, taps: int):
        super().__init__()
        self.filter = mx.zeros((channels, 1, taps))


class LowpassFilter(nn.Module):
    def __init__(self, channels: int, taps: int):
        super().__init__()
        self.lowpass = FilterTaps(channels, taps)


class AliasFree(nn.Module):
    """Snake at twice the rate, (B, L, C) → (B, L, C). `trained`: filters of each channel's own, not shared ones."""

    def __init__(self, channels: int, logscale: bool, trained: bool = False, taps: int = 12):
        super().__init__()
        self.act = SnakeBeta(channels, logscale)
        self.upsample = FilterTaps(channels if trained else 1, taps)
        self.downsample = LowpassFilter(channels if trained else 1, taps)
        self._bands: tuple[mx.array, mx.array] | None = None  # made at the first call

    def widen(self, channels: int) -> None:
        """Have room for so many channels; the new ones give zero for zero."""
        self.act.alpha, self.act.beta = (widened(a, 0, channels) for a in (self.act.alpha, self.act.beta))
        for taps in (self.upsample, self.downsample.lowpass):
            if taps.filter.shape[0] > 1:
                taps.filter = widened(taps.filter, 0, channels)

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        kernel = None if on_cpu() else activation_kernel()
        return self.by_arrays(x, past) if kernel is None else self.by_kernel(kernel, x, past)

    def by_kernel(self, kernel: ActivationKernel, x: mx.array, past: CausalState) -> mx.array:
        """One kernel for all of it."""
        y, tails = kernel(x, past.tails(2), self._filters(), self.act.constants())
        past.leave(*tails)
        return y

    def by_arrays(self, x: mx.array, past: CausalState) -> mx.array:
        """The same in MLX's own operations, on any backend."""
        up, down = self._filters()
        taps = up.shape[1]
        x = past.prepend(x, taps // 2 - 1)
        if up.shape[0] > 1:
            return _down_per_channel(
                past.prepend(self.act(_up_per_channel(x, up)), taps - 1, edge=True), down
            )
        upward, downward = self._matrices(up, down)
        x = self.act(_banded(x, upward, 1, taps // 2 - 1))
        return _banded(past.prepend(x, taps - 1, edge=True), downward, 2, taps - 2)

    def _filters(self) -> tuple[mx.array, mx.array]:
        """The upward and the downward filter, (1, k) or (C, k)."""
        return self.upsample.filter[:, 0], self.downsample.lowpass.filter[:, 0]

    def _matrices(self, up: mx.array, down: mx.array) -> tuple[mx.array, mx.array]:
        if self._bands is None:
            self._bands = up_band(np.array(up[0], np.float32)), down_band(np.array(down[0], np.float32))
        return self._bands


@lru_cache(maxsize=1)
def activation_kernel() -> ActivationKernel | None:
    """The kernel that gives what the array path gives here; None where there is none, see `refusal`."""
    kernel = built()
    return kernel if kernel is not None and refusal(kernel) is None else None


def refusal(kernel: ActivationKernel) -> str | None:
    """Why the kernel can't be used on this machine, None if it can."""
    for trained in (False, True):
        layer = AliasFree(48, logscale=True, trained=trained)
        key = mx.random.key(5)
        layer.update(
            {
                "act": {"alpha": mx.random.normal((48,), key=key) * 0.5, "beta": mx.zeros((48,))},
                "upsample": {"filter": mx.random.normal(layer.upsample.filter.shape, key=key) * 0.3},
                "downsample": {
                    "lowpass": {
                        "filter": mx.random.normal(layer.downsample.lowpass.filter.shape, key=key) * 0.3
                    }
                },
            }
        )
        one, other = CausalState(), CausalState()
        for count in (19, 3, 40):
            x = mx.random.normal((2, count, 48), key=mx.random.key(count))
            wanted = layer.by_arrays(x, one)
            try:
                found = layer.by_kernel(kernel, x, other)
                mx.eval(found)
            except RuntimeError as error:  # the compiler's or the driver's words
                return f"it could not be compiled here: {str(error).splitlines()[0]}"
            if not mx.all(mx.abs(found - wanted) <= CLOSE * mx.maximum(1.0, mx.abs(wanted))).item():
                return "it gives other numbers here than the arrays do"
            one.end_piece()
            other.end_piece()
    return None


def widened(array: mx.array, axis: int, channels: int) -> mx.array:
    """The array with zeros up to `channels` along an axis."""
    pads = [(0, 0)] * array.ndim
    pads[axis] = (0, channels - array.shape[axis])
    return mx.pad(array, pads)


def up_band(taps: np.ndarray) -> mx.array:
    """(2·BLOCK, BLOCK + k/2 − 1): out[2m + p] = 2 Σ_j in[m − j] · taps[2j + p]."""
    half = len(taps) // 2
    band = np.zeros((2 * BLOCK, BLOCK + half - 1), np.float32)
    for m in range(BLOCK):
        for j in range(half):
            band[2 * m : 2 * m + 2, m + half - 1 - j] = 2 * taps[2 * j : 2 * j + 2]
    return mx.array(band)


def down_band(taps: np.ndarray) -> mx.array:
    """(BLOCK, 2·BLOCK + k − 2): out[n] = Σ_k in[2n + k] · taps[k]."""
    band = np.zeros((BLOCK, 2 * BLOCK + len(taps) - 2), np.float32)
    for n in range(BLOCK):
        band[n, 2 * n : 2 * n + len(taps)] = taps
    return mx.array(band)


def _banded(x: mx.array, band: mx.array, step: int, context: int) -> mx.array:
    """Apply `band` to overlapping blocks of `step`·BLOCK frames of x (B, context + L, C); the last may be part full."""
    batch, total, channels = x.shape
    frames = total - context
    if step == 2:
        frames -= 1  # the downward filter has one frame of context more than its blocks overlap
    blocks = -(-frames // (step * BLOCK))
    wanted = context + blocks * step * BLOCK
    if wanted > total:
        x = mx.pad(x, [(0, 0), (0, wanted - total), (0, 0)])
    x = mx.contiguous(x)
    length = x.shape[1]
    shape = (batch, blocks, band.shape[1], channels)
    view = mx.as_strided(x, shape, (length * channels, step * BLOCK * channels, channels, 1))
    y = (band @ view).reshape(batch, blocks * band.shape[0], channels)
    return y[:, : frames * band.shape[0] // (step * BLOCK)]


def _up_per_channel(x: mx.array, taps: mx.array) -> mx.array:
    """Upsample with a filter for each channel; x (B, k/2 − 1 + L, C), taps (C, k)."""
    half = taps.shape[1] // 2
    length = x.shape[1] - half + 1
    phases = [
        add_all([x[:, half - 1 - j : half - 1 - j + length] * (2 * taps[:, 2 * j + p]) for j in range(half)])
        for p in (0, 1)
    ]
    return mx.stack(phases, axis=2).reshape(x.shape[0], 2 * length, x.shape[2])


def _down_per_channel(x: mx.array, taps: mx.array) -> mx.array:
    """Downsample with a filter for each channel; x (B, k − 1 + 2L, C), taps (C, k)."""
    count = taps.shape[1]
    length = (x.shape[1] - count + 1) // 2
    return add_all([x[:, k : k + 2 * length : 2] * taps[:, k] for k in range(count)])
