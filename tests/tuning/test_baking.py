"""Adapters baked into models: the sound stays, what it was made of is told, and what doesn't fit is said."""

import json

import pytest

from dotsbook.errors import ModelError, OutputError, SourceError
from dotsbook.tuning.baking import BakePlan, bake
from tests.model.tiny import write_tiny

PACKED = "llm.model.layers.0.mlp.up_proj"


@pytest.fixture(scope="module")
def made(tmp_path_factory, tiny_fm):
    """made(**kind): an adapter as if trained long, of every layer and the stop head, by AdapterShape's switches."""
    import mlx.core as mx

    from dotsbook.model.dots import Dots
    from dotsbook.model.training.adapter_file import AdapterFacts, save_adapter
    from dotsbook.model.training.adapters import AdapterShape, adapters, attach, train_adapters_only

    dots = Dots.load(tiny_fm, dtype="float32", fused=False)

    def adapter(**kind):
        core = Dots.load(tiny_fm, dtype="float32", fused=False).core
        shape = AdapterShape(rank=4, alpha=8, whole=("eos_proj",), **kind)
        attach(core, shape, mx.random.key(0))
        train_adapters_only(core, shape)
        for number, (_, module) in enumerate(adapters(core)):
            module.lora_b = 0.1 * mx.random.normal(module.lora_b.shape, key=mx.random.key(number))
        core.eos_proj[0].weight = core.eos_proj[0].weight * 1.1
        path = tmp_path_factory.mktemp("adapter") / "mara.safetensors"
        facts = AdapterFacts(dots.identity, "datahash", 7, "M. Doe, 2026-03-02", "CC0")
        save_adapter(path, core, shape, facts)
        return path

    return adapter


@pytest.fixture(scope="module")
def lora(made):
    return made()


def said(dots):
    from dotsbook.model.sampling import SamplingOptions

    few = SamplingOptions(max_patches=4, num_steps=2, eos_threshold=1.0)
    return dots.speak("The tide.", sampling=few, seed=3)


def decibels(base, adapter, strength, folder):
    """How far a baked model's sound is from that of the base with the adapter beside it."""
    from dotsbook.model.adapted import adapted
    from dotsbook.model.dots import Dots
    from dotsbook.model.golden_stage import snr
    from dotsbook.model.training.adapter_file import read_adapter

    dots = Dots.load(base, dtype="float32", fused=False)
    wanted = said(adapted(dots, read_adapter(adapter), strength))
    assert snr("base", said(dots), wanted, "waveform").value < 40, "it changes what is heard"
    return snr("baked", said(Dots.load(folder, dtype="float32")), wanted, "waveform").value


@pytest.mark.parametrize(("kind", "strength"), [({}, 1.0), ({"dora": True}, 0.7), ({"rslora": True}, 0.7)])
def test_a_baked_model_sounds_as_the_adapter_beside_its_base(made, tiny_fm, tmp_path, kind, strength):
    adapter = made(**kind)
    bake(BakePlan(adapter, str(tiny_fm), tmp_path / "out", strength=strength))
    assert decibels(tiny_fm, adapter, strength, tmp_path / "out") >= 80


def test_a_meanflow_child_takes_it_as_well(lora, tmp_path):
    child = write_tiny(tmp_path / "child", kind="mf")
    found = bake(BakePlan(lora, str(child), tmp_path / "out"))
    assert found.about["solver"] == "meanflow" and "another model" in found.remarks[0]
    assert decibels(child, lora, 1.0, tmp_path / "out") >= 80


