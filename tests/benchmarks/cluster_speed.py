"""How much faster a cluster is than one worker, and what its client can take.

    python -m tests.benchmarks.cluster_speed [--lines 640] [--workers 1,2,4] [--part speed|client|commits|memory]

speed: `local:N` workers whose engine sleeps as long as a batch of dots.tts is reckoned to take on an M4 Max; the ratio to
one worker, and whether all takes are those of one process. client: processor time of the client alone a take, workers
and scheduler being other processes, and how many takes a second that makes on the cores there are. commits: takes a
second that are written, synced and committed, by the clock. memory: the client's largest resident memory with 64
workers, which have two batches each.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from psutil import Process

import dotsbook
from dotsbook.cluster.cluster_engine import heard, recorded
from dotsbook.cluster.workshop import said_line
from dotsbook.machine import cores
from dotsbook.production.events import Rendered, Started
from dotsbook.render import ledger, store
from dotsbook.render.commits import WRITERS
from dotsbook.render.take_rows import Facts
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.syllables import SyllablesEngine
from tests.cluster.ferry_book import make, rendered, takes
from tests.cluster.rack import ROOT, Rack
from tests.cluster.slow_engine import install
from tests.vocabulary import WORDS

A_CHAPTER = 60  # lines
MANY = 64  # workers, in one process that sleeps
STARTING = 15.0  # seconds for scheduler and workers to be there
HOST = """
import sys, time
from distributed import LocalCluster
with LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, processes=False, protocol="tcp://", host="127.0.0.1",
                  dashboard_address=None, memory_limit=0, resources={"VOICE": 1}) as cluster:
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""


def story(lines: int) -> str:
    """Lines of 4 to 20 words, as a novel's are long."""
    chance, parts = random.Random(1), ["# Lines"]
    for number in range(lines):
        if number % A_CHAPTER == 0:
            parts.append(f"## Chapter {number // A_CHAPTER + 1}")
        said = " ".join(chance.choices(WORDS, k=chance.randint(4, 20)))
        parts.append(f"{said.capitalize()} {number}.")
    return "\n\n".join(parts)


def client(folder: Path, address: str) -> None:
    """Render in this process; what it took, as JSON: seconds, processor seconds, MB, takes."""
    wall = processor = 0.0
    with dotsbook.open(folder) as book:
        for event in book.render(cluster=address):
            if isinstance(event, Started):
                wall, processor = time.monotonic(), time.process_time()
            if isinstance(event, Rendered):
                break
        assert isinstance(event, Rendered) and event.outcome and event.outcome.complete
        figures = {
            "seconds": time.monotonic() - wall,
            "processor": time.process_time() - processor,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            "takes": event.outcome.done,
            "audio": event.outcome.audio,
        }
    print(json.dumps(figures))


def asked(folder: Path, address: str) -> dict:
    """What a client in a process of its own took."""
    command = [sys.executable, "-m", "tests.benchmarks.cluster_speed", "--client", str(folder), address]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def speed(place: Path, workers: list[int], lines: int) -> None:
    alone = make(place / "alone", "slow", story(lines))
    os.environ["SLOW"] = "0"
    rendered(alone)
    os.environ["SLOW"] = "dots"
    first = 0.0
    for count in workers:
        folder = make(place / f"with{count}", "slow", story(lines))
        found = asked(folder, f"local:{count}")
        same = takes(folder) == takes(alone)
        first = first or found["seconds"]
        print(
            f"{count} workers: {found['takes']} takes in {found['seconds']:.1f} s, {found['audio'] / found['seconds']:.1f} x real "
            f"time, {first / found['seconds']:.2f} x one worker; takes {'identical' if same else 'DIFFER'}, key for key",
            flush=True,
        )


def busy_client(place: Path, lines: int) -> None:
    os.environ["SLOW"] = "0"
    folder = make(place / "busy", "slow", story(lines))
    with Rack(2, site=place / "site") as rack:
        time.sleep(STARTING)
        scheduler = Process(rack.scheduler.pid)
        before = scheduler.cpu_times()
        found = asked(folder, rack.address)
        after = scheduler.cpu_times()
        spent = after.user + after.system - before.user - before.system
    each, sizes = (
        found["processor"] / found["takes"],
        [path.stat().st_size for path in folder.rglob("*.flac")],
    )
    print(
        f"client: {1000 * each:.1f} ms of processor time a take of {found['audio'] / found['takes']:.1f} s, {1 / each:.0f} takes a "
        f"second a core, {cores() / each:.0f} on {cores()} cores; {found['takes'] / found['seconds']:.0f} a second by the clock "
        f"with scheduler and workers on the same cores; {found['megabytes']:.0f} MB\n"
        f"scheduler: {1000 * spent / found['takes'] * 8:.1f} ms of processor time for eight takes; "
        f"{sum(sizes) / found['audio'] / 1000:.0f} kB a second of sound",
        flush=True,
    )


def commits(place: Path) -> None:
    """Answers of five seconds that are there already, written, synced and committed in groups of 64."""
    text = "The boat left at six thirty, and nobody waved when it went over to the other side of the river."
    asked = Request(text, Voice("narrator", settings={"tempo": 1.0}, fingerprint="f"), "en", 1)
    [spoken] = SyllablesEngine().speak([asked])
    line = said_line(spoken, SyllablesEngine.rate)
    samples, facts = heard(line), Facts(1, True, dict(line.figures), "slow:1", "narrator", "en", text)
    begun, done = time.monotonic(), 0
    with ThreadPoolExecutor(WRITERS) as writers, ledger.writer(place / "ledger.db", place / "takes") as rows:
        while time.monotonic() - begun < 5.0:
            keys = [f"r1:{number:064x}" for number in range(done, done + 64)]
            made = writers.map(
                lambda key: store.write(
                    place / "takes", key, samples, line.rate, facts, recorded=recorded(line)
                ),
                keys,
            )
            rows.add([(take, facts) for take in made])
            done += len(keys)
    each = done / (time.monotonic() - begun)
    print(
        f"commits alone: {each:.0f} takes of {spoken.samples.size / line.rate:.1f} s a second, by the clock",
        flush=True,
    )


def memory(place: Path, lines: int) -> None:
    os.environ["SLOW"] = "0.2"
    folder = make(place / "many", "slow", story(lines))
    host = subprocess.Popen(
        [sys.executable, "-c", HOST, str(MANY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert host.stdin and host.stdout
    try:
        found = asked(folder, host.stdout.readline().strip())
    finally:
        host.stdin.close()
        host.wait(60)
    print(
        f"{MANY} workers, {2 * MANY} batches in flight: {found['megabytes']:.0f} MB at most, {found['takes']} takes",
        flush=True,
    )


def main(said: argparse.Namespace, place: Path) -> None:
    path = os.pathsep.join([str(install(place / "site")), str(ROOT)])
    os.environ["PYTHONPATH"] = path
    sys.path.insert(0, str(place / "site"))
    if said.part in (None, "speed"):
        speed(place, [int(count) for count in said.workers.split(",")], said.lines)
    if said.part in (None, "client"):
        busy_client(place, said.lines)
    if said.part in (None, "commits"):
        commits(place)
    if said.part in (None, "memory"):
        memory(place, 2 * said.lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=640)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--part", choices=("speed", "client", "commits", "memory"))
    parser.add_argument("--client", nargs=2, metavar=("FOLDER", "ADDRESS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        client(Path(options.client[0]), options.client[1])
    else:
        with tempfile.TemporaryDirectory() as name:
            main(options, Path(name))
