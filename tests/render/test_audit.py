import os
import sqlite3

import pytest
from fakes import ScriptedEngine, book

from dotsbook.errors import LedgerError
from dotsbook.render import audit, ledger, store, sweep, write_lock
from dotsbook.render.health import Verdict
from dotsbook.render.review import Review, reviewer

COUNT = 20


def problems(bench):
    with bench.reading() as rows:
        return list(audit.audit(rows, bench.takes))


def writing(bench):
    return ledger.writer(bench.ledger, bench.takes)


def hurt(path, how):
    data = bytearray(path.read_bytes())
    match how:
        case "byte":
            data[len(data) // 2] ^= 1
            path.write_bytes(data)
        case "comment":
            data[60] ^= 1
            path.write_bytes(data)
        case "short":
            path.write_bytes(data[:-1])
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case "folder":
            path.unlink()
            path.mkdir()
        case "other":
            path.write_bytes(path.parent.parent.joinpath(path.parent.name, path.name).read_bytes() + b"\0")


@pytest.mark.parametrize("how", ["byte", "comment", "short", "empty", "gone", "folder", "other"])
def test_every_harm_is_found_and_only_that_take_made_again(bench, how):
    chunks = book(COUNT)
    bench.render(chunks)
    whole = bench.pcm()
    take = bench.finished()[bench.jobs(chunks)[4].key]
    assert problems(bench) == []
    hurt(bench.takes / take.file, how)
    [problem] = problems(bench)
    assert (problem.key, problem.file) == (take.key, take.file)
    assert problem.kind == {"gone": "missing", "folder": "unreadable"}.get(how, "altered") and problem.detail
    with write_lock.writing(bench.state), writing(bench) as rows:
        assert audit.repair(rows, [problem]) == 1
    if how == "folder":
        (bench.takes / take.file).rmdir()
    outcome, engine = bench.render(chunks)
    assert outcome.done == 1 and problems(bench) == [] and bench.pcm() == whole


def test_only_some_can_be_looked_at_and_progress_is_told(bench):
    chunks = book(COUNT)
    bench.render(chunks)
    key = bench.jobs(chunks)[4].key
    (bench.takes / store.file_of(key)).unlink()
    counts = []
    with bench.reading() as rows:
        others = rows.keys() - {key}
        assert not list(audit.audit(rows, bench.takes, others, lambda at, of: counts.append((at, of))))
        assert len(list(audit.audit(rows, bench.takes, [key]))) == 1
    assert counts == [(number, COUNT - 1) for number in range(1, COUNT)]


@pytest.mark.parametrize("how", ["text", "empty", "gone"])
def test_a_lost_ledger_is_made_again_from_the_takes(bench, how):
    chunks = book(COUNT)
    engine = ScriptedEngine({chunks[3].text: ["quiet", "…"]})

    def judge(samples, rate, request):
        good = float(abs(samples).max()) > 0.05
        return Verdict(good, 1.0, {"level": 1.5, "odd": float("nan")}, () if good else ("too quiet",))

    with write_lock.writing(bench.state), writing(bench) as rows:
        rows.bump([bench.jobs(chunks)[8].base, bench.jobs(chunks)[9].base])
    bench.render(chunks, engine, examine=judge)
    before = bench.finished()
    with bench.reading() as rows:
        retakes, figures = rows.retakes(), rows.tentative()
    for suffix in ("-wal", "-shm"):
        bench.ledger.with_name("ledger.db" + suffix).unlink(missing_ok=True)
    if how == "text":
        bench.ledger.write_text("no database at all")
    elif how == "empty":
        bench.ledger.write_bytes(b"")
    else:
        bench.ledger.unlink()
    with pytest.raises(LedgerError):
        bench.render(chunks)
    with write_lock.writing(bench.state):
        aside, found, refused = audit.rebuild(bench.ledger, bench.takes)
    assert found == COUNT and refused == [] and (aside is None) == (how == "gone")
    assert how != "text" or aside.read_text() == "no database at all"
    assert bench.finished() == before and not all(take.healthy for take in before.values())
    with bench.reading() as rows:
        assert rows.retakes() == retakes and rows.tentative() == figures
    outcome, _ = bench.render(chunks)
    assert outcome.done == 0 and outcome.complete


def test_what_people_wanted_survives_a_damaged_ledger(bench):
    chunks = book(COUNT)
    bench.render(chunks)
    base = bench.jobs(chunks)[2].base
    with reviewer(bench.ledger, bench.takes) as review:
        review.retake([base], "mumbled", "Ann")
        review.note(base, base, "too loud")
        review.lock(["b"])
        review.choose(base, base)
        before = [review.requests(), review.notes(), review.locks(), review.choices(), review.history()]
    with sqlite3.connect(bench.ledger) as connection:
        connection.execute("DROP TABLE takes")
    connection.close()
    with pytest.raises(LedgerError):
        bench.render(chunks)
    with write_lock.writing(bench.state):
        _, found, _ = audit.rebuild(bench.ledger, bench.takes)
    with bench.reading() as rows:
        review = Review(rows)
        after = [review.requests(), review.notes(), review.locks(), review.choices(), review.history()]
    assert found == COUNT and after == before


def test_who_spoke_a_take_is_found_again(bench):
    chunks = book(3)
    bench.render(chunks)
    select = "SELECT key, base, made_by, device, machine, version FROM takes ORDER BY key"
    with bench.reading() as rows:
        before = rows.rows(select)
    assert all(row[2] == ScriptedEngine.identity and row[4] and "dotsbook" in row[5] for row in before)
    bench.ledger.unlink()
    with write_lock.writing(bench.state):
        audit.rebuild(bench.ledger, bench.takes)
    with bench.reading() as rows:
        assert rows.rows(select) == before


def test_takes_of_another_engine_are_told_apart(bench):
    chunks = book(4)
    bench.render(chunks)
    needed = [job.key for job in bench.jobs(chunks)][1:]
    with bench.reading() as rows:
        for pinned, other in ((None, False), ([ScriptedEngine.identity], False), (["newer:1"], True)):
            [orphan] = sweep.orphans(bench.takes, rows, needed, pinned=pinned)
            assert orphan.other_engine == other == (ScriptedEngine.identity in orphan.reason)
        (bench.takes / orphan.file).unlink()
        [orphan] = sweep.orphans(bench.takes, rows, needed, pinned=["newer:1"])
        assert orphan.other_engine and orphan.size == 0


def test_what_cannot_be_taken_up_is_named(bench):
    chunks = book(5)
    bench.render(chunks)
    keys = [job.key for job in bench.jobs(chunks)]
    hurt(bench.takes / store.file_of(keys[0]), "short")
    path = bench.takes / store.file_of(keys[1])
    path.rename(path.with_name("f" * 64 + ".flac"))
    (bench.takes / "ab").mkdir(exist_ok=True)
    (bench.takes / "ab" / "notes.flac").write_text("a user's own")
    (bench.takes / "ab" / ".writing-abc.flac").write_text("left over")
    bench.ledger.unlink()
    with write_lock.writing(bench.state):
        _, found, refused = audit.rebuild(bench.ledger, bench.takes)
    named = {os.path.basename(file) for file in refused}
    assert {"f" * 64 + ".flac", "notes.flac"} <= named and ".writing-abc.flac" not in named
    assert found + len(refused) == 6 and len(bench.finished()) == found
    assert bench.render(chunks)[0].complete and problems(bench) == []


def test_a_rebuild_that_dies_leaves_no_half_ledger(bench, monkeypatch):
    bench.render(book(COUNT))
    bench.ledger.unlink()
    monkeypatch.setattr(audit, "GROUP", 4)
    monkeypatch.setattr(audit, "put", lambda rows, group: (_ for _ in ()).throw(RuntimeError("died")))
    with pytest.raises(RuntimeError), write_lock.writing(bench.state):
        audit.rebuild(bench.ledger, bench.takes)
    monkeypatch.undo()
    assert not bench.ledger.exists()
    with write_lock.writing(bench.state):
        assert audit.rebuild(bench.ledger, bench.takes)[1:] == (COUNT, [])
    assert not list(bench.state.glob("*rebuilding*"))


def test_a_take_says_what_it_is(bench):
    chunks = book(3)
    bench.render(chunks)
    job = bench.jobs(chunks)[1]
    take, facts = audit.take_from(bench.takes / store.file_of(job.key), store.file_of(job.key), measure())
    assert take == bench.finished()[job.key]
    assert (facts.text, facts.voice, facts.language, facts.base) == (
        job.chunk.spoken,
        job.voice.name,
        "en",
        job.base,
    )


def measure():
    from dotsbook.measure import measure

    return measure


@pytest.mark.parametrize(
    "note",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"dotsbook": 99, "key": "r1:a"}',
        '{"dotsbook": 1}',
        '{"dotsbook": 1, "key": "a", "more": 2}',
        "\x00",
    ],
)
def test_a_strangers_note_is_refused(note):
    with pytest.raises(LedgerError):
        store.facts_in(note)


