"""The draft voice: what it speaks with, that it repeats itself, and that a death costs one line."""

import os
import resource
import signal
import threading

import numpy as np
import pytest

from dotsbook.errors import VoiceError
from dotsbook.voices import draft, draft_process, side_by_side
from dotsbook.voices.draft import DraftEngine, born, character, espeak_voice, readable
from dotsbook.voices.engine import EngineDied, Request, Voice

pytest.importorskip("espeakng_loader")
LINE = "The lamp on Sorrel Head had burned for years before anyone thought to count the oil."


@pytest.fixture(scope="module")
def engine():
    engine = DraftEngine()
    yield engine
    engine.close()


def line(number=0, name="mara", text=LINE, language="en", **settings):
    return Request(f"{text} {number}", Voice(name, settings=settings), language, 1, number)


def test_the_same_line_is_the_same_sound_whatever_is_beside_it(engine):
    requests = [line(number, name) for number in range(4) for name in ("mara", "luc")]
    one = [(s.request.tag, s.request.voice.name, s.samples.tobytes()) for s in engine.speak(requests)]
    other = DraftEngine()
    two = [(s.request.tag, s.request.voice.name, s.samples.tobytes()) for s in other.speak(requests[::-1])]
    other.close()
    assert sorted(one) == sorted(two)


def test_the_sound_is_mono_float_and_not_clipped(engine):
    [spoken] = engine.speak([line()])
    assert spoken.samples.dtype == np.float32
    assert spoken.samples.ndim == 1
    assert 3 < len(spoken.samples) / engine.rate < 9
    assert 0.05 < np.abs(spoken.samples).max() < 0.99


def test_characters_differ_and_stay():
    names = [f"voice {number}" for number in range(40)]
    assert len({born(name) for name in names}) == 40
    assert born("mara") == born("mara")
    assert character(Voice("mara", settings={"pitch": 0, "variant": "f3"})).pitch == 0
    assert character(Voice("mara", settings={"pitch": 0, "variant": "f3"})).variant == "f3"
    assert character(Voice("mara", settings={"pitch": 0})).rate == born("mara").rate


def test_settings_are_heard(engine):
    slow, quick = (next(iter(engine.speak([line(rate=rate)]))).samples for rate in (100, 300))
    assert len(slow) > 2 * len(quick)


