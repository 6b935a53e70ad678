"""A stream of samples to an encoded file of any codec. It knows no titles, no tags and no takes."""

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.audio import Samples
from dotsbook.errors import EncodeError

if TYPE_CHECKING:
    from av import AudioFrame


@dataclass(frozen=True)
class Codec:
    """How a stream is encoded."""

    container: str
    name: str
    bitrate: int = 0  # kbit/s; 0: lossless
    rate: int = 0  # Hz of the file; 0: the book's
    format: str = ""  # sample format; "" = fltp
    options: tuple[tuple[str, str], ...] = ()
    muxing: tuple[tuple[str, str], ...] = ()


def write_stream(path: Path | BytesIO, blocks: Iterable[Samples], rate: int, codec: Codec) -> None:
    """Encode a stream to a file of its own, or into memory. Raises EncodeError, OSError."""
    import av

    try:
        with av.open(
            path if isinstance(path, BytesIO) else str(path),
            "w",
            format=codec.container,
            options=dict(codec.muxing),
        ) as container:
            stream = container.add_stream(
                codec.name, rate=codec.rate or rate, layout="mono", options=dict(codec.options)
            )
            assert isinstance(stream, av.AudioStream), "every codec of ours is one of sound"
            if codec.bitrate:
                stream.bit_rate = codec.bitrate * 1000
            if codec.format:
                stream.codec_context.format = codec.format
            for frame in frames(
                at_rate(blocks, rate, codec.rate or rate), codec.rate or rate, codec.format or "fltp"
            ):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except av.FFmpegError as error:
        raise failure(error, Path(codec.name if isinstance(path, BytesIO) else path)) from error


def failure(error: Exception, path: Path) -> Exception:
    """PyAV's error as ours: a full disk stays an OSError, for the caller who knows the file's final name."""
    if isinstance(error, OSError) and error.errno in (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EACCES,
        errno.EIO,
        errno.EROFS,
    ):
        return OSError(error.errno, os.strerror(error.errno))
    return EncodeError(
        f"The encoder failed, {path.suffix.lstrip('.') or path.name} could not be written: {error}."
    )


def at_rate(blocks: Iterable[Samples], rate: int, target: int) -> Iterator[Samples]:
    """A stream at another rate, as long as it was."""
    if rate == target:
        yield from blocks
        return
    import av

    resampler, taken, given = av.AudioResampler(format="fltp", layout="mono", rate=target), 0, 0
    for frame in frames(blocks, rate):
        taken += frame.samples
        for part in resampler.resample(frame):
            given += part.samples
            yield part.to_ndarray()[0]
    for part in resampler.resample(None):
        wanted = max(0, round(taken * target / rate) - given)
        given += min(wanted, part.samples)
        yield part.to_ndarray()[0][:wanted]
    if given < round(taken * target / rate):
        yield np.zeros(round(taken * target / rate) - given, np.float32)


def frames(blocks: Iterable[Samples], rate: int, layout: str = "fltp") -> Iterator["AudioFrame"]:
    """PyAV frames of the blocks, with their times."""
    import av

    at = 0
    for block in blocks:
        data = (
            (np.clip(block, -1, 32767 / 32768) * 32768).round().astype(np.int16) if layout == "s16" else block
        )
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(data.reshape(1, -1)), format=layout, layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
        at += len(block)
        yield frame
