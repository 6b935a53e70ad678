"""A stretch of a recording as a data set's clip: one rate, edges of a quarter second, one loudness, a FLAC file."""

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

from dotsbook.audio import Samples, write_flac
from dotsbook.files import write_whole
from dotsbook.model.resample import resample_prompt
from dotsbook.model.training.clip_sound import EDGE, edged
from dotsbook.production.punch_in import levelled
from dotsbook.tuning.data_set import CLIPS

LOUDNESS = -23.0  # LUFS of every clip, as far as its peaks have room: EBU R128's
LONGEST_NAME = 80  # letters of a clip's name


@dataclass(frozen=True)
class PreparedClip:
    """A clip before it is written."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def spoken(self) -> float:
        """Seconds from its first to its last loud sample."""
        return max(0.0, self.seconds - 2 * EDGE)

    def write(self, folder: Path, name: str) -> str:
        """Put it under clips/ of a data set, whole or not at all; the file's hash. OutputError."""
        data = flac_bytes(self.samples, self.rate)
        write_whole(folder / file_of(name), data)
        return hashlib.sha256(data).hexdigest()


def prepared(samples: Samples, rate: int, target: int) -> PreparedClip:
    """Finite mono samples at `rate` Hz → the same at `target`, without offset, trimmed or padded to its edges, levelled."""
    at_rate = resample_prompt(samples - samples.mean(), rate, target)
    return PreparedClip(levelled(edged(at_rate, target), target, LOUDNESS), target)


def flac_bytes(samples: Samples, rate: int) -> bytes:
    buffer = io.BytesIO()
    write_flac(buffer, samples, rate)
    return buffer.getvalue()


def file_of(name: str) -> str:
    return f"{CLIPS}/{name}.flac"


def safe_name(name: str) -> str:
    """A name as every file system takes it; one that had to be changed ends in a few letters of its hash."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:LONGEST_NAME]
    if plain == name:
        return plain
    return f"{plain or 'clip'}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
