"""When each word of a take begins and ends, in seconds: the recogniser's times, moved to where speech begins and ends.

A recogniser finds a word by what it attends to, in steps of 20 ms, and gives the pause before or after a word to the
word. Where a pause is near, the sound itself says where it is.
"""

import numpy as np

from dotsbook.ears.evidence import STEP, Evidence

LEAST = 0.02  # s of a word
LONG = 0.1  # s of a pause that can't be part of a word
NEAR = 0.18  # s from such a pause at which two words still meet in it
CLOSE = 0.06  # s, the same of a shorter one
SHORT = 0.06  # s of a word that lay in a pause, and is moved out


def placed(evidence: Evidence) -> list[tuple[float, float]]:
    """(begins, ends) of each word of the text, in order, none before the one before it ends."""
    times = scored_times(evidence) if evidence.scored else heard_times(evidence)
    if not times:
        return []
    edges = np.array([begins for begins, _ in times] + [times[-1][1]])
    begins, ends = edges[:-1].copy(), edges[1:].copy()
    parted: set[int] = set()
    for first, last in sorted(pauses_of(evidence.active), key=lambda pause: pause[0] - pause[1]):
        part(begins, ends, parted, first, last)
    out, before = [], 0.0
    for begin, end in zip(begins, ends, strict=True):
        begin = max(float(begin), before)
        before = max(float(end), begin + LEAST)
        out.append((begin, before))
    return out


def part(begins: np.ndarray, ends: np.ndarray, parted: set[int], first: float, last: float) -> None:
    """Put a pause between two words: where they meet in it or near it, if no longer pause is there already.

    A word lags behind its sound, so of several places in the pause it is the last. Words that lay in the pause are
    moved out of it. Shorter pauses may be the closure of a consonant: they must lie where the words meet.
    """
    edges = np.append(begins, ends[-1])
    far = np.maximum(first - edges, edges - last).clip(0)
    at = len(edges) - 1 - int(far[::-1].argmin())
    if at in parted or far[at] > (NEAR if last - first >= LONG else CLOSE):
        return
    parted.add(at)
    if at < len(begins):
        begins[at] = last
    if at > 0:
        ends[at - 1] = first
    for before in range(at - 1, 0, -1):
        if begins[before] > first - SHORT * (at - before) and before not in parted:
            begins[before] = ends[before - 1] = first - SHORT * (at - before)
    for after in range(at + 1, len(begins)):
        if begins[after] < last + SHORT * (after - at) and after not in parted:
            begins[after] = ends[after - 1] = last + SHORT * (after - at)


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
