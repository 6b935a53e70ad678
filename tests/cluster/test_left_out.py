"""Workers that hang, run out of memory, have another version or another model, come and go: named, and the book as ever."""

import threading
from types import SimpleNamespace

import pytest

from dotsbook.cluster.scheduler_link import ClusterTimes
from dotsbook.cluster.workshop import Workshop
from dotsbook.production.clusters import WorkersNow
from dotsbook.production.events import Done, Remark, Rendered
from dotsbook.voices.engine import EngineOutOfMemory
from tests.cluster.ferry_book import make, rendered, takes, within

LINES = " ".join(f"The boat went over for the {number}th time that day." for number in range(1, 16))
LONG = f"# The Ferry\n\n## One\n\n{LINES}\n\n## Two\n\n{LINES}\n"


@pytest.fixture
def ferry(tmp_path):
    return make(tmp_path / "ferry", story=LONG)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = make(tmp_path_factory.mktemp("alone") / "ferry", story=LONG)
    rendered(folder)
    return takes(folder)


@pytest.fixture
def first_worker(monkeypatch):
    """Changes what one worker does: `change(name, how)`, how: (the workshop's own method, its arguments) -> what it gives."""

    def change(name: str, how):
        own, odd = getattr(Workshop, name), []

        def changed(shop, *arguments):
            odd.append(shop) if not odd else None
            plain = lambda *given: own(shop, *(given or arguments))  # noqa: E731
            return how(plain, *arguments) if shop is odd[0] else plain()

        monkeypatch.setattr(Workshop, name, changed)

    return change


def told(events) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Remark))


def test_one_that_hangs(ferry, alone, cluster_at, first_worker, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr("dotsbook.cluster.dask_cluster.TIMES", ClusterTimes(first=1.0, least=1.0))
    first_worker("spoken", lambda plain, *batch: over.wait(60) and plain())
    with within(2) as cluster:
        events = rendered(ferry, cluster_at(cluster))
        over.set()
    assert "is left out: it has said nothing for" in told(events)
    assert takes(ferry) == alone


def test_one_that_runs_out_of_memory(ferry, alone, cluster_at, first_worker):
    class Narrow:
        def __init__(self, engine):
            self.engine = engine

        def __getattr__(self, name):
            return getattr(self.engine, name)

        def speak(self, batch):
            raise EngineOutOfMemory("too much")

    first_worker("engine", lambda plain, *order: Narrow(plain()))
    with within(2) as cluster:
        events = rendered(ferry, cluster_at(cluster))
    assert "is left out: it had no memory to speak a line of" in told(events)
    assert takes(ferry) == alone


def test_one_with_another_version(ferry, alone, cluster_at, first_worker):
    first_worker("introduce", lambda plain, *orders: plain() | {"version": "0.0.1"})
    with within(2) as cluster:
        events = rendered(ferry, cluster_at(cluster))
    assert "is left out: it has dotsbook 0.0.1" in told(events)
    assert takes(ferry) == alone


def test_one_with_another_model(ferry, alone, cluster_at, first_worker):
    other = {"identity": "syllables:0", "in_keys": "syllables:0"}
    first_worker("described", lambda plain, *order: plain() | other)
    with within(2) as cluster:
        events = rendered(ferry, cluster_at(cluster))
    assert "is left out: it has another model, syllables:0" in told(events)
    assert takes(ferry) == alone


def test_workers_come_and_go(ferry, alone, cluster_at, monkeypatch):
    own, shops, both = Workshop.spoken, [], threading.Event()

    def spoken(shop, *batch):
        """The first worker goes on with its fourth batch when another one has begun to speak."""
        shops.append(shop)
        both.set() if len(set(shops)) > 1 else len(shops) < 4 or both.wait(60)
        return own(shop, *batch)

    monkeypatch.setattr(Workshop, "spoken", spoken)
    monkeypatch.setattr("dotsbook.production.clusters.EVERY", 0.0)
    import dotsbook

    done, seen = 0, set()
    with within(1) as cluster, dotsbook.open(ferry) as book:
        for event in book.render(cluster=cluster_at(cluster)):
            done += isinstance(event, Done)
            if isinstance(event, Done) and done == 1:
                cluster.scale(2)
            if isinstance(event, WorkersNow):
                seen |= {worker.name for worker in event.workers if worker.done}
            if len(seen) == 2 and cluster.workers.keys() >= {0, 1}:
                cluster.sync(cluster.workers[0].close)
    assert isinstance(event, Rendered) and event.outcome.complete
    assert seen == {"0", "1"}
    assert takes(ferry) == alone


def test_a_line_that_brings_every_worker_down(ferry, alone, cluster_at, monkeypatch):
    from distributed import KilledWorker

    own = Workshop.speak

    def speak(shop, batch, address):
        if any(" 7th " in line.text or "seventh" in line.text for line in batch.lines):
            raise KilledWorker("a task", SimpleNamespace(address="tcp://gone"), 3)
        return own(shop, batch, address)

    monkeypatch.setattr(Workshop, "speak", speak)
    with within(2) as cluster:
        events = rendered(ferry, cluster_at(cluster))
    outcome = events[-1].outcome
    assert {failed.error for failed in outcome.failed} == {"Every worker that was to do it died."}
    lost = {failed.job.key for failed in outcome.failed}
    assert len(lost) == 2 and takes(ferry) == {key: take for key, take in alone.items() if key not in lost}
