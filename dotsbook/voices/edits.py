"""What an engine is asked where a line that was said is to be said otherwise, and what it answers. It knows no engine.

An engine that can has a member `edit(batch: Sequence[EditRequest]) -> Iterator[EditedLine]`, and `edits`, the first
parts of the BCP 47 tags it edits in. `Engine`'s promises hold: the same request gives the same sound whatever is beside it.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dotsbook.audio import Samples
from dotsbook.errors import DotsbookError, VoiceError
from dotsbook.language_code import primary
from dotsbook.project import Project
from dotsbook.voices.engine import Engine, facts_of

MODELS = {"dots": "dots-studio/dots.tts.edit"}  # that edit, where the manifest names none
Edit = Callable[[Sequence["EditRequest"]], Iterator["EditedLine"]]


@dataclass(frozen=True, eq=False)
class EditRequest:
    """One take to be said otherwise."""

    samples: Samples  # mono float32, the take
    rate: int  # Hz
    instruction: str  # in the language of model/editing
    source: str  # what is said in the take
    target: str  # what is to be said
    language: str  # BCP 47
    seed: int  # 0 … 2**63-1
    tag: object = None  # the caller's own, handed back untouched


@dataclass(frozen=True, eq=False)
class EditedLine:
    """An answer: samples (mono float32, at the engine's rate) or the error, never both."""

    request: EditRequest
    samples: Samples | None = None
    error: DotsbookError | None = None


def editing(engine: Engine) -> Edit | None:
    """What edits lines, if the engine does."""
    return getattr(engine, "edit", None)


def open_editor(project: Project, memory: int | None, language: str) -> "Editing":
    """The engine that the manifest's `edits:` names, to edit lines in a language.

    VoiceError if it can't, or not in this language; ModelError where its model isn't on this machine.
    """
    from dotsbook.voices.catalogue import lacking, open_engine, spec_at
    from dotsbook.voices.spec import EngineChoice

    edits = project.manifest.edits
    spec = spec_at(project, edits.engine, ("edits", "engine"))
    if missing := lacking(spec):
        raise VoiceError(f"The engine `{spec.name}`, which edits lines, {missing}")
    model = edits.model or MODELS.get(spec.name)
    folder = project.path(model) if model else None
    place = str(folder) if folder and os.path.exists(folder) else model
    engine = open_engine(EngineChoice(spec.name, model, {}, place), project.profiles, memory)
    if (edit := editing(engine)) is None:
        raise VoiceError(
            f"The engine `{spec.name}` speaks lines and can't edit one; write `edits: {{engine: dots}}` in book.yaml."
        )
    known = getattr(engine, "edits", None)
    if known is not None and primary(language) not in known:
        raise VoiceError(
            f"{model or spec.name} edits lines in {' and '.join(sorted(known))}, not in {language}; `dotsbook retake` asks "
            "for another take of the line."
        )
    return Editing(engine, edit)


class Editing:
    """An engine opened to edit lines; close it."""

    def __init__(self, engine: Engine, edit: Edit):
        self.engine, self.edit = engine, edit

    @property
    def identity(self) -> str:
        return self.engine.identity

    @property
    def rate(self) -> int:
        return self.engine.rate

    def facts(self) -> dict[str, str]:
        return dict(facts_of(self.engine))

    def close(self) -> None:
        self.engine.close()

    def __enter__(self) -> "Editing":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
