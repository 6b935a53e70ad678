"""The engine `kokoro`, on a graph of a few nodes with the real one's inputs and outputs."""

import numpy as np
import pytest

from dotsbook.errors import VoiceError
from dotsbook.project import open_project
from dotsbook.voices import readings
from dotsbook.voices.catalogue import engine_of, voice_of
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.kokoro import KokoroEngine
from dotsbook.voices.kokoro_alphabet import NUMBERS, english, lines_within, numbers_of_symbols, other
from dotsbook.voices.kokoro_files import KokoroFiles, hub_files, language_of
from dotsbook.voices.spec import EngineSetup
from dotsbook.voices.weights import weights_of
from tests.voices.tiny_onnx import kokoro_folder

pytest.importorskip("espeakng_loader")
pytest.importorskip("onnxruntime")
INT32 = 6  # TensorProto.DataType
LINE = "The lamp had burned for years."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return kokoro_folder(tmp_path_factory.mktemp("kokoro"))


@pytest.fixture
def engine(folder, tmp_path):
    engine = KokoroEngine(EngineSetup(str(folder), {}, tmp_path))
    yield engine
    engine.close()


def line(text=LINE, language="en", seed=1, **settings):
    return Request(text, Voice("mara", settings={"tempo": 1.0} | settings), language, seed, text)


def spoken(engine, *requests):
    return {one.request.tag: one.samples for one in engine.speak(requests)}


def test_a_line_is_the_same_whatever_is_beside_it(engine):
    lines = [line(text) for text in (LINE, "No.", "Who counts the oil? Nobody does.")]
    together, backwards = spoken(engine, *lines), spoken(engine, *lines[::-1])
    assert all(together[text].tobytes() == backwards[text].tobytes() for text in together)
    assert spoken(engine, line(seed=2))[LINE].tobytes() == together[LINE].tobytes()


def test_voices_and_tempo_are_heard(engine):
    plain = spoken(engine, line())[LINE]
    other_one = spoken(engine, line(voice="bm_george"))[LINE]
    assert not np.array_equal(plain[: len(other_one)], other_one[: len(plain)])
    assert len(spoken(engine, line(tempo=2.0))[LINE]) == pytest.approx(len(plain) / 2, rel=0.01)


def test_the_style_is_that_of_the_lines_length(engine):
    """The tiny model's tone rises with the style's number: the row of a line of n symbols is row n - 1."""
    table = engine.table("af_heart")
    sound = engine.spoken([43, 43, 43], table, 1.0)
    level = 0 + table[2][0]  # the first token is the pad
    place = np.arange(900)
    assert np.allclose(sound[:900], 0.3 * np.sin(place * (0.05 + 0.0004 * level)), atol=1e-3)


def test_japanese(engine, monkeypatch):
    pytest.importorskip("janome")
    [said] = engine.sentences("さくら。", "jf_alpha")
    assert said == "sakɯɾa."
    assert engine.check(Voice("mara", settings={"voice": "jf_alpha"}), ["ja"]) == []
    monkeypatch.setattr(readings, "dictionary", lambda: None)
    assert engine.check(Voice("mara", settings={"voice": "jf_alpha"}), ["ja"]) == [readings.MISSING]


def test_what_it_refuses(engine):
    def check(name, *languages):
        return engine.check(Voice("mara", settings={"voice": name}), languages)

    assert check("af_heart", "en") == []
    assert "reads as if it were en" in check("af_heart", "en", "de")[0]
    for name, languages, words in (
        ("af_heart", ["ja"], "speaks en, and no ja"),
        ("zf_xiaobei", ["zh"], "speaks a language that isn't read here"),
        ("heart", ["en"], "no Kokoro voice's name"),
        ("af_nobody", ["en"], "has no voice af_nobody; there are af_heart"),
    ):
        with pytest.raises(VoiceError, match=words):
            check(name, *languages)
    [answer] = engine.speak([line("…")])
    assert "finds nothing to say" in str(answer.error)


