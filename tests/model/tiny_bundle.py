"""A `.dtprofile` bundle as dots-tts-mlx writes it, of random latents that fit a tiny model."""

import json
from pathlib import Path

import numpy as np

PATCHES, PATCH = 18, 4
FRAMES = PATCHES * PATCH
WORDS = "The lamp on the hill had burned for years."


def write_bundle(folder: Path, model: Path, *, dtype="bfloat16", latents=None, **about) -> Path:
    """about: fields of profile.json instead of the honest ones; latents (1, frames, latent_dim or 1)."""
    import mlx.core as mx

    from dotsbook.model.checkpoint.opening import open_checkpoint

    config = open_checkpoint(model).config
    assert config.patch_size == PATCH
    shape = (FRAMES, config.latent_dim)
    if latents is None:
        latents = np.random.default_rng(5).standard_normal(shape).astype(np.float32)[None]
    latents = np.broadcast_to(latents, (1, *shape)).astype(np.float32)
    kept = getattr(mx, dtype)
    arrays = {
        "g_cond": mx.zeros((1, 8)),
        "prompt_patches": mx.zeros((1, PATCHES, PATCH, config.latent_dim)),
        "prompt_denorm_latents": mx.array(latents),
        "patch_emb": mx.zeros((1, PATCHES, 16)),
    }
    folder.mkdir(parents=True)
    mx.save_safetensors(
        str(folder / "cond.safetensors"), {name: one.astype(kept) for name, one in arrays.items()}
    )
    honest = {
        "compat_hash": "0" * 64,
        "dtype": dtype,
        "hop_size": config.vocoder.hop,
        "latent_dim": config.latent_dim,
        "patch_size": PATCH,
        "prompt_patch_count": PATCHES,
        "prompt_text": WORDS,
        "sample_rate": config.vocoder.sample_rate,
        "schema_version": 2,
        "speaker_scale": 1.25,
    }
    (folder / "profile.json").write_text(json.dumps(honest | about, indent=2, sort_keys=True))
    return folder
