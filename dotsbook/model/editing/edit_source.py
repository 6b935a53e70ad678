"""The line to be edited, as dots.tts.edit hears it. It knows signals, no text.

The model hears all of the line and copies none of it: an edit is decoded anew, from the first sample to the last.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.errors import ModelError
from dotsbook.model.enrolment import SPEAKER_SCALE, patch_embeddings, sampled_latents, speaker_vectors
from dotsbook.model.resample import resample_line

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots

EDGE = 0.250  # seconds of silence at either end, as in training
QUIET = -30.0  # dB under the loudest sample: what lies outside the first and the last above it is silence


@dataclass(frozen=True, eq=False)
class EditSource:
    """A line, prepared and heard once; edits of it differ in what is asked. Arrays are float32."""

    model: str  # identity of the model that heard it
    samples: np.ndarray  # (patches · samples a patch,), at the model's rate
    latents: np.ndarray  # (frames, latent_dim), denormalised
    embeddings: np.ndarray  # (patches, LLM width)
    g_cond: np.ndarray = field(repr=False)  # (DiT width,), from its own x-vector

    @property
    def patches(self) -> int:
        return len(self.embeddings)


def hear(
    dots: "Dots",
    waveform: np.ndarray,
    rate: int,
    *,
    noise: np.ndarray | None = None,
    speaker_scale: float = SPEAKER_SCALE,
) -> EditSource:
    """A line (samples,) or (channels, samples) at `rate` Hz, heard by a model.

    noise (latent_dim, frames): what the latents are sampled with; without it they are the same each time, so that all
    edits of a line share what the model read of it.
    """
    samples = prepared(waveform, rate, dots.rate, dots.config.patch_samples)
    latents = sampled_latents(dots.vae, samples, 0, noise)
    _, g_cond = speaker_vectors(dots.core, dots.speaker, dots.config, samples, speaker_scale)
    return EditSource(dots.identity, samples, latents, patch_embeddings(dots.core, latents), g_cond)


def prepared(waveform: np.ndarray, rate: int, target: int, multiple: int) -> np.ndarray:
    """Mono at `target` Hz, a quarter of a second of silence at either end, zeros up to a multiple of samples.

    ModelError for no samples, or samples that aren't finite.
    """
    samples = np.atleast_2d(np.asarray(waveform, np.float32))
    if samples.ndim != 2 or not samples.size or rate <= 0:
        raise ModelError(f"There is no line to edit in samples of {samples.shape} at {rate} Hz.")
    if not np.isfinite(samples).all():
        raise ModelError("The line to edit holds samples that are not numbers. Render it again.")
    line = with_edges(resample_line(samples.mean(axis=0), rate, target), round(target * EDGE))
    return np.pad(line, (0, -len(line) % multiple))


def with_edges(samples: np.ndarray, edge: int) -> np.ndarray:
    """The line with exactly `edge` samples before its first and after its last that isn't quiet."""
    loudness = np.abs(samples)
    peak = float(loudness.max(initial=0.0))
    if peak <= 0.0:
        return np.zeros(edge, np.float32)
    loud = np.flatnonzero(loudness > peak * 10.0 ** (QUIET / 20.0))
    first, last = int(loud[0]), int(loud[-1])
    line = samples[max(0, first - edge) : last + 1 + edge]
    return np.pad(line, (max(0, edge - first), max(0, last + 1 + edge - len(samples))))
