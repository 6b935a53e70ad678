"""For each utterance its candidates, and for each candidate what speaks for them, as numbers. It knows evidence, no model.

The order and the names of the features are OWN_NAMES and SHARED_NAMES.
"""

import math
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

import numpy as np

from dotsbook.casting.age import age_of
from dotsbook.casting.coreference import bears, kind_of_kin
from dotsbook.casting.speech_evidence import SpeechEvidence, SpokenLine
from dotsbook.casting.subject import Sort
from dotsbook.casting.surroundings import FAR, Surroundings, gauge, recency, runs, since

SHARED_NAMES = """words tag_score tag_sort tag_verb beats near near_next gap gap_next score_before score_after first_person narration asks
 asked candidates window follows untagged_before untagged_after calls calls_gender tag_gender number utterances
 narration_before fitting kin owned opens head tail place_in_exchange"""
OWN_NAMES = """+tag -other_tag +fits +acts +own_count +own_first own_last +own_only -called_here -spoken_of_here called_2_before
 +called_before +called_after called_2_after spoken_of_before spoken_of_after +address_before -address_here +address_after
 -line_since -line_until before_count before_first before_last after_count after_first spoke_3_before +spoke_2_before
 spoke_before spoke_after +spoke_2_after spoke_3_after -since -until +turns_before +turns_after turn_before turn_after
 +share +mention_share +window_share +window_count -last_rank -last_rank_fit -spoke_rank narrator nominal gender +acts_first
 acts_after acts_before +decided +top -order -order_fit +pronoun_before +pronoun_here owner_before
 -acted -acted_fit -spoke_rank_fit +only_fitting +bears_kin owner_rank
 +acts_ahead acts_behind acts_last_before acts_first_after named_around named_ahead named_behind talks_here +called_turn_before
 +called_turn_after chapter_share +manner named_as_owner -named_by_others +age"""
# the features that are the same for all candidates of an utterance; those that tell one candidate from another, with
# + or - where they may only speak for, only against a candidate
SHARED, OWN = tuple(SHARED_NAMES.split()), tuple(OWN_NAMES.split())
COMMON, PAIR = len(SHARED), len(OWN)
NOBODY = -1  # the candidate that stands for everybody else
SORTS = {None: 0, Sort.NAME: 1, Sort.FIRST: 2, Sort.NOUN: 3, Sort.KIN: 4, Sort.PRONOUN: 5, Sort.CROWD: 6}
GENDERS = {"": 0.0, "m": 1.0, "f": 2.0}


@dataclass(slots=True)
class FeatureTable:
    """Rows of features, a group of rows an utterance, the last of each group NOBODY's."""

    candidates: list[list[int]]  # per utterance, indices of people, NOBODY last
    begins: np.ndarray  # (utterances + 1,) where each group begins
    rows: np.ndarray  # (rows, features) float32


def first_look(evidence: SpeechEvidence) -> tuple[Surroundings, FeatureTable]:
    scene = Surroundings(evidence)
    return scene, look_at(scene, range(len(scene.utterances)))


def look_at(scene: Surroundings, wanted: range) -> FeatureTable:
    """The features of some utterances; of others NOBODY's row alone."""
    rows: list[list[float]] = []
    begins = [0]
    candidates: list[list[int]] = []
    for at in range(len(scene.utterances)):
        if at not in wanted:
            rows.append([0.0] * (COMMON + PAIR) + [1.0])
            candidates.append([NOBODY])
            begins.append(len(rows))
            continue
        people = scene.candidates(at)
        seen = view(scene, at, people)
        common = shared(scene, at, len(people), len(seen.fitting))
        rows.extend(about(scene, at, seen, people, common))
        rows.append(common + [0.0] * PAIR + [1.0])
        candidates.append([*people, NOBODY])
        begins.append(len(rows))
    table = np.array(rows, np.float32) if rows else np.zeros((0, COMMON + PAIR + 1), np.float32)
    return FeatureTable(candidates, np.array(begins), table)