def test_a_note_of_any_length_and_letters_survives(tmp_path):
    facts = ledger.Facts(text="塩の道 \ud800 \0 é" * 3000, health={"a": 1.5})
    take = store.write(tmp_path, "r1:" + "a" * 64, noise(), 16_000, facts)
    found, again = audit.take_from(tmp_path / take.file, take.file, measure())
    assert found == take and again.text == facts.text


def noise():
    import numpy as np

    return np.random.default_rng(1).normal(0, 0.1, 3000).astype(np.float32)


# sweep


def test_sweep_finds_what_nothing_needs_and_nothing_else(bench):
    before, after = book(COUNT), book(COUNT)[:15]
    bench.render(before)
    needed = {job.key for job in bench.jobs(after)}
    lost = bench.takes / "ab" / ("ab" + "0" * 62 + ".flac")
    lost.parent.mkdir(exist_ok=True)
    lost.write_bytes(b"x" * 100)
    (bench.takes / "ab" / ".writing-1.flac").write_bytes(b"y" * 50)
    (bench.takes / "ab" / "mine.txt").write_text("not ours")
    with write_lock.writing(bench.state), writing(bench) as rows:
        found = sweep.orphans(bench.takes, rows, needed)
        reasons = [orphan.reason for orphan in found]
        assert reasons.count("no line of the book needs it") == 5 and reasons.count("in no ledger") == 1
        assert reasons.count("left over from an interrupted write") == 1 and len(found) == 7
        assert len(rows.keys()) == COUNT  # a list changes nothing
        assert sweep.remove(bench.takes, rows, found) == sum(orphan.size for orphan in found) > 150
        assert rows.keys() == needed and sweep.orphans(bench.takes, rows, needed) == []
    assert problems(bench) == [] and (bench.takes / "ab" / "mine.txt").exists()
    assert bench.render(after)[0].done == 0


