"""How much faster the render loop is with eight lines a batch than with one, through the engine `dots`.

    python -m tests.benchmarks.engine_batches [--lines 8] [--size 8] [--patches 24]

Random weights of a size between the tests' and the released one (some 180 million, 0.7 GB of float32), so that reading
them dominates as it does there. The vocoder is a small one. Every line is let run for the same
number of patches (160 ms each), as random weights don't know when to stop. Both runs make the same takes; what is compared
is their processor time, which other work on the machine touches less, and the wall's.
"""

import argparse
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from dotsbook.book import Chunk, Pause
from dotsbook.model.sampling import SamplingOptions
from dotsbook.render import ledger, loop, write_lock
from dotsbook.render.jobs import Jobs
from dotsbook.voices.dots import DotsEngine
from dotsbook.voices.engine import Request, Voice
from tests.model.tiny import write_tiny

MEDIUM = {
    "llm_hidden": 1024,
    "llm_layers": 8,
    "llm_heads": 8,
    "llm_ffn": 4096,
    "encoder_hidden": 512,
    "encoder_layers": 6,
    "encoder_heads": 8,
    "encoder_ffn": 2048,
    "dit_hidden": 512,
    "dit_layers": 6,
    "dit_heads": 8,
    "dit_ffn": 2048,
}
TEXT = "The tide was out, and nobody on the long grey shore had anything left to say to her about it."


def rendered(
    engine: DotsEngine, voice: Voice, lines: int, size: int, folder: Path
) -> tuple[float, float, float, set]:
    """(processor seconds, wall seconds, seconds of audio, keys) of rendering with `size` lines a batch."""
    chunks = [
        Chunk(f"1.{number + 1}", 1, "book.md", 0, 1, text, text, voice.name, "en", Pause.SENTENCE)
        for number in range(lines)
        for text in [f"{TEXT[: 60 + number]} {number}."]
    ]
    state = folder / f"of {size}"
    with write_lock.writing(state), ledger.writer(state / "ledger.db", state / "takes") as rows:
        jobs = list(Jobs(lambda: iter(chunks), {voice.name: voice}, {voice.name: engine.identity}, 42))
        begun, worked = time.monotonic(), time.process_time()
        options = loop.Options(largest=size, budget=1 << 40)
        *_, last = loop.render(jobs, engine, rows, state / "takes", options=options)
        outcome = last.outcome
        return (
            time.process_time() - worked,
            time.monotonic() - begun,
            outcome.audio,
            {job.key for job in jobs} & rows.keys(),
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--lines", type=int, default=8)
    options.add_argument("--size", type=int, default=8)
    options.add_argument("--patches", type=int, default=24)
    chosen = options.parse_args()
    sampling = SamplingOptions(max_patches=chosen.patches, eos_threshold=1.0)
    with (
        tempfile.TemporaryDirectory() as name,
        patch("dotsbook.voices.dots.sampling_of", lambda voice: sampling),
    ):
        folder = Path(name)
        engine = DotsEngine(str(write_tiny(folder / "medium", kind="mf", **MEDIUM)), folder / "profiles")
        voice = Voice("narrator")
        list(engine.speak([Request("Good evening.", voice, "en", 1)]))
        print(f"{engine.model.weight_bytes / 1e9:.2f} GB of weights", flush=True)
        found = {size: rendered(engine, voice, chosen.lines, size, folder) for size in (chosen.size, 1)}
        for size, (work, wall, audio, keys) in found.items():
            print(
                f"{size} a batch: {len(keys)} takes, {audio:.1f} s of audio, {work:.1f} s of processor, {wall:.1f} s",
                flush=True,
            )
        together, alone = found[chosen.size], found[1]
        assert together[3] == alone[3]
        print(
            f"together / one by one: {alone[0] / together[0]:.2f} by processor time, {alone[1] / together[1]:.2f} by the clock"
        )
        engine.close()


if __name__ == "__main__":
    main()
