"""Every sentence with its time, as WebVTT, SRT, LRC and JSON. It knows the timeline and no files.

Times are where the audio was placed, so they are exact: no aligner listened to anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dotsbook.master.timeline import Timeline, Track

UNSEEN = dict.fromkeys(
    (0x00AD, 0x200B, 0x2060, 0xFEFF, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)
)


@dataclass(frozen=True, slots=True)
class Cue:
    start: float  # seconds
    end: float
    text: str  # one line
    chunk: str  # Chunk.id
    chapter: int


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
            )
        )
    return cues


def book_cues(timeline: Timeline) -> list[Cue]:
    return [cue for track in timeline.tracks for cue in chapter_cues(track, timeline.rate, track.start)]


def line(text: str) -> str:
    """Text as a reader sees it, on one line: no soft hyphens, joiners or direction overrides."""
    return " ".join(text.translate(UNSEEN).split())


def vtt(cues: Iterable[Cue]) -> str:
    """WebVTT; `<`, `>` and `&` are escaped, so no text can become markup or an arrow."""
    blocks = [f"{cue.chunk}\n{clock(cue.start)} --> {clock(cue.end)}\n{escaped(cue.text)}\n" for cue in cues]
    return "WEBVTT\n\n" + "\n".join(blocks)


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
                "sentences": [
                    {"chunk": cue.chunk, "start": cue.start, "end": cue.end, "text": cue.text}
                    for cue in chapter_cues(track, rate, track.start)
                ],
            }
            for track in timeline.tracks
        ],
    }


def clock(seconds: float, point: str = ".") -> str:
    """hh:mm:ss.mmm"""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{point}{milliseconds:03d}"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
