"""Compares training with golden outputs: ids, losses, gradients, trajectories, distillation. It knows their files and bounds.

`python -m dotsbook.model.parity` comes here for a folder with a train.json. Losses and gradients start from the golden's own
latents and x-vectors: those of a padded batch differ a little from a clip's alone, which is what our own training uses.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import mlx.core as mx
import numpy as np
from mlx.utils import tree_flatten, tree_unflatten

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.opening import Checkpoint, open_checkpoint
from dotsbook.model.dots import Dots
from dotsbook.model.golden_stage import StageResult
from dotsbook.model.network.core import Core, load_core
from dotsbook.model.training.adapters import AdapterShape, attach, train_adapters_only, train_everything
from dotsbook.model.training.batch import Example, TrainingBatch, collate
from dotsbook.model.training.clip_sound import framed
from dotsbook.model.training.draws import MeanFlowDraws, StepDraws, given_draws
from dotsbook.model.training.learner import Learner
from dotsbook.model.training.losses import LossSettings, forward
from dotsbook.model.training.meanflow import MeanFlowSettings, distil
from dotsbook.model.training.optimising import OptimiserSettings
from dotsbook.model.training.packed import with_packed
from dotsbook.model.training.training_ids import TrainingTokens, eos_of

BOUNDS = {"ids": 0.0, "sample": 1e-4, "loss": 2e-5, "gradient": 1e-4, "trajectory": 1e-4}
SMALL = 1e-7  # a gradient's norm is right within the bound and this much


@dataclass(frozen=True)
class Golden:
    """A folder of them, and the checkpoint they were made with."""

    dots: Dots
    folder: Path
    told: dict  # train.json

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        from safetensors.numpy import load_file

        return load_file(self.folder / f"{name}.safetensors")

    @property
    def checkpoint(self) -> Checkpoint:
        return self.dots.checkpoint

    @cached_property
    def draws(self) -> dict[str, np.ndarray]:
        return self.arrays("draws")

    @property
    def settings(self) -> LossSettings:
        mean, var = self.checkpoint.stats
        return LossSettings(
            mx.array(mean),
            mx.sqrt(mx.array(var)),
            self.dots.config.patch_size,
            self.told["cfg_droprate"],
            self.told["xvec_drop_rate"],
            self.dots.config.fm_sigma,
        )

    def batch(self, ids: dict[str, np.ndarray]) -> TrainingBatch:
        found = self.arrays("forward")
        examples = []
        for row, frames in enumerate(found["latent_lengths"]):
            length = int(ids["input_ids_lengths"][row])
            examples.append(
                Example(
                    self.told["fids"][row],
                    ids["input_ids"][row, :length],
                    ids["labels"][row, :length],
                    found["mean_logstd"][row, :, : int(frames)].T,
                    found["xvector"][row],
                )
            )
        return collate(examples, self.dots.tokens.span, self.dots.config.patch_size)

    def optimiser(self, **other) -> OptimiserSettings:
        told = self.told
        plain = OptimiserSettings(
            learning_rate=told["learning_rate"],
            betas=tuple(told["betas"]),
            eps=told["eps"],
            weight_decay=told["weight_decay"],
            clip=told["clip"],
            schedule="constant",
        )
        return replace(plain, **other)


def run_training(dots: Dots, folder: Path, teacher: str | None) -> Iterator[StageResult]:
    """Every comparison that the folder has goldens for."""
    golden = Golden(dots, folder, json.loads((folder / "train.json").read_text("utf-8")))
    yield from _batch(golden)
    yield from _gradients(golden)
    if "interleave" in golden.told:
        yield from _interleaved(golden)
    yield from _full(golden)
    for name, whole in (("lora", ()), ("lora_and_eos_proj", ("eos_proj",)), ("qlora", ())):
        if name in golden.told:
            yield from _adapters(golden, name, whole)
    if "meanflow" in golden.told:
        yield from _meanflow(golden, teacher)


# ── numbers against numbers ──


def _off(stage: str, found: float, wanted: float, bound: str) -> StageResult:
    value = abs(found - wanted)
    return StageResult(stage, "max-abs", value if value == value else float("inf"), BOUNDS[bound])


def _relative(stage: str, found, wanted: np.ndarray) -> StageResult:
    """Of the wanted array's largest number."""
    found, most = np.asarray(found, np.float64), np.abs(wanted).max(initial=0.0) + SMALL
    value = float(np.abs(found - wanted).max(initial=0.0) / most) if found.shape == wanted.shape else np.inf
    return StageResult(stage, "relative", value if value == value else float("inf"), BOUNDS["gradient"])


