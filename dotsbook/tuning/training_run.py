"""One training of a data set, in a folder of its own: what it will take, its steps, its samples, its adapter.

    DIR/runs/NAME/  log.jsonl              a line an event
                    plan.json              what it was told and what was decided, for going on
                    state.safetensors      where it goes on from: see model/training/training_state.py
                    adapter.safetensors    the best by its validation
                    last.safetensors       as the last step left it
                    samples/, listen.html  fixed lines, before and since
                    model/                 of a distillation: the student, as a model's folder

It is a function of data, config and seed: after a death it goes on from the last state, and comes out the same to the bit.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError, OutputError, SourceError
from dotsbook.files import remove_abandoned, unwritable, write_whole
from dotsbook.json_rows import json_rows
from dotsbook.tuning.following import dear, following
from dotsbook.tuning.run_journal import RunJournal, curves
from dotsbook.tuning.sample_speaking import BEFORE, SampleSpeaker
from dotsbook.tuning.training_config import TuneConfig
from dotsbook.tuning.training_events import (
    ClipsRead,
    SamplesSpoken,
    SavedAt,
    Stepped,
    TrainingNews,
    TuneRemark,
    TuningEnded,
    Validated,
)
from dotsbook.tuning.training_fit import Decided, cost_of, decide
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.opening import Checkpoint
    from dotsbook.model.training.adapters import AdapterShape
    from dotsbook.model.training.batch import Example
    from dotsbook.model.training.clip_codec import ClipCodec
    from dotsbook.model.training.trainer import Trainer, TrainingPlan
    from dotsbook.model.training.training_ids import TrainingTokens
    from dotsbook.tuning.data_set import Dataset

RUNS, LOG, PLAN, BEST, LAST, PAGE, MODEL = (
    "runs",
    "log.jsonl",
    "plan.json",
    "adapter.safetensors",
    "last.safetensors",
    "listen.html",
    "model",
)
DISTILLED = (
    "This model was distilled to few steps, and is taught here as one of flow matching. Teach base or soar, and distil the result "
    "(`dotsbook tune distill`), or lay the adapter over this one and hear."
)
# What a training's numbers don't depend on: it goes on though these change.
FREE = ("base", "memory", "batch_seconds", "checkpointing", "sample_every", "samples", "save_every")


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """`data` taught to the base that `config` names, in `folder`."""

    data: "Dataset"
    config: TuneConfig
    folder: Path

    def train(self, stop: Callable[[], bool] = lambda: False) -> Iterator[TrainingNews]:
        """Train, from where the folder's state is. Raises DotsbookError; whatever ends it, the last state stands."""
        from dotsbook.model.startup import prepare_mlx

        prepare_mlx()
        with alone(self.folder):
            journal = RunJournal(self.folder / LOG)
            try:
                for event in self._events(journal, stop):
                    journal.add(event)
                    yield event
            finally:
                journal.close()

    def _events(self, journal: RunJournal, stop: Callable[[], bool]) -> Iterator[TrainingNews]:
        from dotsbook.model.checkpoint.opening import open_checkpoint
        from dotsbook.model.network.elementary import on_cpu
        from dotsbook.model.prompt import load_prompt_tokens
        from dotsbook.model.training.clip_codec import ClipCodec
        from dotsbook.model.training.student import student_of
        from dotsbook.model.training.training_core import training_core
        from dotsbook.model.training.training_ids import TrainingTokens, eos_of

        config = self.config
        if not config.base:
            raise ModelError(
                "Which model is to be taught? Name it: `--base MODEL`, or `base:` in the config."
            )
        if not self.data.lines:
            raise SourceError(f"{self.data.folder} has no line to train on: all are held out.")
        dtype = "float32" if on_cpu() or config.method in ("full", "meanflow") else None
        checkpoint = open_checkpoint(config.base, dtype=dtype)
        if config.method == "meanflow":
            checkpoint = student_of(checkpoint)
            yield TuneRemark(dear(config))
        elif checkpoint.config.solver != "flow_matching":
            yield TuneRemark(DISTILLED)
        told = self.told(checkpoint.identity)
        codec, prompts = ClipCodec.load(config.base), load_prompt_tokens(checkpoint.tokenizer_file)
        tokens = TrainingTokens(prompts, eos_of(checkpoint))
        cost = cost_of(config, self.shape, checkpoint)
        train, held, woven = yield from self._examples(codec, tokens, stop)
        decided, forecast, left_out = decide(
            config, cost, checkpoint, train, len(held), self._decided_before(told)
        )
        if left_out:
            yield TuneRemark(
                f"{count(len(left_out), 'clip')} longer than a batch can be left out, {left_out[0]} first; "
                "more `batch_seconds` or `memory` would let them in."
            )
            train = [one for one in train if one.name not in left_out]
            woven = [one for one in woven if one.name not in left_out]
        core = training_core(checkpoint, config.method, self.shape, config.bits, config.seed)
        trainer = self._trainer(checkpoint, core, decided, train, held, woven, told, tokens)
        begun = trainer.resume()
        journal.begin(begun)
        write_whole(self.folder / PLAN, json.dumps(self.plan(decided, told), indent=1).encode())
        yield replace(
            forecast,
            begun_at=begun,
            seconds=forecast.seconds * (config.steps - begun) / config.steps,
        )
        speaker = SampleSpeaker(
            self.data, config.samples, checkpoint, codec, prompts, self.folder / "samples"
        )
        yield from self._trained(trainer, speaker, checkpoint, journal, stop)

    def _examples(self, codec: "ClipCodec", tokens: "TrainingTokens", stop: Callable[[], bool]):
        """(to train on, held out, woven); tells how far it is."""
        from dotsbook.tuning.training_examples import examples_of

        lines, total = [*self.data.lines, *self.data.held_out], len(self.data.all_lines)
        found: list[Example] = []
        for number, line in enumerate(lines, 1):
            if stop():
                raise KeyboardInterrupt
            found += examples_of(self.data, [line], codec, tokens)
            yield ClipsRead(number, total)
        train, held = found[: len(self.data.lines)], found[len(self.data.lines) :]
        woven: list[Example] = []
        if self.config.interleaved:
            woven = examples_of(self.data, self.data.lines, codec, tokens, woven=True)
        return train, held, woven

    # ── before the first step ──

    @property
    def shape(self) -> "AdapterShape":
        from dotsbook.model.training.adapters import EVERYWHERE, AdapterShape

        config = self.config
        return AdapterShape(
            config.rank,
            config.alpha or config.rank,
            config.dropout,
            config.dora,
            config.rslora,
            config.layers or EVERYWHERE,
            config.whole,
        )

    def told(self, base: str) -> str:
        """A hash of all that the training's numbers depend on."""
        said = self.config.model_dump(mode="json", exclude=set(FREE))
        return hashlib.sha256(json.dumps([said, self.data.hash, base], sort_keys=True).encode()).hexdigest()

    def plan(self, decided: Decided, told: str) -> dict:
        return {
            "told": told,
            "config": self.config.model_dump(mode="json"),
            "data": self.data.hash,
            "patches": decided.patches,
            "checkpointing": decided.checkpointing,
        }

    def _decided_before(self, told: str) -> tuple[int, bool] | None:
        """What this same training settled when it began; None for a new one."""
        try:
            plan = json.loads((self.folder / PLAN).read_bytes())
            return (int(plan["patches"]), bool(plan["checkpointing"])) if plan["told"] == told else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _trainer(
        self,
        checkpoint: "Checkpoint",
        core,
        decided: Decided,
        train: "Sequence[Example]",
        held: "Sequence[Example]",
        woven: "Sequence[Example]",
        told: str,
        tokens: "TrainingTokens",
    ) -> "Trainer":
        from dotsbook.model.training.trainer import Trainer
        from dotsbook.model.training.training_core import loss_settings

        config = self.config
        settings = loss_settings(
            checkpoint, config.text_dropout, config.speaker_dropout, decided.checkpointing
        )
        objective = following(core, settings, config) if config.method == "meanflow" else None
        plan, span = self._plan(decided), tokens.tokens.span
        return Trainer(core, plan, train, held, settings, span, self.folder, told, woven, objective)

    def _plan(self, decided: Decided) -> "TrainingPlan":
        from dotsbook.model.training.bucketing import BatchBudget
        from dotsbook.model.training.optimising import OptimiserSettings
        from dotsbook.model.training.trainer import TrainingPlan

        config = self.config
        optimiser = OptimiserSettings(
            learning_rate=config.rate,
            weight_decay=config.weight_decay,
            clip=config.clip,
            schedule=config.schedule,
            warmup=config.warmup,
            steps=config.steps,
        )
        return TrainingPlan(
            optimiser,
            BatchBudget(decided.patches),
            config.seed,
            config.accumulation,
            config.validate_every,
            config.save_every,
            config.sample_every,
            config.interleaved,
        )

    # ── the steps ──

    def _trained(
        self,
        trainer: "Trainer",
        speaker: SampleSpeaker,
        checkpoint: "Checkpoint",
        journal: RunJournal,
        stop: Callable[[], bool],
    ) -> Iterator[TrainingNews]:
        from dotsbook.model.training.trainer import (
            SamplesDue,
            StateSaved,
            StepDone,
            TrainingEnded,
            ValidationDone,
        )

        if self.config.sample_every and trainer.place.step == 0 and not speaker.spoken(BEFORE):
            yield self._samples(speaker, trainer, BEFORE, journal)
        for event in trainer.run(stop):
            match event:
                case StepDone(one, seconds, left):
                    yield Stepped(one.step, one.fm, one.eos, one.gradient, one.learning_rate, seconds, left)
                case ValidationDone(step, fm, eos, best):
                    if best:
                        self._save(BEST, trainer, checkpoint)
                    if trainer.held:
                        yield Validated(step, fm, eos, best)
                case StateSaved(step):
                    yield SavedAt(step)
                case SamplesDue(step):
                    yield self._samples(speaker, trainer, step, journal)
                case TrainingEnded(step, whole):
                    if whole:
                        self._save(LAST, trainer, checkpoint)
                        if not trainer.held:
                            self._save(BEST, trainer, checkpoint)
                    adapter = self.folder / BEST
                    model = self._student_model() if whole and self.config.method == "meanflow" else None
                    found = adapter if adapter.is_file() else None
                    yield TuningEnded(step, whole, found, self.folder, model)

    def _samples(
        self, speaker: SampleSpeaker, trainer: "Trainer", step: int, journal: RunJournal
    ) -> SamplesSpoken:
        speaker.speak(trainer.core, step)
        page = self.folder / PAGE
        about = f"{self.config.method}, {step} of {self.config.steps} steps, taught {self.data.about.name}"
        speaker.write_page(
            page, f"{self.data.about.name}: before and after", about, curves(list(json_rows(journal.path)))
        )
        return SamplesSpoken(step, page)

    def _student_model(self) -> Path:
        """The teacher with the student's DiT in the place of its own, as a folder."""
        from dotsbook.tuning.baking import BakePlan, bake

        folder = self.folder / MODEL
        if not folder.is_dir():
            bake(BakePlan(self.folder / BEST, str(self.config.base), folder))
        return folder

    def _save(self, name: str, trainer: "Trainer", checkpoint: "Checkpoint") -> None:
        from dotsbook.model.training.adapter_file import AdapterFacts, save_adapter
        from dotsbook.model.training.adapters import AdapterShape

        facts = AdapterFacts(
            checkpoint.identity,
            self.data.hash,
            trainer.place.step,
            self.data.consent,
            self.data.licence,
            self.config.method,
            trainer.place.best,
        )
        whole = self.config.method in ("full", "meanflow")
        shape = AdapterShape(layers=(), whole=()) if whole else self.shape
        save_adapter(self.folder / name, trainer.core, shape, facts)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One training a folder: the kernel frees the lock when its holder dies. OutputError if another has it."""
    import fcntl

    path = folder / ".training"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(path, "a", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OutputError(
                    f"{folder} is being trained by another process. Wait for it, or name another run (`--run`)."
                ) from error
            remove_abandoned(folder)
            yield
    except OSError as error:
        raise unwritable(path, error) from error
