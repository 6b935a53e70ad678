"""Death at every step of a commit, and at random: nothing told of is lost, nothing done is done again."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from disks import ForgetfulDisk
from fakes import book

from dotsbook import files
from dotsbook.render import audit, ledger, sweep, write_lock
from dotsbook.render.cases import Judged
from dotsbook.render.health import Verdict
from dotsbook.render.loop import Options

HERE = Path(__file__).parent
STEPS = [
    "created",
    "written",
    "synced",
    "renamed",
    "folder synced",
    "row begun",
    "row written",
    "row committed",
]
COUNT = 12


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """{key: PCM} of the book when nothing happens."""
    from bench import Bench

    bench = Bench(tmp_path_factory.mktemp("undisturbed") / ".dotsbook")
    bench.render(book(COUNT))
    return bench.pcm()


class Death(BaseException):
    pass


def dying(monkeypatch, step, number):
    passed = []

    def pass_by(name):
        if name == step:
            passed.append(name)
            if len(passed) == number:
                raise Death(step)

    monkeypatch.setattr(files, "step", pass_by)


def look(bench, told):
    """What must hold after any death: what was told of is there and sound."""
    with bench.reading() as rows:
        assert set(told) <= rows.keys()
        assert list(audit.audit(rows, bench.takes)) == []


def finish(bench, undisturbed):
    """Run the same command again, undisturbed; the result is as if nothing had been."""
    before = set(bench.finished())
    outcome, engine = bench.render(book(COUNT))
    assert outcome.complete and outcome.done == COUNT - len(before)
    assert sum(engine.asked.values()) == outcome.done  # nothing that had a row is spoken again
    assert bench.pcm() == undisturbed
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        needed = {job.key for job in bench.jobs(book(COUNT))}
        left = sweep.orphans(bench.takes, rows, needed)
        assert all(orphan.reason == "left over from an interrupted write" for orphan in left)
        sweep.remove(bench.takes, rows, left)
        assert sweep.orphans(bench.takes, rows, needed) == []
    assert bench.pcm() == undisturbed


@pytest.mark.parametrize("number", [1, 5])
@pytest.mark.parametrize("step", STEPS)
def test_an_exception_at_every_step(bench, undisturbed, monkeypatch, step, number):
    told = []
    dying(monkeypatch, step, number)
    with pytest.raises(Death):
        bench.render(
            book(COUNT), on_event=lambda event: told.append(event.job.key), options=Options(largest=2)
        )
    monkeypatch.undo()
    look(bench, told)
    assert not list(bench.takes.rglob(".writing-*"))
    finish(bench, undisturbed)


@pytest.mark.parametrize("how", ["exit", "kill"])
@pytest.mark.parametrize("step", STEPS)
def test_a_death_of_the_process_at_every_step(bench, undisturbed, step, how):
    bench.state.parent.mkdir()
    done = victim(bench, step, "4", how)
    assert done.returncode == (7 if how == "exit" else -signal.SIGKILL), done.stderr
    told, _ = promised(bench)
    look(bench, told)
    finish(bench, undisturbed)


@pytest.mark.parametrize("number", [1, 4])
@pytest.mark.parametrize("step", STEPS)
def test_a_loss_of_power_at_every_step(bench, undisturbed, monkeypatch, step, number):
    bench.state.parent.mkdir()
    disk = ForgetfulDisk(bench.state.parent)
    disk.install(monkeypatch)
    told = []
    dying(monkeypatch, step, number)
    with pytest.raises(Death):
        bench.render(
            book(COUNT), on_event=lambda event: told.append(event.job.key), options=Options(largest=3)
        )
    monkeypatch.undo()
    disk.lose()
    look(bench, told)
    finish(bench, undisturbed)


@pytest.mark.parametrize("careless", ["files", "folders"])
def test_the_forgetful_disk_forgets(bench, monkeypatch, careless):
    """A commit without its syncs would be found out."""
    bench.state.parent.mkdir()
    disk = ForgetfulDisk(bench.state.parent)
    disk.install(monkeypatch)

    def sync(descriptor):
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        if folder != (careless == "folders") or not bench.takes.exists():
            disk.sync(descriptor)

    monkeypatch.setattr(files, "sync", sync)
    bench.render(book(3))
    disk.lose()
    with bench.reading() as rows:
        assert [problem.kind for problem in audit.audit(rows, bench.takes)] == [
            "altered" if careless == "files" else "missing"
        ] * 3


def victim(bench, *death, count=COUNT, largest=3, **options):
    return subprocess.run(
        [sys.executable, str(HERE / "victim.py"), str(bench.state), str(count), str(largest), *death],
        capture_output=True,
        timeout=60,
        check=False,
        **options,
    )


def promised(bench) -> tuple[list[str], Counter]:
    """(keys told of as done, {key: times spoken}) in all runs so far."""
    lines = (bench.state.parent / "log").read_text().splitlines()
    asked = Counter(line[4:] for line in lines if line.startswith("ask "))
    return [line[5:] for line in lines if line.startswith("done ")], asked


def test_killed_at_random_moments(bench, tmp_path):
    """The short form of tests/benchmarks/kill_book.py."""
    count, largest, kills = 150, 8, 0
    bench.state.parent.mkdir()
    chance = random.Random(1)
    while kills < 5:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "victim.py"), str(bench.state), str(count), str(largest)]
        )
        begun = len(promised(bench)[0]) if (bench.state.parent / "log").exists() else 0
        until = time.monotonic() + 20
        while (
            process.poll() is None
            and time.monotonic() < until
            and (not (bench.state.parent / "log").exists() or len(promised(bench)[0]) == begun)
        ):
            time.sleep(0.01)
        time.sleep(chance.random() * 0.15)
        process.kill()
        process.wait()
        kills += 1
        look(bench, promised(bench)[0])
    assert victim(bench, count=count, largest=largest).returncode == 0
    told, asked = promised(bench)
    assert len(set(told)) == len(told) <= count and len(bench.finished()) == count
    assert (
        sum(asked.values()) - count <= kills * 2 * largest
    )  # what was in flight: a batch out, one being written
    other = type(bench)(tmp_path / "other" / ".dotsbook")
    other.render(book(count))
    assert bench.pcm() == other.pcm()


def doubted_of(bench, key):
    """What the render loop is told of a committed take that doesn't hold any more."""
    take = bench.finished()[key]
    return {key: Judged(take.attempts, None, Verdict(False, 0.1, {}, ("it doesn't hold",)))}


