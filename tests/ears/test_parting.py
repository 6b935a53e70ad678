"""Where two words part, by a recogniser that understands whole words only."""

from types import SimpleNamespace

import numpy as np

from dotsbook.ears.parting import parts_at
from dotsbook.ears.recogniser import Continuation, ScoredText, ScoredWord

RATE = 16000
ENDS = {"one": 0.5, "two": 1.0, "three": 1.5}  # s


class Listening:
    """Hears a word if all of it, and nothing of another, is at the edge it is asked about."""

    def __init__(self, first: float, last: float, scores: bool):
        self.first, self.last, self.scores = first, last, scores

    def score(self, texts):
        if not self.scores:
            return None
        words = texts[0]
        begin = ENDS[words[0]] - 0.5
        log = -20 * abs(begin - self.first) if self.first else 0.0
        return [ScoredText(tuple(ScoredWord(word, 0.0, 0.0, (log,)) for word in words))]

    def continued(self, words):
        return Continuation(-20 * abs(ENDS[words[-1]] - self.last), ())


def listener(scores: bool = True):
    def listen(samples, rate, language):
        assert min(abs(samples[0]), abs(samples[-1])) < 0.01, "a cut is faded"
        middle, half = float(samples[len(samples) // 2]), len(samples) / RATE / 2  # what no fade reaches
        return Listening(round(middle - half, 3), middle + half, scores)

    return SimpleNamespace(listen=listen)


def test_the_place_is_where_both_sides_are_understood():
    sound = (np.arange(round(1.5 * RATE)) / RATE).astype(np.float32)  # each sample is its own second
    found = parts_at(listener(), sound, RATE, "en", "one two three", 7, (1.15, 1.15))
    assert found is not None and abs(found - 1.0) < 0.03
    assert parts_at(listener(False), sound, RATE, "en", "one two three", 7, (1.15, 1.15)) is None
    assert parts_at(listener(), sound, RATE, "en", "one two three", 13, (1.4, 1.5)) is None, "nothing follows"


def test_of_places_that_are_understood_alike_the_quieter_is_taken():
    class Indifferent(Listening):
        def score(self, texts):
            return [ScoredText(tuple(ScoredWord(word, 0.0, 0.0, (-1.0,)) for word in texts[0]))]

        def continued(self, words):
            return Continuation(-1.0, ())

    sound = np.full(round(1.5 * RATE), 0.5, np.float32)
    sound[round(1.03 * RATE) : round(1.07 * RATE)] = 0.001
    alike = SimpleNamespace(listen=lambda samples, rate, language: Indifferent(0.0, 0.0, True))
    found = parts_at(alike, sound, RATE, "en", "one two three", 7, (1.1, 1.1))
    assert found is not None and abs(found - 1.05) < 0.03
