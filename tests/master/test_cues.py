"""Cues say where each sentence was placed, in formats that others read."""

import re
from pathlib import Path

from dotsbook.book import Chunk, Pause, Take
from dotsbook.master.cues import book_cues, chapter_cues, lrc, srt, timings, vtt
from dotsbook.master.timeline import Placement, Timeline, Track, VoicedChunk

RATE = 1000


def placement(text: str, start: int, samples: int, chapter: int, number: int) -> Placement:
    chunk = Chunk(
        f"{chapter}.{number}", chapter, "a.md", 0, len(text), text, text, "narrator", "en", Pause.SENTENCE
    )
    take = Take("r1:x", "x.flac", "", samples, RATE, 0, samples, 0.5, 1, True, {}, b"")
    return Placement(VoicedChunk(chunk, take, Path("x.flac")), start, samples, 0, samples)


TIMELINE = Timeline(
    RATE,
    (
        Track(
            1,
            "One",
            0,
            5000,
            (
                placement("He said -->\nno & <b>", 750, 1000, 1, 1),
                placement("Co\u00adop\u202e.", 2000, 500, 1, 2),
            ),
        ),
        Track(2, "Two", 5000, 3_600_000, (placement("Later.", 3_599_000, 999, 2, 1),)),
    ),
)


def test_book_times_count_the_chapters_before():
    assert [(cue.start, cue.end, cue.chunk) for cue in book_cues(TIMELINE)] == [
        (0.75, 1.75, "1.1"),
        (2.0, 2.5, "1.2"),
        (3604.0, 3604.999, "2.1"),
    ]
    assert chapter_cues(TIMELINE.tracks[1], RATE)[0].start == 3599.0


def test_vtt_text_cannot_become_markup():
    text = vtt(book_cues(TIMELINE))
    assert text.startswith(
        "WEBVTT\n\n1.1\n00:00:00.750 --> 00:00:01.750\nHe said --&gt; no &amp; &lt;b&gt;\n"
    )
    assert "01:00:04.000 --> 01:00:04.999" in text
    assert len(re.findall("-->", text)) == 3


def test_srt_is_numbered_and_has_one_arrow_a_cue():
    text = srt(book_cues(TIMELINE))
    assert [block.split("\n")[0] for block in text.strip().split("\n\n")] == ["1", "2", "3"]
    assert len(re.findall("-->", text)) == 3


def test_lrc_and_unseen_characters():
    assert lrc(book_cues(TIMELINE)).splitlines()[1:] == ["[00:02.00]Coop.", "[60:04.00]Later."]


def test_timings_agree_with_the_cues():
    record = timings(TIMELINE)
    assert record["seconds"] == 3605.0
    assert [s["start"] for c in record["chapters"] for s in c["sentences"]] == [
        cue.start for cue in book_cues(TIMELINE)
    ]
