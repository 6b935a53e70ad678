"""Elementwise functions, each at the speed its backend allows. It knows no networks.

MLX's CPU backend calls the C library once an element for tanh, sin and exp (12–28 ns each), which costs as much as
the matrices they stand between. Here they are a few multiplications; on a GPU MLX's own are used, compiled, since there
every separate operation starts a kernel. Errors are absolute, against float64: below 1e-6 for arguments up to 10; that
of sin² grows with its argument, as the spacing of float32 does.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial, wraps

import mlx.core as mx
import mlx.nn as nn

# sin(pi r) for |r| <= 1/2, odd powers: least squares at Chebyshev's points, off by less than 4e-9
SINE = [3.1415925798, -5.1677068662, 2.5500311935, -0.5980441939, 0.0772183862]
# 2^f for |f| <= 1/2
EXP2 = [math.log(2) ** k / math.factorial(k) for k in range(7)]
GELU = math.sqrt(2 / math.pi)
STEADY = 160  # rows: so few come in the same shape patch after patch
ROUNDING = 1.5 * 2**23  # float32 has no fractions at this size: adding and taking it off rounds


def on_cpu() -> bool:
    """MLX computes on the processor here."""
    return mx.default_device().type == mx.DeviceType.cpu


@partial(mx.compile, shapeless=True)
def affine(x: mx.array, scale: mx.array, shift: mx.array) -> mx.array:
    return x * scale + shift


@partial(mx.compile, shapeless=True)
def is_finite(x: mx.array) -> mx.array:
    """Element by element: neither infinite nor no number."""
    return mx.isfinite(x)


def add_all(terms: Sequence[mx.array]) -> mx.array:
    """The sum of one or more arrays, from the first on."""
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def polynomial(x: mx.array, coefficients: list[float]) -> mx.array:
    """Horner's rule; coefficients from the constant upwards."""
    total = x * coefficients[-1] + coefficients[-2]
    for c in coefficients[-3::-1]:
        total = total * x + c
    return total


def nearest(x: mx.array) -> mx.array:
    """The nearest whole number to float32 below 2^22: two additions, where `mx.round` takes as long as five."""
    return (x + ROUNDING) - ROUNDING


def exp(x: mx.array) -> mx.array:
    """e^x of float32, relative error below 2e-6; arguments beyond ±87 are held there."""
    scaled = mx.clip(x * (1 / math.log(2)), -125.0, 125.0)
    whole = nearest(scaled)
    power = ((whole + 127.0).astype(mx.int32) * (1 << 23)).view(mx.float32)
    return polynomial(scaled - whole, EXP2) * power


def sigmoid(x: mx.array) -> mx.array:
    if x.dtype != mx.float32 or not on_cpu():
        return mx.sigmoid(x)
    return 1.0 / (exp(-x) + 1.0)


def one_loop(function: Callable[..., mx.array]) -> Callable[..., mx.array]:
    """The same function of arrays (…, C), on a CPU compiled for each shape of at most STEADY rows: one pass over the
    numbers where its operations take twenty.
    """
    compiled = mx.compile(function)

    @wraps(function)
    def chosen(*arrays: mx.array) -> mx.array:
        steady = on_cpu() and arrays[0].size <= STEADY * arrays[0].shape[-1]
        return (compiled if steady else function)(*arrays)

    return chosen


@one_loop
def silu(x: mx.array) -> mx.array:
    return x * sigmoid(x) if on_cpu() else nn.silu(x)


def tanh(x: mx.array) -> mx.array:
    if x.dtype != mx.float32 or not on_cpu():
        return mx.tanh(x)
    return 1.0 - 2.0 / (exp(2.0 * x) + 1.0)


@one_loop
def gelu_tanh(x: mx.array) -> mx.array:
    """x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), which is x times a sigmoid."""
    if not on_cpu():
        return _gelu_compiled(x)
    return x * sigmoid(x * (2 * GELU) * (1.0 + 0.044715 * x * x))


@partial(mx.compile, shapeless=True)
def _gelu_compiled(x: mx.array) -> mx.array:
    return x * mx.sigmoid(x * (2 * GELU) * (1.0 + 0.044715 * x * x))


@one_loop
def gated(gate: mx.array, x: mx.array) -> mx.array:
    """silu(gate) · x."""
    return silu(gate) * x if on_cpu() else _gated_compiled(gate, x)


@partial(mx.compile, shapeless=True)
def _gated_compiled(gate: mx.array, x: mx.array) -> mx.array:
    return gate * mx.sigmoid(gate) * x


def snake(x: mx.array, rate: mx.array, gain: mx.array) -> mx.array:
    """x + sin²(x · rate) · gain; `rate`, in radians, and `gain` are one number a channel."""
    if x.dtype != mx.float32 or not on_cpu():
        return _snake_compiled(x, rate, gain)
    turns = x * (rate * (1 / math.pi))
    rest = turns - nearest(turns)
    return x + mx.square(rest * polynomial(mx.square(rest), SINE)) * gain


@partial(mx.compile, shapeless=True)
def _snake_compiled(x: mx.array, rate: mx.array, gain: mx.array) -> mx.array:
    return x + mx.square(mx.sin(x * rate)) * gain


def lstm_cell(
    into: mx.array, keep: mx.array, new: mx.array, out: mx.array, cell: mx.array
) -> tuple[mx.array, mx.array]:
    """The hidden state and the cell after one frame, from the gates before their activations; (B, C) each."""
    if not on_cpu():
        return _lstm_cell_compiled(into, keep, new, out, cell)
    cell = sigmoid(keep) * cell + sigmoid(into) * tanh(new)
    return sigmoid(out) * tanh(cell), cell


@partial(mx.compile, shapeless=True)
def _lstm_cell_compiled(into, keep, new, out, cell):
    cell = mx.sigmoid(keep) * cell + mx.sigmoid(into) * mx.tanh(new)
    return mx.sigmoid(out) * mx.tanh(cell), cell
