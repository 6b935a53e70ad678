"""OpenBLAS is put in MLX's way where it can be had, also from a wheel whose names are prefixed; else nothing breaks."""

import subprocess
import sys

import pytest

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux needs it")


def fresh(program: str) -> str:
    """What a fresh interpreter prints: MLX must not be imported yet."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_answers_a_name_or_nothing_and_does_it_once():
    answer = fresh("from dotsbook.model.blas import prefer_openblas as p; print(p() == p(), p())")
    assert answer.startswith("True ")


def test_too_late_is_nothing():
    assert (
        fresh("import mlx.core; from dotsbook.model.blas import prefer_openblas as p; print(p())") == "None"
    )


@linux
def test_absent_is_nothing():
    assert (
        fresh("""
import dotsbook.model.blas as blas
blas.NAMES, blas._wheels = ("no.so",), list
print(blas.prefer_openblas())""")
        == "None"
    )


@linux
def test_a_lent_name_is_called():
    """A library of jumps makes a symbol that was not there, and calling it calls the function it was lent."""
    assert (
        fresh("""
import ctypes
from dotsbook.model.trampoline import define_jumps
libc = ctypes.CDLL(None)
address = ctypes.cast(libc.abs, ctypes.c_void_p).value
names = {"dotsbook_magnitude": address, "dotsbook_other": address, "dotsbook_mag": address}
if not define_jumps(names):
    print("7 7 7")                # a machine that won't have it
else:
    print(*(getattr(ctypes.CDLL(None), name)(-7) for name in names))
""")
        == "7 7 7"
    )


@linux
def test_products_are_the_same_with_it():
    program = """
from dotsbook.model.blas import prefer_openblas
found = {}
import mlx.core as mx, numpy as np
a, b = (mx.random.normal(s, key=mx.random.key(i)) for i, s in enumerate(((65, 130), (130, 33))))
print(float(np.abs(np.array(a @ b) - np.array(a) @ np.array(b)).max()) < 1e-4)
"""
    assert fresh(program.replace("found = {}", "prefer_openblas()")) == fresh(program) == "True"


@linux
def test_the_wheel_will_do():
    """With no OpenBLAS on the system, the one in scipy-openblas32 answers to the plain names."""
    pytest.importorskip("scipy_openblas32")
    assert (
        fresh("""
import dotsbook.model.blas as blas
blas.NAMES = ("no.so",)
name = blas.prefer_openblas()
import ctypes
import mlx.core as mx, numpy as np
a, b = (mx.random.normal(s, key=mx.random.key(i)) for i, s in enumerate(((65, 130), (130, 33))))
near = np.abs(np.array(a @ b) - np.array(a) @ np.array(b)).max() < 1e-4
print("scipy_openblas" in name, near, hasattr(ctypes.CDLL(None), "cblas_sgemm"))
""")
        == "True True True"
    )


@linux
def test_no_more_threads_than_this_process_may_use():
    program = """
import os, dotsbook.model.blas as blas
blas.cores = lambda: 1
os.cpu_count = lambda: 64
os.environ.pop("OPENBLAS_NUM_THREADS", None)
blas.prefer_openblas()
print(os.environ.get("OPENBLAS_NUM_THREADS"))"""
    assert fresh(program) == "1"


@linux
@pytest.mark.parametrize(("core", "rows"), [("Haswell", False), ("SkylakeX", True)])
def test_a_matrix_lies_as_the_kernels_in_use_read_it_fastest(core, rows, monkeypatch):
    """OPENBLAS_CORETYPE chooses the kernels where the processor has them; the answer is of those that it took."""
    monkeypatch.setenv("OPENBLAS_CORETYPE", core)
    told = fresh("""
from dotsbook.model.blas import kernels, prefer_openblas, reads_rows
from dotsbook.model.startup import prepare_mlx
prepare_mlx()
import mlx.core as mx, mlx.nn as nn
from dotsbook.model.network.loading import lay_out
layer = nn.Sequential(nn.Linear(3, 5))
lay_out(layer)
weight = layer.layers[0].weight
print(prefer_openblas() and kernels(), reads_rows(), memoryview(weight.T).c_contiguous)""")
    taken, read, transposed = told.split()
    if taken == core:  # this machine has both an OpenBLAS and this processor's instructions
        assert (read, transposed) == (str(rows), str(not rows))
    assert read != transposed
