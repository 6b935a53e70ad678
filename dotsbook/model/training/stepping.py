"""One step of an ordinary differential equation, for rows whose times and strides differ. It knows no models."""

from collections.abc import Callable

import mlx.core as mx

Velocity = Callable[[mx.array, mx.array], mx.array]


def euler(velocity: Velocity, z: mx.array, t: mx.array, stride: mx.array) -> mx.array:
    """z (B, …) at t (B,) → at t + stride (B,)."""
    return z + _wide(stride, z) * velocity(z, t)


def midpoint(velocity: Velocity, z: mx.array, t: mx.array, stride: mx.array) -> mx.array:
    half = euler(velocity, z, t, stride / 2)
    return z + _wide(stride, z) * velocity(half, t + stride / 2)


def rk4(velocity: Velocity, z: mx.array, t: mx.array, stride: mx.array) -> mx.array:
    wide, middle = _wide(stride, z), t + stride / 2
    k1 = velocity(z, t)
    k2 = velocity(z + wide / 2 * k1, middle)
    k3 = velocity(z + wide / 2 * k2, middle)
    k4 = velocity(z + wide * k3, t + stride)
    return z + wide / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def _wide(one_a_row: mx.array, like: mx.array) -> mx.array:
    return one_a_row.reshape(-1, *[1] * (like.ndim - 1))


STEPS = {"euler": euler, "midpoint": midpoint, "rk4": rk4}
