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
    from dotsbook.model.prefix import VoicePrefix
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

        groups: dict[Solver, list[DecodingRow]] = {}
        for index, line in enumerate(lines):
            try:
                row = self.row(index, line)
                groups.setdefault(self.dots.solver(line.sampling), []).append(row)
            except ModelError as error:
                yield index, error
        for solver, rows in groups.items():
            for at in range(0, len(rows), TOGETHER):
                decoding = self.dots.begin(rows[at : at + TOGETHER], solver)
                for index, sound in joined_parts(self.dots.sounds(decoding)):
                    yield index, sound if isinstance(sound, ModelError) else self._finished(sound)
                mx.clear_cache()

    def _finished(self, sound: np.ndarray) -> Found:
        return (
            sound if np.isfinite(sound).all() else NotFinite("The vocoder's numbers broke. Try another seed.")
        )

    def row(self, index: int, line: LineEdit) -> "DecodingRow":
        """An edit made ready for decoding. Raises LineTooLong, WrongProfile, FixedSampling."""
        from dotsbook.model.decoding import DecodingRow

        source = line.source
        if source.model != self.dots.identity:
            raise WrongProfile(
                "The line was heard by another model than the one that edits it. Hear it again."
            )
        sampling = resolve(line.sampling, self.dots.config)
        plan = schedule(self.dots.tokens, line.instruction, source.patches)
        room = self.room(plan, source, sampling.max_patches)
        return DecodingRow(
            index,
            plan.ids,
            self.prefix(line, plan),
            room,
            sampling.eos_threshold,
            continues=False,
            seed=line.seed,
            noise=line.noise,
        )

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

    def prefix(self, line: LineEdit, plan: EditSchedule) -> "VoicePrefix":
        """What the model has read before it decodes: the same for all seeds."""
        voiced = line.instruction.voiced if line.voiced is None else line.voiced
        solver = self.dots.solver(line.sampling)
        return self._prefixes.get(
            (line.source, tuple(plan.ids), voiced, solver),
            lambda: self._read(line.source, plan, solver, line.source.g_cond if voiced else None),
        )

    def _read(
        self, source: EditSource, plan: EditSchedule, solver: "Solver", g_cond: np.ndarray | None
    ) -> "VoicePrefix":
        import mlx.core as mx

        from dotsbook.model.network.caches import KVCache
        from dotsbook.model.network.llm import hidden_states
        from dotsbook.model.prefix import VoicePrefix, conditions

        core, config = self.dots.core, self.dots.config
        encoder_state = core.patch_encoder.begin()
        heard = core.patch_encoder(mx.array(source.latents)[None], encoder_state)
        ids, end = plan.ids[:-1], plan.first_span + plan.spans
        words = core.embed(mx.array([ids]))
        read = mx.concatenate(
            [words[:, : plan.first_span], heard.astype(words.dtype), words[:, end:]], axis=1
        )
        cache = KVCache(len(core.llm.model.layers))
        hidden_states(core.llm, read, cache)
        nothing = mx.zeros((1, 0, config.patch_size, config.latent_dim), core.dtype)
        mx.eval(encoder_state.arrays(), cache.arrays())
        return VoicePrefix(
            ids,
            cache,
            encoder_state,
            mx.zeros((1, 0, words.shape[2]), core.dtype),
            nothing,
            *conditions(core, g_cond, nothing, solver),
        )
