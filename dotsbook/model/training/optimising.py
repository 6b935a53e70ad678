"""Learning rates and AdamW as the reference has them. It knows gradients and steps, no models.

Moments are corrected for their beginning from zero; weights decay by themselves, all of them; the norm is taken over all
gradients together, after accumulation.
"""

import math
from dataclasses import dataclass
from typing import Any

from dotsbook.errors import ModelError

SCHEDULES = ("cosine", "linear", "constant")


@dataclass(frozen=True)
class OptimiserSettings:
    """AdamW and its learning rate."""

    learning_rate: float = 1e-4
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.01  # a step takes this share of the rate off every trained weight
    clip: float = 1.0  # the longest the gradient may be; 0: as long as it is
    schedule: str = "cosine"  # or linear, constant: how the rate falls after the warm-up
    warmup: int = 0  # steps in which the rate rises from 0
    steps: int = 1000  # where it has fallen to 0

    def __post_init__(self):
        if self.schedule not in SCHEDULES:
            raise ModelError(f"A schedule is one of {', '.join(SCHEDULES)}, not {self.schedule!r}.")


def rate(settings: OptimiserSettings, step: int) -> float:
    """The learning rate of step 0, 1, …; with a warm-up the first step changes nothing."""
    base, warm = settings.learning_rate, settings.warmup
    if step < warm:
        return base * step / warm
    if settings.schedule == "constant":
        return base
    done = min(1.0, (step - warm) / max(1, settings.steps - warm))
    if settings.schedule == "linear":
        return base * (1 - done)
    return base * 0.5 * (1 + math.cos(math.pi * done))


def adamw(settings: OptimiserSettings):
    """mlx's AdamW with these settings; its rate is set at every step."""
    from mlx.optimizers import AdamW

    return AdamW(
        settings.learning_rate,
        list(settings.betas),
        settings.eps,
        settings.weight_decay,
        bias_correction=True,
    )


def clipped(gradients: Any, most: float) -> tuple[Any, Any]:
    """The gradients, shortened to `most` all together, and how long they were."""
    from mlx.optimizers import clip_grad_norm

    return clip_grad_norm(gradients, most if most > 0 else math.inf)
