"""Lines decoded together, a patch at a time. It knows token ids, caches and solvers; no text, no waveforms.

A row is alone in its numbers: whoever else is in the batch, only its own tokens are seen and its own noise is drawn.
Each step runs the DiT's stages over ten tokens a row, then one patch through the encoder and one token through the
LLM; nothing is run over what came before.
"""

from dataclasses import dataclass, field

import mlx.core as mx
import numpy as np

from dotsbook.model.network.caches import KVCache, join
from dotsbook.model.network.core import Core
from dotsbook.model.network.llm import hidden_states
from dotsbook.model.network.patch_encoder import join_encoder_states
from dotsbook.model.noise import draw, given
from dotsbook.model.prefix import VoicePrefix, shared, units
from dotsbook.model.solvers import Solver


@dataclass
class DecodingRow:
    """A line on its way. `ids` end before the first span; `room` is how many patches may be decoded."""

    index: int
    ids: list[int]
    prefix: VoicePrefix
    room: int
    threshold: float
    continues: bool  # the first patch re-does the reference's last and is not kept
    seed: int = 0
    noise: np.ndarray | None = None  # (patches · draws, P, D), instead of the seed
    decoded: int = 0
    odds: list[float] = field(default_factory=list)  # of the end, as looked at before each patch

    @property
    def prompted(self) -> int:
        return self.prefix.patches.shape[1]


@dataclass(frozen=True)
class Step:
    """One patch of one row: normalised latents float32 (P, D), None where the numbers broke; `last` of its row."""

    row: DecodingRow
    patch: np.ndarray | None
    last: bool


