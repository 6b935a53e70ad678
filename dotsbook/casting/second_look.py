"""What a first opinion says of the utterances around one, as more features. It knows opinions, no text."""

from collections import defaultdict

import numpy as np

from dotsbook.casting.pair_features import NOBODY, FeatureTable
from dotsbook.casting.surroundings import Surroundings

SECOND = 17  # features that are added
STEPS = (-1, 1, -2, 2, -3, 3)  # utterances of the same exchange that are looked at one by one
AROUND = 10  # utterances before and after that are looked at together
FADING = 0.8  # what an utterance of the exchange counts, for each step that it is further away
REACH = 12  # steps after which none counts


def second_look(scene: Surroundings, look: FeatureTable, chance: np.ndarray) -> np.ndarray:
    """(rows, features + SECOND): the features with what the first opinion says of the utterances around."""
    opinion: list[dict[int, float]] = []
    for at, people in enumerate(look.candidates):
        start = look.begins[at]
        opinion.append({who: float(chance[start + k]) for k, who in enumerate(people)})
    extra = np.zeros((len(chance), SECOND), np.float32)
    for at, people in enumerate(look.candidates):
        start = look.begins[at]
        extra[start : start + len(people)] = around(scene, opinion, at, people)
    return np.hstack([look.rows, extra])


def around(
    scene: Surroundings, opinion: list[dict[int, float]], at: int, people: list[int]
) -> list[list[float]]:
    """A row for each candidate of an utterance."""
    total = len(opinion)
    mine = opinion[at]
    exchange = list(in_exchange(scene, at))
    linked = {step: opinion[at + step] for step, _ in exchange}
    near: defaultdict[int, float] = defaultdict(float)
    for k in range(max(0, at - AROUND), min(total, at + AROUND + 1)):
        if k != at:
            for who, value in opinion[k].items():
                near[who] += value
    taking: defaultdict[int, float] = defaultdict(
        float
    )  # for: speaks every other turn from here; against: between
    there: defaultdict[int, float] = defaultdict(float)
    for step, turns in exchange:
        weight = FADING ** abs(step)
        for who, value in opinion[at + step].items():
            taking[who] += weight * (value if turns % 2 == 0 else -value)
            there[who] += weight * value
    best = max(mine.values())
    most = max((near[who] for who in people if who != NOBODY), default=0.0)
    alternate = max((taking[who] for who in people if who != NOBODY), default=0.0)
    before = opinion[at - 1] if at else {}
    after = opinion[at + 1] if at + 1 < total else {}
    return [
        [
            mine[who],
            mine[who] - best,
            *(linked[step].get(who, 0.0) if step in linked else -1.0 for step in STEPS),
            near[who],
            near[who] - most,
            near[who] / max(0.01, sum(near.values())),
            before.get(who, 0.0),
            after.get(who, 0.0),
            taking[who],
            taking[who] - alternate,
            there[who],
            there[who] / max(0.01, sum(there.values())),
        ]
        for who in people
    ]


def in_exchange(scene: Surroundings, at: int) -> list[tuple[int, int]]:
    """[(step, turns between)] of the utterances that stand together with one, without a gap."""
    found = []
    for way in (-1, 1):
        turns = 0
        for far in range(1, REACH + 1):
            k = at + way * far
            later = k + 1 if way < 0 else k
            if not 0 <= k < len(scene.utterances) or not scene.near[later]:
                break
            turns += not scene.utterances[later].follows
            found.append((way * far, turns))
    return found
