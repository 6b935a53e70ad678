"""The dots engine with a tiny model: the door's promises, and profiles kept by content."""

import numpy as np
import pytest

from dotsbook.audio import write_flac
from dotsbook.errors import ModelError, VoiceError
from dotsbook.machine_state import MachineState
from dotsbook.model.bench.findings import BenchFinding, keep, larger_buffers_found
from dotsbook.voices.dots import SPEC, DotsEngine
from dotsbook.voices.dots_words import learned_code, profile_key
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory, Request, Voice
from dotsbook.voices.spec import EngineSetup
from dotsbook.voices.syllables import RATE, draw

pytest.importorskip("mlx.core")
TRANSCRIPT = "The lamp on the hill had burned, it is said, for years."


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    from tests.model.tiny import write_tiny

    return write_tiny(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    file = tmp_path_factory.mktemp("voices") / "mara.flac"
    write_flac(file, draw("mara", TRANSCRIPT, 1), RATE)
    return file


@pytest.fixture(scope="module")
def profiles(tmp_path_factory):
    return tmp_path_factory.mktemp("profiles")


@pytest.fixture(scope="module")
def engine(model, profiles):
    engine = DotsEngine(str(model), profiles)
    yield engine
    engine.close()


def voice(recording, **settings):
    return Voice("mara", recording, TRANSCRIPT, "en", settings)


def test_lines_are_spoken_and_an_empty_one_is_an_error(engine, recording):
    mara = voice(recording)
    answers = {
        answer.request.tag: answer
        for answer in engine.speak(
            [
                Request("Good evening.", mara, "en", 1, "a"),
                Request("…", mara, "en", 1, "b"),
                Request("Good evening.", mara, "en", 2, "c"),
            ]
        )
    }
    assert answers["a"].samples.dtype == np.float32
    assert np.isfinite(answers["a"].samples).all()
    assert isinstance(answers["b"].error, ModelError)
    assert answers["b"].samples is None
    assert not np.array_equal(answers["a"].samples, answers["c"].samples)


def test_a_profile_is_made_once_and_read_again(engine, model, profiles, recording, monkeypatch):
    [first] = engine.speak([Request("Good evening.", voice(recording), "en", 1)])
    made = {file.name for file in profiles.iterdir()}
    assert len(made) == 1
    other = DotsEngine(str(model), profiles)
    monkeypatch.setattr("dotsbook.model.dots.Dots.enroll", lambda *_, **__: pytest.fail("enrolled anew"))
    [second] = other.speak([Request("Good evening.", voice(recording), "en", 1)])
    assert np.array_equal(first.samples, second.samples)
    assert {file.name for file in profiles.iterdir()} == made


def test_a_damaged_profile_is_made_anew(model, tmp_path, recording):
    mara = voice(recording)
    engine = DotsEngine(str(model), tmp_path)
    file = tmp_path / f"{profile_key(engine.checkpoint.identity, mara)}.safetensors"
    file.write_bytes(b"broken")
    assert engine.profile_of(mara).patches > 0
    assert file.stat().st_size > 1000


def test_all_that_makes_a_profile_is_in_its_name(recording, tmp_path):
    mara = voice(recording)
    plain = profile_key("m", mara)
    other = tmp_path / "o.flac"
    write_flac(other, draw("tobias", TRANSCRIPT, 1), RATE)
    assert (
        len(
            {
                plain,
                profile_key("n", mara),
                profile_key("m", voice(other)),
                profile_key("m", voice(recording, speaker_scale=2.0)),
                profile_key("m", Voice("mara", recording, "Else.", "en")),
                profile_key("m", Voice("mara", recording, TRANSCRIPT, "fr")),
            }
        )
        == 6
    )
    assert profile_key("m", voice(recording, steps=4)) == plain


@pytest.fixture(autouse=True)
def on_a_machine_at_its_best(monkeypatch):
    monkeypatch.setattr("dotsbook.voices.mlx_guards.machine_state", lambda: MachineState(False, False, 0))


def test_check_before_anything_is_loaded(model, recording, tmp_path):
    engine = DotsEngine(str(model), tmp_path)
    assert engine.check(voice(recording), ["en-GB"]) == []
    assert "la" in engine.check(voice(recording), ["en", "la"])[0]
    with pytest.raises(VoiceError, match="wasn't made for la"):
        engine.check(voice(recording), ["la"])
    with pytest.raises(ModelError, match="ode_method"):
        engine.check(voice(recording, solver="rk45"), ["en"])
    silent = tmp_path / "silent.flac"
    write_flac(silent, np.zeros(3 * RATE, np.float32), RATE)
    with pytest.raises(VoiceError, match="nothing is heard"):
        engine.check(voice(silent), ["en"])
    assert engine.model is None
    assert engine.identity.startswith("dots:")


@pytest.mark.parametrize("kind", ["scm", "mf1"])  # as mf-2steps and mf-1step are
def test_distilled_models_speak_and_keep_their_steps(kind, recording, tmp_path):
    from tests.model.tiny import write_tiny

    engine = DotsEngine(str(write_tiny(tmp_path / "model", kind=kind)), tmp_path)
    [spoken] = engine.speak([Request("Good evening.", voice(recording), "en", 1)])
    assert spoken.error is None and len(spoken.samples) > engine.rate // 10
    with pytest.raises(ModelError, match="steps"):
        engine.check(voice(recording, steps=4), ["en"])
    engine.close()


def test_what_slows_this_machine_is_said_before_the_first_take(model, recording, tmp_path, monkeypatch):
    engine = DotsEngine(str(model), tmp_path, memory=1000)
    assert "and may use 1 kB" in engine.check(voice(recording), ["en"])[0]
    monkeypatch.setattr(
        "dotsbook.voices.mlx_guards.machine_state", lambda: MachineState(True, True, 3_000_000_000)
    )
    engine = DotsEngine(str(model), tmp_path)
    [said] = engine.check(voice(recording), ["en"])
    assert said.endswith("on battery, in low-power mode, 3.0 GB swapped out.")
    monkeypatch.setattr("sys.platform", "darwin")
    engine = DotsEngine(str(model), tmp_path)
    assert "not on Metal" in engine.check(voice(recording), ["en"])[0]


def test_as_many_lines_together_as_the_bench_found_best(model, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    engine = DotsEngine(str(model), tmp_path)
    assert engine.together is None
    keep(engine.checkpoint.identity, BenchFinding(4, "bench 1 | …"), larger_buffers=False)
    assert DotsEngine(str(model), tmp_path).together == 4 and larger_buffers_found() is False
    (tmp_path / "dotsbook" / "bench.json").write_text("[1")
    assert DotsEngine(str(model), tmp_path).together is None and larger_buffers_found() is None


def test_weak_languages_are_said(model, recording, tmp_path):
    engine = DotsEngine(str(model), tmp_path)
    assert "weak in Hindi" in engine.check(voice(recording), ["en", "hi", "hi-IN"])[0]
    assert len(engine.check(voice(recording), ["hi", "zh-yue", "th"])) == 3


def test_a_line_gets_no_more_time_than_it_can_need(engine, recording):
    """The tiny model of random weights doesn't end of its own: it is cut."""
    mara = voice(recording)
    seconds = {}
    for text in ("No.", "The lamp on the hill had burned for a hundred years."):
        [spoken] = engine.speak([Request(text, mara, "en", 1)])
        seconds[text] = len(spoken.samples) / engine.rate
        sampling = engine.sampling_for(spoken.request, 10)
        assert sampling.max_patches == 11 + int(
            (1.5 + 0.2 * len(text)) * engine.rate / engine.checkpoint.config.patch_samples
        )
        assert seconds[text] <= 1.5 + 0.2 * len(text) + 1
    assert engine.sampling_for(Request("x" * 5000, mara, "en", 1), 0).max_patches == 500


def test_more_and_longer_lines_need_more_memory(engine, recording):
    mara = voice(recording)
    short, long = Request("Good evening.", mara, "en", 1), Request("Good evening. " * 30, mara, "en", 1)
    assert engine.peak_bytes([short]) < engine.peak_bytes([long]) < engine.peak_bytes([long] * 8)


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("[malloc] Unable to allocate 123 bytes.")])
def test_no_memory_is_told_as_such(engine, recording, monkeypatch, error):
    def fail(lines):
        raise error
        yield

    list(engine.speak([Request("Yes.", voice(recording), "en", 1)]))
    monkeypatch.setattr(engine.model, "speak_batch", fail)
    with pytest.raises(EngineOutOfMemory):
        list(engine.speak([Request("Yes.", voice(recording), "en", 1)]))


