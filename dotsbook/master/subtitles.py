"""Every sentence's time in a file beside the book: WebVTT, SRT, LRC and JSON. It knows the timeline, no audio."""

import json
from collections.abc import Callable
from functools import partial

from dotsbook.files import write_whole
from dotsbook.master.cues import book_cues, lrc, srt, timings, vtt
from dotsbook.master.mastering import Made, Mastering, OutputFormat
from dotsbook.master.naming import book_name
from dotsbook.master.proof import Proof, equal
from dotsbook.master.timeline import Timeline


def make_subtitles(ending: str, write: Callable[[Timeline, bool], str], mastering: Mastering) -> list[Made]:
    """Write one file, read it again, and count its sentences."""
    path = mastering.out / f"{book_name(mastering.about)}.{ending}"
    text = write(mastering.timeline, mastering.settings.words)
    write_whole(path, text.encode())
    found = path.read_bytes().decode()
    sentences = sum(len(track.placements) for track in mastering.timeline.tracks)
    rows = (equal("characters", len(text), len(found)), equal("sentences", sentences, counted(ending, found)))
    proof = Proof(path.name, rows)
    proof.check()
    return [Made(path, proof, format=ending)]


def counted(ending: str, text: str) -> int:
    """The sentences in a file of ours."""
    if ending == "json":
        return sum(len(chapter["sentences"]) for chapter in json.loads(text)["chapters"])
    if ending == "lrc":
        return sum(line.startswith("[") for line in text.split("\n"))
    return text.count(" --> ")


def as_json(timeline: Timeline, words: bool) -> str:
    return json.dumps(timings(timeline), ensure_ascii=False, indent=1)


def subtitle_format(ending: str, write: Callable[[Timeline, bool], str]) -> OutputFormat:
    return OutputFormat(ending, partial(make_subtitles, ending, write), encoded=False)


SUBTITLES = (
    subtitle_format("vtt", lambda timeline, words: vtt(book_cues(timeline), words)),
    subtitle_format("srt", lambda timeline, words: srt(book_cues(timeline))),
    subtitle_format("lrc", lambda timeline, words: lrc(book_cues(timeline))),
    subtitle_format("json", as_json),
)
