import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from bench import Bench
from fakes import VOICES, ScriptedEngine, book, chunk, tone

from dotsbook.errors import Hung, OutputError, RenderError, VoiceError
from dotsbook.render import disk
from dotsbook.render.cases import Case, Task
from dotsbook.render.health import Verdict
from dotsbook.render.jobs import seed_for
from dotsbook.render.loop import Options
from dotsbook.render.progress import Done, Failed, Halved, Restarted, Retried
from dotsbook.render.watchdog import Patience
from dotsbook.voices.engine import EngineOutOfMemory, Request, Spoken


class Judge:
    """Bad unless louder than a hiss; better the longer."""

    def __call__(self, samples, rate, request):
        peak = float(abs(samples).max())
        good = 0.05 < peak < 0.99
        return Verdict(good, len(samples) / 1e6, {"peak": peak}, () if good else (f"level {peak:.2f}",))


def halves(text):
    words = text.split()
    return (
        [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])] if len(words) > 5 else [text]
    )


def test_a_book_is_rendered_once_and_then_there_is_nothing_to_do(bench):
    chunks = book(150)
    outcome, engine = bench.render(chunks)
    assert (outcome.done, outcome.failed, outcome.stopped, outcome.left, outcome.complete) == (
        150,
        (),
        None,
        0,
        True,
    )
    assert set(engine.asked.values()) == {1} and len(engine.threads) == 1
    takes = bench.finished()
    assert takes.keys() == {job.key for job in bench.jobs(chunks)}
    assert all(
        (bench.takes / take.file).is_file() and take.healthy and take.attempts == 1 for take in takes.values()
    )
    again, engine = bench.render(chunks)
    assert again.done == 0 and not engine.batches and again.complete


def test_a_take_holds_what_the_engine_said(bench):
    import numpy as np

    bench.render([chunk(0)])
    [job] = bench.jobs([chunk(0)])
    rate, pcm = bench.pcm()[job.key]
    said = tone(Task(Case(job), 1, job.chunk.spoken).request())
    assert rate == 16_000 and np.array_equal(np.frombuffer(pcm, np.int16), (said * 32768).astype(np.int16))


def test_batches_are_of_one_voice_and_like_length_and_start_with_the_first_chapters(bench):
    chunks = book(200)
    place = {one.text: one for one in chunks}
    _, engine = bench.render(chunks, options=Options(largest=8, window=2))
    for batch in engine.batches:
        assert len({place[text].voice for text in batch}) == 1 and len(batch) <= 8
    first = [place[text].chapter for batch in engine.batches[:4] for text in batch]
    assert set(first[:8]) <= {1, 2, 3, 4, 5, 6} and sum(chapter <= 2 for chapter in first) > len(first) / 2
    last = {place[text].chapter: index for index, batch in enumerate(engine.batches) for text in batch}
    assert last[1] < last[5] < last[9]


def test_batch_size_changes_no_sample(bench, tmp_path):
    chunks = book(90)
    bench.render(chunks, options=Options(largest=1))
    one = bench.pcm()
    other = type(bench)(tmp_path / "other")
    other.render(chunks, options=Options(largest=32, window=9))
    assert one == other.pcm()


def test_a_batch_fits_in_the_budget(bench):
    chunks = book(60)
    _, engine = bench.render(chunks, options=Options(budget=300_000))
    assert (
        all(sum(map(len, batch)) * 1000 <= 300_000 for batch in engine.batches) and len(engine.batches) < 30
    )


def test_a_bad_take_is_tried_again_reseeded_with_others_and_the_row_says_so(bench):
    chunks = book(80)
    bad = chunks[12].text
    events = []
    seeds = []
    engine = ScriptedEngine(
        {bad: ["quiet", "clip"]},
        each=lambda request: seeds.append(request.seed) if request.text == bad else None,
    )
    outcome, _ = bench.render(
        chunks, engine, examine=Judge(), on_event=events.append, options=Options(largest=8)
    )
    assert outcome.complete and not outcome.doubtful
    key = bench.jobs(chunks)[12].key
    assert seeds == [seed_for(key, 1), seed_for(key, 2), seed_for(key, 3)]
    take = bench.finished()[key]
    assert take.attempts == 3 and take.healthy and 0.05 < take.health["peak"] < 0.99
    retried = [event for event in events if isinstance(event, Retried)]
    assert [(event.job.key, event.attempt) for event in retried] == [(key, 1), (key, 2)]
    assert all(len(batch) > 1 for batch in engine.batches if bad in batch)


