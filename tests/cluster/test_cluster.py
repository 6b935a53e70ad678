"""A book rendered by a cluster: the takes of one process, whoever spoke them."""

import pytest

from dotsbook.cli.app import run
from dotsbook.cluster.cluster_address import ClusterError
from dotsbook.cluster.scheduler_link import ClusterTimes
from dotsbook.production.clusters import WorkersNow
from dotsbook.production.events import Remark, Rendered
from tests.cluster.ferry_book import make, rendered, takes, within


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The takes of one process."""
    folder = make(tmp_path_factory.mktemp("alone") / "ferry")
    rendered(folder)
    return takes(folder)


def test_the_takes_are_those_of_one_process(ferry, alone, cluster_at):
    with within(2) as cluster:
        events = rendered(ferry, cluster_at(cluster))
    assert isinstance(events[-1], Rendered) and events[-1].outcome.complete
    assert takes(ferry) == alone
    seen = [event for event in events if isinstance(event, WorkersNow)]
    assert seen and len(seen[0].workers) == 2


def test_a_book_begun_by_one_goes_on_by_the_other(ferry, alone, cluster_at):
    rendered(ferry, limit=3)
    with within(1) as cluster:
        rendered(ferry, cluster_at(cluster), limit=3)
    rendered(ferry)
    assert takes(ferry) == alone


def test_processes_of_this_machine(ferry, alone):
    events = rendered(ferry, "local:1")
    assert takes(ferry) == alone
    assert not [event.text for event in events if isinstance(event, Remark)]


def test_the_command_shows_its_workers(ferry, cluster_at, capsys):
    with within(1) as cluster:
        assert run(["render", str(ferry), "--cluster", cluster_at(cluster)]) == 0
    assert "1 worker: " in capsys.readouterr().out


def test_a_plain_dask_worker_without_the_resource_is_named(ferry, cluster_at):
    with within(1, resources={}) as cluster, pytest.raises(ClusterError, match="offers no VOICE"):
        rendered(ferry, cluster_at(cluster))


def test_no_scheduler_is_a_sentence(ferry, monkeypatch):
    monkeypatch.setattr("dotsbook.cluster.dask_cluster.TIMES", ClusterTimes(connecting=0.2))
    with pytest.raises(ClusterError, match="No scheduler answers at tcp://127.0.0.1:9"):
        rendered(ferry, "tcp://127.0.0.1:9")


def test_it_is_looked_for_once(ferry, monkeypatch):
    asked = []

    def connect(link):
        asked.append(link.place)
        raise ClusterError("nobody there")

    monkeypatch.setattr("dotsbook.cluster.scheduler_link.SchedulerLink.connect", connect)
    with pytest.raises(ClusterError, match="nobody there"):
        rendered(ferry, "tcp://127.0.0.1:9")
    assert len(asked) == 1


def test_nothing_to_do_says_nothing_of_workers(ferry, cluster_at):
    with within(1) as cluster:
        address = cluster_at(cluster)
        rendered(ferry, address)
        events = rendered(ferry, address)
    assert [type(event) for event in events] == [Rendered] or not [e for e in events if isinstance(e, Remark)]
