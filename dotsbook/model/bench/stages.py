"""What the model costs here, part by part: each stage gives its figures by name. It knows a model, no machine and no files.

Text, seeds and noise are fixed and no line ever ends, so that two runs differ only by the machine. Every stage measures
at least once and then for as long as its share of the time allows.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import mlx.core as mx
import numpy as np

from dotsbook.model.decoding import Decoding
from dotsbook.model.dots import Dots, Utterance
from dotsbook.model.enrolment import patch_embeddings
from dotsbook.model.metal import wired
from dotsbook.model.network.audiovae import DecoderState
from dotsbook.model.profile import Profile
from dotsbook.model.sampling import SamplingOptions, resolve

TEXT = "The tide was out, and nobody on the long grey shore had anything left to say to her about it."
NEVER = SamplingOptions(eos_threshold=2.0)  # no probability ends a line
REFERENCE = 10.0  # seconds
HISTORIES = (5, 20, 60, 120)  # patches before the measured ones
COUNTS = (1, 4, 8, 16)  # lines together
MOST = 20  # steps measured of one kind

Figures = dict[str, float]


def first_sound(dots: Dots) -> Figures:
    """From a recording to the first sound."""
    voice, enrolled = timed(lambda: dots.enroll(tone(REFERENCE, dots.rate), dots.rate, TEXT))
    _, first = timed(lambda: begun(dots, [line(voice)]))
    _, second = timed(lambda: begun(dots, [line(voice, TEXT[::-1])]))
    _, sound = timed(lambda: next(dots.stream(TEXT, voice, "en", NEVER)))
    return {
        "enrol 10 s, s": enrolled,
        "prefill, first line in a voice, s": first,
        "prefill, second line, s": second,
        "first sound streamed, s": sound,
    }


def one_line(dots: Dots, seconds: float) -> Figures:
    """Milliseconds a patch of one line, by how much went before, and its parts; the vocoder apart."""
    found: Figures = {}
    share = seconds / (len(HISTORIES) + 4)
    timbre = dots.enroll(tone(1.0, dots.rate), dots.rate)
    for history in HISTORIES:
        decoding = begun(dots, [line(after_patches(dots, timbre, history))])
        decoding.step()
        taken = repeated(decoding.step, share)
        found[f"patch after {history}, ms"] = statistics.median(taken) * 1e3
        found[f"patch after {history}, slowest tenth, ms"] = float(np.quantile(taken, 0.9)) * 1e3
    found |= parts(dots, decoding, share)
    for frames in (dots.config.patch_size, 64):
        piece = mx.zeros((1, frames, dots.config.latent_dim))
        state = DecoderState()
        np.array(dots.vae.decode(piece, state))
        taken = repeated(lambda: np.array(dots.vae.decode(piece, state)), share)  # noqa: B023
        name = f"vocoder, pieces of {frames} frames, ms a patch"
        found[name] = statistics.median(taken) * 1e3 * dots.config.patch_size / frames
    return found


def parts(dots: Dots, decoding: Decoding, seconds: float) -> Figures:
    """A step's parts, each computed alone; and what Python takes to describe them."""
    decoding.ahead = False

    def solved() -> mx.array:
        return decoding._solve(decoding._noise())

    patch = solved()
    mx.eval(patch)
    solving = repeated(lambda: mx.eval(solved()), seconds / 4)
    built = repeated(solved, seconds / 4)
    mx.eval(decoding.arrays())
    encoder, encoded = dots.core.patch_encoder, decoding.encoder_state
    latents = patch * decoding._scale + decoding._mean
    encoding = repeated(lambda: mx.eval(encoder(latents, encoded.copy())), seconds / 4)

    def feed() -> None:
        decoding._feed_back(patch)
        mx.eval(decoding._end)

    feeding = repeated(feed, seconds / 4)
    return {
        "DiT, ms": statistics.median(solving) * 1e3,
        "patch encoder, ms": statistics.median(encoding) * 1e3,
        "LLM, ms": max(0.0, statistics.median(feeding) - statistics.median(encoding)) * 1e3,
        "Python, ms": statistics.median(built) * 1e3,
    }