@pytest.mark.parametrize("retries", [0, 3], ids=["nothing left to try", "tried again"])
@pytest.mark.parametrize("step", STEPS)
def test_a_death_while_a_doubted_take_is_replaced(bench, monkeypatch, step, retries):
    """The old take stands until the new one's row is committed, at every step between."""
    bench.render(book(3))
    key = bench.jobs(book(3))[1].key
    before, options = bench.finished()[key], Options(retries=retries)
    dying(monkeypatch, step, 1)
    with pytest.raises(Death):
        bench.render(book(3), doubted=doubted_of(bench, key), options=options)
    monkeypatch.undo()
    with bench.reading() as rows:
        assert list(audit.audit(rows, bench.takes)) == []
    now = bench.finished()[key]
    assert (now != before) == (step == "row committed") and len(bench.finished()) == 3
    outcome, _ = bench.render(book(3), doubted=doubted_of(bench, key), options=options)
    assert outcome.complete and outcome.done == 1
    made = bench.finished()[key]
    assert made.file not in (before.file, now.file) and made.healthy == (retries > 0)
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        left = sweep.orphans(bench.takes, rows, {job.key for job in bench.jobs(book(3))})
        assert {orphan.reason for orphan in left} <= {"another take of its line stands"}
        sweep.remove(bench.takes, rows, left)
        assert list(audit.audit(rows, bench.takes)) == []
    bench.ledger.unlink()
    with write_lock.writing(bench.state):
        assert audit.rebuild(bench.ledger, bench.takes)[1:] == (3, [])
    assert bench.finished()[key] == made
