"""What a first opinion says of the utterances around one, as more features. It knows opinions, no text."""

from collections import defaultdict

import numpy as np

from dotsbook.casting.pair_features import NOBODY, FeatureTable
from dotsbook.casting.surroundings import Surroundings

SECOND = 14


def second_look(scene: Surroundings, look: FeatureTable, chance: np.ndarray) -> np.ndarray:
    """(rows, features + SECOND): the features with what the first opinion says of the utterances around."""
    opinion: list[dict[int, float]] = []
    for at, people in enumerate(look.candidates):
        start = look.begins[at]
        opinion.append({who: float(chance[start + k]) for k, who in enumerate(people)})
    extra = np.zeros((len(chance), SECOND), np.float32)
    total = len(opinion)
    for at, people in enumerate(look.candidates):
        start = look.begins[at]
        mine = opinion[at]
        linked = []
        for step in (-1, 1, -2, 2, -3, 3):
            k = at + step
            inside = 0 <= k < total and all(
                scene.near[j] for j in (range(k + 1, at + 1) if step < 0 else range(at + 1, k + 1))
            )
            linked.append(opinion[k] if inside else None)
        around: defaultdict[int, float] = defaultdict(float)
        for k in range(max(0, at - 10), min(total, at + 11)):
            if k != at:
                for who, value in opinion[k].items():
                    around[who] += value
        best = max(mine.values())
        ahead = max((around[who] for who in people if who != NOBODY), default=0.0)
        for j, who in enumerate(people):
            row = extra[start + j]
            row[0] = mine[who]
            row[1] = mine[who] - best
            for column, other in enumerate(linked):
                row[2 + column] = -1.0 if other is None else other.get(who, 0.0)
            row[8] = around[who]
            row[9] = around[who] - ahead
            row[10] = around[who] / max(0.01, sum(around.values()))
            previous = opinion[at - 1] if at else {}
            row[11] = previous.get(who, 0.0)
            row[12] = opinion[at + 1].get(who, 0.0) if at + 1 < total else 0.0
            row[13] = 0.0
    return np.hstack([look.rows, extra])
