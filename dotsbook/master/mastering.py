"""What a format's maker is given, and what it gives back. It knows no format's inside."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dotsbook.machine import cores
from dotsbook.master.about import About
from dotsbook.master.encode import Codec
from dotsbook.master.join import Sound
from dotsbook.master.loudness import Levels
from dotsbook.master.proof import Proof
from dotsbook.master.timeline import Timeline

KBITS = {"mp3": 96, "mp3-book": 96, "flac": 400, "opus": 32, "acx": 192}  # about; an M4B's is in the settings
OPUS = Codec("ogg", "libopus", 32, 48000, "flt", (("application", "voip"),))
Progress = Callable[[str, float], None]  # (what is going on, 0…1)


@dataclass(frozen=True)
class Settings:
    """What mastering may be told; the manifest's `output` and `credits.sample`, paths made absolute."""

    loudness: str = "-19 LUFS"  # or acx, podcast, off, any figure
    bitrate: int = 64  # kbit/s of the M4B
    room_tone: bool | Path = True
    workers: int | None = None  # threads; None = one a core that this process may use
    sample: str | None = None  # retail sample of the ACX set: "3" or "3 1:30-4:00"

    @property
    def threads(self) -> int:
        return self.workers or cores()


@dataclass(frozen=True)
class Made:
    """A finished file, or a folder of them, with its proof."""

    path: Path
    proof: Proof
    files: tuple[Path, ...] = ()  # of a folder
    encoded: int = 0  # stretches encoded now; the others came from the cache
    levels: Levels | None = None


@dataclass(frozen=True)
class Mastering:
    """Everything a format's maker needs."""

    timeline: Timeline
    about: About
    settings: Settings
    sound: Sound
    levels: Levels
    out: Path
    cache: Path
    on_progress: Progress
