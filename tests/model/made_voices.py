"""Made voices for `tests.benchmarks.tune_learning`: espeak-ng reads digits, a tiny AudioVAE of fitted ears makes latents of them.

Latents of random weights hold next to nothing of what was said: of the log mel spectrum's first eight components, fitted to what
random layers make of speech, 0 to 17 % are there (R², unseen lines), and text can't tell the rest. So the encoder here is a
plain bank of filters written into the AudioVAE's own layers, the last of them fitted by least squares to those components. The
decoder stays random: what a model of this bench speaks is not for ears.
"""

import random
import shutil
from pathlib import Path

import mlx.core as mx
import numpy as np

from dotsbook.model.dots import Dots
from dotsbook.model.fbank import RATE, filterbanks
from dotsbook.model.network.causal_state import CausalState
from dotsbook.model.resample import resample_prompt
from dotsbook.model.training.batch import Example
from dotsbook.model.training.clip_sound import encoded, framed, speaker_features, speaker_vector
from dotsbook.model.training.training_ids import TrainingTokens, eos_of
from tests.model.tiny import write_tiny

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DEPTH = 7.0  # nepers under a clip's loudest bin: what is softer is silence
RIDGE = 1e-3
BANDS, THRESHOLDS = (
    24,
    (0.0, 0.001, 0.004, 0.016),
)  # of the encoder's filters; of their loudness, full scale 1
# 12 kHz to 25 Hz in two strides: windows of 10 ms, then of 80.
EARS = {"sample_rate": 12000, "down_rates": (60, 8), "down_channels": (2, 4 * BANDS, BANDS * len(THRESHOLDS))}
_STACKS = ("audio_encoder.generator.3.layers.", "audio_encoder.generator.6.layers.")
SURE = 0.1  # the encoder's deviation, as a share of the latents' own


def lines(seed: int) -> list[str]:
    """All ten digits in a line, which is long enough to be a reference; each by itself; all pairs of different ones, shuffled."""
    digits = list(map(str, range(10)))
    pairs = [f"{one} {other}" for one in digits for other in digits if one != other]
    random.Random(seed).shuffle(pairs)
    return [" ".join(digits), *digits, *pairs]


def spoken(read: list[tuple[str, int]], variant: str, pitch: int) -> list[tuple[np.ndarray, int]]:
    """Lines of digits, each at its pace (words a minute), read as number words by one of espeak-ng's voices."""
    from dotsbook.voices.draft import SPEC
    from dotsbook.voices.engine import Request, Voice
    from dotsbook.voices.spec import EngineSetup

    engine = SPEC.open(EngineSetup(None, {}, Path("."), None))
    found: list = [None] * len(read)
    asked = []
    for i, (text, rate) in enumerate(read):
        voice = Voice("reader", settings={"variant": variant, "pitch": pitch, "rate": rate, "tempo": 1.0})
        words = " ".join(WORDS[int(digit)] for digit in text.split())
        asked.append(Request(words, voice, "en", 1, tag=i))
    for answer in engine.speak(asked):
        found[answer.request.tag] = (answer.samples, engine.rate)
    engine.close()
    return found


def tiny_base(folder: Path, sounds: list[tuple[np.ndarray, int]], sizes: dict) -> tuple[Path, np.ndarray]:
    """A tiny checkpoint whose encoder was fitted to these sounds; and how much of each component it hears (R², unseen sounds)."""
    shutil.rmtree(folder, ignore_errors=True)
    write_tiny(folder, kind="fm", layout="shraey", bits=0, **sizes, **EARS)
    _write_filters(folder)
    dots = Dots.load(folder, dtype="float32", fused=False)
    clips = [framed(*one, dots.config) for one in sounds]
    heard = [np.array(_before_last(dots, clip)) for clip in clips]
    mels = [_mels(clip, dots) for clip in clips]
    latent, half = dots.config.latent_dim, len(clips) // 2
    every = np.concatenate(mels[:half])
    centre = every.mean(axis=0)
    _, _, components = np.linalg.svd(every - centre, full_matrices=False)
    wanted = [(mel - centre) @ components[:latent].T for mel in mels]
    scale = np.concatenate(wanted[:half]).std(axis=0)
    fit_on = np.concatenate([_taps(h) for h in heard[:half]])
    fit_to = np.concatenate(wanted[:half]) / scale
    square = fit_on.T @ fit_on
    ridge = RIDGE * np.trace(square) / len(square) * np.eye(len(square))
    solved = np.linalg.solve(square + ridge, fit_on.T @ fit_to)
    seen, said = np.concatenate([_taps(h) for h in heard[half:]]), np.concatenate(wanted[half:]) / scale
    left = ((seen @ solved - said) ** 2).mean(axis=0) / said.var(axis=0)
    _write_last(folder, solved, latent)
    dots = Dots.load(folder, dtype="float32", fused=False)
    means = np.concatenate([encoded(dots.vae, clip)[:, :latent] for clip in clips])
    np.savez(folder / "latent_stats.npz", mean=means.mean(axis=0), var=means.var(axis=0))
    return folder, 1 - left


def _before_last(dots: Dots, clip: np.ndarray) -> mx.array:
    """What the encoder's last convolution is given (frames, channels)."""
    past, x = CausalState(), mx.array(clip)[None, :, None]
    for layer in dots.vae.audio_encoder.generator[:-1]:
        x = layer(x, past)
    return x[0]


