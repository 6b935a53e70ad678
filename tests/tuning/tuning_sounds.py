"""Sounds like speech, for the tests of tuning."""

import numpy as np


def voice(seconds, rate, seed=0, pitch=120.0, level=0.2):
    """Something like speech: syllables of a buzz with formants, pauses of near silence before, between and after."""
    dice, count = np.random.default_rng(seed), round(seconds * rate)
    at = np.arange(count) / rate
    glide = pitch * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * at + seed))
    phase = np.cumsum(glide) / rate
    sound = sum(np.sin(2 * np.pi * n * phase) / (1 + abs(n * pitch - 500) / 300) for n in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * 2.2 * at + seed) + 0.6, 0, 1) ** 0.5
    edge = np.clip(np.minimum(at - 0.35, seconds - 0.35 - at) / 0.02, 0, 1)
    sound = level * sound / np.abs(sound).max() * syllables * edge
    return (sound + 1e-4 * dice.standard_normal(count)).astype(np.float32)
