"""Which stretch of a recording says which sentences, told by lengths alone: letters against seconds of speech, stops against pauses.

It hears nothing. Where the text isn't what is said it goes astray, and says so only where the pace turns odd: with ears
(text_hearing.py) it is known.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dotsbook.text.script.sentences import sentences
from dotsbook.tuning.clip_checks import ClipLimits
from dotsbook.tuning.long_recordings import BREAK, FRAME, LEAST, SoundStretch, SpeechLevels, between

BEAM = 150  # ways that are followed
SWAY = 0.25  # of a sentence's expected length that it is usually off by
NOTHING = 0.3  # s: the same of none
ODD = math.log(1.4)  # how far a piece's pace may lie from the recording's


@dataclass(frozen=True)
class PlacedText:
    stretch: SoundStretch
    text: str
    odd: float  # how far its pace lies from the recording's, as a logarithm


def placed_texts(levels: SpeechLevels, text: str, language: str, limits: ClipLimits) -> list[PlacedText]:
    """Pieces of whole sentences, in order. [] where there are fewer pauses than sentences need."""
    said = [text[start:end] for start, end in sentences(text, language or "en")]
    weights = [weight_of(sentence) for sentence in said]
    pauses = levels.pauses
    until = np.concatenate(([0], np.cumsum(levels.speech))) * FRAME  # s of speech before a frame
    ends = boundaries(weights, pauses, until)
    if not ends:
        return []
    pace = float(until[-1]) / max(1, sum(weights))
    found, first, at = [], 0, 0  # the sentence and the pause at which a piece begins
    for number, end in enumerate(ends):
        after = ends[number + 1] if number + 1 < len(ends) else None
        seconds = (pauses[end].first - pauses[at].last) * FRAME
        longer = (pauses[after].first - pauses[at].last) * FRAME if after is not None else 0.0
        if seconds < LEAST and after is not None and longer <= limits.longest:
            continue
        spoken = float(until[pauses[end].first] - until[pauses[at].last])
        expected = pace * sum(weights[first : number + 1])
        words = " ".join(" ".join(said[first : number + 1]).split())
        odd = math.log(max(spoken, 1e-3) / max(expected, 1e-3))
        found.append(PlacedText(between(pauses[at], pauses[end]), words, odd))
        first, at = number + 1, end
    return found


def weight_of(sentence: str) -> int:
    """Letters; one of a script where a letter is a syllable or a word counts as three."""
    return sum(3 if mark >= "\u3040" else 1 for mark in sentence if mark.isalnum())


def boundaries(weights: Sequence[int], pauses: Sequence[SoundStretch], until: np.ndarray) -> list[int]:
    """The pause behind each sentence, by the least misfit over all of them; [] if there is no way."""
    if not weights or len(pauses) <= len(weights):
        return []
    pace = float(until[-1]) / max(1, sum(weights))
    spoken = [float(until[pause.first]) for pause in pauses]  # s of speech before each pause
    beam: dict[int, float] = {0: 0.0}
    ways: list[dict[int, int]] = []
    for number, weight in enumerate(weights):
        expected = weight * pace
        last = number == len(weights) - 1
        reached: dict[int, tuple[float, int]] = {}
        for before, cost in beam.items():
            for pause in range(before + 1, len(pauses)):
                seconds = spoken[pause] - spoken[before]
                if seconds > 2.2 * expected + 1 and not last:
                    break
                if last and pause < len(pauses) - 1:
                    continue
                misfit = (seconds - expected) / (SWAY * expected + NOTHING)
                total = cost + misfit * misfit + shortness(pauses[pause], pause == len(pauses) - 1)
                if pause not in reached or total < reached[pause][0]:
                    reached[pause] = (total, before)
        kept = sorted(reached, key=lambda pause: reached[pause][0])[:BEAM]
        beam = {pause: reached[pause][0] for pause in kept}
        ways.append({pause: reached[pause][1] for pause in kept})
    if not beam:
        return []
    at, found = min(beam, key=lambda pause: beam[pause]), []
    for way in reversed(ways):
        found.append(at)
        at = way[at]
    return found[::-1]


def shortness(pause: SoundStretch, is_end: bool) -> float:
    """What it costs that a sentence ends in so short a pause."""
    return 0.0 if is_end else 2.0 * max(0.0, (BREAK - pause.seconds) / BREAK)
