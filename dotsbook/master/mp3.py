"""Chapters to MP3: a file each, or one file with chapters. It knows ID3 and nothing of takes.

Tags are ID3v2.3 in UTF-16: what car stereos and old players read. One file is at a constant bit rate, because the
index of a variable one has a hundred entries for any length.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples
from dotsbook.errors import EncodeError
from dotsbook.files import replacing
from dotsbook.master.about import About
from dotsbook.master.ceiling import kept_under
from dotsbook.master.chapter_marks import ChapterMark, marks
from dotsbook.master.encode import Codec, write_stream
from dotsbook.master.folder import put_in_place, staged
from dotsbook.master.hear import decoded, hear, lost_in
from dotsbook.master.join import Sound, mastered
from dotsbook.master.limiter import Zones
from dotsbook.master.mastering import RATES, Made, Mastering, OutputFormat
from dotsbook.master.meter import Measured
from dotsbook.master.naming import book_name, numbered
from dotsbook.master.proof import (
    Proof,
    ProofRow,
    cover_name,
    equal,
    mark_rows,
    sound_rows,
    store_proof,
    summed,
    tag_rows,
)
from dotsbook.master.room_tone import LEVEL, pink
from dotsbook.master.tags import id3_frames, save_id3
from dotsbook.master.timeline import Track
from dotsbook.measure import rms

KBITS = 96  # of a set and of a book in one file
NEST = 200  # chapters in one table of contents: ID3 counts them in a byte


def mp3_codec(bitrate: int, rate: int = 0) -> Codec:
    return Codec("mp3", "libmp3lame", bitrate, rate, muxing=(("id3v2_version", "0"), ("write_xing", "1")))


def write_mp3(path: Path, blocks: Iterable[Samples], rate: int, codec: Codec) -> None:
    """Encode at the level the samples have."""
    gain = np.float32(10 ** (lost_level(codec, rate) / 20))
    write_stream(path, (block * gain for block in blocks), rate, codec)


@lru_cache(maxsize=16)
def lost_level(codec: Codec, rate: int) -> float:
    """dB by which LAME lowers the level (by bit rate, to spare players that clip), tried on two seconds of noise."""
    samples = pink(rate)[: 2 * rate] * 10 ** ((-24 - LEVEL) / 20)
    return lost_in(codec, [samples], rate, lambda blocks: rms(np.concatenate([block for block, _ in blocks])))


def make_set(mastering: Mastering) -> list[Made]:
    """A file a chapter, in a folder of their own."""
    folder = mastering.out / f"{book_name(mastering.about)} (MP3)"
    tracks = mastering.timeline.tracks
    titles = [mark.title for mark in marks(mastering.timeline)]
    with staged(folder) as stage:
        files = [
            stage / f"{numbered(track.number, tracks[-1].number, title)}.mp3"
            for track, title in zip(tracks, titles, strict=True)
        ]

        def encode(index: int) -> Measured:
            heard = write_chapter(files[index], tracks[index], mastering.sound, mp3_codec(KBITS))
            save_id3(files[index], id3_frames(mastering.about, titles[index], (index + 1, len(tracks))))
            return heard

        heard = each(mastering, encode)
        rows = sound_rows(
            [([track], part) for track, part in zip(tracks, heard, strict=True)],
            mastering.timeline.rate,
            mastering.levels,
        )
        rows.append(tags_row(files, mastering.about, titles))
        proof = Proof(folder.name, tuple(rows))
        proof.check()
        made = put_in_place(stage, folder, proof)
    return [Made(folder, proof, tuple(made), len(made), mastering.levels, MP3.name)]


def write_chapter(path: Path, track: Track, sound: Sound, codec: Codec) -> Measured:
    """Encode a chapter to a file that keeps under its ceiling as decoded; what that measures."""

    def encode(zones: Zones) -> Measured:
        write_mp3(path, mastered(track, sound, softer=zones), sound.rate, codec)
        return hear(path)

    return kept_under(sound.delivered, sound.rate, encode, lambda: decoded(path))


def each(mastering: Mastering, work: Callable[[int], Measured]) -> list[Measured]:
    """`work` for every track on threads, in any order; the first error stops the rest."""
    count, done = len(mastering.timeline.tracks), 0
    pool = ThreadPoolExecutor(mastering.settings.threads, "encode")
    try:
        jobs = [pool.submit(work, index) for index in range(count)]
        for finished in as_completed(jobs):
            finished.result()
            done += 1
            mastering.on_progress("encoding", done / count)
        return [one.result() for one in jobs]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def tags_row(files: list[Path], about: About, titles: list[str]) -> ProofRow:
    """The tags and covers of a set, in one row."""
    rows = [
        row
        for index, (file, title) in enumerate(zip(files, titles, strict=True))
        for row in file_rows(file, about, title, (index + 1, len(files)))
    ]
    return summed(f"tags and covers of {len(files)} files", rows)


def file_rows(file: Path, about: About, title: str, number: tuple[int, int] | None = None) -> list[ProofRow]:
    """The tags and the cover of one file."""
    tags = read_id3(file)
    wanted = {
        "TIT2": title,
        "TALB": about.full_title,
        "TPE1": about.author,
        "TCOM": about.narrator,
        "TRCK": f"{number[0]}/{number[1]}" if number else "",
    }
    rows = tag_rows(
        {key: value for key, value in wanted.items() if value},
        {key: str(tags[key]) for key in wanted if key in tags},
    )
    pictures = tags.getall("APIC")
    rows.append(
        equal(
            "cover",
            cover_name(about.cover_data),
            cover_name(pictures[0].data if pictures else None),
        )
    )
    return rows


def read_id3(file: Path):
    from mutagen import MutagenError, id3

    try:
        return id3.ID3(file, translate=False)
    except MutagenError as error:
        raise EncodeError(f"The tags of {file.name} can't be read again: {error}.") from error


def make_book(mastering: Mastering) -> list[Made]:
    """The whole book in one file with CHAP and CTOC."""
    name = book_name(mastering.about)
    path = mastering.out / f"{name} (MP3 book)" / f"{name}.mp3"
    chapters, rate = marks(mastering.timeline), mastering.timeline.rate
    with replacing(path) as temporary:

        def encode(zones: Zones) -> Measured:
            write_mp3(temporary, whole_book(mastering, zones), rate, mp3_codec(KBITS))
            mastering.on_progress("proving", 0.0)
            return hear(temporary)

        heard = kept_under(mastering.sound.delivered, rate, encode, lambda: decoded(temporary))
        save_id3(
            temporary,
            chapter_frames(chapters, rate, mastering.about.full_title)
            + id3_frames(mastering.about, mastering.about.full_title),
        )
        proof = Proof(path.name, tuple(book_rows(temporary, mastering, chapters, heard)))
        proof.check()
    store_proof(proof, path.with_name(f"{path.stem}.proof.json"), [path])
    return [Made(path, proof, (), 1, mastering.levels, MP3_BOOK.name)]


def whole_book(mastering: Mastering, softer: Zones) -> Iterator[Samples]:
    """The book's samples, chapter after chapter; softer: zones of the book made softer."""
    for track in mastering.timeline.tracks:
        own = tuple(
            (start - track.start, stop - track.start, lower)
            for start, stop, lower in softer
            if start < track.end and stop > track.start
        )
        yield from mastered(track, mastering.sound, softer=own)
        mastering.on_progress("encoding", track.end / mastering.timeline.samples)


