"""Edges, energies and loudness against sounds whose answers are known."""

import numpy as np
import pytest

from dotsbook import measure as m

RATE = 48000


def tone(seconds, level, rate=RATE, hertz=997.0):
    return (10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(
        np.float32
    )


def noise(seconds, level, rate=RATE, seed=1):
    return (np.random.default_rng(seed).standard_normal(round(seconds * rate)) * 10 ** (level / 20)).astype(
        np.float32
    )


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
def test_a_full_scale_tone_measures_what_the_standard_says(rate):
    """BS.1770: 997 Hz at 0 dBFS in one channel reads −3.01 LUFS."""
    loudness = m.loudness_of([m.measure(tone(5, -20, rate), rate).energies])
    assert loudness == pytest.approx(-23.01, abs=0.08)


def test_energies_are_the_filters_own():
    """Against the two biquads run sample by sample, with the standard's own 48 kHz coefficients."""
    samples = noise(0.5, -12)
    wanted = samples.astype(np.float64)
    for b, a in (
        ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1, -1.69065929318241, 0.73248077421585)),
        ((1.0, -2.0, 1.0), (1, -1.99004745483398, 0.99007225036621)),
    ):
        out, x1, x2, y1, y2 = [], 0.0, 0.0, 0.0, 0.0
        for x in wanted:
            y = b[0] * x + b[1] * x1 + b[2] * x2 - a[1] * y1 - a[2] * y2
            x1, x2, y1, y2 = x, x1, y, y1
            out.append(y)
        wanted = np.array(out)
    blocks = np.square(wanted).reshape(5, -1).mean(axis=1)
    np.testing.assert_allclose(m.energies_of(samples, RATE), blocks, rtol=1e-4)


def test_blocks_of_the_fft_join_without_a_seam():
    samples = noise(4, -20)
    whole = m.k_weighted(samples, RATE)
    size, tail, _ = m.k_response(RATE)
    late = m.k_weighted(samples[1000:], RATE)
    np.testing.assert_allclose(whole[1000 + tail :], late[tail:], atol=1e-6)


def test_the_gates_drop_silence_and_the_much_quieter():
    loud, quiet = tone(10, -20), tone(10, -45)
    alone = m.loudness_of([m.measure(loud, RATE).energies])
    with_quiet = m.loudness_of(
        [m.measure(part, RATE).energies for part in (loud, quiet, np.zeros_like(loud))]
    )
    assert with_quiet == pytest.approx(alone, abs=0.1)
    assert m.loudness_of([]) == m.GATE
    assert m.loudness_of([m.measure(np.zeros(RATE, np.float32), RATE).energies]) == m.GATE


def test_edges_are_where_the_speech_is():
    take = np.concatenate((noise(0.30, -75), tone(1.0, -20), noise(0.5, -75, seed=2)))
    first, last = m.speech_edges(take, RATE)
    assert first / RATE == pytest.approx(0.30, abs=0.006)
    assert last / RATE == pytest.approx(1.30, abs=0.006)


def test_a_weak_fricative_at_the_end_is_speech():
    hiss = np.diff(noise(0.15, -52), prepend=0).astype(np.float32)
    take = np.concatenate((noise(0.2, -80), tone(0.8, -18, hertz=180), hiss, noise(0.4, -80)))
    assert m.speech_edges(take, RATE)[1] / RATE == pytest.approx(1.15, abs=0.02)


@pytest.mark.parametrize(("gap", "cut"), [(0.08, True), (0.03, False)])
def test_a_detached_burst_goes_and_a_plosive_stays(gap, cut):
    take = np.concatenate(
        (noise(0.1, -78), noise(0.03, -30), noise(gap, -78), tone(1.0, -20), noise(0.2, -78))
    )
    first, _ = m.speech_edges(take, RATE)
    assert first / RATE == pytest.approx(0.13 + gap if cut else 0.1, abs=0.006)


def test_a_late_or_long_first_run_is_a_word():
    late = np.concatenate((noise(0.5, -78), noise(0.03, -30), noise(0.1, -78), tone(1.0, -20)))
    long = np.concatenate((noise(0.1, -78), noise(0.09, -30), noise(0.1, -78), tone(1.0, -20)))
    assert m.speech_edges(late, RATE)[0] / RATE == pytest.approx(0.5, abs=0.006)
    assert m.speech_edges(long, RATE)[0] / RATE == pytest.approx(0.1, abs=0.006)


@pytest.mark.parametrize(
    "take", [np.zeros(0, np.float32), np.zeros(1, np.float32), np.zeros(48000, np.float32), noise(1, -90)]
)
def test_silence_has_no_edges(take):
    measures = m.measure(take, RATE)
    assert (measures.first, measures.last) == (0, 0)
    assert len(measures.energies) == 4 * -(-len(take) // 4800)


def test_a_take_without_room_around_it_keeps_its_quiet_sounds():
    take = np.concatenate((tone(0.3, -38), tone(1.0, -20), tone(0.3, -38)))
    assert m.speech_edges(take, RATE) == (0, len(take))


def test_levels():
    assert m.rms(tone(1, 0)) == pytest.approx(-3.01, abs=0.01)
    assert m.measure(-tone(1, -6), RATE).peak == pytest.approx(0.501, abs=0.001)
    room = np.concatenate((tone(2, -20), noise(0.7, -66), tone(2, -20)))
    assert m.noise_floor(room, RATE) == pytest.approx(-66, abs=0.3)
    assert m.noise_floor(noise(0.2, -50), RATE) == pytest.approx(-50, abs=0.5)
    assert m.rms(np.zeros(0, np.float32)) == m.FLOOR
