"""A data set's lines as examples that training takes: token ids, latents, x-vector. It trains nothing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dotsbook.model.prompt import language_tag

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots
    from dotsbook.model.training.batch import Example
    from dotsbook.model.training.clip_codec import ClipCodec
    from dotsbook.model.training.training_ids import TrainingTokens
    from dotsbook.tuning.data_set import ClipLine, Dataset


def examples_of(
    data: "Dataset",
    lines: "Iterable[ClipLine]",
    codec: "ClipCodec",
    tokens: "TrainingTokens",
    woven: bool = False,
) -> "list[Example]":
    """Each line as an example; latents not in the cache are made. woven: text and sound by turns.

    Raises SourceError, ModelError, OutputError.
    """
    from dotsbook.model.startup import prepare_mlx

    prepare_mlx()
    from dotsbook.model.training.batch import Example

    found = []
    for line in lines:
        latents = data.latents(line, codec)
        patches = len(latents.mean_logstd) // codec.config.patch_size
        ids = (tokens.interleaved if woven else tokens.basic)(text_of(line), patches)
        found.append(Example(line.id, *tokens.sides(ids), latents.mean_logstd, latents.x_vector))
    return found


def tokens_of(dots: "Dots") -> "TrainingTokens":
    """A model's tokenizer, for training."""
    from dotsbook.model.training.training_ids import TrainingTokens, eos_of

    return TrainingTokens(dots.tokens, eos_of(dots.checkpoint))


def text_of(line: "ClipLine") -> str:
    """The text as the model is given it when it speaks: after its language's tag."""
    tag = language_tag(line.lang)
    return line.text if line.text.startswith(tag) else tag + line.text
