"""A read-along: an EPUB 3 with media overlays and its audio inside, made of the book's own EPUB or of its text alone.

It knows how to lead the steps: sentences are found in the documents, spans put around them, chapters encoded, overlays
and package written, and the file is opened again and proved before it has its name. Nothing of the source that
runs, sends or fetches gets into it.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dotsbook.errors import EncodeError
from dotsbook.files import replacing
from dotsbook.master.folder import staged
from dotsbook.master.mastering import RATES, Made, Mastering, OutputFormat
from dotsbook.master.meter import Measured
from dotsbook.master.mp3 import each, mp3_codec, write_chapter
from dotsbook.master.naming import book_name
from dotsbook.master.proof import Proof, store_proof
from dotsbook.master.readalong.container import EpubWriter, container
from dotsbook.master.readalong.contents import linked, listed, navigation, ncx
from dotsbook.master.readalong.document import Documents
from dotsbook.master.readalong.manuscript import Original, link
from dotsbook.master.readalong.opf import NCX, OpfItem, OpfPackage, identifier_of, read_package, write_package
from dotsbook.master.readalong.overlay import OverlayClip, clips, milliseconds, smil
from dotsbook.master.readalong.reopened import rows_of
from dotsbook.master.timeline import Timeline
from dotsbook.master.word_marks import written_words

KBITS = 64  # of the audio inside
FOLDER = "dotsbook"  # beside the package document: what we add

Spans = dict[str, list[tuple[str, str, int]]]  # by chunk id or a word's: (document, span's id, characters)


@dataclass
class ReadAlong:
    """A read-along being written."""

    mastering: Mastering
    original: Original
    package: OpfPackage
    folder: str  # where in the archive our own files go
    spans: Spans = field(default_factory=dict)
    clips: dict[str, list[OverlayClip]] = field(default_factory=dict)  # by document, in the order heard

    def audio(self, index: int) -> str:
        return f"{self.folder}/audio/{index + 1:04d}.mp3"


def make_epub(mastering: Mastering) -> list[Made]:
    """Make `Title (read-along).epub` of the manuscript that `mastering.original` opens."""
    if mastering.original is None:
        raise EncodeError("A read-along needs the manuscript; choose another format.")
    with mastering.original() as original:
        return [made_of(original, mastering)]


def made_of(original: Original, mastering: Mastering) -> Made:
    mastering = replace(mastering, timeline=in_text(mastering.timeline, original))
    path = mastering.out / f"{book_name(mastering.about)} (read-along).epub"
    read_along = drafted(mastering, original)
    with staged(path) as stage, replacing(path) as temporary:
        heard = encoded(mastering, stage)
        with zipfile.ZipFile(temporary, "w") as archive:
            write(read_along, EpubWriter(archive), stage)
        mastering.on_progress("proving", 0.0)
        proof = Proof(
            path.name, tuple(rows_of(temporary, mastering, read_along.package.name, read_along.spans, heard))
        )
        proof.check()
    store_proof(proof, path.with_name(f"{path.stem}.proof.json"), [path])
    return Made(path, proof, (), len(heard), mastering.levels, EPUB.name)


def in_text(timeline: Timeline, original: Original) -> Timeline:
    """The chapters that stand in the book; spoken credits don't."""
    spine, tracks, start = set(original.spine), [], 0
    for track in timeline.tracks:
        if any(original.document_of(placed.voiced.chunk) in spine for placed in track.placements):
            tracks.append(replace(track, start=start))
            start += track.samples
    return replace(timeline, tracks=tuple(tracks))


def drafted(mastering: Mastering, original: Original) -> ReadAlong:
    package = read_package(original)
    if not package.spine:
        raise EncodeError(
            "The source has no document that a read-along could be made of; choose another format."
        )
    base = package.name.rpartition("/")[0]
    folder = f"{base}/{FOLDER}" if base else FOLDER
    while any(name.startswith(f"{folder}/") for name in original.names):
        folder += "_"
    return ReadAlong(mastering, original, package, folder)


def encoded(mastering: Mastering, stage: Path) -> list[Measured]:
    """An MP3 a chapter in `stage`, as decoded again."""

    def encode(index: int) -> Measured:
        path, track = stage / f"{index + 1:04d}.mp3", mastering.timeline.tracks[index]
        return write_chapter(path, track, mastering.sound, mp3_codec(KBITS))

    return each(mastering, encode)


