"""Utterances decoded together, a patch at a time. It knows token ids, caches and solvers; no text, no waveforms.

A row's numbers are its own: whatever else is in the batch, only its own tokens are seen and its own noise is drawn. Each
step runs the DiT's stages over the last two units of each row, then one patch through the encoder and one token through
the LLM; what came before is in the caches. A unit is what the DiT sees of one patch: the token of the LLM's state, then
one token a latent frame, 1 + P in all.
"""

from dataclasses import dataclass, field

import mlx.core as mx
import numpy as np

from dotsbook.model.network.caches import KVCache, join
from dotsbook.model.network.core import Core
from dotsbook.model.network.dit import Modulation
from dotsbook.model.network.elementary import is_finite, on_cpu
from dotsbook.model.network.llm import hidden_states
from dotsbook.model.network.patch_encoder import join_encoder_states
from dotsbook.model.noise import draw, given
from dotsbook.model.prefix import VoicePrefix, shared_length, units
from dotsbook.model.solvers import Solver, guide


@dataclass
class DecodingRow:
    """One utterance being decoded. `ids` end before the first patch; `room` is how many patches may be decoded."""

    index: int
    ids: list[int]
    prefix: VoicePrefix
    room: int
    threshold: float
    continues: bool  # the voice's reference: the first patch then repeats its last one and is not kept
    seed: int = 0
    noise: np.ndarray | None = None  # (patches · draws, P, D), instead of the seed
    goes_on: bool = False  # more of its text may come, so that it can't end yet
    decoded: int = 0  # patches so far
    end_probabilities: list[float] = field(default_factory=list)  # each as compared with the threshold

    @property
    def prompted(self) -> int:
        """Patches of reference before the first one decoded."""
        return self.prefix.patches.shape[1]


@dataclass(frozen=True)
class DecodedPatch:
    """One patch of one row: normalised latents float32 (P, D), None where the numbers broke."""

    row: DecodingRow
    patch: np.ndarray | None
    last: bool  # of its row
    kept: bool  # it is part of the utterance


@dataclass(frozen=True)
class BegunPatch:
    """The next patch (B, P, D) of some rows while it is being computed, and whether it is finite (B,)."""

    rows: list[DecodingRow]
    patch: mx.array
    finite: mx.array

    def keep(self, rows: list[int]) -> "BegunPatch":
        """That of these rows only."""
        index = mx.array(rows)
        patch, finite = (mx.take(a, index, axis=0) for a in (self.patch, self.finite))
        return BegunPatch([self.rows[i] for i in rows], patch, finite)


