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
from dotsbook.master.about import About
from dotsbook.master.folder import staged
from dotsbook.master.hear import hear
from dotsbook.master.job import Job, Made, Progress, Settings
from dotsbook.master.join import mastered
from dotsbook.master.meter import Heard
from dotsbook.master.mp3 import each, mp3_codec, write_mp3
from dotsbook.master.naming import book_name
from dotsbook.master.overlay import Clip, clips, milliseconds, smil
from dotsbook.master.produce import prepare
from dotsbook.master.proof import Proof, store_proof
from dotsbook.master.readalong_contents import linked, listed, navigation, ncx
from dotsbook.master.readalong_document import Documents
from dotsbook.master.readalong_files import Writer, container
from dotsbook.master.readalong_original import Original, link
from dotsbook.master.readalong_package import NCX, Item, Package, identifier_of, read_package, write_package
from dotsbook.master.readalong_proof import rows_of
from dotsbook.master.timeline import Timeline

KBITS = 64  # of the audio inside
FOLDER = "dotsbook"  # beside the package document: what we add

Spans = dict[str, list[tuple[str, str, int]]]  # by chunk id: (document, span's id, characters)


@dataclass
class Draft:
    """A read-along being written."""

    job: Job
    original: Original
    package: Package
    folder: str  # where in the archive our own files go
    spans: Spans = field(default_factory=dict)
    clips: dict[str, list[Clip]] = field(default_factory=dict)  # by document, in the order heard

    def audio(self, index: int) -> str:
        return f"{self.folder}/audio/{index + 1:04d}.mp3"


def produce_epub(
    timeline: Timeline,
    about: About,
    settings: Settings,
    out: Path,
    cache: Path,
    original: Original,
    on_progress: Progress = lambda what, share: None,
) -> list[Made]:
    """Make `Title (read-along).epub` in `out`. Raises Unfinished, EncodeError, OutputError, ManifestError."""
    job = prepare(in_text(timeline, original), "epub", about, settings, out, cache, on_progress)
    path = out / f"{book_name(job.about)} (read-along).epub"
    draft = drafted(job, original)
    with staged(path) as stage, replacing(path) as temporary:
        heard = encoded(job, stage)
        with zipfile.ZipFile(temporary, "w") as archive:
            write(draft, Writer(archive), stage)
        on_progress("proving", 0.0)
        proof = Proof(path.name, tuple(rows_of(temporary, job, draft.package.name, draft.spans, heard)))
        proof.check()
    store_proof(proof, path.with_name(f"{path.stem}.proof.json"), [path])
    return [Made(path, proof, (), len(heard), job.levels)]


def in_text(timeline: Timeline, original: Original) -> Timeline:
    """The chapters that stand in the book; spoken credits don't."""
    spine, tracks, start = set(original.spine), [], 0
    for track in timeline.tracks:
        if any(original.document_of(placed.piece.chunk) in spine for placed in track.placements):
            tracks.append(replace(track, start=start))
            start += track.samples
    return replace(timeline, tracks=tuple(tracks))


def drafted(job: Job, original: Original) -> Draft:
    package = read_package(original)
    if not package.spine:
        raise EncodeError(
            "The source has no document that a read-along could be made of; choose another format."
        )
    base = package.name.rpartition("/")[0]
    folder = f"{base}/{FOLDER}" if base else FOLDER
    while any(name.startswith(f"{folder}/") for name in original.names):
        folder += "_"
    return Draft(job, original, package, folder)


def encoded(job: Job, stage: Path) -> list[Heard]:
    """An MP3 a chapter in `stage`, as decoded again."""

    def encode(index: int) -> Heard:
        path = stage / f"{index + 1:04d}.mp3"
        write_mp3(path, mastered(job.timeline.tracks[index], job.sound), job.sound.rate, mp3_codec(KBITS))
        return hear(path)

    return each(job, encode)


def write(draft: Draft, archive: Writer, stage: Path) -> None:
    """All files of the EPUB, in the order readers like them."""
    package, tracks = draft.package, draft.job.timeline.tracks
    archive.stored("mimetype", b"application/epub+zip")
    archive.deflated("META-INF/container.xml", container(package.name))
    documents = Documents(draft.original, package, draft.job.about, f"{draft.folder}/readalong.css")
    draft.spans = documents.write(
        archive, [placed.piece.chunk for track in tracks for placed in track.placements]
    )
    if not draft.spans:
        raise EncodeError(
            "None of the sentences were found again in the source's documents, so no text can follow the audio; "
            "make an M4B, and please report the book."
        )
    archive.deflated(f"{draft.folder}/readalong.css", STYLE)
    add(draft, "readalong.css", "text/css")
    sounds(draft, archive, stage)
    durations = overlays(draft, archive)
    contents(draft, archive, documents)
    archive.encryption(draft.original, package.items)
    archive.deflated(
        package.name,
        write_package(
            package,
            draft.job.about,
            durations,
            next(item.id for item in package.items.values() if item.media_type == NCX),
        ),
    )


def add(draft: Draft, name: str, media_type: str, properties: set[str] | None = None) -> Item:
    """An item of ours in the manifest."""
    taken, identifier = (
        {item.id for item in draft.package.items.values()},
        "dotsbook-" + name.replace("/", "-").rpartition(".")[0],
    )
    while identifier in taken:
        identifier += "_"
    item = Item(identifier, f"{draft.folder}/{name}", media_type, properties or set())
    draft.package.items[item.name] = item
    return item


def sounds(draft: Draft, archive: Writer, stage: Path) -> None:
    """The audio, stored as it is, and each chapter's clips."""
    timeline = draft.job.timeline
    for index, track in enumerate(timeline.tracks):
        archive.file(draft.audio(index), stage / f"{index + 1:04d}.mp3")
        add(draft, f"audio/{index + 1:04d}.mp3", "audio/mpeg")
        for clip in clips(track, timeline.rate, draft.audio(index), draft.spans):
            draft.clips.setdefault(clip.document, []).append(clip)


def overlays(draft: Draft, archive: Writer) -> Mapping[str, int]:
    """An overlay for each document that is heard; ms by item id."""
    durations = {}
    for number, (document, heard) in enumerate(draft.clips.items(), 1):
        item = add(draft, f"overlay/{number:04d}.smil", "application/smil+xml")
        archive.deflated(item.name, smil(item.name, document, heard).encode())
        draft.package.items[document].overlay = item.id
        durations[item.id] = milliseconds(heard)
    return durations


def contents(draft: Draft, archive: Writer, documents: Documents) -> None:
    """The NCX, and a navigation document where the book hasn't a good one."""
    package, about = draft.package, draft.job.about
    spine = {name for name, *_ in package.spine}

    def rows(base: str) -> list[tuple[int, str, str]]:
        return listed(
            draft.original.contents,
            base,
            linked(base, documents.ids, spine),
            (about.title, link(base, package.spine[0][0])),
        )

    if not any("nav" in item.properties for item in package.items.values()):
        item = add(draft, "nav.xhtml", "application/xhtml+xml", {"nav"})
        archive.deflated(item.name, navigation(rows(item.name), about.title, about.language))
    item = add(draft, "toc.ncx", NCX)
    archive.deflated(item.name, ncx(rows(item.name), about.title, identifier_of(package, about)[0]))


STYLE = b""".-epub-media-overlay-active { background-color: #ffe28a; color: #000; }
@media (prefers-color-scheme: dark) { .-epub-media-overlay-active { background-color: #5c4a12; color: #fff; } }
"""