def test_what_stays_bad_is_split_at_a_clause_and_joined(bench):
    chunks = book(10)
    bad = chunks[4].text
    engine = ScriptedEngine({bad: ["quiet", "…"]})
    outcome, _ = bench.render(chunks, engine, examine=Judge(), split=halves)
    assert outcome.complete and not outcome.doubtful and engine.asked[bad] == 4
    take = bench.finished()[bench.jobs(chunks)[4].key]
    parts = [len(tone_of(bench.jobs(chunks)[4], 5, text, part)) for part, text in enumerate(halves(bad))]
    assert take.attempts == 5 and take.healthy and sum(parts) * 0.8 < take.samples < sum(parts) + 4000


def tone_of(job, attempt, text, part):
    return tone(Task(Case(job), attempt, text, part).request())


def test_the_best_of_bad_takes_is_kept_marked_and_listed(bench):
    chunks = book(10)
    bad = chunks[4].text
    events = []
    engine = ScriptedEngine(
        {bad: ["quiet", "loop", "…"]},
        voice=lambda request: tone(request) * (0.1 if request.text == bad else 1),
    )
    outcome, _ = bench.render(chunks, engine, examine=Judge(), on_event=events.append)
    assert (
        outcome.done == 10
        and [done.job.chunk.text for done in outcome.doubtful] == [bad]
        and not outcome.failed
    )
    take = bench.finished()[bench.jobs(chunks)[4].key]
    assert not take.healthy and take.attempts == 4 and take.health["attempt"] == 2  # the longest
    assert [event.reasons for event in events if isinstance(event, Done) and event.reasons]
    again, engine = bench.render(chunks, engine)
    assert again.done == 0


@pytest.mark.parametrize("fault", ["error", "empty", "nan", "inf", "silence", "mute", "oom", "crash"])
def test_what_can_never_be_made_fails_by_name_and_the_run_goes_on(bench, fault):
    chunks = book(40)
    bad = chunks[21].text
    engine = ScriptedEngine({bad: [fault, "…"]})
    events = []
    outcome, _ = bench.render(chunks, engine, restart=lambda: engine, examine=Judge(), on_event=events.append)
    assert outcome.done == 39 and not outcome.complete and outcome.left == 0
    [failed] = outcome.failed
    assert failed.job.chunk.text == bad and failed.attempts == 4 and failed.error
    assert failed in events
    with bench.reading() as ledger:
        [failure] = ledger.failures().values()
    assert (failure.key, failure.chunk, failure.attempts, failure.error) == (
        failed.job.key,
        chunks[21].id,
        4,
        failed.error,
    )
    healed = ScriptedEngine()
    outcome, _ = bench.render(chunks, healed)
    assert outcome.complete and outcome.done == 1
    assert bench.finished()[failure.key].attempts == 5  # a seed that wasn't tried before
    with bench.reading() as ledger:
        assert not ledger.failures()


@pytest.mark.parametrize("fault", ["error", "empty", "nan", "silence", "mute", "crash", "oom"])
def test_what_goes_wrong_once_is_made_the_second_time(bench, fault):
    chunks = book(40)
    engine = ScriptedEngine({chunks[7].text: [fault], chunks[30].text: [fault]})
    outcome, _ = bench.render(chunks, engine, restart=lambda: engine)
    assert outcome.complete and outcome.done == 40


def test_out_of_memory_halves_the_batch_and_stays_small(bench):
    chunks = book(60)
    events = []
    engine = ScriptedEngine(room=250_000)
    outcome, _ = bench.render(chunks, engine, on_event=events.append)
    assert outcome.complete and set(engine.asked.values()) == {1}
    halved = [event for event in events if isinstance(event, Halved)]
    assert 1 <= len(halved) <= 5 and all(take.attempts == 1 for take in bench.finished().values())


def test_out_of_memory_halves_where_the_estimate_does_not_know_batches(bench):
    class Blind(ScriptedEngine):
        def peak_bytes(self, requests):
            return max(len(request.text) for request in requests)

        def speak(self, batch):
            if len(batch) > 5:
                self.batches.append([])
                raise EngineOutOfMemory("more than five")
            yield from super().speak(batch)

    outcome, engine = bench.render(book(60), Blind())
    assert outcome.complete and engine.batches.count([]) <= 4 and max(map(len, engine.batches)) >= 3


