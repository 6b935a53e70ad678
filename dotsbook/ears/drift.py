"""Where a voice begins to drift from what it was: pitch, brightness and pace over its takes, in the order of the book.

A level line that turns into a slope is laid through the three together. It must fit far better than the level line
alone, and end further off than what an ear notices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 60  # takes in which a drift can be told
LEAST = {"pitch": 1.0, "brightness": 1.5, "pace": 0.08}  # semitones, dB, share: a change that is told
TAIL = 20  # takes at the end in which no drift begins
STEP = 8  # a beginning is looked for at every eighth take, then at each
SURE = 40.0  # by how much the slope must fit better, in squares of the noise
FAR = 6.0  # noises at which a take counts no further: a burst is no drift


@dataclass(frozen=True)
class VoiceDrift:
    """A stretch of a voice's takes that goes away from what it was."""

    start: int  # index of the take it begins with
    changes: dict[str, float]  # by the last take: pitch in semitones, brightness in dB, pace as a share


def drift_of(figures: Sequence[Mapping[str, float]]) -> VoiceDrift | None:
    """The drift of a voice's takes, by what the likeness judge measured of each; None where there is none."""
    if len(figures) < FEWEST:
        return None
    found = {name: in_noises(np.array([one.get(name, np.nan) for one in figures])) for name in LEAST}
    table = np.stack([values for values, _ in found.values()], axis=1)
    flat = float(((table - table.mean(axis=0)) ** 2).sum())
    rough = min(range(0, len(table) - TAIL, STEP), key=lambda start: sloped(table, start)[0])
    near = range(max(0, rough - STEP), min(len(table) - TAIL, rough + STEP))
    start = min(near, key=lambda start: sloped(table, start)[0])
    rest, slopes = sloped(table, start)
    if flat - rest < SURE:
        return None
    changes = {
        name: round(float(slope * (len(table) - 1 - start) * noise), 3)
        for (name, (_, noise)), slope in zip(found.items(), slopes, strict=True)
    }
    told = {name: change for name, change in changes.items() if abs(change) >= LEAST[name]}
    return VoiceDrift(start, told) if told else None


def in_noises(values: np.ndarray) -> tuple[np.ndarray, float]:
    """(a series in units of its noise, that unit). The noise is what neighbours differ by, so that no drift is in it."""
    if np.isnan(values).all():
        return np.zeros(len(values)), 1.0
    values = np.where(np.isnan(values), np.nanmedian(values), values)
    steps = np.diff(values)
    noise = max(1.4826 * float(np.median(np.abs(steps - np.median(steps)))) / np.sqrt(2), 1e-6)
    return np.clip((values - np.median(values)) / noise, -FAR, FAR), noise


def sloped(table: np.ndarray, start: int) -> tuple[float, np.ndarray]:
    """(what is left of the squares, slopes) of a level line that turns into a slope at `start`."""
    basis = np.stack([np.ones(len(table)), np.maximum(0, np.arange(len(table)) - start)], axis=1)
    solved, *_ = np.linalg.lstsq(basis, table, rcond=None)
    return float(((table - basis @ solved) ** 2).sum()), solved[1]
