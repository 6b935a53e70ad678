"""The most memory that a batch will take, before it is run. It knows sizes, no arrays.

It is the sum of the weights, the caches at their final length (all rows have the longest's, buffers grow in steps), what is
kept of each voice, and working memory where it is largest: while the prompts are read, or in the vocoder.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.network.caches import stepped
from dotsbook.model.network.patch_encoder import HALVING
from dotsbook.model.solvers import Solver
from dotsbook.model.stream import piece_frames

FLOAT = 4  # bytes: the vocoder is always float32
TEMPORARIES = 10  # arrays of a feed-forward's width alive at once while prompts are read
VOCODER = 30  # arrays of a stage's doubled rate alive at once


@dataclass(frozen=True)
class RowSize:
    """What decides how much memory a row takes."""

    text: int  # tokens
    prompted: int  # patches of reference
    patches: int  # to be decoded


@dataclass(frozen=True)
class MemoryEstimator:
    """One model with one solver."""

    config: ModelConfig
    llm: dict
    solver: Solver
    weights: int  # bytes
    width: int  # bytes of one of the core's numbers

    def peak(self, rows: Sequence[RowSize], voices: Sequence[RowSize]) -> int:
        """Bytes at the fullest moment of decoding `rows` together; `voices`: the distinct ones among them, with patches 0."""
        longest = RowSize(*(max(getattr(r, name) for r in rows) for name in ("text", "prompted", "patches")))
        kept = sum(self._voice(v) for v in voices)
        count = len(rows)
        begun = self._caches(count, replace(longest, patches=1)) + self._reading(count, longest)
        ended = self._caches(count, longest) + self._vocoder(count)
        return self.weights + kept + max(begun, ended)

    @property
    def _branches(self) -> int:
        """How many caches of the DiT a row has."""
        return len(self.solver.stages) * (2 if self.solver.guided else 1)

    def _caches(self, rows: int, size: RowSize) -> int:
        """Bytes of all caches of so many rows of one size."""
        patches = size.prompted + size.patches
        unit = self.config.patch_size + 1
        frames = self.config.patch_size // HALVING
        return rows * (
            self._branches * (self._dit(stepped((patches + 1) * unit)) + self._modulations())
            + self._encoder(stepped(patches * frames))
            + self._backbone(stepped(size.text + patches))
        )

    # Bytes of the keys and values of so many tokens:

    def _dit(self, tokens: int) -> int:
        return tokens * self.config.dit.num_layers * 2 * self.config.dit.hidden_size * self.width

    def _encoder(self, tokens: int) -> int:
        stack = self.config.patch_encoder
        return tokens * stack.num_layers * 2 * stack.hidden_size * self.width

    def _backbone(self, tokens: int) -> int:
        head = self.llm["hidden_size"] // self.llm["num_attention_heads"]
        return (
            tokens * self.llm["num_hidden_layers"] * 2 * self.llm["num_key_value_heads"] * head * self.width
        )

    def _modulations(self) -> int:
        """Bytes of one stage's modulations."""
        return (6 * self.config.dit.num_layers + 2) * self.config.dit.hidden_size * self.width

    def _voice(self, voice: RowSize) -> int:
        """What a `VoicePrefix` keeps: the encoder's and the LLM's caches, modulations, the unconditioned branch's caches."""
        histories = len(self.solver.stages) if self.solver.guided else 0
        tokens = voice.prompted * (self.config.patch_size + 1)
        return (
            self._encoder(stepped(voice.prompted * self.config.patch_size // HALVING))
            + self._backbone(stepped(voice.text))
            + self._branches * self._modulations()
            + histories * self._dit(stepped(tokens))
        )

    def _reading(self, rows: int, size: RowSize) -> int:
        """Working memory of the widest feed-forward over all rows' prompts."""
        llm = (size.text + size.prompted) * self.llm["intermediate_size"]
        dit = size.prompted * (self.config.patch_size + 1) * self.config.dit.ffn_hidden_size
        return rows * max(llm, dit) * self.width * TEMPORARIES

    def _vocoder(self, rows: int) -> int:
        """Working memory of the widest stage over what a `StreamingVocoder` decodes at once: a piece, or a patch a row."""
        vocoder, widest = self.config.vocoder, 0
        frames = max(piece_frames(), rows * self.config.patch_size)
        channels = vocoder.upsample_initial_channel
        for rate in vocoder.upsample_rates:
            frames, channels = frames * rate, channels // 2
            widest = max(widest, frames * channels * 2 * FLOAT)
        return widest * VOCODER
