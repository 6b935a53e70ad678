"""How MLX is set up on Apple silicon: the size of command buffers, what may be kept, what is held in memory. It knows no networks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from dotsbook.machine import memory_bytes
from dotsbook.model.bench.findings import larger_buffers_found

# A patch is thousands of small kernels, and MLX hands over 40 or 50 at a time. Others measured 5 to 13 % on M1 and M3.
LARGER_BUFFERS = {"MLX_MAX_OPS_PER_BUFFER": "1000", "MLX_MAX_MB_PER_BUFFER": "400"}
OWN_BUFFERS = {"DOTSBOOK_COMMAND_BUFFERS": "own"}  # said by the bench: leave MLX's sizes
HELPED = ("Apple M1", "Apple M2", "Apple M3", "Apple M4")  # the M5 loses by it
LEAST_KEPT, MOST_KEPT, SHARE_KEPT = (
    1 << 30,
    4 << 30,
    16,
)  # bytes of freed buffers, and which part of the memory


@cache
def chip() -> str:
    """`Apple M2 Max`, say; "" where this isn't a Mac."""
    if sys.platform != "darwin":
        return ""
    asked = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def enlarge_command_buffers() -> None:
    """Before MLX is first imported: larger command buffers where they help, as a bench found here, else by the chip.

    What the user has set stays.
    """
    if "mlx.core" in sys.modules or any(name in os.environ for name in (*LARGER_BUFFERS, *OWN_BUFFERS)):
        return
    helped = chip().startswith(HELPED)
    if chip() and (helped if (found := larger_buffers_found()) is None else found):
        os.environ.update(LARGER_BUFFERS)


def kept_bytes(on_gpu: bool) -> int:
    """Bytes of freed buffers MLX may keep: on a GPU more where there is more memory, so that caches grow without the system."""
    return min(MOST_KEPT, max(LEAST_KEPT, memory_bytes() // SHARE_KEPT)) if on_gpu else LEAST_KEPT


@contextmanager
def wired() -> Iterator[None]:
    """Keep the model in memory while it decodes, as far as macOS recommends; given back at the end."""
    import mlx.core as mx

    if not mx.metal.is_available():
        yield
        return
    before = mx.set_wired_limit(int(mx.device_info()["max_recommended_working_set_size"]))
    try:
        yield
    finally:
        mx.synchronize()
        mx.set_wired_limit(before)
