"""What a training step takes: the most memory, and about how long. It knows sizes, no arrays.

While a gradient is on its way back, the insides of every layer that it has to pass are kept, or with `checkpointing` their
inputs alone, and one layer's insides are made again at a time. How many arrays those are was fitted to the peaks of 25 steps
of small models on a CPU, and held against others up to the released size.
"""

import time
from dataclasses import dataclass

from dotsbook.model.checkpoint.config import ModelConfig, StackConfig
from dotsbook.model.network.patch_encoder import HALVING
from dotsbook.model.training.differentiable import PIECE

FLOAT = 4  # bytes: a step computes in float32
# Arrays of a token that a layer keeps: of its width, of its feed-forward's.
LLM_KEPT, DIT_KEPT, ENCODER_KEPT = (14.0, 5.4), (15.0, 2.2), (10.0, 3.0)
INPUTS = 5.0  # of its width, with checkpointing
SCORES_LATER = 3.0  # arrays of one layer's attention weights at the way back's beginning
SCORES_AGAIN = 7.0  # the same where the layer is made again


@dataclass(frozen=True)
class StepSize:
    """A batch, padding counted."""

    rows: int
    patches: int  # of the longest
    tokens: int  # the same, text and spans


@dataclass(frozen=True)
class StepCost:
    """One model, and how it is trained."""

    config: ModelConfig
    llm: dict
    weights: int  # bytes of all that is loaded
    trained: int  # numbers
    full: bool
    accumulation: int = 1
    followed: int = 0  # velocities that a teacher is asked for; then the DiT alone is trained

    def peak(self, size: StepSize, checkpointing: bool) -> int:
        """Bytes at the fullest moment of a step."""
        gradients, moments = self.trained * FLOAT, 2 * self.trained * FLOAT
        way_back = self.activations(size, checkpointing) + gradients * (2 if self.accumulation > 1 else 1)
        update = gradients * 4  # gradients, and weights and moments that take the others' places
        return self.weights + moments + max(way_back, update)

    def activations(self, size: StepSize, checkpointing: bool) -> int:
        """Bytes kept for the gradient."""
        dit, llm = self.config.dit, self.llm
        scores = size.rows * dit.num_heads * self._pairs(size.patches)
        dit_tokens, llm_tokens = size.rows * self._dit_tokens(size), size.rows * size.tokens
        wide, deep = llm["hidden_size"], llm["intermediate_size"]
        in_dit = dit_tokens * _inside(DIT_KEPT, dit.hidden_size, dit.ffn_hidden_size) + scores
        in_llm = llm_tokens * _inside(LLM_KEPT, wide, deep)
        in_llm += size.rows * llm["num_attention_heads"] * size.tokens**2 / 2
        encoder, encoder_tokens = self.config.patch_encoder, size.rows * self._encoder_tokens(size)
        in_encoder = encoder_tokens * _inside(ENCODER_KEPT, encoder.hidden_size, encoder.ffn_hidden_size)
        llm_layers = 0 if self.followed else llm["num_hidden_layers"]
        if checkpointing:
            inputs = dit_tokens * dit.hidden_size * dit.num_layers + llm_tokens * wide * llm_layers
            if self.full:
                inputs += encoder_tokens * encoder.hidden_size * encoder.num_layers
            again = max(in_dit + (SCORES_AGAIN - 1) * scores, 2 * in_llm if llm_layers else 0)
            return round(FLOAT * (INPUTS * inputs + again))
        kept = in_dit * dit.num_layers + in_llm * llm_layers + SCORES_LATER * scores
        return round(FLOAT * (kept + (in_encoder * encoder.num_layers if self.full else 0)))

    def products(self, size: StepSize, checkpointing: bool) -> float:
        """Multiplications and additions of a step."""
        dit, llm = self.config.dit, self.llm
        encoder, patches = self.config.patch_encoder, size.rows * size.patches
        head = llm["hidden_size"] // llm["num_attention_heads"]
        llm_layer = llm["hidden_size"] * (
            3 * llm["intermediate_size"] + 2 * llm["hidden_size"] + 2 * head * llm["num_key_value_heads"]
        )
        in_llm = size.rows * size.tokens * llm_layer * llm["num_hidden_layers"]
        in_dit = (
            size.rows * self._dit_tokens(size) * _matrices(dit) * dit.num_layers
            + size.rows * dit.num_heads * self._pairs(size.patches) * 2 * dit.head_dim * dit.num_layers
        )
        in_encoder = patches * self.config.patch_size / HALVING * _matrices(encoder) * encoder.num_layers
        if (
            self.followed
        ):  # forth once, and in the DiT back to what went in and to the weights; the teacher forth only
            return (
                2 * (in_llm + in_encoder + in_dit * (3 + checkpointing + self.followed)) * self.accumulation
            )
        ways = 2 + checkpointing + self.full  # forth, back to what went in, again, back to the weights
        return 2 * ((in_llm + in_dit) * ways + in_encoder * (ways if self.full else 1)) * self.accumulation

    def _dit_tokens(self, size: StepSize) -> int:
        return 2 * size.patches * (self.config.patch_size + 1)

    def _encoder_tokens(self, size: StepSize) -> int:
        return size.patches * self.config.patch_size // HALVING

    def _pairs(self, patches: int) -> int:
        """How many pairs of tokens meet in one head of the DiT: queries in pieces, each with the keys up to its last."""
        unit = self.config.patch_size + 1
        count, step, found = patches * unit, max(1, PIECE // unit) * unit, 0
        for start in range(0, count, PIECE):
            stop = min(start + PIECE, count)
            found += (stop - start) * stop
        for start in range(0, count, step):
            stop = min(start + step, count)
            found += (stop - start) * (stop - unit + stop - start)
        return found


def _inside(kept: tuple[float, float], width: int, wider: int) -> float:
    return kept[0] * width + kept[1] * wider


def _matrices(stack: StackConfig) -> int:
    return 4 * stack.hidden_size**2 + 2 * stack.hidden_size * stack.ffn_hidden_size


def products_a_second(rows: int = 256, width: int = 1536, seconds: float = 0.3) -> float:
    """How many multiplications and additions this machine makes of plain matrices, now."""
    import mlx.core as mx

    a, b = mx.random.normal((rows, width)), mx.random.normal((width, width))
    mx.eval(a, b)
    mx.eval(a @ b)
    began, count = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        mx.eval(a @ b)
        count += 1
    return 2 * rows * width * width * count / (time.monotonic() - began)
