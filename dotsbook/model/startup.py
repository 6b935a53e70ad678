"""What must be done before MLX is first imported (a fast matrix library on Linux, larger command buffers on a Mac), and when a
thread that used it ends.
"""

import sys

from dotsbook.model.blas import prefer_openblas
from dotsbook.model.metal import enlarge_command_buffers


def prepare_mlx() -> None:
    """Call it before anything that imports MLX; afterwards it does nothing."""
    prefer_openblas()
    enlarge_command_buffers()


def leave_mlx() -> None:
    """Call it at the end of a thread that may have used MLX: a program that ends with its streams left over is aborted."""
    if "mlx.core" in sys.modules:
        import mlx.core as mx

        mx.clear_streams()
