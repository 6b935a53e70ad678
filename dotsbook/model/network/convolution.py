"""Causal convolutions over (B, L, C). It knows weights and strides, no networks.

On a GPU they are MLX's. MLX's CPU convolution is slow with dilation (1–3 GFLOP/s), so there a convolution is one matrix
product for each tap, over shifted views of the input, at the speed of the BLAS.
"""

import mlx.core as mx
import mlx.nn as nn

from dotsbook.errors import ModelError
from dotsbook.model.network.causal_state import CausalState
from dotsbook.model.network.elementary import on_cpu


def convolve(
    x: mx.array, weight: mx.array, bias: mx.array | None, dilation: int = 1, stride: int = 1
) -> mx.array:
    """Valid convolution; x (B, L, in), weight (out, k, in) → (B, (L − dilation·(k − 1) − 1) // stride + 1, out)."""
    if not on_cpu():
        y = mx.conv1d(x, weight, stride=stride, dilation=dilation)
        return y if bias is None else y + bias
    if stride > 1:
        return _strided(x, weight, bias, stride)
    taps = weight.shape[1]
    length = x.shape[1] - dilation * (taps - 1)
    first, matrix = x[:, :length], weight[:, 0].T
    y = first @ matrix if bias is None else mx.addmm(bias, first, matrix)
    for j in range(1, taps):
        y = mx.addmm(y, x[:, j * dilation : j * dilation + length], weight[:, j].T)
    return y


def _strided(x: mx.array, weight: mx.array, bias: mx.array | None, stride: int) -> mx.array:
    """Windows unfolded into rows, then one product."""
    batch, length, channels = x.shape
    out, taps, _ = weight.shape
    count = (length - taps) // stride + 1
    x = mx.contiguous(x)
    rows = mx.as_strided(x, (batch, count, taps * channels), (length * channels, stride * channels, 1))
    y = mx.contiguous(rows) @ weight.reshape(out, taps * channels).T
    return y if bias is None else y + bias


class CausalConv(nn.Module):
    """A convolution that sees earlier frames only; x (B, L, in) → (B, L // stride, out)."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, dilation: int = 1, stride: int = 1, bias: bool = True
    ):
        super().__init__()
        self.weight = mx.zeros((outputs, kernel, inputs))
        if bias:
            self.bias = mx.zeros((outputs,))
        self._dilation, self._stride = dilation, stride

    def lay_out_for_cpu(self) -> None:
        """Lay each tap's matrix in one piece of memory: the BLAS can't read them as slices."""
        if self._stride == 1:
            self.weight = mx.contiguous(self.weight.transpose(1, 2, 0)).transpose(2, 0, 1)
            mx.eval(self.weight)

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        x = past.prepend(x, self._dilation * (self.weight.shape[1] - 1))
        return convolve(x, self.weight, self.get("bias"), self._dilation, self._stride)


class CentredConv(nn.Module):
    """A convolution that looks as far ahead as back, over a whole signal with zeros at both ends."""

    def __init__(self, inputs: int, outputs: int, kernel: int):
        super().__init__()
        self.weight = mx.zeros((outputs, kernel, inputs))
        self.bias = mx.zeros((outputs,))

    def __call__(self, x: mx.array) -> mx.array:
        side = (self.weight.shape[1] - 1) // 2
        return convolve(mx.pad(x, [(0, 0), (side, side), (0, 0)]), self.weight, self.bias)


class CausalUpsample(nn.Module):
    """A transposed convolution with a kernel of twice its stride `rate`; x (B, L, in) → (B, L · rate, out).

    Each input frame adds to its own `rate` outputs and to the next `rate`; what would follow the last frame is cut. So it
    is two matrix products. The weight is (2 · rate, out, in).
    """

    def __init__(self, inputs: int, outputs: int, rate: int):
        super().__init__()
        self.weight = mx.zeros((2 * rate, outputs, inputs))
        self.bias = mx.zeros((outputs,))

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        taps, outputs, inputs = self.weight.shape
        rate, length = taps // 2, x.shape[1]
        joined = past.prepend(x, 1)
        now = self.weight[:rate].reshape(rate * outputs, inputs).T
        then = self.weight[rate:].reshape(rate * outputs, inputs).T
        y = mx.addmm(x @ now, joined[:, :length], then)  # (B, L, rate * out)
        return y.reshape(x.shape[0], length * rate, outputs) + self.bias


def fold_weight_norm(weights: dict) -> dict:
    """Replace each `weight_g`, `weight_v` pair by their `weight`: v · g / ‖v‖, the norm over all axes but the first."""
    folded = {k: v for k, v in weights.items() if not k.endswith((".weight_g", ".weight_v"))}
    for name in [k[: -len("_g")] for k in weights if k.endswith(".weight_g")]:
        if f"{name}_v" not in weights:
            raise ModelError(
                f"The weights hold {name}_g without {name}_v: the file is not whole. Fetch it again."
            )
        scale, direction = weights[f"{name}_g"], weights[f"{name}_v"]
        v = direction.astype(mx.float32)
        norm = mx.sqrt(mx.sum(v * v, axis=tuple(range(1, v.ndim)), keepdims=True))
        folded[name] = (v * (scale.astype(mx.float32) / norm)).astype(direction.dtype)
    return folded
