"""A finished file through a meter, as a player would decode it. It knows no plan."""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.audio import Samples
from dotsbook.errors import EncodeError
from dotsbook.master.encode import Codec, write_stream
from dotsbook.master.layout import FRAME
from dotsbook.master.meter import Measured, Meter, merged
from dotsbook.measure import BLOCK

if TYPE_CHECKING:
    from av import AudioFrame

STRETCH = 300.0  # s decoded at a time
LEAD = 8  # packets decoded before a stretch and dropped: a frame needs its neighbours'


def hear(path: Path) -> Measured:
    """Decode a whole file in one go. Raises EncodeError."""
    return metered(decoded(path), path.name)


def metered(blocks: Iterable[tuple[Samples, int]], name: str) -> Measured:
    """What (block, rate) pairs measure, one after the other. Raises EncodeError where there are none."""
    meter = None
    for samples, rate in blocks:
        meter = meter or Meter(rate)
        meter.push(samples)
    if meter is None:
        raise EncodeError(f"{name} holds no sound.")
    return meter.read()


def decoded(path: Path | BytesIO) -> Iterator[tuple[Samples, int]]:
    """Mono float32 blocks of a file and their rate."""
    import av

    try:
        with av.open(path if isinstance(path, BytesIO) else str(path), "r") as container:
            if not container.streams.audio:
                return
            stream = container.streams.audio[0]
            resampler = av.AudioResampler(format="fltp")
            waiting, held = [], 0
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    data = part.to_ndarray()
                    waiting.append(data[0] if len(data) == 1 else data.mean(axis=0))
                    held += part.samples
                if held >= 65536:
                    yield np.concatenate(waiting), stream.rate
                    waiting, held = [], 0
            if waiting:
                yield np.concatenate(waiting), stream.rate
    except av.FFmpegError as error:
        raise EncodeError(
            f"{getattr(path, 'name', 'what was encoded')} can't be decoded again: {error}."
        ) from error


def lost_in(
    codec: Codec, blocks: list[Samples], rate: int, level: Callable[[Iterable[tuple[Samples, int]]], float]
) -> float:
    """dB by which a codec lowers the level of some blocks of sound; level: (block, rate) pairs → dB."""
    coded = BytesIO()
    write_stream(coded, blocks, rate, codec)
    coded.seek(0)
    return level((block, rate) for block in blocks) - level(decoded(coded))


def hear_aac(path: Path, workers: int) -> Measured:
    """The same for an MP4 with one AAC track and its delay of one frame, decoded on threads a stretch at a time."""
    import av

    try:
        with open_long(path) as container, ThreadPoolExecutor(workers, "hear") as pool:
            stream = container.streams.audio[0]
            rate, extradata = stream.rate, stream.codec_context.extradata
            jobs: deque[Future[Measured]] = deque()
            heard: list[Measured] = []
            for packets, frames in stretches(container, stream, rate):
                jobs.append(pool.submit(hear_packets, packets, frames, extradata, rate))
                if len(jobs) > workers:
                    heard.append(jobs.popleft().result())
            heard += [job.result() for job in jobs]
    except av.FFmpegError as error:
        raise EncodeError(f"{path.name} can't be decoded again: {error}.") from error
    if not heard:
        raise EncodeError(f"{path.name} holds no sound.")
    return merged(heard)


def open_long(path: Path):
    """An MP4 of many hours, opened with one entry a packet in memory: an edit list applied in advance keeps two."""
    import av

    return av.open(str(path), options={"advanced_editlist": "0"})


def stretches(container, stream, rate: int) -> Iterator[tuple[list[bytes], int]]:
    """(packets, how many frames at their end count): every stretch of whole 100 ms but the last."""
    grain = math.lcm(FRAME, round(rate * BLOCK)) // FRAME
    size = max(1, round(STRETCH * rate / FRAME / grain)) * grain
    packets, new = [], 0
    for packet in container.demux(stream):
        if not packet.size:
            continue
        packets.append(bytes(packet))
        new += 1
        if new == size + 1:  # one more than frames: a frame needs the packet after its own
            yield packets, size
            packets, new = packets[-LEAD:], 1
    if new > 1:
        yield packets, new - 1


def plane(frame: "AudioFrame") -> Samples:
    """A mono float32 frame's samples; three times as fast as PyAV's own way."""
    return np.frombuffer(memoryview(frame.planes[0]), np.float32, frame.samples).copy()


def hear_packets(packets: list[bytes], frames: int, extradata: bytes, rate: int) -> Measured:
    """The last `frames` frames that some packets decode to."""
    import av

    context = av.CodecContext.create("aac", "r")
    context.extradata = extradata
    meter, spare = Meter(rate), len(packets) - frames
    for data in packets:
        for frame in context.decode(av.Packet(data)):
            if spare > 0:
                spare -= 1
            else:
                meter.push(plane(frame))
    return meter.read()
