"""Small examples and cores for the tests of training."""

import mlx.core as mx
import numpy as np

from dotsbook.model.training.batch import Example
from dotsbook.model.training.losses import LossSettings
from dotsbook.model.training.training_ids import TrainingTokens, eos_of


def examples(dots, patches=(5, 3, 4), seed=0):
    """Examples of random latents, of these many patches each."""
    dice, config = np.random.default_rng(seed), dots.config
    tokens = TrainingTokens(dots.tokens, eos_of(dots.checkpoint))
    found = []
    for number, count in enumerate(patches):
        frames, latent = count * config.patch_size, config.latent_dim
        mean = dice.standard_normal((frames, latent))
        both = np.concatenate([mean, np.full((frames, latent), -2.0)], axis=1)
        ids = tokens.sides(tokens.basic(f"Line {number} of the tide.", count))
        found.append(
            Example(
                f"clip{number}",
                *ids,
                both.astype(np.float32),
                dice.standard_normal(config.speaker_dim).astype(np.float32),
            )
        )
    return found


def settings(dots, **other):
    mean, var = dots.checkpoint.stats
    return LossSettings(mx.array(mean), mx.sqrt(mx.array(var)), dots.config.patch_size, **other)
