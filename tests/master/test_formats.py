"""MP3, FLAC and Opus, opened again: tags, chapters, order, length."""

import json
import shutil
import subprocess
from dataclasses import replace

import av
import numpy as np
import pytest
from made import RATE, book, produced
from mutagen.flac import FLAC
from mutagen.id3 import ID3
from mutagen.mp3 import MP3, BitrateMode
from mutagen.oggopus import OggOpus

from dotsbook.audio import read_any
from dotsbook.book import Cover
from dotsbook.errors import ManifestError, OutputError
from dotsbook.manifest import Pacing
from dotsbook.master.about import NOTE, About, summary
from dotsbook.master.chapter_marks import ChapterMark
from dotsbook.master.encode import write_stream
from dotsbook.master.layout import lay_out
from dotsbook.master.mastering import Settings
from dotsbook.master.mp3 import chapter_frames, lost_level, mp3_codec
from dotsbook.master.tags import language3, mp4_tags, save_id3

ABOUT = About(
    "Соль: a/b", "A. Writer", "Vera Voice", "en", series="Salt", part="2", date="2026", description="Words."
)


def make(timeline, format, folder, about=ABOUT):
    return produced(timeline, format, about, Settings(workers=2), folder)[0]


def figures(proof):
    return {row.what: row for row in proof.rows}


def test_a_set_of_mp3s_in_a_folder_of_its_own(small_book, tmp_path):
    done = make(small_book, "mp3", tmp_path)
    assert done.path == tmp_path / "out" / "Соль - a-b (MP3)"
    assert [path.name for path in done.files] == [f"0{i} - Chapter the {i}.mp3" for i in (1, 2, 3)]
    for path, track in zip(done.files, small_book.tracks, strict=True):
        tags, info = ID3(path, translate=False), MP3(path).info
        assert tags.version == (2, 3, 0)
        assert str(tags["TIT2"]) == track.title
        assert str(tags["TALB"]) == "Соль: a/b"
        assert str(tags["TRCK"]) == f"{track.number}/3"
        assert str(tags["TCOM"]) == "Vera Voice"
        assert str(tags["TXXX:NARRATION"]) == "AI"
        assert info.bitrate_mode == BitrateMode.CBR
        samples, rate = read_any(path, 3600)
        assert (len(samples), rate) == (track.samples, RATE)
    assert done.proof.ok
    assert figures(done.proof)["loudness"].ok
    assert not list((tmp_path / "out").glob(".writing-*"))


def test_a_new_set_takes_the_old_ones_place_and_nothing_elses(small_book, tmp_path):
    folder = make(small_book, "mp3", tmp_path).path
    (folder / "my notes.mp3").write_bytes(b"mine")
    fewer = replace(small_book, tracks=(replace(small_book.tracks[0], title="Another title"),))
    make(fewer, "mp3", tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == [
        "01 - Another title.mp3",
        "my notes.mp3",
        "proof.json",
    ]


def test_one_mp3_with_chapters_in_order(small_book, tmp_path):
    done = make(small_book, "mp3-book", tmp_path)
    tags = ID3(done.path, translate=False)
    chapters = [frame for frame in tags.values() if frame.FrameID == "CHAP"]
    assert [frame.start_time for frame in chapters] == [
        round(track.start * 1000 / RATE) for track in small_book.tracks
    ]
    contents = tags["CTOC:toc"]
    assert list(contents.child_element_ids) == [frame.element_id for frame in chapters]
    assert contents.flags == 3
    assert str(contents.sub_frames["TIT2"]) == "Соль: a/b"
    assert len(read_any(done.path, 3600)[0]) == small_book.samples


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="no ffprobe on this machine")
def test_three_hundred_id3_chapters_keep_their_order(tmp_path):
    marks = [ChapterMark(i * RATE, (i + 1) * RATE, "x" * (300 - i)) for i in range(300)]
    path = tmp_path / "a.mp3"
    write_stream(path, [np.zeros(RATE, np.float32)], RATE, mp3_codec(64))
    save_id3(path, chapter_frames(marks, RATE, "Book"))
    command = ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)[
        "chapters"
    ]
    assert [float(chapter["start_time"]) for chapter in found] == [float(i) for i in range(300)]
    tags = ID3(path, translate=False)
    assert list(tags["CTOC:toc"].child_element_ids) == ["toc0", "toc1"]
    assert len(tags["CTOC:toc0"].child_element_ids) == 200


