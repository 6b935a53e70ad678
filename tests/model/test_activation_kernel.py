"""The activation's kernel gives what the array path gives: its source as C++ on any machine, itself where there is a GPU."""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

from dotsbook.model.network.activation_kernel import INPUTS, OUTPUTS, SOURCE, ActivationKernel, built
from dotsbook.model.network.alias_free import refusal

FLAGS = ("TAPS", "RUN", "TRAINED", "BEGUN")

AS_CPP = """
#include <cmath>
extern "C" void one_thread(const int* x_shape, {arrays}, int elem, {flags}) {{
{source}
}}
"""


@pytest.fixture(scope="module")
def run_as_cpp(tmp_path_factory):
    """In the place of a compiled kernel: every thread of the grid, one after another."""
    import mlx.core as mx

    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler here")
    folder = tmp_path_factory.mktemp("kernel")
    arrays = ", ".join(
        [*(f"const float* {name}" for name in INPUTS), *(f"float* {name}" for name in OUTPUTS)]
    )
    text = AS_CPP.format(
        arrays=arrays,
        flags=", ".join(f"int {name}" for name in FLAGS),
        source=SOURCE.replace("SINE", "sinf"),
    )
    (folder / "kernel.cpp").write_text(text)
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", folder / "kernel.so", folder / "kernel.cpp"], check=True
    )
    one_thread = ctypes.CDLL(str(folder / "kernel.so")).one_thread

    def pointer(array: np.ndarray):
        return array.ctypes.data_as(ctypes.c_void_p)

    def run(*, inputs, template, grid, threadgroup, output_shapes, output_dtypes):
        given = [np.ascontiguousarray(np.array(array)) for array in inputs]
        made = [np.full(shape, np.nan, np.float32) for shape in output_shapes]
        shape = np.array(given[0].shape, np.int32)
        flags = [int(dict(template)[name]) for name in FLAGS]
        for elem in range(-(-grid[0] // threadgroup[0]) * threadgroup[0]):  # CUDA starts whole groups
            one_thread(pointer(shape), *map(pointer, given), *map(pointer, made), elem, *flags)
        return [mx.array(array) for array in made]

    return run


def test_its_source_gives_what_the_arrays_give(run_as_cpp):
    assert refusal(ActivationKernel(run_as_cpp)) is None


def test_a_kernel_that_gives_other_numbers_is_refused(run_as_cpp):
    def wrong(**asked):
        y, *tails = run_as_cpp(**asked)
        return [y * 1.001, *tails]

    assert "other numbers" in refusal(ActivationKernel(wrong))


def test_a_kernel_that_does_not_compile_is_refused():
    def broken(**asked):
        raise RuntimeError("[metal::Device] Unable to build metal library\nsource")

    assert "could not be compiled" in refusal(ActivationKernel(broken))


def test_the_kernel_of_this_machine_gives_what_the_arrays_give():
    kernel = built()
    if kernel is None:
        pytest.skip("no GPU here: its source alone was compared")
    assert refusal(kernel) is None
