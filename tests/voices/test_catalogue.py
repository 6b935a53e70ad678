"""Engines by name, voices out of a manifest, and what of them makes a fingerprint."""

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from dotsbook.audio import write_flac
from dotsbook.errors import VoiceError
from dotsbook.project import open_project
from dotsbook.voices.catalogue import BUILT_IN, engine_of, open_engine, spec_of, voice_of
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


@pytest.mark.parametrize(
    ("engine", "entry", "more", "fingerprint"),
    [
        ("draft", "{}", "", "1bc194eaa45fa0cdd43ebdd2d67282417862e651ba3f11f91463e5c220ab6567"),
        ("draft", "{pitch: 3}", "", "0cd7e637e64bb66d6e1fbf16a4ae7ff2b14a5948e84bb8c4832862d638506825"),
        (
            "draft",
            "{tempo: 1.25, variant: f3, rate: 100}",
            "",
            "e55c8c5e432fc4a204d729e71e70a5e9f2bf5e203ca33a0eb8621f233dbdc2be",
        ),
        ("syllables", "{}", "", "01af438baa3f594212c73e0ceb780c8bcfc89bd33e6f1e37837eb8a98ba00692"),
        (
            "syllables",
            "{tempo: 1.25, variant: f3, rate: 100}",
            "",
            "91b0ab63a297f50f6fad2a7b71e82048262c0e8ad85ec222217f607b5568cba9",
        ),
        ("dots", "{}", "", "4d45dc4aff28a1f431aaf40f92c6b416910df6b0d3e52ef2f3d9cb75da33cc56"),
        (
            "dots",
            "{sampling: {steps: 4, seed: 3}}",
            "",
            "4c511f5b15b85b8bfc860b47528ef4801e46d2db5c343549c78a9290c092eeb8",
        ),
    ],
)
def test_voices_of_before_keep_their_fingerprints(tmp_path, engine, entry, more, fingerprint):
    """What a take's key holds of a voice, as it was before engines had specs."""
    assert print_of(tmp_path, engine=engine, voices=f"{{narrator: {entry}}}", more=more) == fingerprint


def test_options_lie_over_what_stands_elsewhere(tmp_path):
    book = project(
        tmp_path,
        "dots",
        "{narrator: {sampling: {steps: 3}, options: {steps: 4}}, mara: {sampling: {seed: 0}}, robot: {engine: draft}}",
        "sampling: {steps: 1, solver: euler}\noptions: {steps: 2, guidance_scale: 1.5}\n",
    )
    assert voice_of(book, "narrator").settings == {
        "steps": 4,
        "solver": "euler",
        "guidance_scale": 1.5,
        "tempo": 1.0,
    }
    assert voice_of(book, "mara").settings["steps"] == 2 and voice_of(book, "mara").settings["seed"] == 0
    assert voice_of(book, "robot").settings == {"tempo": 1.0}  # another engine's options are none of its own


def test_the_same_said_in_options_is_the_same_voice(tmp_path):
    assert print_of(tmp_path, voices="{narrator: {options: {pitch: 47}}}") == print_of(
        tmp_path, voices="{narrator: {pitch: 47}}"
    )


def test_a_choice_is_engine_model_and_options(tmp_path):
    (tmp_path / "weights").mkdir()
    book = project(
        tmp_path,
        "dots",
        "{narrator: {}, mara: {model: a/b}, luc: {engine: dots}, robot: {engine: draft, options: {pitch: 3}}}",
        "model: weights\n",
    )
    narrator = engine_of(book, "narrator")
    assert (narrator.name, narrator.model, narrator.key) == ("dots", "weights", "dots weights")
    assert narrator.place == str(tmp_path / "weights") and narrator == engine_of(book, "luc")
    assert engine_of(book, "mara").key == "dots a/b" and engine_of(book, "mara").place == "a/b"
    assert engine_of(book, "robot").key == "draft"


def test_the_house_names_its_engines_twice_alike():
    """In pyproject.toml, and in the table that serves a checkout that isn't installed."""
    wanted = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    points = wanted["project"]["entry-points"]["dotsbook.engines"]
    assert points == {name: f"{module}:SPEC" for name, module in BUILT_IN.items()}
    assert [spec_of(name).name for name in BUILT_IN] == list(BUILT_IN)


def test_naming_a_voice_loads_nothing_heavy(tmp_path):
    book = project(tmp_path, "dots", "{narrator: {}, robot: {engine: draft}, other: {engine: syllables}}")
    code = (
        "import sys; from dotsbook.project import open_project; from dotsbook.voices.catalogue import voice_of\n"
        f"for name in ('narrator', 'robot', 'other'): voice_of(open_project({str(book.file)!r}), name)\n"
        "print(*sorted({'mlx', 'numpy', 'soundfile', 'huggingface_hub', 'tokenizers'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "\n"
    )
