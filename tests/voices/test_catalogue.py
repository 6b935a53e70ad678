"""Engines by name, voices out of a manifest, and what of them makes a fingerprint."""

import numpy as np
import pytest

from dotsbook.audio import write_flac
from dotsbook.errors import VoiceError
from dotsbook.project import open_project
from dotsbook.voices.catalogue import open_engine, voice_of
from dotsbook.voices.spec import EngineChoice


def project(folder, engine="draft", voices="{narrator: {}}", more=""):
    folder.mkdir(exist_ok=True)
    (folder / "book.yaml").write_text(
        f"title: T\nlanguage: en\nsource: t.md\nengine: {engine}\nvoices: {voices}\n{more}"
    )
    return open_project(folder)


def print_of(folder, **manifest):
    return voice_of(project(folder, **manifest), "narrator").fingerprint


def test_an_unknown_engine_has_a_near_miss(tmp_path):
    with pytest.raises(VoiceError, match="did you mean `syllables`"):
        open_engine(EngineChoice("sylables"), tmp_path)
    with pytest.raises(VoiceError, match="there are draft, syllables, dots"):
        open_engine(EngineChoice("qqqq"), tmp_path)


def test_dots_needs_a_model(tmp_path):
    with pytest.raises(VoiceError, match="model:"):
        open_engine(EngineChoice("dots"), tmp_path)


def test_a_voices_sampling_lies_over_the_books(tmp_path):
    book = project(
        tmp_path, "dots", "{narrator: {sampling: {steps: 4}, tempo: 1.1}}", "sampling: {steps: 10, seed: 7}\n"
    )
    assert voice_of(book, "narrator").settings == {"steps": 4, "seed": 7, "tempo": 1.1}


def test_what_is_not_heard_changes_no_fingerprint(tmp_path):
    plain = print_of(tmp_path)
    assert print_of(tmp_path, more="sampling: {steps: 4}\n") == plain
    assert print_of(tmp_path, voices="{narrator: {pitch: 46}}") == plain  # its own already
    assert print_of(tmp_path, voices="{narrator: {pitch: 47}}") != plain
    assert print_of(tmp_path, voices="{narrator: {tempo: 1.1}}") != plain


def test_for_dots_the_recording_counts_and_not_the_draft_settings_or_the_seed(tmp_path):
    (tmp_path / "voices").mkdir()
    recording = tmp_path / "voices" / "n.flac"
    write_flac(recording, np.full(100, 0.1, np.float32), 16000)
    entry = '{{narrator: {{reference: voices/n.flac, transcript: "Hello.", consent: mine{}}}}}'
    plain = print_of(tmp_path, engine="dots", voices=entry.format(""))
    assert print_of(tmp_path, engine="dots", voices=entry.format(", pitch: 3")) == plain
    assert print_of(tmp_path, engine="dots", voices=entry.format(""), more="sampling: {seed: 3}\n") == plain
    assert print_of(tmp_path, engine="dots", voices=entry.format(""), more="sampling: {steps: 3}\n") != plain
    assert print_of(tmp_path, engine="dots", voices=entry.format(", language: fr")) != plain
    write_flac(recording, np.full(100, 0.2, np.float32), 16000)
    assert print_of(tmp_path, engine="dots", voices=entry.format("")) != plain


def test_a_voice_that_is_not_there(tmp_path):
    with pytest.raises(VoiceError, match="no voice `mara`"):
        voice_of(project(tmp_path), "mara")
    with pytest.raises(VoiceError, match="isn't there"):
        voice_of(project(tmp_path, voices="{narrator: {reference: gone.wav, consent: mine}}"), "narrator")