def shared(scene: Surroundings, at: int, count: int, fitting: int) -> list[float]:
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
        float(fitting),
        kind_of_kin(tag.subject.name) if tag else 0.0,
        OWNED.get(tag.subject.owned, 3.0) if tag else 0.0,
        float(scene.evidence.lines[here.line].opens),
        *zones(scene.evidence.lines[here.line].narrated, here),
        float(min(12, place_in_exchange(scene, at))),
    ]


def zones(narrated: str, utterance: SpokenLine) -> tuple[float, float]:
    """How much is told in the line before and after what is said."""
    start, end = utterance.spans[0][0], utterance.spans[-1][1]
    return math.log1p(len(narrated[:start].split())), math.log1p(len(narrated[end:].split()))


def place_in_exchange(scene: Surroundings, at: int) -> int:
    """How many utterances stand before it in its exchange."""
    return at - scene.exchange[at].start


OWNED = {"": 0.0, "his": 1.0, "her": 2.0}


def parity(distance: int) -> float:
    """0 = unknown; the turns between, positive where they alternate back to the same speaker."""
    return 0.0 if not distance else (1.0 if distance % 2 == 0 else -1.0) * (1 + 1 / distance)


@dataclass(slots=True)
class View:
    """What the candidates of an utterance are compared by."""

    near: list[SpokenLine | None]  # two before, one before, one after, two after
    spoke_near: list[int | None]  # who the tags name three, two, one before and one, two, three after
    window: Counter[int]  # who the tags name around
    last: dict[int, tuple[float, float]]  # lines since and until they are named
    spoke: dict[int, tuple[float, float]]  # utterances since and until they surely speak
    fits: dict[int, float]
    by_last: dict[int, float]
    by_fit: dict[int, float]
    by_spoke: dict[int, float]
    back: dict[int, int]  # turns since they spoke in this exchange
    ahead: dict[int, int]
    order: dict[int, float]  # rank by their last mention
    order_fit: dict[int, float]  # the same among those of the tag's gender
    acted: dict[int, float]  # rank by who last acted or spoke
    acted_fit: dict[int, float]
    spoke_fit: dict[int, float]  # rank by who last surely spoke, of the tag's gender
    fitting: set[int]  # those of the tag's gender near by
    owner: dict[int, float]  # rank as whose "his mother" is


def view(scene: Surroundings, at: int, people: list[int]) -> View:
    here = scene.utterances[at]
    total = len(scene.utterances)
    known = scene.evidence.people.people
    last = {who: recency(scene.named[who], here.line) for who in people}
    spoke = {who: since(scene.speaks[who], at) for who in people}
    fits = {who: agreement(here.gender, known[who].gender) for who in people}
    back, ahead = runs(scene, at)
    order = scene.order(here.line)
    acted = scene.actors(here.line)
    return View(
        [scene.utterances[k] if 0 <= k < total else None for k in (at - 2, at - 1, at + 1, at + 2)],
        [scene.soft[k] if 0 <= k < total else None for k in (at - 3, at - 2, at - 1, at + 1, at + 2, at + 3)],
        Counter(who for who in scene.soft[max(0, at - 20) : at + 21] if who is not None),
        last,
        spoke,
        fits,
        ranks({who: value[0] for who, value in last.items()}),
        ranks({who: value[0] for who, value in last.items() if fits[who] >= 0}),
        ranks({who: value[0] for who, value in spoke.items()}),
        back,
        ahead,
        order,
        {who: float(k) for k, who in enumerate(who for who in order if fits.get(who, -1.0) > 0)},
        acted,
        {who: float(k) for k, who in enumerate(who for who in acted if fits.get(who, -1.0) > 0)},
        ranks({who: value[0] for who, value in spoke.items() if fits[who] > 0}),
        {who for who in people if fits[who] > 0 and min(last[who][0], spoke[who][0]) <= NEAR},
        {who: float(k) for k, who in enumerate(who for who in acted if owns(here, known[who].gender))},
    )


