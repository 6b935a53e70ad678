"""Engines by their names in a manifest, and voices as their entries there say. It knows no engine's inside.

An engine is found by an entry point (see spec.py), so a package of its own can bring one.
"""

import difflib
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from dotsbook.errors import ManifestError, VoiceError
from dotsbook.manifest import VoiceEntry, explain
from dotsbook.project import Project
from dotsbook.voices.engine import Engine, Voice
from dotsbook.voices.hub_files import HubFiles
from dotsbook.voices.paced import Paced
from dotsbook.voices.spec import GROUP, EngineChoice, EngineOptions, EngineSetup, EngineSpec

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# The house's own, as pyproject.toml names them: found without a look at what is installed, which takes 50 ms
BUILT_IN = {
    "draft": "dotsbook.voices.draft",
    "syllables": "dotsbook.voices.syllables",
    "dots": "dotsbook.voices.dots",
    "openai": "dotsbook.voices.openai",
    "piper": "dotsbook.voices.piper",
    "kokoro": "dotsbook.voices.kokoro",
    "smalltts": "dotsbook.voices.smalltts",
    "mlx-audio": "dotsbook.voices.mlx_audio",
}
DRAFT_KEYS = ("variant", "pitch", "rate")  # options that may stand in a voice's entry itself


# ── engines ──


def spec_of(name: str) -> EngineSpec:
    """The engine of that name. VoiceError, with the near miss, if there is none or it can't be loaded."""
    if name in BUILT_IN:
        return import_module(BUILT_IN[name]).SPEC
    points = installed(tuple(sys.path))
    if name not in points:
        names = [*BUILT_IN, *points]
        near = difflib.get_close_matches(name.lower(), names, 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(names)}."
        raise VoiceError(f"There is no engine `{name}`; {hint}")
    return loaded(points[name])


@cache
def installed(path: tuple[str, ...]) -> Mapping[str, "EntryPoint"]:
    """Engines that other packages on this path bring, by name."""
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP) if point.name not in BUILT_IN}


@cache
def loaded(point: "EntryPoint") -> EngineSpec:
    """What an entry point names. VoiceError if it can't be imported or is no EngineSpec."""
    brought = f"The engine `{point.name}` ({point.value})"
    try:
        spec = point.load()
    except (ImportError, AttributeError, SyntaxError, NameError, TypeError, ValueError, OSError) as error:
        raise VoiceError(
            f"{brought} can't be loaded: {type(error).__name__}: {error}. "
            "Install its package anew, or choose another `engine:`."
        ) from error
    if not isinstance(spec, EngineSpec):
        raise VoiceError(f"{brought} is a {type(spec).__name__} where an EngineSpec belongs; tell its maker.")
    return spec


def engine_names() -> list[str]:
    """Every engine there is, the house's own first."""
    return [*BUILT_IN, *installed(tuple(sys.path))]


def lacking(spec: EngineSpec) -> str | None:
    """What must be installed before an engine can speak, as a sentence; None where all is there."""
    missing = [module for module in spec.modules if find_spec(module) is None]
    if not missing:
        return None
    how = f'pip install "dotsbook[{spec.extra}]"' if spec.extra else f"pip install {' '.join(missing)}"
    return f"needs {', '.join(missing)}: {how}"


def voice_on_hub(name: str) -> tuple[EngineSpec, HubFiles]:
    """The engine that has a voice of that name on the hub, and its files. VoiceError if none has."""
    for engine in engine_names():
        spec = spec_of(engine)
        if files := spec.on_hub(name):
            return spec, files
    raise VoiceError(
        f"No engine knows a voice {name!r} on the hub; Piper's are called like en_US-lessac-medium, Kokoro's like af_heart."
    )


def open_engine(choice: EngineChoice, profiles: Path, memory: int | None = None) -> Engine:
    """The engine chosen, its voices' tempo laid over it where it doesn't keep it itself. `profiles`: a folder for
    enrolled voices; `memory`: the most bytes to use (None: the engine's own idea). Costs little until it is asked."""
    spec = spec_of(choice.name)
    engine = spec.open(setup_of(choice, profiles, memory))
    return engine if spec.keeps_tempo else Paced(engine)


def identity_with_recipe(engine: Engine, spec: EngineSpec) -> str:
    """An engine's identity as keys have it: with the version of what its code makes of the same weights."""
    return engine.identity if spec.recipe == 1 else f"{engine.identity} recipe {spec.recipe}"


def setup_of(choice: EngineChoice, profiles: Path, memory: int | None = None) -> EngineSetup:
    return EngineSetup(choice.place or choice.model, choice.options, profiles, memory)


def open_engines(
    project: Project,
    voices: Iterable[str] | None = None,
    memory: int | None = None,
    opener: Callable[[EngineChoice], Engine] | None = None,
) -> Engine:
    """The engine of a book, or one over all those that these voices (None: every voice) speak by. Where there are
    several none is opened yet: each is at its first need. opener: opens them elsewhere, where this memory is no bound."""
    from dotsbook.voices.mixed import MixedEngine

    first = engine_of(project, project.manifest.default_voice)
    wanted = [engine_of(project, name) for name in (project.manifest.voices if voices is None else voices)]
    choices = {choice.key: choice for choice in wanted} or {first.key: first}
    if first.key in choices:
        choices = {first.key: first} | choices

    def open_one(choice: EngineChoice) -> Engine:
        return opener(choice) if opener else open_engine(choice, project.profiles, memory)

    bound = None if opener else memory
    return (
        MixedEngine(choices, open_one, bound) if len(choices) > 1 else open_one(next(iter(choices.values())))
    )


