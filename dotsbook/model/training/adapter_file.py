"""An adapter as one safetensors file: low-rank arrays, layers trained whole, and whose, of what and by whose leave they are.

It knows names and shapes; nothing in the file is trusted. A header says what base it was made for; which models it fits is
checked by its arrays, so that one made for the base serves its MeanFlow child where their shapes agree.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten, tree_unflatten

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.jsonfile import parse_object
from dotsbook.model.checkpoint.tensors import read_header
from dotsbook.model.training.adapters import TRAINED, AdaptedLinear, AdapterShape, sizes_of
from dotsbook.model.training.training_state import write_arrays

FORMAT = "1"


@dataclass(frozen=True)
class AdapterFacts:
    """What stands in an adapter's header besides its shape."""

    base: str  # identity of the model it was made for
    data: str  # hash of what it was trained on
    steps: int
    consent: str
    licence: str = ""
    method: str = "lora"
    best: float | None = None  # validation loss


@dataclass(frozen=True, eq=False)
class Adapter:
    """An adapter in memory."""

    shape: AdapterShape
    facts: AdapterFacts
    arrays: dict[str, mx.array] = field(repr=False)

    @property
    def layers(self) -> list[str]:
        """The linear layers with a low-rank change."""
        return sorted(k.removesuffix(".lora_a") for k in self.arrays if k.endswith(".lora_a"))

    @property
    def whole(self) -> dict[str, mx.array]:
        """Arrays that take the place of the base's."""
        return {k: v for k, v in self.arrays.items() if k.rpartition(".")[2] not in TRAINED}


def save_adapter(path: Path, core: nn.Module, shape: AdapterShape, facts: AdapterFacts) -> None:
    """Write what is trainable in `core`. OutputError if the disk refuses."""
    arrays = dict(tree_flatten(core.trainable_parameters()))
    header = {
        "dotsbook-adapter": FORMAT,
        "shape": json.dumps(asdict(shape)),
        "facts": json.dumps(asdict(facts), ensure_ascii=False),
    }
    write_arrays(Path(path), {k: v.astype(mx.float32) for k, v in arrays.items()}, header)


def read_adapter(path: Path) -> Adapter:
    """The adapter in a file. ModelError says what is wrong with it."""
    path = Path(path)
    entries = read_header(path)
    header = _header(path)
    if header.get("dotsbook-adapter") != FORMAT:
        raise ModelError(f"{path} is not an adapter that this version reads.")
    if any(entry.dtype != "F32" for entry in entries.values()):
        raise ModelError(f"{path} holds arrays that no adapter has. Train it again.")
    arrays = cast(dict[str, mx.array], mx.load(str(path), format="safetensors"))
    shape, facts = _shape(header, path), _facts(header, path)
    adapter = Adapter(shape, facts, arrays)
    for name in adapter.layers:
        a, b = arrays[f"{name}.lora_a"], arrays.get(f"{name}.lora_b")
        if b is None or a.ndim != 2 or b.ndim != 2 or a.shape[0] != shape.rank or b.shape[1] != shape.rank:
            raise ModelError(f"{path} has a change of {name} that isn't of rank {shape.rank}: it is damaged.")
    if not all(bool(mx.all(mx.isfinite(array))) for array in arrays.values()):
        raise ModelError(f"{path} holds numbers that are none: it is damaged, or its training broke.")
    return adapter


def _header(path: Path) -> dict[str, str]:
    with open(path, "rb") as file:
        raw = file.read(int.from_bytes(file.read(8), "little"))
    found = parse_object(raw, str(path)).get("__metadata__")
    return found if isinstance(found, dict) and all(isinstance(v, str) for v in found.values()) else {}


def _shape(header: dict[str, str], path: Path) -> AdapterShape:
    raw = _object(header, "shape", path)
    try:
        return AdapterShape(
            rank=_whole(raw["rank"]),
            alpha=float(raw["alpha"]),
            dora=raw["dora"] is True,
            rslora=raw["rslora"] is True,
            layers=tuple(map(str, raw["layers"])),
            whole=tuple(map(str, raw["whole"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path} doesn't say what shape its adapters have: it is damaged.") from error


def _whole(value: object) -> int:
    if type(value) is not int or not 1 <= value <= 4096:
        raise ValueError(value)
    return value


def _facts(header: dict[str, str], path: Path) -> AdapterFacts:
    raw = _object(header, "facts", path)
    try:
        best = raw.get("best")
        return AdapterFacts(
            base=str(raw["base"]),
            data=str(raw["data"]),
            steps=int(raw["steps"]),
            consent=str(raw["consent"]),
            licence=str(raw.get("licence", "")),
            method=str(raw.get("method", "lora")),
            best=float(best) if isinstance(best, (int, float)) and math.isfinite(best) else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path} doesn't say what it was made of: it is damaged.") from error


def _object(header: dict[str, str], key: str, path: Path) -> dict:
    return parse_object(header.get(key, "").encode(), f"the {key} in {path}")


# ── an adapter and a core ──


def put_on(core: nn.Module, adapter: Adapter, strength: float = 1.0) -> None:
    """Put an adapter's changes beside the core's layers. ModelError, with nothing changed, unless they fit. Changes `core`.

    strength: 0, nothing; 1, as trained. Layers trained whole go as far from the base's as it says.
    """
    linears = {
        name: module
        for name, module in core.named_modules()
        if isinstance(module, (nn.Linear, nn.QuantizedLinear))
    }
    changed = [(name, beside(linears[name], adapter, name, strength)) for name in fitting(linears, adapter)]
    whole = replaced(dict(tree_flatten(core.parameters())), adapter, strength)
    core.update_modules(tree_unflatten(changed))
    core.update(tree_unflatten(list(whole.items())))
    core.eval()


def beside(linear: nn.Module, adapter: Adapter, name: str, strength: float) -> AdaptedLinear:
    """The layer with the adapter's change of it."""
    module = AdaptedLinear(linear, adapter.shape, mx.random.key(0), strength)
    for part in TRAINED:
        if f"{name}.{part}" in adapter.arrays:
            module[part] = adapter.arrays[f"{name}.{part}"]
    module.settle()
    return module


def replaced(own: Mapping[str, mx.array], adapter: Adapter, strength: float) -> dict[str, mx.array]:
    """What stands in the place of the base's arrays that were trained whole, each of its type. ModelError unless they fit."""
    found = {}
    for name, array in adapter.whole.items():
        if name not in own or own[name].shape != array.shape:
            raise ModelError(
                f"The adapter has {name} of shape {array.shape}, for which this model has no place: it is another model's."
            )
        if strength == 1:
            found[name] = array.astype(own[name].dtype)
        elif strength:
            base = own[name].astype(mx.float32)
            found[name] = (base + strength * (array - base)).astype(own[name].dtype)
    return found


def fitting(linears: Mapping[str, nn.Module], adapter: Adapter) -> list[str]:
    """The layers that an adapter changes; ModelError where one is missing or of another size."""
    for name in adapter.layers:
        if name not in linears:
            raise ModelError(
                f"The adapter changes {name}, which this model doesn't have: it is another model's."
            )
        outputs, inputs = sizes_of(linears[name])
        a, b = adapter.arrays[f"{name}.lora_a"], adapter.arrays[f"{name}.lora_b"]
        if a.shape[1] != inputs or b.shape[0] != outputs:
            raise ModelError(
                f"The adapter's {name} is of {b.shape[0]} × {a.shape[1]} and this model's of {outputs} × {inputs}: it is "
                "another model's."
            )
    return adapter.layers