def _norms(stage: str, found: dict[str, mx.array], wanted: dict[str, float]) -> StageResult:
    """The worst relative difference of the gradients' norms; what has no gradient in one must have none in the other."""
    worst = 0.0
    for name in sorted({*found, *wanted}):
        norm = float(mx.sqrt(mx.sum(mx.square(found[name])))) if name in found else 0.0
        right = wanted.get(name) or 0.0
        excess = abs(norm - right) - SMALL
        worst = max(worst, excess / right if right else excess)
    return StageResult(stage, "relative", worst if worst == worst else float("inf"), BOUNDS["gradient"])


def _trajectory(
    name: str, learner: Learner, batch: TrainingBatch, draws: list, steps: list[dict]
) -> Iterator[StageResult]:
    """The losses of step after step, with its draws and before its update; the gradient's norm, relative."""
    loss = gradient = speed = 0.0
    for one, wanted in zip(draws, steps, strict=True):
        report = learner.update([(batch, one)])
        loss = max(loss, abs(report.fm - wanted["fm_loss"]), abs(report.eos - wanted["eos_loss"]))
        gradient = max(gradient, abs(report.gradient / wanted["grad_norm"] - 1))
        speed = max(speed, abs(report.learning_rate - wanted["lr"]))
    yield StageResult(f"{name}, losses of {len(steps)} steps", "max-abs", loss, BOUNDS["trajectory"])
    yield StageResult(f"{name}, gradient norms", "relative", gradient, BOUNDS["trajectory"])
    yield StageResult(f"{name}, learning rates", "max-abs", speed, 1e-9)


# ── the batch ──