# ── what the manifest says of a voice ──


def check_engines(project: Project) -> None:
    """ManifestError or VoiceError if an engine of the manifest doesn't exist or isn't given what it takes."""
    spec = book_spec(project)
    checked_options(project, spec, ())
    for name in project.manifest.voices:
        engine_of(project, name)


def engine_of(project: Project, name: str) -> EngineChoice:
    """The engine that speaks the voice `name`: the voice's own word for it, else the book's."""
    entry, manifest = project.voice(name), project.manifest
    spec = spec_for(project, name)
    options = options_for(project, name, spec)
    model = entry.model or (manifest.model if spec.name == manifest.engine else None)
    folder = project.path(model) if model else None
    return EngineChoice(
        spec.name,
        model,
        {key: value for key, value in options.items() if key not in spec.of_voice},
        str(folder) if folder and os.path.exists(folder) else model,
    )


def voice_of(project: Project, name: str) -> Voice:
    """The voice `name` of a project, its own settings laid over the book's, fit for its engine.

    Needs no engine installed. Raises VoiceError if it isn't there or its reference or transcript can't be read.
    """
    entry = project.voice(name)
    spec = spec_for(project, name)
    reference = project.reference(name)
    voice = Voice(
        name=name,
        reference=reference,
        transcript=project.transcript(name),
        language=entry.language or (project.manifest.language if reference else None),
        settings=settings_for(project, name, spec),
        engine=engine_of(project, name).key,
        adapter=adapter_for(project, name, spec),
        strength=1.0 if entry.strength is None else entry.strength,
    )
    heard = dict(spec.fingerprint(voice))
    return replace(voice, fingerprint=hashlib.sha256(json.dumps(heard, sort_keys=True).encode()).hexdigest())


def adapter_for(project: Project, name: str, spec: EngineSpec) -> Path | None:
    """A voice's adapter; VoiceError, with its line, where its engine can lay none over its model."""
    adapter = project.adapter(name)
    if adapter is not None and "adapt" not in spec.can:
        line = project.manifest.lines.get(("voices", name, "adapter"))
        raise VoiceError(
            f"{project.file}{f' line {line}' if line else ''}: voice `{name}` has an adapter, which the engine "
            f"`{spec.name}` can't use; only dots can."
        )
    return adapter


def settings_for(project: Project, name: str, spec: EngineSpec) -> dict[str, object]:
    """Seed, tempo, and of all that the manifest says to a voice what is an option of its engine's voices."""
    entry, manifest = project.voice(name), project.manifest
    in_entry = {key: getattr(entry, key) for key in DRAFT_KEYS if getattr(entry, key) is not None}
    said = given(manifest.sampling) | given(entry.sampling) | in_entry | options_for(project, name, spec)
    return {key: value for key, value in said.items() if key == "seed" or key in spec.of_voice} | {
        "tempo": entry.tempo
    }


def given(sampling) -> dict[str, object]:
    return sampling.model_dump(exclude_none=True)


def book_spec(project: Project) -> EngineSpec:
    return spec_at(project, project.manifest.engine, ("engine",))


def spec_for(project: Project, name: str) -> EngineSpec:
    entry: VoiceEntry = project.voice(name)
    return spec_at(project, entry.engine, ("voices", name, "engine")) if entry.engine else book_spec(project)


def spec_at(project: Project, engine: str, at: tuple) -> EngineSpec:
    """An engine by a word of the manifest, with its line where there is none."""
    try:
        return spec_of(engine)
    except VoiceError as error:
        line = project.manifest.lines.get(at)
        raise VoiceError(f"{project.file}{f' line {line}' if line else ''}: {error}") from error


def options_for(project: Project, name: str, spec: EngineSpec) -> dict[str, object]:
    """A voice's `options:` over the book's, if the book's engine is its own; those written, in their types."""
    manifest = project.manifest
    book = checked_options(project, spec, ()) if spec.name == manifest.engine else {}
    both = book | checked_options(project, spec, ("voices", name))
    try:
        spec.options.model_validate(both)
    except ValidationError as error:  # one that must be there isn't
        raise ManifestError(
            explain(error, project.file, manifest.lines, ("voices", name, "options"))
        ) from error
    instruct = project.voice(name).instruct
    if spec.described_by and instruct:
        said = both.get(spec.described_by)
        both[spec.described_by] = f"{said} {instruct}" if said else instruct
    return both


def checked_options(project: Project, spec: EngineSpec, at: tuple) -> dict[str, object]:
    """The `options:` in one place. ManifestError, with its line, for what this engine doesn't take."""
    holder = project.voice(at[1]) if at else project.manifest
    try:
        read: EngineOptions = spec.options.model_validate(holder.options)
    except ValidationError as error:
        if all(wrong["type"] == "missing" for wrong in error.errors()):
            return dict(holder.options)  # the other place may have it
        wrong = explain(error, project.file, project.manifest.lines, (*at, "options"), spec.options)
        raise ManifestError(wrong) from error
    return read.model_dump(exclude_unset=True, exclude_none=True)
