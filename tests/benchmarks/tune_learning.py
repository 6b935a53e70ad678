"""Does training learn? A tiny dots.tts from random weights on one made voice, then an adapter for a second one, by the commands' own way.

    python -m tests.benchmarks.tune_learning [--out FOLDER] [--part NAME] [--steps 2400] [--adapter-steps 300]

Two espeak-ng voices read digits; the AudioVAE of `tests/model/made_voices.py` makes latents of them. Parts, in this order: `data`;
`one`, the whole model taught the first voice; `deaf`, a twin from the same weights by the same steps whose texts are all alike;
`two`, an adapter for the second voice; `judge`; `evaluate`, what `dotsbook tune evaluate` says of that adapter. Two parts may run side
by side; one that was stopped goes on. What comes out is told.json (held-out losses, where lines end, processor time) and learning.svg.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from dotsbook.model.blas import prefer_openblas

prefer_openblas()

import mlx.core as mx  # noqa: E402

from dotsbook.audio import write_flac  # noqa: E402
from dotsbook.files import sha256_of  # noqa: E402
from dotsbook.model.dots import Dots, Utterance  # noqa: E402
from dotsbook.model.profile import Profile  # noqa: E402
from dotsbook.model.sampling import SamplingOptions  # noqa: E402
from dotsbook.model.training.batch import Example, collate  # noqa: E402
from dotsbook.model.training.clip_codec import ClipCodec, ClipLatents  # noqa: E402
from dotsbook.model.training.losses import LossSettings, conditions  # noqa: E402
from dotsbook.model.training.trainer import held_loss  # noqa: E402
from dotsbook.tuning.baking import BakePlan, bake  # noqa: E402
from dotsbook.tuning.data_set import (  # noqa: E402  # noqa: E402
    ABOUT,
    CLIPS,
    LINES,
    ClipLine,
    Dataset,
    DatasetAbout,
    write_about,
    write_lines,
)
from dotsbook.tuning.listening_page import curve_svg  # noqa: E402
from dotsbook.tuning.training_events import Stepped, Validated  # noqa: E402
from dotsbook.tuning.training_examples import examples_of, tokens_of  # noqa: E402
from dotsbook.tuning.training_runs import opened_run  # noqa: E402
from tests.model.made_voices import examples, lines, spoken, tiny_base  # noqa: E402

SIZES = {
    "latent_dim": 8,
    "llm_hidden": 64,
    "llm_layers": 3,
    "llm_ffn": 192,
    "encoder_hidden": 64,
    "encoder_layers": 1,
    "encoder_heads": 2,
    "encoder_ffn": 128,
    "dit_hidden": 64,
    "dit_layers": 3,
    "dit_heads": 2,
    "dit_ffn": 192,
}
HELD = 20  # pairs of digits that are never trained on
PACES = (150, 170, 190, 210)  # words a minute: each line is read at every one
NOISES = (42, 43, 44)  # seeds of the noise that held-out losses are taken with
WHOLE = {"method": "full", "learning_rate": 3e-3}
BESIDE = {"method": "lora", "rank": 16, "alpha": 32.0, "learning_rate": 4e-3}
ALIKE = {
    "warmup": 50, "batch_seconds": 12.0, "text_dropout": 0.1, "speaker_dropout": 0.1,
    "validate_every": 100, "save_every": 100, "sample_every": 0,
}  # fmt: skip
PARTS = ("data", "one", "deaf", "two", "judge", "evaluate")
LATE = 300  # the step from which losses are drawn
CONSENT = "espeak-ng: nobody's"


# ── what is read ──


def make_data(out: Path) -> None:
    """The untaught model, and three sets: a voice, the same with one text for all clips, another voice."""
    read = [(text, pace) for text in lines(0) for pace in PACES]
    texts, first = [text for text, _ in read], spoken(read, "m1", 40)
    _, hold = tiny_base(out / "blank", first[:120], SIZES)
    print(f"share of each latent's meaning that is heard (R², unseen sounds): {hold.round(2)}")
    dots = Dots.load(out / "blank", dtype="float32", fused=False)
    made = examples(dots, texts, first)
    write_set(out / "one", dots, texts, first, made)
    write_set(out / "deaf", dots, ["."] * len(texts), first, made)
    second = spoken(read, "f3", 75)
    write_set(out / "two", dots, texts, second, examples(dots, texts, second))


def write_set(folder: Path, dots: Dots, texts: Sequence[str], sounds: list, made: Sequence[Example]) -> None:
    """A data set of these clips, their latents in its cache; the last lines are held out."""
    (folder / CLIPS).mkdir(parents=True, exist_ok=True)
    rows = []
    for number, (text, (samples, rate)) in enumerate(zip(texts, sounds, strict=True)):
        path, held = folder / CLIPS / f"c{number:04d}.flac", number >= len(texts) - HELD * len(PACES)
        write_flac(path, samples, rate)
        where = (path.stem, f"{CLIPS}/{path.name}")
        rows.append(ClipLine(*where, text, folder.name, "", len(samples) / rate, held, sha256_of(path)))
    write_lines(folder / LINES, rows)
    write_about(folder / ABOUT, DatasetAbout(folder.name, CONSENT, "CC0", "", ("espeak-ng",), sounds[0][1]))
    keep_latents(Dataset.open(folder), dots, [(one.mean_logstd, one.x_vector) for one in made])


def keep_latents(data: Dataset, dots: Dots, made: Sequence[tuple[np.ndarray, np.ndarray]]) -> None:
    codec = ClipCodec.of(dots)
    for line, arrays in zip(data.all_lines, made, strict=True):
        ClipLatents(*arrays).save(data.latents_file(line, codec))


# ── what is taught ──


def teach(out: Path, name: str, base: str, steps: int, **how: object) -> None:
    """Train on a set; how much of the processor that took is added up in its folder, over all of its goes."""
    run = opened_run(out / name, None, base=str(out / base), steps=steps, **ALIKE | how)
    began, spent, busy = time.process_time(), run.folder / "seconds", 0.0
    busy = float(spent.read_text()) if spent.is_file() else 0.0
    for event in run.train():
        if isinstance(event, Validated):
            print(f"{name} {event.step}: held-out {event.fm:.4f}, end {event.eos:.4f}", flush=True)
            spent.write_text(str(busy + time.process_time() - began))
        elif isinstance(event, Stepped) and event.step % 50 == 0:
            print(f"{name} {event.step}: {event.fm:.3f}, {event.seconds:.2f} s a step", flush=True)
    spent.write_text(str(busy + time.process_time() - began))


def bake_taught(out: Path, name: str) -> Path:
    """The model of a whole training, as a folder."""
    folder = out / f"taught-{name}"
    if not folder.is_dir():
        bake(BakePlan(out / name / "runs/voice/adapter.safetensors", str(out / "blank"), folder))
    return folder


def teach_second(out: Path, steps: int) -> None:
    """An adapter for the second voice, beside the model that knows the first."""
    taught, data = bake_taught(out, "one"), Dataset.open(out / "two")
    blank, dots = (Dots.load(one, dtype="float32", fused=False) for one in (out / "blank", taught))
    codec = ClipCodec.of(blank)
    found = [data.latents(line, codec) for line in data.all_lines]
    keep_latents(data, dots, [(one.mean_logstd, one.x_vector) for one in found])
    teach(out, "two", taught.name, steps, **BESIDE)


# ── what was learnt ──


def losses(dots: Dots, core, held: Sequence[Example], settings: LossSettings) -> np.ndarray:
    """(noises, lines) flow-matching losses a patch."""
    span = dots.tokens.span
    return np.array([[held_loss(core, [one], settings, span, seed)[0] for one in held] for seed in NOISES])


def interval(of, *columns: np.ndarray) -> list[float]:
    """[value, 2.5 %, 97.5 %] of a figure of clips, by a bootstrap over their texts: a text's clips stand and fall together."""
    dice, texts = np.random.default_rng(0), [c.reshape(len(NOISES), HELD, -1) for c in columns]
    drawn = [of(*(c[:, picked] for c in texts)) for picked in dice.integers(0, HELD, (2000, HELD))]
    return [float(of(*columns)), *map(float, np.percentile(drawn, [2.5, 97.5]))]


