"""A reviewer's bundle: one file with the sound in it, whose notes come back to their lines and merge."""

import base64
import io
import itertools
import json
import re

import pytest
import soundfile

import dotsbook
from dotsbook.errors import SourceError
from tests.production.conftest import make


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """(the project, the page)."""
    folder = make(tmp_path_factory.mktemp("bundle") / "ferry")
    with dotsbook.open(folder) as book:
        list(book.render())
        [made] = book.assemble(["review"])
    assert made.proof.ok and made.path.name == "The Ferry review.html"
    return folder, made.path.read_text("utf-8")


def data_of(page: str) -> dict:
    return json.loads(re.search(r'<script id="book" type="application/json">(.*?)</script>', page, re.S)[1])


def back(page: str, by: str, *notes) -> str:
    """What the page saves: notes are (text of a line, seconds after its beginning, what is said)."""
    lines = [(entry, line) for entry in data_of(page)["chapters"] for line in entry["lines"]]
    rows = []
    for words, after, said in notes:
        entry, line = next((entry, line) for entry, line in lines if words in line["text"])
        rows.append(
            {"id": f"{by}{len(rows)}", "chapter": entry["number"], "time": line["begins"] + after, "chunk": line["id"],
             "take": line["take"], "second": round(line["parts"][0][1] + after, 3), "text": line["text"], "why": "pace", "note": said,
             "by": by, "at": 1}
        )  # fmt: skip
    return json.dumps(
        {"dotsbook": "notes", "version": 1, "book": "The Ferry", "bundle": "x", "by": by, "notes": rows}
    )


def notes_of(folder) -> list[tuple]:
    with dotsbook.open(folder) as book:
        return sorted(
            (line, note.text, note.category, note.by, note.second) for line, note in book.review.notes()
        )


def test_all_of_it_is_in_the_one_file(bundle):
    _, page = bundle
    assert not re.search(r"(?:src|href)=\"?(?!data:)", page.replace("href: URL", "")), "it fetches nothing"
    assert "default-src 'none'" in page and "http" not in re.sub(
        r'http-equiv="', "", page.partition("<script")[0]
    )
    for entry in data_of(page)["chapters"]:
        [sound] = re.findall(rf'id="sound-{entry["number"]}">([^<]+)<', page)
        samples, rate = soundfile.read(io.BytesIO(base64.b64decode(sound)))
        assert len(samples) / rate == pytest.approx(entry["seconds"], abs=0.15)


def test_notes_of_several_come_back_in_any_order_and_as_often(bundle, tmp_path):
    folder, page = bundle
    files = {
        "ann": back(page, "Ann", ("6:30", 0.4, "too fast"), ("Nobody moved", 0.2, "marked while listening")),
        "bea": back(
            page, "Bea", ("Nobody moved", 0.2, "marked while listening"), ("Not tonight", 0, "=louder")
        ),
    }
    found = []
    for number, order in enumerate(itertools.permutations(["ann", "bea", "ann"])):
        here = make(tmp_path / str(number))
        with dotsbook.open(here) as book:
            list(book.render())
            for name in order:
                (tmp_path / "notes.json").write_text(files[name], "utf-8")
                read = book.import_notes(tmp_path / "notes.json")
                assert not read.lost
        found.append(notes_of(here))
        if number == 2:
            break
    assert found[0] == found[1] == found[2] and len(found[0]) == 4
    assert ("1.2", "too fast", "pace", "Ann", pytest.approx(found[0][0][4])) in found[0]


def test_a_note_finds_its_line_after_edits_and_retakes(bundle, tmp_path):
    _, page = bundle
    folder = make(tmp_path / "edited")
    with dotsbook.open(folder) as book:
        list(book.render())
    story = folder / "story.md"
    text = story.read_text()
    story.write_text(
        text.replace("The boat left", "It was grey.\n\nThe boat left").replace(
            "Nobody moved", "Nobody at all moved"
        )
    )
    with dotsbook.open(folder) as book:
        book.retake(["1.3"])
        list(book.render())
        sheet = tmp_path / "notes.json"
        sheet.write_text(
            back(page, "Ann", ("6:30", 0.4, "too fast"), ("Nobody moved", 0.1, "which?")), "utf-8"
        )
        read = book.import_notes(sheet)
        assert read.added == 1 and "Nobody moved" in read.lost[0]
        [(line, note)] = book.review.notes()
        assert line == "1.3" and note.second and note.by == "Ann"


@pytest.mark.parametrize(
    "text",
    ["{", "{}", '{"dotsbook": "notes", "version": 2, "notes": []}', '{"dotsbook": "notes", "version": 1, "notes": [{"chunk": 1}]}',
     '{"dotsbook": "notes", "version": 1, "notes": [{"chunk": "1.1", "take": "x", "note": "a", "second": 1e99}]}', "{" * 9000],
)  # fmt: skip
def test_what_is_no_bundles_file_is_told(bundle, tmp_path, text):
    (tmp_path / "notes.json").write_text(text)
    with (
        dotsbook.open(bundle[0]) as book,
        pytest.raises(SourceError, match="isn't what a reviewer's bundle saves"),
    ):
        book.import_notes(tmp_path / "notes.json")
