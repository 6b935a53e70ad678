"""Compares this implementation with golden outputs, stage by stage. It knows their files and tolerances.

    python -m dotsbook.model.parity CHECKPOINT GOLDEN_DIR [--teacher CHECKPOINT] [--json]

Every golden in the folder is run in float32; a table goes out, and the exit code is 1 if any stage fails. A folder with a
train.json holds goldens of training; those of distillation need the teacher's checkpoint too, which is looked for beside the
first under the name that train.json has for it.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.errors import DotsbookError
from dotsbook.model.enrolment import SPEAKER_SCALE, prepare, speaker_vectors
from dotsbook.model.fbank import filterbanks
from dotsbook.model.golden_stage import (
    StageResult,
    decoded,
    differing,
    error,
    same_ids,
    sampling_of,
    snr,
    sound_of,
)
from dotsbook.model.resample import resample_prompt
from dotsbook.model.sampling import resolve

if TYPE_CHECKING:  # MLX is imported by the functions that need it: OpenBLAS must be loaded before it
    from dotsbook.model.dots import Dots


def run(checkpoint: str, folder: Path, teacher: str | None = None) -> Iterator[StageResult]:
    """Compare every golden in `folder`, from the features to the waveform. DotsbookError if the checkpoint can't be read."""
    from safetensors.numpy import load_file

    from dotsbook.model.dots import Dots
    from dotsbook.model.editing.edit_goldens import edit_stages
    from dotsbook.model.live_goldens import live_stages

    trained = (folder / "train.json").is_file()
    dots = Dots.load(checkpoint, dtype="float32", fused=not trained)
    if trained:
        from dotsbook.model.training.golden_training import run_training

        yield from run_training(dots, folder, teacher)
        return
    stages = (_fbank, _speaker, _audiovae, _patch_encoder, _llm, _dit)
    for path in sorted(folder.glob("resample_*.safetensors")):
        yield from _resample(path.stem, load_file(path))
    for stage in stages:
        path = folder / f"{stage.__name__[1:]}.safetensors"
        if path.is_file():
            yield from stage(dots, load_file(path))
    cases = folder / "e2e.json"
    settings = json.loads(cases.read_text("utf-8")) if cases.is_file() else {}
    for path in sorted(folder.glob("e2e_*.safetensors")):
        name = path.stem.removeprefix("e2e_")
        yield from _e2e(dots, name, settings.get(name, {}), load_file(path), folder)
    yield from edit_stages(dots, folder)
    yield from live_stages(dots, folder)


def _resample(name: str, golden: dict) -> Iterator[StageResult]:
    rate, target = (int(hertz) for hertz in name.split("_")[1:])
    found = resample_prompt(golden["input"].reshape(-1), rate, target)
    yield error(name, found, golden["output"].reshape(-1), "features")


def _fbank(dots: "Dots", golden: dict) -> Iterator[StageResult]:
    yield error(
        "fbank", filterbanks(golden["waveform_16k"].reshape(-1)), golden["fbank"].reshape(-1, 80), "features"
    )


def _speaker(dots: "Dots", golden: dict) -> Iterator[StageResult]:
    import mlx.core as mx

    features = mx.array(golden["fbank"].reshape(1, -1, 80))
    for name, masked in (("embedding", False), ("embedding_masked", True)):
        if name in golden:
            yield error(
                f"speaker, {name}", dots.speaker(features, masked)[0], golden[name].reshape(-1), "network"
            )
    if "embedding_from_waveform" in golden:
        found, _ = speaker_vectors(dots.core, dots.speaker, dots.config, golden["waveform"].reshape(-1), 1.0)
        yield error(
            "speaker, embedding_from_waveform",
            found,
            golden["embedding_from_waveform"].reshape(-1),
            "network",
        )


def _audiovae(dots: "Dots", golden: dict) -> Iterator[StageResult]:
    import mlx.core as mx

    from dotsbook.model.stream import decode_latents

    encoded = dots.vae.encode(mx.array(golden["waveform"].reshape(1, -1)))[0].T
    yield error("audiovae, encoder", encoded, golden["mean_logstd"].reshape(encoded.shape), "network")
    latents = golden["latents"].reshape(dots.config.latent_dim, -1).T
    yield snr("audiovae, decoder", decode_latents(dots.vae, latents), golden["decoded"], "decoder")


def _patch_encoder(dots: "Dots", golden: dict) -> Iterator[StageResult]:
    import mlx.core as mx

    encoder, latents = dots.core.patch_encoder, mx.array(golden["latents"])
    yield error(
        "patch_encoder", encoder(latents, encoder.begin(len(latents))), golden["embeddings"], "network"
    )


