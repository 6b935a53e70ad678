"""A recorded clip as training takes it: edges of a quarter second, whole patches, features, latents. It knows no text, no files."""

from typing import TYPE_CHECKING

import numpy as np

from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.fbank import RATE, filterbanks
from dotsbook.model.resample import resample_prompt

if TYPE_CHECKING:
    from dotsbook.model.network.audiovae import AudioVAE
    from dotsbook.model.network.speaker_encoder import SpeakerEncoder

EDGE = 0.25  # s kept or added before the first loud sample and after the last
QUIET = 30.0  # dB under the peak: what is softer at an end is edge


def framed(samples: np.ndarray, rate: int, config: ModelConfig) -> np.ndarray:
    """Mono samples (n,) at `rate` Hz → float32 at the vocoder's rate, its edges EDGE long, padded to whole patches."""
    target = config.vocoder.sample_rate
    found = edged(resample_prompt(np.asarray(samples, np.float32), rate, target), target)
    return np.pad(found, (0, -len(found) % config.patch_samples))


def edged(samples: np.ndarray, rate: int) -> np.ndarray:
    """Each side cut, or padded with zeros, to EDGE seconds beyond the first and last loud sample."""
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max(initial=0.0) * 10 ** (-QUIET / 20))
    if not len(loud):
        return samples
    edge = round(EDGE * rate)
    first, last = loud[0] - edge, loud[-1] + 1 + edge
    inside = samples[max(0, first) : last]
    return np.pad(inside, (max(0, -first), max(0, last - len(samples))))


def speaker_features(samples: np.ndarray, config: ModelConfig) -> np.ndarray:
    """Filterbanks (frames, 80) of a framed clip, less their mean over all of it; of a long one the first seconds."""
    features = filterbanks(resample_prompt(samples, config.vocoder.sample_rate, RATE))
    most = config.xvec_max_audio_seconds * config.vocoder.sample_rate
    return features[: int(len(features) * most / len(samples))] if len(samples) > most else features


def encoded(vae: "AudioVAE", samples: np.ndarray) -> np.ndarray:
    """A framed clip → (T, 2 · D), the latents' mean and log deviation, without the last patch's neighbours: the clip alone."""
    import mlx.core as mx

    return np.array(vae.encode(mx.array(samples)[None])[0], np.float32)


def speaker_vector(speaker: "SpeakerEncoder", features: np.ndarray) -> np.ndarray:
    import mlx.core as mx

    return np.array(speaker(mx.array(features)[None])[0], np.float32)
