"""Tempo: the length it should have, and the pitch it had."""

import numpy as np
import pytest

from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.paced import Paced
from dotsbook.voices.syllables import RATE, SyllablesEngine, draw
from dotsbook.voices.tempo import stretch
from tests.voices.test_syllables import LINE, pitch


@pytest.mark.parametrize("tempo", [0.5, 0.8, 0.93, 1.1, 1.5, 2.0])
def test_length_and_pitch(tempo):
    samples = np.sin(2 * np.pi * 200 * np.arange(3 * 22050) / 22050).astype(np.float32)
    made = stretch(samples, 22050, tempo)
    spectrum = np.abs(np.fft.rfft(made * np.hanning(len(made))))
    assert len(made) == round(len(samples) / tempo)
    assert made.dtype == np.float32
    assert np.argmax(spectrum) * 22050 / len(made) == pytest.approx(200, abs=1)
    assert 0.9 < np.abs(made[2000:-2000]).max() <= 1.01


@pytest.mark.parametrize("tempo", [0.8, 1.25])
def test_a_voice_keeps_its_pitch(tempo):
    samples = draw("mara", LINE, 1)
    assert pitch(stretch(samples, RATE, tempo)) == pytest.approx(pitch(samples), rel=0.08)


def test_the_level_stays():
    samples = draw("mara", LINE, 1)
    assert np.std(stretch(samples, RATE, 1.2)) == pytest.approx(np.std(samples), rel=0.15)


@pytest.mark.parametrize("count", [0, 1, 10, 500, 3000])
def test_short_sounds(count):
    assert len(stretch(np.ones(count, np.float32), 24000, 1.3)) == round(count / 1.3)


def test_tempo_one_is_the_very_same():
    samples = draw("mara", LINE, 1)
    assert stretch(samples, RATE, 1.0) is samples


def test_any_engine_is_paced():
    engine = Paced(SyllablesEngine())
    plain, quick = (
        next(iter(engine.speak([Request(LINE, Voice("a", settings={"tempo": tempo}), "en", 1)]))).samples
        for tempo in (1.0, 1.25)
    )
    assert len(quick) == round(len(plain) / 1.25)
    assert engine.identity == "mumble:1"
    assert engine.rate == RATE
