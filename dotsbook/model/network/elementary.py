"""Elementwise functions, each at the speed its backend allows. It knows no networks.

MLX's CPU backend calls the C library once an element for tanh, sin and exp (12–28 ns each), which costs as much as
the matrices they stand between. Here they are a few multiplications; on a GPU MLX's own are used, compiled, since there
every separate operation starts a kernel. Errors are absolute, against float64: below 1e-6 for arguments up to 10; that
of sin² grows with its argument, as the spacing of float32 does.
"""

import math
from collections.abc import Sequence
from functools import partial

import mlx.core as mx
import mlx.nn as nn
import numpy as np

# sin(pi r) for |r| <= 1/2, odd powers: least squares at Chebyshev's points, off by less than 4e-9
SINE = [3.1415925798, -5.1677068662, 2.5500311935, -0.5980441939, 0.0772183862]
GELU = math.sqrt(2 / math.pi)
ROUNDING = 1.5 * 2**23  # float32 has no fractions at this size: adding and taking it off rounds
LARGEST = 125.0  # powers of two beyond it, either way, are held at it

# One loop over the numbers for all operations of a function, whatever the shape. What is computed here with it on a CPU is
# short: MLX cuts a chain of more than about ten operations in two, and those loops are five times slower.
one_loop = partial(mx.compile, shapeless=True)


def _powers_of_two() -> list[float]:
    """Coefficients of 2^f for |f| <= 1/2: least squares of the relative error at Chebyshev's points, off by less than 2e-7."""
    points = np.cos((np.arange(64) + 0.5) / 64 * np.pi) / 2
    fitted = np.linalg.lstsq(
        np.vander(points, 6, increasing=True) / 2 ** points[:, None], np.ones(64), rcond=None
    )
    return fitted[0].tolist()


EXP2 = _powers_of_two()


def on_cpu() -> bool:
    """MLX computes on the processor here."""
    return mx.default_device().type == mx.DeviceType.cpu


@one_loop
def affine(x: mx.array, scale: mx.array, shift: mx.array) -> mx.array:
    return x * scale + shift


@one_loop
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
    """By pairs of terms, a chain half as long as Horner's; coefficients from the constant upwards."""
    terms: list = list(coefficients)
    while len(terms) > 1:
        odd = terms[len(terms) // 2 * 2 :]
        terms = [low + high * x for low, high in zip(terms[::2], terms[1::2], strict=False)] + odd
        x = x * x
    return terms[0]


def nearest(x: mx.array) -> mx.array:
    """The nearest whole number to float32 below 2^22: two additions, where `mx.round` takes as long as five."""
    return (x + ROUNDING) - ROUNDING


@one_loop
def _fraction(x: mx.array) -> mx.array:
    return x - nearest(x)


@one_loop
def _power_of_fraction(fraction: mx.array) -> mx.array:
    return polynomial(fraction, EXP2)


@one_loop
def _bits_of_power(x: mx.array) -> mx.array:
    """The bits of 2 to the nearest whole number as float32."""
    return (nearest(x) + 127.0).astype(mx.int32) * (1 << 23)


def exp2(x: mx.array) -> mx.array:
    """2^x of float32, relative error below 1e-6; beyond ±LARGEST it is held there."""
    held = mx.clip(x, -LARGEST, LARGEST)
    return _power_of_fraction(_fraction(held)) * _bits_of_power(held).view(mx.float32)


def exp(x: mx.array) -> mx.array:
    """e^x of float32, relative error below 2e-6; arguments beyond ±86 are held there."""
    return exp2(x * (1 / math.log(2)))


def sigmoid(x: mx.array) -> mx.array:
    if x.dtype != mx.float32 or not on_cpu():
        return mx.sigmoid(x)
    return 1.0 / (exp(-x) + 1.0)


@one_loop
def _times_sigmoid(x: mx.array, power: mx.array) -> mx.array:
    """x times the sigmoid of y, of which `power` is e^-y."""
    return x / (power + 1.0)


def silu(x: mx.array) -> mx.array:
    if x.dtype != mx.float32 or not on_cpu():
        return nn.silu(x)
    return _times_sigmoid(x, exp(-x))


def tanh(x: mx.array) -> mx.array:
    if x.dtype != mx.float32 or not on_cpu():
        return mx.tanh(x)
    return 1.0 - 2.0 / (exp(2.0 * x) + 1.0)


@one_loop
def _gelu_argument(x: mx.array) -> mx.array:
    return x * ((-2 * GELU / math.log(2)) + (-2 * GELU * 0.044715 / math.log(2)) * mx.square(x))


def gelu_tanh(x: mx.array) -> mx.array:
    """x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), which is x times a sigmoid."""
    if x.dtype != mx.float32 or not on_cpu():
        return _gelu_compiled(x)
    return _times_sigmoid(x, exp2(_gelu_argument(x)))


@one_loop
def _gelu_compiled(x: mx.array) -> mx.array:
    return x * mx.sigmoid(x * (2 * GELU) * (1.0 + 0.044715 * x * x))


def gated(gate: mx.array, x: mx.array) -> mx.array:
    """silu(gate) · x."""
    if x.dtype != mx.float32 or not on_cpu():
        return _gated_compiled(gate, x)
    return _times_sigmoid(gate * x, exp(-gate))


@one_loop
def _gated_compiled(gate: mx.array, x: mx.array) -> mx.array:
    return gate * mx.sigmoid(gate) * x


def snake(x: mx.array, rate: mx.array, gain: mx.array) -> mx.array:
    """x + sin²(x · rate) · gain; `rate`, in radians, and `gain` are one number a channel."""
    if x.dtype != mx.float32 or not on_cpu():
        return _snake_compiled(x, rate, gain)
    return x + _squared_sine(_fraction(x * (rate * (1 / math.pi)))) * gain


@one_loop
def _squared_sine(turns: mx.array) -> mx.array:
    """sin² of half turns within ±1/2."""
    return mx.square(turns * polynomial(mx.square(turns), SINE))


@one_loop
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


@one_loop
def _lstm_cell_compiled(into, keep, new, out, cell):
    cell = mx.sigmoid(keep) * cell + mx.sigmoid(into) * mx.tanh(new)
    return mx.sigmoid(out) * mx.tanh(cell), cell
