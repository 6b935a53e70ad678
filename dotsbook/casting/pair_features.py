"""For each utterance its candidates, and for each candidate what speaks for them, as numbers. It knows evidence, no model.

`first_look` gives candidates and features; `second_look` adds what a first opinion says of the neighbours.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from dotsbook.casting.evidence import Evidence, Utterance
from dotsbook.casting.tags import Sort

SHARED_NAMES = """words tag_score tag_sort tag_verb beats near near_next gap gap_next score_before score_after first_person narration asks
 asked candidates window follows untagged_before untagged_after calls calls_gender tag_gender number utterances
 narration_before"""
OWN_NAMES = """+tag -other_tag +fits +acts +own_count +own_first own_last +own_only -called_here -spoken_of_here called_2_before
 +called_before +called_after called_2_after spoken_of_before spoken_of_after +address_before -address_here +address_after
 -line_since -line_until before_count before_first before_last after_count after_first spoke_3_before +spoke_2_before
 spoke_before spoke_after +spoke_2_after spoke_3_after -since -until +turns_before +turns_after turn_before turn_after
 +share +mention_share +window_share +window_count -last_rank -last_rank_fit -spoke_rank narrator nominal gender +acts_first
 acts_after acts_before +decided +top -order -order_fit +pronoun_before +pronoun_here owner_before"""
# the features that are the same for all candidates of an utterance; those that tell one candidate from another, with
# + or - where they may only speak for, only against a candidate
SHARED, OWN = tuple(SHARED_NAMES.split()), tuple(OWN_NAMES.split())
COMMON, PAIR = len(SHARED), len(OWN)
BACK, AHEAD = 10, 3  # lines in which whoever is named is a candidate
MOST = 14  # candidates of an utterance
FAR = 30.0
NOBODY = -1  # the candidate that stands for everybody else
SORTS = {None: 0, Sort.NAME: 1, Sort.FIRST: 2, Sort.NOUN: 3, Sort.KIN: 4, Sort.PRONOUN: 5, Sort.CROWD: 6}
GENDERS = {"": 0.0, "m": 1.0, "f": 2.0}


@dataclass(slots=True)
class Look:
    """Rows of features, a group of rows an utterance, the last of each group NOBODY's."""

    candidates: list[list[int]]  # per utterance, indices of people, NOBODY last
    begins: np.ndarray  # (utterances + 1,) where each group begins
    rows: np.ndarray  # (rows, features) float32


def gauge(value: float) -> float:
    return min(value, FAR)


