"""The bench: its stages in order, each in its share of the time, and the one line that people paste. It prints nothing.

machine       what it is, in what state; what a launch, a read, a product and a convolution cost
first sound   load, enrol, prefill, the first sound streamed
one line      a patch by history, its parts, the vocoder
lines n       1, 4, 8, 16 lines together
throttling    the last quarter of a long run against its first
settings      the same patch with other settings, in turn; on a GPU only
line          all of it in a line
"""

import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.machine import cores, memory_bytes
from dotsbook.machine_state import machine_state
from dotsbook.model.bench.findings import BenchFinding, keep
from dotsbook.model.bench.machine_speed import machine_speed
from dotsbook.model.bench.random_model import open_for_bench
from dotsbook.model.metal import chip
from dotsbook.model.startup import prepare_mlx
from dotsbook.release import __version__

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots

FORM = 1  # of the line; raised whenever a figure in it changes its meaning
SECONDS = 150.0
SHARES = {"machine": 10, "one line": 40, "lines": 40, "throttling": 20, "settings": 10}  # parts of the time

Figures = dict[str, float | str]


def bench(model: str, seconds: float = SECONDS) -> Iterator[tuple[str, Figures]]:
    """(stage, its figures by name), each as it is measured. About `seconds` long, loading apart.

    model: a folder, a name on the hub, or RANDOM: the released size with random weights. Keeps what it found best.
    """
    prepare_mlx()
    from dotsbook.model.bench import stages
    from dotsbook.model.network.elementary import on_cpu

    share = {name: seconds * part / sum(SHARES.values()) for name, part in SHARES.items()}
    told: dict[str, Figures] = {"machine": {**the_machine(), **machine_speed(share["machine"])}}
    yield "machine", told["machine"]
    dots, loaded = stages.timed(lambda: open_for_bench(model))
    yield "first sound", {"load, s": loaded} | stages.first_sound(dots)
    told["one line"] = dict(stages.one_line(dots, share["one line"]))
    yield "one line", told["one line"]
    together = {}
    for count, figures in stages.lines_together(dots, share["lines"]):
        together[count] = figures
        yield f"lines {count}", dict(figures)
    told["throttling"] = dict(stages.throttling(dots, share["throttling"]))
    yield "throttling", told["throttling"]
    settings = {} if on_cpu() else settings_tried(dots, model, share["settings"])
    if settings:
        yield "settings", dict(settings)
    best = max(together, key=lambda count: together[count]["times real time"])
    told["best"] = {"lines": str(best)} | together[best]
    line = the_line(dots, model, told)
    larger = settings.get(LARGER)
    keep(dots.identity, BenchFinding(best, line), None if larger is None else larger < 1)
    speed = together[best]["times real time"]
    yield "line", {"model": dots.identity, "lines together": best, "times real time": speed, "line": line}


def the_machine() -> Figures:
    """What the figures were measured on. Nothing is refused, but a state that slows is told."""
    from dotsbook.model.device import device_name

    facts: Figures = {
        "chip": chip() or platform.processor() or platform.machine(),
        "cores": cores(),
        "memory, GB": memory_bytes() / 1e9,
        "system": f"macOS {platform.mac_ver()[0]}" if sys.platform == "darwin" else platform.system(),
        "device": device_name(),
        "mlx": metadata.version("mlx"),
        "dotsbook": __version__,
        "state": "; ".join(machine_state().slowing()) or "nothing that slows it",
    }
    return facts | {name: value for name, value in sorted(os.environ.items()) if name.startswith("MLX_")}


LARGER = "larger command buffers / MLX's own"


def settings_tried(dots: "Dots", model: str, seconds: float) -> dict[str, float]:
    """On a GPU: ratios of a patch's time with and without a setting."""
    import mlx.core as mx

    from dotsbook.model.bench import stages
    from dotsbook.model.bench.command_buffers import larger_against_own

    found = stages.wiring(dots, seconds / 2)
    if mx.metal.is_available():
        found[LARGER] = larger_against_own(model, seconds / 2)
    return found


def the_line(dots: "Dots", model: str, told: dict[str, Figures]) -> str:
    """The figures that explain a machine, in one line with its form's number."""
    machine, one, best = told["machine"], told["one line"], told["best"]
    packing = dots.checkpoint.quantization
    precision = str(dots.core.dtype).rpartition(".")[2] + (f" llm{packing.bits}" if packing else "")
    size = dots.config.patch_size
    pieces = (one[f"vocoder, pieces of {frames} frames, ms a patch"] for frames in (64, size))
    parts = [
        f"bench {FORM}",
        f"{machine['chip']} {machine['cores']}c {machine['memory, GB']:.0f}G {machine['system']}, {machine['state']}",
        f"mlx {machine['mlx']} dotsbook {machine['dotsbook']} {Path(model).name} {dots.config.solver} {precision}",
        f"{machine['launch, us']:.1f}us {machine['read, GB/s']:.0f}GB/s {machine['product, TFLOP/s']:.2f}T "
        f"conv {machine['convolution, TFLOP/s']:.2f}T",
        f"patch 5/60/120 {'/'.join(format(one[f'patch after {n}, ms'], '.1f') for n in (5, 60, 120))} "
        "voc {:.1f} (s {:.1f})".format(*pieces),
        f"x{best['lines']} {best['step, ms']:.0f}ms {best['times real time']:.2f}x pk {best['peak, GB']:.1f}G",
        f"throttle {told['throttling']['last quarter / first quarter']:.2f}",
    ]
    return " | ".join(parts)
