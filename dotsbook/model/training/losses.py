"""What a step of flow matching computes: ids and latents in, losses out. It knows no optimiser and no files.

Everything is a pure function of the core's parameters, a batch and its draws. All that is made by `forward` is of every patch
at once; nothing is decoded and nothing is cached.
"""

from dataclasses import dataclass

import mlx.core as mx

from dotsbook.model.network.core import Core
from dotsbook.model.training.adapters import with_dropout
from dotsbook.model.training.batch import TrainingBatch
from dotsbook.model.training.differentiable import silu
from dotsbook.model.training.draws import StepDraws
from dotsbook.model.training.passes import llm_hidden, patch_embeddings, velocities


@dataclass(frozen=True)
class LossSettings:
    """What a loss depends on besides weights, batch and draws."""

    mean: mx.array  # (D,) of the latents
    scale: mx.array  # (D,) √var
    patch_size: int
    cfg_droprate: float = 0.2  # how often the text is left out
    xvec_drop_rate: float = 0.2  # how often the speaker is left out
    sigma: float = 0.0  # noise left at t = 1
    checkpointing: bool = False  # layers' insides are computed twice instead of kept


@dataclass(frozen=True)
class Losses:
    """Sums and what they are to be divided by, so that parts of a batch add up: loss = fm / patches + eos / rows."""

    fm: mx.array  # sum over patches of the mean squared error of a patch
    eos: mx.array  # sum over rows of the weighted cross-entropy
    by_patch: mx.array  # (B, N)

    def total(self, patches: float, rows: float) -> mx.array:
        return self.fm / patches + self.eos / rows


@dataclass(frozen=True)
class Conditions:
    """What the DiT is told of a batch: clean latents and hidden states, before any is left out."""

    latents: mx.array  # (B, T, D), denormalised
    clean: mx.array  # (B, N, P, D), normalised: x at t = 1
    hidden: mx.array  # (B, N, LLM width): the state that makes each patch


def forward(core: Core, batch: TrainingBatch, draws: StepDraws, settings: LossSettings) -> Losses:
    """The losses of a batch with these draws."""
    with_dropout(core, draws.dropout)
    found = conditions(core, batch, draws.posterior_noise, settings)
    hidden = dropped(found.hidden, draws.cfg_uniform, settings.cfg_droprate)
    g_cond = dropped(core.condition(batch.x_vector), draws.xvec_uniform, settings.xvec_drop_rate)
    noise = by_patches(draws.noise, settings.patch_size)
    x_t, target = between(found.clean, noise, draws.t, settings.sigma)
    predicted = predict(core, hidden, found.clean, x_t, draws.t, None, g_cond, settings.checkpointing)
    return losses_of(core, batch, found.hidden, predicted, target)


def conditions(
    core: Core, batch: TrainingBatch, posterior_noise: mx.array, settings: LossSettings
) -> Conditions:
    """Latents sampled for this step, and the LLM run over text and patches."""
    latents = batch.mean + posterior_noise.transpose(0, 2, 1) * batch.deviation
    embedded = patch_embeddings(core.patch_encoder, latents, settings.checkpointing)
    hidden = llm_hidden(core, filled(core, batch, embedded), settings.checkpointing)
    states = mx.take_along_axis(hidden, batch.making[..., None], axis=1)
    clean = (latents - settings.mean) / settings.scale
    return Conditions(latents, by_patches(clean, settings.patch_size), states)


def filled(core: Core, batch: TrainingBatch, embedded: mx.array) -> mx.array:
    """The text's embeddings with the patches' (B, N, C) at the spans → (B, L, C)."""
    text = core.embed(batch.ids)
    places = mx.maximum(batch.span - 1, 0)
    patches = mx.take_along_axis(embedded.astype(text.dtype), places[..., None], axis=1)
    return mx.where((batch.span > 0)[..., None], patches, text)


def dropped(condition: mx.array, uniform: mx.array, rate: float) -> mx.array:
    """Zeros for the rows whose draw is under the rate."""
    keep = (uniform >= rate).reshape(-1, *[1] * (condition.ndim - 1))
    return mx.where(keep, condition, mx.zeros_like(condition))


def by_patches(frames: mx.array, patch_size: int) -> mx.array:
    """(B, T, D) → (B, N, P, D)."""
    return frames.reshape(frames.shape[0], -1, patch_size, frames.shape[2])


def between(clean: mx.array, noise: mx.array, t: mx.array, sigma: float = 0.0) -> tuple[mx.array, mx.array]:
    """x at time t (B,) on the way from noise to clean (B, N, P, D), and the velocity there."""
    at = t[:, None, None, None]
    left = 1.0 - sigma
    return at * clean + (1.0 - left * at) * noise, clean - left * noise


def predict(
    core: Core,
    hidden: mx.array,
    clean: mx.array,
    x_t: mx.array,
    t: mx.array,
    duration: mx.array | None,
    g_cond: mx.array,
    checkpointing: bool = False,
) -> mx.array:
    """Velocities (B, N, P, D) at x_t, each patch after the clean ones before it."""
    states = core.hidden_proj(hidden)[:, :, None]
    known = mx.concatenate([states, core.latent_proj(clean.astype(core.dtype))], axis=2)
    noisy = mx.concatenate([states, core.coordinate_proj(x_t.astype(core.dtype))], axis=2)
    dit = core.velocity_field_predictor
    return velocities(dit, known, noisy, t, duration, g_cond, checkpointing).astype(mx.float32)


def losses_of(
    core: Core, batch: TrainingBatch, hidden: mx.array, predicted: mx.array, target: mx.array
) -> Losses:
    """The flow-matching term, and the stop head's, which trains nothing but that head."""
    by_patch = mx.mean(mx.square(predicted - target), axis=(2, 3)) * batch.weight
    first, _, second = core.eos_proj
    logits = second(silu(first(mx.stop_gradient(hidden)))).astype(mx.float32)  # (B, N, 2)
    surprise = mx.logsumexp(logits, axis=-1) - mx.where(batch.last, logits[..., 1], logits[..., 0])
    return Losses(mx.sum(by_patch), mx.sum(surprise * batch.end_weight), by_patch)
