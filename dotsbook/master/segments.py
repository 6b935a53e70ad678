"""Chapters in stretches that can be encoded one by one, and the store of those that were. It knows no containers.

A stretch begins and ends on the encoder's grid, at a chapter's edge or in a gap where only the bed sounds, so its
neighbours' samples are known without decoding them. Its key is a hash of all that it is made of.
"""

import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import OutputError
from dotsbook.files import write_whole
from dotsbook.master.join import Sound
from dotsbook.master.layout import FRAME
from dotsbook.master.timeline import Timeline, Track

RECIPE = "segment 4"  # raise when the same key would give other bytes
LENGTH = 300.0  # s a stretch has at least, unless the chapter ends
GUARD = 3 * FRAME  # samples of nothing but bed to either side of a cut
KEEP = 3_000_000_000  # bytes of encoded stretches kept in the cache


@dataclass(frozen=True)
class Segment:
    track: Track
    start: int  # samples in the chapter, multiples of FRAME
    stop: int
    key: str

    @property
    def frames(self) -> int:
        return (self.stop - self.start) // FRAME


def segments_of(timeline: Timeline, sound: Sound, codec: str) -> list[Segment]:
    """The whole book in stretches; `codec` names the encoder and its settings."""
    return [
        Segment(track, start, stop, key_of(track, start, stop, sound, codec))
        for track in timeline.tracks
        for start, stop in cuts(track, sound.rate)
    ]


def cuts(track: Track, rate: int) -> list[tuple[int, int]]:
    """[start, stop) of a chapter's stretches."""
    edges = [0]
    for before, after in zip(track.placements, track.placements[1:], strict=False):
        place = -(-(before.end + GUARD) // FRAME) * FRAME
        if place + GUARD <= after.start and place - edges[-1] >= LENGTH * rate:
            edges.append(place)
    return list(zip(edges, [*edges[1:], track.samples], strict=True))


def key_of(track: Track, start: int, stop: int, sound: Sound, codec: str) -> str:
    """The SHA-256 of everything in a stretch."""
    parts = [
        [
            p.voiced.take.sha256,
            p.first,
            p.last,
            p.start,
            p.samples,
            sound.gains.get(p.voiced.chunk.voice, 0.0),
            *([p.parts] if p.whole else []),
        ]
        for p in track.placements
        if p.end > start and p.start < stop and p.samples
    ]
    facts = [
        RECIPE,
        codec,
        sound.rate,
        sound.bed.name,
        sound.ceiling,
        sound.delivered,
        track.samples,
        start,
        stop,
        parts,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


class SegmentStore:
    """Encoded stretches under their keys: a list of packets each."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.packets"

    def has(self, key: str) -> bool:
        """Whether the packets are there and whole."""
        return self.get(key) is not None

    def put(self, key: str, packets: list[bytes]) -> None:
        sizes = struct.pack(f"<I{len(packets)}I", len(packets), *map(len, packets))
        body = sizes + b"".join(packets)
        write_whole(self.path(key), hashlib.sha256(body).digest() + body)

    def get(self, key: str) -> list[bytes] | None:
        """The packets, or None if they aren't there or aren't whole; what isn't whole is removed."""
        path = self.path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        body = memoryview(data)[32:]
        if hashlib.sha256(body).digest() != data[:32]:
            path.unlink(missing_ok=True)
            return None
        (count,) = struct.unpack_from("<I", body)
        sizes, at, packets = struct.unpack_from(f"<{count}I", body, 4), 4 + 4 * count, []
        for size in sizes:
            packets.append(bytes(body[at : at + size]))
            at += size
        return packets

    def sweep(self, keep: Iterable[str]) -> None:
        """Remove the stretches longest unused, but for `keep`, until KEEP bytes are left."""
        kept = {self.path(key) for key in keep}
        for path in kept:
            if path.exists():
                os.utime(path)
        found = sorted(
            ((path.stat(), path) for path in self.folder.glob("*/*.packets")),
            key=lambda pair: pair[0].st_mtime,
        )
        size = sum(status.st_size for status, _ in found)
        for status, path in found:
            if size <= KEEP:
                return
            if path not in kept:
                path.unlink(missing_ok=True)
                size -= status.st_size


def all_encoded(
    segments: list[Segment],
    store: SegmentStore,
    encode: Callable[[Segment], list[bytes]],
    workers: int,
    on_done: Callable[[Segment], None],
) -> int:
    """Encode on threads what the store hasn't; how many that were. The first error stops the rest."""
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    missing = {segment.key: segment for segment in segments if not store.has(segment.key)}
    for segment in segments:
        if segment.key not in missing:
            on_done(segment)

    def work(segment: Segment) -> Segment:
        store.put(segment.key, encode(segment))
        return segment

    pool = ThreadPoolExecutor(workers, "encode")
    try:
        jobs = [pool.submit(work, segment) for segment in sorted(missing.values(), key=lambda s: -s.frames)]
        waiting = set(jobs)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_EXCEPTION, timeout=0.5)
            for job in done:
                on_done(job.result())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return len(missing)


def writable(folder: Path) -> None:
    """Raise OutputError unless the cache can be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} can't be made: {error.strerror}; allow writing there.") from error
