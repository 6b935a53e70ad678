"""A clip's text and the number of its patches as token ids: what the model is given, and what comes next. It knows no sound.

basic        [文本] text [文本对应语音] start, a span a patch, end, eos
interleaved  [流式语音合成] token, span, token, span, …; when the text runs out, text_cond_end, then spans and end; when the
             spans do, end in the next one's place, then what is left of the text, text_cond_end; eos
"""

import json

import numpy as np

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.opening import Checkpoint
from dotsbook.model.prompt import BEFORE_SOUND, BEFORE_TEXT, PromptTokens

STREAMED = "[流式语音合成]"
END, TEXT_END = "<|audio_gen_end|>", "<|text_cond_end|>"
EOS = "<|endoftext|>"  # where tokenizer_config.json names none


class TrainingTokens:
    """The tokenizer's side of training."""

    def __init__(self, tokens: PromptTokens, eos: str = EOS):
        self.tokens = tokens
        self.end, self.text_end, self.eos = (self._id(word) for word in (END, TEXT_END, eos))

    def _id(self, word: str) -> int:
        found = self.tokens.tokenizer.token_to_id(word)
        if found is None:
            raise ModelError(f"The model's tokenizer lacks {word}: nothing can be trained with it.")
        return found

    def basic(self, text: str, patches: int) -> np.ndarray:
        """All ids of a clip; the text is taken as it stands."""
        encode, span = self.tokens.encode, self.tokens.span
        head = [*encode(BEFORE_TEXT), *encode(text), *encode(BEFORE_SOUND), self.tokens.start]
        return np.array([*head, *[span] * patches, self.end, self.eos], np.int32)

    def interleaved(self, text: str, patches: int) -> np.ndarray:
        return np.array(
            [*self.tokens.encode(STREAMED), *self.woven(self.tokens.encode(text), patches)], np.int32
        )

    def woven(self, text: list[int], patches: int) -> list[int]:
        """The text and what ends it, the spans and what ends them, by turns; then what is left of the longer."""
        said, sound = [*text, self.text_end], [*[self.tokens.span] * patches, self.end]
        turns = min(len(said), len(sound))
        woven = [token for pair in zip(said, sound, strict=False) for token in pair]
        return [*woven, *said[turns:], *sound[turns:], self.eos]

    def sides(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is given, and what comes next."""
        return ids[:-1], ids[1:]


def eos_of(checkpoint: Checkpoint) -> str:
    """The word that ends a text, as tokenizer_config.json has it."""
    path = checkpoint.tokenizer_file.parent / "tokenizer_config.json"
    try:
        found = json.loads(path.read_text("utf-8")).get("eos_token")
    except (OSError, ValueError, AttributeError):
        return EOS
    return found if isinstance(found, str) else found.get("content", EOS) if isinstance(found, dict) else EOS
