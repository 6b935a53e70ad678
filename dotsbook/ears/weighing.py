"""Evidence → how doubtful each word of a text is, and whether something follows it. It weighs; it hears nothing.

The weights were fitted on novels spoken with one fault each (`python -m tests.benchmarks.ears_fit`).
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from dotsbook.ears.evidence import NEVER, STEP, Evidence, stretch
from dotsbook.ears.likening import difference, likened

WEIGHTS = Path(__file__).with_name("weights.json")
WORST = -20.0  # log probability below which nothing is worse
# Log probability of a word to follow, from which one is heard after the text. In 58 lines of the novels that weights are fitted on
# the highest were -1.8 and -2.8; with a word put behind them, 95 % had more than this
GOES_ON = -0.7
STEEP = 3.0  # how fast doubt rises about it
UNLIKE = 0.35  # difference from which a heard word counts as another one


@dataclass(frozen=True)
class Net:
    """One hidden layer: standardised figures → tanh → the logarithm of the odds."""

    mean: np.ndarray  # (figures,)
    spread: np.ndarray  # (figures,)
    inner: np.ndarray  # (figures, hidden)
    bias: np.ndarray  # (hidden,)
    outer: np.ndarray  # (hidden,)
    shift: float

    def odds(self, figures: np.ndarray) -> np.ndarray:
        """(rows, figures) → (rows,)"""
        hidden = np.tanh(((figures - self.mean) / self.spread).clip(-6, 6) @ self.inner + self.bias)
        return hidden @ self.outer + self.shift


@dataclass(frozen=True)
class Weights:
    word: tuple[Net, ...]  # their mean counts
    after: tuple[Net, ...]
    limit: float  # the logarithm of the odds at which a take is doubted

    def odds(self, words: np.ndarray, after: np.ndarray) -> np.ndarray:
        """(words, figures) and (figures,) → (words + 1,), the last of what follows the text."""
        inside = np.mean([net.odds(words) for net in self.word], axis=0)
        return np.append(inside, np.mean([net.odds(after[None])[0] for net in self.after]))


@cache
def weights() -> Weights:
    read = json.loads(WEIGHTS.read_text("utf-8"))
    word, after = (tuple(net_of(net) for net in read[name]) for name in ("word", "after"))
    return Weights(word, after, read["limit"])


def net_of(read: dict) -> Net:
    mean, spread, inner, bias, outer = (
        np.asarray(read[name], float) for name in ("mean", "spread", "inner", "bias", "outer")
    )
    return Net(mean, spread, inner, bias, outer, float(read["shift"]))


def doubts(evidence: Evidence) -> np.ndarray:
    """(words + 1,) of 0 … 1, the last for what follows the text: 0.5 is where a take is doubted."""
    if not evidence.words:
        return np.zeros(1)
    if evidence.scored is None:
        return heard_alone(evidence)
    found = weights()
    odds = found.odds(word_figures(evidence), after_figures(evidence))
    if evidence.after:
        odds[-1] = max(odds[-1], found.limit + STEEP * (evidence.after.more - GOES_ON))
    return 1 / (1 + np.exp(-(odds - found.limit).clip(-30, 30)))


def clarity(evidence: Evidence) -> float:
    """The share of the text's words that are heard as they are written: 0 … 1."""
    heard = [one for one in evidence.matches if one.written is not None]
    return sum(one.difference < UNLIKE for one in heard) / max(1, len(heard))


