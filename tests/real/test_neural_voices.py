"""Piper and Kokoro with real weights: they speak, they repeat themselves, and a recogniser understands them."""

import pytest

from dotsbook.errors import VoiceError
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.spec import EngineChoice
from tests.real_weights import heard, kokoro_voices, piper_voice, word_errors

LINES = [
    "The lamp on the hill had burned for a hundred years before anyone thought to count the oil.",
    "He had a beard like a hedge, and a coat that had once been blue.",
    "They found it that evening, where the photograph said it would be.",
]


def spoken(engine, voice, lines, language):
    return {
        one.request.text: one.samples for one in engine.speak([Request(t, voice, language, 1) for t in lines])
    }


def test_piper_is_understood_and_repeats_itself(tmp_path):
    engine = open_engine(EngineChoice("piper", str(piper_voice())), tmp_path)
    voice = Voice("narrator", settings={"tempo": 1.0})
    assert engine.check(voice, ["en"]) == []
    one, two = (spoken(engine, voice, lines, "en") for lines in (LINES, LINES[::-1]))
    counts = [word_errors(line, heard(one[line], engine.rate)) for line in LINES]
    engine.close()
    assert all(one[line].tobytes() == two[line].tobytes() for line in LINES)
    assert sum(wrong for wrong, _ in counts) <= 0.1 * sum(said for _, said in counts)


def test_kokoro_speaks_japanese(tmp_path):
    engine = open_engine(EngineChoice("kokoro", str(kokoro_voices(tmp_path))), tmp_path)
    voice = Voice("narrator", settings={"tempo": 1.0, "voice": "jf_alpha"})
    assert engine.check(voice, ["ja"]) == []
    line = "吾輩は猫である。名前はまだ無い。"
    [sound], [again] = (list(spoken(engine, voice, [line], "ja").values()) for _ in range(2))
    engine.close()
    assert 2.0 < len(sound) / engine.rate < 6.0
    assert sound.tobytes() == again.tobytes() and abs(sound).max() > 0.1


def test_kokoro_has_the_voices_that_its_wheel_has(tmp_path):
    engine = open_engine(EngineChoice("kokoro", str(kokoro_voices(tmp_path))), tmp_path)
    for name in ("jf_gongitsune", "jm_kumo"):
        assert engine.check(Voice("narrator", settings={"voice": name}), ["ja"]) == []
    with pytest.raises(VoiceError, match="has no voice jf_nobody; there are jf_alpha"):
        engine.check(Voice("narrator", settings={"voice": "jf_nobody"}), ["ja"])
    engine.close()
