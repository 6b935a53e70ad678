"""Small examples and cores for the tests of training."""

from pathlib import Path

import mlx.core as mx
import numpy as np

from dotsbook.model.dots import Dots
from dotsbook.model.training.adapters import AdapterShape, attach, train_adapters_only
from dotsbook.model.training.batch import Example
from dotsbook.model.training.bucketing import BatchBudget
from dotsbook.model.training.losses import LossSettings
from dotsbook.model.training.optimising import OptimiserSettings
from dotsbook.model.training.trainer import Trainer, TrainingPlan
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


def trainer(checkpoint, folder, steps, told="so"):
    """A small training in a folder."""
    dots = Dots.load(checkpoint, dtype="float32", fused=False)
    shape = AdapterShape(rank=2, dropout=0.1)
    attach(dots.core, shape, mx.random.key(0))
    train_adapters_only(dots.core, shape)
    plan = TrainingPlan(
        OptimiserSettings(learning_rate=1e-3, warmup=5, steps=steps),
        BatchBudget(9),
        validate_every=40,
        save_every=7,
    )
    some = examples(dots, (3, 2, 4, 3, 2))
    return Trainer(dots.core, plan, some[:4], some[4:], settings(dots), dots.tokens.span, Path(folder), told)