NEAR = 6  # lines or utterances


def owns(utterance: SpokenLine, gender: str) -> bool:
    """Whether "his mother" in a tag may be a mother of somebody of a gender."""
    owned = utterance.tag.subject.owned if utterance.tag else ""
    return bool(gender) and owned in ("his", "her") and (owned == "his") == (gender == "m")


def about(
    scene: Surroundings, at: int, seen: View, people: list[int], common: list[float]
) -> list[list[float]]:
    """A row for each candidate of an utterance."""
    return [
        [
            *common,
            *in_the_line(scene, at, seen, who),
            *addressed(scene, at, seen, who),
            *named_around(scene, at, seen, who),
            *turns_and_share(scene, seen, who),
            *standing(scene, at, seen, who),
            *presence(scene, at, who, manner),
            0.0,
        ]
        for who, manner in zip(people, scene.manner.evidence(at, people), strict=True)
    ]


def presence(scene: Surroundings, at: int, who: int, manner: float) -> list[float]:
    """Whether somebody is there: acts beside what is said, is named and speaks around, is spoken to a turn away."""
    here = scene.utterances[at]
    evidence = scene.evidence
    start = here.spans[0][0]
    acts = evidence.acting[here.line]
    ahead = [one for place, one in acts if place < start]
    behind = [one for place, one in acts if place > start]
    last = evidence.acting[here.line - 1] if here.line and not evidence.starts[here.line] else ()
    next_ = evidence.acting[here.line + 1] if here.line + 1 < len(evidence.lines) else ()
    named = scene.named[who]
    lines = scene.lines_of_exchange(at)
    back, ahead_called = scene.called_turns(at)
    first = scene.exchange[at].start
    return [
        1.0 / (1 + ahead[::-1].index(who)) if who in ahead else 0.0,
        1.0 / (1 + behind.index(who)) if who in behind else 0.0,
        float(bool(last) and last[-1][1] == who),
        float(bool(next_) and next_[0][1] == who),
        coarse_count(named, lines.start, lines.stop),
        coarse_count(named, here.line - 20, here.line),
        coarse_count(named, here.line + 1, here.line + 11),
        float(min(6, scene.talking[first][who] - (scene.soft[at] == who))),
        -parity(back.get(who, 0)),
        -parity(ahead_called.get(who, 0)),
        coarse(scene.chapter_share(here.line, who)),
        manner,
        float(who in evidence.owners[here.line]),
        float(scene.told_of[first][who] - (who in here.spoken_of)),
        scene.ages.get(who, 0.0) * (age_of(here.tag.subject.phrase) if here.tag else 0.0),
    ]


def coarse_count(places: list[int], start: int, stop: int) -> float:
    return math.log1p(bisect_left(places, stop) - bisect_left(places, start))


def in_the_line(scene: Surroundings, at: int, seen: View, who: int) -> list[float]:
    here = scene.utterances[at]
    own = scene.evidence.narrated[here.line]
    return [
        float(here.tag_score) if here.who == who else 0.0,
        float(here.tag_score) if here.who is not None and here.who != who else 0.0,
        seen.fits[who],
        1.0 / (1 + here.beats.index(who)) if who in here.beats else 0.0,
        float(own.count(who)),
        float(bool(own) and own[0] == who),
        float(bool(own) and own[-1] == who),
        float(len(set(own)) == 1 and own[0] == who) if own else 0.0,
    ]


def addressed(scene: Surroundings, at: int, seen: View, who: int) -> list[float]:
    here = scene.utterances[at]
    gender = scene.evidence.people.people[who].gender
    before, after = seen.near[1], seen.near[2]
    return [
        float(who in here.called),
        float(who in here.spoken_of),
        *(float(who in one.called) if one else 0.0 for one in seen.near),
        *(float(who in one.spoken_of) if one else 0.0 for one in seen.near[1:3]),
        address(before.called_gender if before and scene.near[at] else "", gender),
        address(here.called_gender, gender),
        address(after.called_gender if after and scene.near[at + 1] else "", gender),
    ]


