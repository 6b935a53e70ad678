"""The steps of a decoding: ahead of Python or not, side by side or one by one, the same patches."""

import numpy as np
import pytest

from dotsbook.model.dots import Dots, Utterance
from dotsbook.model.sampling import SamplingOptions, resolve

TEXTS = ("The tide was out.", "No.", "And nobody on the long grey shore had anything left to say.")


@pytest.fixture(scope="module", params=["mf", "fm", "scm"])
def dots(tiny, request):
    return Dots.load(tiny(request.param), dtype="float32")


def patches(dots: Dots, ahead: bool, broken: bool = False) -> list[list]:
    """What each of three lines of different length gives, patch by patch; None where its numbers broke."""
    shape = (40, dots.config.patch_size, dots.config.latent_dim)
    noise = np.random.default_rng(3).standard_normal(shape).astype(np.float32)
    lines = [
        Utterance(
            text, None, "en", SamplingOptions(eos_threshold=2.0, max_patches=3 + 2 * i), i, noise.copy()
        )
        for i, text in enumerate(TEXTS)
    ]
    if broken:
        lines[2].noise[dots.solver(lines[2].sampling).draws] = np.nan  # in its second patch
    rows = [dots.ready(i, line, resolve(line.sampling, dots.config)) for i, line in enumerate(lines)]
    decoding = dots.begin(rows, dots.solver(lines[0].sampling))
    decoding.ahead = ahead
    found: list[list] = [[] for _ in lines]
    while decoding.rows:
        for decoded in decoding.step():
            assert decoded.row.decoded == len(found[decoded.row.index]) + 1
            found[decoded.row.index].append(decoded.patch)
    return found


@pytest.mark.parametrize("broken", [False, True])
def test_a_patch_begun_before_the_last_one_is_read_is_the_same(dots, broken):
    calm, hurried = patches(dots, False, broken), patches(dots, True, broken)
    assert [len(one) for one in calm] == [3, 5, 2 if broken else 7]
    for one, other in zip(calm, hurried, strict=True):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert (a is None) == (b is None)
            if a is not None:
                np.testing.assert_allclose(a, b, atol=1e-5)


def test_ahead_waits_once_a_patch(dots):
    from tests.benchmarks.launches import tallied

    line = Utterance("The tide was out.", None, "en", SamplingOptions(eos_threshold=2.0), 1)
    decoding = dots.begin([dots.row(0, line)], dots.solver(line.sampling))
    decoding.ahead = True
    decoding.step()
    with tallied() as tally:
        for _ in range(4):
            decoding.step()
    assert tally.waits == 4


def test_projections_side_by_side_give_the_same(tiny):
    from dotsbook.model.checkpoint.opening import open_checkpoint
    from dotsbook.model.network.core import load_core

    for kind in ("mf", "fm"):
        fused = Dots.load(tiny(kind), dtype="float32")
        apart = Dots.load(tiny(kind), dtype="float32")
        apart.core = load_core(open_checkpoint(tiny(kind), dtype="float32"))
        assert "q_proj" in apart.core.velocity_field_predictor.blocks[0].attn
        assert "q_proj" not in fused.core.velocity_field_predictor.blocks[0].attn
        assert hasattr(fused.core.llm.model.layers[0], "gate_up_proj")
        for one, other in zip(patches(fused, False), patches(apart, False), strict=True):
            np.testing.assert_allclose(np.stack(one), np.stack(other), atol=2e-5)
