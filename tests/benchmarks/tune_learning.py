"""Does training learn? A tiny dots.tts from random weights on one made voice, then an adapter for a second one.

    python -m tests.benchmarks.tune_learning [--minutes 25] [--adapter-minutes 10] [--out FOLDER]

Two espeak-ng voices read number words; the AudioVAE of `tests/model/made_voices.py` makes latents of them. Told: how much of what
was said the latents hold, the held-out flow-matching loss before and after, that of a twin that was trained without the text, where
the stop head ends held-out lines, and the same for an adapter on the second voice. Curves go out as a table (JSONL) and an SVG.
"""

import argparse
import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from dotsbook.model.blas import prefer_openblas

prefer_openblas()

import mlx.core as mx  # noqa: E402

from dotsbook.model.dots import Dots  # noqa: E402
from dotsbook.model.network.core import load_core  # noqa: E402
from dotsbook.model.training.adapters import (  # noqa: E402
    AdapterShape,
    attach,
    train_adapters_only,
    train_everything,
)
from dotsbook.model.training.batch import Example  # noqa: E402
from dotsbook.model.training.bucketing import BatchBudget  # noqa: E402
from dotsbook.model.training.losses import LossSettings  # noqa: E402
from dotsbook.model.training.optimising import OptimiserSettings  # noqa: E402
from dotsbook.model.training.trainer import StepDone, Trainer, TrainingPlan, held_loss  # noqa: E402
from dotsbook.model.training.training_ids import TrainingTokens, eos_of  # noqa: E402
from dotsbook.tuning.listening_page import curve_svg  # noqa: E402
from tests.model.made_voices import examples, lines, spoken, tiny_base  # noqa: E402

SIZES = {
    "latent_dim": 8,
    "llm_hidden": 128,
    "llm_layers": 4,
    "llm_ffn": 384,
    "encoder_hidden": 96,
    "encoder_layers": 2,
    "encoder_heads": 3,
    "encoder_ffn": 256,
    "dit_hidden": 128,
    "dit_layers": 4,
    "dit_heads": 4,
    "dit_ffn": 384,
}


