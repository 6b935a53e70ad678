"""Gives MLX on a Linux CPU a fast matrix library. It knows the dynamic linker and file names, no mathematics.

MLX's Linux wheels carry the reference BLAS (a few GFLOP/s). OpenBLAS, loaded with global symbols before MLX's first
import, takes its place: thirty to a hundred times faster in float32. It is looked for on the system, then in the wheel
`scipy-openblas32`. On a Mac nothing is done or needed.
"""

import ctypes
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from dotsbook.machine import cores
from dotsbook.model.trampoline import define_jumps

NAMES = ("libopenblas.so.0", "libopenblas.so")
WANTED = ("cblas_sgemm", "cblas_dgemm", "cblas_cgemm")  # what MLX multiplies with
PREFIX = "scipy_"
ROW_READERS = ("SkylakeX", "Cooperlake", "SapphireRapids")  # as OpenBLAS names them


@cache
def prefer_openblas() -> str | None:
    """Make MLX use OpenBLAS, and return the library's name; None on other systems, or where there is no OpenBLAS.

    Must be called before MLX is first imported; after that it does nothing and returns None. The first answer is kept.
    """
    if not sys.platform.startswith("linux") or "mlx.core" in sys.modules:
        return None
    if cores() < (os.cpu_count() or 1):  # OpenBLAS counts the machine's, and would crowd a container's few
        os.environ.setdefault("OPENBLAS_NUM_THREADS", str(cores()))
    for name in (*NAMES, str(Path(sys.prefix) / "lib" / NAMES[0])):
        if _functions(name, "") is not None:
            ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
            return name
    for name in _wheels():
        functions = _functions(name, PREFIX)
        if functions is not None and define_jumps(functions):
            return name
    return None


def reads_rows() -> bool:
    """OpenBLAS's kernels with AVX-512 multiply by a matrix (out, in) fastest as it lies; its others, laid out transposed."""
    return kernels() in ROW_READERS


@cache
def kernels() -> str | None:
    """The processor that OpenBLAS's kernels in use are written for ("Haswell", "SkylakeX"); None where MLX has no OpenBLAS."""
    if (name := prefer_openblas()) is None:
        return None
    prefix = PREFIX if name in _wheels() else ""
    tell = getattr(ctypes.CDLL(name), f"{prefix}openblas_get_corename")
    tell.restype = ctypes.c_char_p
    return tell().decode()


def _wheels() -> list[str]:
    """The libraries inside scipy-openblas32, if it is installed."""
    spec = find_spec("scipy_openblas32")
    if spec is None or not spec.submodule_search_locations:
        return []
    places = [Path(place) / "lib" for place in spec.submodule_search_locations]
    return [str(path) for place in places for path in sorted(place.glob("libscipy_openblas*.so"))]


def _functions(name: str, prefix: str) -> dict[str, int] | None:
    """The addresses of MLX's functions in the library; None if it lacks one, can't be loaded, or counts in 64 bits."""
    try:
        library = ctypes.CDLL(name, mode=os.RTLD_LOCAL | os.RTLD_NOW)
        describe = getattr(library, f"{prefix}openblas_get_config")
        found = {wanted: getattr(library, prefix + wanted) for wanted in WANTED}
    except (OSError, AttributeError):
        return None
    describe.restype = ctypes.c_char_p
    if b"USE64BITINT" in (describe() or b""):
        return None
    return {wanted: ctypes.cast(function, ctypes.c_void_p).value or 0 for wanted, function in found.items()}
