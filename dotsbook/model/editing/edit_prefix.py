"""What the model has read of edits before it decodes them; several are read side by side. It knows ids and arrays, no text.

Rows are padded on the right. All that reads is causal, so what comes before the padding is what each row is alone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import mlx.core as mx

from dotsbook.model.editing.edit_source import EditSource
from dotsbook.model.editing.schedule import EditSchedule
from dotsbook.model.network.caches import KVCache
from dotsbook.model.network.llm import hidden_states
from dotsbook.model.network.patch_encoder import HALVING, PatchEncoderState
from dotsbook.model.prefix import VoicePrefix, conditions
from dotsbook.model.solvers import Solver

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots


class EditReading(NamedTuple):
    """All that the reading of an edit depends on."""

    source: EditSource
    schedule: EditSchedule
    voiced: bool  # the voice's x-vector conditions it
    solver: Solver


def read_edits(dots: "Dots", edits: Sequence[EditReading]) -> list[VoicePrefix]:
    """What was read of each."""
    core, config = dots.core, dots.config
    heard, encoded = _hear_again(dots, [edit.source for edit in edits])
    rows = [_embeddings(dots, edit.schedule, patches) for edit, patches in zip(edits, heard, strict=True)]
    cache = KVCache(len(core.llm.model.layers), len(rows))
    hidden_states(core.llm, _padded(rows), cache)
    nothing = mx.zeros((1, 0, config.patch_size, config.latent_dim), core.dtype)
    states = mx.zeros((1, 0, rows[0].shape[2]), core.dtype)
    read = []
    for at, edit in enumerate(edits):
        ids = list(edit.schedule.ids[:-1])
        own = cache.row(at, len(ids))
        mx.eval(own.arrays(), encoded[at].arrays())
        g_cond = edit.source.g_cond if edit.voiced else None
        conditioned = conditions(core, g_cond, nothing, edit.solver)
        read.append(VoicePrefix(ids, own, encoded[at], states, nothing, *conditioned))
    return read


def _hear_again(
    dots: "Dots", sources: Sequence[EditSource]
) -> tuple[list[mx.array], list[PatchEncoderState]]:
    """Each source's patches (1, patches, LLM width), and the patch encoder after them."""
    encoder, per_patch = dots.core.patch_encoder, dots.config.patch_size // HALVING
    state = encoder.begin(len(sources))
    latents = [mx.array(source.latents)[None] for source in sources]
    heard = encoder(_padded(latents), state)
    rows, states = [], []
    for at, source in enumerate(sources):
        rows.append(heard[at : at + 1, : source.patches])
        tail = latents[at][:, -1:].astype(state.tail.dtype)
        states.append(PatchEncoderState(state.cache.row(at, source.patches * per_patch), tail))
    return rows, states


def _embeddings(dots: "Dots", plan: EditSchedule, heard: mx.array) -> mx.array:
    """What the LLM is given (1, tokens, LLM width): all but the last token, the source's patches in its spans."""
    words = dots.core.embed(mx.array([plan.ids[:-1]]))
    end = plan.first_span + plan.spans
    return mx.concatenate([words[:, : plan.first_span], heard.astype(words.dtype), words[:, end:]], axis=1)


def _padded(rows: Sequence[mx.array]) -> mx.array:
    """Rows (1, n, C) of different n in one array."""
    longest = max(row.shape[1] for row in rows)
    return mx.concatenate(
        [mx.pad(row, [(0, 0), (0, longest - row.shape[1]), (0, 0)]) for row in rows], axis=0
    )
