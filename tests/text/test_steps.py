"""What stands between reading and chunking: Book → Book steps that mark, and the receipt that still balances."""

from dataclasses import replace

import pytest

from dotsbook.book import Book, Mark, visible
from dotsbook.errors import SourceError
from dotsbook.manifest import Manifest
from dotsbook.text.reader import read_book
from dotsbook.text.script.quotes import spans
from dotsbook.text.script.receipt import require_same_text, require_whole
from dotsbook.text.script.script_writer import make_script

STORY = """# One

The boats came in. “Not tonight,” said Mara. “The tide is wrong for it.”

He looked at her for a long while. Nobody said anything.

# Two

“Then tomorrow,” he said, and went.
"""


class QuotesAreMaras:
    """Marks every quotation of a chapter as Mara's: what casting will do, with no thought spent on it."""

    name, version = "quotes-are-maras", 1

    def apply(self, book: Book, manifest: Manifest) -> Book:
        chapters = []
        for chapter in book.chapters:
            paragraphs = []
            for paragraph in chapter.paragraphs:
                said = book.sources[paragraph.source].text[paragraph.start : paragraph.end]
                marks = tuple(
                    Mark(paragraph.start + start, paragraph.start + end, "speaker", "Mara")
                    for start, end in spans(said)
                )
                paragraphs.append(replace(paragraph, marks=paragraph.marks + marks))
            chapters.append(replace(chapter, paragraphs=tuple(paragraphs)))
        return replace(book, chapters=tuple(chapters))


@pytest.fixture
def book(tmp_path):
    (tmp_path / "story.md").write_text(STORY, "utf-8")
    return read_book([tmp_path / "story.md"], title="T")


@pytest.fixture
def manifest():
    return Manifest(
        title="T",
        language="en",
        source=["story.md"],
        voices={"narrator": {}, "mara": {}},
        cast={"Mara": "mara"},
    )


def test_a_step_that_marks_a_speaker_loses_nothing(book, manifest):
    plain = make_script(book, manifest)
    step = QuotesAreMaras()
    marked = step.apply(book, manifest)
    require_same_text(book, marked, step.name)
    script = make_script(marked, manifest)
    require_whole(script.receipt)
    assert script.receipt == plain.receipt and script.receipt.unaccounted == 0
    assert {chunk.voice for chunk in plain.chunks} == {"narrator"}
    assert [chunk.text for chunk in script.chunks if chunk.voice == "mara"] == [
        "“Not tonight,”",
        "“The tide is wrong for it.”",
        "“Then tomorrow,”",
    ]
    assert visible("".join(chunk.text for chunk in script.chunks)) == plain.receipt.spoken_chars
    assert not script.warnings


def test_steps_follow_one_another_and_a_second_time_changes_nothing(book, manifest):
    step = QuotesAreMaras()
    once = step.apply(book, manifest)
    twice = step.apply(once, manifest)
    assert make_script(twice, manifest).chunks == make_script(once, manifest).chunks


def test_a_step_that_drops_a_paragraph_is_found_out(book, manifest):
    first = replace(book.chapters[0], paragraphs=book.chapters[0].paragraphs[:-1])
    less = replace(book, chapters=(first, *book.chapters[1:]))
    require_same_text(book, less, "loses")
    with pytest.raises(SourceError, match="neither spoken nor skipped"):
        require_whole(make_script(less, manifest).receipt)


def test_a_step_that_changes_the_text_is_refused(book, manifest):
    name, source = next(iter(book.sources.items()))
    for other in (
        replace(book, sources={name: replace(source, text=source.text.replace("Mara", "Anna"))}),
        replace(book, sources={name: replace(source, chars=source.chars - 3)}),
        replace(book, skipped=(*book.skipped, *book.skipped[:1]))
        if book.skipped
        else replace(book, sources={}),
    ):
        with pytest.raises(SourceError, match="step anna"):
            require_same_text(book, other, "anna")
