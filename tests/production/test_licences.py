"""The licence of a voice's weights stands in the lock and in the finished file, also where the engine isn't any more."""

import shutil
from dataclasses import replace

import pytest
import yaml
from mutagen.mp4 import MP4

import dotsbook
from dotsbook.voices import kokoro, mlx_audio, piper, smalltts, syllables
from dotsbook.voices.spec import EngineSetup

NOT_FOR_MONEY = "CC-BY-NC 4.0"


def tags_of(book):
    with dotsbook.open(book) as opened:
        [made] = opened.assemble(formats=["m4b"])
    return MP4(made.path).tags


def test_in_the_lock_and_in_the_tags(ferry, monkeypatch):
    plain, spec = syllables.SPEC, replace(syllables.SPEC, licence=lambda setup: NOT_FOR_MONEY)
    monkeypatch.setattr(syllables, "SPEC", spec)
    with dotsbook.open(ferry) as book:
        list(book.render())
    locked = yaml.safe_load((ferry / "book.lock.yaml").read_text())
    assert [pin["licence"] for pin in locked["engines"].values()] == [NOT_FOR_MONEY]
    monkeypatch.setattr(syllables, "SPEC", plain)  # as if this machine didn't know any more
    tags = tags_of(ferry)
    assert tags["\xa9cmt"] == [
        f"Narrated by a synthetic voice (AI). Licence of the voice: {NOT_FOR_MONEY} (syllables)."
    ]
    assert bytes(tags["----:com.apple.iTunes:VOICE-LICENCE"][0]).decode() == f"{NOT_FOR_MONEY} (syllables)"


def test_a_book_that_was_begun_before_and_one_without_a_licence(ferry, monkeypatch):
    with dotsbook.open(ferry) as book:
        list(book.render())
    tags = tags_of(ferry)
    assert tags["\xa9cmt"] == ["Narrated by a synthetic voice (AI)."]
    assert "----:com.apple.iTunes:VOICE-LICENCE" not in tags
    shutil.rmtree(ferry / "out")
    monkeypatch.setattr(syllables, "SPEC", replace(syllables.SPEC, licence=lambda setup: NOT_FOR_MONEY))
    assert NOT_FOR_MONEY in tags_of(ferry)["\xa9cmt"][0]


@pytest.mark.parametrize("card", ["* License: CC0", "---\nlicense: CC0\ntags: [a]\n---\n# A model\n"])
def test_what_a_card_says(tmp_path, card):
    for name, file in (("piper", "MODEL_CARD"), ("mlx", "README.md")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(card)
    for file in ("a.onnx", "a.onnx.json"):
        (tmp_path / "piper" / file).write_text("{}")
    setup = EngineSetup(str(tmp_path / "piper" / "a.onnx"), {}, tmp_path)
    assert piper.SPEC.licence(setup) == "CC0"
    assert mlx_audio.SPEC.licence(EngineSetup(str(tmp_path / "mlx"), {}, tmp_path)) == "CC0"
    assert smalltts.SPEC.licence(setup) == NOT_FOR_MONEY
    assert (kokoro.SPEC.licence(setup), kokoro.SPEC.licence(replace(setup, model=None))) == ("", "Apache-2.0")
