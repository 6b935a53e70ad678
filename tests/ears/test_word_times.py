"""Words and pauses: a pause lies between two words and belongs to neither."""

import numpy as np
import pytest

from dotsbook.ears.evidence import STEP, Evidence, words_of
from dotsbook.ears.recogniser import ScoredText, ScoredWord
from dotsbook.ears.word_times import placed


def times(edges: list[float], spoken: list[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    """Where words are put that a recogniser has from edge to edge, in a sound where something is said at these times."""
    words = words_of(" ".join("abcdefg"[: len(edges) - 1]))
    scored = ScoredText(
        tuple(
            ScoredWord(word.text, a, b, (-0.1,)) for word, a, b in zip(words, edges, edges[1:], strict=False)
        )
    )
    active = np.zeros(round(seconds / STEP), bool)
    for first, last in spoken:
        active[round(first / STEP) : round(last / STEP)] = True
    return placed(Evidence(tuple(words), scored, (), (), None, {}, {}, None, active))


def test_a_pause_at_the_edge_of_a_word_is_taken_from_it():
    found = times([0.0, 0.6, 1.4], [(0.2, 0.5), (0.8, 1.2)], 1.4)
    assert found == [pytest.approx((0.2, 0.5)), pytest.approx((0.8, 1.2))]


def test_a_word_that_lags_into_a_pause_is_moved_before_it():
    found = times([0.0, 0.55, 0.8, 1.2], [(0.0, 0.5), (0.8, 1.2)], 1.2)
    assert found[1][1] == pytest.approx(0.5) and found[2] == pytest.approx((0.8, 1.2))
    assert found[0][0] == 0.0 and found[0][1] <= found[1][0] < 0.5


def test_the_closure_of_a_consonant_is_no_pause_between_words():
    found = times([0.0, 0.5, 1.2], [(0.0, 0.8), (0.88, 1.2)], 1.2)
    assert found == [pytest.approx((0.0, 0.5)), pytest.approx((0.5, 1.2))]
