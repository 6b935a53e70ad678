"""How much faster eight edits are together than one after another, and whether each is what it is alone.

    python -m tests.benchmarks.edits_together [--edits 8] [--patches 16]

The model of `engine_batches`, 0.7 GB of random float32, here with flow matching, ten steps and guidance, as dots.tts.edit
is. Different lines, instructions and seeds; what is counted begins with the takes as arrays (they are heard, read and
decoded) and ends with samples. Both sides in one run, in turn; processor time beside the clock's, for busy machines.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from dotsbook.model.dots import Dots
from dotsbook.model.editing.changes import instruction_between
from dotsbook.model.editing.editor import Editor, LineEdit
from dotsbook.model.sampling import SamplingOptions
from tests.benchmarks.engine_batches import MEDIUM, TEXT
from tests.model.tiny import write_tiny

RATE = 24000


def line(number: int) -> tuple[np.ndarray, str, str]:
    """A take of some seconds, what is said in it, what is to be said."""
    t = np.arange(round((2.0 + 0.1 * number) * RATE)) / RATE
    sound = 0.3 * np.sin(2 * np.pi * (110 + 11 * number) * t) * np.sin(np.pi * 3 * t) ** 2
    words = TEXT[: 60 + number]
    return sound.astype(np.float32), words, words.replace("tide", "water")


def edited(editor: Editor, numbers: range, patches: int) -> dict[int, np.ndarray]:
    """Edits of these lines, made together, each from its take to its samples."""
    made = []
    for number in numbers:
        sound, before, after = line(number)
        source = editor.hear(sound, RATE)
        sampling = SamplingOptions(max_patches=source.patches + patches, eos_threshold=2.0)
        made.append(LineEdit(source, instruction_between(before, after), sampling, seed=number))
    return {numbers[index]: found for index, found in editor.edit_batch(made)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--edits", type=int, default=8)
    options.add_argument("--patches", type=int, default=16)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        dots = Dots.load(write_tiny(Path(name) / "medium", kind="fm", **MEDIUM), dtype="float32")
        editor = Editor(dots)
        edited(editor, range(1), 2)
        print(f"{dots.weight_bytes / 1e9:.2f} GB of weights", flush=True)
        clock, work, alone = [0.0, 0.0], [0.0, 0.0], {}
        for side, parts in enumerate(([range(chosen.edits)], [range(n, n + 1) for n in range(chosen.edits)])):
            for part in parts:
                begun, worked = time.monotonic(), time.process_time()
                found = edited(editor, part, chosen.patches)
                clock[side] += time.monotonic() - begun
                work[side] += time.process_time() - worked
                if side:
                    alone |= found
                else:
                    together = found
            print(
                f"{'one by one' if side else 'together'}: {clock[side]:.1f} s, {work[side]:.1f} s of processor",
                flush=True,
            )
        apart = max(float(np.abs(together[n] - alone[n]).max()) for n in alone)
        print(
            f"together / one by one: {clock[1] / clock[0]:.2f} by the clock, {work[1] / work[0]:.2f} by processor time"
        )
        print(f"the most that a sample differs: {apart:.1e}")


if __name__ == "__main__":
    main()
