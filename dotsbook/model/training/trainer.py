"""The training loop: batches in their order, steps, validation, saving; events out. It knows no sound, no project, prints nothing.

A training is a function of its data, settings and seed. Its state is saved whole every so many steps; after a death the steps
since are made again, and come out the same to the bit.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import mlx.core as mx

from dotsbook.model.network.core import Core
from dotsbook.model.training.adapters import with_dropout
from dotsbook.model.training.batch import Example, TrainingBatch, collate
from dotsbook.model.training.bucketing import BatchBudget, BatchOrder
from dotsbook.model.training.draws import MeanFlowDraws, StepDraws, meanflow_draws, step_draws
from dotsbook.model.training.learner import Learner, Objective, StepReport
from dotsbook.model.training.losses import LossSettings, forward
from dotsbook.model.training.optimising import OptimiserSettings
from dotsbook.model.training.training_state import TrainingPlace, load_state, save_state

STATE = "state.safetensors"


@dataclass(frozen=True)
class TrainingPlan:
    """How long and in what portions a training goes."""

    optimiser: OptimiserSettings
    budget: BatchBudget
    seed: int = 42
    accumulation: int = 1  # batches a step
    validate_every: int = 50  # steps
    save_every: int = 25
    sample_every: int = 0  # 0: never
    interleaved: float = 0.0  # how many of the batches show text and sound woven into each other


@dataclass(frozen=True)
class StepDone:
    report: StepReport
    seconds: float  # that it took
    left: float  # seconds, to the last step, as far as can be told


@dataclass(frozen=True)
class ValidationDone:
    step: int  # steps done
    fm: float
    eos: float
    best: bool

    @property
    def loss(self) -> float:
        return self.fm + self.eos


@dataclass(frozen=True)
class StateSaved:
    step: int


@dataclass(frozen=True)
class SamplesDue:
    step: int


@dataclass(frozen=True)
class TrainingEnded:
    step: int
    whole: bool  # all steps were made


TrainingEvent = StepDone | ValidationDone | StateSaved | SamplesDue | TrainingEnded


class Trainer:
    """One training in a folder of its own."""

    def __init__(
        self,
        core: Core,
        plan: TrainingPlan,
        train: Sequence[Example],
        held: Sequence[Example],
        settings: LossSettings,
        span: int,
        folder: Path,
        told: str,
        woven: Sequence[Example] = (),
        objective: Objective | None = None,
    ):
        """told: a hash of all that the training depends on. woven: the same examples as `train`, interleaved.

        objective: what is to fall, where it isn't flow matching: MeanFlow's loss, whose draws are its own.
        """
        self.core, self.plan, self.settings, self.span, self.told = core, plan, settings, span, told
        self.train, self.held, self.woven, self.folder = train, held, woven, folder
        self.objective = objective
        self.learner = Learner(core, objective or self._flow, plan.optimiser)
        patch = settings.patch_size
        self.order = BatchOrder(
            [one.frames // patch for one in train], [len(one.ids) for one in train], plan.budget, plan.seed
        )
        self.place = TrainingPlace(0, 0, told)

    def _flow(self, core: Core, batch: TrainingBatch, draws: StepDraws):
        return forward(core, batch, draws, self.settings)

    def resume(self) -> int:
        """Go to where the folder's state is; the step. ModelError for another training's state."""
        found = load_state(self.folder / STATE, self.learner, self.told)
        if found is not None:
            self.place = found
        return self.place.step

    def run(self, stop: Callable[[], bool] = lambda: False) -> Iterator[TrainingEvent]:
        """Train to the plan's end, or until `stop` says so: then the state is saved first."""
        steps, began, first = self.plan.optimiser.steps, time.monotonic(), self.place.step
        if first == 0:
            yield self.validated()
        while self.place.step < steps:
            if stop():
                yield self.saved()
                yield TrainingEnded(self.place.step, False)
                return
            before = time.monotonic()
            report = self.step()
            now, done = time.monotonic(), self.place.step
            yield StepDone(report, now - before, (now - began) / (done - first) * (steps - done))
            last = done == steps
            if last or (self.plan.validate_every and done % self.plan.validate_every == 0):
                yield self.validated()
            if last or done % self.plan.save_every == 0:
                yield self.saved()
            if self.plan.sample_every and (last or done % self.plan.sample_every == 0):
                yield SamplesDue(done)
        yield TrainingEnded(steps, True)

    def step(self) -> StepReport:
        """The next step."""
        at = self.place.batches
        report = self.learner.update(
            [self.drawn(number) for number in range(at, at + self.plan.accumulation)]
        )
        self.place = replace(self.place, step=self.place.step + 1, batches=at + self.plan.accumulation)
        return report

    def drawn(self, number: int) -> tuple[TrainingBatch, StepDraws | MeanFlowDraws]:
        """Batch `number` of the training and its draws."""
        share = int.from_bytes(self._digest("woven", number)[:4], "little") / 2**32
        source = self.woven if self.woven and share < self.plan.interleaved else self.train
        batch = collate([source[i] for i in self.order.at(number)], self.span, self.settings.patch_size)
        return batch, self._draws("draws", number, batch)

    def _draws(self, purpose: str, number: int, batch: TrainingBatch) -> StepDraws | MeanFlowDraws:
        key = mx.random.key(int.from_bytes(self._digest(purpose, number)[:8], "little"))
        draw = meanflow_draws if self.objective else step_draws
        return draw(key, batch.rows, batch.frames, self.settings.mean.shape[0])

    def _digest(self, purpose: str, number: int) -> bytes:
        return hashlib.blake2b(f"{self.plan.seed}/{purpose}/{number}".encode()).digest()

    def validated(self) -> ValidationDone:
        """The loss on the held-out examples, with the same draws every time and no condition left out."""
        fm, eos = self.held_loss(self.held)
        best = bool(self.held) and (self.place.best is None or fm + eos < self.place.best)
        if best:
            self.place = replace(self.place, best=fm + eos)
        return ValidationDone(self.place.step, fm, eos, best)

    def held_loss(self, held: Sequence[Example]) -> tuple[float, float]:
        return held_loss(self.core, held, self.settings, self.span, self.plan.seed, objective=self.objective)

    def saved(self) -> StateSaved:
        save_state(self.folder / STATE, self.learner, self.place)
        return StateSaved(self.place.step)


