"""Speech from text that still comes: tokens in one by one, sound out as it is made. It knows token ids, no books.

    live = LiveSpeech(dots, profile)
    for token in tokens:
        sound = live.push(token)    # None while the model waits for more text
    for sound in live.finish():
        ...

Text and patches take turns as the model was trained (`StreamingConfig`). The end is only looked for once all the text is
there. Each session has caches of its own, so any number of them may be open on one model.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.config import StreamingConfig
from dotsbook.model.failures import LineTooLong, NotFinite
from dotsbook.model.interleaving import interleaved
from dotsbook.model.profile import Profile, check
from dotsbook.model.prompt import END, TEXT_END
from dotsbook.model.sampling import SamplingOptions, resolve

if TYPE_CHECKING:
    from dotsbook.model.decoding import Decoding
    from dotsbook.model.dots import Dots
    from dotsbook.model.prefix import VoicePrefix

OPENING = "[流式语音合成]"
MOST_SILENCE = 10  # patches


class LiveSpeech:
    """One utterance. `ids` is all that the LLM has read, a span for each patch."""

    def __init__(
        self,
        dots: "Dots",
        profile: Profile | None = None,
        *,
        sampling: SamplingOptions = SamplingOptions(),
        seed: int = 0,
        noise: np.ndarray | None = None,
        silence: int | None = None,
    ):
        """silence: how many first patches are silence instead, 0 … 10; None: one, or none after a reference with a transcript.

        A profile with a transcript is continued; one without gives the timbre. LineTooLong if it leaves no room.
        """
        from dotsbook.model.network.audiovae import DecoderState

        if profile is not None:
            check(profile, dots.identity, dots.config, dots.core.hidden_proj.weight.shape[1])
        continued = profile is not None and profile.embeddings is not None
        self.dots, self.profile = dots, profile
        self.turns = dots.config.streaming or StreamingConfig()
        self.sampling = resolve(sampling, dots.config)
        self.solver = dots.solver(self.sampling)
        self.seed, self.noise = seed, noise
        self.silence = min(MOST_SILENCE, max(0, (0 if continued else 1) if silence is None else silence))
        self.room = self.sampling.max_patches
        self.ids: list[int] = []
        self.patches: list[np.ndarray] = []  # voiced, (P, latent_dim), denormalised
        self.decoding: Decoding | None = None
        self._pending = dots.tokens.encode(OPENING)  # read with the next text
        self._text: list[int] = []
        self._vocoder = DecoderState()
        self._finishing = self._through = False
        if continued and profile is not None:
            self._continue(profile)

    @property
    def end_probabilities(self) -> list[float]:
        """Of the patches after the text, each as compared with the threshold."""
        return self.decoding_row.end_probabilities

    def push(self, token: int) -> np.ndarray | None:
        """Take the next text token, of the text's final tokenisation → samples (n,) that are final by now, or None.

        LineTooLong where the room is used up; ModelError after `finish`.
        """
        if self._finishing or self._through:
            raise ModelError("The text of this speech has ended; begin another for more.")
        self._text.append(token)
        quota = self.turns.quota(len(self.patches))
        if len(self._text) < quota:
            return None
        self._read([*self._pending, *self._text[:quota]])
        self._pending, self._text = [], self._text[quota:]
        return self._voiced()

    def finish(self) -> Iterator[np.ndarray]:
        """The text is all there: the rest of the sound, a piece a patch and what the vocoder held back."""
        if self._through:
            raise ModelError("This speech is through; begin another.")
        if not self._finishing:
            self._finishing = True
            rest = [*self._pending, *self._text, self.dots.tokens.token(TEXT_END)]
            self._pending, self._text = [], []
            self._read(rest)
            self.decoding_row.goes_on = False
        while not self._through:
            sound = self._voiced()
            held = self._held if self._through else None
            if sound is not None:
                yield sound
            if held is not None and len(held):
                yield held

    # ── the model's turns ──

    def _read(self, ids: list[int]) -> None:
        """Let the LLM read tokens; the first ones begin the decoding."""
        self.ids += ids
        if self.decoding is not None:
            self.decoding.read(ids)
            return
        from dotsbook.model.prefix import make_prefix

        prefix = make_prefix(
            self.dots.core,
            self.dots.latent_mean,
            self.dots.latent_scale,
            self.dots.config.patch_size,
            self.profile,
            [],
            self.solver,
        )
        self._begin(ids, prefix, continues=False)

    def _begin(self, ids: list[int], prefix: "VoicePrefix", continues: bool) -> None:
        from dotsbook.model.decoding import DecodingRow

        endless = 1 << 30  # this class counts the room: here it ends in an error, and not in a cut
        self.decoding_row = DecodingRow(
            0,
            ids,
            prefix,
            endless,
            self.sampling.eos_threshold,
            continues=continues,
            seed=self.seed,
            noise=self.noise,
            goes_on=True,
        )
        self.decoding = self.dots.begin([self.decoding_row], self.solver, ahead=False)

    def _continue(self, profile: Profile) -> None:
        """Read a reference and its transcript, in turns, and decode the patch that the profile leaves out; it isn't voiced."""
        from dotsbook.model.interleaving import read_reference_in_turns

        tokens, spans = self.dots.tokens, profile.patches + 1
        self.room -= spans
        if self.room < 1:
            raise LineTooLong(
                f"The voice's {spans} patches leave no room to speak in {self.sampling.max_patches}. "
                "Shorten the reference."
            )
        said = tokens.encode(f"{(profile.transcript or '').strip()}\n")
        turns = interleaved(
            said, [tokens.span] * spans + [tokens.token(END)], tokens.token(TEXT_END), self.turns
        )
        ids = [*self._pending, *turns]
        last = max(i for i, token in enumerate(ids) if token == tokens.span)
        prefix = read_reference_in_turns(self.dots, profile, ids[:last], self.solver)
        self.ids = ids[:last]
        self._begin(self.ids, prefix, continues=True)
        self._decode()
        self._pending = [*ids[last + 1 :], *self._pending]

    def _decode(self, instead: np.ndarray | None = None) -> tuple[np.ndarray, bool]:
        """The next patch, normalised, and whether it is the last."""
        assert self.decoding is not None
        [decoded] = self.decoding.step(None if instead is None else instead[None])
        self.ids.append(self.dots.tokens.span)
        if decoded.patch is None:
            self._through = True
            raise NotFinite(
                f"The model's numbers broke at patch {decoded.row.decoded}. Try another seed, or float32."
            )
        return decoded.patch, decoded.last

    def _voiced(self) -> np.ndarray | None:
        """The next patch as the samples that are final with it, None if there are none."""
        import mlx.core as mx

        if len(self.patches) >= self.room:
            self._through = True
            raise LineTooLong(
                f"The speech did not end within {self.sampling.max_patches} patches. Say less at a time."
            )
        silent = len(self.patches) < self.silence
        patch, last = self._decode(silent_patches(self.dots)[len(self.patches)] if silent else None)
        self.patches.append(self.dots.denormalise(patch).astype(np.float32))
        latents = mx.array(self.patches[-1][None])
        sound = np.array(self.dots.vae.decode(latents, self._vocoder, last))[0]
        self._through = last
        if last:
            vocoder = self.dots.config.vocoder
            held = vocoder.num_decoder_lookahead * vocoder.hop
            sound, self._held = np.split(sound, [len(sound) - held])
        return sound if len(sound) else None


def silent_patches(dots: "Dots") -> np.ndarray:
    """Silence as the model's vocoder hears it, normalised: (10, P, latent_dim)."""
    import mlx.core as mx

    mean = dots.vae.encode(mx.zeros((1, MOST_SILENCE * dots.config.patch_samples)))[
        ..., : dots.config.latent_dim
    ]
    patches = (mean - dots.latent_mean) / dots.latent_scale
    return np.array(patches).reshape(MOST_SILENCE, dots.config.patch_size, -1)
