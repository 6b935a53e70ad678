"""Retakes asked for by another connection while a render runs are made in that run, before what is left."""

import threading
import time

from fakes import VOICES, ScriptedEngine, book, jobs_of

from dotsbook.render import ledger, loop, write_lock
from dotsbook.render.health import Verdict
from dotsbook.render.loop import Options
from dotsbook.render.progress import Added, Done, Finished, Progress

COUNT = 60


def fine(samples, rate, request):
    return Verdict(True, 1.0, {})


def ask(bench, bases, why="the name"):
    """As another process would."""
    with ledger.writer(bench.ledger, bench.takes) as other:
        other.bump(bases, why)


def listen(bench, chunks, engine, hear, **options):
    """(events, how often requests were looked for) of a run that takes retakes up."""
    looks, events = [], []
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        known = rows.retakes()
        jobs = jobs_of(chunks, retakes=known)

        def renewed():
            looks.append(1)
            now = rows.retakes()
            return [job for job in jobs_of(chunks, retakes=now) if job.retake != known.get(job.base, 0)]

        for event in loop.render(
            jobs, engine, rows, bench.takes, renewed=renewed, options=Options(largest=4), **options
        ):
            events.append(event)
            hear(event)
    return events, len(looks)


def test_a_retake_asked_for_while_it_runs_is_made_in_that_run(bench):
    chunks, done = book(COUNT), []
    lines = {job.key: job for job in jobs_of(chunks)}

    def hear(event):
        if isinstance(event, Done):
            done.append(event.job.key)
            if len(done) == 20:
                ask(bench, [lines[done[3]].base])

    engine = ScriptedEngine(each=lambda request: time.sleep(0.002))
    events, looks = listen(bench, chunks, engine, hear, examine=fine)
    line = lines[done[3]]
    [retake] = [job for job in jobs_of(chunks, retakes={line.base: 1}) if job.retake]
    outcome = events[-1].outcome
    assert outcome.complete and outcome.done == outcome.wanted == COUNT + 1
    assert [event.job.key for event in events if isinstance(event, Added)] == [retake.key]
    assert engine.asked[line.chunk.spoken] == 2 and looks == 2  # at the start, and when something was written
    assert done.index(retake.key) < COUNT - 16  # before what was left
    assert {line.key, retake.key} <= bench.finished().keys()
    again, engine = bench.render(chunks)
    assert again.done == 0 and not engine.batches


def test_one_that_is_asked_for_during_the_last_batch_is_made_too(bench):
    chunks, asked = book(5), []
    line = jobs_of(chunks)[0]

    def hear(event):
        if isinstance(event, Done) and not asked:
            asked.append(ask(bench, [line.base]))

    events, _ = listen(bench, chunks, ScriptedEngine(), hear)
    assert events[-1].outcome.done == 6 and events[-1].outcome.complete


def test_what_was_asked_for_before_the_first_look_is_made_and_nothing_twice(bench):
    chunks = book(20)
    bench.render(chunks)
    lines = jobs_of(chunks)
    told = []

    def hear(event):
        told.append(event)
        if isinstance(event, Done) and len(told) < 4:
            ask(bench, [lines[7].base])  # and again, of what is made just now

    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        jobs = jobs_of(chunks)
        ask(bench, [lines[7].base, lines[8].base])

        def renewed():
            return [job for job in jobs_of(chunks, retakes=rows.retakes()) if job.retake]

        for event in loop.render(jobs, ScriptedEngine(), rows, bench.takes, renewed=renewed):
            hear(event)
    made = [event.job.key for event in told if isinstance(event, Done)]
    assert len(made) == len(set(made)) == 3 and isinstance(told[-1], Finished)
    assert told[-1].outcome.wanted == 23 and told[-1].outcome.complete


def test_without_a_writer_beside_it_nobody_looks_again(bench):
    _, looks = listen(bench, book(COUNT), ScriptedEngine(), lambda event: None)
    assert looks == 1


def test_requests_from_a_thread_that_is_no_part_of_the_run(bench):
    chunks = book(COUNT)
    lines, ready = jobs_of(chunks), threading.Event()

    def reviewer():
        ready.wait(20)
        for line in lines[:3]:
            ask(bench, [line.base])

    beside = threading.Thread(target=reviewer)
    beside.start()
    engine = ScriptedEngine(each=lambda request: time.sleep(0.01))
    events, _ = listen(bench, chunks, engine, lambda event: ready.set(), examine=fine)
    beside.join()
    assert events[-1].outcome.done == COUNT + 3


def test_progress_counts_what_is_added():
    jobs = jobs_of(book(4), VOICES)
    progress = Progress(jobs[:3])
    progress.add(Added(jobs[3]))
    assert progress.total == 4 and progress.chapters == {1: 4}
    progress.add(Added(jobs[3]))
    assert progress.total == 4


def test_one_that_failed_before_goes_on_with_other_seeds(bench):
    chunks = book(5)
    line = jobs_of(chunks)[2]
    bench.render(chunks)
    ask(bench, [line.base])
    bench.render(chunks, ScriptedEngine({line.chunk.spoken: ["error", "…"]}))
    retakes = {line.base: 1}
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        *_, last = loop.render(
            jobs_of(chunks),
            ScriptedEngine(),
            rows,
            bench.takes,
            renewed=lambda: [job for job in jobs_of(chunks, retakes=retakes) if job.retake],
        )
        [retake] = [job for job in jobs_of(chunks, retakes=retakes) if job.retake]
        assert last.outcome.complete and rows.finished([retake.key])[retake.key].attempts == 5
