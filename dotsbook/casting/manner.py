"""How people talk: what the words of an utterance say for each who may say it, by the lines that are surely theirs.

It knows words and counts, not places.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
PRIOR = 200.0  # words of the book at large that a person's own are mixed with
ENOUGH = 60  # words that somebody must have said before theirs say anything
MOST = 6.0  # evidence is cut off here, for and against


class Manner:
    """Counts of words, of everybody and of each person whose lines are known."""

    def __init__(self, texts: Sequence[str], sure: Sequence[int | None]):
        self.said = [Counter(WORD.findall(text.lower())) for text in texts]
        self.sure = sure
        self.all: Counter[str] = Counter()
        self.own: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for words, who in zip(self.said, sure, strict=True):
            self.all.update(words)
            if who is not None and who >= 0:
                self.own[who].update(words)
        self.total = max(1, self.all.total())
        self.size = {who: words.total() for who, words in self.own.items()}

    def evidence(self, at: int, people: Sequence[int]) -> list[float]:
        """For each, the log of how much likelier the words are as theirs than as anybody's; 0 where too little is known."""
        words = self.said[at]
        known = self.sure[at]
        out = []
        for who in people:
            size = self.size.get(who, 0) - (words.total() if known == who else 0)
            if size < ENOUGH:
                out.append(0.0)
                continue
            own = self.own[who]
            value = 0.0
            for word, count in words.items():
                rest = own[word] - (count if known == who else 0)
                share = self.all[word] / self.total
                value += count * math.log((rest + PRIOR * share) / (size + PRIOR) / share)
            out.append(max(-MOST, min(MOST, value)))
        return out