def test_conversions_with_other_names(tmp_path):
    folder = kokoro_folder(tmp_path / "other", tokens="input_ids", speed=INT32)
    engine = KokoroEngine(EngineSetup(str(folder), {}, tmp_path))
    assert len(spoken(engine, line())[LINE])
    engine.close()


def test_files(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert hub_files("af_heart", "int8").names == ("onnx/model_quantized.onnx", "voices/af_heart.bin")
    with pytest.raises(VoiceError, match="voice pull af_heart"):
        _ = KokoroFiles(None, "full").model
    (tmp_path / "empty").mkdir()
    with pytest.raises(VoiceError, match="holds no .onnx"):
        _ = KokoroFiles(str(tmp_path / "empty"), "int8").model
    table = KokoroFiles(str(folder), "int8").table("af_heart")
    assert table.shape == (510, 256)
    (tmp_path / "voices").mkdir()
    table.tofile(tmp_path / "voices" / "af_own.bin")
    assert np.array_equal(KokoroFiles(str(tmp_path), "int8").table("af_own"), table)
    (tmp_path / "voices" / "af_bad.bin").write_bytes(b"abcd" * 10)
    with pytest.raises(VoiceError, match="isn't a Kokoro voice"):
        KokoroFiles(str(tmp_path), "int8").table("af_bad")
    (tmp_path / "voices.npz").write_bytes(b"PK nonsense")
    with pytest.raises(VoiceError, match="isn't a file of Kokoro voices"):
        KokoroFiles(str(tmp_path), "int8").table("af_gone")


def test_a_book_names_it(folder, tmp_path):
    (tmp_path / "a.md").write_text("# One\n\nNo.\n")
    (tmp_path / "book.yaml").write_text(
        f"title: A\nlanguage: en\nsource: a.md\nengine: kokoro\nmodel: {folder}\n"
        "voices: {narrator: {}, b: {options: {voice: bm_george}}}\n"
    )
    project = open_project(tmp_path / "book.yaml")
    narrator, b = voice_of(project, "narrator"), voice_of(project, "b")
    assert narrator.engine == b.engine and narrator.fingerprint != b.fingerprint
    assert weights_of(engine_of(project, "b"), tmp_path).keys() == {"kokoro.onnx"}


def test_english_in_its_symbols():
    assert english("ðɪ ˈo^ʊld d^ʒˈʌd^ʒᵻz bˈɔ^ɪ", british=False) == "ðɪ ˈOld ʤˈʌʤᵻz bˈY"
    assert english("bˈɜːd fˈɑːðɚ", british=False) == "bˈɜɹd fˈɑðəɹ"
    assert english("ˈə^ʊld hˈe^ə", british=True) == "ˈQld hˈɛː"
    assert english("bˈʌtn\u0329", british=False) == "bˈʌtᵊn"
    assert other("t^ʃˈa^ʊ") == "ʧˈW"
    assert numbers_of_symbols("ɡ☃a") == [92, 43] and len(NUMBERS) == 114


def test_lines_are_as_long_as_is_spoken_well():
    assert lines_within(["a b.", "c d."], 10) == ["a b. c d."]
    assert lines_within(["a b.", "c d."], 8) == ["a b.", "c d."]
    assert lines_within(["aa bb, cc dd ee"], 8) == ["aa bb,", "cc dd ee"]
    long = "word " * 300
    assert all(len(piece) <= 400 for piece in lines_within([long], 400))
    assert " ".join(lines_within([long], 400)) == long.strip()
    assert "".join(lines_within(["x" * 1000], 400)) == "x" * 1000


def test_languages_by_name():
    assert [language_of(name) for name in ("af_heart", "bm_george", "jf_alpha", "pm_alex")] == [
        "en-US",
        "en-GB",
        "ja",
        "pt-BR",
    ]