def test_sweep_forgets_rows_whose_files_are_gone(bench):
    bench.render(book(3))
    for path in bench.takes.rglob("*.flac"):
        path.unlink()
    with write_lock.writing(bench.state), writing(bench) as rows:
        found = sweep.orphans(bench.takes, rows, set())
        assert len(found) == 3 and all(orphan.key and not orphan.size for orphan in found)
        assert sweep.remove(bench.takes, rows, found) == 0 and not rows.keys()


def test_sweep_of_nothing(bench):
    with bench.reading() as rows:
        assert sweep.orphans(bench.takes, rows, {"r1:a"}) == []


def test_a_sweep_that_dies_leaves_orphans_and_never_a_hole(bench, monkeypatch):
    from pathlib import Path

    bench.render(book(6))
    needed = {job.key for job in bench.jobs(book(2))}
    real, calls = Path.unlink, []

    def unlink(path, **more):
        calls.append(path)
        if len(calls) == 2:
            raise RuntimeError("died")
        real(path, **more)

    with write_lock.writing(bench.state), writing(bench) as rows:
        found = sweep.orphans(bench.takes, rows, needed)
        monkeypatch.setattr(Path, "unlink", unlink)
        with pytest.raises(RuntimeError):
            sweep.remove(bench.takes, rows, found)
        monkeypatch.undo()
    assert problems(bench) == []
    with write_lock.writing(bench.state), writing(bench) as rows:
        assert {orphan.reason for orphan in sweep.orphans(bench.takes, rows, needed)} == {"in no ledger"}


def test_failures_of_lines_that_are_gone_are_forgettable(bench):
    chunks = book(4)
    bench.render(chunks, ScriptedEngine({chunks[1].text: ["error", "…"], chunks[2].text: ["error", "…"]}))
    keys = [job.key for job in bench.jobs(chunks)]
    with bench.reading() as rows:
        assert sweep.forgettable(rows, [keys[0], keys[1]]) == [keys[2]]


def test_links_are_not_followed(bench, tmp_path):
    bench.render(book(2))
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.flac").write_text("mine")
    (bench.takes / "zz").symlink_to(outside)
    with write_lock.writing(bench.state), writing(bench) as rows:
        sweep.remove(bench.takes, rows, sweep.orphans(bench.takes, rows, set()))
    assert (outside / "precious.flac").exists()
