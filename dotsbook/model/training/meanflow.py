"""A step of MeanFlow distillation: the student learns the teacher's way over a stretch of time in one stride. No optimiser.

The student is a core with a duration embedder, the teacher a frozen core of flow matching; both hear the same latents and the
student's hidden states.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import mlx.core as mx

from dotsbook.model.network.core import Core
from dotsbook.model.training.adapters import with_dropout
from dotsbook.model.training.batch import TrainingBatch
from dotsbook.model.training.draws import MeanFlowDraws
from dotsbook.model.training.losses import (
    Losses,
    LossSettings,
    between,
    by_patches,
    conditions,
    dropped,
    losses_of,
    predict,
)
from dotsbook.model.training.stepping import STEPS, Velocity

Drop = Callable[[mx.array], mx.array]


@dataclass(frozen=True)
class MeanFlowSettings:
    """How the teacher is followed."""

    teacher_steps: int = 8
    solver: str = "euler"  # or midpoint, rk4
    mode: str = "fused"  # the teacher with its guidance; "natural": without, and with conditions left out as in training
    scale: float = 1.2  # of guidance
    anchor_prob: float = 0.5  # how often the stretch is an instant
    anchor_target: str = "formula"  # there: the straight way; "teacher": the teacher's velocity
    mean: float = -0.4  # of the logit-normal times
    std: float = 1.0


@dataclass(frozen=True)
class Stretches:
    """From t over `duration`, (B,) each; where `anchor`, duration is 0."""

    t: mx.array
    duration: mx.array
    anchor: mx.array


def stretches(draws: MeanFlowDraws, settings: MeanFlowSettings) -> Stretches:
    a, b = (
        mx.sigmoid(settings.mean + settings.std * normal)
        for normal in (draws.first_normal, draws.second_normal)
    )
    anchor = draws.anchor_uniform < settings.anchor_prob
    return Stretches(mx.minimum(a, b), mx.where(anchor, 0.0, mx.abs(a - b)), anchor)


def distil(
    student: Core,
    teacher: Core | None,
    batch: TrainingBatch,
    draws: MeanFlowDraws,
    settings: LossSettings,
    how: MeanFlowSettings,
) -> Losses:
    """The losses of a batch. teacher None is enough where every stretch is an anchor with the straight way as its target."""
    with_dropout(student, draws.dropout)
    found = conditions(student, batch, draws.posterior_noise, settings)
    when = stretches(draws, how)
    noise = by_patches(draws.noise, settings.patch_size)
    x_t, straight = between(found.clean, noise, when.t, settings.sigma)
    hidden = found.hidden
    drop: Drop = _as_it_is
    if how.mode == "natural" and draws.cfg_uniform is not None and draws.xvec_uniform is not None:
        hidden = dropped(hidden, draws.cfg_uniform, settings.cfg_droprate)
        drop = partial(dropped, uniform=draws.xvec_uniform, rate=settings.xvec_drop_rate)
    target = straight
    if teacher is not None and not (how.anchor_prob >= 1 and how.anchor_target == "formula"):
        velocity = teacher_velocity(teacher, mx.stop_gradient(hidden), found.clean, batch, drop, how)
        followed = rolled(velocity, mx.stop_gradient(x_t), when, how)
        at_anchor = straight if how.anchor_target == "formula" else velocity(x_t, when.t)
        target = mx.where(when.anchor[:, None, None, None], at_anchor, followed)
    g_cond = drop(student.condition(batch.x_vector))
    predicted = predict(
        student, hidden, found.clean, x_t, when.t, when.duration, g_cond, settings.checkpointing
    )
    return losses_of(student, batch, found.hidden, predicted, mx.stop_gradient(target))


def teacher_velocity(
    teacher: Core, hidden: mx.array, clean: mx.array, batch: TrainingBatch, drop: Drop, how: MeanFlowSettings
) -> Velocity:
    """velocity(x, t) of the frozen teacher, guided unless the mode is natural."""
    g_cond = drop(teacher.condition(batch.x_vector))
    silent, nobody = mx.zeros_like(hidden), mx.zeros_like(g_cond)

    def velocity(x: mx.array, t: mx.array) -> mx.array:
        known = mx.stop_gradient(predict(teacher, hidden, clean, x, t, None, g_cond))
        if how.mode == "natural":
            return known
        free = mx.stop_gradient(predict(teacher, silent, clean, x, t, None, nobody))
        return known + how.scale * (known - free)

    return velocity


def rolled(velocity: Velocity, x_t: mx.array, when: Stretches, how: MeanFlowSettings) -> mx.array:
    """The mean velocity of the teacher's way from x_t over the stretch; of no meaning where that is an instant."""
    stride = when.duration / how.teacher_steps
    z, step = x_t, STEPS[how.solver]
    for i in range(how.teacher_steps):
        z = step(velocity, z, when.t + i * stride, stride)
    safe = mx.where(when.anchor, 1.0, when.duration)
    return (z - x_t) / safe[:, None, None, None]


def _as_it_is(condition: mx.array) -> mx.array:
    return condition
