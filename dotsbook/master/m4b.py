"""Encoded stretches to an M4B: one AAC track, exact chapters, tags, cover. It knows no takes and encodes nothing.

Chapters are written twice, as a QuickTime text track (Apple, BookPlayer, ffprobe) and as Nero's chpl (VLC, Android,
mutagen); chpl counts to 255, so a book with more chapters goes without it.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from dotsbook.errors import EncodeError
from dotsbook.files import replacing
from dotsbook.master.aac import OPTIONS, aac_packets, codec_name
from dotsbook.master.about import About
from dotsbook.master.chapter_marks import CHPL, ChapterMark, marks
from dotsbook.master.encode import Codec, failure
from dotsbook.master.hear import hear_aac, open_long
from dotsbook.master.layout import FRAME
from dotsbook.master.mastering import RATES, Made, Mastering, OutputFormat, Settings
from dotsbook.master.naming import book_name
from dotsbook.master.proof import Proof, cover_name, equal, mark_rows, sound_rows, store_proof, tag_rows
from dotsbook.master.segments import Segment, SegmentStore, all_encoded, segments_of
from dotsbook.master.tags import language3, mp4_tags, tag_mp4
from dotsbook.memory import hand_back


def write_m4b(
    path: Path, packets: Iterator[bytes], chapters: list[ChapterMark], about: About, rate: int, bitrate: int
) -> None:
    """Write the whole file at `path`; packets: from the book's first to its last. Raises EncodeError, OSError."""
    import av

    flags = "+faststart" if len(chapters) <= CHPL else "+faststart+disable_chpl"
    grain = (
        rate if chapters[-1].end < 2**31 else 1000
    )  # exact marks, as long as the movie's header stays 32 bit
    options = {"brand": "M4B ", "movflags": flags, "movie_timescale": str(grain)}
    try:
        with av.open(str(path), "w", format="mp4", options=options) as container:
            stream = container.add_stream("aac", rate=rate, layout="mono", options=dict(OPTIONS))
            stream.bit_rate = bitrate * 1000
            stream.metadata["language"] = language3(about.language)
            container.set_chapters(
                [
                    {
                        "id": index,
                        "start": mark.start,
                        "end": mark.end,
                        "time_base": Fraction(1, rate),
                        "metadata": {"title": mark.title},
                    }
                    for index, mark in enumerate(chapters, 1)
                ]
            )
            container.start_encoding()
            for packet in timed(packets, rate):
                packet.stream = stream
                container.mux_one(packet)
    except av.FFmpegError as error:
        raise failure(error, path) from error
    tag_mp4(path, about)


def timed(packets: Iterator[bytes], rate: int) -> Iterator:
    """PyAV packets with their times; the first is the encoder's delay, before 0."""
    import av

    for index, data in enumerate(packets):
        packet = av.Packet(data)
        packet.pts = packet.dts = (index - 1) * FRAME
        packet.duration, packet.time_base, packet.is_keyframe = FRAME, Fraction(1, rate), True
        yield packet


def book_packets(segments: list[Segment], store: SegmentStore) -> Iterator[bytes]:
    """All packets of the book, in order, one stretch in memory at a time."""
    last = b""
    for segment in segments:
        packets = store.get(segment.key)
        if packets is None or len(packets) != segment.frames + 1:
            raise EncodeError(
                f"An encoded part of chapter {segment.track.number} is gone from the cache; run the command again."
            )
        yield from packets[:-1]
        last = packets[-1]
    yield last


def make_m4b(mastering: Mastering) -> list[Made]:
    """Encode what is new, write the file, prove it, give it its name."""
    bitrate, store = mastering.settings.bitrate, SegmentStore(mastering.cache / "segments")
    segments = segments_of(mastering.timeline, mastering.sound, codec_name(bitrate))
    count = encode_all(mastering, segments, store)
    path = mastering.out / f"{book_name(mastering.about)}.m4b"
    chapters = marks(mastering.timeline)
    with replacing(path) as temporary:
        mastering.on_progress("writing", 0.0)
        hand_back()
        write_m4b(
            temporary,
            book_packets(segments, store),
            chapters,
            mastering.about,
            mastering.timeline.rate,
            bitrate,
        )
        mastering.on_progress("proving", 0.0)
        hand_back()
        proof = prove(temporary, path.name, mastering, chapters)
        proof.check()
    store_proof(proof, path.with_name(f"{path.stem}.proof.json"), [path])
    store.sweep(segment.key for segment in segments)
    return [Made(path, proof, (), count, mastering.levels, M4B.name)]


def encode_all(mastering: Mastering, segments: list[Segment], store: SegmentStore) -> int:
    total, done = sum(segment.frames for segment in segments), 0

    def on_done(segment: Segment) -> None:
        nonlocal done
        done += segment.frames
        mastering.on_progress("encoding", done / total)

    def encode(segment: Segment) -> list[bytes]:
        return aac_packets(segment, mastering.sound, mastering.settings.bitrate)

    return all_encoded(segments, store, encode, mastering.settings.threads, on_done)


def prove(file: Path, name: str, mastering: Mastering, chapters: list[ChapterMark]) -> Proof:
    """Open it as players do and compare."""
    rate = mastering.timeline.rate
    planned = [(mark.start / rate, mark.title) for mark in chapters]
    found, qt = read_chapters(file), []
    with open_long(file) as container:
        qt = [
            (float(c["start"] * c["time_base"]), c["metadata"].get("title", "")) for c in container.chapters()
        ]
    rows = mark_rows(planned, qt, "QuickTime")
    if len(chapters) <= CHPL:
        rows += mark_rows(planned, found["chapters"], "Nero")
    rows += tag_rows(expected_tags(mastering.about), found["tags"])
    rows.append(
        equal(
            "cover",
            cover_name(mastering.about.cover_data),
            cover_name(found["cover"]),
        )
    )
    rows += sound_rows(
        [(list(mastering.timeline.tracks), hear_aac(file, mastering.settings.threads))],
        rate,
        mastering.levels,
    )
    return Proof(name, tuple(rows))


def expected_tags(about: About) -> dict[str, str]:
    """The text tags that are read back, by mutagen's key."""
    return {key: plain_value(value) for key, value in mp4_tags(about).items() if key != "covr"}


def plain_value(value: object) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return bytes(first).decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


def read_chapters(file: Path) -> dict:
    """chpl's chapters, the tags, the cover, as mutagen reads them."""
    from mutagen import MutagenError
    from mutagen.mp4 import MP4

    try:
        opened = MP4(file)
    except MutagenError as error:
        raise EncodeError(f"The M4B's tags can't be read again: {error}.") from error
    tags: dict = dict(opened.tags or {})
    cover = tags.pop("covr", None)
    chapters = [(chapter.start, chapter.title) for chapter in opened.chapters or ()]
    return {
        "chapters": chapters,
        "tags": {key: plain_value(value) for key, value in tags.items()},
        "cover": cover and bytes(cover[0]),
    }


def adts(settings: Settings) -> Codec:
    return Codec("adts", "aac", settings.bitrate, options=tuple(OPTIONS.items()))


M4B = OutputFormat("m4b", make_m4b, overshoot=1.5, codec=adts, space=2.3, rates=RATES)
