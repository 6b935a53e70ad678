"""How each word of a voice is usually heard, over the takes of a book: what a recogniser never hears right speaks against
no single take. It hears nothing; it goes by what was heard and kept.

A name that the recogniser doesn't know is heard as something else in take after take. That is no word swallowed: it is
a question of how the name is spoken, to be asked once. A take in which it is heard otherwise than it usually is, or not
at all, stays doubted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dotsbook.ears.evidence import bare
from dotsbook.ears.likening import difference, likened
from dotsbook.ears.weighing import UNLIKE
from dotsbook.ears.words_judge import LIMIT
from dotsbook.render.opinions import Opinion, SpokenWord

FEWEST = 2  # other takes that must have a word heard in the same way
SHARE = 0.25  # of the other takes that have the word
DOUBTED = 0.1  # from which a word counts as doubtful in another take
FREED = 0.49  # of a word that is doubted no more, at most

Place = tuple[str, str, str]  # (voice, language, word as it is compared)


@dataclass(frozen=True, slots=True)
class TakeWords:
    """What was heard in a take."""

    key: str
    voice: str
    language: str
    text: str  # as spoken
    opinion: Opinion

    def doubted(self) -> list[int]:
        """Numbers of the doubted words, in the order in which the opinion names them."""
        words = self.opinion.words
        return sorted(
            (at for at in range(len(words)) if words[at].doubt > LIMIT), key=lambda at: -words[at].doubt
        )

    def written(self, word: SpokenWord) -> str:
        return bare(self.text[word.start : word.end])

    def place(self, word: SpokenWord) -> Place:
        return self.voice, self.language, likened(self.written(word), self.language)


class UsualHearing:
    """Made of the takes that are doubted, and then of all takes."""

    def __init__(self, doubted: Iterable[TakeWords]):
        self.heard: dict[Place, dict[str, tuple[str, float]]] = {
            take.place(take.opinion.words[at]): {} for take in doubted for at in take.doubted()
        }

    def add(self, take: TakeWords) -> None:
        """Of a word that a take has twice the worse one counts."""
        for word in take.opinion.words:
            found = self.heard.get(take.place(word)) if word.end > word.start else None
            if found is not None:
                now = likened(word.heard, take.language), word.doubt
                found[take.key] = max(found.get(take.key, now), now, key=lambda one: one[1])

    def usual(self, take: TakeWords, word: SpokenWord) -> bool:
        """Whether a doubted word is heard as it is in other takes too."""
        heard = likened(word.heard, take.language)
        others = [one for key, one in self.heard.get(take.place(word), {}).items() if key != take.key]
        alike = [other for other, doubt in others if doubt > DOUBTED and difference(heard, other) < UNLIKE]
        return bool(heard) and len(alike) >= max(FEWEST, SHARE * len(others))

    def weighed(self, take: TakeWords) -> tuple[Opinion, list[SpokenWord]]:
        """(what is thought of a take where words that are usually heard so are doubted no more, those words)."""
        words, order = list(take.opinion.words), take.doubted()
        spoken = [word for word in words if word.end > word.start]
        freed = [at for at in order if words[at] in spoken and self.usual(take, words[at])]
        if not freed:
            return take.opinion, []
        left = [
            (at, reason) for at, reason in zip(order, take.opinion.reasons, strict=False) if at not in freed
        ]
        now = tuple(replace(word, doubt=FREED) if at in freed else word for at, word in enumerate(words))
        about = [words[at] if words[at] in spoken else spoken[-1] for at, _ in left]
        figures = {name: figure for name, figure in take.opinion.figures.items() if name != "at"}
        if left:
            figures["at"] = words[left[0][0]].begins
        opinion = Opinion(
            1 - max(word.doubt for word in now),
            tuple(reason for _, reason in left),
            figures,
            tuple(dict.fromkeys((word.start, word.end) for word in about)),
            now,
        )
        return opinion, [words[at] for at in freed]
