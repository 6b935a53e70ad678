"""What a batch may hold so that a training fits into memory, and how long it will then take. It knows sizes, no arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotsbook.model.training.step_cost import StepCost, StepSize

BESIDE = 1.5  # how much longer a step of the released widths takes than its products: what lies between them
TIMES = 4  # that a held-out clip is looked at


@dataclass(frozen=True)
class BatchFit:
    """A choice that fits."""

    patches: int  # that a batch may hold
    checkpointing: bool
    sizes: "tuple[StepSize, ...]"  # an epoch's batches
    worst: "StepSize"
    left_out: tuple[int, ...]  # clips that no batch holds

    def seconds(self, cost: "StepCost", steps: int, speed: float, validations: int) -> float:
        """Of so many steps, and of so many clips looked at in validation, at `speed` products a second."""
        from dotsbook.model.training.step_cost import StepSize

        each = sum(cost.products(one, self.checkpointing) for one in self.sizes) / len(self.sizes)
        middle = sorted(self.sizes, key=lambda one: one.patches)[len(self.sizes) // 2]
        look = cost.products(StepSize(TIMES, middle.patches, middle.tokens), False) / 3
        return BESIDE * (each * steps + look * validations) / speed


def fitted(
    cost: "StepCost",
    patches: Sequence[int],
    tokens: Sequence[int],
    wanted: int,
    allowed: int,
    ways: tuple[bool, ...],
    seed: int,
    before: tuple[int, bool] | None = None,
) -> BatchFit | None:
    """The first that fits: `wanted` patches a batch with each of `ways` (checkpointing or not), then fewer and fewer.

    before: what was chosen when the training began, which then stays. None: nothing fits.
    """
    if before is not None:
        return fit_of(cost, patches, tokens, *before, seed)
    while wanted >= 1:
        for checkpointing in ways:
            found = fit_of(cost, patches, tokens, wanted, checkpointing, seed)
            if found is not None and cost.peak(found.worst, checkpointing) <= allowed:
                return found
        wanted = wanted * 3 // 4
    return None


def fit_of(
    cost: "StepCost", patches: Sequence[int], tokens: Sequence[int], most: int, checkpointing: bool, seed: int
) -> BatchFit | None:
    """Batches of at most so many patches; None if no clip is that short."""
    from dotsbook.model.training.bucketing import BatchBudget, epoch, over_budget
    from dotsbook.model.training.step_cost import StepSize

    budget = BatchBudget(most)
    left_out = set(over_budget(patches, tokens, budget))
    kept = [i for i in range(len(patches)) if i not in left_out]
    if not kept:
        return None
    batches = epoch([patches[i] for i in kept], [tokens[i] for i in kept], budget, seed, 0)
    sizes = tuple(
        StepSize(len(batch), max(patches[kept[i]] for i in batch), max(tokens[kept[i]] for i in batch))
        for batch in batches
    )
    worst = max(sizes, key=lambda one: cost.activations(one, checkpointing))
    return BatchFit(most, checkpointing, sizes, worst, tuple(sorted(left_out)))
