"""Lists and folders as people have them, read as clips with texts."""

import json

import pytest

from dotsbook.tuning.source_clips import source_clips


@pytest.fixture
def folder(tmp_path):
    for name in ("wavs/a1.wav", "wavs/b2.flac", "ann/one.wav", "bob/deep/two.wav", "ann/three.mp3"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"RIFF")
    return tmp_path


def read(path):
    return [(clip.audio.name, clip.text, clip.speaker, clip.lang, clip.name) for clip in source_clips(path)]


def test_ljspeech(folder):
    (folder / "metadata.csv").write_text('a1|It cost "£3".|It cost "three pounds".\nb2|So it did.\n')
    assert read(folder) == [
        ("a1.wav", 'It cost "three pounds".', "", "", "a1"),
        ("b2.flac", "So it did.", "", "", "b2"),
    ]


def test_a_table_with_a_heading(folder):
    (folder / "list.csv").write_text('path,sentence,client_id,locale\nwavs/a1.wav,"So, it did.",ann,en-GB\n')
    assert read(folder / "list.csv") == [("a1.wav", "So, it did.", "ann", "en-GB", "")]


def test_the_references_own_jsonl(folder):
    rows = [
        {"fid": "x", "audio": "wavs/a1.wav", "text": "So.", "other": 1},
        {"audio": {"path": "b2"}, "text": "It."},
    ]
    (folder / "list.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert read(folder) == [("a1.wav", "So.", "", "", "x"), ("b2.flac", "It.", "", "", "")]


def test_texts_beside_sounds_in_folders_of_speakers(folder):
    (folder / "ann" / "one.txt").write_text("One\nline.")
    (folder / "ann" / "three.lab").write_text("Three.")
    (folder / "bob" / "deep" / "two.normalized.txt").write_text("Two.")
    found = {name: (text, speaker) for name, text, speaker, _, _ in read(folder)}
    assert found["one.wav"] == ("One line.", "ann")
    assert found["three.mp3"] == ("Three.", "ann")
    assert found["two.wav"] == ("Two.", "bob")
    assert found["a1.wav"] == ("", "")


def test_a_wrong_line_is_told_and_the_others_are_read(folder):
    (folder / "metadata.csv").write_text("a1|One.|\nb2|Two|three|four|five\n\nb2|Two.\n")
    first, second, third = source_clips(folder)
    assert (first.text, third.text) == ("One.", "Two.")
    assert "5 fields" in second.fault and second.where.endswith("line 2")