def test_lame_is_kept_from_lowering_the_level():
    assert 0.05 < lost_level(mp3_codec(96), RATE) < 1.0


@pytest.mark.parametrize(("format", "kind"), [("flac", FLAC), ("opus", OggOpus)])
def test_flac_and_opus_have_chapters_and_cover(small_book, tmp_path, format, kind):
    from test_m4b import png

    done = make(small_book, format, tmp_path, replace(ABOUT, cover=Cover(png(), "image/png")))
    file = kind(done.path)
    assert file["ALBUM"] == ["Соль: a/b"]
    assert file["CHAPTER000"] == ["00:00:00.000"]
    assert [file[f"CHAPTER00{i}NAME"][0] for i in range(3)] == [track.title for track in small_book.tracks]
    assert file["SERIES"] == ["Salt"]
    assert figures(done.proof)["cover"].ok
    assert figures(done.proof)["loudness"].ok
    samples, rate = read_any(done.path, 3600)
    assert (len(samples), rate) == (small_book.samples, RATE)


def test_flac_is_the_master_to_the_last_bit(small_book, tmp_path):
    from dotsbook.master.join import Sound, mastered
    from dotsbook.master.room_tone import make_bed

    done = make(small_book, "flac", tmp_path)
    sound = Sound(RATE, done.levels.gains, make_bed(True, RATE), -3.0)
    plain = np.concatenate([block for track in small_book.tracks for block in mastered(track, sound)])
    np.testing.assert_allclose(read_any(done.path, 3600)[0], plain, atol=0.51 / 32768)


@pytest.mark.parametrize("rate", [22050, 24000, 44100])
def test_other_rates(tmp_path, rate):
    timeline = lay_out(book(tmp_path, 2, 2, 0.4), Pacing(head=0.2, tail=0.3), rate)
    for format in ("m4b", "opus", "mp3-book"):
        done = make(timeline, format, tmp_path)
        samples, found = read_any(done.path, 3600)
        assert found == (48000 if format == "opus" else rate)
        assert len(samples) / found == pytest.approx(timeline.samples / rate, abs=0.001)


def test_what_cannot_be_made_gets_a_sentence(small_book, tmp_path):
    with pytest.raises(ManifestError, match="wma"):
        make(small_book, "wma", tmp_path)
    with pytest.raises(ManifestError, match="rate"):
        make(replace(small_book, rate=40000), "m4b", tmp_path)
    with pytest.raises(OutputError, match="no chapter"):
        make(replace(small_book, tracks=()), "m4b", tmp_path)


def test_languages_are_what_containers_want():
    assert [language3(tag) for tag in ("en", "de-AT", "zh_Hant", "yue", "xx")] == [
        "eng",
        "deu",
        "zho",
        "yue",
        "und",
    ]


def test_a_description_reaches_readers_that_show_one_field_only(small_book, tmp_path):
    about = About("Book", description="It rains.\nThen it stops.")
    for format in ("flac", "opus"):
        path = make(small_book, format, tmp_path, about).path
        with av.open(str(path)) as file:
            shown = {**file.metadata, **file.streams.audio[0].metadata}
        text = shown.get("comment") or shown.get("COMMENT") or shown.get("DESCRIPTION") or ""
        assert "It rains." in text and NOTE in text, shown


def test_a_long_description_is_cut_after_a_sentence():
    text = "Mr. Smith went home. " + "He sat down and said nothing at all for hours. " * 12
    short = summary(text, 255)
    assert text.startswith(short) and short.endswith("hours.") and 180 < len(short.encode()) <= 255
    assert summary("Kurz.", 255) == "Kurz."
    assert summary("字" * 50 + "。" + "字" * 80, 255) == "字" * 50 + "。"
    words = summary("endless " * 100, 255)
    assert words.endswith("endless…") and len(words.encode()) <= 255
    tags = mp4_tags(About("T", description=text))
    assert tags["desc"] == [short] and tags["ldes"] == [text]
