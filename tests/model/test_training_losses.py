"""Losses and gradients of training, against the networks that speak, finite differences and themselves in parts.

They meet the reference's own numbers by `python -m dotsbook.model.parity CHECKPOINT GOLDENS_OF_TRAINING`.
"""

from functools import partial

import numpy as np
import pytest
from training_parts import examples, settings


@pytest.fixture(scope="module")
def dots(tiny):
    from dotsbook.model.dots import Dots

    return Dots.load(tiny("fm"), dtype="float32", fused=False)


@pytest.fixture(scope="module")
def batch(dots):
    from dotsbook.model.training.batch import collate

    return collate(examples(dots), dots.tokens.span, dots.config.patch_size)


def draws_for(batch, dots, seed=1):
    import mlx.core as mx

    from dotsbook.model.training.draws import step_draws

    return step_draws(mx.random.key(seed), batch.rows, batch.frames, dots.config.latent_dim)


def fresh(dots):
    from dotsbook.model.network.core import load_core
    from dotsbook.model.training.adapters import train_everything

    core = load_core(dots.checkpoint)
    train_everything(core)
    return core


def learner(dots, core, **other):
    from dotsbook.model.training.learner import Learner
    from dotsbook.model.training.losses import forward
    from dotsbook.model.training.optimising import OptimiserSettings

    how = settings(dots, **other)
    return Learner(
        core, lambda core, batch, draws: forward(core, batch, draws, how), OptimiserSettings(clip=0)
    )


def test_the_stacks_give_what_they_give_in_speech(dots, batch):
    import mlx.core as mx

    from dotsbook.model.network.caches import KVCache
    from dotsbook.model.network.llm import hidden_states
    from dotsbook.model.training import passes

    core = dots.core
    latents = batch.mean
    encoder = core.patch_encoder
    np.testing.assert_allclose(
        np.array(passes.patch_embeddings(encoder, latents)),
        np.array(encoder(latents, encoder.begin(batch.rows))),
        atol=2e-5,
    )
    embedded = core.embed(batch.ids)
    cache = KVCache(len(core.llm.model.layers), batch.rows)
    np.testing.assert_allclose(
        np.array(passes.llm_hidden(core, embedded)),
        np.array(hidden_states(core.llm, embedded, cache)),
        atol=2e-5,
    )
    rows, unit = 2, 1 + dots.config.patch_size
    width = dots.config.dit.hidden_size
    clean, noisy = (mx.random.normal((rows, 40, unit, width), key=mx.random.key(i)) for i in (1, 2))
    t, g_cond = mx.array([0.2, 0.7]), mx.random.normal((rows, width), key=mx.random.key(3))
    dit, count = core.velocity_field_predictor, 40 * unit
    number = np.arange(count) // unit
    mask = np.zeros((2 * count, 2 * count), bool)
    mask[:count, :count] = np.tril(np.ones((count, count), bool))
    mask[count:, :count] = number[None, :] < number[:, None]
    mask[count:, count:] = number[None, :] == number[:, None]
    dense = dit(
        mx.concatenate([clean, noisy], axis=1).reshape(rows, -1, width),
        dit.modulations(t, None, g_cond),
        mx.array(mask),
        mx.array(np.tile(np.arange(count), (rows, 2))),
    )
    wanted = np.array(dense)[:, count:].reshape(rows, 40, unit, -1)[:, :, 1:]
    found = passes.velocities(dit, clean, noisy, t, None, g_cond)
    np.testing.assert_allclose(np.array(found), wanted, atol=2e-5)


def test_gradients_agree_with_finite_differences(dots, batch):
    import mlx.core as mx
    from mlx.utils import tree_flatten, tree_unflatten

    core = fresh(dots)
    one, draws = learner(dots, core), draws_for(batch, dots)
    _, _, gradients = one.gradients([(batch, draws)])
    named, weights = dict(tree_flatten(gradients)), dict(tree_flatten(core.parameters()))
    for name, index in (
        ("patch_encoder.in_proj.weight", 0),
        ("llm.model.layers.0.mlp.down_proj.weight", 0),
        ("velocity_field_predictor.blocks.0.attn.q_proj.weight", 0),
        ("velocity_field_predictor.blocks.0.ffn.fc1.weight", 0),
        ("xvec_proj.0.weight", 0),
        ("eos_proj.0.weight", 1),
    ):
        direction = named[name] / mx.sqrt(mx.sum(mx.square(named[name])))
        sides = []
        for step in (-0.01, 0.01):
            core.update(tree_unflatten([(name, weights[name] + step * direction)]))
            sides.append(one.gradients([(batch, draws)])[index])
        core.update(tree_unflatten([(name, weights[name])]))
        along = float(mx.sum(named[name] * direction))
        assert (sides[1] - sides[0]) / 0.02 == pytest.approx(along, rel=0.02, abs=2e-4), name


def test_checkpointing_changes_nothing(dots, batch):
    from mlx.utils import tree_flatten

    core, draws = fresh(dots), draws_for(batch, dots)
    plain, again = (
        learner(dots, core, checkpointing=one).gradients([(batch, draws)]) for one in (False, True)
    )
    assert plain[:2] == again[:2]
    for (name, one), (_, other) in zip(tree_flatten(plain[2]), tree_flatten(again[2]), strict=True):
        np.testing.assert_allclose(np.array(one), np.array(other), atol=1e-6, err_msg=name)