def without_text(dots: Dots, some: list[Example]) -> list[Example]:
    """The same clips with an empty text."""
    tokens, found = TrainingTokens(dots.tokens, eos_of(dots.checkpoint)), []
    for one in some:
        given, labels = tokens.sides(tokens.basic("", one.frames // dots.config.patch_size))
        found.append(replace(one, ids=given, labels=labels))
    return found


def ends(dots: Dots, core, held: list[Example], settings: LossSettings) -> list[int]:
    """How many patches off the stop head ends each held-out clip, hearing the clip: the first place above the threshold."""
    from dotsbook.model.training.batch import collate
    from dotsbook.model.training.losses import conditions

    off = []
    for one in held:
        batch = collate([one], dots.tokens.span, settings.patch_size)
        found = conditions(core, batch, mx.zeros((1, settings.mean.shape[0], batch.frames)), settings)
        first, _, second = core.eos_proj
        hidden = first(found.hidden)
        odds = np.array(mx.softmax(second(hidden * mx.sigmoid(hidden)), axis=-1))[0, :, 1]
        over = np.flatnonzero(odds > 0.8)
        off.append(int(over[0]) - (len(odds) - 1) if len(over) else 99)
    return off


def spoken_lengths(dots: Dots, core, texts: list[str], held: list[Example], vector: np.ndarray) -> list[int]:
    """How many patches too long or short the model speaks held-out lines by itself."""
    from dotsbook.model.dots import Utterance
    from dotsbook.model.profile import Profile
    from dotsbook.model.sampling import SamplingOptions

    speaking = Dots(dots.checkpoint, core, dots.vae, dots.speaker, dots.tokens)
    g_cond = np.array(core.condition(mx.array(vector)[None])[0])
    voice = Profile(dots.identity, vector, g_cond, 1.0, 1.0)
    asked = [
        Utterance(t, voice, None, SamplingOptions(max_patches=40, num_steps=6), i)
        for i, t in enumerate(texts)
    ]
    off = [0] * len(texts)
    for i, latents in speaking.latents_batch(asked):
        off[i] = (
            99
            if isinstance(latents, Exception)
            else (len(latents) - held[i].frames) // dots.config.patch_size
        )
    return off


def within(off: list[int]) -> float:
    return float(np.mean([abs(one) <= 2 for one in off]))


def trained(trainer: Trainer, minutes: float, tell) -> list[tuple[int, float]]:
    """Run to the end or for so many minutes; the curve of held-out fm losses."""
    from dotsbook.model.training.trainer import ValidationDone

    until, curve = time.monotonic() + minutes * 60, []
    for event in trainer.run(stop=lambda: time.monotonic() > until):
        if isinstance(event, ValidationDone):
            curve.append((event.step, event.fm))
            tell(f"  step {event.step}: held-out fm {event.fm:.4f}, eos {event.eos:.4f}")
        elif isinstance(event, StepDone) and event.report.step % 100 == 0:
            tell(
                f"  step {event.report.step}: {event.report.fm:.3f} {event.report.eos:.3f}, {event.seconds:.2f} s a step"
            )
    if curve[-1][0] != trainer.place.step:
        curve.append((trainer.place.step, trainer.held_loss(trainer.held)[0]))
    return curve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--adapter-minutes", type=float, default=10)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("tune-learning"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)

    def tell(sentence: str) -> None:
        print(sentence, flush=True)

    began = time.monotonic()
    held_out, texts = 40, lines(asked.lines + 40, 0)
    first, second = spoken(texts, "m1", 40), spoken(texts[: asked.lines // 2] + texts[-held_out:], "f3", 75)
    other = texts[: asked.lines // 2] + texts[-held_out:]
    base, hold = tiny_base(asked.out / "base", first[:60], SIZES)
    dots = Dots.load(base, dtype="float32", fused=False)
    one, two = examples(dots, texts, first), examples(dots, other, second)
    tell(
        f"data: {len(one)} and {len(two)} clips in {time.monotonic() - began:.0f} s; R² of what latents hold: {hold.round(2)}"
    )
    mean, var = dots.checkpoint.stats
    settings = LossSettings(mx.array(mean), mx.sqrt(mx.array(var)), dots.config.patch_size, 0.1, 0.1)
    patches = 8 * max(example.frames for example in one) // dots.config.patch_size
    plan = TrainingPlan(
        OptimiserSettings(learning_rate=2e-3, warmup=50, steps=asked.steps),
        BatchBudget(patches, 1 << 14),
        validate_every=90,
        save_every=1 << 30,
    )

    def trainer(core, train, held, name, plan=plan):
        folder = asked.out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return Trainer(core, plan, train, held, settings, dots.tokens.span, folder, name)

    told: dict = {"lines": asked.lines, "sizes": SIZES, "latents hold": hold.tolist()}
    core = load_core(dots.checkpoint)
    train_everything(core)
    began = time.monotonic()
    curve = trained(trainer(core, one[:-held_out], one[-held_out:], "base-run"), asked.minutes, tell)
    told["base"] = {
        "seconds": time.monotonic() - began,
        "began": curve[0][1],
        "ended": curve[-1][1],
        "curve": curve,
    }
    off = ends(dots, core, one[-held_out:], settings)
    alone = spoken_lengths(dots, core, texts[-held_out:], one[-held_out:], one[0].x_vector)
    told["end"] = {"hearing": within(off), "speaking": within(alone), "off": off, "off_speaking": alone}
    tell(
        f"one voice: {curve[0][1]:.3f} to {curve[-1][1]:.3f} in {told['base']['seconds']:.0f} s; "
        f"ends within 2 patches: {within(off):.0%} hearing the clip, {within(alone):.0%} speaking"
    )
    (asked.out / "told.json").write_text(json.dumps(told))

    before = [np.array(held_loss(core, one[-held_out:], settings, dots.tokens.span))]
    strange = held_loss(core, two[-held_out:], settings, dots.tokens.span)[0]
    shape = AdapterShape(rank=16, alpha=32, whole=("eos_proj",))
    from mlx.utils import tree_flatten

    kept = {k: np.array(v) for k, v in tree_flatten(core.parameters())}
    attach(core, shape, mx.random.key(7))
    train_adapters_only(core, shape)
    began = time.monotonic()
    plan = replace(plan, optimiser=replace(plan.optimiser, learning_rate=4e-3, steps=asked.steps // 2))
    adapting = trained(
        trainer(core, two[:-held_out], two[-held_out:], "adapter-run", plan), asked.adapter_minutes, tell
    )
    seconds = time.monotonic() - began
    from dotsbook.model.training.adapters import adapters

    for _, module in adapters(core):
        module._strength = 0.0
    core.update(
        {
            "eos_proj": [
                {"weight": mx.array(kept["eos_proj.0.weight"]), "bias": mx.array(kept["eos_proj.0.bias"])},
                {},
                {"weight": mx.array(kept["eos_proj.2.weight"]), "bias": mx.array(kept["eos_proj.2.bias"])},
            ]
        }
    )
    again = held_loss(core, one[-held_out:], settings, dots.tokens.span)
    told["adapter"] = {
        "seconds": seconds,
        "base": strange,
        "adapted": adapting[-1][1],
        "ratio": adapting[-1][1] / strange,
        "first_voice_bit_equal_when_off": bool(np.array_equal(before[0], np.array(again))),
        "curve": adapting,
    }
    tell(
        f"second voice: {strange:.3f} to {adapting[-1][1]:.3f} ({told['adapter']['ratio']:.2f}) in {seconds:.0f} s; "
        f"first voice with the adapter off bit-equal: {told['adapter']['first_voice_bit_equal_when_off']}"
    )
    (asked.out / "told.json").write_text(json.dumps(told))

    deaf = load_core(dots.checkpoint)
    train_everything(deaf)
    silent = without_text(dots, one)
    twin_plan = replace(plan, optimiser=replace(plan.optimiser, learning_rate=2e-3, steps=curve[-1][0]))
    twin = trained(
        trainer(deaf, silent[:-held_out], silent[-held_out:], "deaf-run", twin_plan), 2 * asked.minutes, tell
    )
    told["without_text"] = {"ended": twin[-1][1], "curve": twin}
    tell(f"without the text: {twin[-1][1]:.4f}; with it: {curve[-1][1]:.4f}")
    (asked.out / "told.json").write_text(json.dumps(told, indent=1))
    svg = curve_svg(
        {"with text": curve, "without text": twin, "second voice, adapter": adapting},
        "held-out flow-matching loss",
    )
    (asked.out / "learning.svg").write_text(svg)


if __name__ == "__main__":
    main()
