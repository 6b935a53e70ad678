"""Deadlines, interrupts, progress, calibration, and the Mac kept awake."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime

import pytest
from fakes import ScriptedEngine, book, chunk

from dotsbook.cli.interrupt import interruptible
from dotsbook.errors import DotsbookError
from dotsbook.render import awake, calibration, deadline
from dotsbook.render.progress import Done, Failed, Progress, Retried
from dotsbook.render.watchdog import Patience
from dotsbook.voices.engine import Request, Voice


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6h", 21600),
        ("90m", 5400),
        ("1h30m", 5400),
        ("45s", 45),
        ("10 min", 600),
        ("1.5h", 5400),
        ("20", 1200),
        ("1h 5m 3s", 3903),
    ],
)
def test_for_so_long(text, seconds):
    assert deadline.lasting(text).left == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize("text", ["", "soon", "h", "6x", "-3h", "6h later", "1h30", "7:00"])
def test_for_what_is_no_time(text):
    with pytest.raises(DotsbookError, match="length of time"):
        deadline.lasting(text)


@pytest.mark.parametrize(
    ("now", "text", "hours"),
    [
        ("06:30", "07:00", 0.5),
        ("07:00", "07:00", 24),
        ("23:30", "0:15", 0.75),
        ("07:01", "7:00", 24 - 1 / 60),
    ],
)
def test_until_the_clock_shows(now, text, hours, monkeypatch):
    at = datetime.fromisoformat(f"2026-03-04 {now}")
    monkeypatch.setattr(time, "time", at.timestamp)
    assert deadline.until(text, at).left == pytest.approx(hours * 3600, abs=1)


@pytest.mark.parametrize("text", ["", "7", "24:00", "12:60", "7:5", "noon", "07:00:00"])
def test_until_what_is_no_time(text):
    with pytest.raises(DotsbookError, match="time of day"):
        deadline.until(text)


def test_a_time_of_day_holds_though_the_machine_slept(monkeypatch):
    """The monotonic clock stands still in sleep; the one on the wall doesn't."""
    at = deadline.until("07:00", datetime.fromisoformat("2026-03-04 06:00"))
    monkeypatch.setattr(time, "time", lambda: datetime.fromisoformat("2026-03-04 07:01").timestamp())
    assert at.passed()


def test_the_earliest_of_several():
    near, far = deadline.Deadline(1.0), deadline.Deadline(time.monotonic() + 99)
    assert deadline.earliest(None, far, near) is near and near.passed() and not far.passed()
    assert deadline.earliest(None, None) is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_insists(number):
    before, told = signal.getsignal(number), []
    with pytest.raises(KeyboardInterrupt), interruptible(lambda: told.append(1)) as wished:
        assert not wished.is_set()
        os.kill(os.getpid(), number)
        assert wished.wait(1) and told == [1]
        os.kill(os.getpid(), number)
        time.sleep(1)
    assert signal.getsignal(number) == before


def take(seconds):
    from dotsbook.book import Take

    return Take("r1:a", "a", "", round(seconds * 1000), 1000, 0, 0, 0.5, 1, True, {}, b"")


