"""Weights in several files made one: `model-00001-of-00003.safetensors` and so on, with their index. It knows no tensors.

A safetensors file is the length of a header (uint64, little-endian), the header as JSON {name: {dtype, shape,
data_offsets}}, and the bytes that it describes. Joined, the bytes follow one another and the offsets grow with them.
"""

import json
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dotsbook import files
from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.jsonfile import read_object

LARGEST = 100_000_000  # bytes of a header
CHUNK = 1 << 22  # bytes copied at once


def index_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.index.json")


def is_sharded(file: Path) -> bool:
    """Whether the weights that belong into `file` lie in several, all of them here."""
    return not file.is_file() and index_of(file).is_file() and all(part.is_file() for part in shards_of(file))


def shards_of(file: Path) -> list[Path]:
    """The files that an index names, in order. ModelError for an index that is none."""
    found = read_object(index_of(file)).get("weight_map")
    names = sorted(set(found.values())) if isinstance(found, dict) else []
    if not names or not all(isinstance(name, str) and Path(name).name == name for name in names):
        raise ModelError(f"{index_of(file)} names no files; fetch the model anew.")
    return [file.with_name(name) for name in names]


@contextmanager
def in_one_file(folder: Path, name: str, place: Path) -> Iterator[Path]:
    """The folder itself, or for the block's time one inside `place` in which the sharded weights `name` are one file."""
    if not is_sharded(folder / name):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix=".joined-", dir=place) as made:
        here, parts = Path(made), shards_of(folder / name)
        for path in folder.iterdir():
            if path not in parts and path != index_of(folder / name):
                os.symlink(path.resolve(), here / path.name)
        try:
            join(parts, here / name)
        except OSError as error:
            raise files.unwritable(here / name, error) from error
        yield here


def join(parts: list[Path], out: Path) -> None:
    """Write several safetensors files as one. ModelError for one that is damaged, or a tensor that stands in two."""
    headers = [header_of(part) for part in parts]
    whole: dict[str, object] = {}
    begin = 0
    for part, (header, size, _) in zip(parts, headers, strict=True):
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            if name in whole:
                raise ModelError(f"{part} holds {name}, which another file of the model holds too.")
            try:
                whole[name] = entry | {"data_offsets": [begin + place for place in entry["data_offsets"]]}
            except (KeyError, TypeError) as error:
                raise ModelError(f"{part} is damaged; fetch the model anew.") from error
        begin += size
    text = json.dumps(whole).encode()
    text += b" " * (-len(text) % 8)
    with open(out, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for part, (_, _, place) in zip(parts, headers, strict=True):
            with open(part, "rb") as source:
                source.seek(place)
                shutil.copyfileobj(source, file, CHUNK)


def header_of(file: Path) -> tuple[dict, int, int]:
    """(the header, bytes of tensors, where they begin) of a safetensors file."""
    try:
        with open(file, "rb") as source:
            [length] = struct.unpack("<Q", source.read(8))
            if length > LARGEST:
                raise ValueError("its header is too long")
            header = json.loads(source.read(length))
            if not isinstance(header, dict):
                raise ValueError("its header is no mapping")
    except (OSError, ValueError, struct.error, RecursionError) as error:
        raise ModelError(f"{file} is damaged ({error}); fetch the model anew.") from error
    return header, file.stat().st_size - 8 - length, 8 + length
