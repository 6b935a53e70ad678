"""Fuzzes every target in turns until each has had its processor time, and prints what came of it.

What was found worth keeping and the time spent lie in FOLDER, so that a campaign goes on where it was stopped.

pip install atheris; python tests/fuzz/campaign.py FOLDER [--minutes 60] [--slice 10] [--at-once 2] [TARGET ...]
"""

import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
ALL = sorted(file.stem.removeprefix("fuzz_") for file in HERE.glob("fuzz_*.py"))
RUNS = re.compile(rb"(?:Done |#)(\d+)")


@dataclass
class Spent:
    """What a target has had so far, over all slices."""

    seconds: float = 0.0  # of processor time
    executions: int = 0
    findings: int = 0  # slices that ended otherwise than by the clock; their inputs lie in FOLDER/findings

    @classmethod
    def read(cls, file: Path) -> "Spent":
        return cls(**json.loads(file.read_text())) if file.exists() else cls()


def one_slice(target: str, folder: Path, seconds: int) -> Spent:
    """Run a target for so long by the clock; what that came to."""
    corpus, findings, said = folder / target, folder / "findings", folder / f"{target}.log"
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(exist_ok=True)
    command = [
        sys.executable,
        HERE / f"fuzz_{target}.py",
        corpus,
        f"-max_total_time={seconds}",
        "-timeout=60",
    ]
    with said.open("wb") as log:
        child = subprocess.Popen([*command, f"-artifact_prefix={findings}/{target}-"], stdout=log, stderr=log)
        _, status, used = os.wait4(child.pid, 0)
    runs = [int(number) for number in RUNS.findall(said.read_bytes())]
    failed = os.waitstatus_to_exitcode(status) != 0
    if failed:
        said.rename(findings / f"{target}-{child.pid}.log")
    return Spent(used.ru_utime + used.ru_stime, max(runs, default=0), int(failed))


def campaign(target: str, folder: Path, minutes: float, seconds: int) -> None:
    """Slices of one target until it has had its time; each is told and kept as it ends."""
    file = folder / f"{target}.json"
    spent = Spent.read(file)
    if spent.seconds < minutes * 60:
        had = one_slice(target, folder, seconds)
        spent = Spent(
            spent.seconds + had.seconds, spent.executions + had.executions, spent.findings + had.findings
        )
        file.write_text(json.dumps(asdict(spent)))
        print(row(target, spent), flush=True)


def row(target: str, spent: Spent) -> str:
    return f"{target:14}{spent.seconds / 60:9.1f} min{spent.executions:14,} executions{spent.findings:4} findings"


def main(folder: Path, targets: list[str], minutes: float, seconds: int, at_once: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(at_once) as pool:
        while left := [t for t in targets if Spent.read(folder / f"{t}.json").seconds < minutes * 60]:
            left.sort(key=lambda target: Spent.read(folder / f"{target}.json").seconds)
            for _ in pool.map(lambda target: campaign(target, folder, minutes, seconds), left):
                pass
    print("\nin all")
    for target in targets:
        print(row(target, Spent.read(folder / f"{target}.json")))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("targets", nargs="*", default=ALL, metavar="TARGET")
    parser.add_argument("--minutes", type=float, default=60, help="of processor time for each target")
    parser.add_argument(
        "--slice", type=float, default=10, help="minutes by the clock before another has its turn"
    )
    parser.add_argument("--at-once", type=int, default=os.cpu_count())
    options = parser.parse_intermixed_args()
    main(options.folder, options.targets, options.minutes, round(options.slice * 60), options.at_once)
