"""The limiter: never over, never longer, untouched where it may."""

import numpy as np
import pytest
from made import RATE, speech

from dotsbook.master.limiter import Limiter
from dotsbook.master.meter import Meter


def limited(samples, ceiling=-3.0, size=65536, rate=RATE):
    limiter = Limiter(rate, ceiling)
    parts = [limiter.push(samples[i : i + size]) for i in range(0, len(samples), size)]
    return np.concatenate([*parts, limiter.flush()])


def true_peak(samples, rate=RATE):
    meter = Meter(rate)
    meter.push(samples)
    return meter.read().true_peak_db


def tones():
    time = np.arange(RATE) / RATE
    yield 1.4 * np.sin(2 * np.pi * 12000 * time + np.pi / 4)  # 3 dB over its samples, between them
    yield 2.0 * np.sign(np.sin(2 * np.pi * 220 * time))
    yield np.random.default_rng(1).standard_normal(RATE)
    yield 10 * speech(1.0)
    impulse = np.zeros(RATE)
    impulse[[5, 20000, RATE - 1]] = (4, -3, 5)
    yield impulse


@pytest.mark.parametrize("samples", list(tones()))
@pytest.mark.parametrize("ceiling", [-3.0, -9.5])
def test_no_true_peak_is_over(samples, ceiling):
    samples = samples.astype(np.float32)
    out = limited(samples, ceiling)
    assert len(out) == len(samples)
    assert true_peak(out) <= ceiling


def test_blocks_leave_no_trace():
    samples = 6 * speech(0.8)
    np.testing.assert_array_equal(limited(samples), limited(samples, size=777))


def test_what_is_low_enough_is_not_touched():
    samples = speech(0.8)
    np.testing.assert_array_equal(limited(samples), samples)
    assert len(limited(samples[:0])) == 0
    assert len(limited(samples[:5])) == 5


def test_gain_moves_without_steps():
    samples = np.full(RATE, 0.1, np.float32)
    samples[RATE // 2] = 1.0
    out = limited(samples)
    calm = np.delete(out, RATE // 2)
    assert np.abs(np.diff(calm)).max() < 0.001
    assert out[0] == np.float32(0.1)
