"""The engine `mlx-audio`, with a scripted model in the place of the package."""

import importlib.metadata
import json
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from pydantic import ValidationError

from dotsbook.audio import write_flac
from dotsbook.errors import VoiceError
from dotsbook.production.new_project import begin
from dotsbook.project import open_project
from dotsbook.voices.catalogue import engine_of, open_engine, open_engines, spec_of, voice_of
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory, Request, Voice, facts_of
from dotsbook.voices.mlx_audio import SPEC, MlxAudioEngine, mono
from dotsbook.voices.mlx_audio_files import folder_of, revision_of
from dotsbook.voices.spec import EngineChoice, EngineSetup
from dotsbook.voices.syllables import draw

mx = pytest.importorskip("mlx.core")
RATE = 16_000  # Hz, and not what config.json says


class Model:
    """Speaks noise of the one generator that MLX has, a piece for each line of the text."""

    sample_rate = RATE
    asked: list[dict] = []

    def generate(
        self, text, voice=None, speed=1.0, instruct=None, ref_audio=None, ref_text=None, seed=None, **more
    ):
        self.asked.append(
            {"text": text, "voice": voice, "instruct": instruct, "ref_audio": ref_audio, "ref_text": ref_text}
            | {"speed": speed, "seed": seed}
            | more
        )
        print("creating a pipeline")
        if "broken" in text:
            raise KeyError("phoneme")
        if "heavy" in text:
            raise RuntimeError("[metal::malloc] Unable to allocate 8 GB")
        for number, piece in enumerate(filter(str.strip, text.split("\n"))):
            rate = 8000 if "two rates" in text and number else RATE
            sound = mx.random.uniform(-1.5, 1.5, (1, 100 * len(piece))).astype(mx.bfloat16)
            yield SimpleNamespace(audio=sound, sample_rate=rate)


class Plain(Model):
    def generate(self, text, **more):
        yield SimpleNamespace(audio=mx.zeros((400,)) + 0.1, sample_rate=RATE)


@pytest.fixture
def package(monkeypatch):
    """The modules of mlx-audio that the engine imports; `kinds` is {model_type: its class}."""
    kinds = {"chirp": Model, "plain": Plain}

    def get_model_and_args(kind, parts):
        if kind not in kinds:
            raise ValueError(f"Model type {kind} not supported for tts.")
        return SimpleNamespace(Model=kinds[kind]), kind

    def load_model(folder):
        kind = json.loads((folder / "config.json").read_text())["model_type"]
        if not (folder / "model.safetensors").is_file():
            raise FileNotFoundError(f"No safetensors found in {folder}")
        return kinds[kind]()

    def load_audio(file, sample_rate):
        return f"{file} at {sample_rate}"

    named = {
        "mlx_audio": {},
        "mlx_audio.tts": {},
        "mlx_audio.tts.utils": {"get_model_and_args": get_model_and_args, "load_model": load_model},
        "mlx_audio.utils": {"get_model_name_parts": lambda path: [path.name], "load_audio": load_audio},
    }
    for name, members in named.items():
        module = ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: f"{name} 1")
    monkeypatch.setattr(Model, "asked", [])
    return kinds


def checkpoint(folder, kind="chirp", voices=("ann", "bob"), **config):
    (folder / "voices").mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": kind, "sample_rate": 32_000} | config))
    (folder / "model.safetensors").write_bytes(b"weights")
    for voice in voices:
        (folder / "voices" / f"{voice}.safetensors").write_bytes(b"")
    return folder


def test_a_voice_is_designed_by_a_model_that_takes_instruct(package, tmp_path):
    import dotsbook

    class Described(Model):
        """Hums with pauses, at a pitch of its own for each seed."""

        def generate(self, text, instruct=None, seed=None):
            self.asked.append({"text": text, "instruct": instruct, "seed": seed})
            sound = draw(f"{instruct} {seed}", text, seed)
            yield SimpleNamespace(audio=mx.array(sound), sample_rate=24_000)

    package["described"] = Described
    model = checkpoint(tmp_path / "model", "described", voices=())
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.yaml").write_text("title: T\nlanguage: en\nsource: t.md\nengine: syllables\n")
    words = "The lamp on the hill had burned, it is said, for a hundred years."
    with dotsbook.open(book) as opened:
        made = opened.voices.design("sailor", "an old sailor", text=words, model=str(model), count=2)
        kept = opened.voices.choose("sailor", 2)
        with pytest.raises(VoiceError, match="takes no `instruct:`"):
            plain = checkpoint(tmp_path / "plain", "plain", voices=())
            opened.voices.design("tom", "a boy", text=words, model=str(plain))
    assert [one.number for one in made.candidates] == [1, 2]
    assert Model.asked == [{"text": words, "instruct": "an old sailor", "seed": seed} for seed in (1, 2)]
    assert (kept.fields["consent"], kept.fields["transcript"]) == ("designed", words)


