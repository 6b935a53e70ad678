"""A server's WAV or raw PCM as samples, checked: cut, empty and mislabelled ones are told apart. It knows no server.

Servers that stream write a header before they know the length, with 0 or 2**32 − 1 where it belongs: what follows
such a header counts to its end.
"""

import struct
from typing import TYPE_CHECKING

from dotsbook.audio import FULL, RATES, Samples
from dotsbook.errors import VoiceError

if TYPE_CHECKING:
    from numpy import ndarray as Whole  # int16, int32 or float
else:
    Whole = object

LENGTH_UNKNOWN = range(0x7FFF_F000, 2**32)  # what headers written before the sound say of its bytes
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


class CutShort(VoiceError):
    """Fewer bytes came than were announced."""


def read_wave(data: bytes) -> tuple[Samples, int]:
    """(samples, mono float32; Hz) of a RIFF file. Raises CutShort, or VoiceError for what isn't one."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise VoiceError("it is no WAV file")
    at, kind = 12, None
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        at += 8
        if name == b"fmt ":
            if size < 16 or at + size > len(data):
                raise CutShort("its header is cut short")
            kind = wave_format(data[at : at + size])
        if name == b"data":
            if kind is None:
                raise VoiceError("its header says nothing of the format")
            left = len(data) - at
            if size > left and size not in LENGTH_UNKNOWN:
                raise CutShort(f"{left:,} bytes of {size:,} came")
            known = 0 < size <= left
            return samples_of(data[at : at + size] if known else data[at:], *kind[1:]), kind[0]
        at += size + size % 2
    raise CutShort("it ends before its sound begins")


def wave_format(header: bytes) -> tuple[int, int, int, bool]:
    """(Hz, channels, bits, whether they are floats) of a `fmt ` chunk."""
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", header)
    if tag == EXTENSIBLE and len(header) >= 26:
        tag = struct.unpack_from("<H", header, 24)[0]
    if tag not in (PCM, FLOAT) or not 1 <= channels <= 8 or rate not in RATES:
        raise VoiceError(
            f"its header names a format that can't be read ({tag}, {channels} channels, {rate} Hz)"
        )
    return rate, channels, bits, tag == FLOAT


def samples_of(data: bytes, channels: int = 1, bits: int = 16, floats: bool = False) -> Samples:
    """Interleaved little-endian PCM as mono float32; a last frame that isn't whole is left out."""
    import numpy as np

    if floats and bits in (32, 64):
        found = np.frombuffer(whole(data, bits // 8), f"<f{bits // 8}").astype(np.float32)
    elif not floats and bits == 16:  # by what write_flac multiplies: a take holds the very samples that came
        found = np.frombuffer(whole(data, 2), "<i2").astype(np.float32) / np.float32(FULL)
    elif not floats and bits == 24:
        three = np.frombuffer(whole(data, 3), np.uint8).reshape(-1, 3)
        wide = np.zeros((len(three), 4), np.uint8)
        wide[:, 1:] = three
        found = wide.view("<i4")[:, 0].astype(np.float32) / np.float32(2**31)
    elif not floats and bits == 32:
        found = np.frombuffer(whole(data, 4), "<i4").astype(np.float32) / np.float32(2**31)
    else:
        raise VoiceError(f"it has {bits} bits a sample, which can't be read")
    if channels > 1:
        found = found[: len(found) // channels * channels].reshape(-1, channels).mean(axis=1)
    return found


def whole(data: bytes, size: int) -> bytes:
    return data[: len(data) // size * size]
