"""What is to be corrected goes out to listeners and editors and comes back as notes, at the same words."""

import csv
import io

import pytest

import dotsbook
from dotsbook.errors import ManifestError, SourceError
from dotsbook.production.marker_files import clock, form_of, markers_of, rows_of, seconds_of
from dotsbook.render.opinions import Opinion, SpokenWord
from tests.production.conftest import MANIFEST, make


class Doubting:
    """Doubts the word `waved`, in the middle of its line."""

    name, version, threshold = "words", "1", 0.5

    def hear(self, take):
        at = take.text.find("waved")
        if at < 0:
            return Opinion(0.9)
        seconds = len(take.samples) / take.rate
        words = (
            SpokenWord(0, at - 1, 0.1, seconds / 2, take.text[: at - 1], 0.0),
            SpokenWord(at, at + 6, seconds / 2, seconds - 0.1, "paved", 0.9),
        )
        return Opinion(0.1, ("“paved” is heard for “waved”",), {}, ((at, at + 6),), words)


@pytest.fixture
def heard(tmp_path, monkeypatch):
    monkeypatch.setattr("dotsbook.production.book_judges.ears_of", lambda session: [Doubting()])
    folder = make(tmp_path / "book", manifest=MANIFEST)
    with dotsbook.open(folder) as book:
        list(book.render())
        [chunk] = [chunk.id for chunk in book.chunks() if "waved" in chunk.text]
        book.note("2.3", "=too fast, again", category="pace", at=0.2, by="Ann")
    return folder, chunk


def notes_of(folder):
    with dotsbook.open(folder) as book:
        return [(one.chunk, one.note, one.why, one.by) for one in book.corrections() if one.note]


def test_doubts_and_notes_have_their_places_in_the_book(heard):
    folder, chunk = heard
    with dotsbook.open(folder) as book:
        doubt, note = book.corrections()
        assert (doubt.chunk, doubt.written, doubt.heard, doubt.note) == (chunk, "waved.", "paved", "")
        assert (note.chunk, note.note, note.why, note.by) == ("2.3", "=too fast, again", "pace", "Ann")
        assert note.chapter == 2 and note.chapter_start > doubt.second > 1
        assert book.corrections([2]) == [note]


def test_a_sheet_goes_out_and_comes_back_with_notes(heard, tmp_path):
    folder, chunk = heard
    sheet = tmp_path / "sheet.csv"
    with dotsbook.open(folder) as book:
        assert book.export_notes(sheet) == 2
    text = sheet.read_text("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert first["written"] == "waved." and first["heard"] == "paved" and "is heard for" in first["why"]
    assert second["note"] == "'=too fast, again", "no spreadsheet reckons with it"
    first["note"] = "read it as waved"
    filled = io.StringIO()
    writer = csv.DictWriter(filled, first.keys())
    writer.writeheader()
    writer.writerows([first, second])
    sheet.write_text(filled.getvalue(), "utf-8")
    with dotsbook.open(folder) as book:
        read = book.import_notes(sheet, by="Bea")
        assert (read.added, read.known, read.lost) == (1, 1, ())
        assert book.import_notes(sheet).added == 0, "nothing is added twice"
    assert notes_of(folder)[0] == (chunk, "read it as waved", "", "Bea")


def test_somebody_elses_sheet_is_placed_by_its_times(heard, tmp_path):
    folder, chunk = heard
    with dotsbook.open(folder) as book:
        doubt = book.corrections()[0]
        sheet = tmp_path / "reader.csv"
        sheet.write_text(
            f"Chapter;Timecode;Comment;Type\n1;{clock(doubt.second)};mumbled;misread\n9;0:01;nowhere;\n1;;;\n",
            "utf-8",
        )
        read = book.import_notes(sheet)
        assert read.added == 1 and "nowhere" in read.lost[0] and "chapter 9" in read.lost[0]
        assert book.status().notes == 2
    assert (chunk, "mumbled", "misread", "") in notes_of(folder)


@pytest.mark.parametrize("form", ["audacity", "reaper"])
@pytest.mark.parametrize("chapter", [None, 2])
def test_editors_markers_go_out_and_come_back(heard, tmp_path, form, chapter):
    folder, _ = heard
    path = tmp_path / "marks.txt"
    with dotsbook.open(folder) as book:
        count = book.export_notes(path, form, chapter)
        assert count == (2 if chapter is None else 1) and form_of(path.read_text("utf-8")) == form
        places = {one.label: one for one in book.corrections()}
        for marker in markers_of(path.read_text("utf-8"), form):
            one = places[marker.label]
            whole = one.second + (one.chapter_start if chapter is None else 0)
            assert marker.second == pytest.approx(whole, abs=0.001)
        assert book.import_notes(path, chapter).added == 0, "what was sent out is no note"
        at = places[max(places, key=lambda label: places[label].chapter_start)]
        second = at.second + (at.chapter_start if chapter is None else 0)
        new = (
            f"{second:.3f}\t{second:.3f}\ta click\n" if form == "audacity" else f"M9,a click,{second:.3f},,\n"
        )
        path.write_text(path.read_text("utf-8") + new, "utf-8")
        assert book.import_notes(path, chapter).added == 1
    assert ("2.3", "a click", "", "") in notes_of(folder)


def test_what_is_no_sheet_is_told(heard, tmp_path):
    folder, _ = heard
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", "utf-8")
    with dotsbook.open(folder) as book:
        with pytest.raises(SourceError, match="must name a column `note`"):
            book.import_notes(bad)
        with pytest.raises(ManifestError, match="csv, audacity, reaper"):
            book.export_notes(bad, "excel")
        bad.write_bytes(b"note,time\n\xff\xfe")
        with pytest.raises(SourceError, match="UTF-8"):
            book.import_notes(bad)


def test_times_are_read_as_people_write_them():
    assert [seconds_of(text) for text in ("3", "1:02.5", "1:00:03,25", " 75.0 ", "soon", "")] == [
        3.0,
        62.5,
        3603.25,
        75.0,
        None,
        None,
    ]
    assert [clock(second) for second in (3.004, 62.5, 3603.25)] == ["0:03.00", "1:02.50", "1:00:03.25"]
    assert rows_of("Time\tNote\n0:01\t'-1 dB\n") == [{"time": "0:01", "note": "-1 dB"}]


def test_the_command(heard, tmp_path, capsys):
    from dotsbook.cli.app import run

    folder, chunk = heard
    sheet = tmp_path / "sheet.csv"
    assert run(["notes", "export", str(sheet), "-p", str(folder)]) == 0
    assert run(["notes", "import", str(sheet), "-p", str(folder)]) == 0
    assert run(["notes", "list", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "2 places to listen to" in said and "0 notes added, 1 known" in said and chunk in said
