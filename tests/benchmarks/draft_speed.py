"""How fast a book becomes an M4B in the draft voice: `dotsbook init` and `make`, whole, as a person runs them.

    python -m tests.benchmarks.draft_speed BOOK.epub [--engine draft] [--keep FOLDER]

Prints seconds of wall clock, of sound, their ratio, and the most memory (RSS) that the program and its workers held
together, looked at four times a second. First, the voice alone and with its health checks.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from dotsbook.render.health import examine
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.spec import EngineChoice

LINE = (
    "It was the third of November, and the lamp on the hill had burned for a hundred years, before number {}."
)


def voice_alone(name: str, lines: int = 400) -> None:
    engine = open_engine(EngineChoice(name), Path("profiles"))
    requests = [Request(LINE.format(number), Voice("narrator"), "en", number) for number in range(lines)]
    for checked in (False, True):
        begun, seconds = time.perf_counter(), 0.0
        for spoken in engine.speak(requests):
            seconds += len(spoken.samples) / engine.rate
            if checked:
                examine(spoken.samples, engine.rate, spoken.request.text, "en")
        ratio = seconds / (time.perf_counter() - begun)
        print(f"{'with health checks' if checked else 'the voice alone':20} {ratio:7.0f} times real time")
    engine.close()


def run(*words: str) -> tuple[float, int]:
    """(seconds, most bytes held) of a dotsbook command."""
    begun, most = time.perf_counter(), 0
    process = psutil.Popen([sys.executable, "-m", "dotsbook", *words], stdout=subprocess.DEVNULL)
    while process.poll() is None:
        most = max(most, held(process))
        time.sleep(0.25)
    if process.returncode:
        sys.exit(f"dotsbook {words[0]} ended with {process.returncode}")
    return time.perf_counter() - begun, most


def held(process: psutil.Process) -> int:
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    return total


def length_of(file: Path) -> float:
    import av

    with av.open(str(file)) as container:
        return container.duration / av.time_base


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("book", type=Path)
    options.add_argument("--engine", default="draft")
    options.add_argument("--keep", type=Path, help="make it here and leave it")
    chosen = options.parse_args()
    voice_alone(chosen.engine)
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch) / "book"
        run("init", str(folder), "--source", str(chosen.book))
        manifest = folder / "book.yaml"
        lines = [line for line in manifest.read_text().splitlines() if not line.startswith("engine:")]
        manifest.write_text("\n".join([*lines, f"engine: {chosen.engine}", ""]))
        wall, most = run("make", str(folder))
        [made] = (folder / "out").rglob("*.m4b")
        seconds = length_of(made)
    print(
        f"{chosen.book.name}: {seconds / 3600:.2f} h in {wall:.1f} s = {seconds / wall:.0f} times real time, "
        f"at most {most / 2**20:.0f} MB"
    )


if __name__ == "__main__":
    main()
