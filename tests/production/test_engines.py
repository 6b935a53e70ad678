"""Which engines can speak here: what each says of itself, what it lacks, how fast it was measured."""

import pytest

from dotsbook.errors import VoiceError
from dotsbook.production import engines
from dotsbook.production.engines import engines_here
from dotsbook.production.new_project import begin
from dotsbook.voices import catalogue
from dotsbook.voices.catalogue import BUILT_IN, lacking, spec_of
from dotsbook.voices.spec import CAN


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "dotsbook"


def test_every_engine_of_the_house_says_what_it_is():
    found = {one.name: one for one in engines_here()}
    assert found.keys() >= BUILT_IN.keys()
    for name in BUILT_IN:
        assert found[name].about and spec_of(name).can <= set(CAN)
    assert found["dots"].can == ("clone", "batch", "edit", "adapt") and "ja" in found["kokoro"].languages
    assert found["syllables"].rate is None


def test_what_an_engine_lacks_is_said(monkeypatch):
    monkeypatch.setattr(catalogue, "find_spec", lambda name: None)
    assert lacking(spec_of("piper")) == 'needs onnxruntime, espeakng_loader: pip install "dotsbook[onnx]"'
    assert lacking(spec_of("syllables")) is None
    found = {one.name: one for one in engines_here(measure=True)}
    assert found["piper"].lacks and found["piper"].rate is None


def test_a_figure_is_measured_and_kept(monkeypatch):
    monkeypatch.setattr(catalogue, "BUILT_IN", {"syllables": BUILT_IN["syllables"]})
    monkeypatch.setattr(catalogue, "installed", lambda path: {})
    [now] = engines_here(measure=True)
    [later] = engines_here()
    assert now.rate and later.rate == now.rate


def test_a_model_that_is_not_here_is_not_measured(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert engines.measured(spec_of("dots")) is None


def test_a_project_begins_with_an_engine(tmp_path):
    made = begin(tmp_path / "a", engine="kokoro")
    assert made.pull == "dotsbook voice pull af_heart"
    text = made.manifest.read_text()
    assert "\nengine: kokoro\noptions:\n  voice: af_heart\n" in text and "draft:" not in text
    assert begin(tmp_path / "b", engine="dots").pull == "dotsbook model pull shraey/dots-tts-mlx/mf-int4"
    assert begin(tmp_path / "c").pull is None
    with pytest.raises(VoiceError, match="did you mean `piper`"):
        begin(tmp_path / "d", engine="pipper")
    assert not (tmp_path / "d").exists()


def test_an_engine_that_does_not_speak_the_language_is_refused(tmp_path):
    source = tmp_path / "a.md"
    source.write_text("---\nlang: ja\n---\n# A\n\nB.\n")
    with pytest.raises(VoiceError, match="Piper has no usual voice for ja"):
        begin(tmp_path / "book", source, engine="piper")
    assert not (tmp_path / "book" / "book.yaml").exists()
