"""The student of a distillation: a flow-matching core with a duration embedder, which begins as its teacher. It takes no steps."""

import math
from dataclasses import replace

import mlx.core as mx

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.opening import Checkpoint
from dotsbook.model.network.core import Core, load_core
from dotsbook.model.network.dit import FREQUENCIES
from dotsbook.model.network.second_core import twin

EMBEDDER = "velocity_field_predictor.duration_embedder.mlp"


def student_of(teacher: Checkpoint) -> Checkpoint:
    """The teacher's checkpoint as its student's. ModelError for a teacher that doesn't follow the flow by many small steps."""
    config = teacher.config
    if config.meanflow or config.sampling is not None:
        raise ModelError(
            f"{teacher.folder} was distilled itself. A teacher is a model of flow matching, such as base or soar, or one of them "
            "with an adapter baked in."
        )
    return replace(teacher, config=replace(config, meanflow=True, use_duration_embedding=True))


def duration_embedder(size: int, seed: int = 0) -> dict[str, mx.array]:
    """One that says nothing yet, by the core's names."""
    bound = math.sqrt(6 / (FREQUENCIES + size))  # Xavier's
    return {
        f"{EMBEDDER}.0.weight": mx.random.uniform(
            -bound, bound, (size, FREQUENCIES), key=mx.random.key(seed)
        ),
        f"{EMBEDDER}.0.bias": mx.zeros(size),
        f"{EMBEDDER}.2.weight": mx.zeros((size, size)),
        f"{EMBEDDER}.2.bias": mx.zeros(size),
    }


def student_core(checkpoint: Checkpoint, seed: int) -> Core:
    """The core of a student's checkpoint; its DiT alone is trained."""
    core = load_core(checkpoint, duration_embedder(checkpoint.config.dit.hidden_size, seed))
    core.freeze()
    core.velocity_field_predictor.unfreeze()
    return core


def teacher_of(student: Core) -> Core:
    """The core that a student was at its beginning; they share all arrays until the student's change."""
    core = twin(student)
    core.freeze()
    return core
