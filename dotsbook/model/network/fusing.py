"""Layers that read the same input, laid side by side for decoding: one product instead of two or three. It knows no files.

Only plain and packed linear layers are joined; where one of them is anything else (an adapter's, say), all stay apart and
keep their names.
"""

from copy import copy

import mlx.core as mx
import mlx.nn as nn

Linear = nn.Linear | nn.QuantizedLinear
PLAIN = (nn.Linear, nn.QuantizedLinear)


def side_by_side(layers: list[nn.Module]) -> Linear | None:
    """One layer that gives the outputs of all, in order; None if they can't be joined."""
    first = layers[0]
    if not isinstance(first, nn.Linear | nn.QuantizedLinear) or type(first) not in PLAIN:
        return None
    if any(type(layer) is not type(first) or layer.keys() != first.keys() for layer in layers):
        return None
    if isinstance(first, nn.QuantizedLinear) and any(
        (layer.group_size, layer.bits) != (first.group_size, first.bits) for layer in layers
    ):
        return None
    joined = copy(first)
    for name in first:  # weights, biases, scales: outputs are the first axis of each
        joined[name] = mx.concatenate([layer[name] for layer in layers], axis=0)
    mx.eval(joined.parameters())
    return joined


def add_product(x: mx.array, y: mx.array, layer: nn.Module) -> mx.array:
    """x + layer(y), as one product where the layer allows it."""
    if type(layer) is nn.Linear and "bias" not in layer:
        # Flat: of a batch, MLX would make a product for each row.
        flat = mx.addmm(x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1]), layer.weight.T)
        return flat.reshape(x.shape)
    return x + layer(y)
