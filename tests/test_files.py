"""A file is whole or not there, whatever step the writer dies at."""

import errno
import os

import pytest

from dotsbook import files
from dotsbook.errors import OutputError

STEPS = ["created", "written", "synced", "renamed", "folder synced"]


class Death(Exception):
    pass


@pytest.mark.parametrize("step", STEPS)
def test_dying_at_any_step_leaves_the_old_or_the_new(tmp_path, monkeypatch, step):
    target = tmp_path / "sub" / "file.bin"
    files.write_whole(target, b"old")

    def die(name):
        if name == step:
            raise Death
    monkeypatch.setattr(files, "step", die)
    with pytest.raises(Death):
        files.write_whole(target, b"new and longer")
    assert target.read_bytes() == (b"old" if STEPS.index(step) < STEPS.index("renamed") else b"new and longer")
    assert [entry.name for entry in target.parent.iterdir()] == ["file.bin"]


def test_the_order_is_write_sync_rename_sync(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(files, "step", told.append)
    monkeypatch.setattr(files, "sync", lambda descriptor: told.append("sync"))
    files.write_whole(tmp_path / "x", b"1")
    assert told == ["created", "written", "sync", "synced", "renamed", "sync", "folder synced"]


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "can't be written"), (errno.EIO, "can't be written")])
def test_a_refusing_disk_is_a_sentence(tmp_path, monkeypatch, code, words):
    def refuse(descriptor):
        raise OSError(code, os.strerror(code))
    monkeypatch.setattr(files, "sync", refuse)
    with pytest.raises(OutputError, match=words):
        files.write_whole(tmp_path / "x", b"1")
    assert list(tmp_path.iterdir()) == []