@pytest.fixture
def engine(package, tmp_path):
    engine = MlxAudioEngine(EngineSetup(str(checkpoint(tmp_path / "model")), {}, tmp_path))
    yield engine
    engine.close()


def line(text, seed=1, voice="narrator", **settings):
    return Request(text, Voice(voice, settings={"tempo": 1.0} | settings), "en", seed, text)


def spoken(engine, *requests):
    return {one.request.tag: one for one in engine.speak(requests)}


def test_a_take_depends_on_its_seed_and_not_on_its_neighbours(engine):
    texts = ["The lamp burned.", "No.", "Who counts the oil?"]
    together = spoken(engine, *map(line, texts))
    backwards = spoken(engine, *map(line, texts[::-1]))
    for text in texts:
        alone = spoken(engine, line(text))[text].samples
        assert together[text].samples.tobytes() == backwards[text].samples.tobytes() == alone.tobytes()
    other = spoken(engine, line("No.", seed=2**62 + 1))["No."].samples
    assert not np.array_equal(other, together["No."].samples)


def test_the_rate_is_the_results_and_pieces_are_joined(engine):
    found = spoken(engine, line("Abc.\nDefg.", voice="ann"))["Abc.\nDefg."]
    assert found.rate == RATE != engine.rate == 32_000
    assert found.samples.shape == (900,) and found.samples.dtype == np.float32
    assert abs(found.samples).max() == 1.0  # 1.5 is clipped
    assert mono(np.ones((2, 5), np.float32)).shape == mono(np.ones((5, 2), np.float32)).shape == (5,)


def test_what_a_voice_says_is_asked_by_the_models_names(engine, tmp_path):
    recording = tmp_path / "a.flac"
    write_flac(recording, np.full(800, 0.1, np.float32), RATE)
    settings = {"tempo": 1.0, "voice": "bob", "instruct": "slow", "speed": 0.9, "extra": {"temperature": 0.2}}
    voice = Voice("mara", recording, "What is spoken.", settings=settings)
    assert engine.check(voice, ["en"]) == []
    list(engine.speak([Request("No.", voice, "en", 2**40 + 3)]))
    assert Model.asked == [
        {
            "text": "No.",
            "voice": "bob",
            "instruct": "slow",
            "ref_audio": f"{recording} at {RATE}",
            "ref_text": "What is spoken.",
            "speed": 0.9,
            "seed": 3 + 2**40 % 2**31,
            "temperature": 0.2,
        }
    ]
    assert "no transcript" in engine.check(Voice("mara", recording), ["en"])[0]


def test_what_the_model_lacks_is_refused_before_rendering(engine, package, tmp_path):
    assert engine.check(Voice("mara", settings={"voice": "Ann,bob"}), ["en"]) == []
    with pytest.raises(VoiceError, match="has no voice 'carl'; it has ann, bob"):
        engine.check(Voice("mara", settings={"voice": "carl"}), ["en"])
    with pytest.raises(VoiceError, match="takes no `lang_code:`"):
        engine.check(Voice("mara", settings={"lang_code": "a"}), ["en"])
    plain = MlxAudioEngine(EngineSetup(str(checkpoint(tmp_path / "plain", "plain")), {}, tmp_path))
    for name, value in (("voice", "ann"), ("instruct", "slow"), ("speed", 2.0)):
        with pytest.raises(VoiceError, match=f"takes no `{name}:`"):
            plain.check(Voice("mara", settings={name: value}), ["en"])
    with pytest.raises(VoiceError, match="doesn't clone"):
        plain.check(Voice("mara", tmp_path / "a.flac"), ["en"])
    odd = MlxAudioEngine(EngineSetup(str(checkpoint(tmp_path / "odd", "odd")), {}, tmp_path))
    with pytest.raises(VoiceError, match="no model of the kind 'odd'"):
        odd.check(Voice("mara"), ["en"])


def test_speakers_in_a_config(package, tmp_path):
    talker = {"spk_id": {"vivian": 3, "ryan": 4}}
    engine = MlxAudioEngine(
        EngineSetup(str(checkpoint(tmp_path / "q", voices=(), talker_config=talker)), {}, tmp_path)
    )
    assert engine.check(Voice("mara", settings={"voice": "Vivian"}), ["en"]) == []
    with pytest.raises(VoiceError, match="it has vivian, ryan"):
        engine.check(Voice("mara", settings={"voice": "ann"}), ["en"])


def test_a_line_that_fails_is_an_answer_and_no_end(engine, capsys):
    answers = spoken(engine, line("It is broken."), line("two rates\nhere"), line(" "), line("No."))
    assert "can't say 'It is broken.': 'phoneme'." in str(answers["It is broken."].error)
    assert "several rates" in str(answers["two rates\nhere"].error)
    assert "finds nothing to say" in str(answers[" "].error)
    assert len(answers["No."].samples)
    out, err = capsys.readouterr()
    assert out == "" and "creating a pipeline" in err
    with pytest.raises(EngineOutOfMemory, match="smaller model"):
        list(engine.speak([line("heavy")]))


