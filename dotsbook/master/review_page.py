"""A reviewer's bundle: one HTML file with the sound in it, that works from disk and gives back a JSON of notes.

It knows the timeline and the encoders. As in the page to listen by, everything the book says goes in as data and comes out
as text; its policy lets nothing be fetched at all. A note names the take it is about, so it finds its line whatever was
edited meanwhile: production/bundle_notes.py reads it.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from dotsbook.files import replacing
from dotsbook.master.cues import line
from dotsbook.master.encode import Codec, write_stream
from dotsbook.master.join import mastered
from dotsbook.master.mastering import Made, Mastering, OutputFormat
from dotsbook.master.naming import book_name
from dotsbook.master.page import inert
from dotsbook.master.proof import Proof, equal, store_proof
from dotsbook.master.timeline import Placement, Timeline, Track

KBITS, RATE = 40, 24_000  # of the sound: an hour is 18 MB, 24 in the file
BLOCK = 3 * 65_536  # bytes that are written as base64 at a time
SOUND = re.compile(rb'<script type="text/plain" id="sound-(\d+)">([A-Za-z0-9+/=]+)</script>')


def make_bundle(mastering: Mastering) -> list[Made]:
    """`Title review.html`."""
    about, timeline = mastering.about, mastering.timeline
    path = mastering.out / f"{book_name(about)} review.html"
    before, after = shell(timeline, about.full_title, about.language)
    with replacing(path) as temporary, TemporaryDirectory(dir=temporary.parent) as folder:
        with open(temporary, "wb") as file:
            file.write(before.encode())
            for done, track in enumerate(timeline.tracks):
                sound = Path(folder) / "chapter.mp3"
                codec = Codec(
                    "mp3", "libmp3lame", KBITS, RATE, muxing=(("id3v2_version", "0"), ("write_xing", "1"))
                )
                write_stream(sound, mastered(track, mastering.sound), mastering.sound.rate, codec)
                file.write(f'<script type="text/plain" id="sound-{track.number}">'.encode())
                file.writelines(encoded(sound))
                file.write(b"</script>\n")
                mastering.on_progress("encoding", (done + 1) / len(timeline.tracks))
            file.write(after.encode())
        proof = Proof(
            path.name, (equal("chapters with sound", len(timeline.tracks), count_sounds(temporary)),)
        )
        proof.check()
    store_proof(proof, path.with_name(f"{path.stem}.proof.json"), [path])
    return [Made(path, proof, encoded=len(timeline.tracks), levels=mastering.levels, format=REVIEW.name)]


def encoded(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while data := file.read(BLOCK):
            yield base64.b64encode(data)


def count_sounds(path: Path) -> int:
    """How many chapters of a bundle have their sound. A line of the file is a chapter's."""
    with open(path, "rb") as file:
        return sum(bool(SOUND.match(row)) for row in file)


def shell(timeline: Timeline, title: str, language: str) -> tuple[str, str]:
    """The page before and after its sounds."""
    chapters = [chapter(track, timeline.rate) for track in timeline.tracks]
    here = resources.files("dotsbook.master")
    rule = (resources.files("dotsbook") / "marking.js").read_text("utf-8").replace("export ", "")
    script = '"use strict";\n' + rule + (here / "review.js").read_text("utf-8")
    mark = hashlib.sha256(inert(chapters).encode()).hexdigest()[:16]
    page = Template((here / "review.html").read_text("utf-8")).substitute(
        language=html.escape(language),
        title=html.escape(line(title)),
        data=inert({"id": mark, "title": line(title), "chapters": chapters}),
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    before, _, after = page.partition("<!-- sounds -->")
    return before, after


def chapter(track: Track, rate: int) -> dict:
    return {
        "number": track.number,
        "title": line(track.title),
        "seconds": round(track.samples / rate, 3),
        "lines": [row(placed, rate) for placed in track.placements],
    }


def row(placed: Placement, rate: int) -> dict:
    """A line, with the pieces of its take: [second in the chapter, second in the take, seconds]."""
    chunk, take = placed.voiced.chunk, placed.voiced.take
    begin, end = placed.speech
    scale = placed.scale or 1.0
    return {
        "id": chunk.id,
        "take": take.key,
        "text": chunk.text,
        "paragraph": chunk.paragraph,
        "kind": chunk.kind.value,
        "language": chunk.language,
        "begins": round(begin / rate, 3),
        "ends": round(end / rate, 3),
        "parts": [
            [
                round((placed.start + at) / rate, 3),
                round((placed.first + first / scale) / take.rate, 3),
                round((last - first) / rate, 3),
            ]
            for first, last, at in placed.parts
        ],
    }


REVIEW = OutputFormat("review", make_bundle, kbits=round(KBITS * 4 / 3))
