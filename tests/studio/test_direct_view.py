"""The Direct view: what is directed there stands in direction.yaml and in the book; what can't be heard is said."""

import pytest

from tests.studio.test_views import line_with, lines, settled


@pytest.fixture
def page(folder, page):
    """With an engine that edits."""
    manifest = folder / "book.yaml"
    manifest.write_text(manifest.read_text() + "edits: {engine: syllables}\n")
    return page


def test_a_line_is_directed_and_what_that_costs_is_told_before(page, folder):
    line = line_with(page, "It rained")
    cost = page.wish("direct", lines=line["id"], wanted={"rate": 0.8, "pause-after": 2}, look=True)
    assert cost["takes"] == 1 and not (folder / "direction.yaml").exists()
    page.wish("direct", lines=line["id"], wanted={"rate": 0.8, "pause-after": 2})
    assert "rate: 0.8" in (folder / "direction.yaml").read_text()
    told = line_with(page, "It rained")
    assert told["state"] == "new" and told["directed"]["delivery"] == {"rate": "0.8"} and told["gap"] == 2.0
    assert told["directed"]["pauses"] == [[len(told["text"]), 2.0]]
    [entry] = page.ask("direction")["lines"]
    assert entry["chunk"] == told["id"] and entry["wanted"] == {"rate": "0.8", "pause-after": "2"}
    page.wish("direct", lines=told["id"], wanted={"rate": None})
    assert "directed" in line_with(page, "It rained") and line_with(page, "It rained")["state"] == "made"
    assert page.wish("clear-direction", lines=told["id"]) == {"entries": 1}
    assert "directed" not in line_with(page, "It rained")
    assert page.post("clear-direction", {"lines": told["id"]}).status_code == 400


def test_words_of_a_line_are_directed_by_where_they_stand(page, folder):
    line = line_with(page, "6:30")
    start = line["text"].index("left")
    assert (
        page.wish("direct", lines=line["id"], wanted={"pause-after": 0.7}, start=start, end=start + 2)[
            "takes"
        ]
        == 0
    )
    assert "words: left" in (folder / "direction.yaml").read_text()
    told = line_with(page, "6:30")
    assert told["directed"]["pauses"] == [[start + len("left"), 0.7]] and told["state"] == "made"
    nowhere = {"lines": line["id"], "wanted": {"rate": 1}, "start": 5000, "end": 5001}
    assert page.post("direct", nowhere).status_code == 400


def test_several_lines_are_directed_at_once(page, folder):
    """The pauses stand around all of them, the speed on each."""
    first, last = (line_with(page, text)["id"] for text in ("6:30", "Not tonight"))
    page.wish("direct", lines=f"{first}-{last}", wanted={"rate": 0.9, "pause-before": 1.5, "pause-after": 3})
    told = [line for line in lines(page) if line["id"] in (first, last)]
    assert [line["directed"]["delivery"] for line in told] == [{"rate": "0.9"}] * 2
    assert [line["directed"]["pauses"] for line in told] == [[[0, 1.5]], [[len(told[1]["text"]), 3.0]]]
    assert page.wish("clear-direction", lines=f"{first}-{last}") == {"entries": 2}
    for wrong in (f"{last}-{first}", "1.1-2.1", "1.1-x"):
        assert page.post("direct", {"lines": wrong, "wanted": {"rate": 0.9}}).status_code == 400


def test_what_an_engine_cannot_do_is_said(page):
    line = line_with(page, "It rained")
    told = page.ask("abilities", line=line["id"])
    assert told["engine"] == "syllables" and "takes no instruction" in told["instruct"] and told["edit"] == ""
    assert {one["name"] for one in told["emotions"]} >= {"sad", "angry"}
    assert all(one["why"] for one in told["emotions"] if not one["how"])
    cost = page.wish("direct", lines=line["id"], wanted={"instruct": "tired, low"}, look=True)
    assert "takes no instruction" in cost["told"][0]
    wrong = page.post("direct", {"lines": line["id"], "wanted": {"rate": 7}})
    assert wrong.status_code == 400 and "rate" in wrong.json()["error"]["message"]
    assert page.post("direct", {"lines": line["id"], "wanted": {"loud": 1}}).status_code == 422


def test_a_line_is_heard_as_it_would_be(page):
    line = line_with(page, "It rained")
    plain = page.wish("hear-directed", lines=line["id"], wanted={"pause-after": 1})
    slow = page.wish("hear-directed", lines=line["id"], wanted={"rate": 0.5})
    assert slow["seconds"] > 1.6 * plain["seconds"]
    assert page.client.get(slow["sound"]).content[:4] == b"fLaC"


def test_a_take_is_mended_where_an_engine_edits(page):
    line = line_with(page, "Nobody waved")
    page.wish("mend", line=line["id"], say="Nobody wept.", takes=1, keep=True)
    told = page.wait("fix")
    assert told["state"] == "done" and told["said"], told
    settled(page)
    takes = page.ask("line", line=line["id"])["takes"]
    assert len(takes) > 1


def test_without_an_engine_that_edits_that_is_said(page, folder):
    manifest = folder / "book.yaml"
    manifest.write_text(manifest.read_text().replace("edits: {engine: syllables}", "edits: {engine: draft}"))
    line = line_with(page, "It rained")
    assert "edit" in page.ask("abilities", line=line["id"])["edit"]
    page.wish("mend", line=line["id"], enhance=True)
    assert page.wait("fix")["state"] == "failed"