def test_a_model_that_can_not_be_loaded(engine, tmp_path):
    (tmp_path / "model" / "model.safetensors").unlink()
    with pytest.raises(VoiceError, match="can't load .*: No safetensors found"):
        list(engine.speak([line("No.")]))
    (tmp_path / "model" / "config.json").write_text("[")
    other = MlxAudioEngine(EngineSetup(str(tmp_path / "model"), {}, tmp_path))
    with pytest.raises(VoiceError, match=r"config\.json can't be read"):
        other.check(Voice("mara"), ["en"])


def test_it_is_closed_between_lines(engine):
    talk = engine.speak([line("No."), line("Yes.")])
    next(talk)
    engine.close()
    with pytest.raises(EngineDied):
        next(talk)


def test_facts_and_memory(engine):
    list(engine.speak([line("No.")]))
    assert facts_of(engine)["mlx-audio"] == "mlx-audio 1" and facts_of(engine)["device"] in ("cpu", "gpu")
    assert engine.peak_bytes([line("No."), line("A longer line.")]) > engine.peak_bytes([line("No.")]) > 0


def test_without_the_package_the_install_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlx_audio", None)
    monkeypatch.delitem(sys.modules, "mlx_audio.tts.utils", raising=False)
    engine = MlxAudioEngine(EngineSetup(str(checkpoint(tmp_path / "model")), {}, tmp_path))
    for ask in (lambda: engine.check(Voice("mara"), ["en"]), lambda: list(engine.speak([line("No.")]))):
        with pytest.raises(VoiceError, match=r"pip install \"dotsbook\[mlx-audio\]\""):
            ask()


# ── files ──


def test_identity_is_the_files_or_the_hubs_commit(engine, package, tmp_path):
    same = MlxAudioEngine(EngineSetup(str(checkpoint(tmp_path / "again")), {}, tmp_path))
    other = MlxAudioEngine(EngineSetup(str(checkpoint(tmp_path / "other", norm=1)), {}, tmp_path))
    assert engine.identity == same.identity != other.identity
    place = tmp_path / "models--me--chirp-bf16" / "snapshots" / "abc123"
    assert (
        MlxAudioEngine(EngineSetup(str(checkpoint(place)), {}, tmp_path)).identity
        == "mlx-audio:me/chirp-bf16@abc123"
    )
    assert revision_of(tmp_path) is None


def test_a_model_that_is_not_here(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(VoiceError, match="hf download me/nothing`"):
        folder_of("me/nothing")
    with pytest.raises(VoiceError, match="hf download me/nothing --revision v1`"):
        folder_of("me/nothing@v1")
    with pytest.raises(VoiceError, match="no name on the hub"):
        folder_of("./a/b/c")
    with pytest.raises(VoiceError, match="needs a `model:`"):
        folder_of(None)


def test_a_book_names_it(package, tmp_path):
    checkpoint(tmp_path / "model")
    (tmp_path / "a.md").write_text("# One\n\nNo.\n")
    (tmp_path / "book.yaml").write_text(
        "title: A\nlanguage: en\nsource: a.md\nengine: mlx-audio\nmodel: ./model\n"
        "voices: {narrator: {options: {voice: ann}}, b: {options: {voice: bob}}}\n"
    )
    project = open_project(tmp_path / "book.yaml")
    narrator, b = voice_of(project, "narrator"), voice_of(project, "b")
    assert narrator.fingerprint != b.fingerprint and narrator.engine == b.engine
    assert engine_of(project, "b").key == "mlx-audio ./model"
    opened = open_engines(project, ["narrator", "b"])
    [found] = opened.speak([Request("No.", narrator, "en", 1)])
    assert found.rate == RATE and len(found.samples) == 300
    quick = Voice("narrator", settings=narrator.settings | {"tempo": 2.0})
    [found] = open_engine(EngineChoice("mlx-audio", str(tmp_path / "model")), tmp_path).speak(
        [Request("No, no, no, no, no, no, no.", quick, "en", 1)]
    )
    assert len(found.samples) < 2000  # stretched, at the line's own rate


def test_a_new_book_tells_how_its_model_is_fetched(tmp_path):
    made = begin(tmp_path / "book", None, engine="mlx-audio")
    begun = SPEC.begins_with("en")
    assert made.pull == f"hf download {begun['model']}"
    assert engine_of(open_project(tmp_path / "book"), "narrator").model == begun["model"]


def test_options_that_are_refused():
    assert spec_of("mlx-audio") is SPEC and "design" in SPEC.can
    for wrong in ({"extra": {"text": "x"}}, {"speed": 0}, {"voice": ""}, {"nothing": 1}):
        with pytest.raises(ValidationError):
            SPEC.options.model_validate(wrong)
