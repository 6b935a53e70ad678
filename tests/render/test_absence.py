"""An engine that is away for a while: the run waits, shows it, goes on, and no attempt is burnt."""

import threading
import time
from dataclasses import replace

import pytest
from bench import Bench, told
from fakes import VOICES, ScriptedEngine, book, jobs_of

from dotsbook.render import ledger, loop, write_lock
from dotsbook.render.absence import Absence, Waits
from dotsbook.render.deadline import Deadline
from dotsbook.render.health import Verdict
from dotsbook.render.loop import Options
from dotsbook.render.progress import Done, Paused, Resumed
from dotsbook.render.watchdog import Patience
from dotsbook.voices.engine import EngineUnavailable, Spoken

FAST = 200  # seconds of the fake clock in one of ours


def clock():
    return time.monotonic() * FAST


class Away(ScriptedEngine):
    """Away for `seconds` of the fake clock, from the `number`th line on."""

    def __init__(self, number, seconds, retry_after=None, slots=1, each=False):
        super().__init__()
        self.number, self.seconds, self.retry_after = number, seconds, retry_after
        self.slots, self.one_by_one = slots, each
        self.until = None
        self.turned_away = []  # times of the fake clock

    def speak(self, batch):
        for request in batch:
            if self.until is None and sum(self.asked.values()) >= self.number:
                self.until = clock() + self.seconds
            if self.until is not None and clock() < self.until:
                self.turned_away.append(clock())
                error = EngineUnavailable("the server is away", self.retry_after)
                if not self.one_by_one:
                    raise error
                yield Spoken(request, error=error)
                continue
            time.sleep(0.003)
            yield from super().speak([request])


def fine(samples, rate, request):
    return Verdict(True, 1.0, {})


@pytest.mark.parametrize("slots", [1, 3])
@pytest.mark.parametrize("each", [False, True], ids=["the batch", "each line"])
@pytest.mark.parametrize("retry_after", [None, 30.0])
def test_three_minutes_away_in_the_middle_of_a_run(bench, tmp_path, retry_after, each, slots):
    options = Options(
        largest=8, clock=clock, waits=Waits(first=2.0, longest=60.0), patience=Patience(60, 60, 10, 600)
    )
    engine, events = Away(20, 180.0, retry_after, slots, each), []
    outcome, _ = bench.render(book(60), engine, options=options, examine=fine, on_event=events.append)
    assert outcome.complete and outcome.done == 60 and not outcome.doubtful
    assert {take.attempts for take in bench.finished().values()} == {1} and set(engine.asked.values()) == {1}
    paused = [event for event in events if isinstance(event, Paused)]
    [resumed] = [event for event in events if isinstance(event, Resumed)]
    assert len(paused) >= 2 and paused[0].reason == "the server is away" and resumed.seconds > 150
    seconds = [event.seconds for event in paused]
    assert (
        set(seconds) == {30.0}
        if retry_after
        else seconds == [min(2.0 * 2**n, 60) for n in range(len(seconds))]
    )
    kinds = [type(event) for event in events if isinstance(event, Done | Paused | Resumed)]
    assert kinds.index(Paused) > 0 and kinds[-1] is Done
    calm = Bench(tmp_path / "calm" / ".dotsbook")
    calm.render(book(60))
    assert calm.pcm() == bench.pcm()


def test_an_engine_that_is_away_from_the_start(bench):
    engine = Away(0, 60.0)
    outcome, _ = bench.render(book(5), engine, options=Options(clock=clock))
    assert outcome.complete and engine.turned_away


@pytest.mark.parametrize("how", ["stop", "deadline"])
def test_a_pause_can_be_ended(bench, how):
    engine, wish, began = Away(5, 1e9, 3600.0), threading.Event(), time.monotonic()

    def hear(event):
        if isinstance(event, Paused):
            wish.set()

    ends = {"stop": wish} if how == "stop" else {"deadline": Deadline(time.monotonic() + 0.4)}
    outcome, _ = bench.render(book(20), engine, on_event=hear, options=Options(largest=4), **ends)
    assert outcome.stopped == {"stop": "interrupted", "deadline": "deadline"}[how]
    assert 4 <= outcome.done < 20 and outcome.left == 20 - outcome.done and time.monotonic() - began < 5
    with bench.reading() as rows:
        assert not rows.failures()


