"""Reads and checks a safetensors header. It knows bytes and shapes, no models.

The tensors' offsets must cover the data exactly, without gap or overlap, each range as long as its shape and dtype say, and
the file must be as long as its header says. MLX checks none of this, so no other file is given to it.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.jsonfile import MEGABYTE, parse_object, shorten

HEADER_LIMIT = 4 * MEGABYTE  # the released files need a tenth of a megabyte
# Bytes an item of the dtypes that MLX can hold.
WIDTHS = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "U16": 2,
    "I16": 2,
    "F16": 2,
    "BF16": 2,
    "U32": 4,
    "I32": 4,
    "F32": 4,
    "U64": 8,
    "I64": 8,
}


@dataclass(frozen=True)
class TensorEntry:
    """One tensor, as the header describes it."""

    dtype: str
    shape: tuple[int, ...]
    begin: int  # bytes from the start of the file
    end: int

    @property
    def count(self) -> int:
        return math.prod(self.shape)


def read_header(path: Path) -> dict[str, TensorEntry]:
    """Every tensor in the file, by name, checked against the file's true length. ModelError if they don't agree."""
    try:
        if not path.is_file():
            raise ModelError(
                f"{path} is missing: the folder is not a whole model. Fetch or convert it again."
            )
        with open(path, "rb") as file:
            length = os.fstat(file.fileno()).st_size
            return check_header(file.read(8), lambda n: file.read(n), length, str(path))
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror or error}.") from error


def check_header(
    first: bytes, read: Callable[[int], bytes], length: int, name: str
) -> dict[str, TensorEntry]:
    """The header after its eight length bytes, from `read(n)`, in a file of `length` bytes."""
    size = int.from_bytes(first, "little")
    if len(first) < 8 or size > length - 8:
        raise ModelError(
            f"{name} is cut short or not a safetensors file: its header doesn't fit. Fetch it again."
        )
    if size > HEADER_LIMIT:
        raise ModelError(
            f"{name} claims a header of {size:,} bytes, more than the {HEADER_LIMIT:,} that are sensible."
        )
    raw = parse_object(read(size), f"the header of {name}")
    raw.pop("__metadata__", None)
    found = {key: _tensor(key, entry, 8 + size, name) for key, entry in raw.items()}
    _cover(found, 8 + size, length, name)
    return found


def _tensor(key: str, entry, base: int, name: str) -> TensorEntry:
    where = f"{name} describes the tensor {key[:80]!r} wrongly"
    if not isinstance(entry, dict):
        raise ModelError(f"{where}: not an object.")
    dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(dtype, str) or dtype not in WIDTHS:
        raise ModelError(f"{where}: its type {shorten(dtype)} is not one that can be loaded.")
    if (
        not isinstance(shape, list)
        or len(shape) > 8
        or any(type(n) is not int or not 0 <= n < 1 << 40 for n in shape)
    ):
        raise ModelError(f"{where}: its shape is not a short list of sizes.")
    if (
        not isinstance(offsets, list)
        or len(offsets) != 2
        or any(type(n) is not int or n < 0 for n in offsets)
    ):
        raise ModelError(f"{where}: its offsets are not two byte positions.")
    if offsets[1] - offsets[0] != math.prod(shape) * WIDTHS[dtype]:
        raise ModelError(f"{where}: its shape and its {offsets[1] - offsets[0]} bytes don't agree.")
    return TensorEntry(dtype, tuple(shape), base + offsets[0], base + offsets[1])


def _cover(found: dict[str, TensorEntry], start: int, length: int, name: str) -> None:
    """The tensors' bytes must follow one another from `start` to the end of the file."""
    at = start
    for key, tensor in sorted(found.items(), key=lambda item: (item[1].begin, item[1].end)):
        if tensor.begin != at:
            raise ModelError(f"{name} is refused: the bytes of {key[:80]!r} overlap others or leave a hole.")
        at = tensor.end
    if at != length:
        raise ModelError(
            f"{name} has {length:,} bytes where its header promises {at:,}: it is cut short. Fetch it again."
        )
