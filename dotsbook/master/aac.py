"""Samples to AAC packets, a stretch at a time, so that stretches encoded apart join as if encoded in one go.

It knows no titles and no tags.

An AAC packet covers two frames of 1,024 samples, and packet n decodes to frame n − 1 with the help of packet n + 1. A
stretch of frames a … b−1 gives packets a … b−1, after WARM frames of what sounds before it; its last packet, b, is only
used at the end of the book. Decoded, that makes frame 0 start 1,024 samples late: the edit list every player knows.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np

from dotsbook.audio import Samples
from dotsbook.errors import EncodeError
from dotsbook.master.ceiling import MORE, ROUNDS, overs, softened
from dotsbook.master.encode import frames
from dotsbook.master.hear import plane
from dotsbook.master.join import Sound, mastered
from dotsbook.master.layout import FRAME
from dotsbook.master.limiter import Zones
from dotsbook.master.segments import Segment

WARM = 4  # frames: the encoder's psychoacoustics and rate have settled
LATE = (
    WARM + 1
) * FRAME  # samples from the first that a stretch's packets decode to, to the stretch's own first
FREQUENCIES = (
    96000,
    88200,
    64000,
    48000,
    44100,
    32000,
    24000,
    22050,
    16000,
    12000,
    11025,
    8000,
)  # AAC's order
OPTIONS = {"aac_coder": "fast"}  # 2.5 times as fast as twoloop, SNR 3 dB better, at 64 to 96 kbit/s


def codec_name(bitrate: int) -> str:
    return f"aac fast {bitrate}"


def aac_packets(segment: Segment, sound: Sound, bitrate: int) -> list[bytes]:
    """frames + 1 packets of a stretch that, decoded, keeps under its ceiling; bitrate in kbit/s.

    Raises EncodeError, Unfinished.
    """
    zones: Zones = ()
    for more in range(1, ROUNDS + 1):
        packets = warm_packets(segment, sound, bitrate, zones)
        if sound.delivered is None:
            break
        found = [
            (place, over)
            for place, over in overs(decoded_packets(packets, sound.rate), sound.delivered)
            if place >= LATE
        ]
        if not found:
            break
        zones = softened(zones, ((place - LATE, over) for place, over in found), sound.rate, MORE * more)
    return packets[WARM:]


def warm_packets(segment: Segment, sound: Sound, bitrate: int, zones: Zones) -> list[bytes]:
    """The packets of a stretch after those of WARM frames before it."""
    import av

    warm = sound.bed.under(segment.start - WARM * FRAME, segment.start, segment.track.samples)
    context = av.CodecContext.create("aac", "w")
    context.sample_rate, context.layout, context.format = sound.rate, "mono", "fltp"
    context.bit_rate, context.time_base, context.options = (
        bitrate * 1000,
        Fraction(1, sound.rate),
        dict(OPTIONS),
    )
    packets = []
    try:
        stream = chained(warm, mastered(segment.track, sound, segment.start, segment.stop, zones))
        for frame in frames(whole_frames(stream), sound.rate):
            packets += [bytes(packet) for packet in context.encode(frame)]
        packets += [bytes(packet) for packet in context.encode(None)]
    except av.FFmpegError as error:
        raise EncodeError(f"The AAC encoder failed in chapter {segment.track.number}: {error}.") from error
    wanted = packets[: WARM + segment.frames + 1]
    if len(wanted) != WARM + segment.frames + 1:
        raise EncodeError(
            f"The AAC encoder gave {len(packets)} packets for chapter {segment.track.number}, not enough."
        )
    return wanted


def decoded_packets(packets: list[bytes], rate: int) -> Iterator[Samples]:
    """What packets of ours decode to, LATE samples after what was encoded."""
    import av

    context = av.CodecContext.create("aac", "r")
    context.sample_rate, context.layout, context.extradata = rate, "mono", aac_config(rate)
    waiting: list[Samples] = []
    for data in packets:
        decoded = context.decode(av.Packet(data))
        waiting += [plane(frame) for frame in decoded]
        if len(waiting) >= 64:
            yield np.concatenate(waiting)
            waiting = []
    if waiting:
        yield np.concatenate(waiting)


def aac_config(rate: int) -> bytes:
    """The AudioSpecificConfig of AAC-LC in mono: two bytes that a decoder is told beforehand."""
    index = FREQUENCIES.index(rate)
    return bytes((2 << 3 | index >> 1, (index & 1) << 7 | 1 << 3))


def chained(first: Samples, rest: Iterable[Samples]) -> Iterator[Samples]:
    yield first
    yield from rest


def whole_frames(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same samples in blocks of whole FRAMEs; a rest at the end is filled up with silence."""
    held = np.zeros(0, np.float32)
    for block in blocks:
        held = np.concatenate((held, block)) if len(held) else block
        count = len(held) // FRAME * FRAME
        if count:
            yield held[:count]
            held = held[count:]
    if len(held):
        yield np.pad(held, (0, FRAME - len(held)))
