"""What all lines in a voice have in common, computed once: the first part of every cache.

It knows caches, no text rules.

LLM            keys and values of [文本], tag and transcript; what follows depends on the line's text
patch encoder  keys and values of all the reference's patches
DiT            modulations of each solver stage, and the unconditioned branch's history
"""

from collections import OrderedDict
from dataclasses import dataclass

import mlx.core as mx
import numpy as np

from dotsbook.model.network.caches import KVCache
from dotsbook.model.network.core import Core
from dotsbook.model.network.dit import Modulation
from dotsbook.model.network.llm import hidden_states
from dotsbook.model.network.patch_encoder import PatchEncoderState
from dotsbook.model.profile import Profile
from dotsbook.model.solvers import Solver


@dataclass
class VoicePrefix:
    """Of one voice, language and solver; every array has one row."""

    ids: list[int]  # tokens the LLM's cache holds
    llm: KVCache
    heard: PatchEncoderState
    embeddings: mx.array  # (1, patches, LLM width)
    patches: mx.array  # (1, patches, P, D), normalised
    mods: list[Modulation]  # one a stage
    free_mods: list[Modulation]  # of the unconditioned branch; empty without guidance
    free: list[KVCache]  # its history a stage


class PrefixCache:
    """The prefixes used last, at most `most`. Keys are kept with them, so an object in a key must compare by identity."""

    def __init__(self, most: int = 8):
        self._most = most
        self._kept: OrderedDict = OrderedDict()

    def get(self, key: tuple, make) -> VoicePrefix:
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return self._kept[key]

    def clear(self) -> None:
        self._kept.clear()


def make_prefix(
    core: Core,
    mean: mx.array,
    scale: mx.array,
    patch_size: int,
    profile: Profile | None,
    ids: list[int],
    solver: Solver,
) -> VoicePrefix:
    """Run the reference through everything that doesn't depend on a line's text. `scale` is √var of the latents."""
    heard = core.patch_encoder.begin()
    latents = None if profile is None or not profile.patches else mx.array(profile.latents)[None]
    if latents is None:
        embeddings = mx.zeros((1, 0, core.hidden_proj.weight.shape[1]), core.dtype)
        patches = mx.zeros((1, 0, patch_size, mean.shape[0]), core.dtype)
    else:
        embeddings = core.patch_encoder(latents, heard)
        patches = ((latents - mean) / scale).reshape(1, -1, patch_size, mean.shape[0]).astype(core.dtype)
    cache = KVCache(len(core.llm.model.layers))
    if ids:
        hidden_states(core.llm, core.embed(mx.array([ids])), cache)
    mx.eval(embeddings, patches, heard.arrays(), cache.arrays())
    g_cond = mx.zeros((core.hidden_proj.bias.shape[0],)) if profile is None else mx.array(profile.g_cond)
    mods = _modulations(core, g_cond[None], solver)
    free_mods = _modulations(core, mx.zeros_like(g_cond)[None], solver) if solver.guided else []
    return VoicePrefix(
        ids, cache, heard, embeddings, patches, mods, free_mods, _free_history(core, patches, free_mods)
    )


def _modulations(core: Core, g_cond: mx.array, solver: Solver) -> list[Modulation]:
    """All stages in one pass over the weights."""
    count = len(solver.stages)
    times = mx.array([t for t, _ in solver.stages])
    durations = None if solver.stages[0][1] is None else mx.array([d for _, d in solver.stages])
    mods = core.velocity_field_predictor.modulations(times, durations, mx.repeat(g_cond, count, axis=0))
    mx.eval(mods)
    return [[a[i : i + 1] for a in mods] for i in range(count)]


def _free_history(core: Core, patches: mx.array, mods: list[Modulation]) -> list[KVCache]:
    """The unconditioned branch over all patches but the last: it knows no text, so it is every line's."""
    caches = [KVCache(len(core.velocity_field_predictor.blocks)) for _ in mods]
    if patches.shape[1] < 2:
        return caches
    tokens = units(
        core, mx.zeros((1, patches.shape[1], core.hidden_proj.weight.shape[1]), core.dtype), patches
    )[:, :-1]
    for cache, mod in zip(caches, mods, strict=False):
        core.velocity_field_predictor.history(tokens.reshape(1, -1, tokens.shape[-1]), mod, cache, None)
        mx.eval(cache.arrays())
    return caches


def units(core: Core, hidden: mx.array, patches: mx.array) -> mx.array:
    """LLM states (B, n, W) and normalised patches (B, n, P, D) as the DiT's tokens (B, n, 1 + P, C)."""
    return mx.concatenate(
        [core.hidden_proj(hidden)[:, :, None], core.latent_proj(patches.astype(core.dtype))], axis=2
    )


def shared(ids: list[int], prefix: list[int]) -> int:
    """How many tokens `ids` begins with of `prefix`; the last is always left to run."""
    same = np.array([a == b for a, b in zip(ids[:-1], prefix, strict=False)], bool)
    return len(same) if same.all() else int(np.argmin(same))