def word_figures(evidence: Evidence) -> np.ndarray:
    """(words, figures)"""
    assert evidence.scored is not None and evidence.expected is not None
    words = evidence.scored.words
    count = len(words)
    total = np.array([word.log for word in words]).clip(WORST, 0)
    least = np.array([min(word.logs, default=0.0) for word in words])
    expected = np.array([word.log for word in evidence.expected.words]).clip(1.5 * WORST, 0)
    marks = np.array([word.mark for word in words]).clip(-10, 0)
    without = np.array([evidence.without.get(at, NEVER) for at in range(count)]).clip(-12, 12)
    twice = np.array([evidence.twice.get(at, 2 * NEVER) for at in range(count)]).clip(-16, 6)
    unlike, confidence = heard_for(evidence)
    added, like = added_after(evidence)
    long = stretch(evidence.words, words, evidence.active)
    letters = np.array([len(word.bare) for word in evidence.words], float)
    pieces = np.array([len(word.logs) for word in words], float)
    capital = np.array([word.bare[:1].isupper() for word in evidence.words], float)
    clear, alike = np.median(least), 1 - clarity(evidence)
    others = (least.sum() - least) / max(1, count - 1)
    columns = (
        total,
        least,
        -np.log1p(-total),
        (total - expected).clip(-20, 20),
        expected,
        shifted(total, 1),
        shifted(total, -1),
        marks,
        without,
        shifted(without, -1, NEVER),
        twice,
        shifted(twice, 1, 2 * NEVER),
        unlike,
        confidence,
        unlike * confidence,
        added[1:],
        added[:-1],
        like,
        long,
        shifted(long, 1),
        shifted(long, -1),
        letters,
        pieces,
        capital,
        np.full(count, clear),
        np.full(count, alike),
        others,
        np.arange(count) == 0,
        np.arange(count) == count - 1,
        np.full(count, float(count)),
        shifted(unlike, 1),
        shifted(unlike, -1),
    )
    return np.stack([np.asarray(column, float) for column in columns], axis=1)


def after_figures(evidence: Evidence) -> np.ndarray:
    """(figures,) of what may follow the text."""
    assert evidence.scored is not None
    words = evidence.scored.words
    last = words[-1]
    added, _ = added_after(evidence)
    unlike, confidence = heard_for(evidence)
    end, more = (evidence.after.end, evidence.after.words) if evidence.after else (0.0, ())
    least = np.array([min(word.logs, default=0.0) for word in words])
    long = stretch(evidence.words, words, evidence.active)
    rest = evidence.active[round(last.end / STEP) :].sum() * STEP
    tail = [word for word in evidence.heard[-4:]]
    return np.array(
        [
            max(end, -10.0),
            np.log1p(-end),
            min(20.0, sum(map(len, more))),
            max(last.mark, -10.0),
            max(last.log, WORST),
            added[-1],
            long[-1],
            long[-2] if len(long) > 1 else 0.0,
            rest,
            unlike[-1],
            confidence[-1],
            evidence.twice.get(len(words) - 1, 2 * NEVER),
            np.median(least),
            1 - clarity(evidence),
            np.mean([word.confidence for word in tail]) if tail else 0.0,
            len(evidence.heard) - len(words),
            float(len(words)),
            last.end - last.start,
        ],
        float,
    )


def shifted(figures: np.ndarray, by: int, edge: float = 0.0) -> np.ndarray:
    """The next word's figures (by 1), or those of the one before (by -1)."""
    out = np.full(len(figures), edge, float)
    if by > 0:
        out[:-by] = figures[by:]
    else:
        out[-by:] = figures[:by]
    return out


def heard_for(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Of each word: how unlike what was heard for it is, and how sure the recogniser is of that."""
    unlike, confidence = np.ones(len(evidence.words)), np.zeros(len(evidence.words))
    for one in evidence.matches:
        if one.written is not None:
            unlike[one.written] = one.difference
            confidence[one.written] = np.mean([evidence.heard[at].confidence for at in one.heard] or [0.5])
    return unlike, confidence


def added_after(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """(words + 1,): how much was heard, without being written, before the first word and after each; and (words,):
    whether some of it sounds like the word it stands beside."""
    amount, like = np.zeros(len(evidence.words) + 1), np.zeros(len(evidence.words))
    at = -1
    for one in evidence.matches:
        if one.written is not None:
            at = one.written
            continue
        for number in one.heard:
            heard = evidence.heard[number]
            amount[at + 1] += heard.confidence * min(1.0, len(heard.text) / 5)
            for beside in (at, at + 1):
                if 0 <= beside < len(like):
                    own = likened(evidence.words[beside].bare)
                    like[beside] = max(like[beside], 1 - difference(own, likened(heard.text)))
    return amount, like


def heard_alone(evidence: Evidence) -> np.ndarray:
    """Doubts by free hearing alone, where the recogniser can't score a text: it finds less and errs more."""
    unlike, confidence = heard_for(evidence)
    added, _ = added_after(evidence)
    sure = 0.3 + 0.7 * confidence
    words = 1 / (1 + np.exp(-9 * (unlike * sure - 0.55)))
    words = np.maximum(words, 1 / (1 + np.exp(-6 * (added[:-1] - 0.9))))
    return np.append(words, 1 / (1 + np.exp(-6 * (added[-1] - 0.6))))
