"""Where every take stands in the finished book, to the sample. It knows no encoders and opens no audio.

Everything that needs a time (chapter marks, cues, overlays, the proof) reads it here.
"""

from dataclasses import dataclass
from pathlib import Path

from dotsbook.book import Chunk, Take


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


@dataclass(frozen=True, slots=True)
class Placement:
    """A voiced chunk, placed: samples [first, last) of its take, at the book's rate, begin at `start` in the chapter."""

    voiced: VoicedChunk
    start: int  # sample in the chapter, at the book's rate
    samples: int  # as placed, at the book's rate
    first: int  # in the take, at the take's rate
    last: int

    @property
    def end(self) -> int:
        return self.start + self.samples

    @property
    def speech(self) -> tuple[int, int]:
        """Where its speech begins and ends in the chapter: the placement without the breath left around it."""
        if self.last <= self.first:
            return self.start, self.start
        scale = self.samples / (self.last - self.first)
        begin, end = (
            min(max(edge, self.first), self.last) for edge in (self.voiced.take.first, self.voiced.take.last)
        )
        return self.start + round((begin - self.first) * scale), self.start + round(
            (end - self.first) * scale
        )

    def at(self, second: float) -> int:
        """The sample in the chapter at which a second of its take is heard."""
        if self.last <= self.first:
            return self.start
        scale = self.samples / (self.last - self.first)
        return self.start + round((second * self.voiced.take.rate - self.first) * scale)


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
