"""Whether a take is in its voice, and where a voice drifts, by sounds that were made for it."""

import math

import numpy as np
import pytest

import dotsbook
from dotsbook.ears.drift import drift_of
from dotsbook.ears.likeness_judge import LikenessJudge
from dotsbook.ears.voice_measures import RATE, cepstra_of, powers_of, speech_frames, voice_measures
from dotsbook.ears.voice_model import fitted, model_from
from dotsbook.render.judges import HeardTake
from dotsbook.render.opinions import LATER
from dotsbook.voices.engine import Voice

TEXT = "The boat left at half past six and nobody waved from it."


def voice(pitch: float, formants: tuple[float, ...], seed: int, seconds: float = 2.5) -> np.ndarray:
    """A buzz through resonances that move about: vowels of one throat."""
    dice = np.random.default_rng(seed)
    length = int(seconds * RATE)
    hertz = pitch * 2 ** (
        0.1 * np.sin(np.arange(length) / RATE * 2 * np.pi * dice.uniform(0.5, 1.5)) + dice.normal(0, 0.02)
    )
    buzz = (np.cumsum(hertz) / RATE % 1.0 < 0.1) * 1.0 + 0.01 * dice.normal(size=length)
    spectrum, bins = np.fft.rfft(buzz), np.fft.rfftfreq(length, 1 / RATE)
    shape = np.zeros(len(bins))
    for number, middle in enumerate(formants):
        shape += np.exp(-(((bins - middle * dice.uniform(0.9, 1.1)) / (120 + 40 * number)) ** 2)) / (
            1 + number
        )
    sound = np.fft.irfft(spectrum * (shape + 0.003), length)
    return (0.2 * sound / np.abs(sound).max()).astype(np.float32)


def cepstra(samples: np.ndarray) -> np.ndarray:
    return cepstra_of(powers_of(speech_frames(samples, RATE)))


OWN, OTHER = (120.0, (550.0, 1500.0, 2500.0)), (125.0, (700.0, 1150.0, 3100.0))


@pytest.fixture(scope="module")
def model():
    return fitted([cepstra(voice(*OWN, seed)) for seed in range(40)])


def test_another_voice_is_told_and_ones_own_is_not(model):
    assert all(model.likeness(cepstra(voice(*OWN, seed))) > -3.5 for seed in range(100, 130))
    assert all(model.likeness(cepstra(voice(*OTHER, seed))) < -3.5 for seed in range(100, 110))
    again = model_from(model.as_bytes())
    assert again.digest == model.digest and again.middle == model.middle
    assert fitted([cepstra(voice(*OWN, 1))] * 3) is None


def test_the_judge_doubts_a_take_in_another_voice(model):
    judge = LikenessJudge({"mara": model})
    own, other = (
        judge.hear(HeardTake(voice(*who, 200), RATE, TEXT, "en", Voice("mara", engine="x"), "r1:1"))
        for who in (OWN, OTHER)
    )
    assert own.score >= judge.threshold > other.score and "isn't mara's" in other.reasons[0]
    assert "pitch" in own.figures
    assert judge.version_of("eve") == LATER != judge.version_of("mara"), "eve is heard when she is known"
    assert (
        judge.hear(HeardTake(np.zeros(RATE, np.float32), RATE, TEXT, "en", Voice("mara", engine="x"), "r1:1"))
        is None
    )


@pytest.mark.parametrize("hertz", [90.0, 150.0, 220.0])
def test_pitch_is_measured(hertz):
    frames = speech_frames(voice(hertz, OWN[1], 3), RATE)
    measures = voice_measures(frames, powers_of(frames), TEXT)
    assert abs(measures.pitch - 12 * math.log2(hertz / 55)) < 1.0


def figures(count: int, start: int | None, seed: int) -> list[dict[str, float]]:
    """Takes as a neural voice gives them; from `start` on, pace falls by 15 %, pitch rises by 2, brightness by 3."""
    dice = np.random.default_rng(seed)
    found = []
    for number in range(count):
        part = 0.0 if start is None else max(0, number - start) / max(1, count - 1 - start)
        found.append(
            {
                "pitch": 12 + 2 * part + dice.normal(0, 0.5),
                "brightness": -18 + 3 * part + dice.normal(0, 0.8),
                "pace": math.log(14) + math.log(0.85) * part + dice.normal(0, 0.08),
            }
        )
    return found


@pytest.mark.parametrize("start", [0, 100, 200, 300])
def test_a_slow_drift_is_found_where_it_begins(start):
    found = [drift_of(figures(500, start, seed)) for seed in range(5)]
    assert all(one is not None for one in found)
    assert all(abs(one.start - start) <= 30 for one in found)
    assert all(abs(one.changes["pitch"] - 2) < 0.6 for one in found)


def test_what_the_text_makes_of_a_line_is_no_drift():
    """The second half of the book is in short lines, which are slow and high."""
    found = figures(500, None, 7)
    texts = [TEXT if number < 250 else "No." for number in range(500)]
    for one in found[250:]:
        one["pitch"] += 2.0
        one["pace"] += math.log(0.8)
    assert drift_of(found) is not None
    assert drift_of(found, texts) is None


def test_what_does_not_drift_is_left_alone():
    assert not any(drift_of(figures(500, None, seed)) for seed in range(20))
    assert drift_of(figures(30, 0, 1)) is None
    other = figures(500, None, 3)
    other[200:205] = [{"pitch": 20.0, "brightness": -5.0, "pace": 3.5}] * 5
    assert drift_of(other) is None


def test_a_book_is_gone_through_once(tmp_path):
    (tmp_path / "book.yaml").write_text(
        "title: T\nauthor: A\nlanguage: en\nsource: a.md\nengine: syllables\nvoices: {narrator: {}}\n"
    )
    lines = [
        f"The boat left at half past {number} and nobody waved from the quay that day."
        for number in range(60)
    ]
    (tmp_path / "a.md").write_text("# One\n\n" + "\n\n".join(lines))
    with dotsbook.open(tmp_path) as book:
        for _ in book.render():
            pass
        found = list(book.likeness())[-1]
        assert found.takes >= 60 and not found.without
    with dotsbook.open(tmp_path) as book:
        again = list(book.likeness())[-1]
        assert again.takes == 0 and [one.chunk for one in again.unlike] == [one.chunk for one in found.unlike]
        assert book.retake_unlike(again) == len(again.unlike)
