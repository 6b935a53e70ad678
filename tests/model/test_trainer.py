"""A training's order, its state on disk, its adapters in files."""

import numpy as np
import pytest

from dotsbook.errors import ModelError
from dotsbook.model.training.bucketing import BatchBudget, BatchOrder, epoch, over_budget


def test_an_epoch_holds_each_example_once_within_the_budget():
    dice = np.random.default_rng(0)
    patches, tokens = dice.integers(3, 90, 257).tolist(), dice.integers(20, 400, 257).tolist()
    budget = BatchBudget(188, 1024)
    batches = epoch(patches, tokens, budget, 42, 0)
    assert sorted(i for batch in batches for i in batch) == list(range(257))
    for batch in batches:
        assert max(patches[i] for i in batch) * len(batch) <= 188
        assert max(tokens[i] for i in batch) * len(batch) <= 1024
        assert patches[batch[0]] == max(patches[i] for i in batch)
    used = sum(sum(patches[i] for i in batch) for batch in batches)
    room = sum(max(patches[i] for i in batch) * len(batch) for batch in batches)
    assert used / room > 0.9  # little is padded
    assert batches == epoch(patches, tokens, budget, 42, 0) != epoch(patches, tokens, budget, 42, 1)
    assert over_budget([189, 3], [1, 2000], budget) == [0, 1]


def test_the_order_goes_on_from_any_place():
    order = BatchOrder([4, 5, 6, 7], [9] * 4, BatchBudget(14), 1)
    every = [order.at(i) for i in range(12)]
    assert [BatchOrder([4, 5, 6, 7], [9] * 4, BatchBudget(14), 1).at(i) for i in (11, 3)] == [
        every[11],
        every[3],
    ]


def test_another_training_s_state_is_refused(tiny, tmp_path):
    from training_parts import trainer

    one = trainer(tiny("fm"), tmp_path, 2)
    list(one.run())
    with pytest.raises(ModelError, match="other settings"):
        trainer(tiny("fm"), tmp_path, 2, told="otherwise").resume()
    assert trainer(tiny("fm"), tmp_path, 2).resume() == 2


def test_a_stop_saves_and_says_so(tiny, tmp_path):
    from training_parts import trainer

    from dotsbook.model.training.trainer import StateSaved, TrainingEnded

    events = list(trainer(tiny("fm"), tmp_path, 50).run(stop=lambda: True))
    assert events[-2:] == [StateSaved(0), TrainingEnded(0, False)]


def test_an_adapter_is_read_as_it_was_written_and_fits_where_it_should(tiny, tmp_path):
    import mlx.core as mx

    from dotsbook.model.dots import Dots
    from dotsbook.model.training import adapter_file
    from dotsbook.model.training.adapters import AdapterShape, attach, train_adapters_only

    dots = Dots.load(tiny("fm"), dtype="float32", fused=False)
    shape = AdapterShape(rank=4, alpha=8, whole=("eos_proj",))
    attach(dots.core, shape, mx.random.key(1))
    train_adapters_only(dots.core, shape)
    name = "llm.model.layers.0.self_attn.q_proj"
    dots.core.llm.model.layers[0].self_attn.q_proj.lora_b = mx.ones((64, 4)) * 0.1
    facts = adapter_file.AdapterFacts(dots.identity, "data", 7, "mine, 2026-03-02")
    path = tmp_path / "mara.safetensors"
    adapter_file.save_adapter(path, dots.core, shape, facts)
    read = adapter_file.read_adapter(path)
    assert read.facts == facts and read.shape == shape
    assert name in read.layers and "eos_proj.0.weight" in read.whole
    x = mx.random.normal((1, 3, 64), key=mx.random.key(2))
    wanted = np.array(dots.core.llm.model.layers[0].self_attn.q_proj(x))
    other = Dots.load(tiny("mf"), dtype="float32", fused=False)  # the MeanFlow child has the same shapes
    base = np.array(other.core.llm.model.layers[0].self_attn.q_proj(x))
    adapter_file.put_on(other.core, read)
    moved = np.array(other.core.llm.model.layers[0].self_attn.q_proj(x)) - base
    own = wanted - np.array(dots.core.llm.model.layers[0].self_attn.q_proj.linear(x))
    np.testing.assert_allclose(moved, own, atol=1e-4)
    wider = Dots.load(tiny("fm", llm_hidden=128), dtype="float32", fused=False)
    with pytest.raises(ModelError, match="another model's"):
        adapter_file.put_on(wider.core, read)
    for cut in (0, 100, path.stat().st_size - 1):
        damaged = tmp_path / "cut.safetensors"
        damaged.write_bytes(path.read_bytes()[:cut])
        with pytest.raises(ModelError):
            adapter_file.read_adapter(damaged)
    with pytest.raises(ModelError, match="not an adapter"):
        adapter_file.read_adapter(tiny("fm") / "model.safetensors")
