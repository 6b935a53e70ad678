"""What was assembled before the book was whole goes when the whole one is there; what the user changed stays."""

from dataclasses import replace

import pytest
from made import RATE, book, produced

from dotsbook.manifest import Pacing
from dotsbook.master.about import About
from dotsbook.master.incomplete import drop_incomplete
from dotsbook.master.layout import lay_out
from dotsbook.master.mastering import Settings

WHOLE = About("Salt: a Road", "Writer")
PART = replace(WHOLE, partial=True)


@pytest.fixture
def chapters(tmp_path):
    return book(tmp_path, 2, 2, 0.4)


def made(chapters, folder, about, format):
    timeline = lay_out(chapters, Pacing(head=0.5, tail=1.0), RATE)
    return produced(timeline, format, about, Settings(), folder)[0].path


@pytest.mark.parametrize("format", ["m4b", "mp3", "mp3-book"])
def test_the_whole_one_takes_the_place_of_the_incomplete(chapters, tmp_path, format):
    part, out = made(chapters[:1], tmp_path, PART, format), tmp_path / "out"
    alone = made(chapters, tmp_path, WHOLE, format)
    kept = sorted(out.rglob("*"))
    assert part in kept
    assert drop_incomplete(alone, WHOLE, out)
    left = sorted(out.rglob("*"))
    assert left == [path for path in kept if "(incomplete)" not in str(path)]
    assert alone in left and len(left) < len(kept)
    assert drop_incomplete(alone, WHOLE, out) == []


def test_what_is_not_as_we_made_it_stays(chapters, tmp_path):
    part, out = made(chapters[:1], tmp_path, PART, "m4b"), tmp_path / "out"
    alone = made(chapters, tmp_path, WHOLE, "m4b")
    part.write_bytes(part.read_bytes() + b"a tag of the user's")
    assert drop_incomplete(alone, WHOLE, out) == []
    assert part.exists()
    part.with_name(f"{part.stem}.proof.json").unlink()
    assert drop_incomplete(alone, WHOLE, out) == []
    assert part.exists()


def test_a_folder_with_something_of_the_users_stays(chapters, tmp_path):
    part, out = made(chapters[:1], tmp_path, PART, "mp3"), tmp_path / "out"
    (part / "my notes.txt").write_text("mine")
    drop_incomplete(made(chapters, tmp_path, WHOLE, "mp3"), WHOLE, out)
    assert [path.name for path in part.iterdir()] == ["my notes.txt"]
