"""What a training step takes, against what is foretold: the most memory and the processor's time, with layers kept and made again.

    python -m tests.benchmarks.tune_cost [--sizes small,middle,shallow] [--batches 1x188,3x62] [--ways kept,again] [--method lora]

Random weights in float32 on a CPU, adapters of rank 16 on every layer of LLM and DiT and the stop head whole; batches of 30 seconds.
`shallow` has the released widths and 4, 3 and 2 layers of LLM, DiT and patch encoder, `half` half of the layers, `released` all of
them: 11 GB with layers made again, 16 GB without. Memory is MLX's own count. Time is the processor's, of the step and of the plain
products that it is foretold by; with OPENBLAS_NUM_THREADS=1 a busy machine falls on both alike.
"""

import argparse
import gc
import json
import time
from dataclasses import replace

import numpy as np

from dotsbook.model.blas import prefer_openblas

prefer_openblas()

import mlx.core as mx  # noqa: E402
from mlx.utils import tree_flatten  # noqa: E402

from dotsbook.model.bench.random_model import LLM, RELEASED, random_weights  # noqa: E402
from dotsbook.model.checkpoint.config import llm_config, model_config  # noqa: E402
from dotsbook.model.network.core import Core  # noqa: E402
from dotsbook.model.training.adapters import AdapterShape, attach, train_adapters_only, train_everything  # noqa: E402
from dotsbook.model.training.batch import Example, collate  # noqa: E402
from dotsbook.model.training.draws import step_draws  # noqa: E402
from dotsbook.model.training.learner import Learner  # noqa: E402
from dotsbook.model.training.losses import LossSettings, forward  # noqa: E402
from dotsbook.model.training.optimising import OptimiserSettings  # noqa: E402
from dotsbook.model.training.step_cost import StepCost, StepSize  # noqa: E402
from dotsbook.tuning.batch_fitting import BESIDE  # noqa: E402

SPAN, LETTERS = 257, 12  # the span's id; letters that are spoken in a second
WORDS = 264  # that are known: the released vocabulary is another 0.9 GB that no step touches


def sizes_of(name: str) -> tuple[dict, dict]:
    """(config, language model's config)."""

    def stack(of: str, layers: int, width: int, heads: int) -> dict:
        return RELEASED[of] | {
            "num_layers": layers, "hidden_size": width, "num_heads": heads, "ffn_hidden_size": 4 * width,
        }  # fmt: skip

    def llm(layers: int, width: int, heads: int, inner: int) -> dict:
        return LLM | {
            "num_hidden_layers": layers, "hidden_size": width, "num_attention_heads": heads, "intermediate_size": inner,
        }  # fmt: skip

    if name == "released":
        return RELEASED, LLM
    encoder, dit, language = {
        "small": ((6, 256, 4), (6, 256, 4), (8, 384, 6, 2240)),
        "middle": ((8, 512, 8), (9, 512, 8), (12, 768, 6, 4480)),
        "shallow": ((2, 1024, 16), (3, 1024, 16), (4, 1536, 12, 8960)),
        "half": ((12, 1024, 16), (9, 1024, 16), (14, 1536, 12, 8960)),
    }[name]
    return RELEASED | {"PatchEncoder": stack("PatchEncoder", *encoder), "DiT": stack("DiT", *dit)}, llm(
        *language
    )


def made(name: str, method: str) -> tuple[Core, StepCost]:
    config, language = sizes_of(name)
    config, language = model_config(config), llm_config(language, WORDS)
    core = Core(config, language)
    random_weights(core, 0.5)
    if method == "full":
        train_everything(core)
    else:
        shape = AdapterShape(rank=16, whole=("eos_proj",))
        attach(core, shape, mx.random.key(0))
        train_adapters_only(core, shape)
    mx.eval(core.parameters())
    weights = sum(array.nbytes for _, array in tree_flatten(core.parameters()))
    trained = sum(array.size for _, array in tree_flatten(core.trainable_parameters()))
    return core, StepCost(config, language, weights, trained, method == "full")


