"""A file is whole or not there, whatever step the writer dies at."""

import errno
import os
import signal
import subprocess
import sys

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
    assert target.read_bytes() == (
        b"old" if STEPS.index(step) < STEPS.index("renamed") else b"new and longer"
    )
    assert [entry.name for entry in target.parent.iterdir()] == ["file.bin"]


def test_the_order_is_write_sync_rename_sync(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(files, "step", told.append)
    monkeypatch.setattr(files, "sync", lambda descriptor: told.append("sync"))
    files.write_whole(tmp_path / "x", b"1")
    assert told == ["created", "written", "sync", "synced", "renamed", "sync", "folder synced"]


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "can't be written"), (errno.EIO, "can't be written")],
)
def test_a_refusing_disk_is_a_sentence(tmp_path, monkeypatch, code, words):
    def refuse(descriptor):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files, "sync", refuse)
    with pytest.raises(OutputError, match=words):
        files.write_whole(tmp_path / "x", b"1")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from dotsbook.files import replacing
with replacing(sys.argv[1]) as temporary:
    temporary.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_dead_writer_left_is_removed_at_once(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "deep" / "x.bin")], check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    (left,) = (tmp_path / "deep").iterdir()
    assert left.name.startswith(files.UNFINISHED)
    files.remove_abandoned(tmp_path)
    assert list((tmp_path / "deep").iterdir()) == []


def test_what_a_live_writer_holds_stays(tmp_path):
    with files.replacing(tmp_path / "x.bin") as temporary:
        files.remove_abandoned(tmp_path)
        temporary.write_bytes(b"whole")
    assert (tmp_path / "x.bin").read_bytes() == b"whole"


def test_a_file_taken_before_it_was_locked_is_begun_anew(tmp_path, monkeypatch):
    claim, taken = files.claim, []

    def late(descriptor):
        if not taken:
            taken.extend(tmp_path.glob(f"{files.UNFINISHED}*"))
            files.remove_abandoned(tmp_path)
        claim(descriptor)

    monkeypatch.setattr(files, "claim", late)
    files.write_whole(tmp_path / "x.bin", b"whole")
    assert len(taken) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["x.bin"]


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    for name in ("pipe", "device", ".", "gone"):
        for read in (files.read_whole, files.sha256_of):
            with pytest.raises(OSError):
                read(tmp_path / name)


@pytest.fixture
def umask():
    """Sets the process's umask for one test."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def mode(path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(("mask", "left"), [(0o077, 0o600), (0o022, 0o644), (0o027, 0o640), (0o002, 0o664)])
def test_a_new_file_is_as_open_as_the_umask_says(tmp_path, umask, mask, left):
    umask(mask)
    files.write_whole(tmp_path / "voice.flac", b"1")
    assert mode(tmp_path / "voice.flac") == left
    assert mode(files.new_folder(tmp_path, "part-")) == 0o777 & ~mask


@pytest.mark.parametrize("before", [0o600, 0o640, 0o400, 0o664])
def test_a_replaced_file_keeps_its_permissions(tmp_path, before):
    target = tmp_path / "book.yaml"
    target.write_bytes(b"old")
    target.chmod(before)
    with files.replacing(target) as temporary:
        assert mode(temporary) & ~before & 0o077 == 0, "never more open than what it replaces"
        temporary.unlink()  # a library that makes the file itself
        temporary.write_bytes(b"new")
    assert (mode(target), target.read_bytes()) == (before, b"new")


def test_a_link_is_written_through_where_the_file_is_the_users(tmp_path):
    real, link = tmp_path / "real" / "book.yaml", tmp_path / "mine" / "book.yaml"
    for folder in (real.parent, link.parent):
        folder.mkdir()
    real.write_bytes(b"old")
    real.chmod(0o600)
    link.symlink_to("../real/book.yaml")
    files.write_through(link, b"new")
    assert link.is_symlink() and (real.read_bytes(), mode(real)) == (b"new", 0o600)
    files.write_whole(link, b"ours")
    assert not link.is_symlink() and real.read_bytes() == b"new"
