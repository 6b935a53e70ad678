"""Who does what, how fast, and how long it will take: on a terminal, and in the studio's feed."""

import io
import re
import threading

import pytest
from rich.console import Console

from dotsbook.cli.app import run
from dotsbook.cluster.workshop import Workshop
from dotsbook.studio.studio_house import StudioHouse
from dotsbook.studio.views import book_view
from tests.cluster.ferry_book import make, within

STORY = "# The Ferry\n\n" + " ".join(
    f"The boat went over for the {number}th time that day." for number in range(14)
)


@pytest.fixture
def unhurried(monkeypatch):
    """Workers that take their time, so that there is something to look at."""
    own = Workshop.spoken
    monkeypatch.setattr(
        Workshop, "spoken", lambda shop, *batch: threading.Event().wait(0.3) or own(shop, *batch)
    )
    monkeypatch.setattr("dotsbook.production.clusters.EVERY", 0.1)


def test_on_a_terminal(tmp_path, cluster_at, unhurried, monkeypatch):
    folder, screen = make(tmp_path / "ferry", story=STORY), io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=160)
    for place in ("show", "show_workers"):
        monkeypatch.setattr(f"dotsbook.cli.{place}.console", terminal)
    with within(2) as cluster:
        assert run(["render", str(folder), "--cluster", cluster_at(cluster)]) == 0
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())
    assert re.search(r"\d workers?: [01] \(CPU \w+\).*; dask's own pages: http", shown), (
        "who is there, and the dashboard"
    )
    assert re.search(r"[01] +\S* *(4 lines of narrator|2 lines of narrator|waits)", shown), "who does what"
    assert re.search(r"× real time, \d+ lines? so far", shown), "how fast each is"
    assert re.search(r"× real time, .* to go", shown), "how long it will take"


def test_in_the_studio(tmp_path, cluster_at, unhurried):
    folder = make(tmp_path / "ferry", story=STORY)
    with within(1) as cluster:
        house = StudioHouse(folder / "book.yaml", cluster=cluster_at(cluster))
        try:
            house.desk.do(lambda book: book_view.render(house, book, book_view.RenderWish())).result()
            house.tasks.threads["render"].join(60)
            [told] = house.tasks.records()
        finally:
            house.close()
    assert told["state"] == "done", told
    [worker] = told["workers"]
    assert worker["done"] and worker["rate"] and worker["device"].startswith("CPU")
    assert "lines" in told["what"] and told["dashboard"].startswith("http")