def test_progress_knows_rate_and_time_left(bench):
    now = [0.0]
    jobs = bench.jobs([chunk(number, "x" * 100, chapter=1 + number // 2) for number in range(4)])
    progress = Progress(jobs, lambda: now[0])
    assert progress.rate is None and progress.eta is None and progress.total == 4
    now[0] = 2.0
    assert not progress.add(Done(jobs[0], take(10)))
    assert progress.rate == pytest.approx(5) and progress.eta == pytest.approx(6)
    assert not progress.add(Retried(jobs[1], 1, ("bad",)))
    now[0] = 4.0
    assert (
        not progress.add(Failed(jobs[1], 4, "worse")) and progress.failed == 1
    )  # a chapter with a hole isn't done
    assert progress.add(Done(jobs[2], take(10))) is False
    now[0] = 8.0
    assert progress.add(Done(jobs[3], take(10))) and progress.eta == 0.0 and progress.audio == 30
    assert not progress.add(Done(jobs[3], take(10)))  # made anew
    assert progress.chapters == {1: 1, 2: 0} and progress.done == 3


def test_a_chapter_of_which_only_a_part_is_asked_for_is_not_finished(bench):
    jobs = bench.jobs([chunk(number, chapter=1) for number in range(3)])
    assert not Progress(jobs[:2], missing=jobs).add(Done(jobs[1], take(10)))


def test_the_rate_is_of_the_last_minutes(bench):
    now = [0.0]
    jobs = bench.jobs([chunk(number) for number in range(2000)])
    progress = Progress(jobs, lambda: now[0])
    for index, job in enumerate(jobs):
        now[0] += 1.0
        progress.add(Done(job, take(1 if index < 1000 else 5)))
    assert progress.rate == pytest.approx(5) and len(progress.recent) < 200


def requests(texts):
    return [Request(text, Voice("narrator"), "en", index) for index, text in enumerate(texts)]


def test_a_calibration_measures_and_is_remembered(tmp_path):
    engine = ScriptedEngine(each=lambda request: time.sleep(0.005))
    rate = calibration.calibrate(engine, requests([one.text for one in book(60)]))
    assert 5 < rate.rate < 400 and rate.speeds["en"] == pytest.approx(0.0215, rel=0.2)
    assert calibration.known(tmp_path, "e") is None
    calibration.note(tmp_path, "e", rate)
    calibration.note(tmp_path, "f", calibration.Rate(2.0))
    assert calibration.known(tmp_path, "e") == rate and calibration.known(tmp_path, "f").rate == 2.0
    spoken = [("x" * 1000, "en")]
    audio = calibration.audio_seconds(spoken, rate.speeds)
    assert calibration.expected_seconds(audio, rate) == pytest.approx(1000 * rate.speeds["en"] / rate.rate)


def test_a_calibration_ends_in_time_and_needs_something_to_go_by():
    engine = ScriptedEngine(each=lambda request: time.sleep(0.05))
    began = time.monotonic()
    calibration.calibrate(engine, requests([one.text for one in book(200)]), batch=2, limit=0.3)
    assert time.monotonic() - began < 3
    assert calibration.calibrate(ScriptedEngine(lambda request, times: "error"), requests(["a", "b"])) is None
    assert calibration.calibrate(ScriptedEngine(), []) is None


def test_nothing_measured_is_nothing_expected():
    assert calibration.expected_seconds(1.0, None) is None


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"x": 1}', b"\xff\xfe", b'{"NAME": {"rate": "x"}}', b'{"NAME": []}']
)
def test_a_damaged_cache_is_no_cache(tmp_path, content):
    (tmp_path / calibration.NAME).write_bytes(content.replace(b"NAME", calibration.name_of("e").encode()))
    assert calibration.known(tmp_path, "e") is None
    calibration.note(tmp_path, "e", calibration.Rate(3.0))
    assert calibration.known(tmp_path, "e").rate == 3.0
    assert json.loads((tmp_path / calibration.NAME).read_text())


def test_another_machine_is_another_rate(tmp_path, monkeypatch):
    calibration.note(tmp_path, "e", calibration.Rate(3.0))
    monkeypatch.setattr("platform.node", lambda: "elsewhere")
    assert calibration.known(tmp_path, "e") is None


def test_patience_grows_with_the_batch():
    patience = Patience(first=900, least=120, times=10)
    assert [patience.limit(expected) for expected in (None, 1.0, 60.0)] == [900, 120, 600]


def test_a_mac_is_kept_awake_and_others_left_alone(monkeypatch):
    started = []

    class Program:
        def __init__(self, words, **options):
            started.append(words)

        def terminate(self):
            started.append("ended")

        def wait(self):
            started.append("gone")

    monkeypatch.setattr(subprocess, "Popen", Program)
    with awake.awake():
        pass
    assert bool(started) == (sys.platform == "darwin")
    started.clear()
    monkeypatch.setattr(sys, "platform", "darwin")
    with awake.awake():
        assert started[0][:2] == ["/usr/bin/caffeinate", "-i"] and str(os.getpid()) in started[0]
    assert started[1:] == ["ended", "gone"]
    monkeypatch.setattr(
        subprocess, "Popen", lambda *words, **options: (_ for _ in ()).throw(FileNotFoundError())
    )
    with awake.awake():
        pass


def test_an_interrupt_of_a_real_process_ends_at_a_take(bench, tmp_path):
    code = (
        "import sys, time; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from fakes import *; from dotsbook.render import ledger, write_lock, loop\n"
        "from dotsbook.render.progress import Finished\n"
        "from dotsbook.cli.interrupt import interruptible\n"
        "state = Path(sys.argv[1]); engine = ScriptedEngine(each=lambda request: time.sleep(0.01))\n"
        "with (write_lock.writing(state), ledger.writer(state / 'ledger.db', state / 'takes') as rows,\n"
        "      interruptible() as wish):\n"
        "    jobs = jobs_of(book(400))\n"
        "    for event in loop.render(jobs, engine, rows, state / 'takes', stop=wish.is_set):\n"
        "        last = isinstance(event, Finished)\n"
        "        print(*[event.outcome.stopped] if last else ['done', event.job.key], flush=True)\n"
    )
    here = os.path.dirname(__file__)
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(bench.state), here], stdout=subprocess.PIPE, text=True
        )
        first = process.stdout.readline()
        process.send_signal(number)
        rest, _ = process.communicate(timeout=30)
        lines = [first.strip(), *rest.splitlines()]
        assert process.returncode == 0 and lines[-1] == "interrupted"
        assert {line[5:] for line in lines[:-1]} <= bench.finished().keys()
    assert threading.active_count() < 20 and 0 < len(bench.finished()) < 400
