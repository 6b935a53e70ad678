"""A run as a generator: closed in the middle, on any thread, two at once, stopped by its argument."""

import contextlib
import threading
import time

import pytest
from bench import Bench, told
from fakes import ScriptedEngine, book, jobs_of

from dotsbook.render import audit, ledger, loop, write_lock
from dotsbook.render.health import Verdict
from dotsbook.render.loop import Options
from dotsbook.render.progress import Done, Finished


@contextlib.contextmanager
def running(bench, chunks, engine, **options):
    """The events of a run, under the lock."""
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        yield loop.render(jobs_of(chunks), engine, rows, bench.takes, **options)


def begun_here():
    names = ("engine", "examiner", "writer")
    return [thread for thread in threading.enumerate() if thread.name.startswith(names)]


def gone(seconds=5.0):
    """Whether the threads of a run have ended."""
    until = time.monotonic() + seconds
    while begun_here() and time.monotonic() < until:
        time.sleep(0.01)
    return not begun_here()


def fine(samples, rate, request):
    return Verdict(True, 1.0, {})


def test_the_last_event_is_the_outcome(bench):
    with running(bench, book(20), ScriptedEngine()) as events:
        *before, last = events
    assert isinstance(last, Finished) and last.outcome.complete and last.outcome.done == 20
    assert [type(event) for event in before] == [Done] * 20


def test_nothing_happens_before_the_first_event_is_asked_for(bench):
    engine = ScriptedEngine()
    with running(bench, book(5), engine) as events:
        events.close()
    assert not engine.batches and not bench.finished() and gone()


@pytest.mark.parametrize("slots", [1, 3])
def test_closed_between_two_events_it_leaves_nothing_behind(bench, slots):
    chunks, seen = book(100), []
    engine = ScriptedEngine(each=lambda request: time.sleep(0.002))
    engine.slots = slots
    with (
        running(bench, chunks, engine, examine=fine, options=Options(largest=8)) as events,
        contextlib.closing(events),
    ):
        for event in events:
            seen.append(event.job.key)
            if len(seen) == 20:
                break
    assert gone()
    done = bench.finished()
    assert set(seen) <= done.keys() and len(done) < 100
    with bench.reading() as rows:
        assert not list(audit.audit(rows, bench.takes))
    outcome, again = bench.render(chunks)
    assert outcome.done == 100 - len(done) == sum(again.asked.values())


def test_an_error_of_whoever_listens_ends_the_run(bench):
    def stumble(event):
        raise ZeroDivisionError("in the listener")

    with (
        pytest.raises(ZeroDivisionError),
        running(bench, book(50), ScriptedEngine(), examine=fine) as events,
    ):
        told(events, stumble)
    assert gone() and bench.render(book(50))[0].complete


def test_two_runs_at_once_on_threads_of_their_own(tmp_path):
    benches = [Bench(tmp_path / name / ".dotsbook") for name in ("one", "two", "alone")]
    outcomes = {}

    def work(bench):
        outcomes[bench.state] = bench.render(book(80), examine=fine, options=Options(largest=4))[0]

    threads = [threading.Thread(target=work, args=(bench,)) for bench in benches[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    work(benches[2])
    assert len(outcomes) == 3 and all(outcome.complete for outcome in outcomes.values())
    assert benches[0].pcm() == benches[1].pcm() == benches[2].pcm() and gone()


@pytest.mark.parametrize("how", ["event", "callable"])
def test_it_is_stopped_by_its_argument(bench, how):
    wish = threading.Event()
    engine = ScriptedEngine(each=lambda request: time.sleep(0.002))
    stop = wish if how == "event" else wish.is_set
    outcome, _ = bench.render(book(100), engine, stop=stop, on_event=lambda event: wish.set())
    assert outcome.stopped == "interrupted" and 0 < outcome.done < 100 and gone()


def test_each_take_has_the_rate_of_its_answer(bench):
    class Mixed(ScriptedEngine):
        def speak(self, batch):
            from dataclasses import replace

            for spoken in super().speak(batch):
                yield replace(spoken, rate=8_000 if spoken.request.voice.name == "mara" else None)

    bench.render(book(30), Mixed(), examine=fine)
    rates = {job.voice.name: bench.finished()[job.key].rate for job in bench.jobs(book(30))}
    assert rates == {"narrator": 16_000, "mara": 8_000, "joss": 16_000}