def lines_together(dots: Dots, seconds: float) -> Iterator[tuple[int, Figures]]:
    """(lines, figures) for 1, 4, 8 and 16 lines side by side, the vocoder with them."""
    patch_seconds = dots.config.patch_samples / dots.rate
    for count in COUNTS:
        lines = [line(None, TEXT[: 60 + 2 * i], i) for i in range(count)]
        mx.reset_peak_memory()
        decoding = begun(dots, lines)
        sounds = dots.sounds(decoding)
        # The vocoder works in pieces of several patches: time is that of all steps together.
        start, decoded = time.perf_counter(), decoding.rows[0].decoded
        next(sounds)
        while time.perf_counter() - start < seconds / len(COUNTS) and decoding.rows[0].decoded < 8 * MOST:
            next(sounds)
        steps, taken = decoding.rows[0].decoded - decoded, time.perf_counter() - start
        yield (
            count,
            {
                "step, ms": taken / steps * 1e3,
                "times real time": count * patch_seconds * steps / taken,
                "peak, GB": mx.get_peak_memory() / 1e9,
            },
        )
        mx.clear_cache()


def throttling(dots: Dots, seconds: float) -> Figures:
    """The same line without a pause: how the last quarter of its patches compares with the first."""
    decoding = begun(dots, [line(None)])
    decoding.step()

    def step() -> None:
        nonlocal decoding
        if not decoding.rows:  # the line's room is used up
            decoding = begun(dots, [line(None)])
        decoding.step()

    taken = repeated(step, seconds, most=10_000)
    quarter = max(1, len(taken) // 4)
    return {
        "last quarter / first quarter": statistics.median(taken[-quarter:])
        / statistics.median(taken[:quarter])
    }


def wiring(dots: Dots, seconds: float) -> Figures:
    """A patch of one line with the model held in memory, as decoding does, against without."""

    def step_ms(held: bool) -> float:
        decoding = begun(dots, [line(None)])
        if not held:
            return statistics.median(repeated(decoding.step, seconds / 4)) * 1e3
        with wired():
            return statistics.median(repeated(decoding.step, seconds / 4)) * 1e3

    pairs = [(step_ms(True), step_ms(False)) for _ in range(2)]
    return {"held / not held": statistics.median(held / loose for held, loose in pairs)}


# ── what they are made of ──


def line(voice: Profile | None, text: str = TEXT, seed: int = 0) -> Utterance:
    return Utterance(text, voice, "en", NEVER, seed)


def after_patches(dots: Dots, timbre: Profile, patches: int) -> Profile:
    """A voice whose reference has so many patches, of noise."""
    shape = (patches * dots.config.patch_size, dots.config.latent_dim)
    latents = np.random.default_rng(patches).standard_normal(shape).astype(np.float32)
    embeddings = patch_embeddings(dots.core, latents)
    return replace(timbre, transcript=TEXT, latents=latents, embeddings=embeddings)


def begun(dots: Dots, lines: list[Utterance]) -> Decoding:
    rows = [dots.ready(i, one, resolve(one.sampling, dots.config)) for i, one in enumerate(lines)]
    return dots.begin(rows, dots.solver(NEVER))


def repeated(work: Callable[[], object], seconds: float, most: int = MOST) -> list[float]:
    """Seconds of each run, as many as fit, one at least."""
    end, taken = time.perf_counter() + seconds, [timed(work)[1]]
    while len(taken) < most and time.perf_counter() < end:
        taken.append(timed(work)[1])
    return taken


def timed(work: Callable):
    """(what it gives, seconds it took)."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def tone(seconds: float, rate: int) -> np.ndarray:
    """Something like a voice: (n,) float32."""
    t = np.arange(round(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * 140 * t) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t))).astype(np.float32)
