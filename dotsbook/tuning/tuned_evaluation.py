"""Held-out lines of a data set spoken by a model and by the same with an adapter: losses, voice, words, pace, and a verdict.

Each line is spoken as a book would have it spoken, from a clip of the speaker that was trained on; nothing held out is a
reference. Results are kept line by line, so that it goes on where it was stopped; what was spoken stays beside them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.audio import Samples
from dotsbook.errors import DotsbookError, SourceError
from dotsbook.files import sha256_of, write_whole
from dotsbook.json_rows import add_row, json_rows
from dotsbook.tuning.clip_files import flac_bytes
from dotsbook.tuning.data_set import ClipLine, Dataset
from dotsbook.tuning.spoken_figures import figures_of
from dotsbook.tuning.tuned_verdict import (
    ComparedLine,
    LineFigures,
    Measure,
    TunedVerdict,
    measures_of,
    verdict_of,
)

if TYPE_CHECKING:
    import numpy as np

    from dotsbook.ears.recogniser import Recogniser
    from dotsbook.model.dots import Dots
    from dotsbook.production.rendering import Stop
    from dotsbook.voices.engine import Voice

SEED = 42
REFERENCE = 8.0  # s: the clip nearest to it is the reference; 5 to 15 are good
KNOWN_BY = 40  # clips of a speaker that its likeness is told by
RESULTS = "results.jsonl"
RECIPE = 1  # raised by whoever changes what the same model, line and adapter come to


@dataclass(frozen=True)
class TunedPlan:
    """What is to be compared."""

    data: Path  # a data set's folder
    adapter: Path
    model: str  # a folder or hub name: the base
    strength: float = 1.0
    recogniser: str | None = None  # as in `ears:`; None: word errors aren't counted
    encoder: Path | None = None  # an ONNX speaker encoder; None: the model's own
    limit: int | None = None  # the first held-out lines only
    out: Path | None = None  # where results and sounds are kept; None: in the data set's folder


@dataclass(frozen=True)
class TunedScore:
    """The table and what follows from it."""

    lines: tuple[ComparedLine, ...]
    measures: dict[str, Measure]
    verdict: TunedVerdict
    remarks: tuple[str, ...]
    folder: Path  # what was spoken

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "lines": len(self.lines),
            "verdict": self.verdict.answer,
            "reasons": list(self.verdict.reasons),
            "remarks": list(self.remarks),
            "measures": {
                key: {name: value for name, value in asdict(measure).items() if name != "name"}
                for key, measure in self.measures.items()
            },
            "sounds": str(self.folder),
        }


def evaluate_tuned(plan: TunedPlan, stop: "Stop" = None) -> Iterator[ComparedLine | TunedScore]:
    """Each line as it is compared, and at last the score. Raises SourceError, ModelError, VoiceError, OutputError."""
    from dotsbook.production.rendering import wish

    ended = wish(stop)
    comparison = TunedComparison(plan)
    for line in comparison.lines:
        if comparison.known(line) is None:
            if ended():
                return
            yield comparison.compared(line)
    found = [known for line in comparison.lines if (known := comparison.known(line))]
    measures = measures_of(found)
    verdict = verdict_of(found, measures)
    yield TunedScore(tuple(found), measures, verdict, tuple(comparison.remarks), comparison.folder)


class TunedComparison:
    """A base, the same with an adapter, and the lines that both are asked for. The model is loaded when first asked."""

    def __init__(self, plan: TunedPlan):
        from dotsbook.model.training.adapter_file import read_adapter
        from dotsbook.voices.dots_words import folder_of

        self.plan, self.data = plan, Dataset.open(plan.data)
        self.lines = self.data.held_out[: plan.limit]
        if not self.lines:
            raise SourceError(f"{plan.data} has no held-out lines: prepare it with --held-out 0.05, say.")
        if not plan.adapter.is_file():
            raise SourceError(f"There is no adapter {plan.adapter}; `dotsbook tune train` makes one.")
        from dotsbook.model.startup import prepare_mlx

        prepare_mlx()
        from dotsbook.voices.dots import DotsEngine

        self.adapter = read_adapter(plan.adapter)
        mark = f"{plan.adapter.stem}-{sha256_of(plan.adapter)[:8]}-{plan.strength:g}"
        self.folder = plan.out or plan.data / "evaluations" / mark
        self.engine = DotsEngine(str(folder_of(plan.model)), self.folder / "profiles")
        self.remarks = list(self.doubts())
        self.kept = KeptComparisons(self.folder / RESULTS)

    def doubts(self) -> Iterator[str]:
        facts = self.adapter.facts
        if facts.data != self.data.hash:
            yield (
                "The adapter was trained on other data than these are now: what is held out here may have been trained on."
            )
        if facts.base != self.engine.checkpoint.identity:
            yield "The adapter was trained on another base than this model."
        if self.plan.recogniser is None:
            yield "Word errors weren't counted: name a recogniser with --recogniser."

    # ── the two models ──

    def voice(self, line: ClipLine, tuned: bool) -> "Voice":
        from dotsbook.voices.engine import Voice

        clip = self.references[line.speaker]
        reference = (self.data.folder / clip.audio, clip.text, clip.lang or None)
        adapter = self.plan.adapter if tuned else None
        return Voice("speaker", *reference, {"tempo": 1.0}, adapter=adapter, strength=self.plan.strength)

    def model(self, tuned: bool) -> "Dots":
        return self.engine.models(adaptable=True).of(self.voice(self.lines[0], tuned))

    @cached_property
    def references(self) -> dict[str, ClipLine]:
        """{speaker: the clip its voice is taken from}, of those that were trained on."""
        from dotsbook.voices.reference import read_reference

        found = {}
        for speaker in {line.speaker for line in self.lines}:
            own = [line for line in self.data.lines if line.speaker == speaker]
            for line in sorted(own, key=lambda line: (abs(line.seconds - REFERENCE), line.id)):
                if read_reference(self.data.folder / line.audio, line.text).fit:
                    found[speaker] = line
                    break
            else:
                raise SourceError(f"No clip of {speaker} that is trained on is fit to be a reference.")
        return found

    # ── what is measured ──

    @cached_property
    def recogniser(self) -> "Recogniser | None":
        from dotsbook.ears.recognisers import recogniser_of

        named, language = self.plan.recogniser, self.data.about.language
        return None if named is None else recogniser_of(named, Path.cwd(), language)

    @cached_property
    def vector(self) -> "Callable[[Samples, int], np.ndarray]":
        """A sound's voice as a vector of length 1."""
        if self.plan.encoder:
            from dotsbook.production.voice_encoders import encoder_of

            return encoder_of(str(self.plan.encoder), Path.cwd()).vector
        from dotsbook.model.training.clip_codec import ClipCodec

        return ClipCodec.of(self.model(tuned=False)).direction

    @cached_property
    def centres(self) -> "dict[str, np.ndarray]":
        """{speaker: the mean direction of its clips}, of those that were trained on."""
        import numpy as np

        found = {}
        for speaker in {line.speaker for line in self.lines}:
            own = [line for line in self.data.lines if line.speaker == speaker]
            some = own[:: max(1, len(own) // KNOWN_BY)][:KNOWN_BY]
            mean = np.mean([self.vector(*self.data.clip(line)) for line in some], axis=0)
            found[speaker] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return found

    def compared(self, line: ClipLine) -> ComparedLine:
        """A line spoken by both, measured and kept."""
        recording = self.measured(*self.data.clip(line), line)
        base, tuned = (self.figures(line, which) for which in (False, True))
        found = ComparedLine(line.id, recording, base, tuned)
        self.kept.add(self.key(line), found)
        return found

    def figures(self, line: ClipLine, tuned: bool) -> LineFigures:
        from dataclasses import replace

        fm, eos = self.losses(line, tuned)
        spoken = self.spoken(line, tuned)
        if isinstance(spoken, DotsbookError):
            return LineFigures(fm, eos, error=str(spoken))
        name = re.sub(r"[^\w.-]+", "-", line.id)
        path = self.folder / f"{name}.{'tuned' if tuned else 'base'}.flac"
        write_whole(path, flac_bytes(spoken, self.engine.rate))
        return replace(self.measured(spoken, self.engine.rate, line), fm=fm, eos=eos)

    def losses(self, line: ClipLine, tuned: bool) -> tuple[float, float]:
        """(flow matching a patch, stop) of the recording, at times spread over 0…1 and with draws that are always the same."""
        from dotsbook.model.training.clip_codec import ClipCodec
        from dotsbook.model.training.held_losses import line_losses
        from dotsbook.tuning.training_examples import examples_of, tokens_of

        model = self.model(tuned)
        [example] = examples_of(self.data, [line], ClipCodec.of(model), tokens_of(model))
        return line_losses(model, example)

    def spoken(self, line: ClipLine, tuned: bool) -> "Samples | DotsbookError":
        from dotsbook.voices.engine import Request

        asked = Request(line.text, self.voice(line, tuned), line.lang, SEED)
        [answer] = self.engine.speak([asked])
        if answer.error is not None:
            return answer.error
        assert answer.samples is not None, "an answer is a sound or an error"
        return answer.samples

    def measured(self, samples: Samples, rate: int, line: ClipLine) -> LineFigures:
        figures = figures_of(samples, rate, line.text)
        alike = float(self.vector(samples, rate) @ self.centres[line.speaker])
        return LineFigures(
            similarity=alike,
            wer=self.errors(samples, rate, line),
            pace=figures.pace,
            pause=figures.pause,
            seconds=len(samples) / rate,
        )

    def errors(self, samples: Samples, rate: int, line: ClipLine) -> float | None:
        from dotsbook.ears.error_rate import error_rate

        language = line.lang or self.data.about.language
        if self.recogniser is None or not self.recogniser.hears(language):
            return None
        heard = " ".join(word.text for word in self.recogniser.listen(samples, rate, language).words())
        return error_rate(line.text, heard, language)

    # ── what is kept ──

    def key(self, line: ClipLine) -> list[str]:
        plan = self.plan
        ears = self.recogniser.identity if self.recogniser else ""
        encoder = plan.encoder.name if plan.encoder else ""
        reference = self.references[line.speaker].sha256
        asked = [sha256_of(plan.adapter), f"{plan.strength:g}", self.engine.identity, ears, encoder]
        return [str(RECIPE), *asked, line.sha256, line.text, line.lang, reference]

    def known(self, line: ClipLine) -> ComparedLine | None:
        return self.kept.found.get(tuple(self.key(line)))


class KeptComparisons:
    """Compared lines in a file, one a row, by all that they hang on; a row that a death cut short is made again."""

    def __init__(self, path: Path):
        self.path = path
        self.found: dict[tuple[str, ...], ComparedLine] = {}
        for row in json_rows(path):
            with suppress(KeyError, TypeError):
                three = [LineFigures(**row[name]) for name in ("recording", "base", "tuned")]
                self.found[tuple(row["of"])] = ComparedLine(row["id"], *three)

    def add(self, key: Sequence[str], found: ComparedLine) -> None:
        self.found[tuple(key)] = found
        add_row(self.path, {"of": list(key), **asdict(found)})
