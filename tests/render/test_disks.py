"""Disks that are full, locked or slow: a sentence, nothing lost, and the same command goes on later."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from fakes import ScriptedEngine, book

from dotsbook import files
from dotsbook.errors import LedgerError, OutputError
from dotsbook.render import audit, disk, ledger, write_lock
from dotsbook.render.calibration import audio_seconds
from dotsbook.render.loop import Options

COUNT = 12
REFUSALS = {
    errno.ENOSPC: "disk is full",
    errno.EDQUOT: "disk is full",
    errno.EACCES: "Allow writing",
    errno.EROFS: "Allow writing",
    errno.EIO: "can't be written",
}


def fail_at(monkeypatch, owner, name, number, error):
    """Let the `number`th call of something fail."""
    real, calls = getattr(owner, name), []

    def call(*args, **more):
        calls.append(1)
        if len(calls) == number:
            raise OSError(error, os.strerror(error))
        return real(*args, **more)

    monkeypatch.setattr(owner, name, call)


@pytest.mark.parametrize("error", REFUSALS)
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (files, "sync"),
        (files, "rename"),
        (files, "sync_folder"),
        (Path, "write_bytes"),
        (files, "begun"),
    ],
)
@pytest.mark.parametrize("number", [1, 9])
def test_a_refusal_at_each_write(bench, monkeypatch, owner, name, number, error):
    told = []
    fail_at(monkeypatch, owner, name, number, error)
    with pytest.raises(OutputError, match=REFUSALS[error]):
        bench.render(
            book(COUNT), options=Options(largest=3), on_event=lambda event: told.append(event.job.key)
        )
    monkeypatch.undo()
    if bench.state.exists():
        with bench.reading() as rows:
            assert set(told) <= rows.keys() and not list(audit.audit(rows, bench.takes))
        assert not list(bench.state.rglob(".writing-*"))
    outcome, _ = bench.render(book(COUNT))
    assert outcome.complete and len(bench.finished()) == COUNT


def test_a_ledger_that_can_grow_no_more(bench):
    bench.render(book(2))
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        [(pages,)] = rows.rows("PRAGMA page_count")
        rows.rows(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(OutputError, match="disk is full"):
            rows.fail([(f"key{number}", "1.1", 1, "x" * 5000) for number in range(20)])
        assert len(rows.keys()) == 2 and not rows.failures()


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 3 MB, mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    may = sys.platform == "linux" and os.geteuid() == 0
    if not may or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk takes root on Linux")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_and_is_made_larger(small_disk, bench):
    small = type(bench)(small_disk / "project" / ".dotsbook")
    noisy = {"voice": noise}
    told = []
    with pytest.raises(OutputError, match="disk is full|too full"):
        small.render(
            book(80),
            ScriptedEngine(**noisy),
            options=Options(largest=4, margin=0),
            on_event=lambda event: told.append(event.job.key),
        )
    with small.reading() as rows:
        assert told and set(told) <= rows.keys() and not list(audit.audit(rows, small.takes))
    with pytest.raises(OutputError, match="disk is full|too full"):
        small.render(book(80), ScriptedEngine(**noisy), options=Options(largest=4, margin=0))
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    outcome, _ = small.render(book(80), ScriptedEngine(**noisy))
    assert outcome.complete and len(small.finished()) == 80
    bench.render(book(80), ScriptedEngine(**noisy))
    assert small.pcm() == bench.pcm()


def noise(request):
    """As long as speech and as hard to pack as anything."""
    import numpy as np

    return np.random.default_rng(request.seed).uniform(-0.5, 0.5, 40_000).astype(np.float32)


@pytest.fixture
def commoner():
    """A folder anyone may use, and the means to be no one in particular while in it."""
    if os.geteuid() != 0:
        yield Path(tempfile.mkdtemp()), lambda: None
        return
    folder = Path(tempfile.mkdtemp())
    os.chown(folder, 65534, 65534)
    yield folder, lambda: os.seteuid(65534)
    os.seteuid(0)
    shutil.rmtree(folder)


def test_permission_lost_midway(bench, commoner):
    folder, become = commoner
    become()
    place = type(bench)(folder / ".dotsbook")
    told = []

    def hear(event):
        told.append(event.job.key)
        if len(told) == 6:
            for one in place.takes.glob("??"):
                one.chmod(0o500)
            place.takes.chmod(0o500)

    with pytest.raises(OutputError, match="Allow writing"):
        place.render(book(COUNT), options=Options(largest=2), on_event=hear)
    with place.reading() as rows:
        assert set(told) <= rows.keys() and not list(audit.audit(rows, place.takes))
    with pytest.raises(OutputError, match="Allow writing"):
        place.render(book(COUNT))
    place.takes.chmod(0o755)
    for one in place.takes.glob("??"):
        one.chmod(0o755)
    assert place.render(book(COUNT))[0].complete


def test_a_project_on_a_read_only_disk_can_be_read(bench, commoner):
    folder, become = commoner
    become()
    place = type(bench)(folder / ".dotsbook")
    place.render(book(3))
    for path in (place.ledger, place.state / "lock"):
        path.chmod(0o400)
    place.state.chmod(0o500)
    try:
        assert len(place.finished()) == 3
        with pytest.raises((OutputError, LedgerError)):
            place.render(book(4))
    finally:
        place.state.chmod(0o700)


def test_a_slow_disk_costs_time_only(bench, monkeypatch):
    monkeypatch.setattr(files, "sync", lambda descriptor: (time.sleep(0.01), os.fsync(descriptor)))
    assert bench.render(book(20))[0].complete


def test_the_clock_set_back_changes_nothing(bench, monkeypatch):
    bench.render(book(5))
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    outcome, _ = bench.render(book(10))
    assert outcome.done == 5 and outcome.complete


def test_two_renders_at_once(bench):
    with write_lock.writing(bench.state), pytest.raises(LedgerError, match=f"process {os.getpid()}"):
        bench.render(book(2))


def test_room_is_asked_for_before(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "free", lambda folder: 300_000_000)
    disk.check_room(tmp_path, 50_000_000)
    with pytest.raises(OutputError, match="about 1.7 GB are needed in .* and 300 MB are free"):
        disk.check_room(tmp_path, 1_500_000_000)


def test_the_bytes_needed_are_near_the_bytes_used(bench):
    chunks = book(30)
    bench.render(chunks)
    used = sum(path.stat().st_size for path in bench.takes.rglob("*.flac"))
    seconds = audio_seconds([(one.spoken, one.language) for one in chunks], {"en": 0.02})
    assert used < disk.bytes_needed(seconds, len(chunks), 16_000) < 5 * used
    assert disk.bytes_needed(0.0, 0, 16_000) == 0


def test_free_asks_the_nearest_folder_there_is(tmp_path):
    assert disk.free(tmp_path / "not" / "yet") == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)
