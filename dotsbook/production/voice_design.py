"""Voices made of a description: candidates spoken by an engine that takes one, and the one that is kept as a recording."""

import json
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from dotsbook.book import Kind
from dotsbook.errors import ManifestError, SourceError, VoiceError
from dotsbook.manifest import explain
from dotsbook.production.book_voices import Enrolled, enrol, record, require_free, slug, written
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.voices.reference import Finding
    from dotsbook.voices.spec import EngineChoice, EngineSpec

CONSENT = "designed"
USUAL = "mlx-audio"  # what designs where the book's engine can't
ENOUGH = 110  # letters of a page that a reference speaks, some eight seconds
MOST = 20  # candidates
DESIGN = "design.json"


@dataclass(frozen=True)
class VoiceCandidate:
    """One voice of those that were made of a description."""

    number: int
    file: Path
    seconds: float  # of speech
    findings: tuple["Finding", ...]

    @property
    def state(self) -> str:
        """ "fit", or what is wrong with it as a recording to clone."""
        wrong = [f"{found.name}: {found.advice}" for found in self.findings if found.verdict == "refuse"]
        return "; ".join(wrong) or "fit"

    def record(self) -> dict:
        return {
            "number": self.number,
            "file": str(self.file),
            "seconds": round(self.seconds, 2),
            "findings": [record(found) for found in self.findings],
            "state": self.state,
        }


@dataclass(frozen=True)
class Design:
    """The candidates for a voice."""

    name: str
    description: str
    words: str  # what each speaks
    candidates: tuple[VoiceCandidate, ...]
    remarks: tuple[str, ...] = ()  # of the engine


@dataclass(frozen=True)
class Wish:
    """Whose voice is to be made, and by what."""

    name: str
    description: str
    text: str = ""  # what the candidates speak; "": lines of the book
    language: str | None = None  # None: the book's
    engine: str | None = None  # None: the book's, if it can, else mlx-audio
    model: str | None = None
    options: Mapping[str, object] | None = None
    count: int = 4
    seed: int = 1  # of the first candidate


def design(session: Session, wish: Wish) -> Design:
    """Speak candidates, each with a seed of its own, into the project's state. Raises VoiceError, ModelError."""
    from dotsbook.render.audition import speak_once
    from dotsbook.voices.catalogue import open_engine
    from dotsbook.voices.engine import Request, Voice

    project = session.project
    require_free(project, wish.name)
    if not wish.description.strip() or not 1 <= wish.count <= MOST:
        raise VoiceError(f"Say in words who speaks, and ask for 1 to {MOST} candidates.")
    language = wish.language or project.manifest.language
    spec, choice, own = designer(session, wish)
    words = " ".join(wish.text.split()) or words_of_the_book(session, language)
    settings = own | {"tempo": 1.0, spec.described_by: wish.description.strip()}
    voice = Voice(wish.name, language=language, settings=settings)
    asked = [Request(words, voice, language, wish.seed + number) for number in range(wish.count)]
    with closing(open_engine(choice, project.profiles, session.memory)) as engine:
        remarks = tuple(engine.check(voice, [language]) or ())
        answers = speak_once(engine, asked)
    folder = project.designs / slug(wish.name)
    for number, (spoken, rate) in enumerate(answers, 1):
        assert spoken.samples is not None, "speak_once raises what has no sound"
        written(folder / f"{number}.flac", spoken.samples, rate)
    forget(folder, len(answers))
    about = {"description": wish.description.strip(), "words": words, "language": wish.language}
    write_about(folder, about)
    return Design(wish.name, about["description"] or "", words, candidates_in(folder, words), remarks)


def designer(session: Session, wish: Wish) -> "tuple[EngineSpec, EngineChoice, dict[str, object]]":
    """(the engine that designs, how it is opened, what else it is told of the voice). VoiceError if it can't design."""
    from dotsbook.voices.catalogue import lacking, spec_of
    from dotsbook.voices.spec import EngineChoice

    manifest = session.project.manifest
    name = wish.engine or (manifest.engine if spec_of(manifest.engine).described_by else USUAL)
    spec, same = spec_of(name), name == manifest.engine
    if not spec.described_by:
        raise VoiceError(f"The engine {name} makes no voice of a description; mlx-audio and openai do.")
    if missing := lacking(spec):
        raise VoiceError(f"The engine {name} {missing}")
    said = (dict(manifest.options) if same else {}) | dict(wish.options or {})
    try:
        read = spec.options.model_validate(said).model_dump(exclude_unset=True, exclude_none=True)
    except ValidationError as error:
        raise VoiceError(
            explain(error, session.project.file, manifest.lines, ("options",), spec.options)
        ) from error
    model = wish.model or (manifest.model if same else None) or spec.designs_with
    here = session.project.path(model) if model else None
    place = str(here) if here and here.exists() else model
    options = {key: value for key, value in read.items() if key not in spec.of_voice}
    own = {key: value for key, value in read.items() if key in spec.of_voice}
    return spec, EngineChoice(name, model, options, place), own


def words_of_the_book(session: Session, language: str) -> str:
    """Lines of the book that a recording can speak: plain prose in that language, some eight seconds."""
    from dotsbook.voices.engine import letters_of

    words: list[str] = []
    with suppress(SourceError):
        for chunk in session.narration:
            if chunk.kind is Kind.PROSE and chunk.language == language:
                words.append(chunk.spoken)
                if letters_of(" ".join(words)) >= ENOUGH:
                    break
            else:
                words.clear()
    if not words:
        raise VoiceError(
            "The book has no lines to speak yet; say with --text what the candidates should speak."
        )
    return " ".join(words)


def choose(session: Session, name: str, number: int) -> Enrolled:
    """Keep a candidate as the voice's recording, with its words. VoiceError if there is none of that number, or it is
    unfit."""
    folder = session.project.designs / slug(name)
    about = read_about(folder)
    file = folder / f"{number}.flac"
    if about is None or not file.is_file():
        raise VoiceError(
            f"There is no candidate {number} for `{name}`; `dotsbook voice design {name} --as …` makes some."
        )
    return enrol(session.project, name, file, CONSENT, about["words"], about.get("language"))


def candidates_in(folder: Path, words: str) -> tuple[VoiceCandidate, ...]:
    from dotsbook.voices.reference import read_reference

    found = []
    for file in sorted(folder.glob("*.flac"), key=lambda file: int(file.stem)):
        heard = read_reference(file, words)
        found.append(VoiceCandidate(int(file.stem), file, heard.seconds, heard.findings))
    return tuple(found)


def forget(folder: Path, last: int) -> None:
    """Remove what an earlier design left beyond the last candidate."""
    for file in folder.glob("*.flac"):
        if file.stem.isdecimal() and int(file.stem) > last:
            file.unlink(missing_ok=True)


def write_about(folder: Path, about: Mapping[str, object]) -> None:
    from dotsbook.files import write_whole

    write_whole(folder / DESIGN, json.dumps(about, ensure_ascii=False, indent=1).encode())


def read_about(folder: Path) -> dict[str, str] | None:
    """What a design was made of; None if there is none. ManifestError for one that can't be read."""
    file = folder / DESIGN
    if not file.is_file():
        return None
    try:
        found = json.loads(file.read_text("utf-8"))
        if isinstance(found, dict) and isinstance(found.get("words"), str):
            return {key: value for key, value in found.items() if isinstance(value, str)}
    except (OSError, ValueError, RecursionError):
        pass
    raise ManifestError(f"{file} can't be read; make the candidates anew.")
