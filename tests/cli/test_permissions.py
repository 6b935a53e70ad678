"""What a command leaves on the disk is as open as the user's umask says, and stands where the user's links point."""

import os
import shutil

import pytest


@pytest.fixture
def private():
    """A umask of 077: files are their owner's alone."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_nothing_of_a_book_is_readable_by_others_under_umask_077(shell, private):
    shell("make", "@", "--format", "m4b,mp3,flac,opus,acx,epub,page,vtt,json,abs")
    ours = [path for name in (".dotsbook", "out", "book.lock.yaml") for path in tree(shell.folder / name)]
    assert len(ours) > 40
    assert not [str(path) for path in ours if path.stat().st_mode & 0o077]


def tree(path):
    return [path, *path.rglob("*")]


def test_an_edited_manifest_stays_the_link_it_is(shell):
    real = shell.folder.parent / "elsewhere.yaml"
    shutil.move(shell.folder / "book.yaml", real)
    real.chmod(0o600)
    (shell.folder / "book.yaml").symlink_to(real)
    shell.edit("story.md", '**Anselm:** "Then when?"', "Nobody asked when.")
    shell.edit("book.yaml", ", Anselm: anselm", "")
    shell("voice", "remove", "anselm", "--project", "@")
    assert (shell.folder / "book.yaml").is_symlink()
    assert "anselm" not in real.read_text("utf-8") and "# a comment that must stay" in real.read_text("utf-8")
    assert real.stat().st_mode & 0o777 == 0o600
