"""The engine `piper`, on a graph of a few nodes with a real voice's inputs and outputs."""

import json
import threading

import numpy as np
import pytest

from dotsbook.errors import VoiceError
from dotsbook.project import open_project
from dotsbook.voices import onnx_graph
from dotsbook.voices.catalogue import engine_of, open_engine, open_engines, voice_of
from dotsbook.voices.engine import EngineDied, Request, Voice, facts_of
from dotsbook.voices.onnx_graph import with_noise_as_input
from dotsbook.voices.phonemes import Clause, Phonemiser, mark_of, sentences_of
from dotsbook.voices.piper import PiperEngine
from dotsbook.voices.piper_voice import files_of, hub_files, numbers_of, read_config
from dotsbook.voices.spec import EngineChoice, EngineSetup
from dotsbook.voices.weights import weights_of
from tests.voices.tiny_onnx import piper, piper_files

pytest.importorskip("espeakng_loader")
pytest.importorskip("onnxruntime")
LINES = [
    "The lamp had burned for years.",
    "Who counts the oil? Nobody does.",
    "No.",
    "He left, then came back.",
]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return piper_files(tmp_path_factory.mktemp("voice"))


@pytest.fixture
def engine(file, tmp_path):
    engine = PiperEngine(EngineSetup(str(file), {}, tmp_path))
    yield engine
    engine.close()


def line(text, seed=1, **settings):
    return Request(text, Voice("mara", settings={"tempo": 1.0} | settings), "en", seed, text)


def spoken(engine, *requests):
    return {one.request.tag: one.samples for one in engine.speak(requests)}


def test_a_line_is_the_same_whatever_is_beside_it(engine, file, tmp_path):
    together = spoken(engine, *map(line, LINES))
    other = PiperEngine(EngineSetup(str(file), {}, tmp_path))
    backwards = spoken(other, *map(line, LINES[::-1]))
    alone = {text: spoken(other, line(text))[text] for text in LINES}
    other.close()
    assert together.keys() == set(LINES)
    for text in LINES:
        assert together[text].tobytes() == backwards[text].tobytes() == alone[text].tobytes()


def test_another_seed_is_another_reading(engine):
    one, other = (spoken(engine, line(LINES[0], seed))[LINES[0]] for seed in (1, 2))
    assert len(one) == len(other) and not np.array_equal(one, other)
    quiet = [spoken(engine, line(LINES[0], seed, noise=0))[LINES[0]] for seed in (1, 2)]
    assert np.array_equal(*quiet)


def test_each_sentence_is_spoken_by_itself_and_with_noise_of_its_own(engine):
    sound = spoken(engine, line("No. No."))["No. No."]
    gap = round(0.2 * engine.rate)
    half = (len(sound) - gap) // 2
    assert not sound[half : half + gap].any()
    assert not np.array_equal(sound[:half], sound[half + gap :])


def test_tempo_is_the_voices_own(engine, file, tmp_path):
    plain, quick = (spoken(engine, line(LINES[0], tempo=tempo))[LINES[0]] for tempo in (1.0, 2.0))
    assert len(quick) == pytest.approx(len(plain) / 2, rel=0.01)
    opened = open_engine(EngineChoice("piper", str(file)), tmp_path)
    assert isinstance(opened, PiperEngine)  # nothing stretches what it speaks
    opened.close()


def test_speakers(tmp_path):
    file = piper_files(tmp_path, speakers=3)
    engine = PiperEngine(EngineSetup(str(file), {}, tmp_path))
    sounds = [
        spoken(engine, line("No.", noise=0, **who))["No."]
        for who in ({}, {"speaker": "p0"}, {"speaker": "2"})
    ]
    assert np.array_equal(sounds[0], sounds[1]) and not np.array_equal(sounds[0], sounds[2])
    with pytest.raises(VoiceError, match="has no speaker 'p9'; it has p0, p1, p2"):
        engine.check(Voice("mara", settings={"speaker": "p9"}), ["en"])
    with pytest.raises(VoiceError, match="has no speaker '3'"):
        engine.check(Voice("mara", settings={"speaker": "3"}), ["en"])
    engine.close()


