"""A user's mistake is a sentence, an exit code, and nothing lost."""

import os
import sqlite3
import zipfile

import pytest


def test_unknown_key(shell):
    shell.edit("book.yaml", "engine:", "engin:")
    assert "did you mean `engine`" in shell("plan", "@", code=1)


def test_missing_source(shell):
    (shell.folder / "story.md").unlink()
    assert "story.md" in shell("render", "@", code=1)


@pytest.mark.parametrize("name", ["~nobody-here/story.md", "story" * 60 + ".md"])
def test_a_source_that_no_file_can_be(shell, name):
    shell.edit("book.yaml", "story.md", name)
    assert "isn't there" in shell("render", "@", code=1).replace("\n", " ")


def test_unknown_chapter(shell):
    assert "chapters 1 to 2" in shell("render", "@", "--chapter", "7", code=1)
    assert "3,5-7" in shell("render", "@", "--chapter", "one", code=1)


def test_unknown_engine_and_format(shell):
    assert "there is no" in shell("assemble", "@", "--format", "wav", code=1)
    shell.edit("book.yaml", "syllables", "sylables")
    assert "syllables" in shell("plan", "@", code=1)


def test_usage_is_2(shell):
    shell("render", "@", "--nonsense", code=2)
    shell("nonsense", code=2)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not really", b"\xff\xd8\xff\xe0 a jpeg"])
def test_a_broken_epub(shell, data):
    (shell.folder / "book.epub").write_bytes(data)
    shell.edit("book.yaml", "story.md", "book.epub")
    assert "book.epub" in shell("plan", "@", code=1)


def test_a_zip_that_is_no_epub(shell):
    with zipfile.ZipFile(shell.folder / "book.epub", "w") as archive:
        archive.writestr("a.txt", "hello")
    shell.edit("book.yaml", "story.md", "book.epub")
    assert "book.epub" in shell("plan", "@", code=1)


def test_no_text_at_all(shell):
    (shell.folder / "story.md").write_text("\n\n")
    assert "no text" in shell("plan", "@", code=1)


def test_a_second_render_waits_its_turn(shell):
    import fcntl

    shell("render", "@", "--limit", "1")
    with open(shell.folder / ".dotsbook" / "lock", "rb+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another dotsbook" in shell("render", "@", code=1)
        shell("status", "@")
    shell("render", "@")


def test_a_newer_ledger(shell):
    shell("render", "@", "--limit", "1")
    with sqlite3.connect(shell.folder / ".dotsbook" / "ledger.db") as ledger:
        ledger.execute("PRAGMA user_version = 99")
    assert "newer" in shell("render", "@", code=1)
    assert "newer" in shell("status", "@", code=1)


def test_a_lost_ledger_is_made_again_from_the_takes(shell):
    shell("render", "@")
    takes = shell.takes()
    for file in (shell.folder / ".dotsbook").glob("ledger.db*"):
        file.unlink()
    assert "--repair" in shell("render", "@", code=1)
    shell("verify", "@", "--repair")
    assert "Nothing to render" in shell("render", "@")
    assert shell.takes() == takes


def test_a_cover_that_is_no_image(shell):
    (shell.folder / "cover.jpg").write_text("not a picture")
    shell.edit("book.yaml", "pacing:", "output: {cover: cover.jpg}\npacing:")
    shell("render", "@")
    assert "cover" in shell("assemble", "@", code=1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_output_folder_that_cannot_be_written(shell):
    shell("render", "@")
    (shell.folder / "out").mkdir(mode=0o500)
    assert "can't be written" in shell("assemble", "@", code=1)


def test_an_output_folder_that_is_a_file(shell):
    shell("render", "@")
    (shell.folder / "out").write_text("in the way")
    assert "out" in shell("assemble", "@", code=1)


def test_a_full_disk(shell, monkeypatch):
    import errno

    from dotsbook import files

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    shell("render", "@", "--limit", "2")
    with monkeypatch.context() as patch:
        patch.setattr(files, "sync", full)
        assert "disk is full" in shell("render", "@", code=1)
    takes = shell.takes()
    shell("render", "@")
    assert len(shell.takes()) > len(takes)


def test_there_is_no_project(shell, tmp_path):
    assert "dotsbook init" in shell("plan", str(tmp_path / "nowhere"), code=1)


def test_a_reference_without_consent(shell):
    shell.edit("book.yaml", "mara: {}", "mara: {reference: m.wav}")
    assert "consent" in shell("render", "@", code=1)


def test_init_overwrites_nothing(shell, tmp_path):
    before = (shell.folder / "book.yaml").read_text()
    assert "stays as it is" in shell("init", "@", code=1)
    assert (shell.folder / "book.yaml").read_text() == before
    target = tmp_path / "new"
    target.mkdir()
    (target / "story.md").write_text("mine")
    assert "differs" in shell("init", str(target), "--source", "@/story.md", code=1)
    assert (target / "story.md").read_text() == "mine"
    assert not (target / "book.yaml").exists()


def test_chapters_that_run_backwards(shell):
    assert "write 1-2" in shell("plan", "@", "--chapter", "2-1", code=1)
    shell("plan", "@", "--chapter", "9" * 5000, code=1)


def test_a_manuscript_named_as_a_project(shell):
    assert "dotsbook init" in shell("plan", "@/story.md", code=1)


def test_a_chapter_begun_is_not_called_rendered(shell):
    assert "is rendered" not in shell("render", "@", "--limit", "2")


def test_a_cover_that_is_no_image_is_told_before_rendering(shell):
    (shell.folder / "cover.jpg").write_text("not a picture")
    shell.edit("book.yaml", "pacing:", "output: {cover: cover.jpg}\npacing:")
    assert "cover" in shell("make", "@", code=1) and not shell.takes()
