"""What a distillation asks: a student that follows its teacher, as the reference's trainer has it, and what that costs."""

from typing import TYPE_CHECKING

from dotsbook.tuning.training_config import TuneConfig

if TYPE_CHECKING:
    from dotsbook.model.network.core import Core
    from dotsbook.model.training.learner import Objective
    from dotsbook.model.training.losses import LossSettings


def following(student: "Core", settings: "LossSettings", config: TuneConfig) -> "Objective":
    """MeanFlow's loss against what `student` is now."""
    from dotsbook.model.training.meanflow import MeanFlowSettings, distil
    from dotsbook.model.training.student import teacher_of

    teacher = teacher_of(student)
    how = MeanFlowSettings(config.teacher_steps, scale=config.guidance, anchor_prob=config.anchors)
    return lambda core, batch, draws: distil(core, teacher, batch, draws, settings, how)


def dear(config: TuneConfig) -> str:
    """What must be known before a distillation is begun."""
    return (
        f"Distillation is dear: for each step the teacher's DiT is run {2 * config.teacher_steps} times besides, and the reference "
        "took 50,000 steps of eight hours of sound each. A few hundred show that it runs, not what it can become."
    )