def test_languages_it_does_not_speak(engine):
    assert engine.check(Voice("mara"), ["en", "en-GB"]) == []
    assert "reads as if it were en" in engine.check(Voice("mara"), ["en", "fr"])[0]
    with pytest.raises(VoiceError, match="speaks en, and no fr"):
        engine.check(Voice("mara"), ["fr"])
    with pytest.raises(VoiceError, match="has one speaker"):
        engine.check(Voice("mara", settings={"speaker": "p1"}), ["en"])


def test_a_text_without_words_is_an_answer_and_no_end(engine):
    answers = {one.request.tag: one for one in engine.speak([line("…"), line("No.")])}
    assert "finds nothing to say" in str(answers["…"].error)
    assert len(answers["No."].samples)


def test_it_closes_while_it_speaks(engine):
    talk = engine.speak([line(f"{text} {number}") for number in range(40) for text in LINES])
    next(talk)
    threading.Thread(target=engine.close).start()
    with pytest.raises(EngineDied):
        list(talk)


def test_a_book_names_it(file, tmp_path):
    book = tmp_path / "book.yaml"
    (tmp_path / "a.md").write_text("# One\n\nNo.\n")
    book.write_text(
        f"title: A\nlanguage: en\nsource: a.md\nengine: piper\nmodel: {file}\n"
        "voices: {narrator: {}, b: {options: {noise: 0.1}}, c: {options: {voice: en_US-other-low}}}\n"
    )
    project = open_project(book)
    narrator, b = voice_of(project, "narrator"), voice_of(project, "b")
    assert narrator.fingerprint != b.fingerprint and narrator.engine == b.engine
    assert engine_of(project, "c").key != engine_of(project, "b").key
    engine = open_engines(project, ["narrator"])
    assert engine.identity.startswith("piper:") and engine.rate == 16000
    assert weights_of(engine_of(project, "b"), tmp_path).keys() == {file.name, f"{file.name}.json"}
    engine.close()


def test_identity_is_the_weights(file, engine, tmp_path):
    assert PiperEngine(EngineSetup(str(file), {}, tmp_path)).identity == engine.identity
    other = piper_files(tmp_path, inference={"noise_scale": 0.5})
    assert PiperEngine(EngineSetup(str(other), {}, tmp_path)).identity != engine.identity


# ── files ──


def test_where_the_hub_keeps_a_voice():
    found = hub_files("en_US-lessac-medium")
    assert found.repo == "rhasspy/piper-voices"
    assert found.names[0] == "en/en_US/lessac/medium/en_US-lessac-medium.onnx"
    assert hub_files("zh_CN-huayan-x_low").names[1] == "zh/zh_CN/huayan/x_low/zh_CN-huayan-x_low.onnx.json"
    for name in ("lessac", "../../x", "en_US-les/sac-medium", ""):
        with pytest.raises(VoiceError, match="is no Piper voice's name"):
            hub_files(name)