def chapter_frames(chapters: list[ChapterMark], rate: int, title: str) -> list:
    """CHAP for each, one CTOC over all or CTOCs of NEST each under one. Every CTOC has a title: some players ask it."""
    from mutagen import id3

    def text(words: str) -> list:
        return [id3.TIT2(encoding=1, text=[words])]

    def contents(name: str, children: list[str], words: str, top: bool) -> id3.CTOC:
        return id3.CTOC(
            element_id=name,
            flags=id3.CTOCFlags.ORDERED | (id3.CTOCFlags.TOP_LEVEL if top else 0),
            child_element_ids=children,
            sub_frames=text(words),
        )

    names = [f"chp{index}" for index in range(len(chapters))]
    groups = [names[first : first + NEST] for first in range(0, len(names), NEST)]
    frames: list = []
    if len(groups) == 1:
        frames.append(contents("toc", names, title, True))
    else:
        frames.append(contents("toc", [f"toc{index}" for index in range(len(groups))], title, True))
        frames += [
            contents(f"toc{index}", group, f"{title} {index + 1}", False)
            for index, group in enumerate(groups)
        ]
    for name, mark in zip(names, chapters, strict=True):
        frames.append(
            id3.CHAP(
                element_id=name,
                start_time=round(mark.start * 1000 / rate),
                end_time=round(mark.end * 1000 / rate),
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=text(mark.title),
            )
        )
    return frames


def book_rows(
    file: Path, mastering: Mastering, chapters: list[ChapterMark], heard: Measured
) -> list[ProofRow]:
    rate, tags = mastering.timeline.rate, read_id3(file)
    found = [
        (frame.start_time / 1000, str(frame.sub_frames["TIT2"]))
        for frame in tags.values()
        if frame.FrameID == "CHAP"
    ]
    rows = mark_rows([(mark.start / rate, mark.title) for mark in chapters], found, "ID3")
    rows += file_rows(file, mastering.about, mastering.about.full_title)
    return rows + sound_rows([(list(mastering.timeline.tracks), heard)], rate, mastering.levels)


MP3 = OutputFormat("mp3", make_set, kbits=KBITS, overshoot=1.0, rates=RATES)
MP3_BOOK = OutputFormat("mp3-book", make_book, kbits=KBITS, overshoot=1.0, rates=RATES)
