"""A book spoken by a cluster for a while: its engines are the cluster's, and what its workers do can be looked at."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.errors import DotsbookError

if TYPE_CHECKING:
    from dotsbook.cluster.cluster_engine import ClusterEngine
    from dotsbook.cluster.crew import WorkerSeen
    from dotsbook.cluster.dask_cluster import DaskCluster
    from dotsbook.cluster.hearing_orders import JudgeOrder
    from dotsbook.cluster.orders import EngineOrder
    from dotsbook.production.session import Session
    from dotsbook.voices.spec import EngineChoice


EVERY = 2.0  # seconds between two looks at the workers
MOST = 128  # takes heard at once


@dataclass(frozen=True)
class ClusterWish:
    """Which cluster, and how it may be used."""

    address: str  # tcp://host:8786, tls://host:8786, local:4
    any_device: bool = False  # a voice may be spoken on several kinds of device


def wish_of(address: str | None, any_device: bool = False) -> ClusterWish | None:
    return ClusterWish(address, any_device) if address else None


def place_of(address: str | None) -> str | None:
    """A cluster as what was measured of it is kept by. ClusterError for what is none."""
    if not address:
        return None
    from dotsbook.cluster.cluster_address import address_of

    return address_of(address).text


@dataclass(frozen=True, slots=True)
class WorkersNow:
    """What the workers of a cluster do at a moment."""

    workers: "tuple[WorkerSeen, ...]"
    dashboard: str  # address of dask's pages; "" for none

    def record(self) -> dict:
        return {
            "event": "workers",
            "dashboard": self.dashboard,
            "workers": [worker.record() for worker in self.workers],
        }


class BookCluster:
    """A cluster as a book uses it, joined at the first need of it: with nothing to do it isn't asked for."""

    def __init__(
        self,
        address: str,
        make: "Callable[[list[EngineOrder | JudgeOrder], dict[str, str], Callable[[str], None]], DaskCluster]",
    ):
        """make: (what workers are asked for, {its key: the identity that it must have}, what takes sentences for the user) → a
        cluster to enter."""
        self.address, self.make = address, make
        self.orders: list[EngineOrder | JudgeOrder] = []
        self.expected: dict[str, str] = {}
        self.news: deque[str] = deque()
        self.shown = 0.0  # when `seen` last gave something
        self.lock = threading.Lock()
        self.cluster: DaskCluster | None = None
        self.failed: DotsbookError | None = None  # why it couldn't be joined

    def joined(self) -> "DaskCluster":
        """The cluster, from any thread. Raises ClusterError, and the same again where it couldn't be joined once."""
        from dotsbook.cluster.cluster_address import ClusterError

        with self.lock:
            if self.failed is not None:
                raise self.failed
            if self.cluster is not None:
                return self.cluster
            try:
                self.cluster = self.make(self.orders, self.expected, self.news.append).__enter__()
            except ClusterError as error:
                self.failed = error
                raise
            return self.cluster

    def engine(self, choice: "EngineChoice") -> "ClusterEngine":
        """An engine of the book, spoken by the workers."""
        from dotsbook.cluster.cluster_engine import ClusterEngine
        from dotsbook.voices.catalogue import spec_of

        return ClusterEngine(choice, self.joined, "batch" in spec_of(choice.name).can)

    def told(self) -> "Iterator[str | WorkersNow]":
        """What the user should know and hasn't been told, and what the workers do if it is time to say so again."""
        yield from [self.news.popleft() for _ in range(len(self.news))]
        if self.cluster is not None and time.monotonic() - self.shown >= EVERY:
            self.shown = time.monotonic()
            yield WorkersNow(tuple(self.cluster.crew.seen()), self.cluster.watch.dashboard)

    def hearers(self) -> int:
        """How many takes are to be heard at once: by each worker one, and one that waits for it."""
        return min(MOST, 2 * max(1, len(self.joined().crew.members)))

    def close(self) -> None:
        if self.cluster is not None:
            self.cluster.close()


@contextmanager
def on_cluster(
    session: "Session", wish: ClusterWish | None, anew: bool = False
) -> "Iterator[BookCluster | None]":
    """The book's engines are the cluster's while this lasts; nothing changes without a wish.

    anew: whatever the workers have is what the book will be pinned to. ClusterError, VoiceError, at once or at the first need of a worker.
    """
    if wish is None:
        yield None
        return
    from dotsbook.cluster.orders import engine_order

    wanted = dict.fromkeys(session.engine_keys.values())
    orders = [engine_order(session.choices[key]) for key in wanted if key in session.choices]
    known = {} if anew else {order.key: identity_wanted(session, order.key) for order in orders}
    with cluster_of(session, wish) as book:
        book.orders += orders
        book.expected |= {key: identity for key, identity in known.items() if identity}
        with session.spoken_by(book.engine):
            yield book


@contextmanager
def cluster_of(session: "Session", wish: ClusterWish) -> Iterator[BookCluster]:
    """A cluster that isn't asked for anything yet. ClusterError."""
    from dotsbook.cluster.cluster_address import address_of, require_dask

    address = address_of(wish.address)
    require_dask()
    from dotsbook.cluster.crew import Crew
    from dotsbook.cluster.dask_cluster import DaskCluster

    def make(
        orders: "list[EngineOrder | JudgeOrder]", expected: dict[str, str], tell: Callable[[str], None]
    ) -> DaskCluster:
        crew = Crew(expected, tell, wish.any_device, spoken_on(session))
        return DaskCluster(address, orders, crew, session.memory)

    book = BookCluster(address.text, make)
    with closing(book):
        yield book


def identity_wanted(session: "Session", key: str) -> str | None:
    """Which identity the workers must have: what the book is pinned to, else what is installed here; None: it isn't known."""
    pin = session.pins.engines.get(key)
    return pin.identity if pin else session.identity_here(key)


def spoken_on(session: "Session") -> dict[str, str]:
    """{voice: the kind of device that made most of its takes}."""
    from dotsbook.cluster.crew import kind_of

    with session.reading() as ledger:
        rows = ledger.rows("SELECT voice, device, machine, count(*) FROM takes GROUP BY 1, 2, 3 ORDER BY 4")
        return {voice: kind_of(device, machine) for voice, device, machine, _ in rows if machine}
