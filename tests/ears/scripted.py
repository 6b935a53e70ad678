"""A recogniser that hears what it is told to: a text is probable as far as its words are among those it hears."""

from collections.abc import Callable, Sequence

import numpy as np

from dotsbook.audio import Samples
from dotsbook.ears.likening import likened
from dotsbook.ears.recogniser import Continuation, HeardWord, ScoredText, ScoredWord
from dotsbook.render.judges import HeardTake
from dotsbook.voices.engine import Voice

RATE = 16_000
WORD = 0.3  # s each


def sound_of(text: str) -> Samples:
    """Something to listen to, as long as the words are."""
    return np.full(round(len(text.split()) * WORD * RATE), 0.1, np.float32)


def take_of(text: str, heard: str, language: str = "en") -> HeardTake:
    return HeardTake(sound_of(heard), RATE, text, language, Voice("narrator"), "k")


class ScriptedRecogniser:
    """hears: what it hears of any sound; scores: whether it can score a text; languages: those it has."""

    def __init__(
        self,
        hears: str | Callable[[Samples], str],
        scores: bool = True,
        languages: Sequence[str] = ("en",),
        identity: str = "scripted:1",
    ):
        self.said, self.scores, self.languages, self.identity = hears, scores, languages, identity
        self.listened = 0

    def hears(self, language: str) -> bool:
        return language.split("-")[0] in self.languages

    def listen(self, samples: Samples, rate: int, language: str) -> "ScriptedListening":
        self.listened += 1
        text = self.said if isinstance(self.said, str) else self.said(samples)
        return ScriptedListening(text.split(), len(samples) / rate, self.scores)


class ScriptedListening:
    def __init__(self, heard: list[str], seconds: float, scores: bool):
        self.heard, self.seconds, self.scores = heard, seconds, scores

    def words(self) -> list[HeardWord]:
        return [HeardWord(word, at * WORD, (at + 1) * WORD, 0.95) for at, word in enumerate(self.heard)]

    def score(self, texts: Sequence[Sequence[str]]) -> list[ScoredText] | None:
        return [self.scored(text) for text in texts] if self.scores else None

    def scored(self, text: Sequence[str]) -> ScoredText:
        """Each word in its turn: probable if it is the next one heard, or one soon after."""
        at, words = 0, []
        heard = [likened(word) for word in self.heard]
        for word in text:
            own = likened(word)
            ahead = heard[at : at + 3]
            start = at * WORD
            if own in ahead:
                skipped = ahead.index(own)
                at += skipped + 1
                log = -0.02 - 7.0 * skipped
            else:
                log = -11.0
            words.append(ScoredWord(word, start, max(start + 0.02, at * WORD), (log,), -0.05))
        return ScoredText(tuple(words))

    def expected(self, words: Sequence[str]) -> ScoredText | None:
        logs = ScoredText(tuple(ScoredWord(word, 0.0, 0.0, (-6.0,)) for word in words))
        return logs if self.scores else None

    def continued(self, words: Sequence[str]) -> Continuation | None:
        if not self.scores:
            return None
        more = self.heard[len(words) :]
        return Continuation(-3.0 if more else -0.03, tuple(more), -0.1 if more else -6.0)
