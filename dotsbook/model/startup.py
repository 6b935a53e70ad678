"""What must be done before MLX is first imported: a fast matrix library on Linux, larger command buffers on a Mac."""

from dotsbook.model.blas import prefer_openblas
from dotsbook.model.metal import enlarge_command_buffers


def prepare_mlx() -> None:
    """Call it before anything that imports MLX; afterwards it does nothing."""
    prefer_openblas()
    enlarge_command_buffers()
