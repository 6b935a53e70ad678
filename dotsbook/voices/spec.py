"""What the house must know of an engine before it is opened, and what an engine is told when it is. It knows no engine.

An engine is one file: a class that keeps `Engine`'s promises and an `EngineSpec`, named by an entry point:

    [project.entry-points."dotsbook.engines"]
    chirp = "my_package.chirp:SPEC"

Importing that file must be cheap: heavy libraries are imported inside the functions that need them, since every
command that names a voice imports it, also where the engine itself isn't installed.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dotsbook.files import sha256_of
from dotsbook.manifest import Strict
from dotsbook.voices.engine import Engine, Voice
from dotsbook.voices.hub_files import HubFiles

GROUP = "dotsbook.engines"  # of entry points
CAN = ("clone", "preset", "batch", "design", "edit", "adapt")  # what engines can do: `EngineSpec.can`


class EngineOptions(Strict):
    """What `options:` may hold for an engine: subclass it with a field for each. A key that isn't there is refused."""


def none_of(ours: Collection[str]) -> Callable[[dict[str, object]], dict[str, object]]:
    """A check of an option that passes fields on as they stand: none may be one that the engine sets itself."""

    def only_theirs(extra: dict[str, object]) -> dict[str, object]:
        if taken := [name for name in extra if name in ours]:
            raise ValueError(
                f"`{taken[0]}` is set by dotsbook or has an option of its own, and can't stand here"
            )
        return extra

    return only_theirs


@dataclass(frozen=True)
class EngineChoice:
    """An engine as a manifest asks for it. What is equal here is one engine, opened once and pinned together."""

    name: str
    model: str | None = None  # as the manifest writes it, so that the same book says the same everywhere
    options: Mapping[str, object] = field(default_factory=dict)  # those of the engine, not those of a voice
    # the model here: a folder's path, or a name on the hub
    place: str | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """The choice as text: `draft`, `dots some/model`, `chirp {"speed":2}`."""
        options = json.dumps(dict(self.options), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return " ".join(
            (self.name, *([self.model] if self.model else []), *([options] if self.options else []))
        )


@dataclass(frozen=True)
class EngineSetup:
    """What an engine is opened with."""

    model: str | None  # a folder or file, or a name on the hub
    # those written in the manifest: `Options(**setup.options)` has the others too
    options: Mapping[str, object]
    profiles: Path  # a folder for what it enrols of voices
    memory: int | None = None  # the most bytes to use; None: its own idea


def all_of_it(voice: Voice) -> dict[str, object]:
    """The fingerprint that forgets nothing: name, recording, transcript, language and every setting but the seed."""
    return {
        "name": voice.name,
        "reference": sha256_of(voice.reference) if voice.reference else None,
        "transcript": voice.transcript,
        "language": voice.language,
        "settings": {name: value for name, value in voice.settings.items() if name != "seed"},
    }


@dataclass(frozen=True)
class EngineSpec:
    """One engine, before it is opened."""

    name: str  # the manifest's word for it
    open: Callable[[EngineSetup], Engine]  # costs little until it is asked something
    options: type[EngineOptions] = EngineOptions
    # names of options that are a voice's and no part of the engine: they come in `Voice.settings`, one engine serves
    # voices that differ in them, and `fingerprint` must hold them. The others come in `EngineSetup.options`.
    of_voice: frozenset[str] = frozenset()
    # what is heard of a voice, as JSON can hold it: two voices with the same share takes. Tempo is one of `settings`.
    fingerprint: Callable[[Voice], Mapping[str, object]] = all_of_it
    # raised by whoever changes what this engine's code makes of the same text, voice and weights
    recipe: int = 1
    # the folder of its weights, or the files
    files: Callable[[EngineSetup], Path | Sequence[Path] | None] = lambda setup: None
    # fetches those weights from the hub, if they aren't here, for a worker of a cluster that may; None: nothing does
    bring: Callable[[EngineSetup], object] | None = None
    # the licence of those weights, in their makers' words; "" where nothing here tells
    licence: Callable[[EngineSetup], str] = lambda setup: ""
    keeps_tempo: bool = False  # it speaks at `settings["tempo"]` itself; else what it speaks is stretched
    # what older versions called the same
    identities_before: Callable[[str], tuple[str, ...]] = lambda identity: ()
    languages: frozenset[str] | None = None  # first parts of BCP 47 tags; None: known only once it is open
    # the option of a voice that says in words who speaks, or how, and a model that makes a voice of it; "": none does
    described_by: str = ""
    designs_with: str | None = None
    # for `dotsbook engines`: what it is, in a few words; what it can do, of CAN; the modules it needs, and the extra that
    # brings them
    about: str = ""
    can: frozenset[str] = frozenset()
    modules: tuple[str, ...] = ()
    extra: str = ""
    # the files on the hub of a voice of that name, for `dotsbook voice pull`; None: no name of one of its voices
    on_hub: Callable[[str], HubFiles | None] = lambda name: None
    # what `dotsbook init --engine` writes into a manifest for a book in this language
    begins_with: Callable[[str], Mapping[str, object]] = lambda language: {}
    # {script, as text/ names it: characters in a line that it reads well}; for those left out, text/'s own idea
    comfortable: Mapping[str, int] = field(default_factory=dict)
