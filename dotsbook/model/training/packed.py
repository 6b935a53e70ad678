"""A core some of whose matrices are packed, each in groups of its own size, kept so on any backend. It knows no training."""

import mlx.core as mx
import mlx.nn as nn

from dotsbook.model.checkpoint.opening import Checkpoint
from dotsbook.model.network.core import Core, load_core


def with_packed(checkpoint: Checkpoint, packed: dict, bits: int) -> Core:
    """The checkpoint's core, with `packed` (weight, scales, biases of some layers, by name) in the place of its own."""
    core = load_core(checkpoint)
    scales = {k.removesuffix(".scales"): v for k, v in packed.items() if k.endswith(".scales")}

    def group(name: str, _module: nn.Module) -> bool | dict:
        if name not in scales:
            return False
        inputs = packed[f"{name}.weight"].shape[1] * 32 // bits
        return {"group_size": inputs // scales[name].shape[1], "bits": bits}

    nn.quantize(core, class_predicate=group)
    core.load_weights([(k, mx.array(v)) for k, v in packed.items()], strict=False)
    core.eval()
    return core
