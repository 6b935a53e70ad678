"""Speech from text that comes token by token, compared with golden outputs. It knows their files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.model.enrolment import SPEAKER_SCALE, prepare
from dotsbook.model.golden_stage import StageResult, differing, error, same_ids, sampling_of, snr, sound_of
from dotsbook.model.live_speech import LiveSpeech

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots
    from dotsbook.model.profile import Profile


def live_stages(dots: "Dots", folder: Path) -> Iterator[StageResult]:
    """All of a folder's goldens of double streaming."""
    from safetensors.numpy import load_file

    cases = folder / "stts.json"
    settings = json.loads(cases.read_text("utf-8")) if cases.is_file() else {}
    for path in sorted(folder.glob("stts_*.safetensors")):
        name = path.stem.removeprefix("stts_")
        yield from _stts(dots, name, settings[name], load_file(path), folder)


def _stts(dots: "Dots", name: str, settings: dict, golden: dict, folder: Path) -> Iterator[StageResult]:
    stage, latent_dim = f"stts {name}", dots.config.latent_dim
    text = golden["text_ids"].reshape(-1).tolist()
    yield same_ids(f"{stage}, text", dots.tokens.encode(settings["text"]), text)
    profile = None
    if settings.get("reference"):
        channels, rate = sound_of(folder / settings["reference"])
        found = prepare(channels.mean(axis=0), rate, dots.rate)
        if "prompt_waveform" in golden:
            # the golden's is padded to whole patches
            wanted = golden["prompt_waveform"].reshape(-1)
            yield error(
                f"{stage}, prompt_waveform",
                np.pad(found, (0, max(0, len(wanted) - len(found)))),
                wanted,
                "features",
            )
        profile = _profile(dots, settings, golden, channels.mean(axis=0), rate)
    if "g_cond" in golden and profile is not None:
        yield error(f"{stage}, g_cond", profile.g_cond, golden["g_cond"].reshape(-1), "network")
    live = LiveSpeech(
        dots,
        profile,
        sampling=sampling_of(settings, dots.config, settings["max_generate_length"]),
        noise=golden["patch_noise"],
        silence=settings["initial_silence_audio_tokens"],
    )
    pushed = [live.push(token) for token in text]
    finished = list(live.finish())
    yield same_ids(f"{stage}, llm_ids", live.ids, golden["llm_ids"].reshape(-1).tolist())
    counts = [-1 if sound is None else len(sound) for sound in pushed]
    yield same_ids(f"{stage}, push_samples", counts, golden["push_samples"].reshape(-1).tolist())
    counts = [len(sound) for sound in finished]
    yield same_ids(f"{stage}, finish_samples", counts, golden["finish_samples"].reshape(-1).tolist())
    expected = golden["latents"].reshape(-1, latent_dim)
    yield differing(f"{stage}, patches", len(live.patches), len(expected) // dots.config.patch_size)
    yield error(f"{stage}, eos_probs", live.end_probabilities, golden["eos_probs"].reshape(-1), "latents")
    yield error(f"{stage}, latents", np.concatenate(live.patches), expected, "latents")
    sound = np.concatenate([piece for piece in [*pushed, *finished] if piece is not None])
    yield snr(f"{stage}, waveform", sound, golden["waveform"], "waveform")


def _profile(dots: "Dots", settings: dict, golden: dict, waveform: np.ndarray, rate: int) -> "Profile":
    noise = golden["prompt_noise"].reshape(dots.config.latent_dim, -1) if "prompt_noise" in golden else None
    return dots.enroll(
        waveform,
        rate,
        settings.get("prompt_text"),
        noise=noise,
        speaker_scale=settings.get("speaker_scale", SPEAKER_SCALE),
    )
