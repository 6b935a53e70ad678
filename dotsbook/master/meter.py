"""A meter for a stream: loudness, RMS, peaks, floor, of any length at constant memory. It knows no files.

What it keeps is two figures for each 100 ms (K-weighted and plain mean square); all else is worked out of them.
"""

import math
from dataclasses import dataclass

import numpy as np

from dotsbook import measure
from dotsbook.audio import Samples
from dotsbook.master.limiter import TAPS, between

UNIT = 28  # energies worked out at a time: with what sounds before them, five whole transforms at 48 kHz
CLIPPED = 0.9999  # a sample from here on is called clipped


@dataclass(frozen=True)
class Measured:
    """What a stream measured."""

    rate: int
    samples: int
    energies: np.ndarray  # K-weighted mean squares, 100 ms, the last one whole or not
    squares: np.ndarray  # plain mean squares, the same
    peak: float  # highest absolute sample
    true_peak: float  # the same between samples, four points each
    clipped: int  # samples

    @property
    def loudness(self) -> float:
        return measure.loudness_of([self.energies])

    @property
    def rms(self) -> float:
        """dBFS over all of it, silence and all."""
        step = round(self.rate * measure.BLOCK)
        return (
            measure.decibels(float(self.squares.sum()) * step / self.samples)
            if self.samples
            else measure.FLOOR
        )

    @property
    def floor(self) -> float:
        """RMS in dBFS of the quietest half second."""
        whole = self.samples // round(self.rate * measure.BLOCK)
        return measure.quietest(self.squares[:whole])

    @property
    def peak_db(self) -> float:
        return 20 * math.log10(max(self.peak, 1e-6))

    @property
    def true_peak_db(self) -> float:
        return 20 * math.log10(max(self.true_peak, 1e-6))


class Meter:
    """`push` blocks of any size, then `read` once."""

    def __init__(self, rate: int):
        self.rate, self.step = rate, round(rate * measure.BLOCK)
        _, self.tail, _ = measure.k_response(rate)
        self.context = np.zeros(self.tail, np.float32)
        self.waiting: list[Samples] = []
        self.held = self.samples = self.clipped = 0
        self.energies: list[np.ndarray] = []
        self.squares: list[np.ndarray] = []
        self.peak = self.true_peak = 0.0

    def push(self, block: Samples) -> None:
        self.waiting.append(block)
        self.held += len(block)
        self.samples += len(block)
        if self.held >= UNIT * self.step:
            self.work(self.held // self.step * self.step)

    def read(self) -> Measured:
        if self.held:
            self.work(self.held)
        energies, squares = (
            np.concatenate(parts) if parts else np.zeros(0) for parts in (self.energies, self.squares)
        )
        return Measured(self.rate, self.samples, energies, squares, self.peak, self.true_peak, self.clipped)

    def work(self, count: int) -> None:
        """Take `count` samples in."""
        held = np.concatenate(self.waiting)
        block, rest = held[:count], held[count:]
        self.waiting, self.held = [rest], len(rest)
        span = np.concatenate((self.context, block))
        self.energies.append(block_means(measure.k_weighted(span, self.rate)[self.tail :], self.step))
        self.squares.append(block_means(block, self.step))
        self.peaks(span)
        self.context = span[len(span) - self.tail :]

    def peaks(self, span: Samples) -> None:
        """Raise the peaks by a block, seen with the context before it so that no place between two blocks is lost."""
        near = np.abs(span[self.tail - TAPS :])
        self.peak = max(self.peak, float(near.max()))
        self.clipped += int(np.count_nonzero(near[TAPS:] >= CLIPPED))
        hot = np.flatnonzero(near > 0.7 * max(self.true_peak, self.peak, 1e-4))
        if len(hot):
            self.true_peak = max(
                self.true_peak, self.peak, float(between(span[self.tail - TAPS :], hot).max())
            )


def block_means(samples: Samples, step: int) -> np.ndarray:
    """Mean squares of blocks of `step`; a last, short one counts as filled up with silence."""
    padded = samples
    if len(samples) % step:
        padded = np.pad(samples, (0, -len(samples) % step))
    blocks = padded.reshape(-1, step)
    return np.einsum("ij,ij->i", blocks, blocks).astype(np.float64) / step


def merged(parts: list[Measured]) -> Measured:
    """Several files as one book."""
    return Measured(
        parts[0].rate,
        sum(part.samples for part in parts),
        np.concatenate([part.energies for part in parts]),
        np.concatenate([part.squares for part in parts]),
        max(part.peak for part in parts),
        max(part.true_peak for part in parts),
        sum(part.clipped for part in parts),
    )
