"""The engine `syllables`: the same to the bit, as long as the text, a voice by its name."""

import hashlib

import numpy as np
import pytest

from dotsbook.project import open_project
from dotsbook.render.health import examine
from dotsbook.voices.catalogue import voice_of
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.syllables import RATE, SyllablesEngine, beats, draw

LINE = "The lamp on Sorrel Head had burned for 112 years, before anyone thought to count the oil."


def pitch(samples):
    """Hz of the strongest period between 60 and 400 Hz."""
    part = samples[RATE // 2 : RATE // 2 + RATE].astype(np.float64)
    likeness = np.fft.irfft(np.abs(np.fft.rfft(part, 2 * len(part))) ** 2)
    low, high = RATE // 400, RATE // 60
    return RATE / (low + int(np.argmax(likeness[low:high])))


def test_the_same_request_is_the_same_to_the_bit():
    assert np.array_equal(draw("mara", LINE, 42), draw("mara", LINE, 42))
    assert not np.array_equal(draw("mara", LINE, 42), draw("mara", LINE, 43))


def test_the_samples_are_those_of_every_other_machine():
    digest = hashlib.sha256(draw("mara", LINE, 42).astype("<f4").tobytes()).hexdigest()
    assert digest == "7d2a86942bedab81ae31625eace33ca9becfdff16a6a6744a372a47d6bc4e3a3"


def test_what_else_is_in_the_list_changes_nothing():
    requests = [Request(f"{LINE} {n}", Voice("mara"), "en", n, n) for n in range(4)]
    one = {spoken.request.tag: spoken.samples for spoken in SyllablesEngine().speak(requests)}
    other = {spoken.request.tag: spoken.samples for spoken in SyllablesEngine().speak(requests[::-1])}
    assert all(np.array_equal(one[tag], other[tag]) for tag in one)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Yes.", "Yes, and no."),
        ("今日", "今日は良い天気です"),
        ("Привет", "Привет, мир"),
        ("7", "777"),
        ("عام", "عام جديد"),
    ],
)
def test_more_text_takes_longer(short, long):
    seconds = [sum(beat.samples for beat in beats(text)) for text in (short, long)]
    assert 0 < seconds[0] < seconds[1]


def test_a_han_character_takes_longer_than_a_letter():
    assert len(draw("a", "天天天天", 1)) > 1.8 * len(draw("a", "abcd", 1))


def test_voices_differ_in_pitch():
    pitches = {name: pitch(draw(name, LINE, 1)) for name in ("narrator", "mara", "tobias", "luc")}
    assert len({round(value) for value in pitches.values()}) == 4
    assert all(75 < value < 320 for value in pitches.values())


def test_takes_are_healthy():
    for name in ("narrator", "mara", "tobias"):
        for text in (LINE, "No.", "今日は良い天気です。", "One, two; three: four. Five!"):
            [spoken] = SyllablesEngine().speak([Request(text, Voice(name), "en", 1)])
            assert examine(spoken.samples, RATE, text, "en").reasons == ()


def test_a_line_without_words_is_an_error():
    [spoken] = SyllablesEngine().speak([Request("… — !", Voice("mara"), "en", 1)])
    assert spoken.samples is None
    assert "nothing to say" in str(spoken.error)


def test_takes_of_the_name_of_before_are_still_found(tmp_path):
    """The identity in a take's key, and the voice's fingerprint, as they were when the engine was `mumble`."""
    (tmp_path / "book.yaml").write_text("title: T\nlanguage: en\nsource: t.md\nengine: mumble\n")
    assert SyllablesEngine.identity == "mumble:1"
    assert (
        voice_of(open_project(tmp_path), "narrator").fingerprint
        == hashlib.sha256(b'{"name": "narrator", "tempo": 1.0}').hexdigest()
    )
