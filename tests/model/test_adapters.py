"""Low-rank adapters: what they change, and what they don't."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def dots(tiny):
    from dotsbook.model.dots import Dots

    return Dots.load(tiny("fm"), dtype="float32", fused=False)


@pytest.mark.parametrize("kind", [{}, {"dora": True}, {"rslora": True}])
@pytest.mark.parametrize("packed", [False, True])
def test_an_adapter_begins_as_nothing_and_fuses_into_what_it_is(kind, packed):
    import mlx.core as mx
    import mlx.nn as nn

    from dotsbook.model.training.adapters import AdaptedLinear, AdapterShape

    linear = nn.Linear(64, 96)
    linear = nn.QuantizedLinear.from_linear(linear, 64, 4) if packed else linear
    shape = AdapterShape(rank=4, alpha=8, **kind)
    assert shape.scale == (4.0 if "rslora" in kind else 2.0)
    adapted = AdaptedLinear(linear, shape, mx.random.key(0))
    x = mx.random.normal((2, 5, 64), key=mx.random.key(1))
    assert np.array_equal(np.array(adapted(x)), np.array(linear(x)))
    adapted.lora_b = mx.random.normal(adapted.lora_b.shape, key=mx.random.key(2))
    changed = np.array(adapted(x))
    assert np.abs(changed - np.array(linear(x))).max() > 0.1
    fused = np.array(x @ adapted.fused().T + linear.bias)
    np.testing.assert_allclose(changed, fused, atol=2e-4)
    adapted._strength = 0.5
    np.testing.assert_allclose(np.array(adapted(x)), np.array(x @ adapted.fused().T + linear.bias), atol=2e-4)
    adapted._strength = 0.0
    assert np.array_equal(np.array(adapted(x)), np.array(linear(x)))


def test_untrained_adapters_speak_as_the_base_does(dots, tiny):
    import mlx.core as mx

    from dotsbook.model.dots import Dots
    from dotsbook.model.sampling import SamplingOptions
    from dotsbook.model.training.adapters import AdapterShape, adapters, attach

    other = Dots.load(tiny("fm"), dtype="float32", fused=False)
    names = attach(other.core, AdapterShape(rank=4), mx.random.key(0))
    config = dots.config
    assert len(names) == 7 * dots.checkpoint.llm_config["num_hidden_layers"] + 6 * config.dit.num_layers
    assert len(list(adapters(other.core))) == len(names)
    few = SamplingOptions(max_patches=4, num_steps=2)
    one, two = (each.speak("The tide.", sampling=few, seed=3) for each in (dots, other))
    assert np.array_equal(one, two)


def test_a_pattern_that_fits_nothing_is_named(dots, tiny):
    import mlx.core as mx

    from dotsbook.errors import ModelError
    from dotsbook.model.training.adapters import AdapterShape, attach, train_adapters_only

    with pytest.raises(ModelError, match=r"llm\.layers"):
        attach(dots.core, AdapterShape(layers=("llm.layers.*",)), mx.random.key(0))
    with pytest.raises(ModelError, match="eos_head"):
        train_adapters_only(dots.core, AdapterShape(whole=("eos_head",)))


def test_dropout_comes_from_its_key_alone():
    import mlx.core as mx
    import mlx.nn as nn

    from dotsbook.model.training.adapters import AdaptedLinear, AdapterShape, with_dropout

    class Pair(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = (
                AdaptedLinear(nn.Linear(32, 32), AdapterShape(rank=4, dropout=0.5), mx.random.key(i))
                for i in (1, 2)
            )
            for each in (self.one, self.two):
                each.lora_b = mx.random.normal((32, 4), key=mx.random.key(9))

    pair, x = Pair(), mx.ones((1, 3, 32))
    plain = np.array(pair.one(x))
    with_dropout(pair, mx.random.key(4))
    first, other = np.array(pair.one(x)), np.array(pair.two(x))
    with_dropout(pair, mx.random.key(4))
    assert np.array_equal(first, np.array(pair.one(x))) and np.array_equal(other, np.array(pair.two(x)))
    with_dropout(pair, mx.random.key(5))
    assert not np.array_equal(first, np.array(pair.one(x)))
    with_dropout(pair, None)
    assert np.array_equal(plain, np.array(pair.one(x)))


def test_a_twin_shares_arrays_and_no_layers(dots):
    import mlx.core as mx

    from dotsbook.model.network.second_core import twin

    core = twin(dots.core)
    layer = core.llm.model.layers[0].self_attn
    assert layer.q_proj.weight is dots.core.llm.model.layers[0].self_attn.q_proj.weight
    layer.q_proj.weight = mx.zeros(layer.q_proj.weight.shape)
    assert float(mx.abs(dots.core.llm.model.layers[0].self_attn.q_proj.weight).max()) > 0


def test_an_adapted_model_speaks_otherwise_and_the_base_as_before(dots):
    import mlx.core as mx

    from dotsbook.model.adapted import adapted
    from dotsbook.model.sampling import SamplingOptions
    from dotsbook.model.training.adapter_file import Adapter, AdapterFacts
    from dotsbook.model.training.adapters import AdapterShape

    name = "velocity_field_predictor.blocks.0.ffn.fc1"
    linear = dots.core.velocity_field_predictor.blocks[0].ffn.fc1
    outputs, inputs = linear.weight.shape
    arrays = {
        f"{name}.lora_a": mx.random.normal((2, inputs), key=mx.random.key(1)),
        f"{name}.lora_b": mx.random.normal((outputs, 2), key=mx.random.key(2)) * 0.3,
    }
    adapter = Adapter(AdapterShape(rank=2, alpha=2), AdapterFacts("", "", 1, "mine"), arrays)
    few = SamplingOptions(max_patches=3, num_steps=2)

    def said(model):
        return model.speak("The tide.", sampling=few, seed=3)

    base = said(dots)
    assert np.array_equal(said(adapted(dots, adapter, 0.0)), base)
    assert not np.array_equal(said(adapted(dots, adapter)), base)
    assert np.array_equal(said(dots), base)
