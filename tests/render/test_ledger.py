import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from fakes import book

from dotsbook import files
from dotsbook.book import Take
from dotsbook.errors import LedgerError, OutputError
from dotsbook.render import ledger as ledgers
from dotsbook.render.ledger import Facts
from dotsbook.render.migrations import MIGRATIONS, migrate
from dotsbook.render.take_rows import NORMED, facts_here, health_json, row_of


def take(number, healthy=True):
    name = f"{number:064x}"
    return Take(
        "r1:" + name,
        f"{name[:2]}/{name}.flac",
        "0" * 64,
        1000,
        16000,
        10,
        900,
        0.5,
        1,
        healthy,
        {"level": -20.5},
        b"\x00" * 40,
    )


def fill(bench, count):
    with ledgers.writer(bench.ledger, bench.takes) as book:
        book.add(
            [
                (take(number, number % 3 > 0), Facts(engine="e", voice="mara", language="en", text="Yes."))
                for number in range(count)
            ]
        )


def test_a_take_comes_back_as_it_went_in(bench):
    fill(bench, 3)
    assert bench.finished()[take(1).key] == take(1)
    with bench.reading() as book:
        assert book.keys() == {take(number).key for number in range(3)}
        assert [brief for _, brief in book.briefed([take(0), take(7)])] == [
            ledgers.Brief(1000 / 16000, False),
            None,
        ]
        assert book.finished([take(2).key, "r1:none"]) == {take(2).key: take(2)}
        assert book.tentative() == {
            take(number).key: (take(number).attempts, {"level": -20.5}) for number in (1, 2)
        }
        assert book.norms() == {}


def test_what_is_known_of_a_take_stands_in_its_row(bench):
    facts = Facts(
        engine="pinned",
        voice="mara",
        base="b",
        retake=2,
        **facts_here("real", {"device": "gpu", "mlx": "0.30"}),
    )
    with ledgers.writer(bench.ledger, bench.takes) as book:
        book.add(
            [(take(1), facts), (take(2), Facts(engine="e", voice="mara")), (take(3), Facts(voice="joss"))]
        )
        assert book.engines_by_voice() == {"mara": {"pinned": 1, "e": 1}, "joss": {"": 1}}
        assert book.engines()[take(1).key] == "pinned" and book.takes_of("b") == [take(1)]
        [row] = book.rows(
            "SELECT base, retake, made_by, device, version FROM takes WHERE key = ?", [take(1).key]
        )
    assert row[:4] == ("b", 2, "real", "gpu") and row[4].endswith(", mlx 0.30")
    assert facts_here("x", {"a device": "cpu", "b device": "gpu"})["device"] == "cpu, gpu"
    assert os.uname().nodename not in facts.machine


def test_a_norm_is_kept_once(bench):
    with ledgers.writer(bench.ledger, bench.takes) as book:
        book.keep_norm("a", {"pace": 1.5})
        book.keep_norm("a", {"pace": 9.0})
        book.add([(replace(take(4), healthy=True, health={NORMED: 1.0}), Facts())])
        assert book.norms() == {"a": {"pace": 1.5}}
        assert book.tentative() == {}


def test_figures_that_are_not_finite_are_null():
    figures = {"a": float("nan"), "b": float("inf"), "c": 1.5}
    assert json.loads(health_json(figures)) == {"a": None, "b": None, "c": 1.5}


def test_many_keys_are_read_at_once_and_few_one_by_one(bench):
    fill(bench, 5000)
    with bench.reading() as book:
        for count in (1, 499, 1200, 4000):
            wanted = [take(number).key for number in range(count)]
            assert book.finished(wanted) == {
                take(number).key: take(number, number % 3 > 0) for number in range(count)
            }


def test_failures_are_kept_until_the_take_is_made(bench):
    with ledgers.writer(bench.ledger, bench.takes) as book:
        book.fail([(take(1).key, "3.4", 4, "silent"), (take(2).key, "3.5", 4, "loops")])
        assert book.failures()[take(1).key].error == "silent"
        book.add([(take(1), Facts())])
        assert list(book.failures()) == [take(2).key]
        book.forgive([take(2).key])
        assert not book.failures()


