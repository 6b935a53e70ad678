"""An engine from another package: all that its maker writes, and what a book then does with it.

The first half of this file is such an engine, whole: a class that keeps the promises of `dotsbook.voices.engine.Engine`
and an `EngineSpec`. Its package names the spec in its pyproject.toml:

    [project.entry-points."dotsbook.engines"]
    chirp = "tests.voices.test_third_party_engine:SPEC"
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dotsbook.errors import ManifestError, VoiceError
from dotsbook.project import open_project
from dotsbook.voices.catalogue import check_engines, engine_names, engine_of, open_engine, spec_of, voice_of
from dotsbook.voices.engine import Request, Spoken, Voice
from dotsbook.voices.spec import EngineOptions, EngineSetup, EngineSpec

# ── the engine ──


class ChirpOptions(EngineOptions):
    """What may stand under `options:` in book.yaml, for the book or for a voice."""

    loudness: float = 0.3  # of the engine: all of its voices
    pitch: int = 440  # Hz; of a voice


class ChirpEngine:
    """A chirp a letter. Same request, same samples, whatever else is in the batch."""

    identity = "chirp:1"  # changes with whatever changes the sound, and with no machine
    rate = 16_000  # Hz

    def __init__(self, loudness: float):
        self.loudness = loudness

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        if "tlh" in languages:
            raise VoiceError(f"Chirps can't say Klingon (voice `{voice.name}`); choose another engine.")
        return []

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        return sum(len(request.text) for request in requests) * self.rate // 10 * 8

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        import numpy as np  # here, so that naming a voice loads nothing heavy

        for request in batch:
            letters = sum(mark.isalnum() for mark in request.text)
            if not letters:
                yield Spoken(request, error=VoiceError(f"There is nothing to chirp in {request.text!r}."))
                continue
            luck = np.random.default_rng(request.seed)
            at = np.arange(round(0.07 * self.rate)) / self.rate  # s
            pitches = request.voice.settings.get("pitch", 440) * luck.uniform(0.8, 1.25, letters)
            chirps = [np.sin(2 * np.pi * pitch * at) * np.hanning(len(at)) for pitch in pitches]
            yield Spoken(request, samples=(self.loudness * np.concatenate(chirps)).astype(np.float32))

    def close(self) -> None:
        pass


def open_chirp(setup: EngineSetup) -> ChirpEngine:
    return ChirpEngine(ChirpOptions(**setup.options).loudness)


def heard_in_chirp(voice: Voice) -> dict[str, object]:
    """Two voices with the same of this share their takes."""
    return {"pitch": voice.settings.get("pitch", 440), "tempo": voice.settings["tempo"]}


SPEC = EngineSpec(
    "chirp",
    open_chirp,
    options=ChirpOptions,
    of_voice=frozenset({"pitch"}),
    fingerprint=heard_in_chirp,
    recipe=1,
    comfortable={"latin": 200},
)


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
    """A folder on the path in which the package `chirp` is installed, as far as its metadata goes."""
    folder = tmp_path / "site"
    about = folder / "chirp-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: chirp\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[dotsbook.engines]\nchirp = {__name__}:SPEC\n")
    monkeypatch.syspath_prepend(folder)
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
