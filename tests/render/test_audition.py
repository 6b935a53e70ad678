"""What is auditioned is what will be heard, and nobody waits for an engine that hangs."""

import threading
import time

import pytest
from bench import Bench
from fakes import RATE, VOICES, ScriptedEngine, book, chunk

from dotsbook.errors import Hung, RenderError, VoiceError
from dotsbook.render.audition import WatchedEngine, request_as_rendered, speak_once
from dotsbook.render.calibration import calibrate
from dotsbook.render.jobs import seed_for
from dotsbook.render.watchdog import Patience
from dotsbook.voices.engine import Request, Voice

SHORT = Patience(first=0.3, least=0.3, times=10.0, grace=0.5)


def as_rendered(text, voice=VOICES["narrator"], seed=42, **more):
    return request_as_rendered(text, voice, "en", identity=ScriptedEngine.identity, seed=seed, **more)


def test_it_is_the_request_of_a_renders_first_attempt(bench: Bench):
    asked = []
    chunks = [*book(30), chunk(30, "Twice."), chunk(31, "Twice.")]
    bench.render(chunks, ScriptedEngine(each=asked.append))
    wanted = {(request.text, request.seed) for request in asked}
    heard = [as_rendered(one.spoken, VOICES[one.voice]) for one in chunks[:31]]
    heard.append(as_rendered("Twice.", occurrence=1))
    assert {(request.text, request.seed) for request in heard} == wanted and len(wanted) == 32
    [job] = [job for job in bench.jobs(chunks, {bench.jobs(chunks)[0].base: 2}) if job.retake]
    assert as_rendered(job.chunk.spoken, retake=2).seed == seed_for(job.key, 1)


def test_seed_0_is_a_seed():
    seeds = {as_rendered("Yes.", seed=seed).seed for seed in (0, 42)}
    assert len(seeds) == 2
    own = Voice("mara", settings={"seed": 0}, fingerprint="narrator")
    assert as_rendered("Yes.", own, seed=42).seed == as_rendered("Yes.", seed=0).seed
    assert as_rendered("Yes.", own, seed=42, chosen=7).seed == as_rendered("Yes.", seed=7).seed
    assert as_rendered("Yes.", seed=42, chosen=0).seed == as_rendered("Yes.", seed=0).seed


def test_answers_come_in_their_order_with_their_rate():
    engine = ScriptedEngine()
    asked = [as_rendered(text) for text in ("One.", "Two.", "One.")]
    answers = speak_once(engine, asked)
    assert [spoken.request for spoken, _ in answers] == asked
    assert {rate for _, rate in answers} == {RATE} and not engine.closed.is_set()


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("error", VoiceError, "a scripted error"),
        ("quit", VoiceError, "a scripted end"),
        ("crash", VoiceError, "a scripted crash"),
        ("mute", RenderError, "no answer for 'One.'"),
        ("hang", RenderError, "said nothing for 0 seconds and was ended"),
    ],
)
def test_what_goes_wrong_is_a_sentence(fault, kind, words):
    with pytest.raises(kind, match=words):
        speak_once(ScriptedEngine({"One.": [fault, "…"]}), [as_rendered("One.")], SHORT)


def test_any_exception_of_an_engine_is_raised():
    def each(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        speak_once(ScriptedEngine(each=each), [as_rendered("One.")], SHORT)


def test_one_that_cannot_be_stopped_is_told_of():
    free = threading.Event()
    engine = ScriptedEngine(each=lambda request: free.wait(20))
    start = time.monotonic()
    with pytest.raises(Hung):
        speak_once(engine, [as_rendered("One.")], SHORT)
    assert time.monotonic() - start < 5 and engine.closed.is_set()
    free.set()


def test_measuring_has_an_end_too():
    lines = [
        Request(f"Line {number} of a long book.", VOICES["narrator"], "en", number) for number in range(9)
    ]
    with WatchedEngine(ScriptedEngine(), SHORT) as engine:
        calibrate(engine, lines)
    assert len(engine.engine.threads) == 1  # an engine may be bound to its thread
    with (
        WatchedEngine(ScriptedEngine({lines[3].text: ["hang"]}), SHORT) as engine,
        pytest.raises(RenderError, match="said nothing"),
    ):
        calibrate(engine, lines)


def test_a_batch_left_early_speaks_into_no_other():
    with WatchedEngine(ScriptedEngine(), SHORT) as engine:
        answers = engine.speak([as_rendered(f"{number}.") for number in range(5)])
        next(answers)
        answers.close()
        assert [spoken.request.text for spoken in engine.speak([as_rendered("After.")])] == ["After."]
