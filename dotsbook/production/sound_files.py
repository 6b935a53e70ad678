"""Sounds as bytes in the forms that speech is asked for over a wire: whole files, and PCM as it comes. It knows no server."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from dotsbook.audio import FULL, Samples, write_flac

PCM_RATE = 24000  # Hz that OpenAI's clients expect of raw PCM
MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
OPUS_RATE = 48000
UNKNOWN = 0xFFFFFFFF  # in a header written before the sound


@dataclass(frozen=True)
class SoundForm:
    media_type: str
    whole: Callable[[Samples, int], bytes]  # (samples, Hz) → a file
    in_pieces: bool = False  # whether it can be sent as it is made


def pcm_bytes(samples: Samples) -> bytes:
    """16 bit, little-endian, rounded as a take's FLAC is."""
    import numpy as np

    return np.rint(np.clip(samples, -1.0, 1.0) * FULL).astype("<i2").tobytes()


def wave_header(rate: int, size: int = UNKNOWN) -> bytes:
    """Of mono 16 bit PCM of `size` bytes."""
    riff = size if size == UNKNOWN else size + 36
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", size
    )


def wave(samples: Samples, rate: int) -> bytes:
    data = pcm_bytes(samples)
    return wave_header(rate, len(data)) + data


def flac(samples: Samples, rate: int) -> bytes:
    file = BytesIO()
    write_flac(file, samples, rate)
    return file.getvalue()


def mp3(samples: Samples, rate: int) -> bytes:
    from dotsbook.master.mp3 import mp3_codec

    return encoded(samples, rate, mp3_codec(96, 0 if rate in MP3_RATES else 48000))


def opus(samples: Samples, rate: int) -> bytes:
    from dotsbook.master.encode import Codec

    return encoded(samples, rate, Codec("ogg", "libopus", 48, OPUS_RATE, "flt", (("application", "voip"),)))


def aac(samples: Samples, rate: int) -> bytes:
    from dotsbook.master.encode import Codec

    return encoded(samples, rate, Codec("adts", "aac", 96, 48000))


def encoded(samples: Samples, rate: int, codec) -> bytes:
    from dotsbook.master.encode import write_stream

    file = BytesIO()
    blocks = [samples[at : at + rate] for at in range(0, len(samples), rate)]
    write_stream(file, blocks, rate, codec)
    return file.getvalue()


FORMS = {
    "wav": SoundForm("audio/wav", wave, in_pieces=True),
    "pcm": SoundForm("audio/pcm", lambda samples, rate: pcm_bytes(samples), in_pieces=True),
    "mp3": SoundForm("audio/mpeg", mp3),
    "flac": SoundForm("audio/flac", flac),
    "opus": SoundForm("audio/ogg", opus),
    "aac": SoundForm("audio/aac", aac),
}


class Resampled:
    """A stream at another rate, piece by piece: joined, what the whole would be to within the last sample."""

    def __init__(self, target: int):
        self.target = target
        self.resampler: Any = None  # av.AudioResampler, once the rate is known
        self.taken = self.given = 0

    def after(self, samples: Samples | None, rate: int, last: bool) -> Samples:
        """What is final now that `samples` have come."""
        import av
        import numpy as np

        if rate == self.target:
            return np.zeros(0, np.float32) if samples is None else samples
        if self.resampler is None:
            self.resampler = av.AudioResampler(format="fltp", layout="mono", rate=self.target)
        parts = []
        if samples is not None and len(samples):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples[None], np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate = rate
            self.taken += len(samples)
            parts += [part.to_ndarray()[0] for part in self.resampler.resample(frame)]
        if last and self.taken:
            parts += [part.to_ndarray()[0] for part in self.resampler.resample(None)]
        found = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        if last:
            left = round(self.taken * self.target / rate) - self.given
            found = np.pad(found, (0, max(0, left - len(found))))[: max(0, left)]
        self.given += len(found)
        return found
