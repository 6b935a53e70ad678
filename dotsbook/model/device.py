"""What MLX runs on here. It knows no model."""

import sys


def device_name() -> str:
    """`Metal`, or what MLX calls its default device. Raises ImportError where MLX is missing."""
    import mlx.core as mx

    return "Metal" if sys.platform == "darwin" and mx.metal.is_available() else str(mx.default_device())
