"""What a first opinion says of the utterances around one, as more features. It knows opinions, no text."""

from collections import Counter, defaultdict

import numpy as np

from dotsbook.casting.address import ALIKE
from dotsbook.casting.pair_features import COMMON, NOBODY, OWN, FeatureTable, ranks
from dotsbook.casting.speech_evidence import SpokenLine
from dotsbook.casting.subject import Sort
from dotsbook.casting.surroundings import Surroundings, since

SECOND = 30  # features that are added
STEPS = (-1, 1, -2, 2, -3, 3)  # utterances of the same exchange that are looked at one by one
AROUND = 10  # utterances before and after that are looked at together
FADING = 0.8  # what an utterance of the exchange counts, for each step that it is further away
FITS = COMMON + OWN.index("+fits")
OTHER = {"m": "f", "f": "m"}
LIKELY = 0.5  # from which an utterance counts as somebody's
REACH = 12  # steps after which none counts


class Habits:
    """What the first opinions of a whole book say of its people: who is called mother, who says sir, who talks to whom."""

    def __init__(self, scene: Surroundings, opinion: list[dict[int, float]]):
        self.scene, self.opinion = scene, opinion
        self.likely: defaultdict[int, list[int]] = defaultdict(list)  # person → utterances likely theirs
        self.tagged = Shares()  # by words of a tag: "her mother", "the old man"
        self.borne = Shares()  # by the noun alone
        self.says = Shares()  # by a word that somebody is called by in the line
        self.calls = Shares()  # by the person called
        self.partners = Shares()  # by who speaks right before or after
        self.meant = Shares()  # by exchange, and "he" or "she" in a tag
        for at, mine in enumerate(opinion):
            best = max(mine, key=lambda who: mine[who])
            if best != NOBODY and mine[best] >= LIKELY:
                self.likely[best].append(at)
            here = scene.utterances[at]
            if role := role_of(here):
                self.tagged.add(role, mine)
                self.borne.add(role[0], mine)
            if here.gender and here.tag_score >= 2:
                self.meant.add((scene.exchange[at].start, here.gender), mine)
            if here.called_as:
                self.says.add(here.called_as, mine)
            for who in here.called[:1]:
                self.calls.add(who, mine)
            for other in self.beside(at):
                self.partners.add(other, mine)

    def beside(self, at: int) -> list[int]:
        """Who likely speaks right before and right after, in the same exchange."""
        found = []
        for k, joined in ((at - 1, at), (at + 1, at + 1)):
            if 0 <= k < len(self.opinion) and self.scene.near[joined]:
                best = max(self.opinion[k], key=lambda who: self.opinion[k][who])
                if best != NOBODY and self.opinion[k][best] >= LIKELY:
                    found.append(best)
        return found

    def of(self, at: int, who: int) -> list[float]:
        here = self.scene.utterances[at]
        mine = self.opinion[at].get(who, 0.0)
        total = len(self.opinion)
        before = self.scene.utterances[at - 1] if at and self.scene.near[at] else None
        after = self.scene.utterances[at + 1] if at + 1 < total and self.scene.near[at + 1] else None
        role = role_of(here)
        first = self.scene.exchange[at].start
        beside = self.beside(at)
        return [
            self.tagged.share(role, who, mine) if role else -1.0,
            self.borne.share(here.called_as, who, 0.0),
            self.borne.share(before.called_as, who, 0.0) if before else -1.0,
            self.borne.share(after.called_as, who, 0.0) if after else -1.0,
            self.says.share(here.called_as, who, mine) if here.called_as else -1.0,
            self.calls.share(here.called[0], who, mine) if here.called else -1.0,
            max((self.partners.share(other, who, mine) for other in beside), default=-1.0),
            float(who in beside),
            self.meant.share((first, here.gender), who, mine if here.tag_score >= 2 else 0.0),
            self.meant.share((first, OTHER.get(here.gender, "")), who, 0.0),
        ]


def role_of(utterance: SpokenLine) -> tuple[str, str] | None:
    """What a tag without a name calls the speaker, and whose that is."""
    tag = utterance.tag
    if tag is None or utterance.tag_score < 2 or tag.subject.sort not in (Sort.NOUN, Sort.KIN):
        return None
    return ALIKE.get(tag.subject.name, tag.subject.name), tag.subject.owned


class Shares:
    """Sums of chances by key and person."""

    def __init__(self) -> None:
        self.sums: defaultdict[object, Counter[int]] = defaultdict(Counter)
        self.totals: Counter[object] = Counter()

    def add(self, key: object, chance: dict[int, float]) -> None:
        self.sums[key].update(chance)
        self.totals[key] += 1

    def share(self, key: object, who: int, own: float) -> float:
        """Somebody's share of the lines with a key, without one of theirs that counted `own`; -1 = there is no other."""
        total = self.totals[key] - (own > 0.0)
        return (self.sums[key][who] - own) / total if total > 0 else -1.0


def second_look(scene: Surroundings, look: FeatureTable, chance: np.ndarray) -> np.ndarray:
    """(rows, features + SECOND): the features with what the first opinion says of the utterances around."""
    opinion: list[dict[int, float]] = []
    for at, people in enumerate(look.candidates):
        start = look.begins[at]
        opinion.append({who: float(chance[start + k]) for k, who in enumerate(people)})
    extra = np.zeros((len(chance), SECOND), np.float32)
    habits = Habits(scene, opinion)
    for at, people in enumerate(look.candidates):
        start = look.begins[at]
        rows = slice(start, start + len(people))
        fits = look.rows[rows, FITS]
        extra[rows] = [
            [*one, *other, *habits.of(at, who)]
            for who, one, other in zip(
                people, around(scene, opinion, at, people), lately(habits, at, people, fits), strict=True
            )
        ]
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


def lately(habits: Habits, at: int, people: list[int], fits: np.ndarray) -> list[list[float]]:
    """How long ago and how soon each likely speaks, and their rank by it among those of the tag's gender."""
    spoke = {who: since(habits.likely[who], at) for who in people}
    rank = ranks(
        {who: spoke[who][0] for who, fit in zip(people, fits, strict=True) if fit > 0 and who != NOBODY}
    )
    return [[*spoke[who], rank.get(who, -1.0)] for who in people]


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
