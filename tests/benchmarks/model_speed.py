"""How fast the model decodes at its released size, with random weights: the figures of the README's table.

    python tests/benchmarks/model_speed.py [--only line,batch,prefix,vocoder,memory] [--flow] [--json]

Float32 on a CPU, through OpenBLAS. Every ratio is taken in one run, its two sides in turn, so that other work on the
machine falls on both.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dotsbook.model.bench.random_model import random_model

TEXT = "The tide was out, and nobody on the long grey shore had anything left to say to her about it. "  # 95 characters
NEVER = 2.0  # an eos threshold no probability reaches


def reference_sound(seconds: float, rate: int = 48000):
    import numpy as np

    t = np.arange(round(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * 140 * t) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t))).astype(np.float32)


def decoding(dots, lines):
    """Rows past their prefill, and what the prefill took in seconds."""
    from dotsbook.model.sampling import resolve

    begun = time.perf_counter()
    sampling = resolve(lines[0].sampling, dots.config)
    rows = [dots.ready(i, line, sampling) for i, line in enumerate(lines)]
    made = dots.begin(rows, dots.solver(sampling))
    return made, time.perf_counter() - begun


def steps(made, count: int) -> list[float]:
    """Seconds of each of the next `count` patches."""
    taken = []
    for _ in range(count):
        begun = time.perf_counter()
        made.step()
        taken.append(time.perf_counter() - begun)
    return taken


def line(text: str = TEXT, profile=None, seed: int = 0):
    from dotsbook.model.dots import Utterance
    from dotsbook.model.sampling import SamplingOptions

    return Utterance(text, profile, "en", SamplingOptions(eos_threshold=NEVER), seed)


def measure_line(dots) -> dict:
    """Patch 10 and patch 60 of one line, in turn: two lines stand side by side, one of them 50 patches on."""
    early, _ = decoding(dots, [line(seed=1)])
    late, _ = decoding(dots, [line(seed=2)])
    steps(late, 57)
    steps(early, 7)
    pairs = [(steps(early, 1)[0], steps(late, 1)[0]) for _ in range(6)]
    tenth, sixtieth = (statistics.median(side) for side in zip(*pairs, strict=False))
    return {"line, s a patch": tenth, "patch 60 / patch 10": sixtieth / tenth}


def measure_batch(dots) -> dict:
    """Eight lines of different length together, and one of them alone, in turn."""
    lines = [line(TEXT[: 40 + 7 * i], seed=i) for i in range(8)]
    together, _ = decoding(dots, lines)
    alone, _ = decoding(dots, lines[:1])
    steps(together, 2), steps(alone, 2)
    pairs = [(steps(alone, 1)[0], steps(together, 1)[0]) for _ in range(8)]
    one, eight = (statistics.median(side) for side in zip(*pairs, strict=False))
    return {
        "one line, s a step": one,
        "eight lines, s a step": eight,
        "eight together / one after another": 8 * one / eight,
    }


def measure_prefix(dots) -> dict:
    """From a reference of 10 s to a line ready to decode: the first in the voice, and the second."""
    import mlx.core as mx

    begun = time.perf_counter()
    profile = dots.enroll(reference_sound(10.0), 48000, TEXT + TEXT[:60])
    enrolled = time.perf_counter() - begun
    _, first = decoding(dots, [line(TEXT, profile)])
    _, second = decoding(dots, [line(TEXT[::-1], profile)])
    colour = dots.enroll(reference_sound(10.0), 48000)
    _, plain = decoding(dots, [line(TEXT, colour)])
    _, plain2 = decoding(dots, [line(TEXT[::-1], colour)])
    mx.clear_cache()
    return {
        "enrolment, s": enrolled,
        "first prefill, s": first,
        "second prefill, s": second,
        "second / first prefill": second / first,
        "second / first, enrolment counted": second / (first + enrolled),
        "x-vector only: first, second, s": (plain, plain2),
    }


def measure_vocoder(dots, patches: int = 24) -> dict:
    import numpy as np

    from dotsbook.model.stream import decode_latents

    latents = np.random.default_rng(0).standard_normal((patches * 4, 128)).astype(np.float32)
    decode_latents(dots.vae, latents[:32])
    begun = time.perf_counter()
    decode_latents(dots.vae, latents)
    return {"vocoder, s a patch": (time.perf_counter() - begun) / patches}


def measure_memory(dots) -> dict:
    """Eight lines of 10 s (62 patches) in one cloned voice, against the estimate."""
    import mlx.core as mx

    profile = dots.enroll(reference_sound(10.0), 48000, TEXT)
    mx.clear_cache()
    base = mx.get_active_memory()
    mx.reset_peak_memory()
    made, _ = decoding(dots, [line(TEXT[: 60 + i], profile, i) for i in range(8)])
    steps(made, 62)
    peak = mx.get_peak_memory() - base
    estimate = dots.peak_bytes(profile, [62] * 8) - dots.weight_bytes
    return {
        "peak above weights, GB": peak / 1e9,
        "estimate, GB": estimate / 1e9,
        "estimate / peak": estimate / peak,
        "weights, GB": base / 1e9,
    }


PARTS = {
    "line": measure_line,
    "batch": measure_batch,
    "prefix": measure_prefix,
    "vocoder": measure_vocoder,
    "memory": measure_memory,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, with commas")
    parser.add_argument("--flow", action="store_true", help="flow matching with guidance instead of MeanFlow")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    begun = time.perf_counter()
    dots = random_model(meanflow=not asked.flow)
    found = {"made, s": time.perf_counter() - begun}
    for name in asked.only.split(","):
        found |= PARTS[name](dots)
        if not asked.json:
            print(
                json.dumps({k: v if isinstance(v, tuple) else round(v, 3) for k, v in found.items()}),
                flush=True,
            )
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
