"""Kill -9 workers, the scheduler and the client of a book's render at random; finish; compare with a calm run.

    python -m tests.benchmarks.cluster_chaos NOVEL [--kills 100] [--workers 3] [--slow 0.1] [--seed 1] [--no-book]

NOVEL is an EPUB or text. The engine makes syllables and sleeps `slow` seconds a second of sound. After every kill of the
client each take that was told of has its row. At the end all takes, and the finished book's samples (unless --no-book),
are compared with those of a run of one process that nothing disturbed; no take was told of twice, and no line was begun
to be spoken after its take was committed: what was spoken twice was in flight at a kill. A run in which nothing comes
for three minutes fails.
"""

import argparse
import os
import random
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import dotsbook
from dotsbook.render.jobs import seed_for
from tests.benchmarks.kill_book import DOTSBOOK, book_pcm, parsed
from tests.cluster.ferry_book import takes
from tests.cluster.rack import ROOT, Rack
from tests.cluster.slow_engine import install

MANIFEST = """\
title: Killed
language: en
source: {source}
engine: slow
voices: {{narrator: {{}}}}
output: {{bitrate: 48}}
"""
STUCK = 180.0  # seconds without a take
VICTIMS = ("worker", "worker", "scheduler", "client")


@dataclass
class TornBook:
    """A book whose render is disturbed."""

    folder: Path
    told: list[str] = field(default_factory=list)  # keys, as the clients told of them
    process: subprocess.Popen | None = None
    read: int = 0  # bytes of the client's log

    @property
    def log(self) -> Path:
        return self.folder / "told.jsonl"

    @property
    def wrong(self) -> Path:
        return self.folder / "stderr.txt"

    def start(self, address: str) -> None:
        self.log.write_bytes(b"")
        self.read = 0
        with self.log.open("ab") as out, self.wrong.open("ab") as err:
            command = [*DOTSBOOK, "render", str(self.folder), "--json", "--cluster", address]
            self.process = subprocess.Popen(command, stdout=out, stderr=err)

    def hear(self) -> int:
        """Take in what the client has told since; how many takes."""
        new = self.log.read_bytes()[self.read :]
        whole = new[: new.rfind(b"\n") + 1]
        self.read += len(whole)
        keys = [
            event["key"]
            for line in whole.decode("utf-8").splitlines()
            if (event := parsed(line)) and event["event"] == "done"
        ]
        self.told += keys
        return len(keys)

    def over(self) -> bool:
        """Whether the client has ended by itself, as it should."""
        assert self.process is not None
        if self.process.poll() is None:
            return False
        self.hear()
        assert self.process.returncode == 0, f"{self.process.returncode}: {self.wrong.read_text()[-2000:]}"
        return True

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.hear()
        with dotsbook.open(self.folder) as book, book.session.reading() as rows:
            lost = set(self.told) - rows.keys()
        assert not lost, f"lost: {lost}"


def make(folder: Path, novel: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / f"book{novel.suffix}").write_bytes(novel.read_bytes())
    (folder / "book.yaml").write_text(MANIFEST.format(source=f"book{novel.suffix}"))
    return folder


class Moment:
    """When to kill next: a little after so many more takes, or now and then while all still starts."""

    def __init__(self, chance: random.Random, takes: int, most: int):
        early = chance.random() < 0.2
        self.takes = takes + (0 if early else chance.randint(1, most))
        self.pause, self.due = chance.uniform(0, 5.0 if early else 0.5), None

    def has_come(self, takes: int) -> bool:
        now = time.monotonic()
        if self.due is None and takes >= self.takes:
            self.due = now + self.pause
        return self.due is not None and now >= self.due


def disturbed(
    torn: TornBook, rack: Rack, kills: Counter, wanted: int, most: int, chance: random.Random
) -> None:
    """Kill while the book is rendered, until it is done. most: takes between two kills."""
    torn.start(rack.address)
    moment, heard = Moment(chance, 0, most), time.monotonic()
    while not torn.over():
        time.sleep(0.05)
        now = time.monotonic()
        heard = now if torn.hear() else heard
        assert now - heard < STUCK, f"nothing came for {STUCK:.0f} s: {torn.wrong.read_text()[-2000:]}"
        if not moment.has_come(len(torn.told)) or kills.total() >= wanted:
            continue
        victim = chance.choice(VICTIMS)
        kills[victim] += 1
        if victim == "worker":
            rack.kill_worker(chance.randrange(len(rack.workers)))
        elif victim == "scheduler":
            rack.kill_scheduler(away=chance.uniform(0, 3))
        else:
            torn.kill()
            torn.start(rack.address)
        print(f"{sum(kills.values())}: {victim} ({len(torn.told):,} takes)", flush=True)
        moment = Moment(chance, len(torn.told), most)


def compared(torn: TornBook, calm: Path, spoken: Path) -> tuple[int, int]:
    """(takes, lines spoken more than once). AssertionError for whatever differs from the calm run."""
    found, expected = takes(torn.folder), takes(calm)
    assert found == expected, {key for key in expected if found.get(key) != expected[key]}
    twice = [key for key, count in Counter(torn.told).items() if count > 1]
    assert not twice, f"told of twice: {twice}"
    with dotsbook.open(torn.folder) as book, book.session.reading() as rows:
        made = {seed_for(key, 1): at for key, at in rows.rows("SELECT key, made FROM takes")}
    begun = [(float(at), int(seed)) for at, seed in map(str.split, spoken.read_text().splitlines())]
    late = [seed for at, seed in begun if seed in made and at > made[seed]]
    assert not late, f"{len(late)} lines were spoken again after they were committed"
    return len(found), len(begun) - len({seed for _, seed in begun})


def main(novel: Path, kills: int, workers: int, slow: float, seed: int, book: bool, place: Path) -> None:
    chance, died = random.Random(seed), Counter()
    path = os.pathsep.join([str(install(place / "site")), str(ROOT)])
    os.environ |= {"PYTHONPATH": path, "SLOW": "0"}
    calm = make(place / "calm", novel)
    subprocess.run([*DOTSBOOK, "render", str(calm), "--json"], check=True, stdout=subprocess.DEVNULL)
    if book:
        subprocess.run([*DOTSBOOK, "assemble", str(calm)], check=True, stdout=subprocess.DEVNULL)
    os.environ["SLOW"] = str(slow)
    books = 0
    while died.total() < kills:
        books += 1
        spoken = place / f"spoken{books}"
        os.environ["SPOKEN"] = str(spoken)
        torn = TornBook(make(place / f"torn{books}", novel))
        begun = time.monotonic()
        with Rack(workers, site=place / "site") as rack:
            disturbed(torn, rack, died, kills, max(2, 3 * len(takes(calm)) // (2 * kills)), chance)
        count, again = compared(torn, calm, spoken)
        if book:
            subprocess.run([*DOTSBOOK, "assemble", str(torn.folder)], check=True, stdout=subprocess.DEVNULL)
            assert book_pcm(torn.folder) == book_pcm(calm), "the finished books differ"
        print(
            f"book {books}: {count:,} takes in {time.monotonic() - begun:.0f} s, {again} lines spoken again, all of them in "
            "flight at a kill; 0 lost, 0 told of twice, 0 spoken again once committed; takes "
            f"{'and book ' if book else ''}as the calm run's; kills so far: {dict(died)}",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("novel", type=Path)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--slow", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-book", action="store_true")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        main(said.novel, said.kills, said.workers, said.slow, said.seed, not said.no_book, Path(name))