def _llm(dots: "Dots", golden: dict) -> Iterator[StageResult]:
    import mlx.core as mx

    from dotsbook.model.network.caches import KVCache
    from dotsbook.model.network.llm import hidden_states

    ids = mx.array(golden["ids"])
    cache = KVCache(len(dots.core.llm.model.layers), len(ids))
    hidden = hidden_states(dots.core.llm, dots.core.embed(ids), cache)
    yield error("llm, hidden", hidden, golden["hidden"], "network")
    yield error("llm, eos_logits", dots.core.eos_logits(hidden), golden["eos_logits"], "network")


def _dit(dots: "Dots", golden: dict) -> Iterator[StageResult]:
    import mlx.core as mx

    x, t, g_cond, mask, positions = (mx.array(golden[k]) for k in ("x", "t", "g_cond", "mask", "pos_ids"))
    duration = mx.array(golden["duration"]) if "duration" in golden else None
    dit = dots.core.velocity_field_predictor
    yield error(
        "dit", dit(x, dit.modulations(t, duration, g_cond), mask, positions), golden["velocity"], "network"
    )


def _e2e(dots: "Dots", name: str, settings: dict, golden: dict, folder: Path) -> Iterator[StageResult]:
    """A whole utterance with the reference's own noise."""
    from dotsbook.model.dots import Utterance
    from dotsbook.model.stream import decode_latents

    stage, latent_dim = f"e2e {name}", dots.config.latent_dim
    room = settings.get("max_generate_length", len(golden["patch_noise"]))
    sampling = resolve(sampling_of(settings, dots.config, room), dots.config)
    profile = None
    if settings.get("reference"):
        channels, rate = sound_of(folder / settings["reference"])
        waveform = channels.mean(axis=0)
        if "prompt_waveform" in golden:
            found, wanted = prepare(waveform, rate, dots.rate), golden["prompt_waveform"].reshape(-1)
            yield error(f"{stage}, prompt_waveform", found, wanted, "features")
        profile = dots.enroll(
            waveform,
            rate,
            settings.get("prompt_text"),
            noise=golden["prompt_noise"].reshape(latent_dim, -1) if "prompt_noise" in golden else None,
            speaker_scale=settings.get("speaker_scale", SPEAKER_SCALE),
        )
    utterance = Utterance(
        settings["text"], profile, settings.get("language"), sampling, noise=golden["patch_noise"]
    )
    row = dots.ready(0, utterance, sampling)
    yield same_ids(
        f"{stage}, schedule",
        [*row.ids, *[dots.tokens.span] * room],
        golden["schedule_ids"].reshape(-1).tolist(),
    )
    patches = decoded(dots.begin([row], dots.solver(sampling)))
    wanted = golden["latents"].reshape(-1, latent_dim)
    yield differing(f"{stage}, patches", len(patches), len(wanted) // dots.config.patch_size)
    if "eos_probs" in golden:
        probabilities = golden["eos_probs"].reshape(-1)
        yield error(f"{stage}, eos_probs", row.end_probabilities, probabilities, "latents")
    latents = dots.denormalise(np.concatenate(patches)) if patches else np.zeros((0, latent_dim))
    yield error(f"{stage}, latents", latents, wanted, "latents")
    sound = decode_latents(dots.vae, latents) if patches else np.zeros(0)
    yield snr(f"{stage}, waveform", sound, golden["waveform"], "waveform")


def table(results: list[StageResult]) -> str:
    width = max((len(r.stage) for r in results), default=0)
    rows = [
        f"{'ok  ' if r.passed else 'FAIL'}  {r.stage:<{width}}  {r.value:10.3g}  {r.measure} against {r.bound:g}"
        for r in results
    ]
    return "\n".join([*rows, f"{sum(r.passed for r in results)} of {len(results)} passed"])


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m dotsbook.model.parity", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("checkpoint", help="a model folder in any layout, or a hub repo")
    parser.add_argument("goldens", type=Path, help="a folder of golden outputs")
    parser.add_argument("--teacher", help="the checkpoint that a golden of distillation was made with")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    asked = parser.parse_args()
    try:
        results = list(run(asked.checkpoint, asked.goldens, asked.teacher))
    except DotsbookError as failure:
        print(failure, file=sys.stderr)
        return failure.exit_code
    passed = bool(results) and all(r.passed for r in results)
    if asked.json:
        print(json.dumps({"passed": passed, "stages": [asdict(r) | {"passed": r.passed} for r in results]}))
    else:
        print(table(results))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
