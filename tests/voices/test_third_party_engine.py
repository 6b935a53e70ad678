"""An engine from another package: all that its maker writes, as docs/engines.md has it, and what a book does with it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dotsbook.errors import ManifestError, VoiceError
from dotsbook.project import open_project
from dotsbook.voices.catalogue import check_engines, engine_names, engine_of, open_engine, spec_of, voice_of
from dotsbook.voices.engine import Request
from tests.pages import steps

PAGE = Path(__file__).parents[2] / "docs" / "engines.md"
[ENGINE] = [step.text for step in steps(PAGE.read_text("utf-8")) if step.target == "chirp/chirp.py"]

# ── the book ──

BOOK = """\
title: Birds
language: en
source: birds.md
engine: chirp
options: {loudness: 0.2}
voices:
  narrator: {}
  mara: {options: {pitch: 880}}
  robot: {engine: syllables}
cast: {Mara: mara, Robot: robot}
"""
TEXT = """\
# One

The birds were early this year, and nobody minded.

**Mara:** "They are early."

**Robot:** "They are on time."
"""


@pytest.fixture
def site(tmp_path, monkeypatch) -> Path:
    """A folder on the path in which the package `chirp` is installed: its file and its metadata."""
    folder = tmp_path / "site"
    about = folder / "chirp-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: chirp\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[dotsbook.engines]\nchirp = chirp:SPEC\n")
    (folder / "chirp.py").write_text(ENGINE, "utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "chirp", raising=False)
    return folder


@pytest.fixture
def book(tmp_path, site) -> Path:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "book.yaml").write_text(BOOK)
    (folder / "birds.md").write_text(TEXT)
    return folder


def dotsbook(site: Path, *words: str) -> subprocess.CompletedProcess:
    root = Path(__file__).parents[2]
    path = os.pathsep.join((str(site), str(root), os.environ.get("PYTHONPATH", "")))
    command = [sys.executable, "-m", "dotsbook", *words]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)


def test_it_is_found_by_its_entry_point(site):
    assert "chirp" in engine_names()
    assert spec_of("chirp").name == "chirp"


def test_a_book_is_rendered_in_it_beside_an_engine_of_the_house(book, site):
    done = dotsbook(site, "render", str(book))
    assert done.returncode == 0, done.stderr
    [chapter] = json.loads(dotsbook(site, "status", str(book), "--json").stdout)["chapters"]
    assert chapter["done"] == chapter["chunks"] > 3
    again = dotsbook(site, "render", str(book))
    assert "Nothing to render" in again.stdout + again.stderr


def test_its_options_reach_the_engine_and_its_voices(book, tmp_path):
    project = open_project(book)
    choice = engine_of(project, "narrator")
    assert choice.options == {"loudness": 0.2} and choice.key == 'chirp {"loudness":0.2}'
    assert engine_of(project, "mara") == choice  # a pitch is its voice's: one engine speaks both
    assert engine_of(project, "robot").key == "syllables"
    narrator, mara = voice_of(project, "narrator"), voice_of(project, "mara")
    assert mara.settings["pitch"] == 880 and mara.fingerprint != narrator.fingerprint
    [spoken] = open_engine(choice, tmp_path).speak([Request("Early.", narrator, "en", 1)])
    assert 0.15 < abs(spoken.samples).max() < 0.21


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("loudness: 0.2", "loudnes: 0.2", 5, ["`loudnes`", "`loudness`"]),
        ("pitch: 880", "pich: 880", 8, ["`pich`", "`pitch`"]),
        ("pitch: 880", "pitch: high", 8, ["voices.mara.options.pitch", "high"]),
        ("{engine: syllables}", "{engine: syllables, options: {pitch: 1}}", 9, ["`pitch`", "none"]),
        ("{engine: syllables}", "{engine: sylables}", 9, ["`sylables`", "`syllables`"]),
        ("engine: chirp", "engine: chrip", 4, ["`chrip`", "`chirp`"]),
    ],
)
def test_a_mistake_in_them_is_named_with_its_line(book, before, after, line, words):
    (book / "book.yaml").write_text(BOOK.replace(before, after))
    with pytest.raises((ManifestError, VoiceError)) as caught:
        check_engines(open_project(book))
    assert f"book.yaml line {line}" in str(caught.value)
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize("value", ["no_such_module:SPEC", f"{__name__}:BOOK", f"{__name__}:MISSING"])
def test_one_that_cannot_be_loaded_is_a_sentence(site, value):
    (site / "chirp-1.0.dist-info" / "entry_points.txt").write_text(f"[dotsbook.engines]\nbroken = {value}\n")
    with pytest.raises(VoiceError, match="The engine `broken`"):
        spec_of("broken")
