"""Silence let into a sound: as long as asked, at the gap that is meant, without a click."""

import numpy as np
import pytest

from dotsbook.measure import speech_runs
from dotsbook.splice import SplicePoint, crossed, gap_between, opened, parted, quietest, silences_in

RATE = 24000


def tone(seconds: float, level: float = 0.2) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * 220 * time)).astype(np.float32)


def still(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


@pytest.fixture
def words() -> np.ndarray:
    """Three words; 100 ms and 300 ms between them."""
    return np.concatenate((still(0.2), tone(0.4), still(0.1), tone(0.3), still(0.3), tone(0.5), still(0.2)))


def with_point(samples: np.ndarray, point: SplicePoint) -> np.ndarray:
    return np.concatenate((samples[: point.out], np.zeros(point.silence, np.float32), samples[point.into :]))


def gaps(samples: np.ndarray) -> list[float]:
    return [(last - first) / RATE for first, last in silences_in(samples, RATE)]


def test_silences_are_those_between_sounds(words):
    assert gaps(words) == pytest.approx([0.1, 0.3], abs=0.011)
    assert silences_in(still(1), RATE) == [] == silences_in(np.zeros(0, np.float32), RATE)


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2, 0.3, 0.8, 2.5])
def test_a_gap_becomes_as_long_as_asked(words, seconds):
    gap = silences_in(words, RATE)[1]
    made = with_point(words, opened(words, RATE, gap, seconds, RATE))
    found = gaps(made)
    assert found[0] == pytest.approx(0.1, abs=0.011)
    assert (found[1] if len(found) > 1 else 0.0) == pytest.approx(seconds, abs=0.025)


def test_what_is_heard_in_a_gap_is_kept_where_it_is_made_longer(words):
    breath = 0.004 * np.random.default_rng(1).standard_normal(round(0.1 * RATE)).astype(np.float32)
    at = round(1.1 * RATE)
    words[at : at + len(breath)] += breath
    gap = round(1.0 * RATE), round(1.3 * RATE)
    point = opened(words, RATE, gap, 1.0, RATE)
    assert point.out == point.into and not at - 100 < point.out < at + len(breath) + 100
    made = with_point(words, point)
    assert np.sum(np.square(made)) == pytest.approx(np.sum(np.square(words)))


def test_the_gap_is_the_one_between_the_words_that_are_named(words):
    silences = silences_in(words, RATE)
    assert gap_between(silences, RATE, 0.6, 0.7) == silences[0]
    assert gap_between(silences, RATE, 0.98, 1.05) == silences[1]
    assert gap_between(silences, RATE, 0.3, 0.35) is None
    assert gap_between(silences, RATE, 0.5, 0.5, near=0.6) == silences[1], "the longest near"


def test_words_without_a_gap_are_parted_where_it_is_quietest():
    samples = tone(1.0)
    samples[12000:12240] *= 0.01
    at = quietest(samples, RATE, 11000, 13000)
    assert 12000 <= at <= 12240
    point = parted(samples, RATE, at, 0.5, 48000)
    assert point.into < at < point.out and point.silence == 24000
    assert parted(samples, RATE, 0, 0.5, RATE).into == 0
    assert parted(samples, RATE, len(samples), 0.5, RATE).out == len(samples)


def test_sounds_that_are_alike_are_crossed_unchanged():
    samples = tone(1.0)
    made = crossed(samples[:15000], samples[14000:], 1000)
    assert len(made) == len(samples) and np.abs(made - samples).max() < 1e-6
    assert len(crossed(samples[:5], samples[:3], 100)) == 5
    assert len(crossed(samples[:5], samples[:0], 100)) == 5


def test_runs_cover_what_is_said(words):
    assert [round((last - first) / RATE, 1) for first, last in speech_runs(words, RATE)] == [0.4, 0.3, 0.5]
