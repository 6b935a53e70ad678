"""The random numbers of a training step, all from one key. It knows shapes, no models.

Given draws (from a golden, say) take the place of drawn ones: nothing else in a step is random but adapters' dropout, which
has its key here too.
"""

from dataclasses import dataclass, fields

import mlx.core as mx


@dataclass(frozen=True)
class StepDraws:
    """What a flow-matching step draws for B examples of T frames and D latent dimensions."""

    posterior_noise: mx.array  # (B, D, T) N(0, 1): which latents the encoder meant
    xvec_uniform: mx.array  # (B,) under the rate: the speaker is left out
    cfg_uniform: mx.array  # (B,) under the rate: the text is left out
    noise: mx.array  # (B, T, D) N(0, 1): x at t = 0
    t: mx.array  # (B,)
    dropout: mx.array | None = None  # a key


@dataclass(frozen=True)
class MeanFlowDraws:
    """What a step of distillation draws; the last two only in the mode `natural`."""

    posterior_noise: mx.array  # (B, D, T)
    first_normal: mx.array  # (B,)
    second_normal: mx.array  # (B,)
    anchor_uniform: mx.array  # (B,) under the rate: an instant, not a stretch
    noise: mx.array  # (B, T, D)
    cfg_uniform: mx.array | None = None  # (B,)
    xvec_uniform: mx.array | None = None  # (B,)
    dropout: mx.array | None = None


def step_draws(key: mx.array, batch: int, frames: int, latent: int) -> StepDraws:
    keys = mx.random.split(key, 6)
    return StepDraws(
        posterior_noise=mx.random.normal((batch, latent, frames), key=keys[0]),
        xvec_uniform=mx.random.uniform(shape=(batch,), key=keys[1]),
        cfg_uniform=mx.random.uniform(shape=(batch,), key=keys[2]),
        noise=mx.random.normal((batch, frames, latent), key=keys[3]),
        t=mx.random.uniform(shape=(batch,), key=keys[4]),
        dropout=keys[5],
    )


def meanflow_draws(key: mx.array, batch: int, frames: int, latent: int) -> MeanFlowDraws:
    keys = mx.random.split(key, 8)
    return MeanFlowDraws(
        posterior_noise=mx.random.normal((batch, latent, frames), key=keys[0]),
        first_normal=mx.random.normal((batch,), key=keys[1]),
        second_normal=mx.random.normal((batch,), key=keys[2]),
        anchor_uniform=mx.random.uniform(shape=(batch,), key=keys[3]),
        noise=mx.random.normal((batch, frames, latent), key=keys[4]),
        cfg_uniform=mx.random.uniform(shape=(batch,), key=keys[5]),
        xvec_uniform=mx.random.uniform(shape=(batch,), key=keys[6]),
        dropout=keys[7],
    )


def given_draws(kind: type, arrays: dict, step: int):
    """The draws of a step from stacked arrays, as a golden holds them."""
    names = {field.name for field in fields(kind)}
    return kind(**{name: mx.array(array[step]) for name, array in arrays.items() if name in names})