def test_a_crash_restarts_the_engine_and_finds_the_culprit(bench):
    chunks = book(60)
    bad = chunks[33].text
    made, events = [], []

    def make():
        made.append(ScriptedEngine({bad: ["crash", "…"]}))
        return made[-1]

    outcome, first = bench.render(chunks, make(), restart=make, on_event=events.append)
    assert outcome.done == 59 and [failed.job.chunk.text for failed in outcome.failed] == [bad]
    assert len([event for event in events if isinstance(event, Restarted)]) == len(made) - 1 or len(made) > 4
    assert all(engine.closed.is_set() for engine in made)
    takes = bench.finished().values()
    assert all(take.attempts == 1 for take in takes)  # nobody else pays
    spoken = sum((engine.asked for engine in made[1:]), first.asked)
    assert all(times <= 8 for text, times in spoken.items() if text != bad)


def test_an_engine_that_only_dies_ends_the_run_with_a_sentence(bench):
    engine = ScriptedEngine(lambda request, times: "crash")
    with pytest.raises(RenderError, match="died 13 times"):
        bench.render(book(100), engine, restart=lambda: engine)
    assert sum(map(len, engine.batches)) < 300


def test_a_dead_engine_without_another_ends_the_run(bench):
    engine = ScriptedEngine({book(9)[3].text: ["crash"]})
    with pytest.raises(RenderError, match="can't be started again"):
        bench.render(book(9), engine)


def test_an_engines_own_error_ends_the_run_and_keeps_what_came_before(bench):
    chunks = book(20)
    engine = ScriptedEngine(lambda request, times: "quit" if sum(engine.asked.values()) == 8 else None)
    with pytest.raises(VoiceError, match="scripted end"):
        bench.render(chunks, engine)
    assert len(bench.finished()) == 7


def test_a_bug_in_an_engine_is_raised_where_it_can_be_told(bench, capfd):
    def stumble(request):
        if engine.asked[request.text] and sum(engine.asked.values()) == 8:
            raise ZeroDivisionError("a bug")

    engine = ScriptedEngine(each=stumble)
    with pytest.raises(ZeroDivisionError):
        bench.render(book(20), engine)
    assert len(bench.finished()) == 7 and "Traceback" not in capfd.readouterr().err


def test_a_hang_is_seen_and_the_engine_restarted(bench):
    chunks = book(12)
    bad = chunks[3].text
    made, events = [], []

    def make():
        made.append(ScriptedEngine({bad: ["hang"]} if not made else None))
        return made[-1]

    quick = Options(patience=Patience(first=0.3, least=0.3, grace=5))
    outcome, _ = bench.render(chunks, make(), restart=make, options=quick, on_event=events.append)
    assert outcome.complete and outcome.done == 12
    assert [type(event) for event in events].count(Restarted) == 1 and len(made) == 2


def test_an_engine_that_cannot_be_stopped_ends_the_run(bench):
    class Stuck(ScriptedEngine):
        def close(self):
            """It doesn't listen."""

    stuck = Stuck(lambda request, times: "hang" if sum(stuck.asked.values()) == 5 else None)
    began = time.monotonic()
    with pytest.raises(Hung, match="run the same command again"):
        bench.render(book(12), stuck, options=Options(patience=Patience(first=0.3, least=0.3, grace=0.2)))
    stuck.closed.set()
    assert time.monotonic() - began < 5 and len(bench.finished()) == 4
    assert bench.render(book(12))[0].done == 8


