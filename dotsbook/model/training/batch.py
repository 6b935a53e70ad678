"""Examples side by side, as arrays padded on the right. It knows ids and latents, no text and no sound.

An example is a prompt, its patches' places among the ids, the latents' mean and log deviation, and an x-vector. Which hidden
state makes which patch is a matter of places: the label at a position is a span where the position's state makes a patch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import mlx.core as mx
import numpy as np


@dataclass(frozen=True, eq=False)
class Example:
    """One clip with its text. `mean_logstd` (T, 2 · D) of the latents; T is a whole number of patches."""

    name: str
    ids: np.ndarray  # (L,) all ids but the last: what the model is given
    labels: np.ndarray  # (L,) all ids but the first: what comes next
    mean_logstd: np.ndarray
    x_vector: np.ndarray

    @property
    def frames(self) -> int:
        return len(self.mean_logstd)


@dataclass(frozen=True)
class TrainingBatch:
    """B examples, N patches at most. Places are positions among the L ids; padding repeats place 0 and has weight 0."""

    ids: mx.array  # (B, L)
    span: mx.array  # (B, L) 0 where no span is, else 1 + the number of its patch
    making: mx.array  # (B, N) the position whose state makes patch n
    weight: mx.array  # (B, N) 1 for a patch, 0 for padding
    end_weight: mx.array  # (B, N) the stop loss's weights, of sum 1 a row
    last: mx.array  # (B, N) 1 at a row's last patch
    mean: mx.array  # (B, T, D)
    deviation: mx.array  # (B, T, D)
    x_vector: mx.array  # (B, speaker_dim)
    patches: tuple[int, ...]  # of each example

    @property
    def rows(self) -> int:
        return len(self.patches)

    @property
    def frames(self) -> int:
        return self.mean.shape[1]


def collate(examples: Sequence[Example], span_id: int, patch_size: int) -> TrainingBatch:
    """One batch of these examples, in this order."""
    patches = [example.frames // patch_size for example in examples]
    rows, longest = len(examples), max(len(example.ids) for example in examples)
    most = max(patches)
    latent = examples[0].mean_logstd.shape[1] // 2
    ids, span = np.zeros((rows, longest), np.int32), np.zeros((rows, longest), np.int32)
    making, weight, last, ends = (np.zeros((rows, most), np.float32) for _ in range(4))
    mean_logstd = np.zeros((rows, most * patch_size, 2 * latent), np.float32)
    for row, (example, count) in enumerate(zip(examples, patches, strict=True)):
        ids[row, : len(example.ids)] = example.ids
        spans = np.flatnonzero(example.ids == span_id)
        span[row, spans] = 1 + np.arange(len(spans))
        making[row, :count] = np.flatnonzero(example.labels == span_id)
        weight[row, :count] = 1
        last[row, count - 1] = 1
        ends[row, :count] = end_weights(count)
        mean_logstd[row, : example.frames] = example.mean_logstd
    mean, log_deviation = np.split(mean_logstd, 2, axis=2)
    deviation = np.exp(log_deviation)
    for row, example in enumerate(examples):
        deviation[row, example.frames :] = 0
    return TrainingBatch(
        ids=mx.array(ids),
        span=mx.array(span),
        making=mx.array(making.astype(np.int32)),
        weight=mx.array(weight),
        end_weight=mx.array(ends),
        last=mx.array(last.astype(np.int32)),
        mean=mx.array(mean),
        deviation=mx.array(deviation.astype(np.float32)),
        x_vector=mx.array(np.stack([example.x_vector for example in examples]).astype(np.float32)),
        patches=tuple(patches),
    )


def end_weights(count: int) -> np.ndarray:
    """Half on the last patch, half on all before it together."""
    if count == 1:
        return np.ones(1, np.float32)
    weights = np.full(count, 0.5 / (count - 1), np.float32)
    weights[-1] = 0.5
    return weights
