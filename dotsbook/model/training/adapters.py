"""Low-rank adapters beside a core's linear layers: LoRA, rsLoRA and DoRA, on plain and on packed matrices. It knows no files.

y = W x + b + strength · (scale · B A x), A (rank, in), B (out, rank). With B = 0, or strength 0, the output is the base's to the
bit. mlx-lm's LoRALinear lies transposed, knows no alpha and draws its dropout from the global generator; hence our own.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_unflatten

from dotsbook.errors import ModelError

# The linears of every layer of the LLM and of the DiT.
EVERYWHERE = (
    "llm.model.layers.*.self_attn.*_proj",
    "llm.model.layers.*.mlp.*_proj",
    "velocity_field_predictor.blocks.*.attn.*_proj",
    "velocity_field_predictor.blocks.*.ffn.fc?",
)
TRAINED = ("lora_a", "lora_b", "lora_m")  # an adapter's own arrays


@dataclass(frozen=True)
class AdapterShape:
    """What adapters a core gets."""

    rank: int = 16
    alpha: float = 16.0  # how loud it is from the start: scale = alpha / rank
    dropout: float = 0.0  # of what goes into the adapter, in training
    dora: bool = False  # directions and lengths of the rows apart
    rslora: bool = False  # scale = alpha / √rank: high ranks keep their weight
    layers: tuple[str, ...] = EVERYWHERE  # patterns of linear layers' names
    whole: tuple[
        str, ...
    ] = ()  # patterns of layers that are trained whole beside the adapters, `eos_proj` say

    @property
    def scale(self) -> float:
        return self.alpha / (math.sqrt(self.rank) if self.rslora else self.rank)


class AdaptedLinear(nn.Module):
    """A linear layer, plain or packed, with a low-rank change beside it."""

    def __init__(self, linear: nn.Module, shape: AdapterShape, key: mx.array, strength: float = 1.0):
        super().__init__()
        outputs, inputs = sizes_of(linear)
        bound = 1 / math.sqrt(inputs)
        self.linear = linear
        self.lora_a = mx.random.uniform(-bound, bound, (shape.rank, inputs), key=key)
        self.lora_b = mx.zeros((outputs, shape.rank))
        if shape.dora:
            self.lora_m = row_lengths(dense(linear))
        self._scale, self._strength, self._dropout = shape.scale, strength, shape.dropout
        self._key: mx.array | None = None  # of this step's dropout
        self._ratio: mx.array | None = None  # DoRA's, once no training changes it any more

    def __call__(self, x: mx.array) -> mx.array:
        y = self.linear(x)
        if not self._strength:
            return y
        change = (self._scale * (self._dropped(x) @ self.lora_a.T)) @ self.lora_b.T
        if "lora_m" in self:
            ratio = self.ratio() if self._ratio is None else self._ratio
            straight = y - self.linear.bias if "bias" in self.linear else y
            change = (ratio - 1.0) * straight + ratio * change
        return y + (self._strength * change).astype(y.dtype)

    def _dropped(self, x: mx.array) -> mx.array:
        if self._key is None or not self._dropout:
            return x
        keep = mx.random.bernoulli(1 - self._dropout, x.shape, key=self._key)
        return mx.where(keep, x / (1 - self._dropout), mx.zeros_like(x))

    def settle(self) -> None:
        """Nothing trains this any more: what depends on weights alone is computed once."""
        if "lora_m" in self:
            self._ratio = self.ratio()

    def ratio(self) -> mx.array:
        """DoRA: the length a row shall have, by what it has with the change (out,). The length is no path for gradients."""
        changed = dense(self.linear) + self._scale * (self.lora_b @ self.lora_a)
        return self.lora_m / mx.stop_gradient(row_lengths(changed))

    def fused(self) -> mx.array:
        """The one matrix (out, in), float32, that does what both do."""
        weight = dense(self.linear)
        changed = weight + self._scale * (self.lora_b @ self.lora_a)
        if "lora_m" in self:
            changed = changed * self.ratio()[:, None]
        return changed if self._strength == 1 else weight + self._strength * (changed - weight)


def sizes_of(linear: nn.Module) -> tuple[int, int]:
    """(out, in) of a plain or packed linear layer."""
    outputs, inputs = linear.weight.shape
    return (
        (outputs, inputs * 32 // linear.bits) if isinstance(linear, nn.QuantizedLinear) else (outputs, inputs)
    )


def dense(linear: nn.Module) -> mx.array:
    """The layer's matrix as float32, unpacked, without a gradient."""
    weight = linear.weight
    if isinstance(linear, nn.QuantizedLinear):
        weight = mx.dequantize(weight, linear.scales, linear.biases, linear.group_size, linear.bits)
    return mx.stop_gradient(weight.astype(mx.float32))


def row_lengths(matrix: mx.array) -> mx.array:
    return mx.sqrt(mx.sum(mx.square(matrix), axis=1))


def linears(core: nn.Module, patterns: Iterable[str]) -> dict[str, nn.Module]:
    """The linear layers whose names match one of the patterns. ModelError for a pattern that matches none."""
    named = {
        name: module
        for name, module in core.named_modules()
        if isinstance(module, (nn.Linear, nn.QuantizedLinear)) and not name.endswith(".linear")
    }
    found: dict[str, nn.Module] = {}
    for pattern in patterns:
        matching = {name: module for name, module in named.items() if fnmatchcase(name, pattern)}
        if not matching:
            raise ModelError(
                f"No linear layer of this model is called {pattern!r}; {min(named)} is one of {len(named)}."
            )
        found |= matching
    return {name: found[name] for name in sorted(found)}


def attach(core: nn.Module, shape: AdapterShape, key: mx.array, strength: float = 1.0) -> list[str]:
    """Put adapters that change nothing yet beside the layers that `shape` names; gives their names. Changes `core`."""
    chosen = linears(core, shape.layers)
    keys = mx.random.split(key, len(chosen))
    adapted = [
        (name, AdaptedLinear(linear, shape, one, strength))
        for (name, linear), one in zip(chosen.items(), keys, strict=True)
    ]
    core.update_modules(tree_unflatten(adapted))
    return list(chosen)


def adapters(core: nn.Module) -> Iterator[tuple[str, AdaptedLinear]]:
    return ((name, module) for name, module in core.named_modules() if isinstance(module, AdaptedLinear))


def train_adapters_only(core: nn.Module, shape: AdapterShape) -> None:
    """Only adapters, and the layers that are trained whole, get gradients. Changes `core`."""
    core.freeze()
    core.unfreeze(keys=list(TRAINED), strict=False)
    for pattern in shape.whole:
        matching = [
            module
            for name, module in core.named_modules()
            if fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}.*")
        ]
        if not matching:
            raise ModelError(f"No layer of this model is called {pattern!r}.")
        for module in matching:
            module.unfreeze(strict=False)


def train_everything(core: nn.Module) -> None:
    """All parameters get gradients but a duration embedder's, which no instantaneous velocity asks. Changes `core`."""
    core.unfreeze()
    if "duration_embedder" in core.velocity_field_predictor:
        core.velocity_field_predictor.duration_embedder.freeze()


def with_dropout(core: nn.Module, key: mx.array | None) -> None:
    """Give every adapter its key for this step's dropout; None: no dropout."""
    found = [module for _, module in adapters(core) if module._dropout]
    keys = [None] * len(found) if key is None else mx.random.split(key, max(1, len(found)))
    for module, one in zip(found, keys, strict=False):
        module._key = one
