"""What all utterances in a voice have in common, computed once: the first part of every cache. It knows no text rules.

LLM            keys and values of [文本], tag and transcript; what follows depends on the utterance's text
patch encoder  keys and values of all the reference's patches
DiT            modulations of each solver stage, and the caches of the branch that sees no text (for guidance)
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import mlx.core as mx
import numpy as np

from dotsbook.model.network.caches import KVCache
from dotsbook.model.network.core import Core
from dotsbook.model.network.dit import Modulation
from dotsbook.model.network.llm import hidden_states
from dotsbook.model.network.patch_encoder import PatchEncoderState
from dotsbook.model.profile import Profile
from dotsbook.model.solvers import Solver

Key = TypeVar("Key", bound=tuple)


@dataclass
class VoicePrefix:
    """What is computed of one voice for one language and solver. Every array has one row."""

    ids: list[int]  # tokens the LLM's cache holds
    llm: KVCache  # after `ids`
    encoder_state: PatchEncoderState  # after all patches of the reference
    embeddings: mx.array  # (1, patches, LLM width)
    patches: mx.array  # (1, patches, P, D), normalised
    mods: list[Modulation]  # one a stage
    unconditioned_mods: list[Modulation]  # of the branch without text and speaker; empty without guidance
    unconditioned: list[KVCache]  # what that branch has seen of the reference, one a stage
    # LLM states (1, patches + 1, LLM width) before each patch and the first to decode, of a row that is decoded alone and
    # whose `ids` have been read to their end
    states: mx.array | None = None


class PrefixCache:
    """The prefixes used last, at most `most`. A key keeps the objects in it alive: none of their ids comes up again."""

    def __init__(self, most: int = 8):
        self._most = most
        self._kept: OrderedDict[tuple, VoicePrefix] = OrderedDict()

    def get(self, key: tuple, make: Callable[[], VoicePrefix]) -> VoicePrefix:
        return self.get_all([key], lambda _: [make()])[0]

    def get_all(
        self, keys: Sequence[Key], make: Callable[[list[Key]], list[VoicePrefix]]
    ) -> list[VoicePrefix]:
        """Those of some keys; `make` is given the keys that are new, each once, and makes theirs together."""
        there = {key: self._kept[key] for key in keys if key in self._kept}
        new = [key for key in dict.fromkeys(keys) if key not in there]
        made = {**there, **dict(zip(new, make(new) if new else [], strict=True))}
        for key, prefix in made.items():
            self._kept[key] = prefix
            self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return [made[key] for key in keys]


def make_prefix(
    core: Core,
    mean: mx.array,
    scale: mx.array,
    patch_size: int,
    profile: Profile | None,
    ids: list[int],
    solver: Solver,
) -> VoicePrefix:
    """Run a voice's reference through all that doesn't depend on an utterance's text.

    ids: the tokens that begin all its prompts. mean, scale: of the latents, (latent_dim,) each; scale is √var.
    """
    encoder_state = core.patch_encoder.begin()
    if profile is None or profile.latents is None or not profile.patches:
        embeddings = mx.zeros((1, 0, core.hidden_proj.weight.shape[1]), core.dtype)
        patches = mx.zeros((1, 0, patch_size, mean.shape[0]), core.dtype)
    else:
        latents = mx.array(profile.latents)[None]
        embeddings = core.patch_encoder(latents, encoder_state)
        patches = ((latents - mean) / scale).reshape(1, -1, patch_size, mean.shape[0]).astype(core.dtype)
    cache = KVCache(len(core.llm.model.layers))
    if ids:
        hidden_states(core.llm, core.embed(mx.array([ids])), cache)
    mx.eval(embeddings, patches, encoder_state.arrays(), cache.arrays())
    g_cond = None if profile is None else profile.g_cond
    return VoicePrefix(
        ids, cache, encoder_state, embeddings, patches, *conditions(core, g_cond, patches, solver)
    )


def conditions(
    core: Core, g_cond: np.ndarray | None, patches: mx.array, solver: Solver
) -> tuple[list[Modulation], list[Modulation], list[KVCache]]:
    """What a prefix holds of the DiT for a speaker (DiT width,), None for no one, after patches (1, n, P, D)."""
    speaker = mx.zeros((core.hidden_proj.bias.shape[0],)) if g_cond is None else mx.array(g_cond)
    mods = _modulations(core, speaker[None], solver)
    unconditioned_mods = _modulations(core, mx.zeros_like(speaker)[None], solver) if solver.guided else []
    return mods, unconditioned_mods, _unconditioned_history(core, patches, unconditioned_mods)


def _modulations(core: Core, g_cond: mx.array, solver: Solver) -> list[Modulation]:
    """The modulations of every stage for g_cond (1, C), all in one pass over the weights."""
    count = len(solver.stages)
    times = mx.array([t for t, _ in solver.stages])
    durations = None if solver.stages[0][1] is None else mx.array([d for _, d in solver.stages])
    mods = core.velocity_field_predictor.modulations(times, durations, mx.repeat(g_cond, count, axis=0))
    mx.eval(mods)
    return [[a[i : i + 1] for a in mods] for i in range(count)]


def _unconditioned_history(core: Core, patches: mx.array, mods: list[Modulation]) -> list[KVCache]:
    """The caches of the unconditioned branch after all patches (1, n, P, D) but the last.

    It sees no text, so they are the same for every utterance.
    """
    caches = [KVCache(len(core.velocity_field_predictor.blocks)) for _ in mods]
    if patches.shape[1] < 2:
        return caches
    tokens = units(
        core, mx.zeros((1, patches.shape[1], core.hidden_proj.weight.shape[1]), core.dtype), patches
    )[:, :-1]
    for cache, mod in zip(caches, mods, strict=True):
        core.velocity_field_predictor.history(tokens.reshape(1, -1, tokens.shape[-1]), mod, cache, None)
        mx.eval(cache.arrays())
    return caches


def units(core: Core, hidden: mx.array, patches: mx.array) -> mx.array:
    """LLM states (B, n, W) and normalised patches (B, n, P, D) as the DiT's tokens (B, n, 1 + P, C)."""
    return mx.concatenate(
        [core.hidden_proj(hidden)[:, :, None], core.latent_proj(patches.astype(core.dtype))], axis=2
    )


def shared_length(ids: list[int], prefix: list[int]) -> int:
    """How many first tokens `ids` and `prefix` share, the last of `ids` not counted: the LLM must run one at least."""
    same = np.array([a == b for a, b in zip(ids[:-1], prefix, strict=False)], bool)
    return len(same) if same.all() else int(np.argmin(same))