def test_a_voice_that_is_not_here(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(VoiceError, match="dotsbook voice pull en_US-nobody-medium"):
        files_of("en_US-nobody-medium", None)
    with pytest.raises(VoiceError, match="needs a voice"):
        files_of(None, None)
    with pytest.raises(VoiceError, match=r"There is no .*a\.onnx"):
        files_of(None, str(tmp_path / "a.onnx"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"audio": 3}', "\xff", "[" * 100_000])
def test_a_json_that_is_none(tmp_path, text):
    (tmp_path / "a.json").write_text(text, "latin-1")
    with pytest.raises(VoiceError, match="isn't the JSON of a Piper voice"):
        read_config(tmp_path / "a.json")


def test_a_voice_that_reads_otherwise_is_refused(tmp_path):
    file = piper_files(tmp_path, phoneme_type="pinyin")
    with pytest.raises(VoiceError, match="reads 'pinyin'"):
        read_config(file.with_name(f"{file.name}.json"))


def test_numbers_of_phonemes(file):
    config = read_config(file.with_name(f"{file.name}.json"))
    ids = {mark: numbers[0] for mark, numbers in config.ids.items()}
    assert numbers_of("nˈoʊ☃.", config) == [
        ids["^"], 0, ids["n"], 0, ids["ˈ"], 0, ids["o"], 0, ids["ʊ"], 0, ids["."], 0, ids["$"],
    ]  # fmt: skip
    assert numbers_of("☃.", config) == []


# ── the graph ──


def test_a_model_without_noise_stays_as_it_is(file):
    changed, noisy = with_noise_as_input(file.read_bytes())
    assert noisy and changed != file.read_bytes()
    assert with_noise_as_input(changed) == (changed, False)


def test_noise_of_another_kind_is_refused():
    data = piper().replace(b"\x22\x10RandomNormalLike", b"\x22\x0bMultinomial\x1a\x03abc")
    with pytest.raises(VoiceError, match="draws its noise by Multinomial"):
        with_noise_as_input(data)


@pytest.mark.parametrize("data", [b"", b"\xff" * 40, b"hello", b"\x3a\xff\xff\x01abc", piper()[:200]])
def test_what_is_no_model_is_refused(data, tmp_path):
    with pytest.raises(VoiceError, match="no ONNX|fetch it anew"):
        with_noise_as_input(data)


def test_a_damaged_model_is_a_sentence(tmp_path):
    file = piper_files(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"Sin", b"Sim"))
    engine = PiperEngine(EngineSetup(str(file), {}, tmp_path))
    with pytest.raises(VoiceError, match="can't be opened"):
        list(engine.speak([line("No.")]))
    engine.close()


def test_varints():
    for number in (0, 1, 127, 128, 300, 2**40):
        data = memoryview(onnx_graph.number_bytes(number))
        assert onnx_graph.varint(data, 0) == (number, len(data))


# ── phonemes ──


def test_clauses_keep_their_marks():
    phonemiser = Phonemiser()
    found = phonemiser.clauses('"No!" he said; isn\'t it 3.14? Well… (all of it)', "en-us")
    assert [clause.mark for clause in found] == ["!", ";", "?", ".", ""]
    assert found[0].phonemes == "nˈoʊ"
    assert "pɔɪnt" in found[2].phonemes
    assert [clause.mark for clause in phonemiser.clauses("Привет, мир! Как дела?", "ru")] == [",", "!", "?"]
    assert phonemiser.clauses("\0", "en-us") == []
    with pytest.raises(VoiceError, match="no voice"):
        phonemiser.clauses("No.", "nowhere-at-all")
    phonemiser.close()
    with pytest.raises(EngineDied):
        phonemiser.clauses("No.", "en-us")


def test_sentences_of_clauses():
    clauses = [Clause("a", ","), Clause("b", "."), Clause("c", "")]
    assert sentences_of(clauses) == ["a, b.", "c"]
    assert mark_of('he said."  ') == "." and mark_of("然后。”") == "." and mark_of("he said") == ""


def test_initials_and_titles_end_no_sentence():
    phonemiser = Phonemiser()
    for text, count in (
        ("J. R. Smith came by and left.", 1),
        ("St. John saw Dr. Ray.", 1),
        ("It was I. He left.", 2),
        ("He had plan B.", 1),
        ("Well... he left. Good.", 3),
    ):
        assert len(sentences_of(phonemiser.clauses(text, "en-us"))) == count, text
    phonemiser.close()


def test_what_it_speaks_with_is_told(engine):
    list(engine.speak([line("No.")]))
    assert facts_of(engine)["espeak-ng"][0].isdigit() and facts_of(engine)["device"] == "cpu"


def test_a_process_that_dies_is_started_anew():
    phonemiser = Phonemiser()
    before = phonemiser.clauses("No.", "en-us")
    phonemiser.process.process.kill()
    phonemiser.process.process.wait()
    assert phonemiser.clauses("No.", "en-us") == before
    phonemiser.close()


def test_the_json_may_stand_without_what_can_be_guessed(tmp_path):
    file = piper_files(tmp_path)
    config = file.with_name(f"{file.name}.json")
    data = json.loads(config.read_text())
    for key in ("inference", "language", "num_speakers", "speaker_id_map", "phoneme_type"):
        del data[key]
    config.write_text(json.dumps(data))
    read = read_config(config)
    assert (read.noise, read.length, read.count, read.language) == (0.667, 1.0, 1, "en-us")
