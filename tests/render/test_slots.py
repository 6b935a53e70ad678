"""Several batches in flight: the same takes and attempts as with one, whatever goes wrong."""

import threading
import time

import pytest
from bench import Bench
from fakes import ScriptedEngine, book, tone

from dotsbook.errors import Hung
from dotsbook.render.health import Verdict
from dotsbook.render.loop import Options
from dotsbook.render.progress import Halved, Restarted
from dotsbook.render.watchdog import Patience
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory

COUNT = 60
QUICK = Options(largest=4, patience=Patience(first=0.6, least=0.6, grace=5.0))


def loud(samples, rate, request):
    peak = float(abs(samples).max())
    good = 0.05 < peak < 0.99
    return Verdict(good, min(1.0, len(samples) / 1e6), {"peak": peak}, () if good else ("level",))


class Wide(ScriptedEngine):
    """Takes several batches at once; a crash or a `close` ends all of them, as the death of a process does."""

    def __init__(self, faults=None, slots=3, pace=0.002, **more):
        super().__init__(faults, each=self.wait, **more)
        self.slots, self.pace = slots, pace
        self.gate = threading.Lock()
        self.now = self.most = 0  # batches in it

    def wait(self, request):
        time.sleep(self.pace)
        if self.closed.is_set():
            raise EngineDied("the process is gone")

    def speak(self, batch):
        with self.gate:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            yield from super().speak(batch)
        except EngineDied:
            self.closed.set()
            raise
        finally:
            with self.gate:
                self.now -= 1


def kept(bench):
    return {key: (take.attempts, take.healthy, take.sha256) for key, take in bench.finished().items()}


def run(bench, slots, script=None, options=QUICK):
    """(outcome, what is kept, events, engines) of the book with an engine whose faults all its copies share."""
    made, events, asked = [], [], {}

    def fault(request, times):
        asked[request.text] = asked.get(request.text, 0) + 1
        names = (script or {}).get(request.text, ())
        if names and names[-1] == "…":
            return names[min(asked[request.text], len(names) - 1) - 1]
        return names[asked[request.text] - 1] if asked[request.text] <= len(names) else None

    def make():
        made.append(Wide(fault, slots))
        return made[-1]

    outcome, _ = bench.render(
        book(COUNT), make(), restart=make, options=options, examine=loud, on_event=events.append
    )
    return outcome, kept(bench), events, made


def test_batches_are_in_flight_together(bench):
    outcome, _, _, [engine] = run(bench, 3)
    assert outcome.complete and engine.most == 3 and len(engine.threads) == 3
    assert set(engine.asked.values()) == {1} and max(map(len, engine.batches)) <= 4


@pytest.mark.parametrize("slots", [2, 5])
def test_slots_change_no_take(bench, tmp_path, slots):
    texts = [chunk.text for chunk in book(COUNT)]
    script = {
        texts[3]: ["quiet"],
        texts[9]: ["quiet", "…"],
        texts[14]: ["clip", "quiet"],
        texts[30]: ["error", "…"],
        texts[31]: ["error"],
        texts[40]: ["mute"],
        texts[52]: ["silence", "nan"],
    }
    one, many = Bench(tmp_path / "one"), Bench(tmp_path / "many")
    first, alone, _, _ = run(one, 1, script)
    second, together, _, _ = run(many, slots, script)
    assert alone == together and one.pcm() == many.pcm()
    assert [(failed.job.key, failed.attempts, failed.error) for failed in first.failed] == [
        (failed.job.key, failed.attempts, failed.error) for failed in second.failed
    ]


@pytest.mark.parametrize("slots", [1, 3])
@pytest.mark.parametrize("times", [["crash"], ["crash", "…"]], ids=["once", "always"])
def test_a_death_costs_only_the_line_that_is_to_blame(bench, slots, times):
    bad = book(COUNT)[33].text
    outcome, takes, events, made = run(bench, slots, {bad: times})
    if times[-1] == "…":
        assert [failed.job.chunk.text for failed in outcome.failed] == [bad] and outcome.failed[
            0
        ].attempts == 4
        assert outcome.done == COUNT - 1
    else:
        assert outcome.complete
    assert {attempts for attempts, _, _ in takes.values()} == {1}
    assert 1 <= sum(isinstance(event, Restarted) for event in events) <= len(made)
    assert len(made) <= 9 and all(engine.closed.is_set() for engine in made[:-1])


@pytest.mark.parametrize("slots", [1, 3])
def test_a_hang_ends_only_its_own_batch(bench, slots):
    bad = book(COUNT)[20].text
    outcome, takes, events, made = run(bench, slots, {bad: ["hang"]})
    assert outcome.complete and {attempts for attempts, _, _ in takes.values()} == {1}
    assert sum(isinstance(event, Restarted) for event in events) == 1 and len(made) == 2


def test_out_of_memory_because_of_others_is_no_attempt(bench):
    class Tight(Wide):
        def speak(self, batch):
            if self.now:
                raise EngineOutOfMemory("two at once are too many")
            yield from super().speak(batch)

    engine, events = Tight(slots=2, pace=0.005), []
    outcome, _ = bench.render(book(20), engine, options=Options(largest=2), on_event=events.append)
    assert outcome.complete and {take.attempts for take in bench.finished().values()} == {1}
    assert any(isinstance(event, Halved) for event in events)


def test_all_batches_share_the_memory(bench):
    engine = Wide(slots=3)
    bench.render(book(COUNT), engine, options=Options(budget=900_000))
    assert all(sum(map(len, batch)) * 1000 <= 300_000 for batch in engine.batches)


def test_one_that_cannot_be_stopped_ends_the_run_and_the_others_keep_what_they_have(bench):
    class Stuck(Wide):
        def close(self):
            """It doesn't listen."""

    bad = book(COUNT)[20].text
    engine = Stuck({bad: ["hang", "…"]}, pace=0.01)
    quick = Options(largest=4, patience=Patience(first=0.3, least=0.3, grace=0.3))
    events = []
    with pytest.raises(Hung, match="run the same command again"):
        bench.render(book(COUNT), engine, options=quick, examine=loud, on_event=events.append)
    engine.closed.set()
    assert 0 < len(bench.finished()) < COUNT and len(events) == len(bench.finished())


def test_an_engines_own_error_ends_the_run_and_the_others_keep_what_they_have(bench):
    texts = [chunk.text for chunk in book(COUNT)]
    engine = Wide({texts[20]: ["quit"]}, pace=0.005)
    told = []
    with pytest.raises(Exception, match="scripted end"):
        bench.render(book(COUNT), engine, options=QUICK, examine=loud, on_event=told.append)
    assert {event.job.key for event in told} == bench.finished().keys()


def test_a_stop_ends_all_batches_at_a_take(bench):
    wish, told = threading.Event(), []
    engine = Wide(pace=0.01)

    def hear(event):
        told.append(event.job.key)
        wish.set()

    outcome, _ = bench.render(book(COUNT), engine, stop=wish, on_event=hear, options=Options(largest=16))
    assert outcome.stopped == "interrupted" and outcome.done == len(told) < COUNT / 2
    assert set(told) == bench.finished().keys()


def test_a_sound_of_one_seed_is_the_same_on_any_thread(bench):
    """What the fakes promise, and these tests stand on."""
    [job] = bench.jobs(book(1))
    from dotsbook.render.cases import Case, Task

    request = Task(Case(job), 1, job.chunk.spoken).request()
    assert (tone(request) == tone(request)).all()
