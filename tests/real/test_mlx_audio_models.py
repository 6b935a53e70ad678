"""mlx-audio itself with tiny random checkpoints of two of its families, made here: one that clones and has presets (Pocket
TTS), and one that does neither (Soprano)."""

import json

import numpy as np
import pytest

import dotsbook
from dotsbook.audio import read_flac, write_flac
from dotsbook.errors import VoiceError
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.engine import Request, Voice, facts_of
from dotsbook.voices.spec import EngineChoice

pytest.importorskip("mlx_audio", reason="needs the extra `test-real`")
LINES = ["The lamp had burned for years.", "Who counts the oil?", "No."]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?'\"-[]"
LOUDER = 8  # times random weights of a decoder: what they speak would be refused as silence
POCKET = {
    "model_type": "pocket_tts",
    "flow_lm": {"d_model": 16, "num_heads": 2, "num_layers": 1, "dim_feedforward": 32, "max_period": 10000}
    | {"lut_dim": 16, "flow_dim": 16, "flow_depth": 1, "ldim": 4},
    "mimi": {"channels": 1, "sample_rate": 16000, "frame_rate": 12.5, "dimension": 8, "n_filters": 2}
    | {"quantizer_dimension": 4, "quantizer_output_dimension": 8, "n_residual_layers": 1}
    | {"ratios": [8, 8, 5], "kernel_size": 3, "last_kernel_size": 3, "residual_kernel_size": 3}
    | {"dilation_base": 2, "compress": 2, "transformer_d_model": 8, "transformer_num_heads": 2}
    | {"transformer_num_layers": 1, "transformer_layer_scale": 0.01, "transformer_context": 64}
    | {"transformer_max_period": 10000, "transformer_dim_feedforward": 16},
}
SOPRANO = {"model_type": "soprano", "hidden_size": 16, "num_hidden_layers": 1, "intermediate_size": 32}
SOPRANO |= {"num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "rms_norm_eps": 1e-6}
SOPRANO |= {"max_position_embeddings": 2048, "rope_theta": 10000.0, "tie_word_embeddings": False}


def tokenizer(folder):
    """A tokenizer with one number a letter, as a file; how many numbers there are."""
    from tokenizers import Tokenizer, models

    words = ["[UNK]", " ", "[STOP]", "[TEXT]", "[START]", *dict.fromkeys(LETTERS)]
    numbers = {word: number for number, word in enumerate(words)}
    made = Tokenizer(models.BPE(numbers, [], unk_token="[UNK]"))
    made.add_special_tokens(["[STOP]", "[TEXT]", "[START]"])
    made.save(str(folder / "tokenizer.json"))
    return made.get_vocab_size()


def filled(folder, module, config):
    """A model of that config with random weights, as files."""
    import mlx.core as mx
    from mlx.utils import tree_flatten

    (folder / "config.json").write_text(json.dumps(config))
    mx.random.seed(7)
    model = module.Model(module.ModelConfig.from_dict(config | {"model_path": str(folder)}))
    weights = dict(tree_flatten(model.parameters()))
    for name in weights:
        if name.startswith("mimi.decoder.") and name.endswith("weight"):
            weights[name] = weights[name] * LOUDER
    mx.save_safetensors(str(folder / "model.safetensors"), weights)
    return folder


@pytest.fixture(scope="module")
def pocket(tmp_path_factory):
    import mlx.core as mx
    from mlx_audio.tts.models import pocket_tts

    folder = tmp_path_factory.mktemp("pocket")
    numbers = {"n_bins": tokenizer(folder)}
    filled(folder, pocket_tts, POCKET | {"flow_lm": POCKET["flow_lm"] | numbers})
    (folder / "voices").mkdir()
    for name in ("ann", "bob"):
        prompt = {"audio_prompt": mx.random.normal((1, 6, 16))}
        mx.save_safetensors(str(folder / "voices" / f"{name}.safetensors"), prompt)
    return folder


@pytest.fixture(scope="module")
def soprano(tmp_path_factory):
    from mlx_audio.tts.models import soprano

    folder = tmp_path_factory.mktemp("soprano")
    numbers = {"vocab_size": tokenizer(folder)}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[STOP]"})
    )
    return filled(folder, soprano, SOPRANO | numbers)


@pytest.fixture
def recording(tmp_path):
    luck = np.random.default_rng(1)
    write_flac(tmp_path / "voice.flac", luck.uniform(-0.3, 0.3, 24_000 * 4).astype(np.float32), 24_000)
    return tmp_path / "voice.flac"


