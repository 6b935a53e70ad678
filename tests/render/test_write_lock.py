import os
import subprocess
import sys

import pytest

from dotsbook.errors import LedgerError, OutputError
from dotsbook.render import write_lock

HOLD = (
    "import sys, time; from pathlib import Path; from dotsbook.render import write_lock\n"
    "with write_lock.writing(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "state")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_second_is_told_who_holds_it(tmp_path, holder):
    with (
        pytest.raises(LedgerError, match=rf"process {holder.pid}, since \d{{4}}-"),
        write_lock.writing(tmp_path / "state"),
    ):
        pass
    assert write_lock.held(tmp_path / "state")


def test_a_death_lets_go(tmp_path, holder):
    holder.kill()
    holder.wait()
    with write_lock.writing(tmp_path / "state"):
        assert write_lock.held(tmp_path / "state")
    assert not write_lock.held(tmp_path / "state")


def test_two_names_of_one_folder_are_one_lock(tmp_path, holder):
    (tmp_path / "other").symlink_to(tmp_path / "state")
    with pytest.raises(LedgerError), write_lock.writing(tmp_path / "other"):
        pass


def test_it_can_be_taken_again_and_not_twice(tmp_path):
    with write_lock.writing(tmp_path), pytest.raises(LedgerError), write_lock.writing(tmp_path):
        pass
    with write_lock.writing(tmp_path):
        pass


def test_an_orphaned_worker_of_a_dead_holder_is_waited_for(tmp_path):
    """A fork keeps the lock's descriptor; the holder is dead, and its child goes when its pipe closes."""
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import os, sys, time; from pathlib import Path; from dotsbook.render import write_lock\n"
                "with write_lock.writing(Path(sys.argv[1])):\n"
                "    if os.fork() == 0: time.sleep(1.5); os._exit(0)\n"
                "    os._exit(9)"
            ),
            str(tmp_path),
        ]
    )
    child.wait()
    with write_lock.writing(tmp_path):
        pass


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"pid": "x", "since": 1}', b"\xff" * 300])
def test_whatever_stands_in_the_file(tmp_path, holder, note):
    (tmp_path / "state" / write_lock.NAME).write_bytes(note)
    with pytest.raises(LedgerError, match="another"), write_lock.writing(tmp_path / "state"):
        pass


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError), write_lock.writing(tmp_path / "file" / "state"):
        pass


def test_nothing_is_locked_where_nothing_is(tmp_path):
    assert not write_lock.held(tmp_path / "nowhere") and os.listdir(tmp_path) == []
