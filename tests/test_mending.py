"""Two takes of a line made one: what stays is the old take's own, what changed is the new one's, and no click between."""

import numpy as np
import pytest

from dotsbook.mending import Mended, mended
from dotsbook.model.editing.changes import instruction_between
from dotsbook.production.mendable import unchanged_share
from dotsbook.voices.edits import EditRequest
from dotsbook.voices.syllables import RATE, SyllablesEngine, draw

LINE = "The tide was out, and nobody on the long grey shore had anything left to say to her about it."


def edit(old: np.ndarray, before: str, after: str, seed: int = 1) -> np.ndarray:
    asked = instruction_between(before, after)
    request = EditRequest(old, RATE, asked.text, asked.source, asked.target, "en", seed)
    [answer] = SyllablesEngine().edit([request])
    return answer.samples


@pytest.fixture(scope="module")
def old() -> np.ndarray:
    return draw("narrator", LINE, 7)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("tide", "water"), ("grey ", ""), ("out", "far out"), ("The", "A"), ("about it.", "again.")],
)
def test_what_stays_is_the_old_takes_own(old, was, becomes):
    after = LINE.replace(was, becomes, 1)
    new = edit(old, LINE, after)
    made = mended(old, new, RATE, unchanged_share(LINE, after))
    assert isinstance(made, Mended)
    first, last = made.changed
    rest = len(made.samples) - last
    assert np.array_equal(made.samples[:first], old[:first])
    assert rest == 0 or np.array_equal(made.samples[-rest:], old[-rest:])
    assert first + rest > 0.5 * len(old)
    # No step that is larger than the voice's own.
    steps, own = np.abs(np.diff(made.samples)), np.abs(np.diff(old)).max()
    assert steps[max(0, first - 1) : last].max(initial=0) <= 1.5 * max(own, np.abs(np.diff(new)).max())


def test_a_new_take_that_says_the_rest_otherwise_is_no_mending(old):
    for other in (draw("someone else", LINE.replace("tide", "water"), 9), old[::-1].copy()):
        assert isinstance(mended(old, other, RATE, 0.95), str)


def test_a_louder_take_is_brought_to_the_old_ones_level(old):
    after = LINE.replace("tide", "water")
    new = edit(old, LINE, after)
    made, plain = mended(old, 1.4 * new, RATE, 0.9), mended(old, new, RATE, 0.9)
    assert isinstance(made, Mended) and isinstance(plain, Mended)
    np.testing.assert_allclose(made.samples, plain.samples, atol=2e-3)
    assert isinstance(mended(old, 3.0 * new, RATE, 0.9), str)


def test_what_is_the_same_or_nothing_is_no_mending(old):
    for other in (old, old[:10], np.zeros(0, np.float32)):
        assert isinstance(mended(old, other, RATE, 1.0), str)
