"""Every sentence with its time, and its words where ears have heard them, as WebVTT, SRT, LRC and JSON. It knows the timeline and no files.

Times of sentences are where the audio was placed, so they are exact: no aligner listened to anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dotsbook.master.timeline import Placement, Timeline, Track
from dotsbook.master.word_marks import written_words

UNSEEN = dict.fromkeys(
    (0x00AD, 0x200B, 0x2060, 0xFEFF, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)
)


@dataclass(frozen=True, slots=True)
class WordCue:
    """A word of a cue's text."""

    first: int  # offsets in the cue's text
    last: int
    start: float  # seconds
    end: float


@dataclass(frozen=True, slots=True)
class Cue:
    start: float  # seconds
    end: float
    text: str  # one line
    chunk: str  # Chunk.id
    chapter: int
    words: tuple[WordCue, ...] = ()  # where ears have heard them


def chapter_cues(track: Track, rate: int, offset: int = 0) -> list[Cue]:
    """A chapter's cues; `offset` samples are added to each time (0: from the chapter's own start)."""
    cues = []
    for placed in track.placements:
        begin, end = placed.speech
        cues.append(
            Cue(
                (offset + begin) / rate,
                (offset + end) / rate,
                line(placed.voiced.chunk.text),
                placed.voiced.chunk.id,
                track.number,
                word_cues(placed, rate, offset),
            )
        )
    return cues


def word_cues(placed: Placement, rate: int, offset: int) -> tuple[WordCue, ...]:
    text, found = placed.voiced.chunk.text, []
    for one in written_words(placed):
        first = len(line(f"{text[: one.word.start]}.")) - 1
        last = len(line(text[: one.word.end]))
        if last > first:
            found.append(WordCue(first, last, (offset + one.begin) / rate, (offset + one.end) / rate))
    return tuple(found)


def book_cues(timeline: Timeline) -> list[Cue]:
    return [cue for track in timeline.tracks for cue in chapter_cues(track, timeline.rate, track.start)]


def line(text: str) -> str:
    """Text as a reader sees it, on one line: no soft hyphens, joiners or direction overrides."""
    return " ".join(text.translate(UNSEEN).split())


def vtt(cues: Iterable[Cue], words: bool = False) -> str:
    """WebVTT; `<`, `>` and `&` are escaped, so no text can become markup or an arrow.

    words: each word known has its own time before it, as karaoke players and web pages take it.
    """
    blocks = [
        f"{cue.chunk}\n{clock(cue.start)} --> {clock(cue.end)}\n{timed(cue) if words else escaped(cue.text)}\n"
        for cue in cues
    ]
    return "WEBVTT\n\n" + "\n".join(blocks)


def timed(cue: Cue) -> str:
    """A cue's text with a timestamp before each word that begins inside it: they must rise, and lie within the cue."""
    pieces, at, now = [], 0, clock(cue.start)
    for word in cue.words:
        pieces.append(escaped(cue.text[at : word.first]))
        at = word.first
        if now < clock(word.start) < clock(cue.end):
            now = clock(word.start)
            pieces.append(f"<{now}>")
    return "".join([*pieces, escaped(cue.text[at:])])


def srt(cues: Iterable[Cue]) -> str:
    """SubRip, numbered from 1."""
    blocks = [
        f"{number}\n{clock(cue.start, ',')} --> {clock(cue.end, ',')}\n{cue.text.replace('-->', '→')}\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(blocks)


def lrc(cues: Iterable[Cue]) -> str:
    """LRC, to the hundredth of a second."""
    rows = []
    for cue in cues:
        minutes, hundredths = divmod(round(cue.start * 100), 6000)
        rows.append(f"[{minutes:02d}:{hundredths // 100:02d}.{hundredths % 100:02d}]{cue.text}\n")
    return "".join(rows)


def timings(timeline: Timeline) -> dict:
    """Every sentence's time, for programs: chapters with start, seconds and sentences (times from the book's start)."""
    rate = timeline.rate
    return {
        "rate": rate,
        "seconds": timeline.samples / rate,
        "chapters": [
            {
                "number": track.number,
                "title": track.title,
                "start": track.start / rate,
                "seconds": track.samples / rate,
                "sentences": [sentence(cue) for cue in chapter_cues(track, rate, track.start)],
            }
            for track in timeline.tracks
        ],
    }


def sentence(cue: Cue) -> dict:
    said: dict = {"chunk": cue.chunk, "start": cue.start, "end": cue.end, "text": cue.text}
    if cue.words:
        said["words"] = [
            {"start": word.start, "end": word.end, "text": cue.text[word.first : word.last]}
            for word in cue.words
        ]
    return said


def clock(seconds: float, point: str = ".") -> str:
    """hh:mm:ss.mmm"""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{point}{milliseconds:03d}"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
