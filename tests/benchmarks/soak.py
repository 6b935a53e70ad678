"""Render in a loop in one process, sentences edited between runs, and print what grows: memory, handles, ledger, time.

Seconds are of the processor, this process's and its children's, a take that was made since the line before.

python tests/benchmarks/soak.py [--minutes 240] [--engine draft] [--lines 150]
"""

import argparse
import contextlib
import io
import os
import random
import tempfile
import time
from pathlib import Path

import psutil

from dotsbook.cli.app import run
from tests.vocabulary import WORDS


def line(chance: random.Random) -> str:
    return f"The {' '.join(chance.choices(WORDS, k=chance.randrange(5, 14)))}."


def quietly(*words: str) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(list(words))
    assert code == 0, f"{words} ended with {code}: {said.getvalue()}"


def spent() -> float:
    """Processor seconds so far, with those of children that have ended and of those that work."""
    used = os.times()
    working = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return (
        used.user
        + used.system
        + used.children_user
        + used.children_system
        + sum(t.user + t.system for t in working)
    )


def main(minutes: float, engine: str, lines: int, folder: Path) -> None:
    chance, process = random.Random(1), psutil.Process()
    story = [line(chance) for _ in range(lines)]
    (folder / "book.yaml").write_text(f"title: Soak\nlanguage: en\nsource: book.md\nengine: {engine}\n")
    began, rounds, takes, shown, before, spent_before = time.monotonic(), 0, 0, 0.0, 0, 0.0
    print(
        f"{'minutes':>8}{'rounds':>8}{'takes':>8}{'MB':>6}{'handles':>9}{'threads':>9}{'ledger kB':>11}{'s a take':>10}"
    )
    while (now := time.monotonic()) - began < minutes * 60 or rounds < 2:
        edited = lines if not rounds else 10
        for _ in range(edited if rounds else 0):
            story[chance.randrange(lines)] = line(chance)
        (folder / "book.md").write_text("# One\n\n" + "\n\n".join(story))
        quietly("render", str(folder))
        if rounds % 10 == 9:
            quietly("sweep", str(folder), "--yes")
        rounds, takes = rounds + 1, takes + edited
        if now - shown > minutes * 60 / 20 or rounds <= 2:
            shown, ledger = now, (folder / ".dotsbook" / "ledger.db").stat().st_size
            print(
                f"{(now - began) / 60:8.1f}{rounds:8,}{takes:8,}{process.memory_info().rss / 2**20:6.0f}"
                f"{len(os.listdir('/proc/self/fd')) if os.path.isdir('/proc/self/fd') else process.num_fds():9}"
                f"{process.num_threads():9}{ledger / 1024:11,.0f}{(spent() - spent_before) / (takes - before):10.3f}",
                flush=True,
            )
            before, spent_before = takes, spent()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--engine", default="draft")
    parser.add_argument("--lines", type=int, default=150)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        main(options.minutes, options.engine, options.lines, Path(name))
