"""What is settled before a training's first step: what a batch holds, whether layers are computed twice; and what it will take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError
from dotsbook.tuning.training_config import TuneConfig
from dotsbook.tuning.training_events import TrainingForecast
from dotsbook.wording import size

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.opening import Checkpoint
    from dotsbook.model.training.adapters import AdapterShape
    from dotsbook.model.training.batch import Example
    from dotsbook.model.training.step_cost import StepCost


@dataclass(frozen=True)
class Decided:
    """A training that goes on keeps to it."""

    patches: int  # that a batch may hold
    checkpointing: bool


def decide(
    config: TuneConfig,
    cost: "StepCost",
    checkpoint: "Checkpoint",
    train: "Sequence[Example]",
    held: int,
    before: tuple[int, bool] | None,
) -> tuple[Decided, TrainingForecast, list[str]]:
    """What is settled, what it will take, and the clips that fit into no batch. ModelError if nothing fits.

    before: what this same training settled when it began.
    """
    from dotsbook.machine import memory_bytes
    from dotsbook.model.training.step_cost import StepSize, products_a_second
    from dotsbook.tuning.batch_fitting import fitted

    patch = checkpoint.config.patch_size
    allowed = config.memory_bytes or int(0.8 * memory_bytes())
    second = checkpoint.config.vocoder.sample_rate / checkpoint.config.patch_samples
    found = fitted(
        cost,
        [one.frames // patch for one in train],
        [len(one.ids) for one in train],
        round(config.batch_seconds * second),
        allowed,
        {"auto": (False, True), True: (True,), False: (False,)}[config.checkpointing],
        config.seed,
        before,
    )
    if found is None:
        shortest = min(train, key=lambda one: one.frames)
        least = cost.peak(StepSize(1, shortest.frames // patch, len(shortest.ids)), True)
        raise ModelError(
            f"Training takes {size(least)} for the shortest clip alone, and {size(allowed)} are allowed. Try `method: qlora`, "
            "a smaller `rank`, or more `memory`."
        )
    check = config.validate_every and config.steps // config.validate_every + 1
    forecast = TrainingForecast(
        config.method,
        len(train) - len(found.left_out),
        held,
        cost.trained,
        config.steps,
        0,
        found.patches,
        found.checkpointing,
        cost.peak(found.worst, found.checkpointing),
        allowed,
        found.seconds(cost, config.steps, products_a_second(), check * held),
    )
    left_out = [train[i].name for i in found.left_out]
    return Decided(found.patches, found.checkpointing), forecast, left_out


def cost_of(config: TuneConfig, shape: "AdapterShape", checkpoint: "Checkpoint") -> "StepCost":
    """What a step takes. ModelError for what can't be trained so."""
    from dotsbook.model.training.step_cost import StepCost
    from dotsbook.model.training.training_core import planned

    weights, trained = planned(checkpoint, config.method, shape, config.bits)
    sizes = (checkpoint.config, checkpoint.llm_config, weights, trained)
    asked = 2 * config.teacher_steps if config.method == "meanflow" else 0  # with text and without
    return StepCost(*sizes, config.method == "full", config.accumulation, asked)
