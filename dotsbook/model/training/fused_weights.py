"""A model's core with an adapter made part of its weights, packed or not. It knows arrays and their names, no files.

What was packed is unpacked, changed and packed again; a matrix that the adapter doesn't change keeps its packed bits.
"""

import mlx.core as mx
import mlx.nn as nn

from dotsbook.model.checkpoint.opening import Quantization
from dotsbook.model.checkpoint.quantize import pack
from dotsbook.model.network.loading import unpacked
from dotsbook.model.training.adapter_file import Adapter, beside, fitting, replaced


def fused_weights(
    weights: dict[str, mx.array], packing: Quantization | None, adapter: Adapter, strength: float = 1.0
) -> dict[str, mx.array]:
    """A core's weights by name, those that the adapter changes changed: what both did, one does. ModelError unless it fits.

    weights: as stored, packed as `packing` says. What is changed keeps its type, or its packing.
    """
    plain = weights if packing is None else unpacked(weights, packing)  # computed where it is asked for
    changed = replaced(plain, adapter, strength)
    linears = {name: linear for name in adapter.layers if (linear := _linear(plain, name)) is not None}
    for name in fitting(linears, adapter):
        fused = beside(linears[name], adapter, name, strength).fused()
        changed[f"{name}.weight"] = fused.astype(plain[f"{name}.weight"].dtype)
    found = weights | changed
    for name in changed:
        layer = name.removesuffix(".weight")
        if packing is not None and f"{layer}.scales" in weights:
            found |= _packed_again(layer, changed[name], weights[f"{layer}.scales"].dtype, packing)
    return found


def _linear(plain: dict[str, mx.array], name: str) -> nn.Linear | None:
    weight = plain.get(f"{name}.weight")
    if weight is None or weight.ndim != 2:
        return None
    linear = nn.Linear(1, 1, bias=False)
    linear.weight = weight
    return linear


def _packed_again(
    layer: str, weight: mx.array, dtype: mx.Dtype, packing: Quantization
) -> dict[str, mx.array]:
    one = pack({f"{layer}.weight": weight}, packing.bits, packing.components, packing.group_size)
    return {name: array if name.endswith(".weight") else array.astype(dtype) for name, array in one.items()}
