"""Puts a component's arrays into its network, strictly. It knows names and shapes, no files."""

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten

from dotsbook.errors import ModelError
from dotsbook.model.blas import reads_rows
from dotsbook.model.checkpoint.opening import Checkpoint, Quantization
from dotsbook.model.network.audiovae import AudioDecoder
from dotsbook.model.network.convolution import CausalConv
from dotsbook.model.network.elementary import on_cpu


def load_strictly(network: nn.Module, weights: dict[str, mx.array], where: str) -> None:
    """Fill `network`; ModelError names the first missing, extra or mis-shaped tensor of `where`."""
    wanted = dict(tree_flatten(network.parameters()))
    missing = sorted(wanted.keys() - weights.keys())
    if missing:
        raise ModelError(
            f"{where} lacks the tensor {missing[0]}{_more(missing)}: it is not whole, or config.json is another "
            "model's."
        )
    extra = sorted(weights.keys() - wanted.keys())
    if extra:
        raise ModelError(
            f"{where} holds a tensor no network has a place for, {extra[0]}{_more(extra)}: config.json is "
            "another model's."
        )
    for name, array in wanted.items():
        if weights[name].shape != array.shape:
            raise ModelError(
                f"{where} has {name} of shape {weights[name].shape} where config.json wants {array.shape}."
            )
    network.load_weights(list(weights.items()))
    network.eval()


def load_float32(network: nn.Module, checkpoint: Checkpoint, part: str) -> None:
    """Fill a small network, always in float32: what it would lose otherwise can be heard."""
    weights = {name: array.astype(mx.float32) for name, array in checkpoint.weights(part).items()}
    load_strictly(network, weights, f"The {part} of {checkpoint.folder}")
    lay_out(network)


def _more(names: list[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def unpacked(weights: dict[str, mx.array], packing: Quantization) -> dict[str, mx.array]:
    """The same weights with every packed matrix as float32."""
    plain = {}
    for name, array in weights.items():
        layer, _, part = name.rpartition(".")
        scales = weights.get(f"{layer}.scales")
        if scales is None:
            plain[name] = array
        elif part == "weight":
            plain[name] = mx.dequantize(
                array, scales, weights[f"{layer}.biases"], packing.group_size, packing.bits
            ).astype(mx.float32)
        elif part == "bias":
            plain[name] = array
    return plain


def lay_out(network: nn.Module) -> None:
    """Store a network's matrices as this machine reads them fastest; what it computes stays the same."""
    for _, module in network.named_modules():
        if isinstance(module, AudioDecoder) and not on_cpu():
            module.widen_for_gpu()
        elif type(module) is nn.Linear and on_cpu() and not reads_rows():
            module.weight = mx.contiguous(module.weight.T).T
            mx.eval(module.weight)
        elif isinstance(module, CausalConv) and on_cpu():
            module.lay_out_for_cpu()
