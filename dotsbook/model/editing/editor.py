"""dots.tts.edit: a line and an instruction to the line said otherwise. It knows the model's parts, no books.

    editor = Editor(Dots.load("dots-studio/dots.tts.edit"))
    source = editor.hear(samples, rate)
    sound = editor.edit(LineEdit(source, parse('The <sub targ="small">brave</sub> world.')))

An edit is decoded as any line without a reference is; all that is new stands before it: the LLM has read both texts, the
instruction and the source's patches, and the patch encoder goes on from the source.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.errors import ModelError
from dotsbook.model.editing.edit_source import EditSource, hear
from dotsbook.model.editing.instruction import Instruction
from dotsbook.model.editing.schedule import EditSchedule, schedule
from dotsbook.model.enrolment import SPEAKER_SCALE
from dotsbook.model.failures import LineTooLong, NotFinite, WrongProfile
from dotsbook.model.parts import Found, joined_parts
from dotsbook.model.sampling import SamplingOptions, resolve

if TYPE_CHECKING:
    from dotsbook.model.decoding import DecodingRow
    from dotsbook.model.dots import Dots
    from dotsbook.model.editing.edit_prefix import EditReading
    from dotsbook.model.solvers import Solver

LANGUAGES = frozenset({"en", "zh"})  # first parts of BCP 47 tags that the model was trained to edit
KEPT = 16  # prefixes of the edits made last


@dataclass(frozen=True, eq=False)
class LineEdit:
    """One edit of one line."""

    source: EditSource
    instruction: Instruction
    sampling: SamplingOptions = SamplingOptions()  # max_patches: room, the source's patches included
    seed: int = 0
    voiced: bool | None = (
        None  # the voice's x-vector conditions it; None: as the instruction's operations have it
    )
    noise: np.ndarray | None = None  # standard normal (patches · draws, P, D) instead of the seed


@dataclass(frozen=True, eq=False)
class PlannedEdit:
    """An edit that can be made."""

    index: int
    line: LineEdit
    reading: "EditReading"
    room: int  # patches
    threshold: float


class Editor:
    """A loaded model that edits lines. Sounds are float32, mono, at the model's rate."""

    def __init__(self, dots: "Dots"):
        from dotsbook.model.prefix import PrefixCache

        self.dots = dots
        self._prefixes = PrefixCache(KEPT)

    def hear(
        self,
        waveform: np.ndarray,
        rate: int,
        *,
        noise: np.ndarray | None = None,
        speaker_scale: float = SPEAKER_SCALE,
    ) -> EditSource:
        """A line made ready for any number of edits; see `edit_source.hear`."""
        return hear(self.dots, waveform, rate, noise=noise, speaker_scale=speaker_scale)

    def edit(self, line: LineEdit) -> np.ndarray:
        """One edit → float32 samples (n,), edges as the model gives them. Raises ModelError."""
        [(_, sound)] = self.edit_batch([line])
        if isinstance(sound, ModelError):
            raise sound
        return sound

    def edit_batch(self, lines: Sequence[LineEdit]) -> Iterator[tuple[int, Found]]:
        """Edits of any lines → (index, samples or what went wrong), each as it is done; those of like sampling together."""
        import mlx.core as mx

        from dotsbook.model.dots import TOGETHER

        groups: dict[Solver, list[PlannedEdit]] = {}
        for index, line in enumerate(lines):
            try:
                planned = self.plan(index, line)
                groups.setdefault(planned.reading.solver, []).append(planned)
            except ModelError as error:
                yield index, error
        for solver, alike in groups.items():
            for at in range(0, len(alike), TOGETHER):
                decoding = self.dots.begin(self.rows(alike[at : at + TOGETHER]), solver)
                for index, sound in joined_parts(self.dots.sounds(decoding)):
                    yield index, sound if isinstance(sound, ModelError) else self._finished(sound)
                mx.clear_cache()

    def _finished(self, sound: np.ndarray) -> Found:
        return (
            sound if np.isfinite(sound).all() else NotFinite("The vocoder's numbers broke. Try another seed.")
        )

    def plan(self, index: int, line: LineEdit) -> "PlannedEdit":
        """An edit's tokens and room. Raises LineTooLong, WrongProfile, FixedSampling."""
        source = line.source
        if source.model != self.dots.identity:
            raise WrongProfile(
                "The line was heard by another model than the one that edits it. Hear it again."
            )
        from dotsbook.model.editing.edit_prefix import EditReading

        sampling = resolve(line.sampling, self.dots.config)
        plan = schedule(self.dots.tokens, line.instruction, source.patches)
        room = self.room(plan, source, sampling.max_patches)
        voiced = line.instruction.voiced if line.voiced is None else line.voiced
        reading = EditReading(source, plan, voiced, self.dots.solver(line.sampling))
        return PlannedEdit(index, line, reading, room, sampling.eos_threshold)

    def rows(self, planned: "Sequence[PlannedEdit]") -> "list[DecodingRow]":
        """Edits made ready for decoding together. What the model reads of them is the same for all seeds, and read together
        where it is new.
        """
        from dotsbook.model.decoding import DecodingRow
        from dotsbook.model.editing.edit_prefix import read_edits

        prefixes = self._prefixes.get_all(
            [one.reading for one in planned], lambda new: read_edits(self.dots, new)
        )
        return [
            DecodingRow(
                one.index,
                list(one.reading.schedule.ids),
                prefix,
                one.room,
                one.threshold,
                continues=False,
                seed=one.line.seed,
                noise=one.line.noise,
            )
            for one, prefix in zip(planned, prefixes, strict=True)
        ]

    def room(self, plan: EditSchedule, source: EditSource, most: int) -> int:
        """Patches to decode, of `most` with the source's; LineTooLong if there are none or the model can't look so far."""
        from dotsbook.model.dots import CONTEXT

        room = most - source.patches
        if room < 1:
            raise LineTooLong(
                f"The line to edit has {source.patches} patches of {most}, which leaves no room. Split it."
            )
        context = min(CONTEXT, self.dots.checkpoint.llm_config["max_position_embeddings"])
        if len(plan.ids) + room + 1 > context:
            raise LineTooLong(
                f"The edit needs {len(plan.ids) + room + 1} tokens, and the model sees {context}. Split the line."
            )
        return room
