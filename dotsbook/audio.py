"""PCM in and out: mono float32 arrays and the files that hold them. It knows no books and no voices.

Samples are float32 in −1…1, shape (samples,). Takes are FLAC, 16 bit: lossless to 96 dB, half the bytes of 24.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dotsbook.errors import VoiceError

if TYPE_CHECKING:
    from numpy import ndarray as Samples  # float32, (samples,), mono
else:
    Samples = object  # so that naming the type doesn't load numpy


RATES = range(1000, 768_001)  # Hz: what isn't in it is no sound, or a header that lies
FULL = 32767  # what 1.0 is in a take's 16 bits


def write_flac(file: Path | BinaryIO, samples: Samples, rate: int) -> None:
    """Write mono samples, clipped to ±1, as 16 bit FLAC at `rate` Hz."""
    import numpy as np
    import soundfile

    soundfile.write(file, np.clip(samples, -1.0, 1.0), rate, format="FLAC", subtype="PCM_16")


def read_flac(path: Path) -> tuple[Samples, int]:
    """A take's samples and rate. Raises soundfile.LibsndfileError or OSError on a damaged or missing file."""
    import soundfile

    samples, rate = soundfile.read(path, dtype="float32", always_2d=False)
    return samples, rate


def read_any(path: Path, seconds: float = 600.0) -> tuple[Samples, int]:
    """Up to `seconds` of any audio file (wav, flac, mp3, m4a, aiff …), channels averaged to mono; (samples, rate)."""
    import numpy as np

    blocks, count, rate = [], 0, 0
    for block, rate in blocks_of(path):
        blocks.append(block)
        count += len(block)
        if count >= seconds * rate:
            break
    return np.concatenate(blocks).astype(np.float32), rate


def blocks_of(path: Path) -> Iterator[tuple[Samples, int]]:
    """All of any audio file, piece by piece as it is decoded: (samples, rate). VoiceError for what can't be read."""
    import av
    import numpy as np

    path = Path(path)
    if not path.is_file():
        raise VoiceError(f"There is no audio file {path}.")
    if path.stat().st_size == 0:
        raise VoiceError(f"{path} is empty (0 bytes); record or copy it again.")
    heard = False
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise VoiceError(f"{path} holds no sound.")
            stream = container.streams.audio[0]
            rate: int = getattr(stream, "rate", None) or 0  # none: of a kind nobody can decode
            if rate not in RATES:
                raise VoiceError(
                    f"{path} holds no sound that can be read ({rate} samples a second); convert it to WAV or FLAC."
                )
            resampler = av.AudioResampler(format="fltp")
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    heard = True
                    yield part.to_ndarray().mean(axis=0).astype(np.float32), rate
    except (av.FFmpegError, OSError, ValueError) as error:
        raise VoiceError(f"{path} can't be read as audio ({error}); convert it to WAV or FLAC.") from error
    if not heard:
        raise VoiceError(f"{path} holds no sound.")


def seconds_of(path: Path) -> float:
    """How long a sound file says it is; 0 where it can't be opened or doesn't say."""
    import av

    try:
        with av.open(str(path)) as container:
            return max(0.0, (container.duration or 0) / av.time_base)
    except (av.FFmpegError, OSError, ValueError):
        return 0.0


def resample(samples: Samples, rate: int, target: int) -> Samples:
    """The same sound at another rate (libswresample, 32-tap windowed sinc); length is round(n · target / rate)."""
    import av
    import numpy as np

    if rate == target or not len(samples):
        return samples.astype(np.float32, copy=False)
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=target)
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples[None], np.float32), format="fltp", layout="mono"
    )
    frame.sample_rate = rate
    parts = [part.to_ndarray()[0] for part in (*resampler.resample(frame), *resampler.resample(None))]
    joined = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    wanted = round(len(samples) * target / rate)
    return np.pad(joined, (0, max(0, wanted - len(joined))))[:wanted]
