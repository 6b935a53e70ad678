"""Does training learn? A tiny dots.tts from random weights on one made voice, then an adapter for a second one.

    python -m tests.benchmarks.tune_learning [--minutes 25] [--adapter-minutes 10] [--out FOLDER]

Two espeak-ng voices read lines made of a small vocabulary; the tiny model's own AudioVAE makes latents of them. Told: the
held-out flow-matching loss before and after, that of a twin that was trained without the text, where the stop head ends held-out
lines, and the same for an adapter on the second voice. Curves go out as a table (JSONL) and an SVG.
"""

import itertools
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from dotsbook.model.blas import prefer_openblas

prefer_openblas()

import mlx.core as mx  # noqa: E402

from dotsbook.model.dots import Dots  # noqa: E402
from dotsbook.model.training.batch import Example  # noqa: E402
from dotsbook.model.training.clip_sound import (  # noqa: E402
    encoded,
    framed,
    speaker_features,
    speaker_vector,
)
from dotsbook.model.training.training_ids import TrainingTokens, eos_of  # noqa: E402
from tests.model.tiny import write_tiny  # noqa: E402

WORDS = {
    "who": [
        "the ferryman",
        "a tall sailor",
        "my sister",
        "the old keeper",
        "our captain",
        "a grey gull",
        "the widow",
        "that boy",
    ],
    "did": ["watched", "painted", "forgot", "carried", "found", "lost", "mended", "followed"],
    "what": [
        "the lamp",
        "a broken oar",
        "seven letters",
        "the red door",
        "his coat",
        "a silver key",
        "the map",
        "two buckets",
    ],
    "when": [
        "at noon",
        "before dawn",
        "in the rain",
        "after supper",
        "last winter",
        "by the pier",
        "all night",
        "on Sunday",
    ],
}
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
SPREAD = -3.0  # of the latents' log deviation: a random encoder's would drown what it says


def lines(count: int, seed: int) -> list[str]:
    every = [" ".join(words).capitalize() + "." for words in itertools.product(*WORDS.values())]
    every += [" ".join(words).capitalize() + "." for words in itertools.product(*list(WORDS.values())[:3])]
    return random.Random(seed).sample(every, count)


def spoken(texts: list[str], variant: str, pitch: int) -> list[tuple[np.ndarray, int]]:
    from dotsbook.voices.draft import SPEC
    from dotsbook.voices.engine import Request, Voice
    from dotsbook.voices.spec import EngineSetup

    engine = SPEC.open(EngineSetup(None, {}, Path("."), None))
    voice = Voice("reader", settings={"variant": variant, "pitch": pitch, "rate": 190, "tempo": 1.0})
    found: list = [None] * len(texts)
    for answer in engine.speak([Request(text, voice, "en", 1, tag=i) for i, text in enumerate(texts)]):
        found[answer.request.tag] = (answer.samples, engine.rate)
    engine.close()
    return found


def tiny_base(folder: Path, sounds: list[tuple[np.ndarray, int]]) -> Path:
    """A tiny checkpoint whose encoder is sure of what it hears, and whose statistics are those of these sounds' latents."""

    shutil.rmtree(folder, ignore_errors=True)
    write_tiny(folder, kind="fm", layout="shraey", bits=0, **SIZES)
    vocoder = mx.load(str(folder / "vocoder.safetensors"))
    latent = SIZES["latent_dim"]
    weight, bias = vocoder["pre_proj.weight"].astype(mx.float32), vocoder["pre_proj.bias"].astype(mx.float32)
    keep = mx.array(np.concatenate([np.ones(latent), np.zeros(latent)]).astype(np.float32))
    vocoder["pre_proj.weight"] = weight * keep.reshape(-1, *[1] * (weight.ndim - 1))
    vocoder["pre_proj.bias"] = bias * keep + mx.where(keep > 0, 0.0, 1.0) * SPREAD
    mx.save_safetensors(str(folder / "vocoder.safetensors"), vocoder)
    dots = Dots.load(folder, dtype="float32")
    means = np.concatenate([encoded(dots.vae, framed(*one, dots.config))[:, :latent] for one in sounds])
    deviation = means.std(axis=0)
    vocoder["pre_proj.bias"] = bias * keep + mx.where(keep > 0, 0.0, 1.0) * float(
        np.log(deviation.min() * 0.1)
    )
    mx.save_safetensors(str(folder / "vocoder.safetensors"), vocoder)
    np.savez(folder / "latent_stats.npz", mean=means.mean(axis=0), var=deviation**2)
    return folder


def examples(dots: Dots, texts: list[str], sounds: list) -> list[Example]:
    tokens, found = TrainingTokens(dots.tokens, eos_of(dots.checkpoint)), []
    for number, (text, sound) in enumerate(zip(texts, sounds, strict=True)):
        samples = framed(*sound, dots.config)
        ids = tokens.sides(tokens.basic(text, len(samples) // dots.config.patch_samples))
        vector = speaker_vector(dots.speaker, speaker_features(samples, dots.config))
        found.append(Example(f"{number}", *ids, encoded(dots.vae, samples), vector))
    return found


def without_text(dots: Dots, some: list[Example]) -> list[Example]:
    """The same clips with an empty text."""
    tokens, found = TrainingTokens(dots.tokens, eos_of(dots.checkpoint)), []
    for one in some:
        given, labels = tokens.sides(tokens.basic("", one.frames // dots.config.patch_size))
        found.append(replace(one, ids=given, labels=labels))
    return found
