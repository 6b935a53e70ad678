"""What limits a cluster: a simulation of one worker to a thousand, one book to a catalogue of 10,000, by measured rates.

    python -m tests.benchmarks.cluster_arithmetic [--client 4.0] [--cores 2] [--scheduler 15] [--kilobytes 32] [--gigabit 1]

Options are what `cluster_speed` measures: `client`, milliseconds of a client's processor a take, on `cores` of them;
`scheduler`, milliseconds of the scheduler's one core a batch; `kilobytes` a second of sound, which goes through the
scheduler to the client; `gigabit`, the network's speed. A worker speaks batches of eight lines as dots.tts is reckoned to
on an M4 Max (8.1 x real time). A book is ten hours of lines of two to eight seconds, cut into windows as a render cuts it: the
next begins when the last has been handed over. Books that are rendered beside each other have a client each.

Every stage is a queue with its servers: a client's hand-over, the scheduler, workers, the scheduler again with the network,
the client's commit. Nothing is fitted. A catalogue's steady state is reached within some hundred books; the table says how
many were gone through, and the days of 10,000 are counted from their pace.
"""

import argparse
import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

HOURS = 10  # of a book
BATCH = 8  # lines
PATCH, STEP, ROW = (
    0.16,
    0.0243,
    0.0167,
)  # seconds of sound; seconds a patch takes, and each line of its batch more
AHEAD = 2  # batches a worker


@dataclass
class Stage:
    """A queue before so many servers."""

    servers: int
    busy: int = 0
    worked: float = 0.0  # seconds of all servers
    waiting: deque = field(default_factory=deque)  # (seconds it takes, what follows)


class Simulation:
    def __init__(self) -> None:
        self.now, self.order, self.events = 0.0, count(), []

    def put(self, stage: Stage, seconds: float, then: Callable[[], None]) -> None:
        stage.waiting.append((seconds, then))
        self.begin(stage)

    def begin(self, stage: Stage) -> None:
        while stage.busy < stage.servers and stage.waiting:
            seconds, then = stage.waiting.popleft()
            stage.busy += 1
            stage.worked += seconds
            heapq.heappush(self.events, (self.now + seconds, next(self.order), stage, then))

    def run(self) -> float:
        while self.events:
            self.now, _, stage, then = heapq.heappop(self.events)
            stage.busy -= 1
            then()
            self.begin(stage)
        return self.now


@dataclass(frozen=True)
class Rates:
    client: float  # processor seconds a take
    cores: int
    scheduler: float  # seconds a batch
    sound: float  # bytes a second of sound
    network: float  # bytes a second


def batches_of(chance: random.Random) -> list[tuple[float, float]]:
    """(seconds to speak, seconds of sound) of a book's batches, lines of like length together."""
    lines, left = [], HOURS * 3600.0
    while left > 0:
        lines.append(chance.uniform(2, 8))
        left -= lines[-1]
    found = []
    for first in range(0, len(lines), 240):  # a window
        window = sorted(lines[first : first + 240], reverse=True)
        for at in range(0, len(window), BATCH):
            some = window[at : at + BATCH]
            found.append((some[0] / PATCH * (STEP + ROW * len(some)), sum(some)))
    return found


class Cluster:
    """Books that go through one scheduler."""

    def __init__(self, rates: Rates, workers: int, clients: int, books: int):
        self.rates, self.sim, self.chance = rates, Simulation(), random.Random(1)
        self.workers, self.scheduler, self.network = Stage(workers), Stage(1), Stage(1)
        self.clients = [Stage(rates.cores) for _ in range(clients)]
        self.left, self.audio = books, 0.0
        self.slots = max(1, AHEAD * workers // clients)
        for client in self.clients:
            self.next_book(client)
        self.seconds = self.sim.run()

    def next_book(self, client: Stage) -> None:
        if self.left:
            self.left -= 1
            todo = deque(batches_of(self.chance))
            open_ = [len(todo)]
            for _ in range(min(self.slots, len(todo))):
                self.ask(client, todo, open_)

    def ask(self, client: Stage, todo: deque, open_: list[int]) -> None:
        if not todo:
            return
        (seconds, audio), rates, put = todo.popleft(), self.rates, self.sim.put
        self.audio += audio

        def spoken() -> None:
            put(
                self.scheduler,
                rates.scheduler / 2,
                lambda: put(self.network, rates.sound * audio / rates.network, come),
            )

        def come() -> None:
            self.ask(client, todo, open_)
            put(client, rates.client * BATCH, committed)

        def committed() -> None:
            open_[0] -= 1
            if not open_[0]:
                self.next_book(client)

        put(self.scheduler, rates.scheduler / 2, lambda: put(self.workers, seconds, spoken))

    def shares(self) -> dict[str, float]:
        """How busy each was."""
        stages = {"workers": [self.workers], "scheduler": [self.scheduler], "network": [self.network]}
        stages["clients"] = self.clients
        return {
            name: sum(one.worked for one in some) / sum(one.servers for one in some) / self.seconds
            for name, some in stages.items()
        }


def told(seconds: float) -> str:
    for size, unit in ((86400 * 365, "years"), (86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def main(rates: Rates) -> None:
    alone = Cluster(rates, 1, 1, 1)
    pace = alone.audio / alone.seconds
    print("one book of ten hours\n")
    print(
        "| workers | time | times one worker | busy: workers, scheduler, network, client |\n|---|---|---|---|"
    )
    for workers in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000):
        row(rates, workers, 1, 1, pace, 1)
    print("\na catalogue of 10,000 such books\n")
    print(
        "| workers | books at a time | time | times one worker | busy: workers, scheduler, network, clients |\n|---|---|---|---|---|"
    )
    for workers, clients in ((10, 1), (100, 1), (100, 4), (1000, 1), (1000, 10), (1000, 40)):
        row(rates, workers, clients, max(20, 4 * clients), pace, 10_000)


def row(rates: Rates, workers: int, clients: int, books: int, pace: float, wanted: int) -> None:
    found = Cluster(rates, workers, clients, books)
    busy = ", ".join(f"{100 * share:.0f} %" for share in found.shares().values())
    many = f" | {clients}" if wanted > 1 else ""
    times = found.audio / found.seconds / pace
    print(
        f"| {workers:,}{many} | {told(found.seconds * wanted / books)} | {times:,.1f} | {busy} |", flush=True
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--client", type=float, default=4.0)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--scheduler", type=float, default=15.0)
    parser.add_argument("--kilobytes", type=float, default=32.0)
    parser.add_argument("--gigabit", type=float, default=1.0)
    said = parser.parse_args()
    main(
        Rates(
            said.client / 1000, said.cores, said.scheduler / 1000, said.kilobytes * 1000, said.gigabit * 125e6
        )
    )
