"""A reference recording to the arrays of a voice profile, a step a function. It knows networks and signals, no files."""

from typing import TYPE_CHECKING

import numpy as np

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.failures import ReferenceTooShort
from dotsbook.model.fbank import filterbanks
from dotsbook.model.resample import resample_prompt, resample_speaker, trim_silence

if TYPE_CHECKING:  # MLX is imported by the functions that need it: OpenBLAS must be loaded before it
    from dotsbook.model.network.audiovae import AudioVAE
    from dotsbook.model.network.core import Core
    from dotsbook.model.network.speaker_encoder import SpeakerEncoder

SPEAKER_SCALE = 1.5  # by which an x-vector is multiplied before it conditions the DiT
SHORTEST = 0.3  # seconds of reference, silence trimmed


def prepare(waveform: np.ndarray, rate: int, target: int) -> np.ndarray:
    """A reference, mono (n,) at `rate` Hz, as the model takes it: float32, silence trimmed at both ends, at `target` Hz.

    ModelError for samples that are no mono signal or not finite, ReferenceTooShort under SHORTEST seconds.
    """
    samples = np.asarray(waveform, np.float32)
    if samples.ndim != 1 or rate <= 0:
        raise ModelError(
            f"A reference is one channel of samples at a rate above 0, not {samples.shape} at {rate}."
        )
    if not np.isfinite(samples).all():
        raise ModelError("The reference holds samples that are not numbers. Export it again.")
    samples = trim_silence(samples)
    if len(samples) < SHORTEST * rate:
        raise ReferenceTooShort(
            f"The reference has {len(samples) / rate:.2f} s of voice; at least {SHORTEST} s are needed, and 5 "
            "to 15 are good."
        )
    return resample_prompt(samples, rate, target)


def speaker_vectors(
    core: "Core", encoder: "SpeakerEncoder", config: ModelConfig, samples: np.ndarray, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """The x-vector (speaker_dim,) of a prepared reference and, from `scale` times it, g_cond (DiT width,)."""
    import mlx.core as mx

    rate = config.vocoder.sample_rate
    first = samples[: round(rate * config.xvec_max_audio_seconds)]
    x_vector = encoder(mx.array(filterbanks(resample_speaker(first, rate)))[None])
    g_cond = core.condition(x_vector * scale)
    return np.array(x_vector[0]), np.array(g_cond[0].astype(mx.float32))


def prompt_latents(
    vae: "AudioVAE", config: ModelConfig, samples: np.ndarray, seed: int, noise: np.ndarray | None
) -> np.ndarray:
    """`sampled_latents` of a prepared reference, without its last patch."""
    return sampled_latents(vae, samples, seed, noise)[: -config.patch_size]


def sampled_latents(vae: "AudioVAE", samples: np.ndarray, seed: int, noise: np.ndarray | None) -> np.ndarray:
    """The latents of a sound of whole patches: (frames, latent_dim), denormalised.

    noise (latent_dim, frames): standard normal, instead of what `seed` draws.
    """
    import mlx.core as mx

    from dotsbook.model.noise import draw

    both = vae.encode(mx.array(samples)[None])[0]  # (frames, 2 · latent_dim)
    mean, log_deviation = mx.split(both, 2, axis=-1)
    drawn = draw(seed, -1, mean.shape) if noise is None else mx.array(np.asarray(noise, np.float32).T)
    if drawn.shape != mean.shape:
        raise ModelError(f"The reference's noise is {drawn.shape[::-1]} where {mean.shape[::-1]} is needed.")
    latents = np.array(mean + drawn * mx.exp(log_deviation))
    mx.clear_cache()
    return latents


def patch_embeddings(core: "Core", latents: np.ndarray) -> np.ndarray:
    """Denormalised latents (patches · patch_size, latent_dim) → (patches, LLM width), float32."""
    import mlx.core as mx

    if not len(latents):
        return np.zeros((0, core.hidden_proj.weight.shape[1]), np.float32)
    encoder = core.patch_encoder
    return np.array(encoder(mx.array(latents)[None], encoder.begin())[0].astype(mx.float32))
