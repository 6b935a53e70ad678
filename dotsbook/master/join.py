"""A chapter as a stream of samples: takes read one by one, trimmed, faded, levelled, over the bed. It knows no formats.

Memory is that of one block and the takes that sound in it, however long the book is. A take whose bytes are not those
the ledger recorded stops the stream with an Unfinished that names it.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dotsbook.audio import Samples, resample
from dotsbook.errors import Unfinished
from dotsbook.files import read_whole
from dotsbook.master.limiter import Limiter, Zones
from dotsbook.master.room_tone import Bed
from dotsbook.master.timeline import Placement, Timeline, Track, VoicedChunk

BLOCK = 65536  # samples
FADE_IN, FADE_OUT = 0.008, 0.030  # s, raised cosine


@dataclass(frozen=True)
class Sound:
    """All but the takes that a chapter's samples depend on."""

    rate: int  # Hz of the timeline
    gains: dict[str, float]  # dB by voice
    bed: Bed
    ceiling: float | None  # dBTP the limiter keeps; None: no limiter
    delivered: float | None = None  # dBTP that may not be passed as decoded; None: any


def mastered(
    track: Track, sound: Sound, start: int = 0, stop: int | None = None, softer: Zones = ()
) -> Iterator[Samples]:
    """Samples [start, stop) of a chapter, in blocks, limited; softer: zones, from `start`, made softer.

    start and stop stand in the chapter's edges or where only the bed sounds, so that the limiter is at rest there.
    """
    blocks = joined(track, sound, start, track.samples if stop is None else stop)
    if sound.ceiling is None:
        yield from blocks
        return
    limiter = Limiter(sound.rate, sound.ceiling, softer)
    for block in blocks:
        yield limiter.push(block)
    yield limiter.flush()


def joined(track: Track, sound: Sound, start: int, stop: int) -> Iterator[Samples]:
    """The same, not yet limited."""
    waiting = [p for p in reversed(track.placements) if p.end > start and p.start < stop and p.samples]
    sounding: list[tuple[int, Samples]] = []
    for first in range(start, stop, BLOCK):
        last = min(first + BLOCK, stop)
        block = sound.bed.under(first, last, track.samples).copy()
        while waiting and waiting[-1].start < last:
            placement = waiting.pop()
            sounding.append((placement.start, placed(placement, sound)))
        for begin, samples in sounding:
            left, right = max(begin, first), min(begin + len(samples), last)
            block[left - first : right - first] += samples[left - begin : right - begin]
        sounding = [(begin, samples) for begin, samples in sounding if begin + len(samples) > last]
        yield block


def placed(placement: Placement, sound: Sound) -> Samples:
    """A placement's samples at the book's rate: trimmed, faded, with its voice's gain."""
    voiced = placement.voiced
    samples, rate = read_take(voiced)
    trimmed = resample(samples[placement.first : placement.last], rate, sound.rate)
    whole = placement.whole or placement.samples
    trimmed = np.pad(trimmed, (0, max(0, whole - len(trimmed))))[:whole]
    gain = np.float32(10 ** (sound.gains.get(voiced.chunk.voice, 0.0) / 20))
    trimmed *= gain
    if not placement.whole:
        return fade(trimmed, sound.rate)
    opened = np.zeros(placement.samples, np.float32)
    for begin, end, at in placement.parts:
        opened[at : at + end - begin] = fade(trimmed[begin:end].copy(), sound.rate)
    return opened


def fade(samples: Samples, rate: int) -> Samples:
    """Raised cosine at both edges, in place; never over more than half of it."""
    for seconds, view in ((FADE_IN, samples), (FADE_OUT, samples[::-1])):
        count = min(round(seconds * rate), len(samples) // 2)
        view[:count] *= (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(1, count))).astype(
            np.float32
        )
    return samples


def read_take(voiced: VoicedChunk) -> tuple[Samples, int]:
    """A take's samples and rate, after its bytes proved to be the ledger's. Raises Unfinished."""
    import soundfile

    data = verified(voiced)
    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=False)
    except (soundfile.LibsndfileError, OSError) as error:
        raise Unfinished(
            f"The take of {name(voiced)} ({voiced.file}) can't be decoded ({error}); {AGAIN}"
        ) from error
    if len(samples) != voiced.take.samples or rate != voiced.take.rate or samples.ndim != 1:
        raise Unfinished(
            f"The take of {name(voiced)} ({voiced.file}) isn't as long as the ledger says; {AGAIN}"
        )
    return samples, rate


def verified(voiced: VoicedChunk) -> bytes:
    """A take's bytes, whose hash is the ledger's. Raises Unfinished."""
    try:
        data = read_whole(voiced.file)
    except OSError as error:
        raise Unfinished(
            f"The take of {name(voiced)} is missing ({voiced.file}: {error.strerror}); {AGAIN}"
        ) from error
    if hashlib.sha256(data).hexdigest() != voiced.take.sha256:
        raise Unfinished(f"The take of {name(voiced)} ({voiced.file}) is truncated or altered; {AGAIN}")
    return data


def check_takes(timeline: Timeline) -> None:
    """Read every take once and compare it with the ledger. Raises Unfinished that names what is missing or altered."""
    wrong, seen = [], set()
    for track in timeline.tracks:
        for placement in track.placements:
            if placement.voiced.file in seen:
                continue
            seen.add(placement.voiced.file)
            try:
                verified(placement.voiced)
            except Unfinished as error:
                wrong.append((placement.voiced.chunk.id, error))
    if len(wrong) == 1:
        raise wrong[0][1]
    if wrong:
        more = f" and {len(wrong) - 8} more" if len(wrong) > 8 else ""
        raise Unfinished(
            f"The takes of chunk {', '.join(chunk for chunk, _ in wrong[:8])}{more} are missing or altered; {AGAIN}"
        )


AGAIN = "`dotsbook verify` lists such takes and `dotsbook render` makes them again."


def name(voiced: VoicedChunk) -> str:
    return f"chunk {voiced.chunk.id} (chapter {voiced.chunk.chapter})"
