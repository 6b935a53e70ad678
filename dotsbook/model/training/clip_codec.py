"""The frozen half of a model, by which a clip becomes latents and an x-vector; and the file that keeps those.

It knows arrays and their file, no data sets. The latents don't depend on what is trained: base, soar and their children that
share vocoder and speaker encoder share them too, and so have one `identity` here.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.checkpoint.jsonfile import MEGABYTE, read_bytes
from dotsbook.model.checkpoint.stats import float_tensors
from dotsbook.model.startup import prepare_mlx
from dotsbook.model.training.clip_sound import encoded, framed, speaker_features, speaker_vector

if TYPE_CHECKING:  # MLX is imported by the methods that need it: OpenBLAS must be loaded before it
    from dotsbook.model.checkpoint.opening import Checkpoint
    from dotsbook.model.dots import Dots
    from dotsbook.model.network.audiovae import AudioVAE
    from dotsbook.model.network.speaker_encoder import SpeakerEncoder

LIMIT = 64 * MEGABYTE  # of a clip's file: 30 s of the released model have 0.4 MB
RECIPE = 1  # raised by whoever changes what this code makes of the same clip


@dataclass(frozen=True, eq=False)
class ClipLatents:
    """What training needs of a clip's sound."""

    mean_logstd: np.ndarray  # (T, 2 · D) of the latents, T whole patches
    x_vector: np.ndarray  # (speaker_dim,)

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all. OutputError if it can't be."""
        from safetensors.numpy import save

        from dotsbook.files import write_whole

        arrays = {"mean_logstd": self.mean_logstd, "x_vector": self.x_vector}
        write_whole(Path(path), save({k: np.ascontiguousarray(v, np.float32) for k, v in arrays.items()}))


def read_latents(path: Path) -> ClipLatents:
    """What `ClipLatents.save` wrote. ModelError for anything else."""
    arrays = float_tensors(read_bytes(Path(path), LIMIT), str(path))
    shapes = {k: v.ndim for k, v in arrays.items()}
    if shapes != {"mean_logstd": 2, "x_vector": 1} or not all(np.isfinite(v).all() for v in arrays.values()):
        raise ModelError(f"{path} doesn't hold a clip's latents. Remove it: it is made again.")
    return ClipLatents(arrays["mean_logstd"], arrays["x_vector"])


@dataclass(frozen=True, eq=False)
class ClipCodec:
    """VAE encoder and speaker encoder of a model, without its language model."""

    config: ModelConfig
    vae: "AudioVAE"
    speaker: "SpeakerEncoder"
    identity: str  # of these two and of how they are used

    @classmethod
    def load(cls, source: str | Path) -> "ClipCodec":
        """Of a model's folder or hub name; a small part of the model is read."""
        prepare_mlx()
        from dotsbook.model.checkpoint.opening import open_checkpoint
        from dotsbook.model.network.audiovae import AudioVAE
        from dotsbook.model.network.loading import load_float32
        from dotsbook.model.network.speaker_encoder import SpeakerEncoder

        checkpoint = open_checkpoint(source, dtype="float32")
        vae, speaker = AudioVAE(checkpoint.config.vocoder), SpeakerEncoder(checkpoint.config.speaker_dim)
        load_float32(vae, checkpoint, "vocoder")
        load_float32(speaker, checkpoint, "speaker")
        return cls(checkpoint.config, vae, speaker, codec_identity(checkpoint))

    @classmethod
    def of(cls, dots: "Dots") -> "ClipCodec":
        """Of a model that is loaded; nothing is loaded twice."""
        return cls(dots.config, dots.vae, dots.speaker, codec_identity(dots.checkpoint))

    @property
    def rate(self) -> int:
        return self.config.vocoder.sample_rate

    def latents(self, samples: np.ndarray, rate: int) -> ClipLatents:
        """Of a clip, mono (n,) at `rate` Hz. ModelError for numbers that break."""
        import mlx.core as mx

        prepared = framed(samples, rate, self.config)
        found = ClipLatents(encoded(self.vae, prepared), self._x_vector(prepared))
        mx.clear_cache()
        if not (np.isfinite(found.mean_logstd).all() and np.isfinite(found.x_vector).all()):
            raise ModelError("The clip's latents came out as numbers that are none.")
        return found

    def direction(self, samples: np.ndarray, rate: int) -> np.ndarray:
        """A sound's x-vector, of length 1: two of them multiplied tell how alike two voices are."""
        found = self._x_vector(framed(samples, rate, self.config)).astype(np.float64)
        return found / max(float(np.linalg.norm(found)), 1e-12)

    def _x_vector(self, prepared: np.ndarray) -> np.ndarray:
        return speaker_vector(self.speaker, speaker_features(prepared, self.config))


def codec_identity(checkpoint: "Checkpoint") -> str:
    """A short hash of vocoder, speaker encoder and what of the config they are used by."""
    from dotsbook.model.checkpoint.opening import sampled

    config = checkpoint.config
    used = (RECIPE, config.vocoder, config.speaker_dim, config.patch_size, config.xvec_max_audio_seconds)
    digest = hashlib.sha256(repr(used).encode())
    for part in ("vocoder", "speaker"):
        sampled(checkpoint.folder / checkpoint.layout.file(part), checkpoint.headers[part], digest)
    return digest.hexdigest()[:20]
