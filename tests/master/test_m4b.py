"""Finished M4Bs, opened again by others: chapters, tags, sound, what is encoded again and what isn't."""

import json
import shutil
import struct
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from made import RATE, again, book, piece, produced
from mutagen.mp4 import MP4

from dotsbook.audio import read_any
from dotsbook.book import Pause
from dotsbook.manifest import Pacing
from dotsbook.master import segments
from dotsbook.master.about import About
from dotsbook.master.layout import FRAME, lay_out
from dotsbook.master.mastering import Settings
from dotsbook.measure import speech_edges

TITLES = [
    "Kapitel Ä",
    "Глава первая",
    "第一章　始まり",
    "الفصل الأول",
    "अध्याय एक",
    "บทที่หนึ่ง",
    "פרק א׳",
    "Κεφάλαιο",
    "🎧 Emoji 👩‍🚀",
    "L’été / l'hiver",
]
ABOUT = About(
    "The Salt Road",
    "A. Writer",
    "Vera Voice",
    "de",
    subtitle="A Story",
    series="Salt",
    part="2",
    publisher="P & Sons",
    date="2026-03-02",
    isbn="9780000000002",
    description="<p>One &amp; two.</p><p>Three.</p>",
    copyright="© 2026",
)
BRIEF = Pacing(head=0.1, tail=0.1)


def m4b(timeline, folder, about=ABOUT, **settings):
    return produced(timeline, "m4b", about, Settings(workers=2, **settings), folder)[0]


@pytest.fixture(scope="module")
def made(small_book, tmp_path_factory):
    return m4b(small_book, tmp_path_factory.mktemp("m4b"))


def quicktime_chapters(path):
    import av

    with av.open(str(path)) as container:
        return [(float(c["start"] * c["time_base"]), c["metadata"]["title"]) for c in container.chapters()]


def test_chapter_marks_are_exact_in_both_tables(made, small_book):
    wanted = [track.start / RATE for track in small_book.tracks]
    nero = [chapter.start for chapter in MP4(made.path).chapters]
    assert nero == pytest.approx(wanted, abs=0.0001)
    assert [time for time, _ in quicktime_chapters(made.path)] == pytest.approx(wanted, abs=0.001)
    assert [title for _, title in quicktime_chapters(made.path)] == [
        track.title for track in small_book.tracks
    ]


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="no ffprobe on this machine")
def test_ffprobe_reads_them_too(made, small_book):
    command = ["ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "json", str(made.path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert [float(chapter["start_time"]) for chapter in found["chapters"]] == pytest.approx(
        [track.start / RATE for track in small_book.tracks], abs=0.001
    )
    assert float(found["format"]["duration"]) == pytest.approx(small_book.samples / RATE, abs=0.002)
    assert found["format"]["tags"]["composer"] == "Vera Voice"


def test_after_decoding_speech_is_where_the_plan_says(made, small_book):
    samples, rate = read_any(made.path, 3600)
    assert (len(samples), rate) == (small_book.samples, RATE)
    for track in small_book.tracks:
        for placement in track.placements:
            begin, end = (track.start + place for place in placement.speech)
            first, last = speech_edges(samples[begin - 4800 : end + 4800], RATE)
            assert first == pytest.approx(4800, abs=0.011 * RATE)
            assert last == pytest.approx(4800 + end - begin, abs=0.025 * RATE)


def test_tags_are_what_players_read(made):
    tags = MP4(made.path).tags
    wanted = {
        "\xa9nam": "The Salt Road",
        "\xa9alb": "The Salt Road",
        "\xa9ART": "A. Writer",
        "aART": "A. Writer",
        "\xa9wrt": "Vera Voice",
        "\xa9day": "2026-03-02",
        "\xa9gen": "Audiobook",
        "desc": "One & two.\nThree.",
        "ldes": "One & two.\nThree.",
        "cprt": "© 2026",
        "\xa9pub": "P & Sons",
        "\xa9grp": "Salt #2",
    }
    assert {key: tags[key][0] for key in wanted} == wanted
    assert tags["stik"] == [2]
    free = {
        "SERIES": "Salt",
        "PART": "2",
        "LANGUAGE": "de",
        "NARRATOR": "Vera Voice",
        "SUBTITLE": "A Story",
        "ISBN": "9780000000002",
        "PUBLISHER": "P & Sons",
        "NARRATION": "AI",
    }
    assert {key: bytes(tags[f"----:com.apple.iTunes:{key}"][0]).decode() for key in free} == free
    assert "AI" in tags["\xa9cmt"][0]


def test_the_file_says_it_is_an_audiobook(made):
    assert made.path.read_bytes()[8:12] == b"M4B "
    assert made.path.name == "The Salt Road.m4b"
    assert not list(made.path.parent.glob(".writing-*"))


def test_the_proof_is_kept_beside_it(made):
    proof = json.loads((made.path.parent / "The Salt Road.proof.json").read_text())
    assert proof["ok"]
    rows = {row["what"]: row for row in proof["rows"]}
    assert rows["takes heard in their places"]["found"] == "9"
    assert rows["loudness"]["ok"]
    assert {"duration", "cover", "clipped samples", "noise floor", "true peak as decoded"} <= rows.keys()


def test_the_level_is_met(made):
    found = {row.what: row.found for row in made.proof.rows}["loudness"]
    assert float(found.split()[0]) == pytest.approx(-19, abs=0.5)


