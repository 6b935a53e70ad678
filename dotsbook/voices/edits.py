"""What an engine is asked where a line that was said is to be said otherwise, and what it answers. It knows no engine.

An engine that can has a member `edit(batch: Sequence[EditRequest]) -> Iterator[EditedLine]`, and `edits`, the first
parts of the BCP 47 tags it edits in. `Engine`'s promises hold: the same request gives the same sound whatever is beside it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.audio import Samples
from dotsbook.errors import DotsbookError, VoiceError
from dotsbook.voices.engine import Engine, facts_of

if TYPE_CHECKING:
    from dotsbook.voices.spec import EngineChoice

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


def open_editor(choice: "EngineChoice", profiles: Path, memory: int | None, language: str) -> "Editing":
    """The engine chosen, if it edits lines in a language. VoiceError if it doesn't; ModelError where its model is away."""
    from dotsbook.voices.catalogue import lacking, open_engine, spec_of

    spec = spec_of(choice.name)
    if (missing := lacking(spec)) is not None:
        raise VoiceError(f"The engine `{choice.name}` that edits lines {missing}")
    engine = open_engine(choice, profiles, memory)
    edit = editing(engine)
    if edit is None:
        engine.close()
        raise VoiceError(
            f"The engine `{choice.name}` speaks lines and can't edit one; write `edits: {{engine: dots}}` in book.yaml."
        )
    known = getattr(engine, "edits", None)
    if known is not None and language.lower().partition("-")[0] not in known:
        engine.close()
        raise VoiceError(
            f"{choice.name} edits lines in {', '.join(sorted(known))}, not in {language}. `dotsbook retake` asks for "
            "another take of it."
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
