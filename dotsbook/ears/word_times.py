"""When each word of a take begins and ends, in seconds: the recogniser's times, moved to where speech begins and ends.

A recogniser finds a word by what it attends to, in steps of 20 ms, and gives the pause before or after a word to the
word. Where a pause is near, the sound itself says where it is.
"""

import numpy as np

from dotsbook.ears.evidence import STEP, Evidence

LEAST = 0.02  # s of a word


def placed(evidence: Evidence) -> list[tuple[float, float]]:
    """(begins, ends) of each word of the text, in order, none before the one before it ends."""
    times = scored_times(evidence) if evidence.scored else heard_times(evidence)
    pauses = pauses_of(evidence.active)
    moved = [trimmed(begins, ends, pauses) for begins, ends in times]
    out, last = [], 0.0
    for begins, ends in moved:
        begins = max(begins, last)
        last = max(ends, begins + LEAST)
        out.append((begins, last))
    return out


def scored_times(evidence: Evidence) -> list[tuple[float, float]]:
    assert evidence.scored is not None
    return [(word.start, word.end) for word in evidence.scored.words]


def heard_times(evidence: Evidence) -> list[tuple[float, float]]:
    """Times of the words heard; one that isn't heard lies between its neighbours."""
    found: list[tuple[float, float] | None] = [None] * len(evidence.words)
    for one in evidence.matches:
        if one.written is not None and one.heard:
            first, last = evidence.heard[one.heard[0]], evidence.heard[one.heard[-1]]
            found[one.written] = first.start, last.end
    times, before = [], 0.0
    for at, own in enumerate(found):
        if own is None:
            own = (before, next((later[0] for later in found[at:] if later), before))
        times.append(own)
        before = own[1]
    return times


def pauses_of(active: np.ndarray) -> list[tuple[float, float]]:
    """Where nothing is said for 60 ms and more, in seconds; the silence before and after all speech too."""
    edges = np.flatnonzero(np.diff(np.concatenate([[1], active.astype(int), [1]])))
    runs = zip(edges[::2], edges[1::2], strict=False)
    last = len(active)
    return [(a * STEP, b * STEP) for a, b in runs if b - a >= 3 or a == 0 or b == last]


def trimmed(begins: float, ends: float, pauses: list[tuple[float, float]]) -> tuple[float, float]:
    """A word's time without the pauses at its edges."""
    for first, last in pauses:
        middle = (begins + ends) / 2
        if first <= begins + 0.06 and begins - 0.2 < last < ends and last > begins and first < middle:
            begins = last
        if last >= ends - 0.06 and begins < first < ends and last > middle:
            ends = first
    return begins, max(ends, begins + LEAST)
