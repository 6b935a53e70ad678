"""Gradient trees as arrays: read from a file, evaluated in numpy. It knows numbers only."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

WORST = -30.0  # scores are clipped here before the softmax


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of one model, all nodes in one table; a leaf leads to itself."""

    feature: np.ndarray  # (nodes,) int16
    threshold: np.ndarray  # (nodes,) float32: at most this → left
    left: np.ndarray  # (nodes,) int32
    right: np.ndarray  # (nodes,) int32
    value: np.ndarray  # (nodes,) float32: of leaves
    roots: np.ndarray  # (trees,) int32
    depth: np.ndarray  # (trees,) int16

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """(rows,) sums of the trees' leaves."""
        total = np.zeros(len(rows), np.float32)
        if not len(rows):
            return total
        flat = np.ascontiguousarray(rows, np.float32).ravel()
        base = np.arange(len(rows), dtype=np.int64) * rows.shape[1]
        for root, depth in zip(self.roots, self.depth, strict=True):
            node = np.full(len(rows), root, np.int32)
            for _ in range(depth):
                below = flat[base + self.feature[node]] <= self.threshold[node]
                node = np.where(below, self.left[node], self.right[node])
            total += self.value[node]
        return total


def softmax(scores: np.ndarray, begins: np.ndarray, heat: float = 1.0) -> np.ndarray:
    """Chances within each group of rows; begins: (groups + 1,). heat > 1 makes them less sure."""
    if not len(scores):
        return scores
    starts = begins[:-1]
    sizes = np.diff(begins)
    cooled = np.maximum(scores / heat, WORST)
    top = np.maximum.reduceat(cooled, starts)
    weight = np.exp(cooled - np.repeat(top, sizes))
    return weight / np.repeat(np.add.reduceat(weight, starts), sizes)


@dataclass(frozen=True, slots=True)
class TreeModel:
    first: Forest
    second: Forest
    heats: tuple[float, float]  # of the first and the second softmax


@cache
def shipped() -> TreeModel:
    """The model of English novels in data/english.npz; how it was made is told in tests/training/casting."""
    with (files("dotsbook.casting") / "data" / "english.npz").open("rb") as file:
        table = np.load(file)
        forests = [
            Forest(*(table[f"{name}_{field}"] for field in Forest.__dataclass_fields__))
            for name in ("first", "second")
        ]
        heats = table["heats"]
    return TreeModel(forests[0], forests[1], (float(heats[0]), float(heats[1])))
