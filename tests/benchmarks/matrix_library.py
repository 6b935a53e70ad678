"""Measures MLX's float32 matrix products on this CPU with its own BLAS and with OpenBLAS, each in a fresh process.

python tests/benchmarks/matrix_library.py
"""

import subprocess
import sys

MEASURE = """
import time
import mlx.core as mx

def best(a, b, times):
    mx.eval(a @ b)
    took = []
    for _ in range(times):
        start = time.perf_counter()
        mx.eval(a @ b)
        took.append(time.perf_counter() - start)
    return min(took)

square = [mx.random.normal((512, 512), key=mx.random.key(i)) for i in range(2)]
matrix = mx.random.normal((1536, 8960), key=mx.random.key(2))
rows = mx.random.normal((8, 1536), key=mx.random.key(3))
mx.eval(square, matrix, rows)
print(f"{2 * 512**3 / best(*square, 5) / 1e9:6.1f} GFLOP/s, 512 cubed;"
      f" (8, 1536) x (1536, 8960): {best(rows, matrix, 5) * 1e3:6.2f} ms", end="")
"""
CASES = {
    "MLX's own": "",
    "system": "import dotsbook.model.blas as b; b._wheels = list; name = b.prefer_openblas()",
    "wheel": "import dotsbook.model.blas as b; b.NAMES = ('no.so',); name = b.prefer_openblas()",
}


def main() -> None:
    for case, first in CASES.items():
        program = f"name = 'reference BLAS'\n{first}\n{MEASURE}\nprint(' ', name)"
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
        )
        print(f"{case:<10} {done.stdout.strip()}")


if __name__ == "__main__":
    main()
