"""A patch with larger command buffers against MLX's own, which reads their size once: each in a process of its own.

python -m dotsbook.model.bench.command_buffers MODEL SECONDS    writes a patch's milliseconds
"""

import os
import statistics
import subprocess
import sys

from dotsbook.model.bench.random_model import open_for_bench
from dotsbook.model.metal import LARGER_BUFFERS, OWN_BUFFERS
from dotsbook.model.startup import prepare_mlx


def larger_against_own(model: str, seconds: float) -> float:
    """The ratio of two medians, from turns of both; below 1, larger ones are quicker."""
    kept = {name: value for name, value in os.environ.items() if name not in LARGER_BUFFERS}
    times: dict[bool, list[float]] = {True: [], False: []}
    for larger in (True, False, True, False):
        program = [sys.executable, "-m", "dotsbook.model.bench.command_buffers", model, str(seconds / 4)]
        settings = kept | (LARGER_BUFFERS if larger else OWN_BUFFERS)
        done = subprocess.run(program, env=settings, capture_output=True, text=True, check=True)
        times[larger].append(float(done.stdout))
    return statistics.median(times[True]) / statistics.median(times[False])


def main() -> None:
    prepare_mlx()
    from dotsbook.model.bench.stages import begun, line, repeated

    decoding = begun(open_for_bench(sys.argv[1]), [line(None)])
    decoding.step()
    sys.stdout.write(str(statistics.median(repeated(decoding.step, float(sys.argv[2]))) * 1e3))


if __name__ == "__main__":
    main()