def test_a_closed_engine_is_dead(model, tmp_path):
    engine = DotsEngine(str(model), tmp_path)
    engine.close()
    with pytest.raises(EngineDied):
        list(engine.speak([]))


def test_a_model_that_is_not_here_says_how_to_fetch_it(tmp_path, monkeypatch):
    monkeypatch.setattr("dotsbook.model.checkpoint.hub.cached", lambda source: None)
    with pytest.raises(ModelError, match="dotsbook model pull owner/repo"):
        _ = DotsEngine("owner/repo", tmp_path).identity


@pytest.mark.parametrize(
    ("tag", "code"), [("en-GB", "en"), ("zh-Hant", "zh"), ("zh-yue", "yue"), ("cmn", "zh")]
)
def test_language_codes(tag, code):
    assert learned_code(tag) == code


def test_one_folder_has_one_identity_on_every_backend(model, tmp_path, monkeypatch):
    on_cpu = DotsEngine(str(model), tmp_path)
    monkeypatch.setattr("dotsbook.model.network.elementary.on_cpu", lambda: False)
    elsewhere = DotsEngine(str(model), tmp_path)
    assert on_cpu.identity == elsewhere.identity
    assert on_cpu.identity.startswith("dots:") and on_cpu.identity.endswith(
        "-float32"
    )  # as in keys made on a CPU
    assert elsewhere.checkpoint.dtype is None
    assert SPEC.identities_before(on_cpu.identity) == (on_cpu.identity.replace("float32", "stored"),)
    assert {"device", "mlx", "dtype"} <= elsewhere.facts().keys()


