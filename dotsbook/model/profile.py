"""A voice profile: all that can be computed once about a reference recording, and the file that holds it.

It knows arrays and their file, no networks. The file is one safetensors with a versioned header that names the model it
was made with; nothing in it is trusted.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.checkpoint.jsonfile import MEGABYTE, parse_object, read_bytes
from dotsbook.model.checkpoint.stats import float_tensors
from dotsbook.model.checkpoint.tensors import check_header
from dotsbook.model.failures import WrongProfile

FORMAT = "1"
LIMIT = 64 * MEGABYTE


@dataclass(frozen=True, eq=False)
class Profile:
    """Arrays are float32. Without a transcript there are no latents and no embeddings: only the timbre is taken."""

    model: str  # identity of the model it was made with
    x_vector: np.ndarray  # (speaker_dim,)
    g_cond: np.ndarray  # (DiT width,), from the scaled x-vector
    speaker_scale: float
    seconds: float  # of the trimmed reference
    transcript: str | None = None
    language: str | None = None  # of the reference, if it was told
    # (patches · patch_size, latent_dim), denormalised, without the reference's last patch
    latents: np.ndarray | None = None
    embeddings: np.ndarray | None = None  # (patches, LLM width)

    @property
    def patches(self) -> int:
        return 0 if self.embeddings is None else len(self.embeddings)

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all. OutputError if it can't be."""
        from safetensors.numpy import save

        from dotsbook.files import write_whole

        arrays = {k: np.ascontiguousarray(v, np.float32) for k, v in self._arrays().items()}
        write_whole(Path(path), save(arrays, metadata=self._header()))

    def _arrays(self) -> dict[str, np.ndarray]:
        names = ("x_vector", "g_cond", "latents", "embeddings")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def _header(self) -> dict[str, str]:
        header = {
            "dotsbook-profile": FORMAT,
            "model": self.model,
            "seconds": repr(self.seconds),
            "speaker_scale": repr(self.speaker_scale),
        }
        optional = {"transcript": self.transcript, "language": self.language}
        return header | {k: v for k, v in optional.items() if v is not None}


def read_profile(path: Path) -> Profile:
    """The profile in a file. WrongProfile says what is wrong with it; `check` says whether it fits a model."""
    path = Path(path)
    data = read_bytes(path, LIMIT)
    tensors = check_header(data[:8], lambda n: data[8 : 8 + n], len(data), str(path))
    header = parse_object(data[8 : 8 + int.from_bytes(data[:8], "little")], str(path)).get("__metadata__")
    if (
        not isinstance(header, dict)
        or not all(isinstance(v, str) for v in header.values())
        or "dotsbook-profile" not in header
    ):
        raise WrongProfile(f"{path} is not a voice profile of dotsbook. Enrol the voice again.")
    if header["dotsbook-profile"] != FORMAT:
        raise WrongProfile(f"{path} was written by another version of dotsbook. Enrol the voice again.")
    unknown = set(tensors) - {"x_vector", "g_cond", "latents", "embeddings"}
    if unknown or any(t.dtype != "F32" for t in tensors.values()):
        raise WrongProfile(f"{path} holds arrays a profile doesn't have. Enrol the voice again.")
    arrays = float_tensors(data, str(path))
    check_arrays(arrays, path)
    return Profile(
        model=header.get("model", ""),
        x_vector=arrays["x_vector"],
        g_cond=arrays["g_cond"],
        speaker_scale=_number(header, "speaker_scale", path),
        seconds=_number(header, "seconds", path),
        transcript=header.get("transcript"),
        language=header.get("language"),
        latents=arrays.get("latents"),
        embeddings=arrays.get("embeddings"),
    )


def _number(header: dict[str, str], key: str, path: Path) -> float:
    try:
        found = float(header[key])
    except (KeyError, ValueError) as error:
        raise WrongProfile(f"{path} lacks a number its header must have. Enrol the voice again.") from error
    if not 0 <= found < 1e6:
        raise WrongProfile(f"{path} has a senseless number in its header. Enrol the voice again.")
    return found


def check_arrays(arrays: dict[str, np.ndarray], path: Path) -> None:
    """WrongProfile unless the arrays that a profile needs are there, of as many dimensions as it wants, and finite."""
    wanted = {"x_vector": 1, "g_cond": 1, "latents": 2, "embeddings": 2}
    whole = {"x_vector", "g_cond"} <= set(arrays) and ("latents" in arrays) == ("embeddings" in arrays)
    if not whole or any(a.ndim != wanted[k] or not np.isfinite(a).all() for k, a in arrays.items()):
        raise WrongProfile(f"{path} is not whole, or its numbers are damaged. Enrol the voice again.")


def check(profile: Profile, identity: str, config: ModelConfig, width: int) -> None:
    """WrongProfile unless `profile` was made with this very model and has its sizes; `width` is the LLM's."""
    if profile.model != identity:
        raise WrongProfile(
            f"The voice profile was made with another model ({profile.model[:40]}, not {identity[:40]}). "
            "Enrol the voice again."
        )
    shapes: list[tuple[np.ndarray, tuple[int, ...]]] = [
        (profile.x_vector, (config.speaker_dim,)),
        (profile.g_cond, (config.dit.hidden_size,)),
    ]
    if profile.embeddings is not None:
        patches, latents = len(profile.embeddings), profile.latents
        shapes += [
            (profile.embeddings, (patches, width)),
            (np.zeros(0) if latents is None else latents, (patches * config.patch_size, config.latent_dim)),
        ]
    for array, shape in shapes:
        if array.shape != shape:
            raise WrongProfile(
                f"The voice profile has an array of {array.shape} where the model needs {shape}. Enrol the voice again."
            )
    if profile.embeddings is not None and not (profile.transcript or "").strip():
        raise WrongProfile(
            "The voice profile continues a reference but lacks its transcript. Enrol the voice again."
        )
