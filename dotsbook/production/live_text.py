"""A text that comes piece by piece, spoken while it comes: by an engine that was made for it word by word, by any other a
sentence at a time. It knows no wire and no book.
"""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Protocol

from dotsbook.errors import DotsbookError, VoiceError
from dotsbook.production.engine_desk import EngineDesk, Turn
from dotsbook.production.spoken_sound import LONGEST, SpokenSound, Tell

if TYPE_CHECKING:
    from dotsbook.audio import Samples
    from dotsbook.voices.engine import LiveLine


class Underway(Protocol):
    """What is being spoken."""

    def cancel(self) -> None:
        """Nobody listens any more: what isn't spoken yet won't be."""


class LiveText(Underway, Protocol):
    """A text that comes. Its methods are called from one thread at a time; what is told comes on the engine's."""

    def add(self, text: str) -> None:
        """More of it. Raises VoiceError where it is too long, SpeakLater where too many wait."""

    def finish(self) -> None:
        """That was all. Raises VoiceError where there was nothing to say."""


class Letters:
    """How much of a text has come."""

    def __init__(self) -> None:
        self.count, self.speakable = 0, False

    def take(self, text: str) -> None:
        self.count += len(text)
        if self.count > LONGEST:
            raise VoiceError(f"The text has more than {LONGEST:,} characters; begin another for more.")
        self.speakable = self.speakable or any(map(str.isalnum, text))

    def end(self) -> None:
        if not self.speakable:
            raise VoiceError("There is nothing to say in the text.")


class WordsUnderWay:
    """A text spoken by a model that reads its words as they come."""

    def __init__(self, desk: EngineDesk, begin: "Callable[[], LiveLine]", tell: Tell):
        """begin: called on the engine's thread."""
        self.desk, self.begin, self.tell = desk, begin, tell
        self.letters = Letters()
        self.line: LiveLine | None = None
        self.over = False

    def add(self, text: str) -> None:
        self.letters.take(text)
        self.desk.put([Turn(partial(self.speak, lambda line: line.push(text)), self.fail)])

    def finish(self) -> None:
        self.letters.end()
        self.desk.put([Turn(self.end, self.fail)])

    def cancel(self) -> None:
        self.over = True

    def speak(self, sounds: "Callable[[LiveLine], Iterator[Samples]]") -> None:
        if self.over:
            return
        self.line = self.line or self.begin()
        for samples in sounds(self.line):
            if self.over:
                return
            self.tell(SpokenSound(samples, self.desk.engine.rate))

    def end(self) -> None:
        self.speak(lambda line: line.finish())
        if not self.over:
            self.over = True
            self.tell(SpokenSound(None, self.desk.engine.rate, True))

    def fail(self, error: DotsbookError) -> None:
        if not self.over:
            self.over = True
            self.tell(SpokenSound(None, 0, True, error))


class SentencesUnderWay:
    """A text spoken a sentence at a time, each as soon as the next one has begun."""

    def __init__(self, say: "Callable[[str, int, Tell], Underway]", language: str, pause: float, tell: Tell):
        """say: has a sentence spoken, the so-manieth; pause: seconds between two."""
        self.say_one, self.language, self.pause, self.tell_one = say, language, pause, tell
        self.letters = Letters()
        self.text = ""  # not spoken yet
        self.speeches: list[Underway] = []
        self.lock = threading.RLock()
        self.kept: dict[int, list[SpokenSound]] = {}  # of sentences after the one that is told
        self.at = self.begun = 0  # the sentence that is told, and how many have been heard of
        self.rate = 0  # Hz
        self.complete = self.over = False

    def add(self, text: str) -> None:
        from dotsbook.text.script.sentences import sentences

        self.letters.take(text)
        self.text += text
        found = sentences(self.text, self.language)
        for start, end in found[:-1]:
            self.say(self.text[start:end])
        if len(found) > 1:
            self.text = self.text[found[-1][0] :]

    def finish(self) -> None:
        self.letters.end()
        self.say(self.text)
        with self.lock:
            self.complete = True
            if self.at == len(self.speeches) and not self.over:
                self.over = True
                self.tell_one(SpokenSound(None, self.rate, True))

    def cancel(self) -> None:
        self.over = True
        for speech in self.speeches:
            speech.cancel()

    def say(self, text: str) -> None:
        if not self.over and any(map(str.isalnum, text)):
            number = len(self.speeches)
            self.speeches.append(self.say_one(text.strip(), number, partial(self.hear, number)))

    def hear(self, number: int, sound: SpokenSound) -> None:
        """Take in what is said of a sentence, and tell what is next in order."""
        with self.lock:
            self.kept.setdefault(number, []).append(sound)
            while not self.over and (news := self.kept.get(self.at)):
                self.tell(news.pop(0))

    def tell(self, sound: SpokenSound) -> None:
        if sound.error is not None:
            self.cancel()
            self.tell_one(sound)
            return
        samples, self.rate = sound.samples, self.rate or sound.rate
        if self.begun == self.at:
            samples = after_pause(samples, self.pause if self.at else 0.0, self.rate)
            self.begun += 1
        self.at += sound.last
        self.over = self.complete and self.at == len(self.speeches)
        self.tell_one(SpokenSound(samples, self.rate, self.over))


def after_pause(samples: "Samples | None", seconds: float, rate: int) -> "Samples":
    import numpy as np

    silence = np.zeros(round(seconds * rate), np.float32)
    return silence if samples is None else np.concatenate((silence, samples))