def test_a_pause_is_ended_by_closing_the_run(bench):
    engine, began = Away(5, 1e9, 3600.0), time.monotonic()

    def hear(event):
        if isinstance(event, Paused):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.render(book(20), engine, on_event=hear)
    assert time.monotonic() - began < 5 and len(bench.finished()) == 5


def test_what_brought_the_engine_down_waits_too(bench):
    """The halves of a batch that died are asked for again as they were."""
    texts = [chunk.text for chunk in book(12)]

    class Both(ScriptedEngine):
        def speak(self, batch):
            self.asked["batches"] += 1
            if self.asked["batches"] == 2:
                raise EngineUnavailable("it starts", 0.05)
            yield from super().speak(batch)

    engine = Both({texts[4]: ["crash"]})
    outcome, _ = bench.render(book(12), engine, restart=lambda: engine)
    assert outcome.complete and {take.attempts for take in bench.finished().values()} == {1}


def test_how_long_is_waited():
    now = [100.0]
    absence = Absence(Waits(first=2.0, longest=10.0, most=100.0), lambda: now[0])
    assert not absence.on and not absence.waiting and absence.end(100.0) is None
    waited = []
    for _ in range(5):
        waited.append(absence.begin(EngineUnavailable("away")))
        assert absence.waiting and absence.begin(EngineUnavailable("away, too")) is None
        before = now[0]
        now[0] += waited[-1]
        assert absence.end(before) is None  # an answer to what was asked before
        assert absence.on and not absence.waiting
    assert waited == [2.0, 4.0, 8.0, 10.0, 10.0]
    assert absence.end(now[0]) == 34.0 and absence.paused == 34.0 and not absence.on
    assert absence.begin(EngineUnavailable("again", 7.0)) == 7.0
    assert absence.begin(EngineUnavailable("and longer", 20.0)) is None
    now[0] += 19
    assert absence.waiting
    now[0] += 2
    assert absence.begin(EngineUnavailable("for a week", 7 * 86400.0)) == 100.0


class OneAway(ScriptedEngine):
    """Mara's engine is away until all that the other has to say is said; then it is there again."""

    def __init__(self, others, slots):
        super().__init__()
        self.others, self.slots, self.waits = others, slots, 0

    def speak(self, batch):
        if batch[0].voice.engine == "b" and self.others:
            self.waits += 1
            raise EngineUnavailable("b is away", 0.02)
        for request in batch:
            self.others.discard(request.text)
            yield from super().speak([request])


@pytest.mark.parametrize("slots", [1, 2])
def test_one_engine_away_does_not_pause_the_voices_of_others(bench, slots):
    chunks = [replace(one, chapter=1 + number // 4) for number, one in enumerate(book(80))]  # 7 windows
    voices = {name: replace(voice, engine="b" if name == "mara" else "a") for name, voice in VOICES.items()}
    others = {one.text for one in chunks if one.voice != "mara"}
    engine, events = OneAway(others, slots), []
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        jobs = jobs_of(chunks, voices)
        outcome = told(
            loop.render(jobs, engine, rows, bench.takes, options=Options(largest=4)), events.append
        )
    assert outcome.complete and outcome.done == 80 and engine.waits > 0
    assert {take.attempts for take in bench.finished().values()} == {1}
    kinds = [(type(event), event.job.chunk.voice if isinstance(event, Done) else "") for event in events]
    assert [voice for kind, voice in kinds if kind is Done and voice == "mara"]
    resumed = next(place for place, (kind, _) in enumerate(kinds) if kind is Resumed)
    assert kinds.index((Paused, "")) < resumed
    assert not [voice for kind, voice in kinds[:resumed] if kind is Done and voice == "mara"]
