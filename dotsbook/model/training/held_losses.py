"""The losses of one held-out clip under a model as it is: for comparing two models line by line. It trains nothing."""

from typing import TYPE_CHECKING

import mlx.core as mx

from dotsbook.model.training.losses import LossSettings
from dotsbook.model.training.trainer import held_loss

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots
    from dotsbook.model.training.batch import Example


def line_losses(dots: "Dots", example: "Example", times: int = 4) -> tuple[float, float]:
    """(fm a patch, eos) of one example, with the same draws whatever the model."""
    settings = LossSettings(dots.latent_mean, dots.latent_scale, dots.config.patch_size)
    found = held_loss(dots.core, [example], settings, dots.tokens.span, times=times)
    mx.clear_cache()
    return found
