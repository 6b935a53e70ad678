"""Takes cut at an end, and clicks beside speech, by a sound that rises and dies away as speech does."""

import numpy as np
import pytest

import dotsbook
from dotsbook.ears.ends_judge import EndsJudge
from dotsbook.render.judges import HeardTake
from dotsbook.voices.engine import Voice
from tests.ears.test_likeness import OWN, RATE, voice
from tests.production.conftest import MANIFEST, make


def speech(seed: int = 1) -> np.ndarray:
    """Two seconds that rise in 40 ms and die away in 120, in a quiet room."""
    sound = voice(*OWN, seed, 2.0)
    rise, fall = np.linspace(-60, 0, RATE // 25), np.linspace(0, -60, RATE * 12 // 100)
    sound[: len(rise)] *= 10 ** (rise / 20)
    sound[-len(fall) :] *= 10 ** (fall / 20)
    room = np.random.default_rng(seed).normal(0, 2e-5, len(sound) + RATE // 2).astype(np.float32)
    room[RATE // 4 : RATE // 4 + len(sound)] += sound
    return room


def reasons(samples: np.ndarray) -> tuple[str, ...] | None:
    opinion = EndsJudge().hear(HeardTake(samples, RATE, "text", "en", Voice("v"), "k"))
    return None if opinion is None else opinion.reasons


def test_what_rises_and_dies_away_is_whole():
    assert all(reasons(speech(seed)) == () for seed in range(10))
    assert reasons(np.zeros(RATE, np.float32)) is None and reasons(np.zeros(3, np.float32)) is None


@pytest.mark.parametrize("silence", [0, RATE // 5])
def test_a_cut_is_told_at_its_end(silence):
    whole, quiet = speech(), np.full(silence, 1e-5, np.float32)
    half = len(whole) // 2
    assert reasons(np.append(whole[:half], quiet)) == ("its end is cut off",)
    assert reasons(np.append(quiet, whole[half:])) == ("its beginning is cut off",)


@pytest.mark.parametrize("after", [RATE // 50, RATE // 8])
def test_a_click_beside_the_speech_is_told(after):
    take, at = speech(), RATE // 4 + 2 * RATE + after
    take[at : at + 32] += 0.05
    assert reasons(take) == ("a click is heard at its end",)


def test_the_manifest_asks_for_it(tmp_path):
    with dotsbook.open(make(tmp_path / "book", manifest=MANIFEST + "ears: {ends: on}\n")) as book:
        list(book.render())
        assert list(book.check(judges=["ends"]))[0].takes == 0, "all was heard in the render"
