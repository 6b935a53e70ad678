"""The manifest's and the hub's words for what dots.tts takes: sampling, languages, folders, names of profiles."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dotsbook.errors import ModelError, VoiceError
from dotsbook.files import sha256_of
from dotsbook.language_code import subtags
from dotsbook.voices.engine import Voice

if TYPE_CHECKING:
    from dotsbook.model.sampling import SamplingOptions

SPEAKER_SCALE = 1.5
# what dots.tts was trained on
SPOKEN = frozenset(
    [
        "ar",
        "cs",
        "de",
        "el",
        "en",
        "es",
        "fi",
        "fr",
        "hi",
        "id",
        "it",
        "ja",
        "ko",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "th",
        "tr",
        "uk",
        "vi",
        "yue",
        "zh",
    ]
)
EDITED = frozenset({"en", "zh"})  # what dots.tts.edit was trained on
# its makers count 8 to 40 % of words wrong
WEAK = {"ar": "Arabic", "yue": "Cantonese", "hi": "Hindi", "th": "Thai"}


def profile_key(model: str, voice: Voice, adapter: Mapping[str, object] = MappingProxyType({})) -> str:
    """The name of a profile: a hash of all it is made of. adapter: what its model has laid over it."""
    parts: list[object] = [
        model,
        sha256_of(voice.reference) if voice.reference else None,
        voice.transcript,
        voice.language,
        voice.settings.get("speaker_scale", SPEAKER_SCALE),
    ]
    parts += [dict(adapter)] if adapter else []
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:40]


def sampling_of(voice: Voice) -> "SamplingOptions":
    """The manifest's words for the model's."""
    from dotsbook.model.sampling import SamplingOptions

    names: dict[str, str] = {
        "steps": "num_steps",
        "solver": "ode_method",
        "guidance_scale": "guidance_scale",
        "eos_threshold": "eos_threshold",
    }
    given: dict[str, Any] = {
        ours: voice.settings[theirs]
        for theirs, ours in names.items()
        if voice.settings.get(theirs) is not None
    }
    return SamplingOptions(**given)


def learned_code(language: str) -> str:
    """The code under which the model learned a language, as SPOKEN has it."""
    parts = subtags(language)
    return "yue" if "yue" in parts else {"cmn": "zh", "nb": "no"}.get(parts[0], parts[0])


def remarks_on(languages: Sequence[str], voice: str) -> list[str]:
    """What is to be known of languages before they are spoken. VoiceError where the model never heard one of them."""
    strange = [language for language in languages if learned_code(language) not in SPOKEN]
    if strange and len(strange) == len(languages):
        raise VoiceError(
            f"dots.tts wasn't made for {', '.join(strange)} (voice `{voice}`); set `language:` to one of "
            f"{', '.join(sorted(SPOKEN))}, or choose another engine."
        )
    remarks = [f"dots.tts wasn't made for {language}; what is in it may be misread." for language in strange]
    return remarks + [
        f"dots.tts is weak in {WEAK[tongue]}: hear such lines before you rely on them (`ears:` helps)."
        for tongue in dict.fromkeys(map(learned_code, languages))
        if tongue in WEAK
    ]


def folder_of(model: str) -> Path:
    """A model's files: its folder, or where the hub's cache has them. ModelError if they aren't on this machine."""
    if Path(model).is_dir():
        return Path(model)
    from dotsbook.model.checkpoint.hub import cached, parse_hub_name

    found = cached(parse_hub_name(model))
    if found is None:
        raise ModelError(
            f"The model {model} isn't on this machine; fetch it with "
            f"`dotsbook model pull {model}`, or name its folder under `model:`."
        )
    return found


def identities_before(identity: str) -> tuple[str, ...]:
    """What the same weights were called in keys before backend and precision became facts: on a GPU, `…-stored`."""
    return (f"{identity.removesuffix('-float32')}-stored",)


def bring(model: str) -> None:
    """Have a model's files on this machine: they are here, or the hub's are fetched."""
    from dotsbook.model.checkpoint import hub

    if not Path(model).is_dir():
        hub.fetch(model, announce=lambda plan: True)


def licence_of(model: str) -> str:
    """What a model's makers allow, in their words."""
    from dotsbook.model.checkpoint.fitness import licence

    return licence(folder_of(model))
