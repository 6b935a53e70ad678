"""A very large book through plan, render and status: processor time a chunk and memory, at a tenth and at the whole.

    python tests/benchmarks/scale.py [--chunks 100000] [--chapters 3000] [--voices 200] [--limit 2000] [--fat 20]

Linear means: the same microseconds a chunk in both columns. `--fat` adds a chapter of so many megabytes in a book of
its own (0: none). Rendering a hundred thousand takes is tests/benchmarks/render_scale.py.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.vocabulary import WORDS


def manuscript(chunks: int, chapters: int, voices: int) -> str:
    """About `chunks` sentences, each a line of its own, each its own words."""
    chance, parts, each = random.Random(1), [], max(1, chunks // chapters)
    for number in range(chunks):
        if number % each == 0:
            parts.append(f"# Chapter {number // each + 1}\n")
        said = " ".join(chance.choices(WORDS, k=11))
        parts.append(f'**V{number % voices}:** "The {said} {number}."\n')
    return "\n".join(parts)


def project(folder: Path, text: str, voices: int) -> Path:
    folder.mkdir()
    (folder / "book.md").write_text(text)
    names = [f"V{number}" for number in range(voices)]
    (folder / "book.yaml").write_text(
        "\n".join(
            [
                "title: Large",
                "language: en",
                "source: book.md",
                "engine: syllables",
                "voices:",
                "  narrator: {}",
                *(f"  v{name}: {{}}" for name in names),
                "cast:",
                *(f"  {name}: v{name}" for name in names),
                "",
            ]
        )
    )
    return folder


def run(*words: str) -> tuple[float, float]:
    """(processor seconds, peak MB) of a command."""
    child = subprocess.Popen([sys.executable, "-m", "dotsbook", *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, words
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1024 if sys.platform == "linux" else 2**20)


def main(options: argparse.Namespace, place: Path) -> None:
    print(f"{'':26}{'chunks':>9}{'seconds':>9}{'µs a chunk':>12}{'MB':>7}")
    for share in (10, 1):
        count = options.chunks // share
        folder = project(
            place / f"book{share}",
            manuscript(count, max(1, options.chapters // share), options.voices),
            options.voices,
        )
        limit = min(count, options.limit // share)
        for name, words, chunks in (
            ("plan, read anew", ["plan"], count),
            ("render", ["render", "--limit", str(limit)], limit),
            ("plan, from the copy", ["plan"], count),
            ("status", ["status"], count),
        ):
            seconds, memory = run(words[0], str(folder), *words[1:])
            print(
                f"{name:26}{chunks:9,}{seconds:9.1f}{seconds / chunks * 1e6:12,.0f}{memory:7,.0f}", flush=True
            )
    if options.fat:
        size = options.fat * 1_000_000
        text = manuscript(size // 90, 1, 2)
        seconds, memory = run("plan", str(project(place / "fat", text, 2)))
        print(
            f"{'one chapter of ' + format(len(text) / 1e6, '.0f') + ' MB':26}{size // 90:9,}{seconds:9.1f}"
            f"{seconds / (size // 90) * 1e6:12,.0f}{memory:7,.0f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for flag, number in (
        ("--chunks", 100_000),
        ("--chapters", 3000),
        ("--voices", 200),
        ("--limit", 2000),
        ("--fat", 20),
    ):
        parser.add_argument(flag, type=int, default=number)
    with tempfile.TemporaryDirectory() as name:
        main(parser.parse_args(), Path(name))
