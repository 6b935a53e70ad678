"""One stage of a comparison with golden outputs: a number and the bound it is held to. It knows no stages."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.sampling import SamplingOptions

if TYPE_CHECKING:  # MLX is imported by the functions that need it: OpenBLAS must be loaded before it
    from dotsbook.model.decoding import Decoding

TOLERANCES = {
    "samples": 2e-5,
    "features": 1e-4,
    "network": 5e-5,
    "latents": 2e-4,
    "decoder": 90.0,
    "waveform": 80.0,
}


@dataclass(frozen=True)
class StageResult:
    """One number against its bound: an error to stay under, or decibels to stay over."""

    stage: str
    measure: str  # "max-abs", "relative", "SNR dB" or "differing"
    value: float
    bound: float

    @property
    def passed(self) -> bool:
        return bool(self.value >= self.bound if self.measure == "SNR dB" else self.value <= self.bound)


def error(stage: str, found, wanted: np.ndarray, kind: str) -> StageResult:
    found = np.asarray(found, np.float64)
    value = float(np.abs(found - wanted).max(initial=0.0)) if found.shape == wanted.shape else float("inf")
    return StageResult(stage, "max-abs", float("inf") if np.isnan(value) else value, TOLERANCES[kind])


def snr(stage: str, found, wanted: np.ndarray, kind: str) -> StageResult:
    found, wanted = np.asarray(found, np.float64).reshape(-1), np.asarray(wanted, np.float64).reshape(-1)
    if found.shape != wanted.shape or not np.isfinite(found).all():
        return StageResult(stage, "SNR dB", float("-inf"), TOLERANCES[kind])
    noise = np.sum((found - wanted) ** 2)
    value = 300.0 if noise == 0 else 10 * np.log10(max(np.sum(wanted**2), 1e-300) / noise)
    return StageResult(stage, "SNR dB", float(value), TOLERANCES[kind])


def differing(stage: str, found: int, wanted: int) -> StageResult:
    return StageResult(stage, "differing", float(abs(found - wanted)), 0.0)


def same_ids(stage: str, found: list[int], wanted: list[int]) -> StageResult:
    return differing(
        stage, sum(a != b for a, b in zip(found, wanted, strict=False)) + abs(len(found) - len(wanted)), 0
    )


def sound_of(path: Path) -> tuple[np.ndarray, int]:
    """(channels, samples) and Hz of a golden's recording."""
    import soundfile

    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.ascontiguousarray(samples.T), rate


def decoded(decoding: "Decoding") -> list[np.ndarray]:
    """The kept patches of all its rows, normalised, (P, latent_dim) each."""
    patches: list[np.ndarray] = []
    while decoding.rows:
        patches += [one.patch for one in decoding.step() if one.patch is not None and one.kept]
    return patches


def sampling_of(settings: dict, config: ModelConfig, room: int) -> SamplingOptions:
    """The case's settings; those its solver doesn't use are left out, as the reference leaves them unread."""
    flow = config.solver == "flow_matching"
    return SamplingOptions(
        num_steps=settings.get("num_steps"),
        ode_method=settings.get("ode_method") if flow else None,
        guidance_scale=settings.get("guidance_scale") if flow else None,
        eos_threshold=settings.get("eos_threshold", 0.8),
        max_patches=room,
    )