def test_a_process_with_a_stuck_engine_ends_at_once(bench):
    code = (
        "import sys, time; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from bench import Bench; from fakes import *; from dotsbook.render.loop import Options\n"
        "from dotsbook.render.watchdog import Patience\n"
        "class Stuck(ScriptedEngine):\n"
        "    def close(self): pass\n"
        "patience = Patience(first=0.2, least=0.2, grace=0.1)\n"
        "engine = Stuck(each=lambda request: time.sleep(60))\n"
        "Bench(Path(sys.argv[1])).render(book(5), engine, options=Options(patience=patience))"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, str(bench.state), os.path.dirname(__file__)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1 and "said nothing for" in done.stderr and time.monotonic() - began < 30


def test_a_stop_ends_at_a_take_and_all_that_was_told_stays(bench):
    chunks = book(100)
    wish = threading.Event()
    told = []

    def hear(event):
        told.append(event.job.key)
        if len(told) == 10:
            wish.set()

    engine = ScriptedEngine(each=lambda request: time.sleep(0.002))
    outcome, _ = bench.render(chunks, engine, stop=wish.is_set, on_event=hear)
    assert outcome.stopped == "interrupted" and 10 <= outcome.done < 60 and outcome.left == 100 - outcome.done
    assert set(told) == set(bench.finished()) and len(told) == outcome.done
    assert bench.render(chunks)[0].done == outcome.left


def test_an_interrupt_that_insists_leaves_a_sound_ledger(bench):
    chunks = book(100)
    told = []

    def hear(event):
        told.append(event.job.key)
        if len(told) == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.render(chunks, on_event=hear)
    assert set(told) <= set(bench.finished())
    done = len(bench.finished())
    assert bench.render(chunks)[0].done == 100 - done


def test_a_deadline_ends_the_run(bench):
    from dotsbook.render.deadline import Deadline

    engine = ScriptedEngine(each=lambda request: time.sleep(0.01))
    outcome, _ = bench.render(book(100), engine, deadline=Deadline(time.monotonic() + 0.3))
    assert outcome.stopped == "deadline" and 0 < outcome.done < 100


def test_the_last_take_done_at_the_deadline_is_no_stop(bench):
    outcome, _ = bench.render(book(3), stop=lambda: len(bench.finished()) == 3)
    assert outcome.stopped is None and outcome.complete


def test_identical_lines_get_takes_of_their_own(bench):
    outcome, engine = bench.render([chunk(number, "Yes, of course, she said.") for number in range(6)])
    assert outcome.done == 6 and len({pcm for _, pcm in bench.pcm().values()}) == 6


def test_a_retake_is_rendered_and_the_old_take_stays(bench):
    from dotsbook.render import ledger

    chunks = book(10)
    bench.render(chunks)
    base = bench.jobs(chunks)[3].base
    with ledger.writer(bench.ledger, bench.takes) as open_ledger:
        open_ledger.bump([base], "mumbled")
    outcome, _ = bench.render(chunks)
    assert outcome.done == 1 and len(bench.finished()) == 11


def test_a_full_disk_stops_the_run_between_takes(bench, monkeypatch):
    monkeypatch.setattr("dotsbook.render.loop.ROOM_EVERY", 0.0)
    monkeypatch.setattr(disk, "free", lambda folder: 10**9 if len(bench.finished()) < 8 else 1000)
    with pytest.raises(OutputError, match="too full"):
        bench.render(book(60), options=Options(largest=4))
    assert 8 <= len(bench.finished()) <= 16


def test_failed_is_told_in_order(bench):
    chunks = book(5)
    events = []
    engine = ScriptedEngine({chunks[0].text: ["error"]})
    bench.render(chunks, engine, options=Options(retries=0), on_event=events.append)
    assert len([event for event in events if isinstance(event, Failed)]) == 1 and len(events) == 5


class Stammering(ScriptedEngine):
    """Answers everything twice, and things that it wasn't asked."""

    def speak(self, batch):
        for spoken in super().speak(batch):
            yield spoken
            yield replace(spoken, samples=spoken.samples * np.float32(0.5))
            yield Spoken(Request("Who asked?", VOICES["mara"], "en", 1, tag="nobody"), samples=spoken.samples)
            yield Spoken(replace(spoken.request, tag=None), samples=spoken.samples)


def test_what_was_answered_already_or_not_asked_for_is_not_heard(bench, tmp_path):
    chunks = book(30)
    outcome, _ = bench.render(chunks, Stammering())
    assert outcome.complete and outcome.done == len(chunks)
    calm = Bench(tmp_path / "calm" / ".dotsbook")
    calm.render(chunks)
    assert bench.pcm() == calm.pcm()


def test_what_is_no_mono_sound_is_no_take(bench):
    chunks = book(2)
    outcome, _ = bench.render(chunks, ScriptedEngine(voice=lambda request: tone(request)[:, None]))
    assert [failed.error for failed in outcome.failed] == [
        "the engine gave something that is no mono sound"
    ] * 2
