"""A core made ready to be trained: by adapters, by adapters beside packed matrices, whole, or as a student. It knows no data."""

import math
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import mlx.core as mx
import mlx.nn as nn

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.quantize import GROUP, pack
from dotsbook.model.network.core import Core, load_core
from dotsbook.model.network.elementary import on_cpu
from dotsbook.model.network.loading import load_strictly
from dotsbook.model.training.adapters import AdapterShape, attach, train_adapters_only, train_everything
from dotsbook.model.training.losses import LossSettings
from dotsbook.model.training.student import duration_embedder, student_core

STUDENT = "velocity_field_predictor."  # what a student trains

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.opening import Checkpoint


def training_core(checkpoint: "Checkpoint", method: str, shape: AdapterShape, bits: int, seed: int) -> Core:
    """The checkpoint's core; only what is to be trained gets gradients. ModelError for what can't be.

    bits: how the language model is packed for `qlora`, where the checkpoint hasn't packed it.
    """
    if method == "meanflow":
        core = student_core(checkpoint, seed)
    elif method == "full":
        core = load_core(checkpoint)
        train_everything(core)
    else:
        core = packed_core(checkpoint, bits) if method == "qlora" else load_core(checkpoint)
        attach(core, shape, mx.random.key(seed))
        train_adapters_only(core, shape)
    mx.eval(core.parameters())
    return core


def packed_core(checkpoint: "Checkpoint", bits: int) -> Core:
    """The core with its language model packed, and kept so on any backend."""
    weights, packing = checkpoint.weights("core"), checkpoint.quantization
    if packing is None:
        weights = pack(weights, bits)
    group, bits = (GROUP, bits) if packing is None else (packing.group_size, packing.bits)
    core = Core(checkpoint.config, checkpoint.llm_config)
    nn.quantize(core, group, bits, class_predicate=lambda name, _: f"{name}.scales" in weights)
    load_strictly(core, weights, f"The core of {checkpoint.folder}")
    return core


def require_trainable(checkpoint: "Checkpoint", method: str, shape: AdapterShape) -> None:
    """ModelError for weights that this method can't train, and for a pattern that no layer's name matches."""
    if method == "full" and checkpoint.quantization:
        raise ModelError(
            f"{checkpoint.folder} is packed in {checkpoint.quantization.bits} bits: it can't be trained whole. Use `method: "
            "qlora`, or weights that aren't packed."
        )
    layers = {name.rpartition(".")[0] for name in checkpoint.headers["core"]}
    for pattern in (*shape.layers, *shape.whole) if method in ("lora", "qlora") else ():
        if not any(fnmatchcase(layer, one) for layer in layers for one in (pattern, f"{pattern}.*")):
            raise ModelError(f"No layer of this model is called {pattern!r}; {min(layers)} is one.")


def planned(checkpoint: "Checkpoint", method: str, shape: AdapterShape, bits: int) -> tuple[int, int]:
    """(bytes of all that is loaded, numbers that are trained) before anything is loaded. ModelError for what can't be."""
    require_trainable(checkpoint, method, shape)
    core = {name: tuple(entry.shape) for name, entry in checkpoint.headers["core"].items()}
    packing = checkpoint.quantization
    wide = {name.rpartition(".")[0] for name in core if name.endswith(".scales")}
    per_number = 4 if checkpoint.dtype == "float32" else 2
    loaded, sizes = 0, {}
    for name, shape_of in core.items():
        layer, _, part = name.rpartition(".")
        if layer in wide and packing is not None:
            if part != "weight":
                continue
            shape_of = (shape_of[0], shape_of[1] * 32 // packing.bits)
        numbers = math.prod(shape_of)
        packs = layer in wide if packing else name.startswith("llm.") and len(shape_of) == 2
        kept_packed = packs and (method == "qlora" or packing is not None and not on_cpu())
        group, each = (packing.group_size, packing.bits) if packing else (GROUP, bits)
        loaded += int(numbers * (each / 8 + 2 * per_number / group)) if kept_packed else numbers * per_number
        sizes[name] = shape_of
    others = sum(
        entry.count * 4 for part in ("vocoder", "speaker") for entry in checkpoint.headers[part].values()
    )
    if method == "full":
        return loaded + others, sum(math.prod(one) for one in sizes.values())
    if method == "meanflow":
        embedder = duration_embedder(checkpoint.config.dit.hidden_size)
        numbers = sum(math.prod(one) for name, one in sizes.items() if name.startswith(STUDENT))
        numbers += sum(one.size for one in embedder.values())
        return loaded + others + numbers * per_number, numbers  # the teacher's own stays beside the student's
    trained = whole = 0
    for name, shape_of in sizes.items():
        layer, _, part = name.rpartition(".")
        if part == "weight" and len(shape_of) == 2 and any(fnmatchcase(layer, one) for one in shape.layers):
            trained += shape.rank * sum(shape_of) + shape_of[0] * shape.dora
        if any(fnmatchcase(layer, one) or fnmatchcase(layer, f"{one}.*") for one in shape.whole):
            whole += math.prod(shape_of)
    return loaded + others + 4 * trained, trained + whole


def loss_settings(
    checkpoint: "Checkpoint", text_dropout: float, speaker_dropout: float, checkpointing: bool
) -> LossSettings:
    """What a loss depends on, by this checkpoint's statistics."""
    mean, var = checkpoint.stats
    config = checkpoint.config
    return LossSettings(
        mx.array(mean),
        mx.sqrt(mx.array(var)),
        config.patch_size,
        text_dropout,
        speaker_dropout,
        config.fm_sigma,
        checkpointing,
    )
