"""Render with dots.tts on tiny random weights for an hour in one process, and print what grows: memory, handles, time.

    python -m tests.benchmarks.render_hour [--minutes 60] [--lines 60000]

The whole command runs: enrolled voice, batches, health checks, retries, ledger. What the weights say is noise, so most
lines are tried as often as they may be.
"""

import argparse
import contextlib
import io
import json
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TextIO

import psutil

from dotsbook.audio import write_flac
from dotsbook.cli.app import run
from dotsbook.files import write_whole
from dotsbook.render.ledger import reader
from dotsbook.voices.syllables import RATE, draw
from tests.model.tiny import write_tiny
from tests.vocabulary import WORDS

TRANSCRIPT = "The lamp on the hill had burned, it is said, for years."
SHOWN = 20  # lines of the table


def project(folder: Path, lines: int) -> None:
    """A book of `lines` sentences, 60 a chapter, in one enrolled voice."""
    chance = random.Random(1)
    write_tiny(folder / "tiny", layout="dotsbook")
    write_flac(folder / "voice.flac", draw("mara", TRANSCRIPT, 1), RATE)
    write_whole(
        folder / "book.yaml",
        "\n".join(
            [
                "title: Hour",
                "language: en",
                "source: book.md",
                "engine: dots",
                "model: tiny",
                "cast: {default: mara}",
                "retries: 1",
                f"voices: {{mara: {{reference: voice.flac, transcript: {json.dumps(TRANSCRIPT)}, consent: mine}}}}",
                "",
            ]
        ).encode(),
    )
    told = [f"The {' '.join(chance.choices(WORDS, k=chance.randrange(3, 24)))}." for _ in range(lines)]
    chapters = [f"# {at // 60 + 1}\n\n" + "\n\n".join(told[at : at + 60]) for at in range(0, lines, 60)]
    write_whole(folder / "book.md", "\n\n".join(chapters).encode())


def memory(process: psutil.Process, seconds: float, ended: threading.Event) -> tuple[float, float] | None:
    """(least, most) MB over some seconds, looked at every one of them; None once `ended`. The least is what stays between batches."""
    until, seen = time.monotonic() + seconds, []
    while not ended.wait(1.0):
        seen.append(process.memory_info().rss / 2**20)
        if time.monotonic() > until:
            return min(seen), max(seen)
    return None


def watch(folder: Path, minutes: float, ended: threading.Event, out: TextIO) -> None:
    """Print a line of the table every so often, until `ended`."""
    process, began, before, then = psutil.Process(), time.monotonic(), 0, psutil.Process().cpu_times()
    print(
        f"{'minutes':>8}{'takes':>8}{'MB':>6}{'to':>6}{'handles':>9}{'threads':>9}{'CPU s a take':>14}",
        file=out,
        flush=True,
    )
    while least_and_most := memory(process, minutes * 60 / SHOWN, ended):
        with reader(folder / ".dotsbook" / "ledger.db", folder / ".dotsbook" / "takes") as ledger:
            takes = len(ledger.keys())
        now = process.cpu_times()
        spent = now.user + now.system - then.user - then.system
        print(
            f"{(time.monotonic() - began) / 60:8.1f}{takes:8,}{least_and_most[0]:6.0f}{least_and_most[1]:6.0f}"
            f"{len(os.listdir('/proc/self/fd')) if os.path.isdir('/proc/self/fd') else process.num_fds():9}"
            f"{process.num_threads():9}{spent / max(takes - before, 1):14.3f}",
            file=out,
            flush=True,
        )
        before, then = takes, now


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--lines", type=int, default=60_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder, chosen.lines)
        ended, said = threading.Event(), io.StringIO()
        watcher = threading.Thread(target=watch, args=(folder, chosen.minutes, ended, sys.stdout))
        watcher.start()
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                code = run(["render", name, "--for", f"{round(chosen.minutes * 60)}s"])
        finally:
            ended.set()
            watcher.join()
        print(f"ended with {code}; {said.getvalue().strip()[-300:]}")


if __name__ == "__main__":
    main()
