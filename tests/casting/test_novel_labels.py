import hashlib
import json
from pathlib import Path

import pytest

from tests.training.casting.novel_labels import read_labels


def labels(folder, text: bytes, quotes: list) -> dict:
    return {
        "title": "A Novel",
        "author": "A. Writer",
        "source": {
            "sha256": hashlib.sha256(text).hexdigest(),
            "url": "https://example.org",
            "encoding": "cp1252",
        },
        "characters": {"Ann": {"gender": "f", "also": ["Miss Ann"]}},
        "quotes": quotes,
    }


def test_labels_meet_their_text_by_its_hash(tmp_path):
    text = b"Caf\xe9.\r\n\x93Yes,\x94 said Ann."
    (tmp_path / "novel.txt").write_bytes(text)
    (tmp_path / "novel.json").write_text(json.dumps(labels(tmp_path, text, [[6, 12, "Ann"]])))
    found = read_labels(tmp_path / "novel.json", tmp_path)
    assert [found.text[start:end] for start, end, _ in found.quotes] == ["“Yes,”"]
    assert found.aliases("Ann") == ("Ann", "Miss Ann")


def test_a_label_outside_the_text_is_refused(tmp_path):
    (tmp_path / "novel.txt").write_bytes(b"Short.")
    (tmp_path / "novel.json").write_text(json.dumps(labels(tmp_path, b"Short.", [[3, 99, "Ann"]])))
    with pytest.raises(ValueError, match="3-99"):
        read_labels(tmp_path / "novel.json", tmp_path)


def test_a_text_that_is_not_there_is_named(tmp_path):
    (tmp_path / "novel.json").write_text(json.dumps(labels(tmp_path, b"Else.", [])))
    with pytest.raises(LookupError, match="download"):
        read_labels(tmp_path / "novel.json", tmp_path)


def test_the_novels_that_are_labelled_name_their_people_and_hold_no_text():
    files = sorted((Path(__file__).parents[1] / "training" / "casting" / "labels").glob("*.json"))
    assert len(files) >= 6
    for file in files:
        said = json.loads(file.read_text("utf-8"))
        ends = [end for _, end, _ in said["quotes"]]
        assert all(start < end for start, end, _ in said["quotes"])
        assert all(start >= end for (start, *_), end in zip(said["quotes"][1:], ends, strict=False))
        assert {name for *_, name in said["quotes"]} - {""} <= set(said["characters"])
        assert said["readings"]["agreed"] <= said["readings"]["read twice"] <= said["readings"]["lines"]
        assert set(said) == {"title", "author", "source", "readings", "characters", "quotes"}
