"""The vocoder's activation as one kernel of a GPU: upsample by 2, snake, downsample by 2. It knows arrays, no layers.

The array path in alias_free.py takes a dozen kernels for the same and writes everything at twice the rate to memory. One
source serves Metal and CUDA. It is compared with that path when it is first asked for, on the machine it runs on.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mlx.core as mx

RUN = 8  # outputs a thread makes of its channel: more computes fewer twice and needs more registers
GROUP = 64  # threads started together
CLOSE = 2e-5  # of the larger of 1 and the output: how far the kernel may lie from the array path

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


@lru_cache(maxsize=1)
def activation_kernel() -> ActivationKernel | None:
    """The kernel that gives what the array path gives here; None where there is none, see `refusal`."""
    kernel = built()
    return kernel if kernel is not None and refusal(kernel) is None else None


def refusal(kernel: ActivationKernel) -> str | None:
    """Why the kernel can't be used on this machine, None if it can."""
    from dotsbook.model.network.alias_free import AliasFree
    from dotsbook.model.network.causal_state import CausalState

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