def test_retakes_count_up_and_say_why(bench):
    with ledgers.writer(bench.ledger, bench.takes) as book:
        book.bump(["a", "b"], "mumbled")
        book.bump(["a"])
        assert book.retakes() == {"a": 2, "b": 1} and book.requests()["b"].why == "mumbled"
        book.restore({"a": 1, "c": 5})
        assert book.retakes() == {"a": 2, "b": 1, "c": 5}


def test_there_need_be_no_ledger_to_read(bench):
    with bench.reading() as book:
        assert book.keys() == set() and book.failures() == {} and book.retakes() == {}
    assert not bench.state.exists()


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_an_older_ledger_is_read_as_it_is_and_migrated_by_the_writer(bench, version):
    bench.state.mkdir(parents=True)
    old = sqlite3.connect(bench.ledger, isolation_level=None)
    for number in range(version):
        MIGRATIONS[number](old)
        old.execute(f"PRAGMA user_version = {number + 1}")
    if version:
        columns = len(old.execute("PRAGMA table_info(takes)").fetchall())
        row = row_of(take(1), Facts(), 0.0)[:columns]
        old.execute(f"INSERT INTO takes VALUES ({','.join('?' * columns)})", row)
    old.close()
    before = bench.ledger.read_bytes()
    with bench.reading() as book:
        assert len(book.finished()) == (version > 0) and book.retakes() == {}
    assert bench.ledger.read_bytes() == before
    with ledgers.writer(bench.ledger, bench.takes) as book:
        book.bump(["a"])
        assert len(book.keys()) == (version > 0)


def test_a_migration_that_dies_leaves_the_version_before(bench, monkeypatch):
    def bad(connection):
        connection.execute("CREATE TABLE half (a)")
        raise sqlite3.OperationalError("died")

    fill(bench, 2)
    monkeypatch.setattr("dotsbook.render.ledger_file.MIGRATIONS", [*MIGRATIONS, bad])
    monkeypatch.setattr("dotsbook.render.migrations.MIGRATIONS", [*MIGRATIONS, bad])
    with pytest.raises(LedgerError):
        ledgers.writer(bench.ledger, bench.takes)
    monkeypatch.undo()
    with ledgers.writer(bench.ledger, bench.takes) as book:
        assert len(book.keys()) == 2 and not book.rows("SELECT name FROM sqlite_schema WHERE name = 'half'")


def test_a_newer_ledger_is_refused_by_name(bench):
    fill(bench, 1)
    with sqlite3.connect(bench.ledger) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.close()
    for opening in (ledgers.reader, ledgers.writer):
        with pytest.raises(LedgerError, match="newer dotsbook.*update"):
            opening(bench.ledger, bench.takes)


