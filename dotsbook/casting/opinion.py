"""The chances of each candidate of each utterance: trees over the features, and over what they said of its neighbours, twice."""

from dataclasses import replace

import numpy as np

from dotsbook.casting import english
from dotsbook.casting.pair_features import NOBODY, FeatureTable, first_look
from dotsbook.casting.second_look import second_look
from dotsbook.casting.speech_evidence import SpeechEvidence, SpokenLine
from dotsbook.casting.subject import Sort
from dotsbook.casting.tree_model import shipped, softmax

# what the paragraphs of a speech count: who speaks is told where it begins and ends
FIRST, WITHIN, LAST = 1.0, 0.1, 0.5
IMPOSSIBLE = 2.0  # what a score loses where the tag's pronoun is of the other gender; a gender may be wrong
NAMED = 0.95  # how often a tag with a name and a plain verb of saying is right


def chances(evidence: SpeechEvidence, spoken: list[SpokenLine]) -> list[dict[int, float]]:
    """{person: probability} for each utterance that is spoken; NOBODY stands for everybody else."""
    model = shipped()
    scene, look = first_look(replace(evidence, utterances=spoken))
    early = softmax(model.first.scores(look.rows), look.begins, model.heats[0])
    fits = possible(spoken, evidence, look)
    late = softmax(model.second.scores(second_look(scene, look, early)) + fits, look.begins, model.heats[1])
    last = softmax(model.second.scores(second_look(scene, look, late)) + fits, look.begins, model.heats[1])
    late = (late + last) / 2
    found = []
    for at, people in enumerate(look.candidates):
        start = look.begins[at]
        found.append(tagged(spoken[at], {who: float(late[start + k]) for k, who in enumerate(people)}))
    return one_speaker_a_turn(spoken, found)


def possible(spoken: list[SpokenLine], evidence: SpeechEvidence, look: FeatureTable) -> np.ndarray:
    """What is taken from the scores of a woman where a tag says "he said", of a man where it says "she said"."""
    people = evidence.people.people
    out = np.zeros(len(look.rows), np.float32)
    for at, (line, begin) in enumerate(zip(spoken, look.begins[:-1], strict=True)):
        if (
            line.tag is None
            or line.tag_score < 3
            or line.tag.subject.sort is not Sort.PRONOUN
            or not line.gender
        ):
            continue
        for k, who in enumerate(look.candidates[at]):
            if who != NOBODY and people[who].gender not in ("", line.gender):
                out[begin + k] = -IMPOSSIBLE
    return out


def one_speaker_a_turn(spoken: list[SpokenLine], found: list[dict[int, float]]) -> list[dict[int, float]]:
    """A speech that goes on over paragraphs is one speaker's: all its paragraphs get one opinion."""
    out = list(found)
    begin = 0
    for at in range(1, len(spoken) + 1):
        if at < len(spoken) and spoken[at].follows and spoken[at].line - spoken[at - 1].line <= 1:
            continue
        if at - begin > 1:
            out[begin:at] = [agreed(spoken[begin:at], found[begin:at])] * (at - begin)
        begin = at
    return out


def agreed(spoken: list[SpokenLine], found: list[dict[int, float]]) -> dict[int, float]:
    """What the paragraphs of one speech say together: the surest of those with a tag that names somebody, else their mean."""
    named = [
        chance
        for line, chance in zip(spoken, found, strict=True)
        if line.who is not None and line.tag_score == 3
    ]
    if named:
        return max(named, key=lambda chance: max(chance.values()))
    people = {who for chance in found for who in chance}
    weights = [FIRST, *[WITHIN] * (len(found) - 2), LAST]
    return {
        who: sum(weight * chance.get(who, 0.0) for weight, chance in zip(weights, found, strict=True))
        / sum(weights)
        for who in people
    }


def tagged(utterance: SpokenLine, chance: dict[int, float]) -> dict[int, float]:
    """The chances where a tag names the speaker beside a plain verb of saying: the tag comes before the trees."""
    tag, who = utterance.tag, utterance.who
    if (
        tag is None
        or who not in chance
        or utterance.tag_score < 3
        or not tag.verb
        or tag.verb in english.WEAK
        or tag.subject.sort not in (Sort.NAME, Sort.FIRST)
    ):
        return chance
    if chance[who] >= NAMED:
        return chance
    rest = sum(value for other, value in chance.items() if other != who) or 1.0
    return {other: NAMED if other == who else value * (1 - NAMED) / rest for other, value in chance.items()}