def ends(dots: Dots, core, held: Sequence[Example], settings: LossSettings) -> list[int]:
    """How many patches off the stop head ends each held-out clip, hearing the clip: the first place above the threshold."""
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


def spoken_lengths(dots: Dots, texts: Sequence[str], held: Sequence[Example]) -> list[int]:
    """How many patches too long or short the model speaks held-out lines by itself."""
    vector = held[0].x_vector
    g_cond = np.array(dots.core.condition(mx.array(vector)[None])[0])
    voice = Profile(dots.identity, vector, g_cond, 1.0, 1.0)
    few = SamplingOptions(max_patches=40, num_steps=6)
    off = [99] * len(texts)
    for i, latents in dots.latents_batch([Utterance(t, voice, None, few, i) for i, t in enumerate(texts)]):
        if not isinstance(latents, Exception):
            off[i] = (len(latents) - held[i].frames) // dots.config.patch_size
    return off


def within(off: Sequence[int]) -> float:
    return float(np.mean([abs(one) <= 2 for one in off]))


def held_examples(out: Path, name: str, dots: Dots) -> list[Example]:
    data = Dataset.open(out / name)
    return examples_of(data, data.held_out, ClipCodec.of(dots), tokens_of(dots))


def with_other_texts(out: Path, dots: Dots, held: Sequence[Example]) -> list[Example]:
    """The held-out clips, each with the text of one that shares no digit with it."""
    texts, tokens, found = [line.text for line in Dataset.open(out / "one").held_out], tokens_of(dots), []
    for text, one in zip(texts, held, strict=True):
        other = next(t for t in texts if not set(t) & set(text) - {" "})
        ids, labels = tokens.sides(tokens.basic(other, one.frames // dots.config.patch_size))
        found.append(replace(one, ids=ids, labels=labels))
    return found


def judge(out: Path) -> dict:
    from dotsbook.model.adapted import adapted
    from dotsbook.model.training.adapter_file import read_adapter

    blank = Dots.load(out / "blank", dtype="float32", fused=False)
    mean, var = blank.checkpoint.stats
    settings = LossSettings(mx.array(mean), mx.sqrt(mx.array(var)), blank.config.patch_size)
    laid = {
        name: adapted(blank, read_adapter(out / name / "runs/voice/adapter.safetensors"))
        for name in ("one", "deaf")
    }
    first, silent, second = (held_examples(out, name, blank) for name in ("one", "deaf", "two"))
    began = losses(blank, blank.core, first, settings)
    heard = losses(blank, laid["one"].core, first, settings)
    deaf = losses(blank, laid["deaf"].core, silent, settings)
    misled = losses(blank, laid["one"].core, with_other_texts(out, blank, first), settings)
    strange = losses(blank, laid["one"].core, second, settings)
    adapter = read_adapter(out / "two/runs/voice/adapter.safetensors")
    learnt = losses(blank, adapted(laid["one"], adapter).core, second, settings)
    off = losses(blank, adapted(laid["one"], adapter, 0.0).core, first, settings)
    stops = ends(blank, laid["one"].core, first, settings)
    texts = [line.text for line in Dataset.open(out / "one").held_out]
    alone = spoken_lengths(laid["one"], texts, first)

    def ratio(a, b):
        return a.mean() / b.mean()

    def by_noise(a, b):
        return [float(x.mean() / y.mean()) for x, y in zip(a, b, strict=True)]

    spent = {name: float((out / name / "runs/voice/seconds").read_text()) for name in ("one", "deaf", "two")}
    return {
        "clips held out": len(first),
        "noises": len(NOISES),
        "processor minutes": {name: found / 60 for name, found in spent.items()},
        "untaught": float(began.mean()),
        "taught": float(heard.mean()),
        "deaf twin": float(deaf.mean()),
        "taught / untaught": interval(ratio, heard, began),
        "taught / deaf twin": interval(ratio, heard, deaf),
        "taught / deaf twin, by noise": by_noise(heard, deaf),
        "taught / the same with other lines' texts": interval(ratio, heard, misled),
        "lines better than the deaf twin's": float((heard.mean(axis=0) < deaf.mean(axis=0)).mean()),
        "ends within 2 patches": {"hearing": within(stops), "speaking": within(alone)},
        "second voice: before": float(strange.mean()),
        "second voice: adapter / before": interval(ratio, learnt, strange),
        "first voice with the adapter off, bit-equal": bool(np.array_equal(off, heard)),
        "curves": {name: held_curve(out, name) for name in ("one", "deaf", "two")},
    }


def evaluate(out: Path) -> None:
    """The command's own word on the adapter, in the second voice."""
    from dotsbook.cli.app import run

    adapter, model = out / "two/runs/voice/adapter.safetensors", out / "taught-one"
    run(
        [
            "tune",
            "evaluate",
            str(out / "two"),
            "--adapter",
            str(adapter),
            "--model",
            str(model),
            "--limit",
            "20",
        ]
    )


def held_curve(out: Path, name: str) -> list[tuple[int, float]]:
    from dotsbook.json_rows import json_rows

    rows = json_rows(out / name / "runs/voice/log.jsonl")
    return [(row["step"], row["fm"]) for row in rows if row["event"] == "validation"]


def drawn(curves: dict[str, list[tuple[int, float]]]) -> str:
    """The losses of the model and its deaf twin, without the steep beginning, beside which nothing else can be seen."""
    late = {name: [point for point in curves[name] if point[0] >= LATE] for name in ("one", "deaf")}
    named = {"with text": late["one"], "deaf twin": late["deaf"]}
    return curve_svg(named, f"held-out flow-matching loss from step {LATE} on")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("tune-learning"))
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--adapter-steps", type=int, default=300)
    asked = parser.parse_args()
    out = asked.out
    out.mkdir(parents=True, exist_ok=True)
    for part in [asked.part] if asked.part else PARTS:
        if part == "data":
            make_data(out)
        elif part == "judge":
            told = judge(out)
            (out / "told.json").write_text(json.dumps(told, indent=1))
            (out / "learning.svg").write_text(drawn(told["curves"]))
            print(json.dumps({key: value for key, value in told.items() if key != "curves"}, indent=1))
        elif part == "evaluate":
            evaluate(out)
        elif part == "two":
            teach_second(out, asked.adapter_steps)
        else:
            teach(out, part, "blank", asked.steps, **WHOLE)


if __name__ == "__main__":
    main()