def spoken(engine, voice, lines, seed=1):
    found = list(engine.speak([Request(text, voice, "en", seed) for text in lines]))
    assert [one.error for one in found] == [None] * len(lines)
    return {one.request.text: one.samples for one in found}, {one.rate for one in found}


def test_a_preset_speaks_and_repeats_itself(pocket, tmp_path):
    engine = open_engine(EngineChoice("mlx-audio", str(pocket)), tmp_path)
    ann, bob = (Voice(name, settings={"tempo": 1.0, "voice": name}) for name in ("ann", "bob"))
    assert engine.check(ann, ["en"]) == []
    (one, rates), (two, _) = (spoken(engine, ann, lines) for lines in (LINES, LINES[::-1]))
    assert rates == {16_000}
    assert all(one[line].tobytes() == two[line].tobytes() and len(one[line]) > 1000 for line in LINES)
    other, _ = spoken(engine, bob, LINES)
    again, _ = spoken(engine, ann, LINES, seed=2)
    assert all(not np.array_equal(one[line], other[line]) for line in LINES)
    assert all(not np.array_equal(one[line], again[line]) for line in LINES)
    with pytest.raises(VoiceError, match="has no voice 'carl'; it has ann, bob"):
        engine.check(Voice("mara", settings={"voice": "carl"}), ["en"])
    with pytest.raises(VoiceError, match="takes no `instruct:`"):
        engine.check(Voice("mara", settings={"instruct": "slow"}), ["en"])
    assert facts_of(engine)["mlx-audio"]
    engine.close()


def test_a_recording_is_cloned(pocket, recording, tmp_path):
    engine = open_engine(EngineChoice("mlx-audio", str(pocket)), tmp_path)
    voice = Voice("mara", recording, "What is spoken.", settings={"tempo": 1.0})
    assert engine.check(voice, ["en"]) == []
    one, rates = spoken(engine, voice, LINES)
    ann, _ = spoken(engine, Voice("ann", settings={"tempo": 1.0, "voice": "ann"}), LINES)
    engine.close()
    assert rates == {16_000}
    assert all(len(one[line]) > 1000 and not np.array_equal(one[line], ann[line]) for line in LINES)


def test_a_model_with_another_rate_and_no_cloning(soprano, recording, tmp_path):
    engine = open_engine(EngineChoice("mlx-audio", str(soprano)), tmp_path)
    voice = Voice("narrator", settings={"tempo": 1.0, "extra": {"max_tokens": 12}})
    (one, rates), (two, _) = (spoken(engine, voice, lines) for lines in (LINES, LINES[::-1]))
    assert rates == {32_000}
    assert all(one[line].tobytes() == two[line].tobytes() and len(one[line]) > 1000 for line in LINES)
    with pytest.raises(VoiceError, match="doesn't clone"):
        engine.check(Voice("mara", recording), ["en"])
    engine.close()


def test_a_book_by_two_families_to_a_finished_file(pocket, soprano, recording, tmp_path):
    """A ready-made voice and a cloned one of Pocket TTS, and Soprano's, in one M4B."""
    from mutagen.mp4 import MP4

    (pocket / "README.md").write_text("---\nlicense: cc-by-4.0\n---\n# Pocket\n")
    (tmp_path / "story.md").write_text(
        '# One\n\nThe boat left.\n\n**Mara:** "Nobody waved."\n\n# Two\n\n**Tom:** "Who counts the oil?"\n'
    )
    (tmp_path / "book.yaml").write_text(
        f"""title: The Ferry
author: A. Writer
language: en
source: story.md
engine: mlx-audio
model: {pocket}
voices:
  narrator: {{options: {{voice: ann}}}}
  mara: {{reference: {recording}, transcript: "What is spoken.", consent: mine}}
  tom: {{model: {soprano}, options: {{extra: {{max_tokens: 30}}}}}}
cast: {{Mara: mara, Tom: tom, default: narrator}}
"""
    )
    with dotsbook.open(tmp_path) as book:
        failed = [event.error for event in book.render() if hasattr(event, "error")]
        assert not failed
        [made] = book.assemble(formats=["m4b"])
        assert book.verify().faults == 0
    rates = {read_flac(take)[1] for take in (tmp_path / ".dotsbook" / "takes").rglob("*.flac")}
    assert rates == {16_000, 32_000}
    finished = MP4(made.path)
    assert [chapter.title for chapter in finished.chapters] == ["One", "Two"]
    assert finished.info.length > 5
    assert "cc-by-4.0 (mlx-audio)" in finished.tags["\xa9cmt"][0]
