"""Edits compared with golden outputs: the preparation of lines, whole edits. It knows their files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.model.editing.edit_source import prepared
from dotsbook.model.editing.editor import Editor, LineEdit
from dotsbook.model.editing.instruction import parse
from dotsbook.model.editing.schedule import schedule
from dotsbook.model.enrolment import SPEAKER_SCALE
from dotsbook.model.golden_stage import (
    StageResult,
    decoded,
    differing,
    error,
    same_ids,
    sampling_of,
    snr,
    sound_of,
)
from dotsbook.model.sampling import resolve

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots


def edit_stages(dots: "Dots", folder: Path) -> Iterator[StageResult]:
    """All of a folder's goldens of edits."""
    from safetensors.numpy import load_file

    rates = folder / "source_preparation.json"
    if rates.is_file():
        yield from _preparation(
            json.loads(rates.read_text("utf-8")), load_file(rates.with_suffix(".safetensors"))
        )
    cases = folder / "edit.json"
    settings = json.loads(cases.read_text("utf-8")) if cases.is_file() else {}
    for path in sorted(folder.glob("edit_*.safetensors")):
        name = path.stem.removeprefix("edit_")
        yield from _edit(dots, name, settings[name], load_file(path), folder)


def _preparation(cases: dict, golden: dict) -> Iterator[StageResult]:
    for name, case in cases.items():
        found = prepared(golden[f"{name}.input"], case["rate"], case["target_rate"], case["multiple"])
        yield error(f"source_preparation, {name}", found, golden[f"{name}.output"].reshape(-1), "samples")


def _edit(dots: "Dots", name: str, settings: dict, golden: dict, folder: Path) -> Iterator[StageResult]:
    """A whole edit with the reference's own noise."""
    from dotsbook.model.stream import decode_latents

    stage, latent_dim = f"edit {name}", dots.config.latent_dim
    editor, room = Editor(dots), settings["max_generate_length"]
    instruction = parse(settings["instruction"], settings["source_text"], settings["target_text"])
    wanted = settings["resolved"]
    texts = [instruction.source, instruction.target], [wanted["source_text"], wanted["target_text"]]
    yield differing(f"{stage}, texts", sum(a != b for a, b in zip(*texts, strict=True)), 0)
    source = editor.hear(
        *sound_of(folder / settings["source"]),
        noise=golden["source_noise"].reshape(latent_dim, -1),
        speaker_scale=settings.get("speaker_scale", SPEAKER_SCALE),
    )
    yield error(f"{stage}, source_waveform", source.samples, golden["source_waveform"].reshape(-1), "samples")
    yield error(
        f"{stage}, source_latents",
        source.latents,
        golden["source_latents"].reshape(-1, latent_dim),
        "network",
    )
    yield error(f"{stage}, source_embeddings", source.embeddings, golden["source_embeddings"], "network")
    yield same_ids(
        f"{stage}, schedule",
        schedule(dots.tokens, instruction, source.patches).whole(dots.tokens, room - source.patches),
        golden["schedule_ids"].reshape(-1).tolist(),
    )
    asked = settings["use_xvector"]
    voiced = instruction.voiced if asked == "auto" else asked
    yield differing(f"{stage}, x-vector", int(voiced), int("g_cond" in golden))
    if "g_cond" in golden:
        yield error(f"{stage}, g_cond", source.g_cond, golden["g_cond"].reshape(-1), "network")
    sampling = resolve(sampling_of(settings, dots.config, room), dots.config)
    edit = LineEdit(source, instruction, sampling, voiced=voiced, noise=golden["patch_noise"])
    [row] = editor.rows([editor.plan(0, edit)])
    decoding = dots.begin([row], dots.solver(sampling))
    yield error(
        f"{stage}, first_hidden", decoding.hidden.reshape(-1), golden["first_hidden"].reshape(-1), "network"
    )
    patches = decoded(decoding)
    expected = golden["latents"].reshape(-1, latent_dim)
    yield differing(f"{stage}, patches", len(patches), len(expected) // dots.config.patch_size)
    yield error(f"{stage}, eos_probs", row.end_probabilities, golden["eos_probs"].reshape(-1), "latents")
    latents = dots.denormalise(np.concatenate(patches))
    yield error(f"{stage}, latents", latents, expected, "latents")
    yield snr(f"{stage}, waveform", decode_latents(dots.vae, latents), golden["waveform"], "waveform")
