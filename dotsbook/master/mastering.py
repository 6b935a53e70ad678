"""What a format's maker is given, and what it gives back. It knows no format's inside."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from dotsbook.machine import cores
from dotsbook.master.about import About
from dotsbook.master.encode import Codec
from dotsbook.master.join import Sound
from dotsbook.master.loudness import Levels
from dotsbook.master.proof import Proof
from dotsbook.master.readalong.manuscript import Original
from dotsbook.master.timeline import Timeline

RATES = (48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)  # Hz that AAC and MP3 both have
Progress = Callable[[str, float], None]  # (what is going on, 0…1)
Opener = Callable[[], AbstractContextManager[Original]]  # opens the manuscript for a read-along


@dataclass(frozen=True)
class Settings:
    """What mastering may be told; the manifest's `output` and `credits.sample`, paths made absolute."""

    loudness: str = "-19 LUFS"  # or acx, podcast, off, any figure
    bitrate: int = 64  # kbit/s of the M4B
    room_tone: bool | Path = True
    workers: int | None = None  # threads; None = one a core that this process may use
    sample: str | None = None  # retail sample of the ACX set: "3" or "3 1:30-4:00"

    words: bool = False  # what follows the text follows it word by word, where ears have heard it

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
    levels: Levels | None = None  # None: it holds no sound of its own
    format: str = ""  # its name in the table

    @property
    def bytes(self) -> int:
        """Of the file, or of all files in the folder."""
        return sum(file.stat().st_size for file in (self.files if self.path.is_dir() else [self.path]))

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        rows = self.proof.rows if self.proof else ()
        return {
            "path": str(self.path),
            "format": self.format,
            "proved": self.proof.ok if self.proof else None,
            "rows": [
                {"what": row.what, "expected": row.expected, "found": row.found, "ok": row.ok} for row in rows
            ],
        }


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
    made: Mapping[str, list[Made]] = field(default_factory=dict)  # of the formats it is made from, by name
    original: Opener | None = None  # the manuscript, for a read-along


@dataclass(frozen=True)
class OutputFormat:
    """One output format: a line in `output_formats.FORMATS`."""

    name: str  # as the manifest has it
    make: Callable[[Mastering], list[Made]]
    needs: tuple[str, ...] = ()  # formats it is made from
    encoded: bool = True  # sound is encoded for it: takes are checked, levels found
    kbits: int = 0  # kbit/s, about; 0: the settings' bitrate
    overshoot: float = (
        0.0  # dB below the ceiling that the limiter keeps: most of what the codec adds to a peak
    )
    codec: Callable[[Settings], Codec] | None = None  # whose loss of level is tried out beforehand
    target: str | None = None  # a loudness of its own, whatever the settings say
    rates: tuple[int, ...] = ()  # Hz it can hold; (): any
    space: float = 1.2  # times its size that the disk must have room for while it is made
