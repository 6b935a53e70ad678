"""Packs a core's matrices into 4 or 8 bits, as mlx-lm does. It knows names and MLX's packing, no files.

The language model's by default, the patch encoder's on request, the DiT's never: with 8-bit weights its output breaks.
"""

from dotsbook.errors import ModelError

GROUP = 64
PREFIXES = {"llm": "llm.", "patch_encoder": "patch_encoder."}


def pack(weights: dict, bits: int, components: tuple[str, ...] = ("llm",), group_size: int = GROUP) -> dict:
    """The core's weights with the components' matrices as packed `weight`, `scales`, `biases`, as `nn.quantize` makes them.

    As in mlx-lm, a matrix whose rows don't make whole groups stays as it is; ModelError if that leaves nothing to pack.
    """
    import mlx.core as mx

    if bits not in (4, 8):
        raise ModelError(f"A model can be quantised to 4 or 8 bits, not {bits}.")
    packed = {}
    for name, value in weights.items():
        if not is_matrix(name, value, components) or value.shape[-1] % group_size:
            packed[name] = value
            continue
        stem = name.removesuffix(".weight")
        packed[name], scales, biases = mx.quantize(value.astype(mx.float32), group_size, bits)
        packed |= {f"{stem}.scales": scales.astype(value.dtype), f"{stem}.biases": biases.astype(value.dtype)}
    if len(packed) == len(weights):
        raise ModelError(
            f"No matrix of this model has rows of whole groups of {group_size}: it can't be packed."
        )
    return packed


def is_matrix(name: str, value, components: tuple[str, ...]) -> bool:
    """A Linear's or Embedding's weight in one of the components."""
    return (
        value.ndim == 2 and name.endswith(".weight") and any(name.startswith(PREFIXES[c]) for c in components)
    )
