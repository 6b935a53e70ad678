"""Indexes over a book's evidence: who is named where, who surely speaks where, who may be meant at an utterance."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict

import numpy as np

from dotsbook.casting.age import ages
from dotsbook.casting.manner import Manner
from dotsbook.casting.speech_evidence import SpeechEvidence, SpokenLine

BACK, AHEAD = 10, 3  # lines in which whoever is named is a candidate
MOST, MORE = 14, 5  # candidates of an utterance: of those near by; of those further away
# lines before an exchange, and before a tag with "he" or "she", in which others are looked for
LEAD, FAR_BACK = 4, 60
FAR = 30.0  # distances are cut off here


def gauge(value: float) -> float:
    return min(value, FAR)


class Surroundings:
    """Indexes over a book's evidence that the features are read from."""

    def __init__(self, evidence: SpeechEvidence):
        self.evidence = evidence
        self.utterances = evidence.utterances
        self.named: defaultdict[int, list[int]] = defaultdict(
            list
        )  # person → lines whose narration names them
        for line, people in enumerate(evidence.narrated):
            for person in dict.fromkeys(people):
                self.named[person].append(line)
        self.lines = [utterance.line for utterance in self.utterances]
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
        self.exchange = self.exchanges()
        self.ages = ages((line.narrated for line in evidence.lines), evidence.people)
        self.manner = Manner([utterance.text for utterance in self.utterances], self.sure)
        self.by_chapter: defaultdict[int, Counter[int]] = defaultdict(Counter)
        # by an exchange's first: who the tags name, and who is named in what is said
        self.talking: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.told_of: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for at, who in enumerate(self.soft):
            first = self.exchange[at].start
            self.told_of[first].update(self.utterances[at].spoken_of)
            if who is not None and who >= 0:
                self.by_chapter[int(self.chapter[self.lines[at]])][who] += 1
                self.talking[first][who] += 1
        self.chapter_total = {chapter: counts.total() for chapter, counts in self.by_chapter.items()}

    def exchanges(self) -> list[range]:
        """For each utterance those that stand together with it, without a gap."""
        found: list[range] = []
        begin = 0
        for at in range(1, len(self.utterances) + 1):
            if at == len(self.utterances) or not self.near[at]:
                found.extend([range(begin, at)] * (at - begin))
                begin = at
        return found

    def lines_of_exchange(self, at: int) -> range:
        run = self.exchange[at]
        return range(self.lines[run.start], self.lines[run.stop - 1] + 1)

    def chapter_share(self, line: int, who: int) -> float:
        """Somebody's share of the chapter's lines with a tag."""
        chapter = int(self.chapter[line])
        return self.by_chapter[chapter][who] / max(1, self.chapter_total.get(chapter, 0))

    def called_turns(self, at: int) -> tuple[dict[int, int], dict[int, int]]:
        """For those addressed in the exchange: how many turns before and after an utterance."""
        found: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for way, side in ((-1, found[0]), (1, found[1])):
            turns = 0
            k = at
            while k + way in self.exchange[at] and turns < 6:
                turns += not self.utterances[max(k, k + way)].follows
                k += way
                for who in self.utterances[k].called:
                    if turns:
                        side.setdefault(who, turns)
        return found

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

    def actors(self, line: int) -> dict[int, float]:
        """The same of those who act in it, this line's narration and who speaks before it among them."""
        found: dict[int, float] = {}
        spoken = {self.utterances[k].line: self.sure[k] for k in self.before(line)}
        for k in range(line - 1, max(-1, line - BACK - 1), -1):
            if self.chapter[k] != self.chapter[line]:
                break
            acts = self.evidence.acting[k] if self.evidence.acting else ()
            who = spoken.get(k)
            for one in ((who,) if who is not None and who >= 0 else ()) + tuple(
                one for _, one in reversed(acts)
            ):
                found.setdefault(one, float(len(found)))
        return found

    def before(self, line: int) -> range:
        """The utterances of the lines just before one."""
        end = bisect_left(self.lines, line)
        return range(bisect_left(self.lines, line - BACK), end)

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
                    if (told := self.soft[other]) is not None:
                        order.append(told)
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
        order = [who for who in order if who >= 0]
        found = list(dict.fromkeys([*chosen, *order]))[:MOST]
        found += [who for who in self.further(at) if who not in found][:MORE]
        order = [*found, *self.top]
        if self.evidence.people.narrator is not None:
            chosen[self.evidence.people.narrator] = None
        for who in order:
            chosen.setdefault(who, None)
        return list(chosen)

    def further(self, at: int) -> list[int]:
        """Who else may be meant: those who take part in the exchange or led up to it, and of the tag's gender the last named."""
        run, here = self.exchange[at], self.utterances[at]
        lines = self.evidence.narrated
        begin = self.lines[run.start]
        around = [self.soft[k] for k in run]
        around += [who for k in run for who in self.utterances[k].called]
        for line in range(begin, max(-1, begin - LEAD - 1), -1):
            if self.chapter[line] != self.chapter[here.line]:
                break
            around.extend(reversed(lines[line]))
        if here.gender:
            known = self.evidence.people.people
            for line in range(here.line, max(-1, here.line - FAR_BACK - 1), -1):
                if self.chapter[line] != self.chapter[here.line]:
                    break
                around.extend(who for who in reversed(lines[line]) if known[who].gender == here.gender)
        return [who for who in dict.fromkeys(around) if who is not None and who >= 0]


def sure(utterance: SpokenLine) -> int | None:
    if utterance.decided is not None:
        return utterance.decided
    return utterance.who if utterance.tag_score >= 3 else None


def soft(utterance: SpokenLine) -> int | None:
    if utterance.decided is not None:
        return utterance.decided
    return utterance.who if utterance.tag_score >= 2 else None


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


def runs(scene: Surroundings, at: int) -> tuple[dict[int, int], dict[int, int]]:
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
