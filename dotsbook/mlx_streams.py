"""What a thread that may have used MLX does when it ends. It knows no models, and never imports MLX."""

import sys


def leave_mlx() -> None:
    """Call it at the end of such a thread, and wait for the thread: a program that ends with its streams left over is aborted."""
    mlx = sys.modules.get("mlx.core")
    if mlx is not None:
        mlx.clear_streams()