def held_loss(
    core: Core,
    held: Sequence[Example],
    settings: LossSettings,
    span: int,
    seed: int = 42,
    times: int = 4,
    objective: Objective | None = None,
) -> tuple[float, float]:
    """fm by patch and eos by clip over examples, each clip at `times` times spread over 0…1, with draws of its own.

    objective: MeanFlow's, over `times` stretches; None: flow matching.
    """
    with_dropout(core, None)
    fm = eos = 0.0
    patches = rows = 0
    fair = replace(settings, cfg_droprate=0.0, xvec_drop_rate=0.0, checkpointing=False)
    for number, example in enumerate(held):
        batch = collate([example] * times, span, settings.patch_size)
        digest = hashlib.blake2b(f"{seed}/held/{number}".encode(), digest_size=8).digest()
        asked = (mx.random.key(int.from_bytes(digest, "little")), times, batch.frames, settings.mean.shape[0])
        if objective:
            losses = objective(core, batch, replace(meanflow_draws(*asked), dropout=None))
        else:
            spread = replace(step_draws(*asked), t=(mx.arange(times) + 0.5) / times, dropout=None)
            losses = forward(core, batch, spread, fair)
        fm, eos = fm + float(losses.fm), eos + float(losses.eos)
        patches, rows = patches + sum(batch.patches), rows + times
    return fm / max(patches, 1), eos / max(rows, 1)
