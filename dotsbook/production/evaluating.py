"""Engines on a list: each line spoken, heard, counted as the list's makers count, and compared with its prompt.

Results are kept line by line in a folder, so that a run goes on where it was stopped; what was spoken stays there too.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError
from dotsbook.json_rows import add_row, json_rows
from dotsbook.production.evaluation_lists import ListedLine, listed_lines
from dotsbook.production.rendering import Stop, wish
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.ears.recogniser import Recogniser
    from dotsbook.ears.timbre import EncodesVoices

ROUNDS = 2000  # of a bootstrap
SEED = 42


@dataclass(frozen=True)
class EvaluatedLine:
    """What came of a line."""

    engine: str  # as it was asked for
    id: str
    heard: str
    rate: float  # word or character error rate
    similarity: float | None  # to its prompt: cosine
    seconds: float  # of sound
    took: float  # s of the engine
    error: str = ""  # why there is no sound; then `rate` is 1


@dataclass(frozen=True)
class EngineScore:
    """An engine on the whole list; each figure with the ends of its 95 % confidence interval."""

    engine: str
    lines: int
    failed: int
    rate: tuple[float, float, float]
    similarity: tuple[float, float, float] | None
    speed: float  # s of the engine for a second of sound
    by_character: bool

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "engine": self.engine,
            "lines": self.lines,
            "failed": self.failed,
            "cer" if self.by_character else "wer": [round(value, 5) for value in self.rate],
            "similarity": None if self.similarity is None else [round(value, 4) for value in self.similarity],
            "rtf": round(self.speed, 4),
        }


@dataclass(frozen=True)
class EvaluationPlan:
    """What is to be evaluated, and how."""

    path: Path  # of the list
    engines: Sequence[str]  # each `name` or `name=model`
    out: Path  # where results and sounds are kept
    language: str = "en"
    recogniser: str | None = None  # as in `ears:`
    encoder: Path | None = None  # an ONNX file, or a dots.tts model's folder
    limit: int | None = None  # the first lines only


def evaluate(plan: EvaluationPlan, stop: Stop = None) -> Iterator[EvaluatedLine | EngineScore]:
    """Each new line as it is kept, and each engine's score at the end. Raises SourceError, ManifestError, ModelError."""
    from dotsbook.ears.recognisers import recogniser_of
    from dotsbook.production.voice_encoders import encoder_of

    lines = listed_lines(plan.path)[: plan.limit]
    recogniser = recogniser_of(plan.recogniser, Path.cwd(), plan.language)
    encoder = encoder_of(str(plan.encoder), Path.cwd()) if plan.encoder else None
    ended = wish(stop)
    if not recogniser.hears(plan.language):
        raise ManifestError(f"The recogniser doesn't know {plan.language}; name another with --recogniser.")
    for engine in plan.engines:
        with project_of(plan, engine, lines) as session:
            for voice in map(session.voice, session.project.manifest.voices):
                session.single(voice.engine).check(voice, [plan.language])
            kept = KeptResults(session.project.folder / "results.jsonl", made_with(session, recogniser, plan))
            for number, line in enumerate(lines):
                if ended():
                    return
                if kept.find(line) is None:
                    result = evaluated(
                        session, engine, line, voice_name(lines, number), recogniser, encoder, plan
                    )
                    kept.add(line, result)
                    yield result
            found = [known for line in lines if (known := kept.find(line))]
        yield score_of(engine, found, plan.language)


def voice_name(lines: Sequence[ListedLine], number: int) -> str:
    """The voice of a line: one for each prompt, by the first line that has it."""
    prompt = lines[number].prompt
    first = next(at for at, line in enumerate(lines) if line.prompt == prompt)
    return f"v{first}"


