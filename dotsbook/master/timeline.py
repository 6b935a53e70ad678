"""Where every take stands in the finished book, to the sample. It knows no encoders and opens no audio.

Everything that needs a time (chapter marks, cues, overlays, the proof) reads it here.
"""

from dataclasses import dataclass
from pathlib import Path

from dotsbook.book import Chunk, Take
from dotsbook.splice import SplicePoint

GRACE = 0.05  # s from a place where silence is let in at which words still end or begin there


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of a chunk in its take, as ears heard it."""

    start: int  # offset in the chunk's text
    end: int  # both at the text's end: something is said that isn't written
    begins: float  # s in the take
    ends: float
    heard: str = ""  # what was heard for it
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class VoicedChunk:
    """A chunk with its take and the take's file."""

    chunk: Chunk
    take: Take
    file: Path
    words: tuple[TimedWord, ...] = ()  # where ears have heard the take
    splices: tuple[SplicePoint, ...] = ()  # where silence is let into it, in order


@dataclass(frozen=True, slots=True)
class Placement:
    """A voiced chunk, placed: samples [first, last) of its take, at the book's rate, begin at `start` in the chapter."""

    voiced: VoicedChunk
    start: int  # sample in the chapter, at the book's rate
    samples: int  # as placed, at the book's rate
    first: int  # in the take, at the take's rate
    last: int
    whole: int = (
        0  # samples of [first, last) at the book's rate, where silence is let in; else they are `samples`
    )

    @property
    def scale(self) -> float:
        """Samples at the book's rate for one of the take's."""
        return (self.whole or self.samples) / (self.last - self.first) if self.last > self.first else 0.0

    @property
    def parts(self) -> list[tuple[int, int, int]]:
        """[(begins, ends) in [first, last) at the book's rate, where that lies in the placement)]: several where silence is
        let in."""
        return parts_of(self.voiced.splices, self.first, self.last, self.whole or self.samples)

    def place_of(self, sample: float, edge: int = 0) -> int:
        """Where a sample of the take lies in the chapter. edge: 1 for one with which a word begins, -1 for one with which it
        ends: where silence is let in just there, a word begins after it, and ends before."""
        place = round((min(max(sample, self.first), self.last) - self.first) * self.scale)
        parts = self.parts
        grace = edge * GRACE * self.voiced.take.rate * self.scale if len(parts) > 1 else 0
        begins, ends, at = next((part for part in parts if place + grace <= part[1]), parts[-1])
        return self.start + at + min(max(place, begins), ends) - begins

    def at(self, second: float, edge: int = 0) -> int:
        """The sample in the chapter at which a second of its take is heard; edge: as for `place_of`."""
        if self.last <= self.first:
            return self.start
        sample = second * self.voiced.take.rate
        inside = min(max(sample, self.first), self.last)
        return self.place_of(inside, edge) + round((sample - inside) * self.scale)

    def second_at(self, sample: int) -> float:
        """The second of its take that is heard at a sample of the chapter, or last before it."""
        inside = min(max(0, sample - self.start), self.samples)
        begins, ends, at = next(part for part in reversed(self.parts) if part[2] <= inside)
        place = begins + min(inside - at, ends - begins)
        return (self.first + place / (self.scale or 1.0)) / self.voiced.take.rate

    @property
    def end(self) -> int:
        return self.start + self.samples

    @property
    def speech(self) -> tuple[int, int]:
        """Where its speech begins and ends in the chapter: the placement without the breath left around it."""
        if self.last <= self.first:
            return self.start, self.start
        return self.place_of(self.voiced.take.first), self.place_of(self.voiced.take.last)


def parts_of(
    splices: tuple[SplicePoint, ...], first: int, last: int, whole: int
) -> list[tuple[int, int, int]]:
    """As `Placement.parts`. whole: samples of [first, last) at the book's rate."""
    if not splices:
        return [(0, whole, 0)]
    scale = whole / (last - first)
    found, begin, at = [], 0, 0
    for point in splices:
        end = min(max(round((point.out - first) * scale), begin), whole)
        found.append((begin, end, at))
        at += end - begin + point.silence
        begin = min(max(round((point.into - first) * scale), 0), whole)
    return [*found, (begin, max(begin, whole), at)]


@dataclass(frozen=True, slots=True)
class Track:
    """One chapter, laid out."""

    number: int
    title: str
    start: int  # sample in the book
    samples: int  # with head and tail
    placements: tuple[Placement, ...]

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Timeline:
    rate: int  # Hz
    tracks: tuple[Track, ...]

    @property
    def samples(self) -> int:
        return sum(track.samples for track in self.tracks)
