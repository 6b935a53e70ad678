"""The Words judge: whether a take says the words of its text, all of them and no others, and which one is doubtful.

A recogniser errs too. A word is doubted on evidence: how probable it is in the sound, whether the text is likelier
without it or with it said twice, what is heard in its place and how that sounds.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from dotsbook.ears.evidence import Evidence, TextWord, gather
from dotsbook.ears.recogniser import Recogniser
from dotsbook.ears.weighing import UNLIKE, clarity, doubts, heard_for
from dotsbook.ears.word_times import placed
from dotsbook.render.judges import HeardTake
from dotsbook.render.opinions import Opinion, SpokenWord

RECIPE = 3  # raised by whoever changes what this code thinks of the same take
LIMIT = 0.5  # a word doubted more than this is named
LONGEST = 29.0  # s: more isn't heard in one go, and a longer take isn't judged
LIKELY = -2.0  # log likelihood ratio from which a word may have been said twice


class WordsJudge:
    """respelled: {as the lexicon has it spoken: as it is written}."""

    name = "words"
    threshold = 1 - LIMIT
    parallel = False

    def __init__(self, recogniser: Recogniser, respelled: Mapping[str, str] | None = None):
        self.recogniser = recogniser
        self.respelled = {spoken.lower(): written for spoken, written in (respelled or {}).items()}
        self.respellings = pattern_of(self.respelled)
        self.version = f"{RECIPE} {recogniser.identity}"

    def hear(self, take: HeardTake) -> Opinion | None:
        """None for a language the recogniser lacks, and for a take too long for it."""
        if len(take.samples) > LONGEST * take.rate or not self.recogniser.hears(take.language):
            return None
        listening = self.recogniser.listen(take.samples, take.rate, take.language)
        evidence = gather(take.samples, take.rate, listening, take.text, take.language)
        if not evidence.words:
            return None
        found = doubts(evidence)
        if self.respellings and found.max() > LIMIT:
            # a respelling is no word that a recogniser knows: the name as it is written has as good a claim
            written, spans = as_written(take.text, self.respellings, self.respelled)
            again = gather(take.samples, take.rate, listening, written, take.language)
            other = doubts(again)
            if spans and again.words and other.sum() < found.sum():
                words = tuple(as_spoken(word, spans) for word in again.words)
                evidence, found = replace(again, words=words), other
        return opinion_of(take, evidence, found)


def opinion_of(take: HeardTake, evidence: Evidence, found: np.ndarray) -> Opinion:
    """found: (words + 1,) doubts, the last of what follows the text."""
    # by doubt as the ledger keeps it, so that who reads it there finds the reasons' words
    order = [int(at) for at in np.argsort(-found.round(3), kind="stable") if found[at] > LIMIT]
    words = spoken_words(take, evidence, found)
    figures = {"clear": clarity(evidence)}
    if order:
        figures["at"] = words[order[0]].begins if order[0] < len(words) else words[-1].ends
    last = len(evidence.words) - 1  # what follows the text is about its last word
    spans = tuple(dict.fromkeys((word.start, word.end) for at in order if (word := words[min(at, last)])))
    return Opinion(
        float(1 - found.max()), tuple(sentence(at, evidence, words) for at in order), figures, spans, words
    )


def spoken_words(take: HeardTake, evidence: Evidence, found: np.ndarray) -> tuple[SpokenWord, ...]:
    """Each word with its time and what was heard for it; one more, past the end, for what follows the text."""
    heard = [""] * len(evidence.words)
    for one in evidence.matches:
        if one.written is not None:
            heard[one.written] = " ".join(evidence.heard[at].text for at in one.heard)
    times = placed(evidence)
    words = [
        SpokenWord(word.start, word.end, begins, ends, said, float(doubt))
        for word, (begins, ends), said, doubt in zip(evidence.words, times, heard, found, strict=False)
    ]
    if found[-1] > LIMIT:
        end, seconds = len(take.text), len(take.samples) / take.rate
        words.append(SpokenWord(end, end, words[-1].ends, seconds, after(evidence), float(found[-1])))
    return tuple(words)


def after(evidence: Evidence) -> str:
    """What was heard after the last written word."""
    written = [at for at, one in enumerate(evidence.matches) if one.written is not None and one.heard]
    rest = evidence.matches[written[-1] + 1 :] if written else []
    heard = [evidence.heard[at].text for one in rest for at in one.heard]
    return " ".join(heard or (evidence.after.words if evidence.after else ()))


def sentence(at: int, evidence: Evidence, words: tuple[SpokenWord, ...]) -> str:
    """Why a word is doubted, for people."""
    if at == len(evidence.words):
        said = words[-1].heard
        return f"after the end “{said}” is heard" if said else "something is heard after the end"
    written, heard = evidence.words[at].bare, words[at].heard.strip(".,;:!?")
    unlike, _ = heard_for(evidence)
    if evidence.twice.get(at, -99.0) > LIKELY:
        return f"“{written}” may be said twice"
    if not heard:
        return f"“{written}” isn't heard"
    if unlike[at] > UNLIKE / 2:
        return f"“{heard}” is heard for “{written}”"
    return f"“{written}” isn't clear, or something is said beside it"


def pattern_of(respelled: Mapping[str, str]) -> re.Pattern | None:
    longest = sorted(respelled, key=len, reverse=True)
    found = "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in longest)
    return re.compile(found, re.IGNORECASE) if found else None


Span = tuple[tuple[int, int], tuple[int, int]]


def as_written(text: str, respellings: re.Pattern, respelled: Mapping[str, str]) -> tuple[str, list[Span]]:
    """(the text with respelled words as they are written, where each stands in it and where in the text as spoken)."""
    pieces, spans, at, length = [], [], 0, 0
    for found in respellings.finditer(text):
        written = respelled[found[0].lower()]
        pieces += [text[at : found.start()], written]
        length += found.start() - at
        spans.append(((length, length + len(written)), found.span()))
        at, length = found.end(), length + len(written)
    return "".join([*pieces, text[at:]]), spans


def as_spoken(word: TextWord, spans: Sequence[Span]) -> TextWord:
    """A word of the text as written, where it stands in the text as spoken."""
    return replace(word, start=moved(word.start, spans, 0), end=moved(word.end, spans, 1))


def moved(offset: int, spans: Sequence[Span], edge: int) -> int:
    """An offset as written → as spoken; one inside a respelled word goes to the word's edge: 0 its start, 1 its end."""
    shift = 0
    for written, spoken in spans:
        if offset >= written[1] if edge == 0 else offset > written[1]:
            shift = spoken[1] - written[1]
        elif offset > written[0] or edge == 0 and offset == written[0]:
            return spoken[edge]
    return offset + shift
