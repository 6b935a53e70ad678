"""What people want of lines, written beside a render, whatever dies."""

import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from fakes import ScriptedEngine, book

from dotsbook import files
from dotsbook.errors import DotsbookError, LedgerError
from dotsbook.render import ledger, write_lock
from dotsbook.render.migrations import MIGRATIONS
from dotsbook.render.review import Review, reviewer

WRITE = (
    "import sys; from pathlib import Path; from dotsbook import files; from dotsbook.render.review import reviewer\n"
    "state = Path(sys.argv[1])\n"
    "def reviewing(): return reviewer(state / 'ledger.db', state / 'takes')\n"
)


def writing(bench, code: str, *arguments: str) -> subprocess.Popen:
    """Another process that writes the review with `code`."""
    words = [sys.executable, "-c", WRITE + code, str(bench.state), *arguments]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def reviewing(bench):
    return lambda: reviewer(bench.ledger, bench.takes)


def test_what_is_written_is_read_again(bench, reviewing):
    bench.render(book(3))
    one, other, third = (job.base for job in bench.jobs(book(3)))
    with reviewing() as review:
        assert review.retake([one], "mumbled", "Ann") == []
        note = review.note(one, one, "too loud", "noise", 1.5, "Ann")
        review.note(other, "", "lovely")
        review.approve([(one, one), (other, other)], "Bo")
        review.withdraw([one, "gone"], "Bo")
        review.lock([third], "Ann")
        assert (
            review.resolve_note(note, "Bo") and not review.resolve_note(note) and not review.resolve_note(99)
        )
    with bench.reading() as rows:
        review = Review(rows)
        assert review.requests()[one].why == "mumbled" and review.requests()[one].by == "Ann"
        assert [(found.text, found.second, found.resolved_by) for found in review.notes()] == [
            ("too loud", 1.5, "Bo"),
            ("lovely", None, ""),
        ]
        assert [found.text for found in review.notes(open_only=True)] == ["lovely"]
        assert list(review.approvals()) == [other] and list(review.locks()) == [third]
        assert rows.review_counts() == (1, 1, 1) and rows.review_counts([one]) == (0, 0, 0)
        assert [change.what for change in review.history()] == [
            "retake", "note", "note", "approve", "approve", "withdraw", "lock", "resolve"
        ]  # fmt: skip
        assert [change.by for change in review.history(one)] == ["Ann", "Ann", "Bo", "Bo", "Bo"]


def test_a_locked_line_is_not_made_anew(bench, reviewing):
    with reviewing() as review:
        review.lock(["b"], "Ann")
        assert review.retake(["a", "b", "b"]) == ["b"] and review.requests().keys() == {"a"}
        review.unlock(["b"])
        assert review.retake(["b"]) == [] and not review.locks()


def test_a_chosen_take_stands_for_its_line_until_another_is_asked_for(bench, reviewing):
    chunks = book(3)
    bench.render(chunks)
    first = bench.jobs(chunks)[1].key
    with reviewing() as review:
        review.retake([first])
        with pytest.raises(LedgerError, match="no take"):
            review.choose(first, "r1:nothing")
    bench.render(chunks)
    with reviewing() as review:
        review.approve([(first, review.ledger.takes_of(first)[1].key)])
        review.choose(first, first, "Ann")
    plain = bench.all_jobs(chunks)
    with bench.reading() as rows:
        chosen = plain.with_retakes(rows.retakes(), rows.choices())
        assert (
            [job.key for job in chosen][1]
            == first
            != [job.key for job in plain.with_retakes(rows.retakes())][1]
        )
    with reviewing() as review:
        review.choose(first, None)
        assert not review.choices()
        review.choose(first, first)
        review.retake([first])
        assert not review.choices() and not review.approvals()
        review.choose(first, first)
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        rows.forget([first])
        assert rows.choices() == {} and Review(rows).choices().keys() == {first}


def test_a_reviewer_can_write_nothing_else(bench, reviewing):
    bench.render(book(2))
    with reviewing() as review:
        for harm in (review.ledger.forget, review.ledger.forgive):
            with pytest.raises(DotsbookError):
                harm(review.ledger.keys())
        with pytest.raises(DotsbookError):
            review.ledger.rows("DROP TABLE takes")
        review.lock(["a"])
    assert len(bench.finished()) == 2


