"""Which examples train together, and in which order. It knows lengths, no sounds.

An epoch's batches are a function of seed and epoch alone, so the place in the data is one number: how many batches were used.
In a pool of shuffled examples the longest is the anchor, and the next longest join it while all of them, padded to it, fit
into the budget; so little is padded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dotsbook.errors import ModelError

POOL = 100  # examples that look for their like


@dataclass(frozen=True)
class BatchBudget:
    """What a batch may hold, padding counted."""

    patches: int  # longest example × examples
    tokens: int = 2048  # of all ids, spans among them


def epoch(
    patches: Sequence[int], tokens: Sequence[int], budget: BatchBudget, seed: int, number: int
) -> list[list[int]]:
    """The batches of one epoch: each example once, each batch's longest first."""
    dice = np.random.default_rng([seed, number])
    order, batches = dice.permutation(len(patches)), []
    for start in range(0, len(order), POOL):
        pool = sorted(order[start : start + POOL], key=lambda i: (-patches[i], -tokens[i], int(i)))
        while pool:
            taken = [pool.pop(0)]
            widest = tokens[taken[0]]
            for i in list(pool):
                count, wide = len(taken) + 1, max(widest, tokens[i])
                if patches[taken[0]] * count <= budget.patches and wide * count <= budget.tokens:
                    pool.remove(i)
                    taken.append(i)
                    widest = wide
            batches.append([int(i) for i in taken])
    return [batches[i] for i in dice.permutation(len(batches))]


class BatchOrder:
    """Batch 0, 1, 2, … of a training that goes through its data again and again."""

    def __init__(self, patches: Sequence[int], tokens: Sequence[int], budget: BatchBudget, seed: int):
        self.patches, self.tokens, self.budget, self.seed = patches, tokens, budget, seed
        if not patches:
            raise ModelError("There is nothing to train on.")
        self._epochs: dict[int, list[list[int]]] = {}
        self._starts = [0]  # the number of each epoch's first batch

    def at(self, number: int) -> list[int]:
        """The examples of batch `number`."""
        while True:
            last = len(self._starts) - 1
            if number < self._starts[last] + len(self._epoch(last)):
                break
            self._starts.append(self._starts[last] + len(self._epoch(last)))
        found = int(np.searchsorted(self._starts, number, side="right")) - 1
        return self._epoch(found)[number - self._starts[found]]

    def _epoch(self, number: int) -> list[list[int]]:
        if number not in self._epochs:
            self._epochs[number] = epoch(self.patches, self.tokens, self.budget, self.seed, number)
        return self._epochs[number]


def over_budget(patches: Sequence[int], tokens: Sequence[int], budget: BatchBudget) -> list[int]:
    """The examples that no batch can hold."""
    return [
        i
        for i, (long, wide) in enumerate(zip(patches, tokens, strict=True))
        if long > budget.patches or wide > budget.tokens
    ]
