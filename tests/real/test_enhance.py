"""DeepFilterNet itself on a real voice in noise: the noise goes, the words stay."""

import numpy as np
import pytest

from dotsbook.audio import resample
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.deep_filter import RATE, without_noise
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.reference import examine
from dotsbook.voices.spec import EngineChoice
from tests.real_weights import heard, piper_voice, word_errors

LINE = "The lamp on the hill had burned for a hundred years before anyone thought to count the oil."


def figure(samples, rate, name):
    return next(found.figure for found in examine(samples, rate).findings if found.name == name)


def test_noise_goes_and_words_stay(tmp_path):
    engine = open_engine(EngineChoice("piper", str(piper_voice())), tmp_path)
    [spoken] = engine.speak([Request(LINE, Voice("narrator", settings={"tempo": 1.0}), "en", 1)])
    engine.close()
    quiet = np.zeros(engine.rate // 2, np.float32)
    clean = np.concatenate([quiet, spoken.samples, quiet])
    luck = np.random.default_rng(1)
    hiss = np.convolve(luck.standard_normal(len(clean)), np.ones(4) / 4, "same")
    noisy = (clean + 0.03 * hiss).astype(np.float32)
    made, rate = without_noise(noisy, engine.rate)
    assert rate == RATE and len(made) == len(resample(noisy, engine.rate, RATE))
    before, now = figure(noisy, engine.rate, "speech over noise"), figure(made, rate, "speech over noise")
    assert before < 20 < 35 < now
    wrong, said = word_errors(LINE, heard(made, rate))
    assert wrong <= 0.15 * said
    # in its place: not late, not early
    alike = resample(clean, engine.rate, RATE)
    at = np.argmax(np.correlate(made[: 2 * RATE], alike[RATE // 4 : RATE], "valid"))
    assert at == pytest.approx(RATE // 4, abs=48)
