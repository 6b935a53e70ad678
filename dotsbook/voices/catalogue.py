"""Engines by their names in a manifest, and voices as their entries there say. It knows no engine's inside.

An engine is a class in a file of its own and a line in `ENGINES`.
"""

import difflib
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dotsbook.errors import VoiceError
from dotsbook.files import sha256_of
from dotsbook.manifest import VoiceEntry
from dotsbook.project import Project
from dotsbook.voices.engine import Engine, Voice
from dotsbook.voices.paced import Paced


def draft(model: str | None, profiles: Path, memory: int | None) -> Engine:
    from dotsbook.voices.draft import DraftEngine

    return DraftEngine()


def syllables(model: str | None, profiles: Path, memory: int | None) -> Engine:
    from dotsbook.voices.syllables import SyllablesEngine

    return SyllablesEngine()


def dots(model: str | None, profiles: Path, memory: int | None) -> Engine:
    from dotsbook.voices.dots import DotsEngine

    if not model:
        raise VoiceError(
            "`engine: dots` needs a `model:` in book.yaml: a folder, or a name on the hub such as "
            "shraey/dots-tts-mlx/mf-int4."
        )
    return DotsEngine(model, profiles, memory)


ENGINES: dict[str, Callable[[str | None, Path, int | None], Engine]] = {
    "draft": draft,
    "syllables": syllables,
    "dots": dots,
}


def known(name: str) -> None:
    """Raise VoiceError, with the near miss, for an engine that doesn't exist."""
    if name not in ENGINES:
        near = difflib.get_close_matches(name.lower(), ENGINES, 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(ENGINES)}."
        raise VoiceError(f"There is no engine `{name}`; {hint}")


def open_engine(name: str, *, model: str | None = None, profiles: Path, memory: int | None = None) -> Engine:
    """The engine of that name. `model` is for those that have one, `profiles` a folder for enrolled voices,
    `memory` the most bytes to use (None: the engine's own idea). Costs little until it is asked something."""
    known(name)
    return Paced(ENGINES[name](model, profiles, memory))


def voice_of(project: Project, name: str) -> Voice:
    """The voice `name` of a project, its own `sampling:` laid over the book's, fit for the book's engine.

    Raises VoiceError if it isn't there or its reference or transcript can't be read.
    """
    entry = project.voice(name)
    known(project.manifest.engine)
    sampling = given(project.manifest.sampling) | given(entry.sampling)
    drawn = {
        key: getattr(entry, key) for key in ("variant", "pitch", "rate") if getattr(entry, key) is not None
    }
    reference = project.reference(name)
    voice = Voice(
        name=name,
        reference=reference,
        transcript=project.transcript(name),
        language=entry.language or (project.manifest.language if reference else None),
        settings=sampling | drawn | {"tempo": entry.tempo},
    )
    heard = FINGERPRINTS[project.manifest.engine](voice, sampling, entry)
    return replace(voice, fingerprint=hashlib.sha256(json.dumps(heard, sort_keys=True).encode()).hexdigest())


def given(model) -> dict:
    return model.model_dump(exclude_none=True)


def heard_in_draft(voice: Voice, _sampling: dict, entry: VoiceEntry) -> dict:
    from dotsbook.voices.draft import character

    sounds = character(voice)
    return {"variant": sounds.variant, "pitch": sounds.pitch, "rate": sounds.rate, "tempo": entry.tempo}


def heard_in_syllables(voice: Voice, _sampling: dict, entry: VoiceEntry) -> dict:
    return {"name": voice.name, "tempo": entry.tempo}


def heard_in_dots(voice: Voice, sampling: dict, entry: VoiceEntry) -> dict:
    """All but the seed, which stands in the key by itself."""
    return {
        "reference": sha256_of(voice.reference) if voice.reference else None,
        "transcript": voice.transcript,
        "language": voice.language,
        "tempo": entry.tempo,
        "sampling": {key: value for key, value in sampling.items() if key != "seed"},
    }


# What of a voice changes its sound, engine by engine: the fingerprint in a take's key is made of it
FINGERPRINTS: dict[str, Callable[[Voice, dict, VoiceEntry], dict]] = {
    "draft": heard_in_draft,
    "syllables": heard_in_syllables,
    "dots": heard_in_dots,
}
