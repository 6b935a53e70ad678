"""Voices enrolled with the program dots-tts-mlx: `NAME.dtprofile` folders, as recordings. It knows no books.

A bundle (schema 2) is profile.json, which says the words, sizes and the scale of the voice, and cond.safetensors with
four arrays. One of them, `prompt_denorm_latents` (1, patches · patch_size, latent_dim), is the recording as the
vocoder has it: decoded, it is a recording again, which any model and any engine that clones can be given. The others
belong to one model and aren't read. Nothing in a bundle is trusted.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.model.checkpoint.jsonfile import MEGABYTE, JsonFields, read_bytes, read_object
from dotsbook.model.checkpoint.tensors import check_header
from dotsbook.model.failures import WrongProfile

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.config import ModelConfig

SUFFIX = ".dtprofile"
SCHEMA = 2
ABOUT, ARRAYS = "profile.json", "cond.safetensors"
NEEDED = (
    "prompt_text",
    "prompt_patch_count",
    "patch_size",
    "latent_dim",
    "speaker_scale",
    "hop_size",
    "sample_rate",
)
LATENTS = "prompt_denorm_latents"
LIMIT = 64 * MEGABYTE
LONGEST = 2000  # characters of the words; patches
LARGEST = 1000.0  # of a latent: honest ones are within ±20
STORED = {"F32": 4, "F16": 2, "BF16": 2}


@dataclass(frozen=True, eq=False)
class Bundle:
    """What is taken over of a bundle."""

    words: str  # what is spoken in the recording
    scale: float  # of the speaker's vector: dots' `speaker_scale`
    latents: np.ndarray  # (frames, latent_dim) float32, denormalised
    patch_size: int
    hop: int  # samples a latent frame
    rate: int  # Hz


def read_bundle(folder: Path) -> Bundle:
    """Read and check a bundle. WrongProfile or ModelError says what is wrong with it."""
    if not folder.is_dir():
        raise WrongProfile(
            f"{folder} is no folder; a {SUFFIX} bundle is one, with {ABOUT} and {ARRAYS} in it."
        )
    if lacking := [name for name in (ABOUT, ARRAYS) if not (folder / name).is_file()]:
        raise WrongProfile(f"{folder} is no whole bundle: it lacks {lacking[0]}.")
    about = read_object(folder / ABOUT)
    schema = about.get("schema_version")
    if schema != SCHEMA:
        raise WrongProfile(
            f"{folder} has schema {str(schema)[:20]}, and {SCHEMA} can be taken over; enrol the voice anew, here or there."
        )
    if lacking := [name for name in NEEDED if about.get(name) is None]:
        raise WrongProfile(f"{folder / ABOUT} lacks `{lacking[0]}`; it is no bundle of dots-tts-mlx.")
    words = about["prompt_text"]
    if not isinstance(words, str) or not words.strip() or len(words) > LONGEST:
        raise WrongProfile(f"{folder / ABOUT} doesn't say what is spoken in the recording (`prompt_text`).")
    fields = JsonFields(about, str(folder / ABOUT))
    patches, patch = fields.size("prompt_patch_count", 1, LONGEST), fields.size("patch_size", 1, 64)
    shape = (1, patches * patch, fields.size("latent_dim", 1, 4096))
    return Bundle(
        " ".join("".join(mark if mark.isprintable() else " " for mark in words).split()),
        fields.number("speaker_scale", 0.0, 10.0),
        numbers_in(folder / ARRAYS, shape)[0],
        patch,
        fields.size("hop_size", 1, 1 << 20),
        fields.size("sample_rate", 8000, 192_000),
    )


def numbers_in(file: Path, shape: tuple[int, int, int]) -> np.ndarray:
    """The latents of a bundle's arrays, float32."""
    data = read_bytes(file, LIMIT)
    found = check_header(data[:8], lambda size: data[8 : 8 + size], len(data), str(file)).get(LATENTS)
    if found is None or found.dtype not in STORED or found.shape != shape:
        raise WrongProfile(f"{file} lacks {LATENTS} of the size that {ABOUT} says; it isn't whole.")
    part = data[found.begin : found.end]
    if found.dtype == "BF16":  # the upper half of a float32
        numbers = (np.frombuffer(part, "<u2").astype(np.uint32) << 16).view(np.float32)
    else:
        numbers = np.frombuffer(part, f"<f{STORED[found.dtype]}").astype(np.float32)
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > LARGEST:
        raise WrongProfile(f"{file} holds numbers that no recording gives; it is damaged.")
    return numbers.reshape(shape)


def recording_in(bundle: Bundle, model: Path) -> np.ndarray:
    """The recording of a bundle, by the vocoder of a dots.tts model: float32 samples at `bundle.rate` Hz.

    WrongProfile if the bundle was made for a vocoder of another size.
    """
    from dotsbook.model.startup import prepare_mlx

    prepare_mlx()
    from dotsbook.model.checkpoint.opening import open_checkpoint
    from dotsbook.model.network.audiovae import AudioVAE
    from dotsbook.model.network.loading import load_float32
    from dotsbook.model.onset import trim_onset
    from dotsbook.model.stream import decode_latents

    checkpoint = open_checkpoint(model)
    check_sizes(bundle, checkpoint.config, model)
    vae = AudioVAE(checkpoint.config.vocoder)
    load_float32(vae, checkpoint, "vocoder")
    sound = decode_latents(vae, bundle.latents)
    if not np.isfinite(sound).all():
        raise WrongProfile("The bundle's latents can't be decoded: the vocoder's numbers broke.")
    return trim_onset(sound, bundle.rate)


def check_sizes(bundle: Bundle, config: "ModelConfig", model: Path) -> None:
    theirs = (bundle.latents.shape[1], bundle.patch_size, bundle.hop, bundle.rate)
    ours = (config.latent_dim, config.patch_size, config.vocoder.hop, config.vocoder.sample_rate)
    if theirs != ours:
        raise WrongProfile(
            f"The bundle was made for another vocoder than that of {model} (numbers a frame, frames a patch, samples a "
            f"frame, Hz: {theirs}, not {ours}); name the model that it was enrolled with as the book's `model:`."
        )