class Decoding:
    """Rows that share a solver. Each `step` gives every row's next patch and drops the rows that ended.

    ahead: a patch is begun before the numbers of the one before it are read, so that a GPU need not wait for Python. None:
    on a GPU. The patches are the same either way.
    """

    def __init__(
        self,
        core: Core,
        mean: mx.array,
        scale: mx.array,
        solver: Solver,
        rows: list[DecodingRow],
        ahead: bool | None = None,
    ):
        self.core, self.solver, self.rows = core, solver, list(rows)
        self.ahead = not on_cpu() if ahead is None else ahead
        self._begun: BegunPatch | None = None
        self._mean, self._scale = mean, scale
        self._unit = 1 + rows[0].prefix.patches.shape[2]  # tokens
        self.encoder_state = join_encoder_states([r.prefix.encoder_state for r in rows])
        hidden = self._prefill_llm(rows)
        self._prefill_dit(rows, hidden)
        mx.eval(self.arrays())

    @property
    def hidden(self) -> mx.array:
        """The LLM's last states (B, 1, LLM width), from which the next patches come."""
        return self._hidden

    def arrays(self) -> list[mx.array]:
        """All arrays of the rows' state."""
        caches = [a for c in self.dit_caches for a in c.arrays()]
        return [
            *caches,
            *self.llm_cache.arrays(),
            *self.encoder_state.arrays(),
            self._hidden,
            self._end,
            self._llm_token,
            *self._previous,
            *(a for m in self._mods for a in m),
        ]

    def _prefill_llm(self, rows: list[DecodingRow]) -> mx.array:
        """Run the LLM over what each row's tokens add to its voice's prefix, and over its reference's patches.

        → its last n + 1 states (B, n + 1, LLM width), n the most patches of reference that a row has.
        """
        if (read := rows[0].prefix.states) is not None:
            self.llm_cache = rows[0].prefix.llm.copy()
            return read
        caches, parts = [], []
        for row in rows:
            cache = row.prefix.llm.copy()
            cache.cut(shared_length(row.ids, row.prefix.ids))
            caches.append(cache)
            text = self.core.embed(mx.array([row.ids[cache.length :]]))
            parts.append(mx.concatenate([text, row.prefix.embeddings.astype(text.dtype)], axis=1))
        self.llm_cache = join(caches)
        longest = max(p.shape[1] for p in parts)
        pads = np.array([longest - p.shape[1] for p in parts], np.int32)
        chunk = mx.concatenate(
            [mx.pad(p, [(0, 0), (int(n), 0), (0, 0)]) for p, n in zip(parts, pads, strict=True)], axis=0
        )
        hidden = hidden_states(self.core.llm, chunk, self.llm_cache, pads)
        most = max(r.prompted for r in rows)
        hidden = mx.contiguous(hidden[:, -(most + 1) :])
        mx.eval(hidden, self.llm_cache.arrays())
        return hidden

    def _prefill_dit(self, rows: list[DecodingRow], hidden: mx.array) -> None:
        """Fill the DiT's caches with all units of the references but the last, which `_solve` runs with the next one."""
        most, guided = hidden.shape[1] - 1, self.solver.guided
        counts = np.array([r.prompted for r in rows], np.int32)
        self._mods = [self._join_mods(rows, stage) for stage in range(len(self.solver.stages))]
        self.dit_caches = [
            KVCache(len(self.core.velocity_field_predictor.blocks), len(rows)) for _ in self.solver.stages
        ]
        self._has_previous = counts > 0  # (B,): rows with a unit before the next
        self._null = self.core.hidden_proj(mx.zeros((1, 1, hidden.shape[2]), hidden.dtype))
        # The last unit (B, 1 + P, C) as each branch sees it; empty while no row has one. It is in no cache yet.
        self._previous: list[mx.array] = []
        if most:
            patches = [
                mx.pad(r.prefix.patches, [(0, 0), (most - r.prompted, 0), (0, 0), (0, 0)]) for r in rows
            ]
            tokens = units(self.core, hidden[:, :-1], mx.concatenate(patches, axis=0))
            self._previous = self._branches(tokens[:, -1])
            self._fill(tokens[:, :-1], (most - np.maximum(counts, 1)) * self._unit)
        if guided:
            self.dit_caches = [
                join([c, *(r.prefix.unconditioned[i] for r in rows)]) for i, c in enumerate(self.dit_caches)
            ]
        self._take_state(hidden[:, -1:])

    def _join_mods(self, rows: list[DecodingRow], stage: int) -> Modulation:
        """The rows' modulations of a stage, one for all where they share a voice; with guidance (2 · B, …), the
        unconditioned branch's last.
        """
        if not self.solver.guided and all(r.prefix is rows[0].prefix for r in rows):
            return rows[0].prefix.mods[stage]
        parts = [r.prefix.mods[stage] for r in rows]
        if self.solver.guided:
            parts += [r.prefix.unconditioned_mods[stage] for r in rows]
        return [mx.concatenate(list(arrays), axis=0) for arrays in zip(*parts, strict=True)]

    def _fill(self, tokens: mx.array, pads: np.ndarray) -> None:
        """Put units (B, n, 1 + P, C) into the conditioned branch's caches; `pads` (B,): how many tokens are padding."""
        if not tokens.shape[1]:
            return
        flat = tokens.reshape(tokens.shape[0], -1, tokens.shape[-1])
        for cache, mods in zip(self.dit_caches, self._mods, strict=True):
            own = [m[: flat.shape[0]] for m in mods]
            self.core.velocity_field_predictor.history(flat, own, cache, pads)
            mx.eval(cache.arrays())

    def _branches(self, unit: mx.array) -> list[mx.array]:
        """A unit (B, 1 + P, C) as the conditioned branch sees it and, with guidance, as the unconditioned does."""
        if not self.solver.guided:
            return [unit]
        null = mx.broadcast_to(self._null, (unit.shape[0], 1, unit.shape[2]))
        return [unit, mx.concatenate([null, unit[:, 1:]], axis=1)]

    def _take_state(self, hidden: mx.array) -> None:
        """From the LLM's last states (B, 1, LLM width): the next unit's first token, the probability that it is the last."""
        self._hidden = hidden
        self._llm_token = self.core.hidden_proj(hidden)
        self._end = mx.softmax(self.core.eos_logits(hidden[:, 0]).astype(mx.float32), axis=-1)[:, 1]

    def read(self, ids: list[int]) -> None:
        """Let the LLM read more tokens of a row that is alone, before its next patch. Not with `ahead`."""
        self._take_state(
            hidden_states(self.core.llm, self.core.embed(mx.array([ids])), self.llm_cache)[:, -1:]
        )

    def step(self, instead: np.ndarray | None = None) -> list[DecodedPatch]:
        """One patch for every row; with `ahead`, the next ones are being computed by then.

        instead: the patches (B, P, D), normalised, that take the place of those solved. Not with `ahead`.
        """
        now = self._begun or self._begin(instead)
        self._begun = None
        last = self._ending()
        stay = [i for i, ends in enumerate(last) if not ends]
        awaited = [now.patch, now.finite]
        if len(stay) < len(now.rows):
            self._keep(stay)
        if stay:
            self._feed_back(
                now.patch if len(stay) == len(now.rows) else mx.take(now.patch, mx.array(stay), axis=0)
            )
            awaited += [self._llm_token, self._end, *self._previous]
            if self.ahead:
                self._begun = self._begin()
        mx.eval(awaited)
        whole, patches = np.array(now.finite), np.array(now.patch.astype(mx.float32))
        sound = [i for i, j in enumerate(stay) if whole[j]]
        if len(sound) < len(stay):
            self._keep(sound)
        return [
            DecodedPatch(
                row, numbers if ok else None, ends or not ok, kept=not (row.continues and row.decoded == 1)
            )
            for row, numbers, ok, ends in zip(now.rows, patches, whole, last, strict=True)
        ]

    def _begin(self, instead: np.ndarray | None = None) -> BegunPatch:
        """Have the next patch of every row computed; waits for nothing."""
        patch = self._solve(self._noise())
        if instead is not None:
            patch = mx.array(instead)
        self._remember(patch)
        begun = BegunPatch(self.rows, patch, mx.all(is_finite(patch), axis=(1, 2)))
        mx.async_eval(begun.patch, begun.finite, self._previous)
        return begun

    def _ending(self) -> list[bool]:
        """Which rows' next patch is their last; counts it as decoded."""
        ending = []
        for row, probability in zip(self.rows, np.array(self._end).tolist(), strict=True):
            may_end = not row.goes_on and (row.decoded > 0 or not row.continues)
            if may_end:
                row.end_probabilities.append(probability)
            row.decoded += 1
            ending.append((may_end and probability > row.threshold) or row.decoded >= row.room)
        return ending

    def _noise(self) -> mx.array:
        """(B, draws, P, D), each row's own, for the patch after those decoded."""
        draws = self.solver.draws
        shape = (draws, self._unit - 1, self._mean.shape[0])
        return mx.stack(
            [
                draw(row.seed, row.decoded, shape)
                if row.noise is None
                else given(row.noise, row.decoded, draws)
                for row in self.rows
            ]
        )

    def _solve(self, noise: mx.array) -> mx.array:
        """The next patches (B, P, D) from noise (B, draws, P, D); the units before them go into the caches."""
        core, unit, batch = self.core, self._unit, len(self.rows)
        guided = self.solver.guided
        before = bool(self._has_previous.any())
        pads = np.where(self._has_previous, 0, unit).astype(np.int32) if before else np.zeros(batch, np.int32)
        pads = np.tile(pads, 2) if guided else pads
        starts = (
            [self._llm_token, mx.broadcast_to(self._null, self._llm_token.shape)]
            if guided
            else [self._llm_token]
        )
        if before:
            starts = [mx.concatenate([p, h], axis=1) for p, h in zip(self._previous, starts, strict=True)]
        start = mx.stack(starts)  # (branches, B, tokens before the noisy ones, C)
        count = start.shape[2] + unit - 1
        mask, offset = self.dit_caches[0].mask(count, pads, block=unit), self.dit_caches[0].offset(pads)

        def velocity(stage: int, z: mx.array) -> mx.array:
            noisy = core.coordinate_proj(z.astype(core.dtype))
            each = mx.broadcast_to(noisy[None], (len(starts), *noisy.shape))
            x = mx.concatenate([start, each], axis=2).reshape(-1, count, noisy.shape[2])
            v = core.velocity_field_predictor.velocity(
                x, self._mods[stage], self.dit_caches[stage], mask, offset, unit - 1
            )
            if not guided:
                return v
            return guide(v[:batch], v[batch:], self.solver.guidance)

        patch = self.solver.solve(velocity, noise)
        if before:
            for cache in self.dit_caches:
                cache.advance(unit, pads)
        return patch

    def _remember(self, patch: mx.array) -> None:
        """The patches (B, P, D) are those of the units that come before the next ones."""
        self._has_previous = np.ones(len(self.rows), bool)
        latents = self.core.latent_proj(patch.astype(self.core.dtype))
        self._previous = self._branches(mx.concatenate([self._llm_token, latents], axis=1))

    def _feed_back(self, patch: mx.array) -> None:
        """Run the patches (B, P, D) through the encoder and its embeddings through the LLM."""
        embedding = self.core.patch_encoder(patch * self._scale + self._mean, self.encoder_state)
        self._take_state(hidden_states(self.core.llm, embedding, self.llm_cache))

    def _keep(self, stay: list[int]) -> None:
        """Drop all rows but these."""
        batch = len(self.rows)
        self.rows = [self.rows[i] for i in stay]
        if not stay:
            self._begun = None
            return
        index = mx.array(stay)
        both = [*stay, *(batch + i for i in stay)] if self.solver.guided else stay
        self.encoder_state.keep(stay)
        self.llm_cache.keep(stay)
        for cache in self.dit_caches:
            cache.keep(both)
        if self._mods[0][0].shape[0] > 1:
            self._mods = [[mx.take(a, mx.array(both), axis=0) for a in mods] for mods in self._mods]
        self._previous = [mx.take(p, index, axis=0) for p in self._previous]
        self._hidden, self._llm_token, self._end = (
            mx.take(a, index, axis=0) for a in (self._hidden, self._llm_token, self._end)
        )
        self._has_previous = self._has_previous[stay]
        self._begun = self._begun and self._begun.keep(stay)
