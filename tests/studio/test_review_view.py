"""The Review view: what goes out to listeners and editors, and comes back as notes."""

import json

import pytest

from tests.studio.test_views import line_with


@pytest.mark.parametrize(
    "form, name", [("csv", "corrections.csv"), ("audacity", "labels.txt"), ("reaper", "markers.csv")]
)
def test_notes_go_out_and_come_back(page, form, name):
    line = line_with(page, "Nobody moved")
    page.wish("note", line=line["id"], text="said too fast", category="pace", at=0.4, by="Ann")
    told = page.ask("notes-out", form=form)
    assert told["name"] == name and told["count"] == 1 and "said too fast" in told["text"]
    back = page.wish("notes-in", text=told["text"], by="Bea")
    assert back == {"added": 0, "known": 1, "lost": []}
    assert page.ask("notes-out", form=form, chapter=1)["count"] == 0
    assert page.client.get("/api/notes-out", params={"chapter": 99}).status_code == 400


def test_a_bundle_is_made_and_its_notes_are_read(page, folder):
    page.wish("assemble", formats=["review"], partial=True)
    assert page.wait("assemble")["state"] == "done"
    [name] = [file["name"] for file in page.ask("files")["files"]]
    answer = page.client.get("/sound/finished", params={"name": name})
    assert answer.headers["content-disposition"] == "attachment", "it never runs on the studio's own address"
    line = line_with(page, "Nobody moved")
    note = {
        "chunk": line["id"],
        "take": line["key"],
        "second": 0.2,
        "text": line["text"],
        "why": "tone",
        "note": "<b>flat",
        "by": "Bea",
    }
    file = json.dumps({"dotsbook": "notes", "version": 1, "notes": [note]})
    assert page.wish("notes-in", text=file) == {"added": 1, "known": 0, "lost": []}
    assert page.wish("notes-in", text=file)["known"] == 1
    [kept] = page.ask("notes")["notes"]
    assert (kept["line"], kept["text"], kept["category"], kept["by"], kept["second"]) == (
        line["id"],
        "<b>flat",
        "tone",
        "Bea",
        0.2,
    )


@pytest.mark.parametrize("text", ["", "{", "nothing of the kind", "\0" * 100])
def test_what_is_no_file_of_notes_is_told(page, text):
    answer = page.post("notes-in", {"text": text})
    assert answer.status_code in (400, 422) and answer.json()["error"]["message"]
    assert page.post("notes-in", {"text": "a" * 17_000_000}).status_code == 413
