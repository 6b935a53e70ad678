"""Takes and pacing to a timeline: who speaks when, exact to the sample. It knows no files and hears nothing.

Gaps run from the end of speech to the start of speech, so a model's own padding isn't counted twice. Each take
keeps a breath around its speech (measure.BEFORE, measure.AFTER), less where the gap has no room for it. A chapter's
length is rounded up to FRAME samples, with a whole FRAME of room tone at its end: chapters can then be encoded one by
one and joined without a seam.
"""

import hashlib

from dotsbook.book import Pause
from dotsbook.errors import Unfinished
from dotsbook.manifest import Pacing
from dotsbook.master.timeline import Placement, Timeline, Track, VoicedChunk, parts_of
from dotsbook.measure import AFTER, BEFORE

FRAME = 1024  # samples: AAC's own grid
SHORT, LONG = 2.0, 10.0  # s of a sentence; from SHORT to LONG the gap after it grows by up to STRETCH
STRETCH = 0.4  # Kazlauskiene & Kalasinskaite 2019: up to 1.4 times longer after long sentences


def lay_out(chapters: list[tuple[int, str, list[VoicedChunk]]], pacing: Pacing, rate: int) -> Timeline:
    """Place every line of (number, title, lines) chapters, in order, at `rate` Hz.

    Raises Unfinished for a chapter with no takes and for a take in which nothing is heard.
    """
    tracks, start = [], 0
    for number, title, lines in chapters:
        if not lines:
            raise Unfinished(
                f"Chapter {number} ({title[:60]}) has no takes: render it or leave it out (--chapter)."
            )
        placements, samples = lay_out_chapter(lines, pacing, rate)
        tracks.append(Track(number, title, start, samples, placements))
        start += samples
    return Timeline(rate, tuple(tracks))


def lay_out_chapter(lines: list[VoicedChunk], pacing: Pacing, rate: int) -> tuple[tuple[Placement, ...], int]:
    """(placements, samples of the chapter)."""
    silent = [voiced.chunk.id for voiced in lines if unheard(voiced)]
    if silent:
        raise Unfinished(
            f"Nothing is heard in the take of chunk {', '.join(silent[:8])}; "
            "`dotsbook retake` it and render again."
        )
    room = [round(seconds * rate) for seconds in silences(lines, pacing)]
    placements, clock = [], 0  # clock: the end of speech so far
    for voiced, before, after in zip(lines, room, room[1:], strict=False):
        breath = share(before, BEFORE, rate), share(after, AFTER, rate)
        placement, clock = place(voiced, clock + before, breath, rate)
        placements.append(placement)
    end = max(clock + room[-1], placements[-1].end + FRAME)
    return tuple(placements), -(-end // FRAME) * FRAME


def silences(lines: list[VoicedChunk], pacing: Pacing) -> list[float]:
    """Seconds before the first line, between each two, after the last: what a direction asks for, else the pacing's. Where
    both the line before and the one after ask, the longer holds."""
    usual = [pacing.head, *(gap_after(voiced, pacing) for voiced in lines[:-1]), pacing.tail]
    asked = [
        [seconds for seconds in (before, after) if seconds is not None]
        for before, after in zip(
            [None, *(voiced.chunk.after for voiced in lines)],
            [*(voiced.chunk.before for voiced in lines), None],
            strict=True,
        )
    ]
    return [max(wanted) if wanted else gap for wanted, gap in zip(asked, usual, strict=True)]


def place(voiced: VoicedChunk, speech: int, breath: tuple[float, float], rate: int) -> tuple[Placement, int]:
    """(the line with its speech at sample `speech`, where that speech ends); breath: samples there is room for."""
    take = voiced.take
    scale = rate / take.rate
    first = max(0, take.first - int(breath[0] / scale))
    last = min(take.samples, take.last + int(breath[1] / scale))
    if take.last <= take.first:
        return Placement(voiced, speech, 0, 0, 0), speech
    lead = round((take.first - first) * scale)
    whole = round((last - first) * scale)
    begin, end, at = parts_of(voiced.splices, first, last, whole)[-1]
    placed = Placement(
        voiced, max(0, speech - lead), at + end - begin, first, last, whole if voiced.splices else 0
    )
    return placed, placed.speech[1]


def share(gap: int, wanted: float, rate: int) -> float:
    """Samples of a gap that one side's breath may have: all it wants, or its share of a gap too short for both."""
    return min(wanted * rate, gap * wanted / (BEFORE + AFTER))


def gap_after(voiced: VoicedChunk, pacing: Pacing) -> float:
    """Seconds of silence after a line inside its chapter."""
    chunk, take = voiced.chunk, voiced.take
    pause = Pause.PARAGRAPH if chunk.pause is Pause.CHAPTER else chunk.pause
    seconds = getattr(pacing, pause.value)
    if pause is Pause.SENTENCE:
        length = (take.last - take.first) / take.rate
        seconds *= 1 + STRETCH * min(1.0, max(0.0, (length - SHORT) / (LONG - SHORT)))
    return seconds * pacing.pace * (1 + pacing.jitter * chance(take.key))


def chance(key: str) -> float:
    """A number in −1…1 that is always the same for a key."""
    return int.from_bytes(hashlib.sha256(f"gap {key}".encode()).digest()[:4]) / (2**31 - 0.5) - 1


def unheard(voiced: VoicedChunk) -> bool:
    """Whether a take is silent where there is something to say."""
    return voiced.take.last <= voiced.take.first and any(
        character.isalnum() for character in voiced.chunk.spoken
    )
