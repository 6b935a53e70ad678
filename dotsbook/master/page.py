"""A page to listen by: one HTML file beside the audio, with the text following it. It knows the timeline, not the encoders.

Everything the book says goes into the page as data and comes out as text: no markup, link or script of a
book's can run in it, and its policy lets nothing be fetched but the audio beside it.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from string import Template
from urllib.parse import quote

import numpy as np

from dotsbook.book import Cover
from dotsbook.files import write_whole
from dotsbook.master.cues import chapter_cues, line
from dotsbook.master.mastering import Made, Mastering, OutputFormat
from dotsbook.master.proof import Proof, equal
from dotsbook.master.timeline import Timeline, Track

BARS = 400  # of a chapter's waveform
BLOCK = 0.1  # seconds a stored energy stands for


@dataclass(frozen=True, slots=True)
class ChapterAudio:
    """Where a chapter can be heard: a file beside the page, and where in it the chapter starts (seconds)."""

    href: str  # URL-quoted, relative to the page
    offset: float = 0.0


def page(
    timeline: Timeline,
    audio: Mapping[int, ChapterAudio],
    *,
    title: str,
    byline: str,
    language: str,
    cover: Cover | None = None,
    words: bool = False,
) -> str:
    """The page's HTML; `audio` by chapter number; words: mark each as it is heard, where ears have heard it."""
    data = {
        "id": hashlib.sha256(f"{title}\n{byline}".encode()).hexdigest()[:12],
        "words": words,
        "chapters": [chapter(track, timeline.rate, audio[track.number], words) for track in timeline.tracks],
    }
    here = resources.files("dotsbook.master")
    script = (here / "page.js").read_text("utf-8")
    return Template((here / "page.html").read_text("utf-8")).substitute(
        language=html.escape(language),
        title=html.escape(line(title)),
        byline=html.escape(line(byline)),
        cover=picture(cover),
        data=inert(data),
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def chapter(track: Track, rate: int, audio: ChapterAudio, words: bool = False) -> dict:
    sentences = []
    for cue, placed in zip(chapter_cues(track, rate), track.placements, strict=True):
        chunk = placed.voiced.chunk
        sentences.append(
            [
                round(cue.start, 3),
                round(cue.end, 3),
                cue.text,
                chunk.paragraph,
                chunk.kind,
                chunk.language,
                chunk.voice,
                *([[[word.first, word.last, round(word.start, 3)] for word in cue.words]] if words else ()),
            ]
        )
    return {
        "title": line(track.title),
        "audio": audio.href,
        "offset": audio.offset,
        "seconds": track.samples / rate,
        "sentences": sentences,
        "wave": waveform(track, rate),
    }


def waveform(track: Track, rate: int) -> list[float]:
    """The chapter's loudness in BARS steps, 0…1, from the energies that came with the takes."""
    bars = np.zeros(BARS)
    for placed in track.placements:
        energies = np.sqrt(np.frombuffer(placed.voiced.take.energies, "<f4"))
        skipped = placed.first / placed.voiced.take.rate
        times = placed.start / rate + np.arange(len(energies)) * BLOCK - skipped
        if placed.whole:
            step = round(placed.voiced.take.rate * BLOCK)
            times = np.array([placed.place_of(number * step) for number in range(len(energies))]) / rate
        places = np.clip((times * rate / track.samples * BARS).astype(int), 0, BARS - 1)
        np.maximum.at(bars, places, energies)
    return np.round(bars / max(bars.max(), 1e-9), 2).tolist()


def picture(cover: Cover | None) -> str:
    if cover is None:
        return ""
    return f'<img alt="" src="data:{html.escape(cover.media_type)};base64,{base64.b64encode(cover.data).decode()}">'


def inert(data: object) -> str:
    """JSON that can stand in a script element: nothing in it can end the element or open a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.translate({ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def make_page(mastering: Mastering) -> list[Made]:
    """index.html beside the M4B it plays."""
    about, timeline = mastering.about, mastering.timeline
    book = mastering.made["m4b"][0].path
    audio = {
        track.number: ChapterAudio(quote(book.name), track.start / timeline.rate) for track in timeline.tracks
    }
    said = (about.author, f"narrated by {about.narrator}" if about.narrator else "")
    text = page(
        timeline,
        audio,
        title=about.full_title,
        byline=", ".join(part for part in said if part),
        language=about.language,
        cover=about.cover,
        words=mastering.settings.words,
    )
    path = book.with_name("index.html")
    write_whole(path, text.encode())
    proof = Proof(path.name, (equal("characters", len(text), len(path.read_bytes().decode())),))
    proof.check()
    return [Made(path, proof, format=PAGE.name)]


PAGE = OutputFormat("page", make_page, needs=("m4b",), encoded=False)