def test_parts_of_a_batch_add_up_to_it(dots):
    from dataclasses import fields, replace

    from mlx.utils import tree_flatten

    from dotsbook.model.training.batch import collate

    some, core = examples(dots, (4, 4, 4)), fresh(dots)
    gather = partial(collate, span_id=dots.tokens.span, patch_size=dots.config.patch_size)
    whole, parts = gather(some), [gather(some[:2]), gather(some[2:])]
    draws = draws_for(whole, dots)

    def rows(first, last):
        names = [one.name for one in fields(draws) if one.name != "dropout"]
        return replace(draws, **{name: getattr(draws, name)[first:last] for name in names})

    one = learner(dots, core)
    fm, eos, gradients = one.gradients([(whole, draws)])
    apart = one.gradients([(parts[0], rows(0, 2)), (parts[1], rows(2, 3))])
    assert (fm, eos) == pytest.approx(apart[:2], abs=1e-5)
    for (name, a), (_, b) in zip(tree_flatten(gradients), tree_flatten(apart[2]), strict=True):
        np.testing.assert_allclose(np.array(a), np.array(b), atol=2e-6, err_msg=name)


def test_padding_changes_no_row(dots):
    """Beside a longer clip, a clip has the losses that it has alone."""
    from dotsbook.model.training.batch import collate
    from dotsbook.model.training.draws import StepDraws
    from dotsbook.model.training.losses import forward

    some = examples(dots, (6, 2))
    how = settings(dots, cfg_droprate=0.0, xvec_drop_rate=0.0)
    together = collate(some, dots.tokens.span, dots.config.patch_size)
    alone = collate(some[1:], dots.tokens.span, dots.config.patch_size)
    draws = draws_for(together, dots)
    own = StepDraws(
        draws.posterior_noise[1:, :, : alone.frames],
        draws.xvec_uniform[1:],
        draws.cfg_uniform[1:],
        draws.noise[1:, : alone.frames],
        draws.t[1:],
    )
    padded = np.array(forward(dots.core, together, draws, how).by_patch)[1, :2]
    np.testing.assert_allclose(np.array(forward(dots.core, alone, own, how).by_patch)[0], padded, atol=1e-5)


def test_distillation_of_an_instant_is_flow_matching(dots, batch, tiny):
    """With every stretch an instant no teacher is asked, and a student that begins as its teacher has the teacher's loss."""
    import mlx.core as mx

    from dotsbook.model.dots import Dots
    from dotsbook.model.training.draws import meanflow_draws
    from dotsbook.model.training.meanflow import MeanFlowSettings, distil
    from dotsbook.model.training.stepping import STEPS

    student = Dots.load(tiny("mf"), dtype="float32", fused=False).core
    draws = meanflow_draws(mx.random.key(5), batch.rows, batch.frames, dots.config.latent_dim)
    found = distil(student, None, batch, draws, settings(dots), MeanFlowSettings(anchor_prob=1.0))
    again = distil(student, dots.core, batch, draws, settings(dots), MeanFlowSettings(anchor_prob=1.0))
    assert float(found.fm) == float(again.fm) > 0
    guided = [
        float(distil(student, dots.core, batch, draws, settings(dots), one).fm)
        for one in (MeanFlowSettings(solver=name, anchor_prob=0.0, teacher_steps=4) for name in STEPS)
    ]
    assert guided[1] == pytest.approx(guided[2], rel=1e-2)
    assert guided[0] == pytest.approx(guided[2], rel=0.2) and guided[0] != guided[2]


def test_a_rate_rises_and_falls_as_the_reference_has_it():
    from dotsbook.model.training.optimising import OptimiserSettings, rate

    cosine = OptimiserSettings(learning_rate=1e-5, warmup=50, steps=500)
    wanted = {0: 0.0, 1: 2e-7, 25: 5e-6, 50: 1e-5, 100: 9.698463103929542e-06, 275: 5e-6, 499: 1.218465e-10}
    assert {step: rate(cosine, step) for step in wanted} == pytest.approx(wanted, rel=1e-6)
    linear = OptimiserSettings(learning_rate=1.0, schedule="linear", steps=10)
    assert [rate(linear, step) for step in (0, 5, 10, 12)] == [1.0, 0.5, 0.0, 0.0]
    constant = OptimiserSettings(learning_rate=1.0, schedule="constant", warmup=2)
    assert [rate(constant, step) for step in (0, 1, 2, 9999)] == [0.0, 0.5, 1.0, 1.0]


def test_broken_numbers_change_nothing(dots, batch):
    from dataclasses import replace

    import mlx.core as mx
    from mlx.utils import tree_flatten

    from dotsbook.errors import ModelError

    core = fresh(dots)
    one, draws = learner(dots, core), draws_for(batch, dots)
    before = [np.array(array) for _, array in tree_flatten(core.parameters())]
    with pytest.raises(ModelError, match="broke at step 0"):
        one.update([(batch, replace(draws, noise=draws.noise * mx.array(float("nan"))))])
    after = [np.array(array) for _, array in tree_flatten(core.parameters())]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)) and one.step == 0


def test_text_and_sound_are_woven(dots):
    from dotsbook.model.training.training_ids import TrainingTokens, eos_of

    tokens = TrainingTokens(dots.tokens, eos_of(dots.checkpoint))
    span, end, text_end, eos = dots.tokens.span, tokens.end, tokens.text_end, tokens.eos
    assert tokens.woven([1, 2], 3) == [1, span, 2, span, text_end, span, end, eos]
    assert tokens.woven([1, 2, 3], 1) == [1, span, 2, end, 3, text_end, eos]
    ids = tokens.basic("so", 2).tolist()
    assert ids[-5:] == [dots.tokens.start, span, span, end, eos]
