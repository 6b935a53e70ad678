"""Time `dotsbook render` with nothing to do, on a book of 20,000 chunks, as a whole command; print seconds and memory.

    python tests/benchmarks/render_nothing.py [CHUNKS]

The takes' rows are put in by hand, since only the ledger is asked whether there is anything to do.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dotsbook.book import Take
from dotsbook.production.session import Session
from dotsbook.render.ledger import Facts
from dotsbook.render.store import file_of

PROGRAM = [sys.executable, "-c", "from dotsbook.cli.app import main; main()"]
LIMIT = 1.0  # seconds


def project(folder: Path, count: int) -> Path:
    """A book of `count` sentences, all rendered as far as the ledger knows."""
    lines = []
    for number in range(count):
        if number % 100 == 0:
            lines.append(f"\n# Chapter {number // 100 + 1}\n")
        lines.append(f"The road went on past mill number {number}, and nobody had kept the lamp there.\n")
    (folder / "book.md").write_text("\n".join(lines))
    (folder / "book.yaml").write_text("title: Long\nlanguage: en\nsource: book.md\nengine: syllables\n")
    with Session(folder) as session, session.writing() as ledger:
        jobs = list(session.jobs(ledger))
        facts = Facts(engine=session.engine.identity, voice="narrator", language="en")
        ledger.add(
            [
                (
                    Take(
                        job.key,
                        file_of(job.key),
                        "0" * 64,
                        100_000,
                        24_000,
                        0,
                        90_000,
                        0.5,
                        1,
                        True,
                        {"level": -20.0},
                        b"\0" * 160,
                    ),
                    facts,
                )
                for job in jobs
            ]
        )
        print(f"{len(jobs):,} chunks")
    return folder


def main(count: int, folder: Path) -> None:
    project(folder, count)
    times = []
    for _ in range(3):
        start = time.monotonic()
        done = subprocess.run([*PROGRAM, "render", str(folder)], capture_output=True, text=True, check=True)
        times.append(time.monotonic() - start)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(done.stdout.strip())
    print(f"render with nothing to do: {min(times):.2f} s (limit {LIMIT:.0f} s), peak {peak:.0f} MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, Path(place))
