"""Broken and odd EPUBs through `init` and `plan`: read whole, or refused in a sentence; never in part without a word."""

import os
import random
import re

import pytest
from broken import BROKEN
from exports import EXPORTS
from two_pages import FIRST, ONE, SECOND, WHOLE, book

from dotsbook.cli.app import run


@pytest.fixture
def said(capsys):
    """Run a command in this process; (code, what it said on one line)."""

    def command(*words) -> tuple[int, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        out = capsys.readouterr()
        return code, " ".join((out.out + out.err).split())

    return command


BOOKS = BROKEN | EXPORTS
assert len(BOOKS) == len(BROKEN) + len(EXPORTS), "two books of one name"


@pytest.mark.parametrize("what", BOOKS)
def test_read_or_refused(tmp_path, said, what):
    made, expected = BOOKS[what]
    source = tmp_path / "broken.epub"
    source.write_bytes(made())
    code, words = said("init", tmp_path / "book", "--source", source)
    if code == 0:
        code, words = said("plan", tmp_path / "book", "--text")
    if expected in (WHOLE, ONE):
        assert code == 0, words
        assert "%PDF" not in words, "what is no text is read"
        assert SECOND in words and (FIRST in words or expected == ONE), words
    else:
        assert code == 1 and re.search(expected, words), words
    assert {path.name for path in tmp_path.iterdir()} <= {"broken.epub", "book"}


def test_what_is_no_file(tmp_path, said):
    """A folder, a link to nowhere or to itself, a pipe that nobody fills: told at once."""
    (tmp_path / "folder.epub").mkdir()
    (tmp_path / "nowhere.epub").symlink_to("gone")
    (tmp_path / "itself.epub").symlink_to("itself.epub")
    os.mkfifo(tmp_path / "pipe.epub")
    for name in ("folder.epub", "nowhere.epub", "itself.epub", "pipe.epub"):
        code, words = said("init", tmp_path / "book", "--source", tmp_path / name)
        assert code == 1 and name in words
        assert ("is a folder" in words) == (name == "folder.epub")
        assert not (tmp_path / "book").exists()


@pytest.mark.parametrize("suffix", [".md", ".txt", ""])
def test_what_is_no_text(tmp_path, said, suffix):
    good = book()
    for number, data in enumerate(
        (random.Random(1).randbytes(20_000), good, b"\x7fELF" + bytes(range(32)) * 99)
    ):
        source = tmp_path / f"binary{number}{suffix}"
        source.write_bytes(data)
        code, words = said("init", tmp_path / f"book{number}", "--source", source)
        assert (code == 1 and "isn't text" in words) or (data == good and suffix != ".md" and code == 0)


def test_other_names_of_an_epub(tmp_path, said):
    for name in ("BOOK.EPUB", "book.kepub.epub", "book.zip", "book.pdf", "book"):
        (tmp_path / name).write_bytes(book())
        assert said("init", tmp_path / f"of {name}", "--source", tmp_path / name)[0] == 0
        assert FIRST in said("plan", tmp_path / f"of {name}", "--text")[1]