def project_of(plan: EvaluationPlan, engine: str, lines: Sequence[ListedLine]) -> Session:
    """A project in which the list's prompts are voices, if the engine clones, so that an engine is opened as ever."""
    from dotsbook.files import write_whole
    from dotsbook.voices.catalogue import spec_of

    name, _, model = engine.partition("=")
    clones = "clone" in spec_of(name).can
    folder = plan.out / (re.sub(r"[^\w.-]+", "-", engine).strip("-") or "engine")
    voices: dict[str, dict] = {}
    for number, line in enumerate(lines):
        cloned = clones and line.prompt is not None
        entry = (
            {"reference": str(line.prompt.resolve()), "consent": f"a prompt of {plan.path.name}"}
            if cloned and line.prompt
            else {}
        )
        voices.setdefault(
            voice_name(lines, number), entry | ({"transcript": line.words} if entry and line.words else {})
        )
    manifest = {
        "title": plan.path.stem,
        "language": plan.language,
        "source": str(plan.path.resolve()),
        "engine": name,
        **({"model": str(Path(model).resolve()) if Path(model).exists() else model} if model else {}),
        "voices": voices,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "book.yaml", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    return Session(folder)


def made_with(session: Session, recogniser: "Recogniser", plan: EvaluationPlan) -> str:
    """All that a kept result hangs on beside its line."""
    key = next(iter(session.choices))
    encoder = plan.encoder.name if plan.encoder else ""
    return f"{session.single(key).identity} {recogniser.identity} {plan.language} {encoder}"


class KeptResults:
    """Results in a file, a line each, by all that they hang on; a line that was cut by a death is made again."""

    def __init__(self, path: Path, made_with: str):
        self.path, self.made_with = path, made_with
        self.found: dict[tuple[str, ...], EvaluatedLine] = {}
        for row in json_rows(path):
            with suppress(KeyError, TypeError):
                self.found[tuple(row["of"])] = EvaluatedLine(**row["result"])

    def key(self, line: ListedLine) -> tuple[str, ...]:
        return self.made_with, line.id, line.text, str(line.prompt or "")

    def find(self, line: ListedLine) -> EvaluatedLine | None:
        return self.found.get(self.key(line))

    def add(self, line: ListedLine, result: EvaluatedLine) -> None:
        self.found[self.key(line)] = result
        add_row(self.path, {"of": self.key(line), "result": asdict(result)})


def evaluated(
    session: Session,
    engine: str,
    line: ListedLine,
    voice: str,
    recogniser: "Recogniser",
    encoder: "EncodesVoices | None",
    plan: EvaluationPlan,
) -> EvaluatedLine:
    """Speak a line, hear it, count."""
    from dotsbook.audio import read_any, write_flac
    from dotsbook.ears.error_rate import error_rate
    from dotsbook.errors import DotsbookError
    from dotsbook.render.audition import speak_once
    from dotsbook.voices.engine import Request

    language = line.language or plan.language
    who = session.voice(voice)
    start = time.monotonic()
    try:
        [(spoken, rate)] = speak_once(session.single(who.engine), [Request(line.text, who, language, SEED)])
    except DotsbookError as error:
        return EvaluatedLine(engine, line.id, "", 1.0, None, 0.0, time.monotonic() - start, str(error))
    took = time.monotonic() - start
    assert spoken.samples is not None, "speak_once raises what has no sound"
    name = re.sub(r"[^\w.-]+", "-", line.id)
    write_flac(session.project.folder / f"{name}.flac", spoken.samples, rate)
    heard = " ".join(word.text for word in recogniser.listen(spoken.samples, rate, language).words())
    similarity = None
    if encoder and line.prompt:
        similarity = float(encoder.vector(spoken.samples, rate) @ encoder.vector(*read_any(line.prompt)))
    counted = error_rate(line.text, heard, language)
    return EvaluatedLine(engine, line.id, heard, counted, similarity, len(spoken.samples) / rate, took)


def score_of(engine: str, found: Sequence[EvaluatedLine], language: str) -> EngineScore:
    from dotsbook.ears.error_rate import is_by_character

    rates = [one.rate for one in found]
    alike = [one.similarity for one in found if one.similarity is not None]
    sound = sum(one.seconds for one in found)
    return EngineScore(
        engine,
        len(found),
        sum(bool(one.error) for one in found),
        mean_within(rates),
        mean_within(alike) if alike else None,
        sum(one.took for one in found) / max(sound, 1e-9),
        is_by_character(language),
    )


def mean_within(values: Sequence[float]) -> tuple[float, float, float]:
    """(the mean, the ends of its 95 % confidence interval): a bootstrap over lines, always the same for the same values."""
    import numpy as np

    known = np.asarray(values, float)
    drawn = np.random.default_rng(SEED).integers(0, len(known), (ROUNDS, len(known)))
    low, high = np.quantile(known[drawn].mean(axis=1), (0.025, 0.975))
    return float(known.mean()), float(low), float(high)
