"""Describes a model folder, and proves that it can be used. It prints nothing."""

from pathlib import Path

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint import layouts
from dotsbook.model.checkpoint.integrity import check_hashes
from dotsbook.model.checkpoint.jsonfile import read_bytes, read_object
from dotsbook.model.checkpoint.opening import Checkpoint, open_checkpoint
from dotsbook.model.sampling import STEPS, SamplingOptions

PATCHES = 6  # of speech that a verification asks for: about a second


def info(source: str | Path) -> dict:
    """Layout, solver, sizes, parameters, precision, packing, licence, bytes of a folder or a cached hub model."""
    checkpoint = open_checkpoint(source)
    config, packing = checkpoint.config, checkpoint.quantization
    fixed = config.sampling
    return {
        "model": str(source),
        "folder": str(checkpoint.folder),
        "layout": checkpoint.layout.name,
        "identity": checkpoint.identity,
        "solver": config.solver,
        "steps": fixed.num_steps if fixed else STEPS[config.solver],
        "steps_fixed": fixed is not None,
        "duration_embedding": config.use_duration_embedding,
        "precision": checkpoint.stored_dtype,
        "quantization": packing
        and {"bits": packing.bits, "group_size": packing.group_size, "components": list(packing.components)},
        "parameters": {c: parameters(checkpoint, c) for c in layouts.COMPONENTS},
        "sizes": sizes(checkpoint),
        "bytes": sum(path.stat().st_size for path in checkpoint.folder.rglob("*") if path.is_file()),
        "baked": baked(checkpoint.folder),
        "licence": licence(checkpoint.folder) or "no licence file in the folder; see the model's page",
    }


def sizes(checkpoint: Checkpoint) -> dict:
    """The figures that decide speed and memory."""
    config, llm = checkpoint.config, checkpoint.llm_config
    return {
        "sample_rate": config.vocoder.sample_rate,
        "patch_seconds": config.patch_samples / config.vocoder.sample_rate,
        "latent_dim": config.latent_dim,
        "llm": [llm["num_hidden_layers"], llm["hidden_size"]],
        "patch_encoder": [config.patch_encoder.num_layers, config.patch_encoder.hidden_size],
        "dit": [config.dit.num_layers, config.dit.hidden_size],
        "vocabulary": llm["vocab_size"],
    }


def parameters(checkpoint: Checkpoint, component: str) -> int:
    """How many numbers the component has. A packed matrix counts as the one it was packed from, without its scales."""
    header, packing = checkpoint.headers[component], checkpoint.quantization
    total = 0
    for name, tensor in header.items():
        stem = name.rpartition(".")[0]
        if packing and f"{stem}.scales" in header:
            total += tensor.count * 32 // packing.bits if name.endswith(".weight") else 0
            total += tensor.count if name.endswith(".bias") else 0
        else:
            total += tensor.count
    return total


def baked(folder: Path) -> list[dict]:
    """The adapters that were made part of a folder's weights, one after another: whose voices, by whose leave, of what data."""
    found = read_object(folder / "config.json").get("baked")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def licence(folder: Path) -> str:
    """The licence file's first line; "" if there is none."""
    for name in ("LICENSE", "LICENSE.txt", "LICENSE.md"):
        if (folder / name).is_file():
            lines = read_bytes(folder / name, 1 << 20).decode("utf-8", "replace").split("\n")
            return next((line.strip() for line in lines if line.strip()), "empty")[:100]
    return ""


def verify(source: str | Path, *, speak: bool = True) -> dict:
    """Prove a folder fit for use: compare hashes, find every number finite and every tensor in its place, speak a second.

    {"model", "folder", "identity", "hashed", "files": hashes compared, "tensors", "seconds": spoken, 0 if not asked}.
    ModelError names the first thing wrong.
    """
    checkpoint = open_checkpoint(source)
    hashes = check_hashes(checkpoint.folder)
    tensors = sum(check_numbers(checkpoint, component) for component in layouts.COMPONENTS)
    return {
        "model": str(source),
        "folder": str(checkpoint.folder),
        "identity": checkpoint.identity,
        "hashed": bool(hashes),
        "files": len(hashes),
        "tensors": tensors,
        "seconds": spoken(checkpoint.folder) if speak else 0.0,
    }


def spoken(folder: Path) -> float:
    """Seconds of sound that the model makes of two words, without a voice profile; ModelError if it makes none."""
    import numpy as np

    from dotsbook.model.dots import Dots

    dots = Dots.load(folder)
    sound = dots.speak(
        "One, two.", sampling=SamplingOptions(max_patches=PATCHES, eos_threshold=1.0), raw=True
    )
    if not np.isfinite(sound).all() or not sound.any():
        raise ModelError(f"The model in {folder} makes no sound: its weights are not what they should be.")
    return len(sound) / dots.rate


def check_numbers(checkpoint: Checkpoint, component: str) -> int:
    """How many tensors the component has; ModelError names the first with a number that is not finite."""
    import mlx.core as mx

    weights = checkpoint.weights(component)
    for name, value in weights.items():
        if mx.issubdtype(value.dtype, mx.floating) and not mx.isfinite(value).all().item():
            raise ModelError(
                f"{name} in the {component} of {checkpoint.folder} holds numbers that are not finite."
            )
    return len(weights)
