"""Time the commands a user types, as whole processes: `python -m tests.benchmarks.commands DIR [--json]`.

DIR is in the corpus's format (epubs/*.epub). Prints seconds, times real time and peak memory (the largest single
process) for: --help, init, plan of the longest book, a novel from EPUB to M4B in the draft voice, status, and a
render with nothing to do over 20,000 chunks.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOVEL, LONG = "se_the-time-machine.epub", "se_war-and-peace.epub"
LINES = 20_000


def run(*words: str) -> tuple[float, float, str]:
    """(seconds, peak MB, what it printed) of one dotsbook command, which must end well."""
    with tempfile.TemporaryFile() as out:
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "dotsbook", *words], stdout=out, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode()
    if process.returncode:
        raise SystemExit(f"dotsbook {' '.join(words)} ended with {process.returncode}:\n{said}")
    return seconds, usage.ru_maxrss / 1024, said


def audio_seconds(project: Path) -> float:
    import av

    with av.open(str(next((project / "out").glob("*.m4b")))) as book:
        return book.duration / 1e6


def many_lines(folder: Path) -> Path:
    """A project of LINES short sentences, rendered by the test voice."""
    project = folder / "many"
    project.mkdir()
    words = [
        "river",
        "stone",
        "lantern",
        "window",
        "harbour",
        "winter",
        "paper",
        "garden",
        "bridge",
        "candle",
    ]
    lines = [
        f"The {words[n % 10]} of the {words[n // 10 % 10]} was never the {words[n // 100 % 10]} "
        f"that {words[n // 1000 % 10]} {chr(97 + n // 10000)} had known."
        for n in range(LINES)
    ]
    chapters = [
        f"# Chapter {at // 1000 + 1}\n\n" + "\n\n".join(lines[at : at + 1000]) for at in range(0, LINES, 1000)
    ]
    (project / "lines.md").write_text("\n\n".join(chapters))
    (project / "book.yaml").write_text("title: Many\nlanguage: en\nsource: lines.md\nengine: syllables\n")
    return project


def measure(corpus: Path) -> list[dict]:
    rows = []

    def row(what: str, seconds: float, megabytes: float, **more: float) -> None:
        rows.append({"what": what, "seconds": round(seconds, 2), "peak_mb": round(megabytes), **more})

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        row("--help", *run("--help")[:2])
        for book in (NOVEL, LONG):
            row(
                f"init {book}", *run("init", str(folder / book), "--source", str(corpus / "epubs" / book))[:2]
            )
        for how in ("read anew", "from its copy"):
            row(f"plan {LONG}, {how}", *run("plan", str(folder / LONG))[:2])
        novel = folder / NOVEL
        render, assemble = run("render", str(novel)), run("assemble", str(novel))
        length = audio_seconds(novel)
        total = render[0] + assemble[0]
        row(f"render {NOVEL}", *render[:2], times_real_time=round(length / render[0], 1))
        row(f"assemble {NOVEL}", *assemble[:2], times_real_time=round(length / assemble[0], 1))
        row(f"{NOVEL} to M4B", total, max(render[1], assemble[1]), times_real_time=round(length / total, 1))
        row("status of a novel", *run("status", str(novel))[:2])
        many = many_lines(folder)
        run("render", str(many))
        row(f"render with nothing to do, {LINES:,} chunks", *run("render", str(many))[:2])
    return rows


if __name__ == "__main__":
    found = measure(Path(sys.argv[1]))
    if "--json" in sys.argv:
        print(json.dumps(found))
    else:
        for entry in found:
            times = f"{entry['times_real_time']:7.1f} × real time" if "times_real_time" in entry else ""
            print(f"{entry['what']:50} {entry['seconds']:8.2f} s {entry['peak_mb']:6} MB {times}")