def test_the_history_is_only_added_to(reviewing):
    with reviewing() as review:
        review.lock(["a"])
        for harm in ("DELETE FROM history", "UPDATE history SET by = 'someone'"):
            with pytest.raises(DotsbookError):
                review.ledger.rows(harm)
        assert len(review.history()) == 1


def test_a_note_of_no_known_kind_is_refused(reviewing):
    with reviewing() as review, pytest.raises(ValueError, match="category"):
        review.note("a", "", "odd", "nonsense")


def test_two_processes_write_while_a_render_commits(bench):
    code = (
        "for number in range(60):\n"
        "    with reviewing() as review:\n"
        "        review.retake([f'{sys.argv[2]}{number}'], 'why', sys.argv[2]); review.note('same', '', str(number))\n"
    )
    bench.render(book(1))
    others = [writing(bench, code, name) for name in "ab"]
    outcome, _ = bench.render(book(300), ScriptedEngine(each=lambda request: time.sleep(0.005)))
    assert [other.wait(60) for other in others] == [0, 0]
    assert outcome.done == 299 and len(bench.finished()) == 300
    with bench.reading() as rows:
        assert rows.retakes() == {f"{name}{number}": 1 for name in "ab" for number in range(60)}
        assert len(Review(rows).notes()) == 120 and len(Review(rows).history()) == 240


@pytest.mark.parametrize(("step", "kept"), [("row begun", 0), ("row written", 0), ("row committed", 1)])
def test_a_killed_reviewer_leaves_all_of_a_change_or_none(bench, step, kept):
    code = (
        "import os, signal\n"
        "with reviewing() as review:\n"
        "    review.lock(['before'])\n"
        "    files.step = lambda name: name == sys.argv[2] and os.kill(os.getpid(), signal.SIGKILL)\n"
        "    review.retake(['a', 'b'], 'why')\n"
    )
    bench.render(book(2))
    assert writing(bench, code, step).wait(60) == -9
    with bench.reading() as rows:
        assert len(rows.retakes()) == len(Review(rows).history()) - 1 == 2 * kept
    began = time.monotonic()
    assert bench.render(book(4))[0].done == 2 and time.monotonic() - began < 5
    with reviewer(bench.ledger, bench.takes) as review:
        assert review.retake(["before", "a"]) == ["before"]


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_an_older_ledger_is_migrated_under_the_lock(bench, reviewing, version):
    bench.state.mkdir(parents=True)
    old = sqlite3.connect(bench.ledger, isolation_level=None)
    for number in range(version):
        MIGRATIONS[number](old)
        old.execute(f"PRAGMA user_version = {number + 1}")
    old.close()
    with reviewing() as review:
        review.lock(["a"])
        assert list(review.locks()) == ["a"]


def test_there_need_be_no_ledger_to_write(bench, reviewing):
    with reviewing() as review:
        review.note("a", "", "begin slower")
        assert not write_lock.held(bench.state)
    with bench.reading() as rows:
        assert len(Review(rows).notes()) == 1


def test_the_ledger_is_waited_for_while_a_render_makes_it(bench, reviewing):
    held = threading.Event()

    def make():
        with write_lock.writing(bench.state):
            held.set()
            time.sleep(0.5)
            with ledger.writer(bench.ledger, bench.takes):
                time.sleep(1.0)

    maker = threading.Thread(target=make)
    maker.start()
    held.wait(10)
    with reviewing() as review:
        review.lock(["a"])
        assert write_lock.held(bench.state)
    maker.join()


def test_a_lost_ledger_beside_takes_is_not_begun_anew(bench, reviewing):
    bench.render(book(2))
    for suffix in ("", "-wal", "-shm"):
        bench.ledger.with_name(bench.ledger.name + suffix).unlink(missing_ok=True)
    with pytest.raises(LedgerError, match="verify --repair"), reviewing():
        pass


def test_a_render_does_not_wait_for_a_reviewer_who_stays(bench, reviewing):
    with reviewing() as review:
        review.lock(["a"])
        assert bench.render(book(5))[0].done == 5
        review.unlock(["a"])


def test_a_change_dies_with_an_error_in_it(reviewing, monkeypatch):
    def fail(name):
        if name == "row written":
            raise OSError("gone")

    with reviewing() as review:
        with monkeypatch.context() as patch, pytest.raises(OSError):
            patch.setattr(files, "step", fail)
            review.approve([("a", "b")])
        assert not review.approvals() and not review.history()
