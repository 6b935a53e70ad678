"""Workers, scheduler and client die; the book is as ever. The long form is tests/benchmarks/cluster_chaos.py."""

import json
import os
import signal
import subprocess
import sys

import pytest

import dotsbook
from dotsbook.production.events import Done, Rendered
from tests.cluster.ferry_book import make, rendered, takes
from tests.cluster.rack import Rack
from tests.cluster.slow_engine import install

LINES = " ".join(
    f"The boat went over for the {number}th time that day, and nobody waved." for number in range(1, 30)
)
STORY = f"# The Ferry\n\n## One\n\n{LINES}\n\n## Two\n\n{LINES}\n"


@pytest.fixture
def site(tmp_path, monkeypatch):
    folder = install(tmp_path / "site")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    monkeypatch.setenv("SLOW", "0.02")
    return folder


def client(folder, address: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "dotsbook", "render", str(folder), "--json", "--cluster", address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def told(process: subprocess.Popen, count: int | None = None) -> list[str]:
    """Keys of the takes it tells of, up to so many, or to its end."""
    keys: list[str] = []
    while count is None or len(keys) < count:
        line = process.stdout.readline()
        if not line:
            break
        event = json.loads(line)
        keys += [event["key"]] if event["event"] == "done" else []
    return keys


@pytest.mark.timeout(600)  # seven processes are started
def test_deaths_of_all_three_lose_nothing(tmp_path, site, monkeypatch):
    alone, folder = make(tmp_path / "alone", "slow", STORY), make(tmp_path / "together", "slow", STORY)
    with Rack(2, site=site) as rack:
        first = client(folder, rack.address)
        keys = told(first, 6)
        rack.kill_worker(0)
        keys += told(first, 12)
        first.send_signal(signal.SIGKILL)
        keys += told(first)
        first.wait()
        with dotsbook.open(folder) as book:
            for event in book.render(cluster=rack.address):
                if isinstance(event, Done):
                    keys.append(event.take.key)
                    if len(keys) == 30:
                        rack.kill_scheduler()
    assert isinstance(event, Rendered) and event.outcome.complete
    monkeypatch.setenv("SLOW", "0")
    rendered(alone)
    assert takes(folder) == takes(alone)
    assert set(keys) <= takes(folder).keys() and len(keys) == len(set(keys))
