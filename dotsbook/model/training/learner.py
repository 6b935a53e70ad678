"""One step of training: gradients of some batches, added up, shortened, and taken. It knows no data and no files."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten, tree_map, tree_unflatten

from dotsbook.errors import ModelError
from dotsbook.model.network.core import Core
from dotsbook.model.training.batch import TrainingBatch
from dotsbook.model.training.losses import Losses
from dotsbook.model.training.optimising import OptimiserSettings, adamw, clipped, rate

Objective = Callable[[Core, TrainingBatch, Any], Losses]  # the core, a batch, its draws


@dataclass(frozen=True)
class StepReport:
    """What a step was: losses before its update, the gradient's length before it was shortened."""

    step: int
    learning_rate: float
    fm: float
    eos: float
    gradient: float

    @property
    def loss(self) -> float:
        return self.fm + self.eos


class Learner:
    """A core, what is to fall, and the optimiser's memory. Only what the core says is trainable is trained."""

    def __init__(self, core: Core, objective: Objective, settings: OptimiserSettings):
        self.core, self.objective, self.settings, self.step = core, objective, settings, 0
        self.optimiser = adamw(settings)
        self.optimiser.init(core.trainable_parameters())
        self._gradients = nn.value_and_grad(core, self._loss)

    def _loss(
        self, batch: TrainingBatch, draws: Any, patches: int, rows: int
    ) -> tuple[mx.array, mx.array, mx.array]:
        losses = self.objective(self.core, batch, draws)
        return losses.total(patches, rows), losses.fm / patches, losses.eos / rows

    def gradients(self, batches: Sequence[tuple[TrainingBatch, Any]]) -> tuple[float, float, Any]:
        """fm, eos and the gradients over all of the batches, each with its draws, as if they were one batch."""
        patches = sum(sum(batch.patches) for batch, _ in batches)
        rows = sum(batch.rows for batch, _ in batches)
        fm, eos, total = 0.0, 0.0, None
        for batch, draws in batches:
            (_, one_fm, one_eos), found = self._gradients(batch, draws, patches, rows)
            total = found if total is None else tree_map(mx.add, total, found)
            mx.eval(total, one_fm, one_eos)
            fm, eos = fm + one_fm.item(), eos + one_eos.item()
        return fm, eos, total

    def update(self, batches: Sequence[tuple[TrainingBatch, Any]]) -> StepReport:
        """One step over these batches. ModelError, with nothing changed, where the numbers break."""
        fm, eos, gradients = self.gradients(batches)
        gradients, norm = clipped(gradients, self.settings.clip)
        length, now = norm.item(), rate(self.settings, self.step)
        if not math.isfinite(fm + eos + length):
            raise ModelError(
                f"The numbers broke at step {self.step} (loss {fm + eos:g}, gradient {length:g}). Nothing was changed by it; "
                "lower `learning_rate`, and look at the data's loudest and longest clips."
            )
        self.optimiser.learning_rate = now
        self.optimiser.update(self.core, gradients)
        mx.eval(self.core.trainable_parameters(), self.optimiser.state)
        report = StepReport(self.step, now, fm, eos, length)
        self.step += 1
        return report

    # ── to disk and back ──

    def arrays(self) -> dict[str, mx.array]:
        """All that the next step depends on, by name: what is trained, and the optimiser's memory."""
        trained = {
            f"core/{name}": array
            for name, array in dict(tree_flatten(self.core.trainable_parameters())).items()
        }
        return trained | {
            f"optimiser/{name}": array for name, array in dict(tree_flatten(self.optimiser.state)).items()
        }

    def restore(self, arrays: dict[str, mx.array], step: int) -> None:
        """Go on from `arrays`. ModelError unless they are this learner's."""
        mine = self.arrays()
        if {k: v.shape for k, v in mine.items()} != {k: v.shape for k, v in arrays.items()}:
            strange = sorted(mine.keys() ^ arrays.keys())
            raise ModelError(
                "The state on disk is of another training"
                f"{f', by {strange[0]}' if strange else ''}: its settings were others. Begin anew in another folder."
            )
        for prefix, take in (("core/", self._take_weights), ("optimiser/", self._take_memory)):
            take([(k.removeprefix(prefix), v) for k, v in arrays.items() if k.startswith(prefix)])
        self.step = step

    def _take_weights(self, pairs: list) -> None:
        self.core.update(tree_unflatten(pairs))

    def _take_memory(self, pairs: list) -> None:
        self.optimiser.state = tree_unflatten(pairs)