def test_the_spec_knows_the_folder_and_wants_a_model(model, tmp_path):
    assert SPEC.files(EngineSetup(str(model), {}, tmp_path)) == model
    with pytest.raises(VoiceError, match="model:"):
        SPEC.files(EngineSetup(None, {}, tmp_path))


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    import json
    from dataclasses import asdict

    import mlx.core as mx

    from dotsbook.model.training.adapters import AdapterShape
    from dotsbook.model.training.training_state import write_arrays
    from tests.model.tiny_tensors import Sizes

    path, sizes = tmp_path_factory.mktemp("adapters") / "mara.safetensors", Sizes()
    name = "velocity_field_predictor.blocks.0.ffn.fc1"
    arrays = {
        f"{name}.lora_a": mx.random.normal((2, sizes.dit_hidden), key=mx.random.key(1)),
        f"{name}.lora_b": mx.random.normal((sizes.dit_ffn, 2), key=mx.random.key(2)),
    }
    facts = {"base": "tiny", "data": "", "steps": 1, "consent": "mine"}
    shape = asdict(AdapterShape(rank=2, alpha=2, layers=(name,)))
    header = {"dotsbook-adapter": "1", "shape": json.dumps(shape), "facts": json.dumps(facts)}
    write_arrays(path, arrays, header)
    return path


def test_each_voice_is_spoken_with_its_own_adapter(engine, recording, adapter):
    from dataclasses import replace

    plain = voice(recording)
    tuned, off = replace(plain, adapter=adapter), replace(plain, adapter=adapter, strength=0.0)
    batch = [Request("Good.", one, "en", 1, i) for i, one in enumerate((plain, tuned, off))]
    sounds = {answer.request.tag: answer.samples for answer in engine.speak(batch)}
    assert np.array_equal(sounds[0], sounds[2])
    assert not np.array_equal(sounds[0][:100], sounds[1][:100])
    prints = [SPEC.fingerprint(replace(one, settings={"tempo": 1.0})) for one in (plain, tuned, off)]
    assert "adapter" not in prints[0] and prints[1]["strength"] == 1.0 and prints[2]["strength"] == 0.0
    assert prints[1]["adapter"] == prints[2]["adapter"]


def test_an_adapter_that_fits_nothing_is_told(engine, recording, tmp_path):
    from dataclasses import replace

    strange = tmp_path / "strange.safetensors"
    strange.write_bytes(b"nothing of the kind")
    with pytest.raises(VoiceError, match="adapter of voice `mara`"):
        list(engine.speak([Request("Good.", replace(voice(recording), adapter=strange), "en", 1)]))
