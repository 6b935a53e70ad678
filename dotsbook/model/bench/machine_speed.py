"""The machine itself: what a launch, a read byte, a product and a convolution cost MLX here. It knows no model."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import mlx.core as mx

LAUNCHES = 2000
READS = 8  # products of one row, one after another


def machine_speed(seconds: float) -> dict[str, float]:
    """Four figures that explain most differences between two machines; about `seconds` long."""
    import mlx.core as mx

    from dotsbook.model.network.convolution import convolve
    from dotsbook.model.network.elementary import on_cpu

    slow = on_cpu()
    side, cube, dtype = (2048, 1024, mx.float32) if slow else (8192, 4096, mx.bfloat16)
    matrix, square = mx.ones((side, side), dtype) / side, mx.ones((cube, cube), dtype) / cube
    row, sound, kernel = mx.ones((1, side), dtype), mx.ones((1, 4800, 192)), mx.ones((192, 7, 192))
    mx.eval(matrix, square, row, sound, kernel)

    def launches() -> mx.array:
        x = mx.zeros((16,))
        for _ in range(LAUNCHES):
            x = x + 1
        return x

    def reads() -> mx.array:
        x = row
        for _ in range(READS):
            x = x @ matrix
        return x

    share = seconds / 4
    convolved = 2 * (4800 - 6) * 192 * 192 * 7
    return {
        "launch, us": best(launches, share) / LAUNCHES * 1e6,
        "read, GB/s": READS * matrix.nbytes / best(reads, share) / 1e9,
        "product, TFLOP/s": 2 * cube**3 / best(lambda: square @ square, share) / 1e12,
        "convolution, TFLOP/s": convolved / best(lambda: convolve(sound, kernel, None), share) / 1e12,
    }


def best(work: "Callable[[], mx.array]", seconds: float) -> float:
    """Seconds of the quickest of as many runs as fit, two at least; the first one, which compiles, doesn't count."""
    import mlx.core as mx

    mx.eval(work())
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while not taken or time.perf_counter() < end:
        begun = time.perf_counter()
        mx.eval(work())
        taken.append(time.perf_counter() - begun)
    return min(taken)