def named_around(scene: Surroundings, at: int, seen: View, who: int) -> list[float]:
    line = scene.utterances[at].line
    lines = scene.evidence.narrated
    before = lines[line - 1] if line else ()
    after = lines[line + 1] if line + 1 < len(lines) else ()
    return [
        *seen.last[who],
        float(before.count(who)),
        float(bool(before) and before[0] == who),
        float(bool(before) and before[-1] == who),
        float(after.count(who)),
        float(bool(after) and after[0] == who),
        *(float(value == who) if value is not None else -1.0 for value in seen.spoke_near),
        *seen.spoke[who],
    ]


def turns_and_share(scene: Surroundings, seen: View, who: int) -> list[float]:
    back, ahead = seen.back.get(who, 0), seen.ahead.get(who, 0)
    return [
        parity(back),
        parity(ahead),
        float(back),
        float(ahead),
        coarse(scene.share.get(who, 0.0)),
        coarse(scene.mention_share.get(who, 0.0)),
        seen.window[who] / max(1, sum(seen.window.values())),
        float(seen.window[who]),
        seen.by_last[who],
        seen.by_fit.get(who, -1.0),
        seen.by_spoke[who],
    ]


def standing(scene: Surroundings, at: int, seen: View, who: int) -> list[float]:
    here = scene.utterances[at]
    evidence = scene.evidence
    person = evidence.people.people[who]
    before, after = seen.near[1], seen.near[2]
    return [
        float(who == evidence.people.narrator),
        float(person.nominal),
        GENDERS[person.gender],
        float(who in here.beats and here.beats[0] == who),
        float(after is not None and scene.near[at + 1] and who in after.beats),
        float(before is not None and scene.near[at] and who in before.beats),
        float(here.decided == who) - float(here.decided is not None and here.decided != who),
        float(who in scene.top),
        seen.order.get(who, FAR),
        seen.order_fit.get(who, FAR),
        pronoun(evidence, here.line - 1, person.gender),
        pronoun(evidence, here.line, person.gender),
        float(here.line > 0 and who in evidence.owners[here.line - 1]),
        seen.acted.get(who, FAR),
        seen.acted_fit.get(who, FAR),
        seen.spoke_fit.get(who, FAR),
        float(seen.fitting == {who}),
        bears(person, here.tag.subject.name) if here.tag else 0.0,
        seen.owner.get(who, FAR),
    ]


def agreement(tag: str, gender: str) -> float:
    """1: the tag's gender is theirs; -1: it isn't; 0.5: theirs is unknown; 0: the tag tells nothing."""
    if not tag:
        return 0.0
    return 0.5 if not gender else 1.0 if tag == gender else -1.0


def coarse(share: float) -> float:
    """A share in halvings, so that no tree can know a person of a novel by theirs."""
    return max(-7.0, math.floor(math.log2(share))) if share else -8.0


def pronoun(evidence: SpeechEvidence, line: int, gender: str) -> float:
    """Whether a line's he or she is of a gender: 1, -1; 0 where it has both or neither."""
    if line < 0 or not gender:
        return 0.0
    he, she = evidence.pronouns[line]
    return 0.0 if bool(he) == bool(she) else 1.0 if bool(he) == (gender == "m") else -1.0


def address(called: str, gender: str) -> float:
    return 0.0 if not called or not gender else 1.0 if called == gender else -1.0


def ranks(values: dict[int, float]) -> dict[int, float]:
    ordered = sorted(set(values.values()))
    place = {value: float(index) for index, value in enumerate(ordered)}
    return {who: place[value] for who, value in values.items()}