def batch_of(core: Core, cost: StepCost, rows: int, patches: int):
    """Clips of that many patches with as much text as is said in them."""
    config, dice = cost.config, np.random.default_rng(0)
    text = round(
        patches * config.patch_samples / config.vocoder.sample_rate * LETTERS / 4
    )  # four letters a token
    ids = np.concatenate([dice.integers(0, 250, text), [256], np.full(patches, SPAN), [258, 259]]).astype(
        np.int32
    )
    frames = patches * config.patch_size
    latents = dice.standard_normal((frames, 2 * config.latent_dim)).astype(np.float32) - 1
    one = Example(
        "clip", ids[:-1], ids[1:], latents, dice.standard_normal(config.speaker_dim).astype(np.float32)
    )
    return collate([one] * rows, SPAN, config.patch_size), StepSize(rows, patches, len(ids) - 1)


def speed(seconds: float = 1.0) -> float:
    """Multiplications and additions of plain matrices in a second of the processor."""
    a, b = mx.random.normal((256, 1536)), mx.random.normal((1536, 1536))
    mx.eval(a @ b)
    began, count = time.process_time(), 0
    while time.process_time() - began < seconds:
        mx.eval(a @ b)
        count += 1
    return 2 * 256 * 1536 * 1536 * count / (time.process_time() - began)


def measured(name: str, method: str, rows: int, patches: int, again: bool) -> dict:
    gc.collect()  # a learner before this one holds itself
    mx.clear_cache()
    core, cost = made(name, method)
    batch, size = batch_of(core, cost, rows, patches)
    latent = cost.config.latent_dim
    settings = LossSettings(mx.zeros(latent), mx.ones(latent), cost.config.patch_size, checkpointing=again)
    learner = Learner(
        core, lambda core, batch, draws: forward(core, batch, draws, settings), OptimiserSettings(clip=1.0)
    )
    draws = replace(step_draws(mx.random.key(1), rows, batch.frames, latent), dropout=None)
    mx.eval(learner.arrays(), list(vars(batch).values())[:8])
    mx.clear_cache()
    before, standing = speed(), mx.get_active_memory()
    mx.reset_peak_memory()
    began, clock = time.process_time(), time.monotonic()
    learner.update([(batch, draws)])
    busy, waited = time.process_time() - began, time.monotonic() - clock
    peak = mx.get_peak_memory()
    plain = (before + speed()) / 2
    foretold, seconds = cost.peak(size, again), BESIDE * cost.products(size, again) / plain
    return {
        "size": name,
        "batch": f"{rows} x {patches}",
        "layers": "made again" if again else "kept",
        "weights, GB": round(standing / 1e9, 2),
        "peak, GB": round(peak / 1e9, 3),
        "foretold, GB": round(foretold / 1e9, 3),
        "foretold / peak": round(foretold / peak, 3),
        "activations, GB": round((peak - standing) / 1e9, 3),
        "processor, s": round(busy, 1),
        "foretold, s": round(seconds, 1),
        "foretold / processor": round(seconds / busy, 2),
        "wall, s": round(waited, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="small,middle,shallow")
    parser.add_argument("--batches", default="1x188,3x62")
    parser.add_argument("--ways", default="kept,again")
    parser.add_argument("--method", choices=("lora", "full"), default="lora")
    asked = parser.parse_args()
    for name in asked.sizes.split(","):
        for batch in asked.batches.split(","):
            rows, patches = map(int, batch.split("x"))
            found = {
                way: measured(name, asked.method, rows, patches, way == "again")
                for way in asked.ways.split(",")
            }
            for one in found.values():
                print(json.dumps(one), flush=True)
            if len(found) == 2:
                saved = 1 - found["again"]["activations, GB"] / found["kept"]["activations, GB"]
                print(
                    json.dumps({"size": name, "batch": batch, "activations saved": round(saved, 3)}),
                    flush=True,
                )


if __name__ == "__main__":
    main()
