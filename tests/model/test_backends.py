"""What a GPU is given to compute, computed on a CPU: the same numbers, in either precision."""

import importlib
import pkgutil

import numpy as np
import pytest

import dotsbook.model


def spoken(folder, dtype: str):
    """Latents of a cloned line and one without a voice, decoded together; and the types its caches are kept in."""
    import mlx.core as mx

    from dotsbook.model.dots import Dots, Utterance
    from dotsbook.model.sampling import SamplingOptions

    dots = Dots.load(folder, dtype=dtype)
    rate = dots.rate
    t = np.arange(rate) / rate
    voice = dots.enroll((0.3 * np.sin(2 * np.pi * 140 * t)).astype(np.float32), rate, "A reference.")
    sampling = SamplingOptions(eos_threshold=2.0, max_patches=6 + voice.patches)
    lines = [
        Utterance("The tide was out.", voice, "en", sampling, 1),
        Utterance("A longer line than that.", None, "en", sampling, 2),
    ]
    latents = dict(dots.latents_batch(lines))
    decoding = dots.begin([dots.row(i, line) for i, line in enumerate(lines)], dots.solver(sampling))
    decoding.step()
    kept = [decoding._hidden, decoding._llm_token, *decoding._previous, decoding.encoder_state.tail]
    kept += [
        a
        for cache in (*decoding.dit_caches, decoding.llm_cache, decoding.encoder_state.cache)
        for a in cache.arrays()
    ]
    return [latents[i] for i in (0, 1)], {a.dtype for a in kept} == {getattr(mx, dtype)}


@pytest.fixture
def as_on_a_gpu(monkeypatch):
    for found in pkgutil.walk_packages(dotsbook.model.__path__, "dotsbook.model."):
        module = importlib.import_module(found.name)
        if hasattr(module, "on_cpu"):
            monkeypatch.setattr(module, "on_cpu", lambda: False)


@pytest.fixture(scope="module")
def on_a_cpu(tiny):
    return {kind: spoken(tiny(kind), "float32")[0] for kind in ("fm", "mf", "scm")}


@pytest.mark.parametrize("kind", ["fm", "mf", "scm"])
def test_the_arithmetic_of_a_gpu_gives_the_same_latents(tiny, on_a_cpu, as_on_a_gpu, kind):
    found, _ = spoken(tiny(kind), "float32")
    for one, other in zip(found, on_a_cpu[kind], strict=True):
        assert np.abs(one - other).max() < 1e-4


def close(found, wanted) -> bool:
    """A bfloat16 has eight bits: its latents go their own way by a few in a hundred."""
    return all(np.abs(a - b).mean() < 0.05 * np.abs(b).mean() for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", ["fm", "mf", "scm"])
def test_bfloat16_stays_bfloat16_on_a_gpu(tiny, on_a_cpu, as_on_a_gpu, kind):
    found, kept = spoken(tiny(kind), "bfloat16")
    assert kept and close(found, on_a_cpu[kind])


def test_bfloat16_on_a_cpu(tiny, on_a_cpu):
    found, kept = spoken(tiny("fm"), "bfloat16")
    assert kept and close(found, on_a_cpu["fm"])


def test_a_core_in_bfloat16_computes_in_bfloat16(tiny, as_on_a_gpu, monkeypatch):
    """Every array of a step's graph: only the solver's state, noise and odds are float32."""
    import mlx.core as mx

    from dotsbook.model.dots import Dots, Utterance
    from dotsbook.model.sampling import SamplingOptions
    from tests.benchmarks.launches import one_kernel

    for name in ("rms_norm", "layer_norm", "rope", "scaled_dot_product_attention"):
        monkeypatch.setattr(mx.fast, name, one_kernel)
    dots = Dots.load(tiny("mf"), dtype="bfloat16")
    line = Utterance("The tide was out.", None, "en", SamplingOptions(eos_threshold=2.0), 1)
    decoding = dots.begin([dots.row(0, line)], dots.solver(line.sampling))
    decoding.step()
    decoding.step()
    kinds: dict[str, set] = {}

    def note(found: dict) -> None:
        if found["type"] == "primitive":
            for _, shape, dtype in found["outputs"]:
                kinds.setdefault(str(dtype).rpartition(".")[2], set()).add((found["name"], tuple(shape)))

    def one_patch(noise):
        patch = decoding._solve(noise)
        decoding._feed_back(patch)
        return patch, decoding._end, decoding._llm_token, *decoding._previous

    mx.export_function(note, one_patch, decoding._noise())
    latents = dots.config.patch_size * dots.config.latent_dim
    assert len(kinds["bfloat16"]) > 20
    assert all(np.prod(shape, dtype=int) <= latents for _, shape in kinds["float32"]), kinds["float32"]