class Scene:
    """Indexes over a book's evidence that the features are read from."""

    def __init__(self, evidence: Evidence):
        self.evidence = evidence
        self.utterances = evidence.utterances
        self.named: defaultdict[int, list[int]] = defaultdict(
            list
        )  # person → lines whose narration names them
        for line, people in enumerate(evidence.narrated):
            for person in dict.fromkeys(people):
                self.named[person].append(line)
        self.sure = [sure(utterance) for utterance in self.utterances]
        self.soft = [soft(utterance) for utterance in self.utterances]
        self.speaks: defaultdict[int, list[int]] = defaultdict(list)  # person → utterances surely theirs
        for at, who in enumerate(self.sure):
            if who is not None and who >= 0:
                self.speaks[who].append(at)
        self.by_line: defaultdict[int, list[int]] = defaultdict(list)
        for at, utterance in enumerate(self.utterances):
            self.by_line[utterance.line].append(at)
        self.chapter = np.cumsum(evidence.starts) if evidence.starts else np.zeros(0, int)
        self.narration = [len(line.narrated.replace("\x02", "").split()) for line in evidence.lines]
        self.near = [self.joined(at) for at in range(len(self.utterances))]
        total = Counter(who for who in self.soft if who is not None and who >= 0)
        self.share = {who: count / max(1, sum(total.values())) for who, count in total.items()}
        mentioned = {who: len(lines) for who, lines in self.named.items()}
        self.mention_share = {
            who: count / max(1, sum(mentioned.values())) for who, count in mentioned.items()
        }
        weight = Counter({who: 2 * total[who] + mentioned.get(who, 0) for who in {*total, *mentioned}})
        self.top = [who for who, _ in weight.most_common(3)]

    def joined(self, at: int) -> bool:
        """Whether an utterance comes right after the one before: the same paragraph or the next."""
        if at == 0:
            return False
        one, other = self.utterances[at - 1].line, self.utterances[at].line
        return other - one <= 1 and self.chapter[one] == self.chapter[other]

    def order(self, line: int) -> dict[int, float]:
        """The people whom the narration names before a line, the last named first: {person: rank}."""
        found: dict[int, float] = {}
        for k in range(line - 1, max(-1, line - BACK - 1), -1):
            if self.chapter[k] != self.chapter[line]:
                break
            for who in reversed(self.evidence.narrated[k]):
                found.setdefault(who, float(len(found)))
        return found

    def candidates(self, at: int) -> list[int]:
        here = self.utterances[at]
        lines = self.evidence.narrated
        chosen: dict[int, None] = {}
        if (tagged := self.soft[at]) is not None and tagged >= 0:
            chosen[tagged] = None
        for who in here.beats:
            chosen[who] = None
        order: list[int] = []
        for k in range(1, 9):
            for other in (at - k, at + k if k <= 4 else -1):
                if 0 <= other < len(self.utterances):
                    if (who := self.soft[other]) is not None:
                        order.append(who)
                    if k <= 2:
                        order.extend(self.utterances[other].called)
        for line in range(here.line, max(-1, here.line - BACK - 1), -1):
            if self.chapter[line] != self.chapter[here.line]:
                break
            order.extend(reversed(lines[line]))
        for line in range(here.line + 1, min(len(lines), here.line + AHEAD + 1)):
            if self.chapter[line] != self.chapter[here.line]:
                break
            order.extend(lines[line])
        order.extend(self.top)
        if self.evidence.people.narrator is not None:
            chosen[self.evidence.people.narrator] = None
        for who in order:
            if who >= 0:
                chosen.setdefault(who, None)
            if len(chosen) >= MOST:
                break
        return list(chosen)


def sure(utterance: Utterance) -> int | None:
    if utterance.decided is not None:
        return utterance.decided
    return utterance.who if utterance.tag_score >= 3 else None


def soft(utterance: Utterance) -> int | None:
    if utterance.decided is not None:
        return utterance.decided
    return utterance.who if utterance.tag_score >= 2 else None


def first_look(evidence: Evidence) -> tuple[Scene, Look]:
    scene = Scene(evidence)
    rows: list[list[float]] = []
    begins = [0]
    candidates: list[list[int]] = []
    for at in range(len(scene.utterances)):
        people = scene.candidates(at)
        common = shared(scene, at, len(people))
        rows.extend(about(scene, at, people, common))
        rows.append(common + [0.0] * PAIR + [1.0])
        candidates.append([*people, NOBODY])
        begins.append(len(rows))
    table = np.array(rows, np.float32) if rows else np.zeros((0, COMMON + PAIR + 1), np.float32)
    return scene, Look(candidates, np.array(begins), table)


