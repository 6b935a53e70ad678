"""The draft voice: what it speaks with, that it repeats itself, and that a death costs one line."""

import os
import signal
import threading

import numpy as np
import pytest

from dotsbook.errors import VoiceError
from dotsbook.voices import draft
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
    monkeypatch.setattr(draft, "PATIENCE", 2.0)
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
    monkeypatch.setattr(draft, "find_spec", lambda name: None)
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
