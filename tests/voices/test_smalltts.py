"""The engine `smalltts`, on four graphs of a few nodes with the real ones' inputs and outputs."""

import numpy as np
import pytest

from dotsbook.audio import write_flac
from dotsbook.errors import VoiceError
from dotsbook.voices.catalogue import voice_on_hub
from dotsbook.voices.engine import Request, Voice, facts_of
from dotsbook.voices.smalltts import SmallttsEngine, fingerprint, seconds_for, texts_within
from dotsbook.voices.smalltts_parts import (
    EVENTS,
    NUMBERS,
    numbers_of_text,
    rotary_angles,
    signal_and_noise,
    times,
)
from dotsbook.voices.spec import EngineSetup
from dotsbook.voices.syllables import RATE, draw
from tests.voices.tiny_onnx import smalltts_folder

pytest.importorskip("espeakng_loader")
pytest.importorskip("onnxruntime")
WORDS = "The lamp on the hill had burned, it is said, for a hundred years."
LINES = ["The oil was never counted.", "No [laughter] never.", "Who counts it?"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return smalltts_folder(tmp_path_factory.mktemp("smalltts"))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    place = tmp_path_factory.mktemp("recordings")
    for name, loud in (("mara", 1.0), ("luc", 0.5)):
        write_flac(place / f"{name}.flac", draw("mara", WORDS, 1) * np.float32(loud), RATE)
    return place


@pytest.fixture
def engine(folder, tmp_path):
    engine = SmallttsEngine(EngineSetup(str(folder), {"non_commercial": True}, tmp_path))
    yield engine
    engine.close()


@pytest.fixture
def mara(recordings):
    return Voice("mara", recordings / "mara.flac", WORDS, "en", {"tempo": 1.0})


def spoken(engine, *requests):
    return {one.request.text: one.samples for one in engine.speak(requests)}


def test_a_line_is_the_same_whatever_is_beside_it(engine, mara):
    requests = [Request(text, mara, "en", 7) for text in LINES]
    together, backwards = spoken(engine, *requests), spoken(engine, *requests[::-1])
    assert all(together[text].tobytes() == backwards[text].tobytes() for text in LINES)
    other = spoken(engine, Request(LINES[0], mara, "en", 8))[LINES[0]]
    assert len(other) == len(together[LINES[0]]) and not np.array_equal(other, together[LINES[0]])


def test_the_recording_is_heard(engine, mara, recordings):
    luc = Voice("luc", recordings / "luc.flac", WORDS, "en", {"tempo": 1.0})
    one, two = (spoken(engine, Request(LINES[0], voice, "en", 7))[LINES[0]] for voice in (mara, luc))
    assert not np.array_equal(one, two[: len(one)])
    assert fingerprint(mara) != fingerprint(luc)


def test_the_length_follows_how_the_recording_speaks(engine, mara, recordings):
    speed = engine.speed_of(mara)
    assert 10 < speed < 20
    sound = spoken(engine, Request(LINES[0], mara, "en", 7))[LINES[0]]
    assert len(sound) / engine.rate == pytest.approx(len(LINES[0]) / speed, abs=0.07)
    unsaid = Voice("a", recordings / "mara.flac", None, "en", {"tempo": 1.0})
    assert engine.speed_of(unsaid) == 11.5
    assert engine.speed_of(Voice("a", recordings / "mara.flac", None, "en", {"tempo": 2.0, "speed": 9})) == 18
    assert seconds_for("No.", 11.5) == 0.5 and seconds_for("x" * 1000, 11.5) == 30.0
    assert seconds_for("No [sigh] no.", 10.0) == pytest.approx(seconds_for("No  no.", 10.0) + 0.8)


def test_long_lines_are_spoken_in_pieces(engine, mara):
    text = "He counted the oil, and then he counted it again. " * 20
    pieces = texts_within(text, 11.5)
    assert len(pieces) > 2 and all(len(piece) <= 310 for piece in pieces)
    assert " ".join(pieces) == text.strip()
    assert "".join(texts_within("x" * 900, 11.5)) == "x" * 900
    assert len(spoken(engine, Request(text, mara, "en", 7))[text]) / engine.rate > 40


def test_it_is_opted_into(folder, tmp_path, mara):
    engine = SmallttsEngine(EngineSetup(str(folder), {}, tmp_path))
    with pytest.raises(VoiceError, match="may not be used commercially.*non_commercial: true"):
        engine.check(mara, ["en"])


def test_the_licence_is_said_and_noted(engine, mara):
    assert "may not be used commercially" in engine.check(mara, ["en"])[0]
    assert facts_of(engine)["licence"] == "CC-BY-NC 4.0"
    spec, files = voice_on_hub("smalltts")
    assert spec.name == "smalltts" and "may not be used commercially" in files.warning


def test_what_it_refuses(engine, mara, tmp_path):
    for voice, languages, words in (
        (Voice("a", settings={"tempo": 1.0}), ["en"], "needs a `reference:`"),
        (mara, ["de"], "speaks en, and no de"),
    ):
        with pytest.raises(VoiceError, match=words):
            engine.check(voice, languages)
    [answer] = engine.speak([Request("…", mara, "en", 1)])
    assert "finds nothing to say" in str(answer.error)
    lacking = SmallttsEngine(EngineSetup(str(tmp_path), {"non_commercial": True}, tmp_path))
    with pytest.raises(VoiceError, match="There is no .*condition_encoder.onnx"):
        lacking.check(mara, ["en"])


def test_text_as_numbers():
    said = {"No ": "nˈoʊ", " never.": "nˈɛvɚ."}
    numbers = numbers_of_text("No [laughter] never.", lambda text: said[text])
    laugh = NUMBERS["laughter"]
    assert numbers == [
        *(NUMBERS[mark] for mark in "nˈoʊ"), *[laugh] * 4, *(NUMBERS[mark] for mark in "nˈɛvɚ ."),
    ]  # fmt: skip
    assert len(EVENTS) == 23 and NUMBERS[";"] == 1 and NUMBERS["babble"] == 175
    assert numbers_of_text("[nothing]", lambda text: text) == [NUMBERS[mark] for mark in "nothing"]


def test_the_schedule_goes_from_noise_to_signal():
    assert times() == pytest.approx([1, 2 / 3, 1 / 3, 0])
    signals = [signal_and_noise(time)[0] for time in times()]
    assert signals[0] < 1e-4 and signals[-1] > 0.9999 and signals == sorted(signals)
    signal, noise = signal_and_noise(0.5)  # equal shares, shifted by log 1/4
    assert signal**2 == pytest.approx(0.2) and signal**2 + noise**2 == pytest.approx(1)
    angles = rotary_angles(3)
    assert angles.shape == (1, 3, 64) and angles[0, 2, 0] == angles[0, 2, 1] == 2 and angles[0, 1, 63] < 2e-4