def _batch(golden: Golden) -> Iterator[StageResult]:
    import soundfile

    wanted, tokens = golden.arrays("batch"), TrainingTokens(golden.dots.tokens, eos_of(golden.checkpoint))
    config, worst, strange = golden.dots.config, 0.0, 0
    lines = [json.loads(line) for line in (golden.folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    rows = {fid: row for row, fid in enumerate(golden.told["fids"])}
    for line in lines:
        row = rows[line["fid"]]
        sound, rate = soundfile.read(golden.folder / line["audio"], dtype="float32", always_2d=True)
        samples, count = framed(sound.mean(axis=1), rate, config), int(wanted["sample_lengths"][row])
        right = wanted["sample"][row].reshape(-1)[:count]
        worst = max(worst, np.abs(samples - right).max() if len(samples) == count else np.inf)
        given, labels = tokens.sides(tokens.basic(line["text"], count // config.patch_samples))
        length = int(wanted["input_ids_lengths"][row])
        strange += _strange(given, wanted["input_ids"][row, :length])
        strange += _strange(labels, wanted["labels"][row, :length])
    yield StageResult("batch, ids and labels", "differing", float(strange), BOUNDS["ids"])
    yield StageResult("batch, sample", "max-abs", float(worst), BOUNDS["sample"])
    batch = golden.batch(wanted)
    masks = float(np.abs(np.array(batch.weight) - wanted["mask_fm_loss"]).max())
    ends = np.zeros(wanted["mask_eos_loss"].shape)
    for row, count in enumerate(batch.patches):
        ends[row, np.array(batch.making[row, :count])] = np.array(batch.end_weight[row, :count])
    shares = wanted["mask_eos_loss"] / wanted["mask_eos_loss"].sum(axis=1, keepdims=True)
    yield StageResult("batch, masks", "max-abs", max(masks, float(np.abs(ends - shares).max())), 1e-6)


def _strange(found: np.ndarray, wanted: np.ndarray) -> int:
    return int((found != wanted).sum()) if found.shape == wanted.shape else max(len(found), len(wanted))


def _interleaved(golden: Golden) -> Iterator[StageResult]:
    wanted, tokens = (
        golden.arrays("interleave"),
        TrainingTokens(golden.dots.tokens, eos_of(golden.checkpoint)),
    )
    span, batch, strange = golden.dots.tokens.span, golden.batch(wanted), 0
    opening = len(tokens.interleaved("", 0)) - len(tokens.woven([], 0))
    control = {span, tokens.end, tokens.text_end, tokens.eos}
    for row, length in enumerate(wanted["input_ids_lengths"]):
        ids = [*wanted["input_ids"][row, : int(length)], int(wanted["labels"][row, int(length) - 1])]
        text = [int(i) for i in ids[opening:] if i not in control]
        strange += _strange(np.array(tokens.woven(text, batch.patches[row])), np.array(ids[opening:]))
    yield StageResult("interleaved, ids", "differing", float(strange), BOUNDS["ids"])
    learner = _learner(golden, _trained_whole(load_core(golden.checkpoint)), golden.optimiser())
    fm, eos, gradients = learner.gradients([(batch, given_draws(StepDraws, golden.draws, 0))])
    yield from _losses("interleaved", fm, eos, golden.told["interleave"]["losses"])
    norm = _length(gradients)
    yield StageResult(
        "interleaved, gradient norm",
        "relative",
        abs(norm / golden.told["interleave"]["grad_norm"] - 1),
        BOUNDS["gradient"],
    )


def _losses(stage: str, fm: float, eos: float, wanted: dict) -> Iterator[StageResult]:
    yield _off(f"{stage}, fm loss", fm, wanted["fm_loss"], "loss")
    yield _off(f"{stage}, eos loss", eos, wanted["eos_loss"], "loss")


def _length(gradients) -> float:
    squares = [float(mx.sum(mx.square(one))) for one in dict(tree_flatten(gradients)).values()]
    return math.sqrt(sum(squares))


def _trained_whole(core: Core) -> Core:
    train_everything(core)
    return core


def _learner(golden: Golden, core: Core, settings: OptimiserSettings) -> Learner:
    return Learner(core, partial(_flow, golden.settings), settings)


def _flow(settings: LossSettings, core: Core, batch: TrainingBatch, draws: StepDraws):
    return forward(core, batch, draws, settings)


# ── all parameters ──


def _gradients(golden: Golden) -> Iterator[StageResult]:
    batch, told = golden.batch(golden.arrays("batch")), golden.told["step0"]
    draws = given_draws(StepDraws, golden.draws, 0)
    core = _trained_whole(load_core(golden.checkpoint))
    for checkpointing in (False, True):
        settings = replace(golden.settings, checkpointing=checkpointing)
        learner = Learner(core, partial(_flow, settings), golden.optimiser())
        fm, eos, gradients = learner.gradients([(batch, draws)])
        stage = "step 0, checkpointed" if checkpointing else "step 0"
        yield from _losses(stage, fm, eos, told["losses"])
        named = dict(tree_flatten(gradients))
        without = set(golden.told.get("no_gradient", ()))
        wanted = {k: v for k, v in told["grad_norms"].items() if k not in without}
        yield _norms(f"{stage}, gradient norms", named, wanted)
        for name, whole in golden.arrays("grads").items():
            yield _relative(f"{stage}, gradient of {name}", named[name], _ours(name, whole))
    by_patch = np.array(forward(core, batch, draws, golden.settings).by_patch)
    for row, fid in enumerate(golden.told["fids"]):
        right = np.array(told["fm_loss_per_patch"][fid])
        off = float(np.abs(by_patch[row, : len(right)] - right).max())
        yield StageResult(f"step 0, fm by patch of {fid}", "max-abs", off, BOUNDS["loss"])


def _ours(name: str, array: np.ndarray) -> np.ndarray:
    """A golden's array in our layout: the input convolution's channels lie last."""
    return array.transpose(0, 2, 1) if name == "patch_encoder.ds_proj.weight" else array


def _full(golden: Golden) -> Iterator[StageResult]:
    batch = golden.batch(golden.arrays("batch"))
    draws = [given_draws(StepDraws, golden.draws, i) for i in range(len(golden.told["full"]["steps"]))]
    core = _trained_whole(load_core(golden.checkpoint))
    learner = _learner(golden, core, golden.optimiser())
    steps = golden.told["full"]["steps"]
    yield from _trajectory("full", learner, batch, draws[:-1], steps[:-1])
    named = dict(tree_flatten(core.parameters()))
    for name, array in golden.arrays("after").items():
        yield _relative(f"full, {name} after {len(steps) - 1} updates", named[name], _ours(name, array))
    yield from _trajectory("full, the last step", learner, batch, draws[-1:], steps[-1:])
    told = golden.told.get("full_scheduled")
    if told:
        settings = golden.optimiser(schedule="cosine", warmup=told["warmup_steps"], steps=told["max_steps"])
        learner = _learner(golden, _trained_whole(load_core(golden.checkpoint)), settings)
        yield from _trajectory("full, scheduled", learner, batch, draws, told["steps"])


# ── adapters ──


def _adapters(golden: Golden, name: str, whole: tuple[str, ...]) -> Iterator[StageResult]:
    told, first = golden.told[name], golden.arrays("lora")
    lora = golden.told["lora"]
    shape = AdapterShape(rank=lora["rank"], alpha=lora["alpha"], whole=whole)
    core = load_core(golden.checkpoint)
    if name == "qlora":
        core = with_packed(golden.checkpoint, golden.arrays("qlora"), told["bits"])
    attach(core, shape, mx.random.key(0))
    given = [(k, mx.array(v)) for k, v in first.items() if "/" not in k]
    core.update(tree_unflatten(given))
    train_adapters_only(core, shape)
    learner = _learner(golden, core, golden.optimiser(learning_rate=golden.told["lora_learning_rate"]))
    batch = golden.batch(golden.arrays("batch"))
    draws = [given_draws(StepDraws, golden.draws, i) for i in range(len(told["steps"]))]
    if "grad_norms_step0" in told:
        named = dict(tree_flatten(learner.gradients([(batch, draws[0])])[2]))
        yield _norms(f"{name}, step 0, gradient norms", named, told["grad_norms_step0"])
    if name == "lora":
        for key in sorted(k for k in first if k.startswith("grad/")):
            yield _relative(f"lora, gradient of {key[5:]}", named[key[5:]], first[key])
    yield from _trajectory(name, learner, batch, draws, told["steps"])


# ── distillation ──


def _meanflow(golden: Golden, teacher: str | None) -> Iterator[StageResult]:
    told, arrays = golden.told["meanflow"], golden.arrays("meanflow")
    guide = load_core(_teacher(golden, told["teacher"], teacher))
    draws = {k.removeprefix("draw/"): v for k, v in arrays.items() if k.startswith("draw/")}
    batch = golden.batch(golden.arrays("batch"))
    how = MeanFlowSettings(**told["settings"])

    def learner(how: MeanFlowSettings, everything: bool = False) -> Learner:
        core = load_core(golden.checkpoint)
        if not everything:
            core.freeze()
        core.velocity_field_predictor.unfreeze()
        return Learner(
            core,
            lambda core, batch, one: distil(core, guide, batch, one, golden.settings, how),
            golden.optimiser(),
        )

    first = given_draws(MeanFlowDraws, draws, 0)
    fm, eos, gradients = learner(how).gradients([(batch, first)])
    yield from _losses("meanflow, step 0", fm, eos, told["step0"]["losses"])
    named = dict(tree_flatten(gradients))
    yield _norms("meanflow, step 0, gradient norms", named, told["step0"]["grad_norms"])
    for key in sorted(k for k in arrays if k.startswith("grad/")):
        yield _relative(f"meanflow, gradient of {key[5:]}", named[key[5:]], arrays[key])
    if "all_parameters_grad_norms" in told:
        named = dict(tree_flatten(learner(how, True).gradients([(batch, first)])[2]))
        yield _norms("meanflow, all parameters", named, told["all_parameters_grad_norms"])
    for name, wanted in told.get("variants_step0", {}).items():
        natural = {
            k.removeprefix("natural/"): mx.array(v) for k, v in arrays.items() if k.startswith("natural/")
        }
        fm, eos, _ = learner(_variant(how, name)).gradients([(batch, replace(first, **natural))])
        yield from _losses(f"meanflow, {name}", fm, eos, wanted)
    steps = told["steps"]
    each = [given_draws(MeanFlowDraws, draws, i) for i in range(len(steps))]
    yield from _trajectory("meanflow", learner(how), batch, each, steps)


def _variant(how: MeanFlowSettings, name: str) -> MeanFlowSettings:
    """The settings that a variant's name means: a field and its value, a solver, or the mode."""
    for field in ("teacher_steps", "anchor_target", "anchor_prob", "solver", "mode"):
        if name.startswith(f"{field}_"):
            value = name.removeprefix(f"{field}_")
            return replace(how, **{field: type(getattr(how, field))(value)})
    if name == "natural":
        return replace(how, mode="natural")
    return replace(how, solver=name)


def _teacher(golden: Golden, name: str, given: str | None) -> Checkpoint:
    """The teacher's checkpoint: as given, beside the student's under its name, or the student itself."""
    if given:
        return open_checkpoint(given, dtype="float32")
    own = golden.checkpoint
    if name in ("itself", "self", golden.told.get("name")) or name == own.folder.name:
        return own
    beside = own.folder.parent / name
    if not beside.is_dir():
        raise ModelError(
            f"The goldens of distillation were made with the teacher `{name}`: give its checkpoint as --teacher."
        )
    return open_checkpoint(beside, dtype="float32")
