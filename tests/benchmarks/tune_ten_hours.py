"""Ten hours in one file: does `tune prepare` split them, and how much memory and time does it take?

    python -m tests.benchmarks.tune_ten_hours [--hours 10] [--out FOLDER]

The recording is made here, of buzzes with formants and pauses, each sentence with a pitch, pace and noise of its own, and written as a
stream; its text is beside it. Told: clips kept and not, peak memory of the command, processor time.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import soundfile

sys.path.append(str(Path(__file__).parents[1] / "tuning"))

from tuning_sounds import voice  # noqa: E402

RATE = 16_000
WORDS = (
    "tide harbour lamp window letter captain winter bread road morning garden river stone basket door evening"
)


def make(folder: Path, hours: float) -> None:
    """`book.flac` and `book.txt`."""
    folder.mkdir(parents=True, exist_ok=True)
    dice, text, seconds = random.Random(0), [], 0.0
    with soundfile.SoundFile(folder / "book.flac", "w", RATE, 1, "PCM_16") as file:
        while seconds < hours * 3600:
            words = dice.choices(WORDS.split(), k=dice.randint(7, 14))
            text.append(" ".join(words).capitalize() + ".")
            spoken = len("".join(words)) / 13 + 0.7  # 13 letters a second between its edges
            sound = voice(
                spoken, RATE, dice.randrange(1 << 30), 100 + 40 * dice.random(), 0.15 + 0.1 * dice.random()
            )
            file.write(sound)
            seconds += len(sound) / RATE
    (folder / "book.txt").write_text(" ".join(text) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--out", type=Path, default=Path("tune-ten-hours"))
    asked = parser.parse_args()
    source = asked.out / "source"
    if not (source / "book.txt").is_file():
        make(source, asked.hours)
    size = (source / "book.flac").stat().st_size
    command = [
        sys.executable,
        "-m",
        "dotsbook",
        "tune",
        "prepare",
        str(asked.out / "set"),
        "--from",
        str(source),
    ]
    began = time.monotonic()
    ran = subprocess.run(
        [*command, "--consent", "nobody's", "--json"],
        stdout=subprocess.PIPE,
        check=True,
        env=dict(os.environ),
    )
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        "hours": asked.hours,
        "file, MB": round(size / 1e6),
        "clips": told[-1]["clips"],
        "hours kept": round(told[-1]["seconds"] / 3600, 2),
        "not taken": dict(Counter(one["reason"] for one in told if "reason" in one)),
        "peak memory, MB": round(used.ru_maxrss / 1e3),
        "processor, minutes": round((used.ru_utime + used.ru_stime) / 60, 1),
        "wall, minutes": round((time.monotonic() - began) / 60, 1),
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
