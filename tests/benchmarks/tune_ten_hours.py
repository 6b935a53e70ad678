"""Ten hours in one file: does `tune prepare` split them, and how much memory and time does it take?

    python -m tests.benchmarks.tune_ten_hours [--hours 10] [--clips 300] [--out FOLDER]

The recording is made here, of buzzes with formants and pauses: a hundred sentences again and again, each time louder or softer and with
other noise, written as a stream; its text is beside it. With `--clips` the command is stopped once it has made so many, as by Ctrl-C: by
then it has read all of the recording and placed all of its text. Told: clips kept and not, peak memory, processor time.
"""

import argparse
import json
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
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
    dice, noise, text, seconds = random.Random(0), np.random.default_rng(0), [], 0.0
    sentences = []
    for number in range(100):
        words = dice.choices(WORDS.split(), k=dice.randint(7, 14))
        spoken = len("".join(words)) / 13 + 0.7  # 13 letters a second between its edges
        sound = voice(spoken, RATE, number, 100 + 40 * dice.random())
        sentences.append((" ".join(words).capitalize() + ".", sound))
    with soundfile.SoundFile(folder / "book.flac", "w", RATE, 1, "PCM_16") as file:
        while seconds < hours * 3600:
            said, sound = dice.choice(sentences)
            text.append(said)
            file.write(sound * dice.uniform(0.6, 1.2) + 1e-4 * noise.standard_normal(len(sound), np.float32))
            seconds += len(sound) / RATE
    (folder / "book.txt").write_text(" ".join(text) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--clips", type=int, help="stop after so many")
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
    began, kept = time.monotonic(), asked.out / "set" / "clips"
    run = subprocess.Popen([*command, "--consent", "nobody's", "--json"], stdout=subprocess.PIPE)
    while asked.clips and run.poll() is None:
        time.sleep(0.2)
        if kept.is_dir() and len(list(kept.iterdir())) >= asked.clips:
            run.send_signal(signal.SIGINT)
            break
    output, _ = run.communicate()
    told = [json.loads(line) for line in output.splitlines()]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        "hours": asked.hours,
        "file, MB": round(size / 1e6),
        "exit code": run.returncode,
        "clips": len(list(kept.iterdir())),
        "not taken": dict(Counter(one["reason"] for one in told if "reason" in one)),
        "peak memory, MB": round(used.ru_maxrss / 1e3),
        "processor, minutes": round((used.ru_utime + used.ru_stime) / 60, 1),
        "wall, minutes": round((time.monotonic() - began) / 60, 1),
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