def _taps(x: np.ndarray, side: int = 2) -> np.ndarray:
    """(frames, channels) → (frames, 5 · channels + 1): each with its neighbours, and a one."""
    padded = np.pad(x, ((side, side), (0, 0)))
    stacked = [padded[i : i + len(x)] for i in range(2 * side + 1)]
    return np.concatenate([*stacked, np.ones((len(x), 1))], axis=1).astype(np.float64)


def _mels(clip: np.ndarray, dots: Dots) -> np.ndarray:
    """Log mel spectra, one a latent frame."""
    hop, rate = dots.config.vocoder.hop, dots.config.vocoder.sample_rate
    sound = resample_prompt(clip, rate, RATE)
    found = filterbanks(np.pad(sound, 400))
    frames, each = len(clip) // hop, hop * 100 // rate
    found = np.maximum(found - found.max(), -DEPTH)
    return np.stack([found[1 + i * each : 1 + (i + 1) * each].mean(axis=0) for i in range(frames)])


def _write_filters(folder: Path) -> None:
    """The encoder's first layers: the signal and its negative; BANDS filters, each as ± cosine and ± sine; their loudness
    over a frame, less some thresholds. A leaky ReLU after each makes of a pair a magnitude and of thresholds a bent line.
    """
    first, second = EARS["down_rates"]
    hertz = 700 * (np.exp(np.linspace(0.15, 1, BANDS) * np.log(1 + 5500 / 700)) - 1)
    at = np.arange(2 * first) - first
    window = np.hanning(2 * first)
    turns = 2 * np.pi * hertz[:, None] * at / EARS["sample_rate"]
    waves = np.stack([np.cos(turns), np.sin(turns)], axis=1) * window / window.sum()  # (band, 2, taps)
    signed = np.stack([waves, -waves], axis=2).reshape(4 * BANDS, -1)
    pair = np.stack([signed, -signed], axis=1) / 1.2  # of x and −x, bent: together x again
    average = np.zeros((BANDS, len(THRESHOLDS), 4 * BANDS, 2 * second))
    for band in range(BANDS):
        average[band, :, 4 * band : 4 * band + 4] = 1 / (0.8 * 2 * second)
    biases = np.tile(-np.array(THRESHOLDS), BANDS)
    _put(
        folder,
        {
            "audio_encoder.generator.0.layer.weight": np.array([[[0, 0, 1.0]], [[0, 0, -1.0]]]),
            "audio_encoder.generator.2.layer.weight": pair,
            "audio_encoder.generator.5.layer.weight": average.reshape(-1, *average.shape[2:]),
            "audio_encoder.generator.5.layer.bias": biases,
        },
        ("audio_encoder.generator.0.layer.bias", "audio_encoder.generator.2.layer.bias", *_STACKS),
    )


def _write_last(folder: Path, solved: np.ndarray, latent: int) -> None:
    """The fitted last layer; those behind it hand on what it says, as the latents' means."""
    into = np.eye(4 * latent, latent)
    deviation = np.log(SURE) * np.repeat([0.0, 1.0], latent)
    _put(
        folder,
        {
            "audio_encoder.generator.8.layer.weight": solved[:-1].reshape(5, -1, latent).transpose(2, 1, 0),
            "audio_encoder.generator.8.layer.bias": solved[-1],
            "enc_mi_layer.0.weight": into,
            "enc_mi_layer.2.weight": into.T,
            "pre_proj.weight": np.eye(2 * latent, latent)[:, :, None],
            "pre_proj.bias": deviation,
        },
        ("enc_mi_layer.1.", "enc_mi_layer.0.bias", "enc_mi_layer.2.bias"),
    )


def _put(folder: Path, arrays: dict[str, np.ndarray], empty: tuple[str, ...]) -> None:
    """Put arrays into the vocoder's file; those whose names begin with one of `empty` become zeros."""
    path = folder / "vocoder.safetensors"
    found = {k: v.astype(mx.float32) for k, v in mx.load(str(path)).items()}
    for name, array in found.items():
        if name.startswith(empty):
            found[name] = mx.zeros(array.shape)
    for name, array in arrays.items():
        assert found[name].shape == array.shape, (name, found[name].shape, array.shape)
        found[name] = mx.array(np.ascontiguousarray(array, np.float32))
    mx.save_safetensors(str(path), found)


def examples(dots: Dots, texts: list[str], sounds: list) -> list[Example]:
    """Clips of one length are encoded together; the voice has one x-vector, its first clip's."""
    tokens, config = TrainingTokens(dots.tokens, eos_of(dots.checkpoint)), dots.config
    clips = [framed(*sound, config) for sound in sounds]
    vector = speaker_vector(dots.speaker, speaker_features(clips[0], config))
    alike: dict[int, list[int]] = {}
    for i, clip in enumerate(clips):
        alike.setdefault(len(clip), []).append(i)
    found: dict[int, Example] = {}
    for length, members in alike.items():
        for at in range(0, len(members), 8):
            some = members[at : at + 8]
            both = np.array(dots.vae.encode(mx.array(np.stack([clips[i] for i in some]))))
            for i, latents in zip(some, both, strict=True):
                ids = tokens.sides(tokens.basic(texts[i], length // config.patch_samples))
                found[i] = Example(f"{i}", *ids, latents, vector)
    return [found[i] for i in range(len(texts))]