def test_a_packed_base_is_unpacked_and_packed_again(lora, tmp_path):
    import mlx.core as mx

    from dotsbook.model.checkpoint.opening import open_checkpoint
    from dotsbook.model.network.loading import unpacked
    from dotsbook.model.training.adapter_file import read_adapter
    from dotsbook.model.training.fused_weights import fused_weights

    base = open_checkpoint(write_tiny(tmp_path / "base", layout="shraey", bits=4))
    found = bake(BakePlan(lora, str(base.folder), tmp_path / "out"))
    assert found.about["quantization"] == {"bits": 4, "group_size": 64, "components": ["llm"]}
    assert "rounded away" in found.remarks[-1]
    dense = fused_weights(unpacked(base.weights("core"), base.quantization), None, read_adapter(lora))
    wanted = mx.quantize(dense[f"{PACKED}.weight"], 64, 4)[0]
    core, before = open_checkpoint(tmp_path / "out").weights("core"), base.weights("core")
    assert mx.array_equal(core[f"{PACKED}.weight"], wanted)
    assert not mx.array_equal(core[f"{PACKED}.weight"], before[f"{PACKED}.weight"])
    kept = "llm.model.embed_tokens.weight"
    assert mx.array_equal(core[kept], before[kept]), "what isn't changed keeps its bits"
    bake(BakePlan(lora, str(base.folder), tmp_path / "dense", bits=16, dtype="float32"))
    assert decibels(base.folder, lora, 1.0, tmp_path / "dense") >= 80
    found = bake(BakePlan(lora, str(base.folder), tmp_path / "eight", bits=8))
    assert found.about["quantization"]["bits"] == 8 and found.about["precision"] == "bfloat16"


def test_the_folder_says_whose_voice_is_in_it(lora, tiny_fm, tmp_path, capsys):
    from dotsbook.cli.app import run
    from dotsbook.model.checkpoint.integrity import check_hashes

    words = ["tune", "bake", str(lora), "--into", str(tiny_fm), "--bits", "4", "--strength", "0.8", "--json"]
    assert run(words) == 0
    told = json.loads(capsys.readouterr().out)
    folder = lora.with_name("mara-in-model-int4")
    assert told["folder"] == str(folder) and told["quantization"]["bits"] == 4
    [one] = told["baked"]
    assert (one["consent"], one["licence"], one["data"]) == ("M. Doe, 2026-03-02", "CC0", "datahash")
    assert one["strength"] == 0.8 and len(one["adapter"]) == 64
    assert "config.json" in check_hashes(folder)
    again = bake(BakePlan(lora, str(folder), tmp_path / "twice"))
    assert len(again.about["baked"]) == 2, "what went in before is still told"
    assert run(["model", "info", str(folder)]) == 0
    assert "consent: M. Doe, 2026-03-02" in capsys.readouterr().out


def test_all_weights_that_were_trained_take_the_place_of_the_base_s(tiny_fm, tmp_path):
    import mlx.core as mx
    from mlx.utils import tree_flatten

    from dotsbook.model.checkpoint.opening import open_checkpoint
    from dotsbook.model.dots import Dots
    from dotsbook.model.training.adapter_file import AdapterFacts, save_adapter
    from dotsbook.model.training.adapters import AdapterShape, train_everything

    core = Dots.load(tiny_fm, dtype="float32", fused=False).core
    train_everything(core)
    core.hidden_proj.weight = core.hidden_proj.weight + 0.1
    facts = AdapterFacts("", "", 1, "mine", method="full")
    save_adapter(tmp_path / "full.safetensors", core, AdapterShape(layers=(), whole=()), facts)
    bake(BakePlan(tmp_path / "full.safetensors", str(tiny_fm), tmp_path / "out"))
    found = open_checkpoint(tmp_path / "out").weights("core")
    wanted = dict(tree_flatten(core.parameters()))
    assert all(mx.array_equal(found[name], wanted[name]) for name in wanted)


def test_what_does_not_fit_is_said_and_nothing_is_left(lora, tiny_fm, tmp_path):
    wider = write_tiny(tmp_path / "wider", llm_hidden=128)
    with pytest.raises(ModelError, match="another model's"):
        bake(BakePlan(lora, str(wider), tmp_path / "out"))
    with pytest.raises(SourceError, match="no adapter"):
        bake(BakePlan(tmp_path / "none", str(tiny_fm), tmp_path / "out"))
    with pytest.raises(ModelError, match="not 5"):
        bake(BakePlan(lora, str(tiny_fm), tmp_path / "out", bits=5))
    with pytest.raises(OutputError, match="nothing is overwritten"):
        bake(BakePlan(lora, str(tiny_fm), wider))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wider"]
