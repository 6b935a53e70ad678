"""How fast and in how much memory a long book is assembled: `python -m tests.benchmarks.assemble_speed [--hours 10]`.

Synthetic takes (some dozens of files, placed over and over, each read and proven every time), two voices. Prints the
real-time factor of a mastered, proven M4B on one thread and on two, then after one changed chapter; and the peak RSS.
On a machine that others use too, the CPU seconds are the fairer figure.

`--project DIR` times `dotsbook assemble DIR` instead, as a whole process on every core: a rendered project of the reader's
own (a novel of 120,000 words makes ten hours in the draft voice), whose encoded stretches are removed first. Its peak RSS is
that of the whole command, manuscript, ledger and all.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHAPTER = 900.0  # s


def chapters_of(folder: Path, hours: float, changed: int | None = None) -> list:
    from dotsbook.book import Pause
    from tests.master import made

    folder.mkdir(exist_ok=True)
    takes = [
        made.piece(folder, 0, i, 3.0 + i % 7, voice=("narrator", "mara")[i % 3 == 0], level=-27 + i % 4)
        for i in range(60)
    ]
    mean = sum(one.take.seconds for one in takes) / len(takes) + 0.35
    count, each = max(1, round(hours * 3600 / CHAPTER)), round(CHAPTER / mean)
    chapters = []
    for number in range(1, count + 1):
        pieces = [
            made.again(takes[(number * 7 + i) % 60], number, i, Pause.PARAGRAPH if i % 5 == 0 else None)
            for i in range(each)
        ]
        if number == changed:
            pieces = pieces[1:]
        chapters.append((number, f"Chapter {number}", pieces))
    return chapters


def once(folder: Path, hours: float, threads: int, changed: int | None) -> None:
    """One assembly in this process; prints its figures as JSON."""
    import resource

    chapters = chapters_of(folder / "takes", hours, changed)
    from dotsbook.manifest import Pacing
    from dotsbook.master.about import About
    from dotsbook.master.layout import lay_out
    from dotsbook.master.mastering import Settings
    from dotsbook.master.produce import produce

    stages: dict[str, float] = {}
    timeline = lay_out(chapters, Pacing(), 48000)
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin, worked = time.perf_counter(), time.process_time()
    files = produce(
        timeline,
        ["m4b"],
        About("Speed", "Nobody", "Two Voices"),
        Settings(workers=threads),
        folder / "out",
        folder / f"cache{threads}",
        None,
        lambda format, what, share: stages.__setitem__(what, time.perf_counter() - begin),
    )
    made = next(files)
    wall, worked = time.perf_counter() - begin, time.process_time() - worked
    seconds = timeline.samples / timeline.rate
    print(
        json.dumps(
            {
                "threads": threads,
                "hours": round(seconds / 3600, 2),
                "wall_s": round(wall, 1),
                "times_real_time": round(seconds / wall, 1),
                "cpu_s": round(worked, 1),
                "times_real_time_per_cpu_second": round(seconds / worked, 1),
                "encoded_stretches": made.encoded,
                "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                "rss_before_mb": round(base),
                "stage_ends_s": {key: round(value, 1) for key, value in stages.items()},
                "failed_rows": [row.what for row in (*made.proof.failures, *made.proof.warnings)],
            }
        )
    )


def command(project: Path) -> None:
    """A real project assembled as a user does, from nothing encoded; prints its figures as JSON."""
    import shutil

    from tests.benchmarks.commands import audio_seconds, run

    shutil.rmtree(project / ".dotsbook" / "cache" / "segments", ignore_errors=True)
    wall, peak, _ = run("assemble", str(project), "--format", "m4b")
    seconds = audio_seconds(project)
    figures = {"hours": seconds / 3600, "wall_s": wall, "times_real_time": seconds / wall, "rss_mb": peak}
    print(json.dumps({name: round(figure, 1) for name, figure in figures.items()}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=10.0)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--project", type=Path, help="a rendered project to assemble instead")
    parser.add_argument("--once", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        folder, threads, changed = options.once
        once(Path(folder), options.hours, int(threads), int(changed) or None)
        return
    if options.project:
        command(options.project)
        return
    with tempfile.TemporaryDirectory(prefix="assemble-") as folder:
        runs = [(threads, 0) for threads in options.threads.split(",")]
        for threads, changed in (*runs, (runs[-1][0], 2)):
            words = [
                sys.executable,
                "-m",
                "tests.benchmarks.assemble_speed",
                "--hours",
                str(options.hours),
                "--once",
                folder,
                threads,
                str(changed),
            ]
            print(
                "after one changed chapter:" if changed else "",
                subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.strip(),
                flush=True,
            )


if __name__ == "__main__":
    main()
