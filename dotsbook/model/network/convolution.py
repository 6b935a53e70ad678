"""Causal convolutions over (B, L, C). It knows weights and strides, no networks.

On a GPU they are MLX's. MLX's CPU convolution falls off a cliff with dilation (1–3 GFLOP/s), so there a convolution is
one matrix product a tap, over shifted views of the input, at the speed of the BLAS.
"""

import mlx.core as mx
import mlx.nn as nn

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
    y = None
    for j in range(taps):
        part, matrix = x[:, j * dilation : j * dilation + length], weight[:, j].T
        if y is None:
            y = part @ matrix if bias is None else mx.addmm(bias, part, matrix)
        else:
            y = mx.addmm(y, part, matrix)
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
    """A convolution that sees the past only."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, dilation: int = 1, stride: int = 1, bias: bool = True
    ):
        super().__init__()
        self.weight = mx.zeros((outputs, kernel, inputs))
        if bias:
            self.bias = mx.zeros((outputs,))
        self._dilation, self._stride = dilation, stride

    def settle(self) -> None:
        """Lay each tap's matrix in one piece: the BLAS can't read them as slices."""
        if self._stride == 1:
            self.weight = mx.contiguous(self.weight.transpose(1, 2, 0)).transpose(2, 0, 1)
            mx.eval(self.weight)

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        x = past.before(x, self._dilation * (self.weight.shape[1] - 1))
        return convolve(x, self.weight, self.get("bias"), self._dilation, self._stride)


class CentredConv(nn.Module):
    """A convolution that looks as far ahead as back, over a whole signal with zeros around it."""

    def __init__(self, inputs: int, outputs: int, kernel: int):
        super().__init__()
        self.weight = mx.zeros((outputs, kernel, inputs))
        self.bias = mx.zeros((outputs,))

    def __call__(self, x: mx.array) -> mx.array:
        side = (self.weight.shape[1] - 1) // 2
        return convolve(mx.pad(x, [(0, 0), (side, side), (0, 0)]), self.weight, self.bias)


class CausalUpsample(nn.Module):
    """A transposed convolution of twice its rate in length, with the tail cut: each input makes `rate` outputs
    and reaches into the next `rate`. Two matrix products. The weight lies as (k, out, in)."""

    def __init__(self, inputs: int, outputs: int, rate: int):
        super().__init__()
        self.weight = mx.zeros((2 * rate, outputs, inputs))
        self.bias = mx.zeros((outputs,))

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        taps, outputs, inputs = self.weight.shape
        rate, length = taps // 2, x.shape[1]
        joined = past.before(x, 1)
        now = self.weight[:rate].reshape(rate * outputs, inputs).T
        then = self.weight[rate:].reshape(rate * outputs, inputs).T
        y = mx.addmm(x @ now, joined[:, :length], then)  # (B, L, rate * out)
        return y.reshape(x.shape[0], length * rate, outputs) + self.bias
