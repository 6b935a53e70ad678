"""What MLX runs on here, and what is noted of a take about how its model was run. It reads no weights."""

import sys
from importlib import metadata

from dotsbook.model.checkpoint.opening import Checkpoint
from dotsbook.model.startup import prepare_mlx


def device_name() -> str:
    """`Metal`, or what MLX calls its default device. Raises ImportError where MLX is missing."""
    prepare_mlx()
    import mlx.core as mx

    return "Metal" if sys.platform == "darwin" and mx.metal.is_available() else str(mx.default_device())


def run_facts(checkpoint: Checkpoint) -> dict[str, str]:
    """How the checkpoint is run here: device, precision of computing, MLX's version. No part of its identity."""
    return {
        "device": device_name(),
        "dtype": checkpoint.dtype or checkpoint.stored_dtype,
        "mlx": metadata.version("mlx"),
    }
