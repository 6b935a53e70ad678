"""What speaks for and against each word of a text in a sound: probabilities of its tokens, rival texts, what free hearing
has in its place, the time it takes. It gathers; weighing.py weighs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dotsbook.audio import Samples
from dotsbook.ears.likening import Matched, is_english, likened, matched, plain_letters
from dotsbook.ears.recogniser import Continuation, HeardWord, Listening, ScoredText, ScoredWord

RIVALS = 5  # words at most that are tried without
TWICE = 7  # words at most that are tried twice
UNSURE = -0.7  # log probability from which on a word may not be there
AHEAD = 2  # words after a changed place that a rival is scored on
NEVER = -8.0  # log likelihood ratio of a rival that wasn't tried
STEP = 0.02  # s, of the level of the sound
ABBREVIATED = {"Mister": "Mr.", "Missus": "Mrs.", "Doctor": "Dr."}  # what is read out so is written so
QUIET = 10 ** (-35 / 20)  # of the loudest step: below it nothing is said


@dataclass(frozen=True, slots=True)
class TextWord:
    """A word of the spoken text and where it stands in it."""

    text: str  # with its marks
    start: int
    end: int  # without the blank after it

    @property
    def bare(self) -> str:
        return bare(self.text)

    def scored(self, language: str) -> str:
        """As a recogniser would write it."""
        text = self.text.replace(self.bare, ABBREVIATED.get(self.bare, self.bare)).strip('"“”‘()[]')
        return plain_letters(text) if is_english(language) else text


def bare(text: str) -> str:
    return text.strip(".,;:!?…—–-\"'“”‘’()[] ")


def words_of(text: str) -> list[TextWord]:
    """The words, each with the marks around it. A dash between two words parts them."""
    found: list[TextWord] = []
    for piece in re.finditer(r"[^\s—–…]+[—–…]*|[—–…]+", text):
        if re.search(r"\w", piece[0]):
            found.append(TextWord(piece[0], piece.start(), piece.end()))
        elif found:
            last = found[-1]
            found[-1] = TextWord(last.text + piece[0].strip(), last.start, last.end)
    return found


@dataclass(frozen=True)
class Evidence:
    """Of one take and its text."""

    words: tuple[TextWord, ...]
    scored: ScoredText | None  # None: the recogniser can't score
    heard: tuple[HeardWord, ...]
    matches: tuple[Matched, ...]
    after: Continuation | None
    without: dict[int, float]  # {word: log likelihood ratio of the text without it}
    twice: dict[int, float]  # {word: log likelihood ratio of the text with it said twice}
    expected: ScoredText | None  # without any sound
    active: np.ndarray  # of each STEP: whether something is said


def gather(samples: Samples, rate: int, listening: Listening, text: str, language: str) -> Evidence:
    words = words_of(text)
    texts = [word.scored(language) for word in words]
    active = said(samples, rate)
    heard = tuple(listening.words())
    matches = matched(
        [likened(word.bare, language) for word in words],
        [likened(word.text, language) for word in heard],
        language,
    )
    found = listening.score([texts])
    if found is None:
        return Evidence(tuple(words), None, heard, tuple(matches), None, {}, {}, None, active)
    scored = found[0]
    without, twice = rivals(listening, texts, scored, stretch(words, scored.words, active))
    after, expected = listening.continued(texts), listening.expected(texts)
    return Evidence(tuple(words), scored, heard, tuple(matches), after, without, twice, expected, active)


def rivals(
    listening: Listening, texts: Sequence[str], scored: ScoredText, stretched: np.ndarray
) -> tuple[dict[int, float], dict[int, float]]:
    """Log likelihood ratios of texts that lack a word, and of such as have one twice, where that may be so."""
    total = np.array([word.log for word in scored.words])
    lacking = [int(at) for at in np.argsort(total)[:RIVALS] if total[at] < UNSURE and at + 1 < len(texts)]
    following = np.append(total[1:], 0.0)
    longer = stretched.clip(0) + 1.5 * np.append(stretched[1:], 0.0).clip(
        0
    )  # the word after may have taken its time
    doubled = [int(at) for at in np.argsort(following - 3 * longer)[:TWICE]]
    tried = [[*texts[:at], *texts[at + 1 : at + 1 + AHEAD]] for at in lacking]
    tried += [[*texts[:at], bare(texts[at]), *texts[at : at + 1 + AHEAD]] for at in doubled]
    results = listening.score(tried) or []
    without, twice = {}, {}
    for at, result in zip(lacking, results, strict=False):
        own = total[at : at + 1 + AHEAD].sum()
        without[at] = logs_from(result, at) - own
    for at, result in zip(doubled, results[len(lacking) :], strict=False):
        own = total[at : at + 1 + AHEAD].sum()
        twice[at] = logs_from(result, at) - own
    return without, twice


def logs_from(text: ScoredText, first: int) -> float:
    return float(sum(word.log for word in text.words[first:]))


def said(samples: Samples, rate: int) -> np.ndarray:
    """Of each 20 ms: whether something is said."""
    size = max(1, round(rate * STEP))
    count = -(-len(samples) // size)
    level = np.sqrt(
        (np.pad(samples, (0, count * size - len(samples))).reshape(count, size) ** 2).mean(axis=1)
    )
    return level > max(QUIET * level.max(initial=0.0), 1e-5)


def stretch(words: Sequence[TextWord], times: Sequence[ScoredWord], active: np.ndarray) -> np.ndarray:
    """Of each word: natural logarithm of the time it takes over what its letters let expect at the line's pace."""
    until = np.concatenate([[0], np.cumsum(active)]) * STEP
    at = [[min(len(active), round(edge / STEP)) for edge in (word.start, word.end)] for word in times]
    taken = np.array([until[end] - until[start] for start, end in at])
    letters = np.array([len(word.bare) + 1.5 for word in words])
    expected = letters * (taken.sum() / max(1.0, letters.sum()))
    return np.log((taken + 0.06) / (expected + 0.06))
