"""Writes a checkpoint as a self-contained folder in our own layout: no pickle, hashed. It knows files, no networks.

The folder is built under another name and renamed at the end, so it is whole or not there. Nothing is overwritten.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dotsbook import files
from dotsbook.errors import ModelError, OutputError
from dotsbook.model.checkpoint import layouts
from dotsbook.model.checkpoint.config import OWN_FORMAT
from dotsbook.model.checkpoint.integrity import write_hashes
from dotsbook.model.checkpoint.jsonfile import MEGABYTE, read_object
from dotsbook.model.checkpoint.opening import (
    Checkpoint,
    Quantization,
    cast,
    check_dtype,
    open_checkpoint,
)
from dotsbook.model.checkpoint.quantize import GROUP, pack

EXTRAS = (
    "tokenizer_config.json",
    "special_tokens_map.json",
    "LICENSE",
    "LICENSE.txt",
    "LICENSE.md",
    "NOTICE",
)


def convert(
    source: str | Path,
    out: Path,
    *,
    dtype: str | None = None,
    bits: int | None = None,
    patch_encoder: bool = False,
) -> Path:
    """Read `source` in any layout and write it to the new folder `out`, which is returned.

    dtype: "float32" or "bfloat16" for all that isn't packed; None as stored. bits: 4 or 8 to pack the language model,
    and the patch encoder too if asked. ModelError if the source is unfit, OutputError if `out` can't be made.
    """
    out = untaken(out)
    check_dtype(dtype)
    if patch_encoder and not bits:
        raise ModelError("Packing the patch encoder needs a number of bits, 4 or 8.")
    checkpoint = open_checkpoint(source)
    if bits and checkpoint.quantization:
        raise ModelError(
            f"{checkpoint.folder} is packed in {checkpoint.quantization.bits} bits already; packing twice only loses. "
            "Start from weights that aren't packed."
        )
    core, packing = checkpoint.weights("core"), checkpoint.quantization
    if bits:
        packing = Quantization(bits, GROUP, ("llm", "patch_encoder") if patch_encoder else ("llm",))
        core = pack(core, bits, packing.components)  # before the cast: from all the precision there is
    return write_model(checkpoint, out, core, packing, dtype)


def untaken(out: Path) -> Path:
    """The folder, `~` spelled out; OutputError if there is something already."""
    out = Path(os.path.expanduser(out))
    if os.path.lexists(out):
        raise OutputError(
            f"{out} is there already; nothing is overwritten. Choose another folder or remove it."
        )
    return out


def write_model(
    checkpoint: Checkpoint,
    out: Path,
    core: dict,
    packing: Quantization | None,
    dtype: str | None,
    told: Mapping[str, Any] = MappingProxyType({}),
) -> Path:
    """The checkpoint as the new folder `out`, with `core` for its core's weights, packed as `packing` says.

    told: what its config.json says besides. OutputError if it can't be made.
    """
    with _building(out) as folder:
        for component in layouts.COMPONENTS:
            weights = core if component == "core" else checkpoint.weights(component)
            _write_weights(cast(weights, dtype), folder / layouts.OWN.file(component))
        _write_configs(checkpoint, folder, packing, told)
        _write_rest(checkpoint, folder)
        write_hashes(folder)
    return out


@contextmanager
def _building(out: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `out` that takes its name at the end; after an error it is removed."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = files.new_folder(out.parent, ".converting-")
    except OSError as error:
        raise files.unwritable(out, error) from error
    try:
        yield folder
        _keep(folder, out)
    except OSError as error:
        raise files.unwritable(out, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep(folder: Path, out: Path) -> None:
    """Sync the folder's files and rename it."""
    for path in sorted(folder.iterdir()):
        with open(path, "rb") as written:
            files.sync(written.fileno())
    files.sync_folder(folder)
    os.rename(folder, out)  # unlike os.replace it fails where a file or a full folder is
    files.sync_folder(out.parent)


def _write_weights(weights: dict, path: Path) -> None:
    import mlx.core as mx

    try:
        mx.save_safetensors(str(path), weights, metadata={"format": OWN_FORMAT})
    except (RuntimeError, ValueError) as error:
        raise OutputError(f"{path.name} could not be written beside {path.parent}: {error}.") from error


def _write_configs(
    checkpoint: Checkpoint, folder: Path, packing: Quantization | None, told: Mapping[str, Any]
) -> None:
    raw = read_object(checkpoint.folder / "config.json") | {"format": OWN_FORMAT} | dict(told)
    if packing is None:
        raw.pop("quantization", None)
    else:
        raw["quantization"] = asdict(packing)
    raw.setdefault("converted_from", checkpoint.identity)
    (folder / "config.json").write_text(json.dumps(raw, indent=1) + "\n", "utf-8")
    (folder / "llm_config.json").write_text(json.dumps(checkpoint.llm_config, indent=1) + "\n", "utf-8")


def _write_rest(checkpoint: Checkpoint, folder: Path) -> None:
    """Statistics, tokenizer, licence."""
    import mlx.core as mx

    mean, var = (mx.array(vector) for vector in checkpoint.stats)
    mx.save_safetensors(str(folder / layouts.OWN.stats[0]), {"mean": mean, "var": var})
    shutil.copyfile(checkpoint.tokenizer_file, folder / layouts.OWN.tokenizer)
    for name in EXTRAS:
        for path in (checkpoint.tokenizer_file.parent / name, checkpoint.folder / name):
            if path.is_file() and path.stat().st_size < MEGABYTE:
                shutil.copyfile(path, folder / name)
                break