@pytest.mark.parametrize(
    ("tag", "voice"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("en-US", "en-us"),
        ("en_us", "en-us"),
        ("zh", "cmn"),
        ("zh-Hant-TW", "cmn"),
        ("zh-HK", "yue"),
        ("yue", "yue"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("pt-BR", "pt-br"),
        ("es-MX", "es-419"),
        ("es-ES", "es"),
        ("fr-FR", "fr"),
        ("de-AT", "de"),
        ("la", "la"),
        ("iw", "he"),
        ("xx", None),
    ],
)
def test_languages_find_their_voices(engine, tag, voice):
    assert espeak_voice(tag, engine.know_languages()) == voice


def test_check_refuses_what_it_lacks_and_says_what_it_reads_badly(engine):
    assert engine.check(Voice("mara"), ["en-GB", "de"]) == []
    assert "kanji" in engine.check(Voice("mara"), ["ja"])[0]
    with pytest.raises(VoiceError, match="tlh-XX"):
        engine.check(Voice("mara"), ["tlh-XX"])
    assert any("sa" in remark for remark in engine.check(Voice("mara"), ["en", "sa"]))
    with pytest.raises(VoiceError, match="variant 'q9'"):
        engine.check(Voice("mara", settings={"variant": "q9"}), ["en"])


def test_a_tongue_it_lacks_is_read_by_its_script(engine):
    spoken = list(
        engine.speak([line(1, text="datta dayadhvam", language="sa"), line(2, text="दत्त", language="sa")])
    )
    assert all(answer.error is None for answer in spoken)


def test_kanji_are_hummed_and_kana_kept():
    assert readable("草枕を", "ja") == "んんんんを"
    assert readable("草枕", "zh") == "草枕"


def test_a_death_costs_one_line(engine):
    answers = engine.speak([line(number) for number in range(40)])
    next(answers)
    for worker in tuple(engine.workers):
        os.kill(worker.process.pid, signal.SIGKILL)
    rest = list(answers)
    died = [answer for answer in rest if answer.error]
    assert len(rest) == 39
    assert 1 <= len(died) <= draft.WORKERS
    assert all(isinstance(answer.error, EngineDied) for answer in died)


def test_a_hung_worker_is_ended(engine, monkeypatch):
    monkeypatch.setattr(draft_process, "PATIENCE", 2.0)
    list(engine.speak([line()]))
    for worker in tuple(engine.workers):
        os.kill(worker.process.pid, signal.SIGSTOP)
    answers = list(engine.speak([line(number) for number in range(3)]))
    assert any("said nothing" in str(answer.error) for answer in answers)
    assert any(answer.error is None for answer in answers)


def test_close_ends_a_speak_that_runs():
    engine = DraftEngine()
    threading.Timer(0.2, engine.close).start()
    with pytest.raises(EngineDied):
        list(engine.speak([line(number) for number in range(5000)]))
    with pytest.raises(EngineDied):
        list(engine.speak([line()]))
    engine.close()


def test_leaving_early_leaves_nothing_behind(engine):
    before = threading.active_count()
    answers = engine.speak([line(number) for number in range(500)])
    next(answers)
    answers.close()
    assert threading.active_count() == before


def test_without_espeak_the_line_that_fixes_it_is_said(monkeypatch):
    monkeypatch.setattr(draft_process, "find_spec", lambda name: None)
    with pytest.raises(VoiceError, match=r'pip install "dotsbook\[draft\]"'):
        DraftEngine()


def test_strange_text_is_no_trouble(engine):
    texts = [
        "a\0b",
        "[[h@l'oU]]",
        "<speak>hello</speak>",
        "🙂 hello",
        "x" * 3000,
        "\u202ehello",
        "&amp; %s {0}",
    ]
    answers = list(engine.speak([line(number, text=text) for number, text in enumerate(texts)]))
    assert len(answers) == len(texts)
    assert all(answer.error is None for answer in answers)


# ── whatever goes wrong in a thread comes out of `speak`, and none waits for ever ──

PRETENDER = """
import struct, sys, time
def send(state, data):
    sys.stdout.buffer.write(struct.pack("<BI", state, len(data)) + data)
    sys.stdout.buffer.flush()
def request():
    return sys.stdin.buffer.read(struct.unpack("<I", sys.stdin.buffer.read(4))[0])
HELLO = b'{"version": "0", "rate": 22050, "voices": {"en": "en"}}'
"""


@pytest.fixture
def pretending(tmp_path, monkeypatch):
    """An engine whose worker is another program; PATIENCE is 2 s."""
    engines = []

    def make(behaviour):
        program = tmp_path / "worker.py"
        program.write_text(PRETENDER + behaviour)
        monkeypatch.setattr(draft_process, "PROGRAM", program)
        monkeypatch.setattr(draft_process, "PATIENCE", 2.0)
        engines.append(DraftEngine())
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()
        assert not engine.workers and not engine.idle


def spoken_within(engine, requests, seconds=20.0):
    """The answers, or what was raised; a failure if neither comes in time."""
    found = []

    def run():
        try:
            found.append(list(engine.speak(requests)))
        except Exception as error:  # whatever it is
            found.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert found, "speak waits for ever"
    return found[0]


@pytest.mark.parametrize(
    "error", [ValueError("any"), KeyError("any"), MemoryError(), RuntimeError("any"), ZeroDivisionError()]
)
def test_any_exception_in_a_thread_is_raised_to_who_asked(monkeypatch, error):
    engine = DraftEngine()

    def say(worker, request):
        raise error

    monkeypatch.setattr(engine, "say", say)
    assert spoken_within(engine, [line(number) for number in range(40)]) is error
    engine.close()
    assert not engine.workers


@pytest.mark.parametrize("word", ["pitch", "rate"])
def test_a_setting_that_no_worker_can_be_told_is_raised(word):
    engine = DraftEngine()
    assert isinstance(spoken_within(engine, [line(**{word: object()})]), TypeError)
    assert [answer.error for answer in spoken_within(engine, [line()])] == [None]
    engine.close()


def test_no_thread_can_be_started(monkeypatch):
    engine = DraftEngine()

    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(side_by_side.ThreadPoolExecutor, "submit", lambda *_: start(None))
    with pytest.raises(RuntimeError, match="new thread"):
        list(engine.speak([line()]))
    engine.close()


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("send(0, HELLO); request(); send(1, b'odd')", "nonsense"),
        ("send(0, HELLO); request(); send(9, b'what')", "nonsense"),
        ("send(0, HELLO); request(); sys.stdout.buffer.write(b'x')", "ended"),
        ("send(0, HELLO); request(); time.sleep(60)", "said nothing"),
        ("send(0, HELLO); time.sleep(60)", "said nothing"),  # and never reads
        (
            "send(0, HELLO); request(); sys.stdout.buffer.write(struct.pack('<BI', 1, 100))\n"
            "while True: sys.stdout.buffer.write(b'x'); sys.stdout.buffer.flush(); time.sleep(0.2)",
            "said nothing",  # whole within its time
        ),
    ],
)
def test_a_worker_that_answers_ill_costs_its_line(pretending, behaviour, said):
    engine = pretending(behaviour)
    deaf = "request()" not in behaviour
    [answer] = spoken_within(engine, [line(text=LINE * (1000 if deaf else 1))])  # more than a pipe holds
    assert isinstance(answer.error, EngineDied) and said in str(answer.error)


@pytest.mark.parametrize(
    "behaviour", ["send(0, b'{')", "send(0, b'[]')", "", "time.sleep(60)", "send(2, b'broken')"]
)
def test_a_worker_that_greets_ill_is_raised(pretending, behaviour):
    engine = pretending(behaviour)
    assert isinstance(spoken_within(engine, [line(1), line(2)]), VoiceError | TypeError)


@pytest.mark.parametrize("behaviour", ["time.sleep(60)", "send(0, HELLO); time.sleep(60)"])
def test_close_ends_a_speak_whose_workers_hang(pretending, monkeypatch, behaviour):
    engine = pretending(behaviour)
    monkeypatch.setattr(draft_process, "PATIENCE", 50.0)
    threading.Timer(0.5, engine.close).start()
    assert isinstance(
        spoken_within(engine, [line(number, text=LINE * 1000) for number in range(3)], 10), EngineDied
    )


def test_more_files_open_than_select_can_watch(engine):
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1300:
        pytest.skip("so many files can't be open here")
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        other = DraftEngine()
        assert [answer.error for answer in spoken_within(other, [line()])] == [None]
        other.close()
    finally:
        for descriptor in held:
            os.close(descriptor)


def test_a_voices_character_needs_no_espeak(tmp_path, monkeypatch):
    """Commands that don't speak name voices where the extra isn't installed."""
    from dotsbook.project import open_project
    from dotsbook.voices.catalogue import voice_of

    monkeypatch.setattr(draft_process, "find_spec", lambda name: None)
    (tmp_path / "book.yaml").write_text("title: T\nlanguage: en\nsource: t.md\n")
    assert len(voice_of(open_project(tmp_path), "narrator").fingerprint) == 64
