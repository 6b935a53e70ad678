"""Latents to sound, whole or as they come, for lines side by side. It knows the vocoder, no text.

Both ways run the same causal decoder over pieces and give the same samples; memory is bounded by the piece.
"""

from collections.abc import Iterator

import mlx.core as mx
import numpy as np

from dotsbook.model.network.audiovae import AudioVAE, DecoderState
from dotsbook.model.network.elementary import on_cpu
from dotsbook.model.onset import trim_onset

PIECE = 8  # latent frames decoded at once on a CPU, where a stage's arrays should stay in its cache
LONG = 64  # the same on a GPU, which wants long arrays


def piece_frames() -> int:
    return PIECE if on_cpu() else LONG


def decode_latents(vae: AudioVAE, latents: np.ndarray) -> np.ndarray:
    """All latents (frames, latent_dim), denormalised → float32 samples (frames · hop,)."""
    state, size = DecoderState(), piece_frames()
    return np.concatenate(
        [
            _decode(vae, [latents[at : at + size]], state, last=at + size >= len(latents))[0]
            for at in range(0, len(latents), size)
        ]
    )


def _decode(vae: AudioVAE, latents: list[np.ndarray], state: DecoderState, last: bool) -> np.ndarray:
    """Equally many next latents of each signal → (signals, samples)."""
    return np.array(vae.decode(mx.array(np.stack(latents).astype(np.float32)), state, last))


class StreamingVocoder:
    """Lines that begin together, voiced side by side while they are decoded.

    `add` takes a line's next patch; `decode_ready` gives what sound that settles, up to the lookahead. A line that ends is voiced
    to its end apart from the others, so nothing of them is in its samples.
    """

    def __init__(self, vae: AudioVAE, lines: list[int], frames: int | None = None):
        """`frames`: as many as are voiced at once, all lines together, if not `piece`; at least a patch of each is."""
        self._vae, self._frames, self._state = vae, frames or piece_frames(), DecoderState()
        self._waiting: dict[int, list[np.ndarray]] = {line: [] for line in lines}  # in the order of the state
        self._ended: list[int] = []

    def add(self, line: int, patch: np.ndarray, last: bool) -> None:
        """patch (P, latent_dim), denormalised; `last`: the line ends with it."""
        self._waiting[line].append(patch)
        if last:
            self._ended.append(line)

    def decode_ready(self) -> Iterator[tuple[int, np.ndarray, bool]]:
        """(line, samples, are they its last): of lines that have ended all there is, of the others whole pieces."""
        while self._ended:
            count = len(self._waiting[self._ended[0]])
            alike = [
                line for line in self._waiting if line in self._ended and len(self._waiting[line]) == count
            ]
            yield from self._decode_next(alike, count, self._of(alike), last=True)
            self._ended = [line for line in self._ended if line not in alike]
            self.drop(alike)
        while self._waiting and (ready := min(map(len, self._waiting.values()))):
            patch = len(self._waiting) * len(next(iter(self._waiting.values()))[0])
            if (ready + 1) * patch <= self._frames:
                return
            yield from self._decode_next(list(self._waiting), ready, self._state, last=False)

    def drop(self, gone: list[int]) -> None:
        """Let lines go; the others go on as if they had never been there."""
        stay = [line for line in self._waiting if line not in gone]
        self._state = self._of(stay) if stay else DecoderState()
        self._waiting = {line: self._waiting[line] for line in stay}

    def _of(self, lines: list[int]) -> DecoderState:
        order = list(self._waiting)
        return self._state.take([order.index(line) for line in lines])

    def _decode_next(
        self, lines: list[int], count: int, state: DecoderState, last: bool
    ) -> Iterator[tuple[int, np.ndarray, bool]]:
        """The next `count` patches of each."""
        latents = [np.concatenate(self._waiting[line][:count]) for line in lines]
        sounds = _decode(self._vae, latents, state, last)
        for line, sound in zip(lines, sounds, strict=True):
            del self._waiting[line][:count]
            yield line, sound, last


def trim_opening(pieces: Iterator[np.ndarray], rate: int, seconds: float = 0.5) -> Iterator[np.ndarray]:
    """Pieces without the onset transient.

    The first half second is held back: the gate must hear how loud the line is.
    """
    held: list[np.ndarray] = []
    open_ = False
    for piece in pieces:
        if open_:
            yield piece
            continue
        held.append(piece)
        if sum(map(len, held)) >= seconds * rate:
            open_ = True
            yield trim_onset(np.concatenate(held), rate)
    if held and not open_:
        yield trim_onset(np.concatenate(held), rate)
