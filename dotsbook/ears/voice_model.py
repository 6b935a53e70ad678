"""A voice's timbre as a mixture of Gaussians over its frames: how probable another take's frames are tells whether it is
the same voice. The way of speaker recognition before networks (Reynolds 1995), without weights to fetch.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

MIXTURE = 32  # Gaussians
STEPS = 12  # of expectation and maximisation
MOST = 12_000  # frames it is fitted on
LEAST = 600  # frames that make a model: six seconds of speech
NARROWEST = 1e-2  # variance


@dataclass(frozen=True)
class VoiceModel:
    """weights (n,), means and variances (n, CEPSTRA); middle and spread: of what its own takes score."""

    weights: np.ndarray
    means: np.ndarray
    variances: np.ndarray
    middle: float = 0.0
    spread: float = 1.0

    def score(self, cepstra: np.ndarray) -> float:
        """The mean logarithm of the probability of a take's frames."""
        logs = log_parts(cepstra, self)
        most = logs.max(axis=1)
        return float(np.mean(most + np.log(np.exp(logs - most[:, None]).sum(axis=1))))

    def likeness(self, cepstra: np.ndarray) -> float:
        """The same in units of the spread of its own takes, 0 being usual and what is below unlike."""
        return (self.score(cepstra) - self.middle) / self.spread

    def as_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, w=self.weights, m=self.means, v=self.variances, s=[self.middle, self.spread])
        return buffer.getvalue()

    @cached_property
    def digest(self) -> str:
        arrays = (self.weights, self.means, self.variances)
        return hashlib.sha256(b"".join(array.astype("<f4").tobytes() for array in arrays)).hexdigest()[:12]


def model_from(data: bytes) -> VoiceModel:
    """Raises ValueError or KeyError for what isn't one."""
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        middle, spread = (float(value) for value in kept["s"])
        return VoiceModel(kept["w"], kept["m"], kept["v"], middle, spread)


def fitted(takes: Sequence[np.ndarray], seed: int = 0) -> VoiceModel | None:
    """A model of takes' cepstra, half of which fit it and half of which say what is usual; None for too little speech.

    One take in a hundred may be another's: a mixture hardly notices, and what is usual is a median.
    """
    fit, rest = takes[::2], takes[1::2]
    if sum(map(len, fit)) < LEAST or len(rest) < 5:
        return None
    dice = np.random.default_rng(seed)
    frames = np.concatenate(fit)
    if len(frames) > MOST:
        frames = frames[dice.choice(len(frames), MOST, replace=False)]
    count = min(MIXTURE, len(frames) // 40)
    model = VoiceModel(
        np.full(count, 1 / count),
        frames[dice.choice(len(frames), count, replace=False)],
        np.tile(frames.var(axis=0), (count, 1)),
    )
    for _ in range(STEPS):
        model = improved(model, frames)
    usual = middle_and_spread(np.array([model.score(take) for take in rest]), 1e-3)
    return VoiceModel(model.weights, model.means, model.variances, *usual)


def middle_and_spread(scores: np.ndarray, least: float) -> tuple[float, float]:
    """What is usual of a voice's own takes, and how far they lie from it, at least so far; a few strangers don't matter."""
    middle = float(np.median(scores))
    return middle, max(1.4826 * float(np.median(np.abs(scores - middle))), least)


def improved(model: VoiceModel, frames: np.ndarray) -> VoiceModel:
    """One step of expectation and maximisation."""
    logs = log_parts(frames, model)
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    amounts = shares.sum(axis=0) + 1e-6
    means = (shares.T @ frames) / amounts[:, None]
    variances = np.maximum((shares.T @ frames**2) / amounts[:, None] - means**2, NARROWEST)
    return VoiceModel(amounts / amounts.sum(), means, variances)


def log_parts(frames: np.ndarray, model: VoiceModel) -> np.ndarray:
    """(frames, n) logarithms of each Gaussian's share in each frame."""
    inverse = 1 / model.variances
    squares = (
        frames**2 @ inverse.T
        - 2 * frames @ (model.means * inverse).T
        + (model.means**2 * inverse).sum(axis=1)
    )
    return np.log(model.weights) - 0.5 * (squares + np.log(2 * np.pi * model.variances).sum(axis=1))
