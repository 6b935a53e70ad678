"""How each word of a voice is usually heard, over the takes of a book, and what that says of one take. It hears nothing; it
goes by what was heard and kept.

A name that the recogniser doesn't know is heard as something else in take after take. That is no word swallowed: it is
a question of how the name is spoken, to be asked once. A take in which it is heard otherwise than it usually is, or not
at all, stays doubted. And a word that is heard right in other takes is doubted sooner where it isn't.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dotsbook.ears.evidence import bare
from dotsbook.ears.likening import difference, likened
from dotsbook.ears.weighing import UNLIKE
from dotsbook.ears.words_judge import LIMIT
from dotsbook.render.opinions import Opinion, SpokenWord

FEWEST = 2  # times that a word must be heard in the same way in other takes
SHARE = 0.25  # of all times that it stands in other takes
SUSPECT = 0.05  # doubt from which a word is worth comparing with other takes
FREED = 0.49  # doubt of a word that is doubted no more
KNOWN = 4  # times that a word must be heard right in other takes to be known
SURE = 0.8  # of all times that it stands in them
FAR = 0.5  # difference from which a word that is known is heard as another one
STRANGE = 0.6  # doubt of such a word

Place = tuple[str, str, str]  # (voice, language, word as it is compared)
Forms = Counter[tuple[str, bool]]  # of what is heard for a word, and whether the word is suspect there


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


def form_of(take: TakeWords, word: SpokenWord) -> tuple[str, bool]:
    return likened(word.heard, take.language), word.doubt > SUSPECT


class UsualHearing:
    """Made of the takes with a suspect word, and then of all takes. What is heard for a word is counted, form by form."""

    def __init__(self, suspects: Iterable[TakeWords]):
        self.heard: dict[Place, Forms] = {
            take.place(word): Counter()
            for take in suspects
            for word in take.opinion.words
            if word.doubt > SUSPECT
        }

    def add(self, take: TakeWords) -> None:
        for word in take.opinion.words:
            found = self.heard.get(take.place(word)) if word.end > word.start else None
            if found is not None:
                found[form_of(take, word)] += 1

    def others(self, take: TakeWords, word: SpokenWord) -> Forms:
        """What is heard for a word in other takes."""
        place = take.place(word)
        own = Counter(form_of(take, one) for one in take.opinion.words if take.place(one) == place)
        return self.heard.get(place, Counter()) - own

    def usual(self, take: TakeWords, word: SpokenWord) -> bool:
        """Whether a doubted word is heard as something else, and as the same in other takes."""
        heard, others = likened(word.heard, take.language), self.others(take, word)
        if heard in ("", take.place(word)[-1]):
            return False
        alike = sum(
            times
            for (other, suspect), times in others.items()
            if suspect and difference(heard, other) < UNLIKE
        )
        return alike >= max(FEWEST, SHARE * others.total())

    def strange(self, take: TakeWords, word: SpokenWord) -> bool:
        """Whether a word is heard as another one, or not at all, and right in nearly all other takes."""
        written, heard = take.place(word)[-1], likened(word.heard, take.language)
        if not SUSPECT < word.doubt <= LIMIT or difference(written, heard) < FAR:
            return False
        others = self.others(take, word)
        wrong = [other for other, _ in others if difference(written, other) >= UNLIKE]
        right = others.total() - sum(times for (other, _), times in others.items() if other in wrong)
        return right >= max(KNOWN, SURE * others.total()) and all(
            difference(heard, other) >= UNLIKE for other in wrong
        )

    def weighed(self, take: TakeWords) -> tuple[Opinion, list[SpokenWord]]:
        """(what is thought of a take beside the others, its words that are usually heard so and doubted no more)."""
        words, order = list(take.opinion.words), take.doubted()
        spoken = [word for word in words if word.end > word.start]
        freed = [at for at in order if words[at] in spoken and self.usual(take, words[at])]
        strange = [at for at, word in enumerate(spoken) if self.strange(take, word)]
        if not freed and not strange:
            return take.opinion, []
        told = [one for one in zip(order, take.opinion.reasons, strict=False) if one[0] not in freed]
        told += [(at, self.why(take, words[at])) for at in strange]
        changed = dict.fromkeys(freed, FREED) | dict.fromkeys(strange, STRANGE)
        now = tuple(replace(word, doubt=changed.get(at, word.doubt)) for at, word in enumerate(words))
        about = [words[at] if words[at] in spoken else spoken[-1] for at, _ in told]
        figures = {name: figure for name, figure in take.opinion.figures.items() if name != "at"}
        if told:
            figures["at"] = words[told[0][0]].begins
        opinion = Opinion(
            1 - max(word.doubt for word in now),
            tuple(reason for _, reason in told),
            figures,
            tuple(dict.fromkeys((word.start, word.end) for word in about)),
            now,
        )
        return opinion, [words[at] for at in freed]

    @staticmethod
    def why(take: TakeWords, word: SpokenWord) -> str:
        written, heard = take.written(word), bare(word.heard)
        how = f"“{heard}” is heard for “{written}”" if heard else f"“{written}” isn't heard"
        return f"{how}, which is heard right in other takes"
