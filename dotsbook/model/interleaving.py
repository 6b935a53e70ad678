"""Text and patches in turns, as models read them that take text as it comes; and a reference read so. It knows no sound."""

from typing import TYPE_CHECKING

import numpy as np

from dotsbook.model.checkpoint.config import StreamingConfig
from dotsbook.model.profile import Profile

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots
    from dotsbook.model.prefix import VoicePrefix
    from dotsbook.model.solvers import Solver


def interleaved(text: list[int], sound: list[int], text_end: int, turns: StreamingConfig) -> list[int]:
    """Text tokens and sound tokens in turns. `text_end` stands before the first turn that finds no text, or at the end."""
    ids: list[int] = []
    at, ended = 0, False
    for patch, token in enumerate(sound):
        if at >= len(text) and not ended:
            ids.append(text_end)
            ended = True
        quota = turns.quota(patch)
        ids += text[at : at + quota]
        at += quota
        ids.append(token)
    return [*ids, *text[at:], *([] if ended else [text_end])]


def read_reference_in_turns(
    dots: "Dots", profile: Profile, ids: list[int], solver: "Solver"
) -> "VoicePrefix":
    """All of a reference read: `ids` end before the span that is to be decoded, and hold one for each of its patches."""
    import mlx.core as mx

    from dotsbook.model.network.caches import KVCache
    from dotsbook.model.network.llm import hidden_states
    from dotsbook.model.prefix import VoicePrefix, conditions

    core, config = dots.core, dots.config
    encoder_state = core.patch_encoder.begin()
    latents = mx.array(np.asarray(profile.latents))[None]
    embeddings = core.patch_encoder(latents, encoder_state)
    patches = ((latents - dots.latent_mean) / dots.latent_scale).reshape(
        1, -1, config.patch_size, config.latent_dim
    )
    words = core.embed(mx.array([ids]))
    spans = [i for i, token in enumerate(ids) if token == dots.tokens.span]
    words[:, mx.array(spans)] = embeddings.astype(words.dtype)
    cache = KVCache(len(core.llm.model.layers))
    hidden = hidden_states(core.llm, words, cache)
    states = hidden[:, mx.array([place - 1 for place in [*spans, len(ids)]])]
    mx.eval(states, encoder_state.arrays(), cache.arrays())
    patches = patches.astype(core.dtype)
    return VoicePrefix(
        ids,
        cache,
        encoder_state,
        embeddings,
        patches,
        *conditions(core, profile.g_cond, patches, solver),
        states=states,
    )