def shared(scene: Scene, at: int, count: int) -> list[float]:
    """What is the same for all candidates of an utterance."""
    here = scene.utterances[at]
    total = len(scene.utterances)
    before = scene.utterances[at - 1] if at else None
    after = scene.utterances[at + 1] if at + 1 < total else None
    near_next = at + 1 < total and scene.near[at + 1]
    gap = gauge(here.line - before.line) if before else FAR
    gap_next = gauge(after.line - here.line) if after else FAR
    back = ahead = 0
    while at - back > 0 and scene.near[at - back] and back < 12 and scene.sure[at - back - 1] is None:
        back += 1
    while (
        at + ahead + 1 < total
        and scene.near[at + ahead + 1]
        and ahead < 12
        and scene.sure[at + ahead + 1] is None
    ):
        ahead += 1
    window = {who for who in scene.soft[max(0, at - 6) : at + 7] if who is not None}
    tag = here.tag
    return [
        math.log1p(here.words),
        float(here.tag_score),
        float(SORTS[tag.subject.sort if tag else None]),
        float(bool(tag and tag.verb)),
        float(len(here.beats)),
        float(scene.near[at]),
        float(near_next),
        gap,
        gap_next,
        float(before.tag_score) if before else -1.0,
        float(after.tag_score) if after else -1.0,
        float(scene.evidence.first_person),
        math.log1p(scene.narration[here.line]),
        float(here.text.rstrip("\"'”’»")[-1:] == "?"),
        float(before is not None and before.text.rstrip("\"'”’»")[-1:] == "?"),
        float(count),
        float(len(window)),
        float(here.follows),
        float(back),
        float(ahead),
        float(bool(here.called)),
        GENDERS[here.called_gender],
        GENDERS[here.gender],
        float(here.number),
        float(len(scene.by_line[here.line])),
        math.log1p(scene.narration[here.line - 1]) if here.line else 0.0,
    ]


def parity(distance: int) -> float:
    """0 = unknown; the turns between, positive where they alternate back to the same speaker."""
    return 0.0 if not distance else (1.0 if distance % 2 == 0 else -1.0) * (1 + 1 / distance)


def about(scene: Scene, at: int, people: list[int], common: list[float]) -> list[list[float]]:
    """A row for each candidate of an utterance."""
    here = scene.utterances[at]
    total = len(scene.utterances)
    evidence = scene.evidence
    own = evidence.narrated[here.line]
    before_line = evidence.narrated[here.line - 1] if here.line else ()
    after_line = evidence.narrated[here.line + 1] if here.line + 1 < len(evidence.lines) else ()
    near = [scene.utterances[k] if 0 <= k < total else None for k in (at - 2, at - 1, at + 1, at + 2)]
    sure_near = [
        scene.soft[k] if 0 <= k < total else None for k in (at - 3, at - 2, at - 1, at + 1, at + 2, at + 3)
    ]
    window = Counter(who for who in scene.soft[max(0, at - 20) : at + 21] if who is not None)
    last = {who: recency(scene.named[who], here.line) for who in people}
    spoke = {who: since(scene.speaks[who], at) for who in people}
    fits = {who: agreement(here.gender, evidence.people.people[who].gender) for who in people}
    by_last = ranks({who: value[0] for who, value in last.items()})
    by_fit = ranks({who: value[0] for who, value in last.items() if fits[who] >= 0})
    by_spoke = ranks({who: value[0] for who, value in spoke.items()})
    run_back, run_ahead = runs(scene, at)
    order = scene.order(here.line)
    order_fit = {who: float(k) for k, who in enumerate(who for who in order if fits.get(who, -1.0) > 0)}
    narrator = evidence.people.narrator
    rows = []
    for who in people:
        person = evidence.people.people[who]
        back, ahead = spoke[who]
        b, a = run_back.get(who, 0), run_ahead.get(who, 0)
        row = [
            float(here.tag_score) if here.who == who else 0.0,
            float(here.tag_score) if here.who is not None and here.who != who else 0.0,
            fits[who],
            1.0 / (1 + here.beats.index(who)) if who in here.beats else 0.0,
            float(own.count(who)),
            float(bool(own) and own[0] == who),
            float(bool(own) and own[-1] == who),
            float(len(set(own)) == 1 and own[0] == who) if own else 0.0,
            float(who in here.called),
            float(who in here.spoken_of),
            *(float(who in u.called) if u else 0.0 for u in near),
            *(float(who in u.spoken_of) if u else 0.0 for u in near[1:3]),
            address(near[1].called_gender if near[1] and scene.near[at] else "", person.gender),
            address(here.called_gender, person.gender),
            address(
                near[2].called_gender if near[2] and at + 1 < total and scene.near[at + 1] else "",
                person.gender,
            ),
            last[who][0],
            last[who][1],
            float(before_line.count(who)),
            float(bool(before_line) and before_line[0] == who),
            float(bool(before_line) and before_line[-1] == who),
            float(after_line.count(who)),
            float(bool(after_line) and after_line[0] == who),
            *(float(value == who) if value is not None else -1.0 for value in sure_near),
            back,
            ahead,
            parity(b),
            parity(a),
            float(b),
            float(a),
            coarse(scene.share.get(who, 0.0)),
            coarse(scene.mention_share.get(who, 0.0)),
            window[who] / max(1, sum(window.values())),
            float(window[who]),
            by_last[who],
            by_fit.get(who, -1.0),
            by_spoke[who],
            float(who == narrator),
            float(person.nominal),
            GENDERS[person.gender],
            float(who in here.beats and here.beats[0] == who),
            float(at + 1 < total and scene.near[at + 1] and who in scene.utterances[at + 1].beats),
            float(at > 0 and scene.near[at] and who in scene.utterances[at - 1].beats),
            float(here.decided == who) - float(here.decided is not None and here.decided != who),
            float(who in scene.top),
            order.get(who, FAR),
            order_fit.get(who, FAR),
            pronoun(evidence, here.line - 1, person.gender),
            pronoun(evidence, here.line, person.gender),
            float(here.line > 0 and who in evidence.owners[here.line - 1]),
        ]
        rows.append(common + row + [0.0])
    return rows


