"""Latents to sound, all at once or as they come, for several utterances. It knows the vocoder, no text.

Both ways run the same causal decoder over pieces and give the same samples; memory is bounded by the piece.
"""

from collections.abc import Iterator

import mlx.core as mx
import numpy as np

from dotsbook.model.network.audiovae import AudioVAE, DecoderState
from dotsbook.model.network.elementary import on_cpu
from dotsbook.model.onset import has_voice, trim_onset

# Latent frames decoded at once: few on a CPU, so that a stage's arrays stay in its cache; a GPU is quicker with many.
CPU_PIECE, GPU_PIECE = 8, 64


def piece_frames() -> int:
    return CPU_PIECE if on_cpu() else GPU_PIECE


def decode_latents(vae: AudioVAE, latents: np.ndarray) -> np.ndarray:
    """All latents of a signal (frames, latent_dim), denormalised → float32 samples (frames · hop,)."""
    state, size = DecoderState(), piece_frames()
    return np.concatenate(
        [
            _decode(vae, [latents[at : at + size]], state, last=at + size >= len(latents))[0]
            for at in range(0, len(latents), size)
        ]
    )


def _decode(vae: AudioVAE, latents: list[np.ndarray], state: DecoderState, last: bool) -> np.ndarray:
    """The next latents (frames, latent_dim) of each signal, equally many → (signals, samples)."""
    return np.array(vae.decode(mx.array(np.stack(latents).astype(np.float32)), state, last))


class StreamingVocoder:
    """The vocoder over utterances that begin together, while their patches are still being made.

    `add` takes an utterance's next patch; `decode_ready` gives the samples that are final by then. An utterance that has
    ended is decoded to its end apart from the others, who may not have ended yet.
    """

    def __init__(self, vae: AudioVAE, signals: list[int], frames: int | None = None):
        """signals: a number for each utterance. frames: at most so many latent frames of all utterances together are decoded
        at once, None for `piece_frames`; but always a patch of each.
        """
        self._vae, self._frames, self._state = vae, frames or piece_frames(), DecoderState()
        # Patches not decoded yet. The signals stand in the order of the state's rows.
        self._waiting: dict[int, list[np.ndarray]] = {signal: [] for signal in signals}
        self._ended: list[int] = []

    def add(self, signal: int, patch: np.ndarray, last: bool) -> None:
        """patch (P, latent_dim), denormalised; `last`: the utterance ends with it."""
        self._waiting[signal].append(patch)
        if last:
            self._ended.append(signal)

    def decode_ready(self) -> Iterator[tuple[int, np.ndarray, bool]]:
        """(utterance, samples, whether they are its last): all there is of those that have ended, whole pieces of the others."""
        while self._ended:
            count = len(self._waiting[self._ended[0]])
            alike = [
                signal
                for signal in self._waiting
                if signal in self._ended and len(self._waiting[signal]) == count
            ]
            yield from self._decode_next(alike, count, self._of(alike), last=True)
            self._ended = [signal for signal in self._ended if signal not in alike]
            self.drop(alike)
        while self._waiting and (ready := min(map(len, self._waiting.values()))):
            patch = len(self._waiting) * len(next(iter(self._waiting.values()))[0])
            if (ready + 1) * patch <= self._frames:
                return
            yield from self._decode_next(list(self._waiting), ready, self._state, last=False)

    def drop(self, gone: list[int]) -> None:
        """Forget these utterances; nothing changes for the others."""
        stay = [signal for signal in self._waiting if signal not in gone]
        self._state = self._of(stay) if stay else DecoderState()
        self._waiting = {signal: self._waiting[signal] for signal in stay}

    def _of(self, signals: list[int]) -> DecoderState:
        """The decoder's state of some of the signals."""
        order = list(self._waiting)
        return self._state.take([order.index(signal) for signal in signals])

    def _decode_next(
        self, signals: list[int], count: int, state: DecoderState, last: bool
    ) -> Iterator[tuple[int, np.ndarray, bool]]:
        """Decode the next `count` patches of each."""
        latents = [np.concatenate(self._waiting[signal][:count]) for signal in signals]
        sounds = _decode(self._vae, latents, state, last)
        for signal, sound in zip(signals, sounds, strict=True):
            del self._waiting[signal][:count]
            yield signal, sound, last


class Opening:
    """The onset transient taken off a stream. It holds back the first samples until the voice is among them, or there are
    more than `least`, by which the gate can tell how loud it is."""

    def __init__(self, rate: int, least: int, raw: bool = False):
        """raw: keep the transient, hold nothing back."""
        self._rate, self._least, self._done = rate, least, raw
        self._held: list[np.ndarray] = []

    def after(self, sound: np.ndarray, last: bool) -> np.ndarray:
        """What can be given of the stream now that `sound` has come; none, most often, is an empty array."""
        if self._done:
            return sound
        self._held.append(sound)
        whole = np.concatenate(self._held)
        if not last and len(whole) <= self._least and not has_voice(whole, self._rate):
            return sound[:0]
        self._done = True
        return trim_onset(whole, self._rate)
