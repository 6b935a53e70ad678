"""The random numbers of an utterance, from its seed and the patch's number alone. It knows no models."""

import hashlib

import mlx.core as mx
import numpy as np


def draw(seed: int, patch: int, shape: tuple[int, ...]) -> mx.array:
    """Standard normal float32 of `shape`; the same for the same seed and patch, whatever is drawn besides."""
    digest = hashlib.blake2b(f"{seed}/{patch}".encode(), digest_size=8).digest()
    return mx.random.normal(shape, key=mx.random.key(int.from_bytes(digest, "little")))


def given(noise: np.ndarray, patch: int, draws: int) -> mx.array:
    """The part of given noise (patches · draws, P, D) that is a patch's → (draws, P, D)."""
    return mx.array(np.asarray(noise[patch * draws : (patch + 1) * draws], np.float32))
