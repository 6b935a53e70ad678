"""A line is changed in the manuscript's own file, and nothing else of it."""

import pytest

import dotsbook
from dotsbook.errors import ManifestError
from tests.production.conftest import MANIFEST, make

STORY = """# The Ferry

## One

The boat *left* at 6:30 -- and nobody
waved. "It's raining," she said & went.

Run! Then nothing. [Nobody moved]{rate=0.9} at all.

> Run! They ran over the bridge.
"""


def line_of(book, words: str) -> str:
    return next(chunk.id for chunk in book.chunks() if words in chunk.text)


@pytest.fixture
def folder(tmp_path):
    return make(tmp_path / "ferry", STORY)


def test_a_line_is_shown_as_it_is_written(folder):
    with dotsbook.open(folder) as book:
        line = book.review.source_line(line_of(book, "The boat"))
        assert (line.path.name, line.row) == ("story.md", 5)
        assert line.text.startswith("The boat *left* at 6:30 -- and nobody\nwaved.")
        assert book.review.source_line(line_of(book, "They ran")).row == 10


def test_it_is_changed_there_and_the_file_as_it_was_is_kept(folder):
    before = (folder / "story.md").read_bytes()
    with dotsbook.open(folder) as book:
        name = line_of(book, "The boat")
        line = book.review.source_line(name)
        book.review.rewrite(name, line.text.replace("*left*", "*never* left"), line.text)
    assert (folder / "story.md").read_text() == STORY.replace("*left*", "*never* left")
    [kept] = (folder / ".dotsbook" / "manuscripts").iterdir()
    assert kept.read_bytes() == before
    with dotsbook.open(folder) as book:
        assert line_of(book, "The boat never left")
        assert book.verify().faults == 0


@pytest.mark.parametrize(
    "new", ["# A heading\n\nThe boat", "One.\n\nTwo.", "", "...", "a" * 30_000, "```\ncode", "<!-- gone"]
)
def test_what_would_change_more_than_the_line_is_refused(folder, new):
    with dotsbook.open(folder) as book:
        name = line_of(book, "The boat")
        with pytest.raises(ManifestError):
            book.review.rewrite(name, new, book.review.source_line(name).text)
    assert (folder / "story.md").read_text() == STORY


def test_a_line_changed_meanwhile_is_not_written_over(folder):
    with dotsbook.open(folder) as book:
        name = line_of(book, "The boat")
        with pytest.raises(ManifestError, match="meanwhile"):
            book.review.rewrite(name, "The ship left.", "The boat as it was once.")


def test_line_ends_and_marks_at_the_beginning_stay(tmp_path):
    folder = make(tmp_path / "dos")
    data = b"\xef\xbb\xbf" + STORY.replace("\n", "\r\n").encode()
    (folder / "story.md").write_bytes(data)
    with dotsbook.open(folder) as book:
        name = line_of(book, "They ran")
        line = book.review.source_line(name)
        book.review.rewrite(name, line.text.replace("ran", "walked"), line.text)
    assert (folder / "story.md").read_bytes() == data.replace(b"They ran", b"They walked")


def test_other_files_are_not_written_to(tmp_path):
    folder = make(tmp_path / "html", manifest=MANIFEST.replace("story.md", "story.html"))
    (folder / "story.html").write_text("<html><body><h1>One</h1><p>The boat left.</p></body></html>")
    with dotsbook.open(folder) as book, pytest.raises(ManifestError, match="HTML|web page"):
        book.review.source_line(line_of(book, "The boat"))