def test_incomplete_books_say_so(small_book, tmp_path):
    done = m4b(small_book, tmp_path, replace(ABOUT, partial=True, synthetic=False))
    assert done.path.name == "The Salt Road (incomplete).m4b"
    assert MP4(done.path).tags["\xa9nam"] == ["The Salt Road (incomplete)"]
    assert "\xa9cmt" not in MP4(done.path).tags


def test_only_a_changed_chapter_is_encoded_again(tmp_path, monkeypatch):
    chapters = book(tmp_path, 4, 2, 0.5)
    assert m4b(lay_out(chapters, BRIEF, RATE), tmp_path).encoded == 4
    first = (tmp_path / "out" / "The Salt Road.m4b").read_bytes()
    assert m4b(lay_out(chapters, BRIEF, RATE), tmp_path).encoded == 0
    number, title, pieces = chapters[1]
    chapters[1] = (number, title, [pieces[0], again(pieces[0], 2, 9), pieces[1]])
    chapters[2] = (3, "A new title costs nothing", chapters[2][2])
    assert m4b(lay_out(chapters, BRIEF, RATE), tmp_path).encoded == 1
    assert (tmp_path / "out" / "The Salt Road.m4b").read_bytes() != first


def test_a_damaged_cache_is_made_again(small_book, tmp_path):
    m4b(small_book, tmp_path)
    for path in (tmp_path / "cache" / "segments").glob("*/*.packets"):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert m4b(small_book, tmp_path).encoded == 3


def test_chapters_encoded_apart_sound_as_one(tmp_path, monkeypatch):
    """What the codec adds at the cuts is no more than elsewhere, in chapters cut in stretches."""
    from dotsbook.master.join import Sound, mastered
    from dotsbook.master.room_tone import make_bed

    monkeypatch.setattr(segments, "LENGTH", 1.5)
    timeline = lay_out(book(tmp_path, 2, 4, 0.7), Pacing(), RATE)
    done = m4b(timeline, tmp_path)
    assert done.encoded > 4
    decoded, _ = read_any(done.path, 3600)
    sound = Sound(RATE, done.levels.gains, make_bed(True, RATE), -4.2)
    plain = np.concatenate([block for track in timeline.tracks for block in mastered(track, sound)])
    error = (decoded - plain)[: len(plain) // FRAME * FRAME].reshape(-1, FRAME)
    quiet = np.abs(plain).reshape(-1, FRAME).max(axis=1) < 0.004
    levels = 10 * np.log10(np.square(error).mean(axis=1) + 1e-12)
    at = [track.start + start for track in timeline.tracks for start, _ in segments.cuts(track, RATE)][1:]
    for place in at:
        assert levels[place // FRAME - 1 : place // FRAME + 2].max() < np.percentile(levels[quiet], 90) + 3
        assert np.abs(np.diff(decoded[place - 2 : place + 3])).max() < 0.001


def many(folder, count):
    one = piece(folder, 1, 1, 0.25, Pause.CHAPTER)
    titles = [TITLES[i % len(TITLES)] + f" {i}" for i in range(count)]
    return lay_out(
        [(i + 1, title, [again(one, i + 1, 1)]) for i, title in enumerate(titles)], BRIEF, RATE
    ), titles


def test_three_hundred_chapters(tmp_path, monkeypatch):
    """Beyond 255 the QuickTime table is whole and chpl, which can't count so far, isn't there."""
    monkeypatch.setattr("dotsbook.files.sync", lambda descriptor: None)
    timeline, titles = many(tmp_path, 300)
    done = m4b(timeline, tmp_path)
    found = quicktime_chapters(done.path)
    assert [title for _, title in found] == titles
    assert [time for time, _ in found] == pytest.approx(
        [track.start / RATE for track in timeline.tracks], abs=0.001
    )
    assert MP4(done.path).chapters is None
    assert b"chpl" not in done.path.read_bytes()[:300_000]
    assert done.encoded == 1, "the same take in chapters of the same length is encoded once"


def test_titles_in_many_scripts_and_of_any_length(tmp_path):
    timeline, titles = many(tmp_path, 12)
    long = tuple(
        replace(track, title="й" * 2500 if track.number == 12 else track.title) for track in timeline.tracks
    )
    long = (*long[:10], replace(long[10], title=" \n "), long[11])
    done = m4b(
        replace(timeline, tracks=long), tmp_path, replace(ABOUT, title="/' \"Ω:*?<>|\\.. " + "長" * 5000)
    )
    found = [title for _, title in quicktime_chapters(done.path)]
    assert found == [*titles[:10], "Chapter 11", "й" * 127]
    assert [chapter.title for chapter in MP4(done.path).chapters] == found
    assert len(done.path.name.encode()) < 230
    assert MP4(done.path).tags["\xa9nam"][0].startswith("/' \"Ω:*?<>|\\.. 長")


def png(width=80, height=80):
    import zlib

    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x40\x80\xc0" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


def test_the_cover_is_in_the_file(small_book, tmp_path):
    from dotsbook.book import Cover

    picture = png()
    done = m4b(small_book, tmp_path, replace(ABOUT, cover=Cover(picture, "image/png")))
    assert bytes(MP4(done.path).tags["covr"][0]) == picture
    import av

    with av.open(str(done.path)) as container:
        assert container.streams.video[0].width == 80
