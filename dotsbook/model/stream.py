"""Latents to sound, whole or as they come. It knows the vocoder, no text.

Both ways run the same causal decoder over pieces and give the same samples; memory is bounded by the piece.
"""

from collections.abc import Iterator

import mlx.core as mx
import numpy as np

from dotsbook.model.audiovae import AudioVAE, Voicing
from dotsbook.model.elementary import on_cpu
from dotsbook.model.onset import trim_onset

PIECE = 8  # latent frames decoded at once on a CPU, where a stage's arrays should stay in its cache
LONG = 64  # the same on a GPU, which wants long arrays


def piece() -> int:
    return PIECE if on_cpu() else LONG


def voice(vae: AudioVAE, latents: np.ndarray) -> np.ndarray:
    """All latents (frames, latent_dim), denormalised → float32 samples (frames · hop,)."""
    voicing, parts = Voicing(), []
    size = piece()
    for at in range(0, len(latents), size):
        some = mx.array(np.ascontiguousarray(latents[at : at + size], np.float32))[None]
        parts.append(np.array(vae.decode(some, voicing, last=at + size >= len(latents))[0]))
    return np.concatenate(parts)


def voice_patches(vae: AudioVAE, patches: Iterator[tuple[np.ndarray, bool]]) -> Iterator[np.ndarray]:
    """Each (patch, is it the last) → the samples it settles; the lookahead's worth of them comes with the next."""
    voicing = Voicing()
    for patch, last in patches:
        sound = np.array(vae.decode(mx.array(np.ascontiguousarray(patch, np.float32))[None], voicing, last=last)[0])
        if len(sound):
            yield sound


def opened(pieces: Iterator[np.ndarray], rate: int, seconds: float = 0.5) -> Iterator[np.ndarray]:
    """Pieces without the onset transient.

    The first half second is held back: the gate must hear how loud the line is.
    """
    held: list[np.ndarray] = []
    open_ = False
    for piece in pieces:
        if open_:
            yield piece
            continue
        held.append(piece)
        if sum(map(len, held)) >= seconds * rate:
            open_ = True
            yield trim_onset(np.concatenate(held), rate)
    if held and not open_:
        yield trim_onset(np.concatenate(held), rate)