def write(read_along: ReadAlong, archive: EpubWriter, stage: Path) -> None:
    """All files of the EPUB, in the order readers like them."""
    package, tracks = read_along.package, read_along.mastering.timeline.tracks
    archive.stored("mimetype", b"application/epub+zip")
    archive.deflated("META-INF/container.xml", container(package.name))
    documents = Documents(
        read_along.original, package, read_along.mastering.about, f"{read_along.folder}/readalong.css"
    )
    placements = [placed for track in tracks for placed in track.placements]
    words = {
        placed.voiced.chunk.id: [(one.word.start, one.word.end) for one in written_words(placed)]
        for placed in placements
        if read_along.mastering.settings.words
    }
    read_along.spans = documents.write(archive, [placed.voiced.chunk for placed in placements], words)
    if not read_along.spans:
        raise EncodeError(
            "None of the sentences were found again in the source's documents, so no text can follow the audio; "
            "make an M4B, and please report the book."
        )
    archive.deflated(f"{read_along.folder}/readalong.css", STYLE)
    add(read_along, "readalong.css", "text/css")
    sounds(read_along, archive, stage)
    durations = overlays(read_along, archive)
    contents(read_along, archive, documents)
    archive.encryption(read_along.original, package.items)
    archive.deflated(
        package.name,
        write_package(
            package,
            read_along.mastering.about,
            durations,
            next(item.id for item in package.items.values() if item.media_type == NCX),
        ),
    )


def add(read_along: ReadAlong, name: str, media_type: str, properties: set[str] | None = None) -> OpfItem:
    """An item of ours in the manifest."""
    taken, identifier = (
        {item.id for item in read_along.package.items.values()},
        "dotsbook-" + name.replace("/", "-").rpartition(".")[0],
    )
    while identifier in taken:
        identifier += "_"
    item = OpfItem(identifier, f"{read_along.folder}/{name}", media_type, properties or set())
    read_along.package.items[item.name] = item
    return item


def sounds(read_along: ReadAlong, archive: EpubWriter, stage: Path) -> None:
    """The audio, stored as it is, and each chapter's clips."""
    timeline = read_along.mastering.timeline
    for index, track in enumerate(timeline.tracks):
        archive.file(read_along.audio(index), stage / f"{index + 1:04d}.mp3")
        add(read_along, f"audio/{index + 1:04d}.mp3", "audio/mpeg")
        for clip in clips(track, timeline.rate, read_along.audio(index), read_along.spans):
            read_along.clips.setdefault(clip.document, []).append(clip)


def overlays(read_along: ReadAlong, archive: EpubWriter) -> Mapping[str, int]:
    """An overlay for each document that is heard; ms by item id."""
    durations = {}
    for number, (document, heard) in enumerate(read_along.clips.items(), 1):
        item = add(read_along, f"overlay/{number:04d}.smil", "application/smil+xml")
        archive.deflated(item.name, smil(item.name, document, heard).encode())
        read_along.package.items[document].overlay = item.id
        durations[item.id] = milliseconds(heard)
    return durations


def contents(read_along: ReadAlong, archive: EpubWriter, documents: Documents) -> None:
    """The NCX, and a navigation document where the book hasn't a good one."""
    package, about = read_along.package, read_along.mastering.about
    spine = {name for name, *_ in package.spine}

    def rows(base: str) -> list[tuple[int, str, str]]:
        return listed(
            read_along.original.contents,
            base,
            linked(base, documents.ids, spine),
            (about.title, link(base, package.spine[0][0])),
        )

    if not any("nav" in item.properties for item in package.items.values()):
        item = add(read_along, "nav.xhtml", "application/xhtml+xml", {"nav"})
        archive.deflated(item.name, navigation(rows(item.name), about.title, about.language))
    item = add(read_along, "toc.ncx", NCX)
    archive.deflated(item.name, ncx(rows(item.name), about.title, identifier_of(package, about)[0]))


STYLE = b""".-epub-media-overlay-active { background-color: #ffe28a; color: #000; }
@media (prefers-color-scheme: dark) { .-epub-media-overlay-active { background-color: #5c4a12; color: #fff; } }
"""


EPUB = OutputFormat("epub", make_epub, kbits=KBITS, overshoot=1.0, rates=RATES)
