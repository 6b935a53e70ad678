"""Where a voice begins to drift from what it was: pitch, brightness and pace over its takes, in the order of the book.

A level line that turns into a slope is laid through the three together. It must fit far better than the level line
alone, and end further off than what an ear notices. What a line's own text makes of it (a short one is slow, a question
is high) is taken off in the same fit, so that a drift stands out from less noise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 60  # takes in which a drift can be told
LEAST = {"pitch": 1.0, "brightness": 1.5, "pace": 0.08}  # semitones, dB, share: a change that is told
TAIL = 20  # takes at the end in which no drift begins
STEP = 8  # a beginning is looked for at every eighth take, then at each
SURE = 40.0  # by how much the slope must fit better, in squares of the noise
ASKED, CALLED, OPENED = "?？؟;", "!！", '"“‘«„「『—'
FAR = 6.0  # noises at which a take counts no further: a burst is no drift


@dataclass(frozen=True)
class VoiceDrift:
    """A stretch of a voice's takes that goes away from what it was."""

    start: int  # index of the take it begins with
    changes: dict[str, float]  # by the last take: pitch in semitones, brightness in dB, pace as a share


def drift_of(figures: Sequence[Mapping[str, float]], texts: Sequence[str] = ()) -> VoiceDrift | None:
    """The drift of a voice's takes, by what the likeness judge measured of each; None where there is none.

    texts: what each says; without, the figures are taken as they are.
    """
    if len(figures) < FEWEST:
        return None
    found = [in_noises(np.array([one.get(name, np.nan) for one in figures])) for name in LEAST]
    fixed = basis_of(texts, len(figures))
    table = np.stack([values for values, _ in found], axis=1)
    table -= fixed @ (fixed.T @ table)
    rest = [in_noises(column) for column in table.T]
    table = np.stack([values for values, _ in rest], axis=1)
    rough = max(range(0, len(table) - TAIL, STEP), key=lambda start: sloped(table, fixed, start)[0])
    near = range(max(0, rough - STEP), min(len(table) - TAIL, rough + STEP))
    start = max(near, key=lambda start: sloped(table, fixed, start)[0])
    better, slopes = sloped(table, fixed, start)
    if better < SURE:
        return None
    units = [first * second for (_, first), (_, second) in zip(found, rest, strict=True)]
    ends = slopes * (len(table) - 1 - start) * np.array(units)
    changes = {name: round(float(end), 3) for name, end in zip(LEAST, ends, strict=True)}
    told = {name: change for name, change in changes.items() if abs(change) >= LEAST[name]}
    return VoiceDrift(start, told) if told else None


def basis_of(texts: Sequence[str], count: int) -> np.ndarray:
    """(takes, n) orthonormal columns: the level, and what the texts explain."""
    columns = np.array([[1.0, *traits_of(text)] for text in texts]) if texts else np.ones((count, 1))
    columns[:, 1:] -= columns[:, 1:].mean(axis=0)
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return left[:, sizes > 1e-6 * sizes[0]]


def traits_of(text: str) -> tuple[float, ...]:
    """What of a line's text shows in how it is said, in any script: its length, its words', its pauses, its mood."""
    letters, words = sum(map(str.isalpha, text)) + 1, len(text.split()) + 1
    stops = sum(not (mark.isalnum() or mark.isspace()) for mark in text)
    asked, called = (any(mark in marks for mark in text[-3:]) for marks in (ASKED, CALLED))
    opened = text[:1] in OPENED
    return np.log(letters), 1 / letters, letters / words, stops / words, asked, called, opened


def in_noises(values: np.ndarray) -> tuple[np.ndarray, float]:
    """(a series in units of its noise, that unit). The noise is what neighbours differ by, so that no drift is in it."""
    if np.isnan(values).all():
        return np.zeros(len(values)), 1.0
    values = np.where(np.isnan(values), np.nanmedian(values), values)
    steps = np.diff(values)
    noise = max(1.4826 * float(np.median(np.abs(steps - np.median(steps)))) / np.sqrt(2), 1e-6)
    return np.clip((values - np.median(values)) / noise, -FAR, FAR), noise


def sloped(table: np.ndarray, fixed: np.ndarray, start: int) -> tuple[float, np.ndarray]:
    """(by how many squares a slope from `start` on fits better than none, the slopes), what is fixed fitted beside it."""
    slope = np.maximum(0.0, np.arange(len(table)) - start)
    slope -= fixed @ (fixed.T @ slope)
    solved = slope @ table / (slope @ slope)
    return float(solved @ solved * (slope @ slope)), solved