class Decoding:
    """Rows that share a solver. Each `step` gives every row's next patch and lets finished rows go."""

    def __init__(self, core: Core, mean: mx.array, scale: mx.array, solver: Solver, rows: list[DecodingRow]):
        self.core, self.solver, self.rows = core, solver, list(rows)
        self._mean, self._scale = mean, scale
        self._unit = 1 + rows[0].prefix.patches.shape[2]  # tokens: one of the LLM's, one a latent frame
        self.heard = join_encoder_states([r.prefix.heard for r in rows])
        hidden = self._read(rows)
        self._condition(rows, hidden)
        mx.eval(self.arrays())

    def arrays(self) -> list[mx.array]:
        """Everything the rows' state is made of."""
        caches = [a for c in self.caches for a in c.arrays()]
        return [
            *caches,
            *self.llm.arrays(),
            *self.heard.arrays(),
            self._hidden,
            self._odds,
            self._head,
            *self._previous,
            *(a for m in self._mods for a in m),
        ]

    def _read(self, rows: list[DecodingRow]) -> mx.array:
        """The LLM over what each line adds to its voice's prefix → the last patches + 1 hidden states (B, n + 1, W)."""
        caches, parts = [], []
        for row in rows:
            cache = row.prefix.llm.copy()
            cache.cut(shared(row.ids, row.prefix.ids))
            caches.append(cache)
            text = self.core.embed(mx.array([row.ids[cache.length :]]))
            parts.append(mx.concatenate([text, row.prefix.embeddings.astype(text.dtype)], axis=1))
        self.llm = join(caches)
        longest = max(p.shape[1] for p in parts)
        pads = np.array([longest - p.shape[1] for p in parts], np.int32)
        chunk = mx.concatenate(
            [mx.pad(p, [(0, 0), (int(n), 0), (0, 0)]) for p, n in zip(parts, pads, strict=False)], axis=0
        )
        hidden = hidden_states(self.core.llm, chunk, self.llm, pads)
        most = max(r.prompted for r in rows)
        hidden = mx.contiguous(hidden[:, -(most + 1) :])
        mx.eval(hidden, self.llm.arrays())
        return hidden

    def _condition(self, rows: list[DecodingRow], hidden: mx.array) -> None:
        """The DiT's history: every prompt unit but the last, which goes along with the first block."""
        most, guided = hidden.shape[1] - 1, self.solver.guided
        counts = np.array([r.prompted for r in rows], np.int32)
        self._mods = [self._join_mods(rows, stage) for stage in range(len(self.solver.stages))]
        self.caches = [
            KVCache(len(self.core.velocity_field_predictor.blocks), len(rows)) for _ in self.solver.stages
        ]
        self._prior = counts > 0  # rows with a unit before the next block
        self._null = self.core.hidden_proj(mx.zeros((1, 1, hidden.shape[2]), hidden.dtype))
        self._previous = []
        if most:
            patches = [
                mx.pad(r.prefix.patches, [(0, 0), (most - r.prompted, 0), (0, 0), (0, 0)]) for r in rows
            ]
            tokens = units(self.core, hidden[:, :-1], mx.concatenate(patches, axis=0))
            self._previous = self._branches(tokens[:, -1])
            self._fill(tokens[:, :-1], (most - np.maximum(counts, 1)) * self._unit)
        if guided:
            self.caches = [join([c, *(r.prefix.free[i] for r in rows)]) for i, c in enumerate(self.caches)]
        self._look(hidden[:, -1:])

    def _join_mods(self, rows: list[DecodingRow], stage: int) -> list[mx.array]:
        parts = [r.prefix.mods[stage] for r in rows]
        if self.solver.guided:
            parts += [r.prefix.free_mods[stage] for r in rows]
        return [mx.concatenate(arrays, axis=0) for arrays in zip(*parts, strict=False)]

    def _fill(self, tokens: mx.array, pads: np.ndarray) -> None:
        if not tokens.shape[1]:
            return
        flat = tokens.reshape(tokens.shape[0], -1, tokens.shape[-1])
        for cache, mods in zip(self.caches, self._mods, strict=False):
            own = [m[: flat.shape[0]] for m in mods]
            self.core.velocity_field_predictor.history(flat, own, cache, pads)
            mx.eval(cache.arrays())

    def _branches(self, unit: mx.array) -> list[mx.array]:
        """A unit (B, 1 + P, C) as the conditioned branch sees it and, with guidance, as the other does."""
        if not self.solver.guided:
            return [unit]
        null = mx.broadcast_to(self._null, (unit.shape[0], 1, unit.shape[2]))
        return [unit, mx.concatenate([null, unit[:, 1:]], axis=1)]

    def _look(self, hidden: mx.array) -> None:
        """Take the LLM's last states (B, 1, W): the next block's head, and the odds that it is the last."""
        self._hidden = hidden
        self._head = self.core.hidden_proj(hidden)
        self._odds = mx.softmax(self.core.eos_logits(hidden[:, 0]).astype(mx.float32), axis=-1)[:, 1]

    def step(self) -> list[Step]:
        """One patch for every row."""
        rows, ending = self.rows, self._ending()
        patch = self._solve(self._noise())
        finite = mx.all(mx.isfinite(patch), axis=(1, 2))
        mx.async_eval(patch, finite)
        stay = [i for i, last in enumerate(ending) if not last]
        if len(stay) < len(rows):
            self._keep(stay)
        if stay:
            self._feed(mx.take(patch, mx.array(stay), axis=0) if len(stay) < len(rows) else patch)
            mx.eval(self._head, self._odds, self._previous)
        sound, patches = np.array(finite), np.array(patch.astype(mx.float32))
        broken = [i for i, j in enumerate(stay) if not sound[j]]
        if broken:
            self._keep([i for i in range(len(stay)) if i not in broken])
        return [
            Step(r, p if ok else None, last or not ok)
            for r, p, ok, last in zip(rows, patches, sound, ending, strict=False)
        ]

    def _ending(self) -> list[bool]:
        """Which rows' next patch is their last; counts it as decoded."""
        odds, ending = np.array(self._odds), []
        for row, odd in zip(self.rows, odds, strict=False):
            looked = row.decoded > 0 or not row.continues
            if looked:
                row.odds.append(float(odd))
            row.decoded += 1
            ending.append((looked and float(odd) > row.threshold) or row.decoded >= row.room)
        return ending

    def _noise(self) -> mx.array:
        """(B, draws, P, D), each row's own."""
        draws, latent = self.solver.draws, self._mean.shape[0]
        parts = []
        for row in self.rows:
            number = row.decoded - 1
            shape = (draws, self._unit - 1, latent)
            parts.append(
                draw(row.seed, number, shape) if row.noise is None else given(row.noise, number, draws)
            )
        return mx.stack(parts)

    def _solve(self, noise: mx.array) -> mx.array:
        """Run the solver over one block; the unit before it joins the history."""
        core, unit, batch = self.core, self._unit, len(self.rows)
        guided = self.solver.guided
        before = bool(self._prior.any())
        pads = np.where(self._prior, 0, unit).astype(np.int32) if before else np.zeros(batch, np.int32)
        pads = np.tile(pads, 2) if guided else pads
        heads = [self._head, mx.broadcast_to(self._null, self._head.shape)] if guided else [self._head]
        if before:
            heads = [mx.concatenate([p, h], axis=1) for p, h in zip(self._previous, heads, strict=False)]
        count = heads[0].shape[1] + unit - 1
        mask, offset = self.caches[0].mask(count, pads, block=unit), self.caches[0].offset(pads)

        def velocity(stage: int, z: mx.array) -> mx.array:
            noisy = core.coordinate_proj(z.astype(core.dtype))
            x = mx.concatenate([mx.concatenate([h, noisy], axis=1) for h in heads], axis=0)
            v = core.velocity_field_predictor.velocity(
                x, self._mods[stage], self.caches[stage], mask, offset, unit - 1
            )
            if not guided:
                return v
            with_text, without = v[:batch], v[batch:]
            return with_text + self.solver.guidance * (with_text - without)

        patch = self.solver.solve(velocity, noise)
        if before:
            for cache in self.caches:
                cache.advance(unit, pads)
        self._prior = np.ones(batch, bool)
        self._previous = self._branches(
            mx.concatenate([self._head, core.latent_proj(patch.astype(core.dtype))], axis=1)
        )
        return patch

    def _feed(self, patch: mx.array) -> None:
        """The patch back through the encoder into the LLM."""
        embedding = self.core.patch_encoder(patch * self._scale + self._mean, self.heard)
        self._look(hidden_states(self.core.llm, embedding, self.llm))

    def _keep(self, stay: list[int]) -> None:
        batch = len(self.rows)
        self.rows = [self.rows[i] for i in stay]
        if not stay:
            return
        index = mx.array(stay)
        both = [*stay, *(batch + i for i in stay)] if self.solver.guided else stay
        self.heard.keep(stay)
        self.llm.keep(stay)
        for cache in self.caches:
            cache.keep(both)
        self._mods = [[mx.take(a, mx.array(both), axis=0) for a in mods] for mods in self._mods]
        self._previous = [mx.take(p, index, axis=0) for p in self._previous]
        self._hidden, self._head, self._odds = (
            mx.take(a, index, axis=0) for a in (self._hidden, self._head, self._odds)
        )
        self._prior = self._prior[stay]
