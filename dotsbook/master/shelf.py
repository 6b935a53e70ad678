"""A folder that audiobookshelf reads as it is: Author/Series/Title {Narrator} with the M4B, its cover and metadata.json.

It knows file names and metadata, no audio. A metadata.json that is there already is left alone: audiobookshelf keeps a user's
corrections in it.
"""

import json
import os
import shutil
from pathlib import Path

from dotsbook.files import rename, sync, sync_folder, write_whole
from dotsbook.master.about import About, people
from dotsbook.master.chapter_marks import marks
from dotsbook.master.folder import staged
from dotsbook.master.mastering import Made, Mastering, OutputFormat
from dotsbook.master.naming import book_name, file_name
from dotsbook.master.proof import Proof, ProofRow
from dotsbook.master.timeline import Timeline

ROOT = "audiobookshelf"


def make_shelf(mastering: Mastering) -> list[Made]:
    """Put the finished M4B into out/audiobookshelf/…, by a hard link where the file system has them. Raises OutputError."""
    about, book = mastering.about, mastering.made["m4b"][0].path
    folder = mastering.out / ROOT / place(about)
    name = book_name(about)
    audio = folder / f"{name}.m4b"
    share(book, audio)
    files = [audio]
    if about.cover:
        picture = folder / ("cover.png" if about.cover.data.startswith(b"\x89PNG") else "cover.jpg")
        write_whole(picture, about.cover.data)
        files.append(picture)
    listing = folder / "metadata.json"
    kept = listing.exists()
    if not kept:
        write_whole(
            listing, json.dumps(metadata(mastering.timeline, about), ensure_ascii=False, indent=2).encode()
        )
    files.append(listing)
    same = audio.stat().st_size == book.stat().st_size
    rows = (
        ProofRow("audio", f"as {book.name}", "the same size" if same else "another size", same),
        ProofRow(
            "metadata.json",
            "ours, or a user's own left alone",
            "there already, left alone" if kept else "written",
            True,
        ),
    )
    proof = Proof(folder.name, rows)
    proof.check()
    return [Made(folder, proof, tuple(files), format=ABS.name)]


def place(about: About) -> Path:
    """Author/Series/Vol 2 - 1813 - Title {Narrator}: what audiobookshelf takes a folder's names for."""
    braces = str.maketrans("{}[]", "()()")
    title = book_name(about).translate(braces)
    parts = [
        f"Vol {about.part}" if about.series and about.part else "",
        about.year if about.series else "",
        title,
    ]
    name = " - ".join(part for part in parts if part)
    name = f"{name} {{{file_name(about.narrator).translate(braces)}}}" if about.narrator else name
    folders = [file_name(about.author, "Unknown author")] + (
        [file_name(about.series)] if about.series else []
    )
    return Path(*folders, short(name, title))


def short(name: str, title: str) -> str:
    """A folder's name that file systems take: without the narrator where it would be too long."""
    return name if len(name.encode()) <= 250 else title


def metadata(timeline: Timeline, about: About) -> dict:
    """What audiobookshelf reads, by its own keys; a chapter's title is never empty."""
    rate = timeline.rate
    return {
        "title": about.full_title,
        "subtitle": about.subtitle,
        "authors": people(about.author),
        "narrators": people(about.narrator),
        "series": [f"{about.series} #{about.part}" if about.part else about.series] if about.series else [],
        "genres": people(about.genre),
        "tags": ["AI-narrated"] if about.synthetic else [],
        "publishedYear": about.year or None,
        "publisher": about.publisher,
        "description": about.described or None,
        "isbn": about.isbn,
        "asin": about.asin,
        "language": about.language,
        "explicit": False,
        "abridged": False,
        "chapters": [
            {"id": number, "start": mark.start / rate, "end": mark.end / rate, "title": mark.title}
            for number, mark in enumerate(marks(timeline))
        ],
    }


def share(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system refuses links."""
    with staged(target) as stage:
        twin = stage / target.name
        try:
            os.link(source, twin)
        except OSError:
            shutil.copyfile(source, twin)
        with open(twin, "rb") as file:
            sync(file.fileno())
        rename(twin, target)
        sync_folder(target.parent)


ABS = OutputFormat("abs", make_shelf, needs=("m4b",), encoded=False)
