"""The vocoder's activation as one kernel of a GPU: upsample by 2, snake, downsample by 2. It knows arrays, no layers.

The array path in alias_free.py takes a dozen kernels for the same and writes everything at twice the rate to memory. One
source serves Metal and CUDA; alias_free.py compares it with its own path before it uses it.
"""

from dataclasses import dataclass
from typing import Any

import mlx.core as mx

RUN = 8  # outputs a thread makes of its channel: more computes fewer twice and needs more registers
GROUP = 64  # threads started together

INPUTS = ["x", "before", "held", "up", "down", "rate", "gain"]
OUTPUTS = ["y", "before_out", "held_out"]

# One thread: a channel c of a signal b, outputs first … first + RUN − 1. The activated samples a[i] are those at twice the
# rate from 2 · first − (TAPS − 1) on. Those before the piece are `held`, or at the signal's start copies of its first.
SOURCE = """
    const int length = x_shape[1], channels = x_shape[2];
    const int runs = (length + RUN - 1) / RUN;
    const int c = elem % channels, first = (elem / channels) % runs * RUN, b = elem / channels / runs;
    if (b >= x_shape[0]) return;
    const int half_taps = TAPS / 2, kept = TAPS - 1, filter = TRAINED ? c * TAPS : 0;
    float a[2 * RUN + TAPS - 1];
    for (int i = 0; i < 2 * RUN + TAPS - 1; i++) {
        int m = 2 * first - kept + i;
        if (m < 0 && BEGUN) {
            a[i] = held[(b * kept + kept + m) * channels + c];
            continue;
        }
        m = m < 0 ? 0 : m;
        float sum = 0.0f;
        for (int j = 0; j < half_taps && m < 2 * length; j++) {
            const int at = m / 2 - j;
            const float v = at >= 0 ? x[(b * length + at) * channels + c]
                                    : before[(b * (half_taps - 1) + half_taps - 1 + at) * channels + c];
            sum += v * up[filter + 2 * j + m % 2];
        }
        sum *= 2.0f;
        const float wave = SINE(sum * rate[c]);
        a[i] = sum + wave * wave * gain[c];
    }
    for (int r = 0; r < RUN && first + r < length; r++) {
        float sum = 0.0f;
        for (int k = 0; k < TAPS; k++) sum += a[2 * r + k] * down[filter + k];
        y[(b * length + first + r) * channels + c] = sum;
    }
    if (first + RUN < length) return;
    for (int k = 0; k < kept; k++) held_out[(b * kept + k) * channels + c] = a[2 * (length - first) + k];
    for (int k = 0; k < half_taps - 1; k++) {
        const int at = length - (half_taps - 1) + k;
        before_out[(b * (half_taps - 1) + k) * channels + c] =
            at >= 0 ? x[(b * length + at) * channels + c]
                    : before[(b * (half_taps - 1) + half_taps - 1 + at) * channels + c];
    }
"""
METAL = "    const int elem = thread_position_in_grid.x;" + SOURCE.replace("SINE", "metal::precise::sin")
CUDA = "    const int elem = cooperative_groups::this_grid().thread_rank();" + SOURCE.replace("SINE", "sinf")


@dataclass(frozen=True)
class ActivationKernel:
    """The compiled kernel of this machine: `run` is what `mx.fast.metal_kernel` and its like give."""

    run: Any

    def __call__(
        self, x: mx.array, tails: list[mx.array] | None, filters: tuple[mx.array, mx.array], snake: tuple
    ) -> tuple[mx.array, list[mx.array]]:
        """x (B, L, C) float32 after `tails` → (B, L, C) and the tails after it.

        tails: the last inputs (B, k/2 − 1, C) and activated samples (B, k − 1, C); None at the signal's start.
        filters: upward and downward, (1, k) or, trained, (C, k). snake: rate and gain (C,).
        """
        batch, length, channels = x.shape
        taps = filters[0].shape[1]
        shapes = [(batch, taps // 2 - 1, channels), (batch, taps - 1, channels)]
        template = [
            ("TAPS", taps),
            ("RUN", RUN),
            ("TRAINED", filters[0].shape[0] > 1),
            ("BEGUN", tails is not None),
        ]
        y, *after = self.run(
            inputs=[x, *(tails or [mx.zeros(shape) for shape in shapes]), *filters, *snake],
            template=template,
            grid=(batch * -(-length // RUN) * channels, 1, 1),
            threadgroup=(GROUP, 1, 1),
            output_shapes=[x.shape, *shapes],
            output_dtypes=[mx.float32] * 3,
        )
        return y, after


def built() -> ActivationKernel | None:
    """The kernel for this machine's GPU, not compared yet; None where there is none."""
    if mx.metal.is_available():
        return ActivationKernel(mx.fast.metal_kernel("snake_alias_free", INPUTS, OUTPUTS, METAL))
    if mx.cuda.is_available():
        return ActivationKernel(mx.fast.cuda_kernel("snake_alias_free", INPUTS, OUTPUTS, CUDA))
    return None
