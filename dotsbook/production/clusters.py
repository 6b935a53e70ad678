"""A book spoken by a cluster for a while: its engines are the cluster's, and what its workers do can be looked at."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotsbook.cluster.cluster_engine import ClusterEngine
    from dotsbook.cluster.crew import WorkerSeen
    from dotsbook.cluster.dask_cluster import DaskCluster
    from dotsbook.production.session import Session
    from dotsbook.voices.spec import EngineChoice


EVERY = 2.0  # seconds between two looks at the workers


@dataclass(frozen=True)
class ClusterWish:
    """Which cluster, and how it may be used."""

    address: str  # tcp://host:8786, tls://host:8786, local:4
    any_device: bool = False  # a voice may be spoken on several kinds of device


def wish_of(address: str | None, any_device: bool = False) -> ClusterWish | None:
    return ClusterWish(address, any_device) if address else None


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
    """A cluster as a book uses it."""

    def __init__(self, cluster: "DaskCluster", news: "deque[str]"):
        self.cluster, self.news = cluster, news
        self.shown = 0.0  # when `seen` last gave something

    def engine(self, choice: "EngineChoice") -> "ClusterEngine":
        """An engine of the book, spoken by the workers."""
        from dotsbook.cluster.cluster_engine import ClusterEngine
        from dotsbook.voices.catalogue import spec_of

        return ClusterEngine(choice, self.cluster, "batch" in spec_of(choice.name).can)

    def told(self) -> list[str]:
        """What the user should know and hasn't been told."""
        return [self.news.popleft() for _ in range(len(self.news))]

    def now(self) -> WorkersNow:
        return WorkersNow(tuple(self.cluster.crew.seen()), self.cluster.watch.dashboard)

    def seen(self) -> Iterator[WorkersNow]:
        """What they do, if it is time to say so again."""
        if time.monotonic() - self.shown >= EVERY:
            self.shown = time.monotonic()
            yield self.now()


@contextmanager
def on_cluster(session: "Session", wish: ClusterWish | None) -> "Iterator[BookCluster | None]":
    """The book's engines are the cluster's while this lasts; nothing changes without a wish. ClusterError, VoiceError."""
    if wish is None:
        yield None
        return
    from dotsbook.cluster.cluster_address import address_of, require_dask
    from dotsbook.cluster.crew import Crew
    from dotsbook.cluster.dask_cluster import DaskCluster
    from dotsbook.cluster.orders import engine_order

    address = address_of(wish.address)
    require_dask()
    wanted = dict.fromkeys(session.engine_keys.values())
    orders = [engine_order(session.choices[key]) for key in wanted if key in session.choices]
    expected = {order.key: identities_wanted(session, order.key) for order in orders}
    news: deque[str] = deque()
    crew = Crew(lambda key: expected.get(key, ()), news.append, wish.any_device, spoken_on(session))
    with DaskCluster(address, orders, crew, session.memory) as cluster:
        book = BookCluster(cluster, news)
        with session.spoken_by(book.engine):
            yield book


def identities_wanted(session: "Session", key: str) -> Sequence[str]:
    """Which identity the workers should have, the best first: what the book is pinned to, then what is installed here."""
    pin, here = session.pins.engines.get(key), session.identity_here(key)
    return [identity for identity in (pin.identity if pin else None, here) if identity]


def spoken_on(session: "Session") -> dict[str, str]:
    """{voice: the kind of device that made most of its takes}."""
    from dotsbook.cluster.crew import kind_of

    with session.reading() as ledger:
        rows = ledger.rows("SELECT voice, device, machine, count(*) FROM takes GROUP BY 1, 2, 3 ORDER BY 4")
        return {voice: kind_of(device, machine) for voice, device, machine, _ in rows if machine}
