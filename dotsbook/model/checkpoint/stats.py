"""Reads the latents' mean and variance from the small file that holds them. It knows three formats, no models.

None of the three readers can run code: a `.pt` is read by `pickles`, an `.npz` must hold plain arrays of floats.
"""

import io
import math
import re
import struct
import zipfile
import zlib
from pathlib import Path

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint import pickles
from dotsbook.model.checkpoint.jsonfile import MEGABYTE, read_bytes
from dotsbook.model.checkpoint.tensors import check_header

LIMIT = 4 * MEGABYTE
ARRAY = re.compile(
    rb"\{'descr': '(<f[248])', 'fortran_order': (?:False|True), 'shape': \(([0-9, ]{0,40})\), \} *\n"
)
# What zipfile raises for a damaged or hostile file.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)


def latent_stats(path: Path, latent_dim: int) -> tuple:
    """(mean, var), float32 (latent_dim,) each; ModelError unless both are finite and the variances positive."""
    import numpy as np

    found = read_arrays(path)
    pair = []
    for key in ("mean", "var"):
        value = found.get(key, np.zeros(0, np.float32)).reshape(-1)
        if (
            value.shape != (latent_dim,)
            or not np.isfinite(value).all()
            or (key == "var" and (value <= 0).any())
        ):
            raise ModelError(
                f"{path} should hold {latent_dim} finite numbers as {key!r}: it is damaged or another model's."
            )
        pair.append(value)
    return tuple(pair)


def read_arrays(path: Path) -> dict:
    """The float arrays in the file, as float32."""
    if path.suffix == ".pt":
        return pickles.read_tensors(path)
    data = read_bytes(path, LIMIT)
    return npz_arrays(data, str(path)) if path.suffix == ".npz" else float_tensors(data, str(path))


def npz_arrays(data: bytes, name: str) -> dict:
    """The arrays of an .npz; anything but plain little-endian floats is refused, as is a size that doesn't hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LIMIT:
                raise ModelError(
                    f"{name} unpacks to more than {LIMIT:,} bytes: it is not what its name says."
                )
            return {
                entry.filename.removesuffix(".npy"): _npy(
                    archive.read(entry), f"{entry.filename[:40]} in {name}"
                )
                for entry in archive.infolist()
            }
    except UNREADABLE as error:
        raise ModelError(f"{name} is not a readable .npz ({error}): fetch it again.") from error


def _npy(data: bytes, name: str):
    """One .npy array of floats, version 1."""
    import numpy as np

    match = ARRAY.fullmatch(data[10 : 10 + int.from_bytes(data[8:10], "little")])
    if data[:8] != b"\x93NUMPY\x01\x00" or match is None:
        raise ModelError(f"{name} is not a plain array of floats and is refused.")
    shape = tuple(int(n) for n in match[2].replace(b" ", b"").split(b",") if n)
    dtype = np.dtype(match[1].decode())
    body = data[10 + int.from_bytes(data[8:10], "little") :]
    if math.prod(shape) * dtype.itemsize != len(body):
        raise ModelError(f"{name} has {len(body)} bytes, which isn't what its shape says.")
    with np.errstate(over="ignore"):
        return np.frombuffer(body, dtype).astype(np.float32)


def float_tensors(data: bytes, name: str) -> dict:
    """The float32 tensors of a safetensors file."""
    import numpy as np

    stream = io.BytesIO(data)
    header = check_header(stream.read(8), stream.read, len(data), name)
    floats = {key: tensor for key, tensor in header.items() if tensor.dtype == "F32"}
    return {key: np.frombuffer(data[t.begin : t.end], "<f4").reshape(t.shape) for key, t in floats.items()}