def agreement(tag: str, gender: str) -> float:
    """1: the tag's gender is theirs; -1: it isn't; 0.5: theirs is unknown; 0: the tag tells nothing."""
    if not tag:
        return 0.0
    return 0.5 if not gender else 1.0 if tag == gender else -1.0


def coarse(share: float) -> float:
    """A share in halvings, so that no tree can know a person of a novel by theirs."""
    return max(-7.0, math.floor(math.log2(share))) if share else -8.0


def pronoun(evidence: Evidence, line: int, gender: str) -> float:
    """Whether a line's he or she is of a gender: 1, -1; 0 where it has both or neither."""
    if line < 0 or not gender:
        return 0.0
    he, she = evidence.pronouns[line]
    return 0.0 if bool(he) == bool(she) else 1.0 if bool(he) == (gender == "m") else -1.0


def address(called: str, gender: str) -> float:
    return 0.0 if not called or not gender else 1.0 if called == gender else -1.0


def recency(lines: list[int], here: int) -> tuple[float, float]:
    """Lines since somebody was last named before this line, and until they are next named after it."""
    k = bisect_left(lines, here)
    ahead = bisect_right(lines, here)
    return (
        gauge(here - lines[k - 1]) if k else FAR,
        gauge(lines[ahead] - here) if ahead < len(lines) else FAR,
    )


def since(spoken: list[int], at: int) -> tuple[float, float]:
    k = bisect_left(spoken, at)
    ahead = bisect_right(spoken, at)
    return (
        gauge(at - spoken[k - 1]) if k else FAR,
        gauge(spoken[ahead] - at) if ahead < len(spoken) else FAR,
    )


def ranks(values: dict[int, float]) -> dict[int, float]:
    ordered = sorted(set(values.values()))
    place = {value: float(index) for index, value in enumerate(ordered)}
    return {who: place[value] for who, value in values.items()}


def runs(scene: Scene, at: int) -> tuple[dict[int, int], dict[int, int]]:
    """For those surely speaking in the exchange around an utterance: how many turns away, before and after it."""
    back: dict[int, int] = {}
    turns = 0
    k = at
    while k > 0 and scene.near[k] and turns < 12:
        if not scene.utterances[k].follows:
            turns += 1
        k -= 1
        who = scene.soft[k]
        if who is not None and turns:
            back.setdefault(who, turns)
    ahead: dict[int, int] = {}
    turns = 0
    k = at
    while k + 1 < len(scene.utterances) and scene.near[k + 1] and turns < 12:
        k += 1
        if not scene.utterances[k].follows:
            turns += 1
        who = scene.soft[k]
        if who is not None and turns:
            ahead.setdefault(who, turns)
    return back, ahead


SECOND = 14


def second_look(scene: Scene, look: Look, chance: np.ndarray) -> np.ndarray:
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