@pytest.mark.parametrize("damage", ["text", "half", "header", "middle", "tables", "other"])
def test_a_damaged_ledger_is_a_sentence_with_the_way_out(bench, damage):
    fill(bench, 3000)
    data = bytearray(bench.ledger.read_bytes())
    match damage:
        case "text":
            bench.ledger.write_text("these are no takes\n" * 99)
        case "half":
            bench.ledger.write_bytes(data[: len(data) // 2])
        case "header":
            bench.ledger.write_bytes(b"\xff" * 100 + data[100:])
        case "middle":
            data[4096:] = os.urandom(len(data) - 4096)
            bench.ledger.write_bytes(data)
        case "tables":
            with sqlite3.connect(bench.ledger) as connection:
                connection.execute("DROP TABLE takes")
            connection.close()
        case "other":
            bench.ledger.unlink()
            with sqlite3.connect(bench.ledger) as connection:
                connection.execute("CREATE TABLE recipes (name)")
            connection.close()
    for opening in (ledgers.reader, ledgers.writer):
        with pytest.raises(LedgerError, match="verify --repair"), opening(bench.ledger, bench.takes) as book:
            book.finished()


@pytest.mark.parametrize("loss", ["removed", "emptied"])
def test_a_lost_ledger_beside_takes_is_not_begun_anew(bench, loss):
    bench.render(book(3))
    for suffix in ("-wal", "-shm"):
        bench.ledger.with_name(bench.ledger.name + suffix).unlink(missing_ok=True)
    bench.ledger.unlink()
    if loss == "emptied":
        bench.ledger.touch()
    for opening in (ledgers.reader, ledgers.writer):
        with pytest.raises(LedgerError, match="missing or empty.*verify --repair"):
            opening(bench.ledger, bench.takes)


def test_a_reader_never_waits_for_a_writer_nor_the_writer_for_it(bench):
    fill(bench, 10)
    stop, longest, counts = threading.Event(), [], []

    def read():
        while not stop.is_set():
            began = time.monotonic()
            with bench.reading() as book:
                counts.append(len(book.keys()))
                book.finished([take(1).key])
            longest.append(time.monotonic() - began)

    readers = [threading.Thread(target=read) for _ in range(3)]
    with ledgers.writer(bench.ledger, bench.takes) as book:
        for reader in readers:
            reader.start()
        book.connection.execute("BEGIN IMMEDIATE")
        book.connection.execute("DELETE FROM takes")
        time.sleep(0.2)
        book.connection.execute("ROLLBACK")
        for number in range(10, 60):
            book.add([(take(number), Facts())])
        stop.set()
    for reader in readers:
        reader.join()
    assert max(longest) < 2 and 10 <= min(counts) <= max(counts) <= 60


def test_a_reader_sees_what_a_killed_writer_left_in_the_log(bench):
    code = (
        "import os, sys; from pathlib import Path; from dotsbook.render import ledger; "
        "book = ledger.writer(Path(sys.argv[1]), Path('none')); book.bump(['a']); book.bump(['a']); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(bench.ledger)], timeout=60, check=False)
    assert (bench.state / "ledger.db-wal").stat().st_size > 0
    with bench.reading() as book:
        assert book.retakes() == {"a": 2}


def test_every_commit_is_synced(bench):
    with ledgers.writer(bench.ledger, bench.takes) as book:
        assert book.rows("PRAGMA synchronous") == [(2,)] and book.rows("PRAGMA journal_mode") == [("wal",)]


def test_a_transaction_that_fails_changes_nothing(bench, monkeypatch):
    fill(bench, 2)

    def die(name):
        if name == "row written":
            raise RuntimeError(name)

    with ledgers.writer(bench.ledger, bench.takes) as book:
        monkeypatch.setattr(files, "step", die)
        with pytest.raises(RuntimeError):
            book.forget(book.keys())
        monkeypatch.undo()
        assert len(book.keys()) == 2
        book.bump(["a"])


def test_paths_of_any_kind(tmp_path):
    odd = tmp_path / 'o\'dd "name" %41?#&🎧 é' / ("x" * 200)
    with ledgers.writer(odd / "ledger.db", odd / "takes") as book:
        book.bump(["a"])
    with ledgers.reader(odd / "ledger.db", odd / "takes") as book:
        assert book.retakes() == {"a": 1}


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are Unicode there")
def test_a_name_that_is_no_utf8(tmp_path):
    odd = tmp_path / os.fsdecode(b"caf\xe9")
    with ledgers.writer(odd / "ledger.db", odd / "takes") as book:
        book.bump(["a"])
    with ledgers.reader(odd / "ledger.db", odd / "takes") as book:
        assert book.retakes() == {"a": 1}


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "state").write_text("no folder")
    with pytest.raises(OutputError, match="state"):
        ledgers.writer(tmp_path / "state" / "ledger.db", tmp_path / "takes")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(bench):
    fill(bench, 2)
    bench.state.chmod(0o555)
    try:
        with bench.reading() as book:
            assert len(book.keys()) == 2
        bench.ledger.chmod(0o444)
        with pytest.raises(OutputError, match="allow"):
            ledgers.writer(bench.ledger, bench.takes).bump(["a"])
    finally:
        bench.state.chmod(0o755)


def test_a_copy_of_the_folder_is_the_same_ledger(bench, tmp_path):
    bench.render(book(5))
    shutil.copytree(bench.state.parent, tmp_path / "copy")
    assert type(bench)(tmp_path / "copy" / ".dotsbook").render(book(5))[0].done == 0


def test_migrations_run_once(bench):
    fill(bench, 1)
    with ledgers.writer(bench.ledger, bench.takes) as book:
        migrate(book.connection)
        assert book.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]


def test_a_hundred_thousand_rows_are_read_at_once(bench):
    fill(bench, 100_000)
    with bench.reading() as book:
        began = time.process_time()
        assert (
            all(brief for _, brief in book.briefed(map(take, range(100_000)))) and len(book.keys()) == 100_000
        )
        book.finished([take(number).key for number in range(0, 2000)])
        assert time.process_time() - began < 2.0
