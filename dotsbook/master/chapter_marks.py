"""Chapter marks: when, and what they are called, within what players can read. It knows no containers' atoms."""

from dataclasses import dataclass

from dotsbook.master.about import clean, cut
from dotsbook.master.timeline import Timeline

TITLE_BYTES = 255  # Nero's chpl has one byte for the length; cut inside a character, readers crash on it
CHPL = 255  # entries chpl can count


@dataclass(frozen=True)
class ChapterMark:
    start: int  # samples in the book
    end: int
    title: str


def marks(timeline: Timeline) -> list[ChapterMark]:
    """One for each track; a title is never empty (one empty title voids the whole list in some players)."""
    return [
        ChapterMark(track.start, track.end, cut(clean(track.title), TITLE_BYTES) or f"Chapter {track.number}")
        for track in timeline.tracks
    ]


def clock(samples: int, rate: int) -> str:
    """00:00:00.000, as Vorbis comments have it."""
    ms = round(samples * 1000 / rate)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
