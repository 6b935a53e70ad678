"""What a spoken line measures against the recording of it: how fast it is said, how long its pauses are."""

from dataclasses import dataclass

from dotsbook.audio import Samples
from dotsbook.measure import speech_runs

PAUSE = 0.15  # s of silence inside a line that count as a pause: less may be the closure of a consonant


@dataclass(frozen=True)
class SpokenFigures:
    pace: float | None  # letters a second of speech, pauses left out; None: nothing is said
    pause: float | None  # mean length of a pause inside, in seconds; None: it has none


def figures_of(samples: Samples, rate: int, text: str) -> SpokenFigures:
    """Of mono samples that say `text`."""
    runs = speech_runs(samples, rate)
    letters = sum(letter.isalnum() for letter in text)
    if not runs or not letters:
        return SpokenFigures(None, None)
    gaps = [(after[0] - before[1]) / rate for before, after in zip(runs, runs[1:], strict=False)]
    pauses = [gap for gap in gaps if gap >= PAUSE]
    seconds = (runs[-1][1] - runs[0][0]) / rate - sum(pauses)
    pace = letters / seconds if seconds > 0 else None
    return SpokenFigures(pace, sum(pauses) / len(pauses) if pauses else None)
