"""Takes heard by a cluster, and its speed measured: as one machine does it."""

import shutil

import pytest

import dotsbook
from dotsbook.cli.app import run
from dotsbook.cluster.cluster_address import ClusterError
from dotsbook.production.checking import HeardLine
from dotsbook.production.clusters import WorkersNow
from dotsbook.production.events import Remark
from dotsbook.render.opinions import Opinion
from tests.cluster.ferry_book import MANIFEST, STORY, make, rendered, takes, within
from tests.ears.scripted import ScriptedRecogniser

ON = MANIFEST.format(engine="syllables") + "ears: {words: on}\n"


@pytest.fixture
def recognisers(monkeypatch) -> list[ScriptedRecogniser]:
    made = []

    def recogniser_of(*named):
        made.append(ScriptedRecogniser("nobody moved run run"))
        return made[-1]

    monkeypatch.setattr("dotsbook.ears.recognisers.recogniser_of", recogniser_of)
    return made


def heard(folder, cluster=None, **options) -> tuple[list[dict], list]:
    """(opinions, what else was told)."""
    with dotsbook.open(folder) as book:
        events = list(book.check(cluster=cluster, **options))
    lines = [event.record() for event in events if isinstance(event, HeardLine)]
    return lines, [event for event in events if not isinstance(event, HeardLine)]


def test_opinions_are_those_of_one_machine(ferry, tmp_path, cluster_at, recognisers):
    rendered(ferry)
    (ferry / "book.yaml").write_text(ON)
    other = shutil.copytree(ferry, tmp_path / "other")
    with within(2) as cluster:
        there, told = heard(ferry, address := cluster_at(cluster))
        assert sum(recogniser.listened for recogniser in recognisers[1:]) == len(there)
        assert heard(ferry, address)[0] == []
    assert recognisers[0].listened == 0, "the client hears nothing"
    assert there == heard(other)[0] and any(line["doubted"] for line in there)
    assert next(event for event in told if isinstance(event, WorkersNow)).workers


def test_the_ears_of_a_render_are_there_too(tmp_path, cluster_at, recognisers):
    alone, together = make(tmp_path / "alone"), make(tmp_path / "together")
    for folder in (alone, together):
        (folder / "book.yaml").write_text(ON)
    rendered(alone)
    [here] = recognisers
    recognisers.clear()
    with within(1) as cluster:
        rendered(together, cluster_at(cluster))
    assert takes(together) == takes(alone)
    client, worker = recognisers
    assert client.listened == 0 and worker.listened == here.listened
    assert opinions(together) == opinions(alone)


def opinions(folder) -> list:
    with dotsbook.open(folder) as book, book.session.reading() as ledger:
        return sorted(ledger.rows("SELECT key, judge, version, score, reasons, words FROM opinions"))


def test_what_no_worker_hears_is_heard_here(ferry, cluster_at, ears, monkeypatch):
    monkeypatch.setattr("dotsbook.cluster.hearing_room.find", lambda: ([], []))
    with within(1) as cluster:
        told = [event.text for event in rendered(ferry, cluster_at(cluster)) if isinstance(event, Remark)]
    assert any(
        "can't speak a part of the book: the judge `ear` isn't installed there" in text for text in told
    )
    assert opinions(ferry)


class Ear:
    name, threshold, version = "ear", 0.5, "1"

    def hear(self, take):
        if "waved" in take.text:
            raise ValueError("no ear for that")
        return Opinion(0.3)


@pytest.fixture
def ears(monkeypatch) -> list[Ear]:
    """Judges installed here, and there: a worker finds what is in the list when it is asked."""
    from dotsbook.render.judges import GuardedJudge

    found = [Ear()]
    monkeypatch.setattr("dotsbook.render.judges.find", lambda: ([GuardedJudge(ear) for ear in found], []))
    monkeypatch.setattr(
        "dotsbook.cluster.hearing_room.find", lambda: ([GuardedJudge(ear) for ear in found], [])
    )
    return found


def test_a_judge_that_is_installed_there_and_what_goes_wrong_in_it(ferry, cluster_at, ears):
    del ears[0]
    rendered(ferry)
    ears.append(Ear())
    with within(1) as cluster:
        lines, told = heard(ferry, cluster_at(cluster), judges=["ear"])
    with dotsbook.open(ferry) as book:
        assert len(lines) == len(list(book.chunks())) - 1
    assert {line["judge"] for line in lines} == {"ear"}
    assert "no ear for that" in told[-1].text


def test_another_version_of_a_judge_is_named_and_left_out(ferry, cluster_at, ears, monkeypatch):
    from dotsbook.render.judges import GuardedJudge

    del ears[0]
    rendered(ferry)
    ears.append(Ear())
    newer = type("Newer", (Ear,), {"version": "2"})()
    monkeypatch.setattr("dotsbook.cluster.hearing_room.find", lambda: ([GuardedJudge(newer)], []))
    with within(1) as cluster, pytest.raises(ClusterError, match="another model, 2, where 1 is wanted"):
        heard(ferry, cluster_at(cluster))


def test_what_is_measured_of_a_cluster_is_kept_for_it(tmp_path, cluster_at, capsys):
    folder = make(
        tmp_path / "long", story=STORY + "\n\n" + "They ran over the bridge to the mill, and back. " * 12
    )
    with within(2) as cluster:
        address = cluster_at(cluster)
        assert run(["plan", str(folder), "--measure", "--cluster", address]) == 0
    assert "not measured" not in capsys.readouterr().out
    with dotsbook.open(folder) as book:
        assert book.plan(cluster=address).estimate.render_seconds
        assert book.plan().estimate.render_seconds is None


def test_with_nothing_to_do_no_cluster_is_asked(ferry):
    rendered(ferry)
    [event] = rendered(ferry, "tcp://127.0.0.1:9")
    assert event.outcome is None
