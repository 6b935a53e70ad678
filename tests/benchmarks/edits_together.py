"""How much faster eight edits are together than one after another, and whether each is what it is alone.

    python -m tests.benchmarks.edits_together [--edits 8] [--patches 16] [--rounds 2] [--steps 10]

The model of `engine_batches`, 0.7 GB of random float32, here with flow matching, ten steps and guidance, as dots.tts.edit
is. Different lines, instructions and seeds. A line's text is as long as it takes the tiny tokenizer to make so many tokens of
it as the released one makes of two seconds of speech. What is counted begins with the takes as arrays (they are heard, read
and decoded) and ends with samples. Both sides in one run, in turn; processor time beside the clock's, for busy machines
(there OPENBLAS_NUM_THREADS=1 is fairer: OpenBLAS' threads wait for each other by spinning).
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from dotsbook.model.startup import prepare_mlx

prepare_mlx()

from dotsbook.model.dots import Dots  # noqa: E402
from dotsbook.model.editing.changes import instruction_between  # noqa: E402
from dotsbook.model.editing.editor import Editor, LineEdit  # noqa: E402
from dotsbook.model.sampling import SamplingOptions  # noqa: E402
from tests.benchmarks.engine_batches import MEDIUM, TEXT  # noqa: E402
from tests.model.tiny import write_tiny  # noqa: E402

RATE = 24000


def line(number: int) -> tuple[np.ndarray, str, str]:
    """A take of some seconds, what is said in it, what is to be said."""
    t = np.arange(round((2.0 + 0.1 * number) * RATE)) / RATE
    sound = 0.3 * np.sin(2 * np.pi * (110 + 11 * number) * t) * np.sin(np.pi * 3 * t) ** 2
    words = TEXT[: 12 + number]
    return sound.astype(np.float32), words, words.replace("tide", "sea")


def edited(dots: Dots, numbers: list[int], patches: int, steps: int) -> dict[int, np.ndarray]:
    """Edits of these lines, made together, each from its take to its samples."""
    editor, made = Editor(dots), []
    for number in numbers:
        sound, before, after = line(number)
        source = editor.hear(sound, RATE)
        sampling = SamplingOptions(max_patches=source.patches + patches, eos_threshold=2.0, num_steps=steps)
        made.append(LineEdit(source, instruction_between(before, after), sampling, seed=number))
    return {numbers[index]: found for index, found in editor.edit_batch(made)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--edits", type=int, default=8)
    options.add_argument("--patches", type=int, default=16)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--steps", type=int, default=10)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        dots = Dots.load(write_tiny(Path(name) / "medium", kind="fm", **MEDIUM), dtype="float32")
        print(f"{dots.weight_bytes / 1e9:.2f} GB of weights", flush=True)
        edited(dots, [0], 2, chosen.steps)
        numbers = list(range(chosen.edits))
        for _ in range(chosen.rounds):
            spent, found = [], []
            for parts in ([numbers], [[number] for number in numbers]):
                begun, worked, made = time.monotonic(), time.process_time(), {}
                for part in parts:
                    made |= edited(dots, part, chosen.patches, chosen.steps)
                spent.append((time.monotonic() - begun, time.process_time() - worked))
                found.append(made)
            (clock, work), (clock_alone, work_alone) = spent
            apart = max(float(np.abs(found[0][n] - found[1][n]).max()) for n in numbers)
            print(
                f"together {clock:.1f} s, one by one {clock_alone:.1f} s: {clock_alone / clock:.2f} times by the clock; "
                f"{work:.1f} and {work_alone:.1f} s of processor: {work_alone / work:.2f} times; "
                f"the most that a sample differs: {apart:.1e}",
                flush=True,
            )


if __name__ == "__main__":
    main()
