"""Takes are judged beside the render: nobody waits for a slow judge, and no timing changes what is kept."""

import random
import threading
import time
from collections import Counter

import pytest
from bench import Bench
from fakes import ScriptedEngine, book

from dotsbook.render.health import Verdict
from dotsbook.render.loop import Options
from dotsbook.render.progress import Done


class Slow:
    """Takes its time; bad as the seed has it, the better the longer."""

    def __init__(self, seconds, spread=0.0):
        self.seconds, self.spread = seconds, spread
        self.gate = threading.Lock()
        self.now = self.most = 0
        self.threads = Counter()

    def __call__(self, samples, rate, request):
        with self.gate:
            self.now += 1
            self.most = max(self.most, self.now)
            self.threads[threading.current_thread().name] += 1
        time.sleep(self.seconds + random.random() * self.spread)
        with self.gate:
            self.now -= 1
        good = request.seed % 3 > 0
        return Verdict(
            good, 1.0 if good else 0.1 + request.seed % 100 / 200, {}, () if good else ("its seed",)
        )


def halves(text):
    words = text.split()
    return [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]


def test_judging_goes_on_beside_the_engine(bench):
    """Forty lines of 20 ms each, judged for 60 ms: one after the other they would take 3.2 s."""
    engine, judge = ScriptedEngine(each=lambda request: time.sleep(0.02)), Slow(0.06)
    began = time.monotonic()
    outcome, _ = bench.render(
        book(40), engine, examine=judge, options=Options(largest=8, retries=0, examiners=4)
    )
    assert outcome.done == 40 and 2 <= judge.most <= 4 and set(judge.threads) == {"examiner"}
    assert time.monotonic() - began < 2.4


def test_what_is_spoken_does_not_pile_up_before_a_judge_that_is_behind(bench):
    ahead = []
    judge = Slow(0.02)

    def fast(request):
        ahead.append(sum(engine.asked.values()) - sum(judge.threads.values()))

    engine = ScriptedEngine(each=fast)
    bench.render(book(120), engine, examine=judge, options=Options(largest=8, retries=0, examiners=1))
    assert max(ahead) <= 2 * 8 + 1


@pytest.mark.parametrize("examiners", [1, 4])
@pytest.mark.parametrize("slots", [1, 3])
def test_no_timing_changes_what_is_kept(bench, tmp_path, examiners, slots):
    def kept(place, judge, **options):
        engine = ScriptedEngine()
        engine.slots = slots
        place.render(book(60), engine, examine=judge, split=halves, options=Options(**options))
        return {
            key: (take.attempts, take.healthy, take.health, take.sha256)
            for key, take in place.finished().items()
        }

    quick = kept(Bench(tmp_path / "quick" / ".dotsbook"), Slow(0.0), largest=32, examiners=1)
    slow = kept(bench, Slow(0.0, 0.02), largest=4, examiners=examiners)
    assert quick == slow and len({attempts for attempts, *_ in quick.values()}) > 2


def test_a_judge_that_fails_ends_the_run_and_keeps_what_was_judged(bench):
    calls = []

    def stumble(samples, rate, request):
        calls.append(1)
        if len(calls) == 9:
            raise ZeroDivisionError("in the judge")
        return Verdict(True, 1.0, {})

    told = []
    with pytest.raises(ZeroDivisionError, match="in the judge"):
        bench.render(book(60), examine=stumble, options=Options(largest=4, examiners=1), on_event=told.append)
    assert len(told) == len(bench.finished()) >= 8


def test_what_is_spoken_before_a_stop_is_judged_and_kept(bench):
    wish, told = threading.Event(), []

    def hear(event):
        told.append(event)
        wish.set()

    engine = ScriptedEngine(each=lambda request: time.sleep(0.002))
    outcome, _ = bench.render(
        book(60),
        engine,
        examine=Slow(0.03),
        stop=wish,
        on_event=hear,
        options=Options(largest=16, retries=0, examiners=2),
    )
    assert outcome.stopped == "interrupted" and 1 < outcome.done < 60
    assert {event.job.key for event in told if isinstance(event, Done)} == bench.finished().keys()
    assert outcome.done == sum(engine.asked.values())


def test_a_judge_that_never_answers_holds_up_no_stop_for_long(bench):
    from dotsbook.render.watchdog import Patience

    release, wish = threading.Event(), threading.Event()

    def stuck(samples, rate, request):
        wish.set()
        release.wait(30)
        return Verdict(True, 1.0, {})

    began = time.monotonic()
    outcome, _ = bench.render(
        book(10), examine=stuck, stop=wish, options=Options(patience=Patience(grace=0.3), examiners=1)
    )
    release.set()
    assert outcome.stopped == "interrupted" and outcome.left == 10 and time.monotonic() - began < 5
