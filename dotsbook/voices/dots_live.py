"""A text that still comes, spoken by dots.tts for the engine `dots`: words in, sound out. It knows no books."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotsbook.audio import Samples
    from dotsbook.model.live_speech import LiveSpeech

# A word with what stands before it is a token of its own for the model's tokenizer; one may still grow until a mark
# or a blank follows it.
WORD_OVER = re.compile(r"[^\W_](?=[\W_])")


class DotsLive:
    """One text. To be used on the thread that the model was loaded on."""

    def __init__(self, live: "LiveSpeech"):
        self.live = live
        self.text = ""  # come, and not read by the model

    def push(self, text: str) -> "Iterator[Samples]":
        """More of the text → the sound that is final with its whole words."""
        self.text += text
        ends = [found.end() for found in WORD_OVER.finditer(self.text)]
        if ends:
            yield from self.read(ends[-1])

    def finish(self) -> "Iterator[Samples]":
        """The text is all there → the rest of the sound."""
        yield from self.read(len(self.text))
        yield from self.live.finish()

    def read(self, end: int) -> "Iterator[Samples]":
        words, self.text = self.text[:end], self.text[end:]
        for token in self.live.dots.tokens.encode(words):
            sound = self.live.push(token)
            if sound is not None:
                yield sound
