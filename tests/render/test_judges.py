"""The user's own judges: found, asked, survived, and never asked twice."""

import threading
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import numpy as np
import pytest
from bench import told
from fakes import VOICES, ScriptedEngine, book, jobs_of

from dotsbook.errors import LedgerError
from dotsbook.production.doubts import reasons_against
from dotsbook.render import judges, ledger, loop, write_lock
from dotsbook.render.cases import Judged
from dotsbook.render.health import SAFE, Verdict, figures_of
from dotsbook.render.judgement import Judgement, weighed
from dotsbook.render.judges import GROUP, OLD_GROUP, GuardedJudge, HeardTake, ValidatorJudge, check, find
from dotsbook.render.opinions import KeptOpinion, Opinion, keep, kept, latest
from dotsbook.render.review import reviewer
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.syllables import RATE, draw

SOUND = np.ones(10, np.float32)
TAKE = HeardTake(SOUND, 8000, "Hi", "en", VOICES["mara"], "r1:a")


def agrees(samples, rate, text, language):
    return None


def objects(samples, rate, text, language):
    samples[:] = 0
    return f"{text} at {rate} in {language}"


def breaks(samples, rate, text, language):
    raise ValueError("no model")


class ItsOwn(Exception):
    """One that no list of ours would name."""


def falls(samples, rate, text, language):
    raise ItsOwn("no ear")


def stops(samples, rate, text, language):
    raise KeyboardInterrupt


def mumbles(samples, rate, text, language):
    return 0.7


NUMBER = 3


@dataclass
class Ear:
    """A judge who says what it is told to, and remembers what it heard."""

    says: object = Opinion(0.9)
    name: str = "ear"
    version: str = "1"
    threshold: float = 0.5
    heard: list = field(default_factory=list)

    def hear(self, take):
        self.heard.append(take)
        return self.says(take) if callable(self.says) else self.says


def made_ear():
    return Ear(name="made")


READY = Ear(name="ready")


def guarded(check, name="v"):
    return GuardedJudge(ValidatorJudge(name, check))


def examined(*ears, sound=None, text="The lamp on Sorrel Head had burned for years."):
    """The verdict on a good take."""
    judgement = Judgement.__new__(Judgement)
    judgement.norms, judgement.heard = Decided(), {}
    judgement.judges = [ear if isinstance(ear, GuardedJudge) else GuardedJudge(ear) for ear in ears]
    take = draw("mara", text, 1) if sound is None else sound
    return judgement.examine(take, RATE, Request(text, Voice("mara"), "en", 1))


class Decided:
    """A judgement's norms where nothing is known of any voice."""

    def of(self, voice, language):
        return None


def test_a_validator_is_a_judge():
    assert guarded(agrees).hear(TAKE).opinion == Opinion(1.0)
    assert guarded(objects).hear(TAKE).opinion == Opinion(0.0, ("Hi at 8000 in en",))


def test_one_that_fails_is_told_of_and_costs_nothing():
    for fault, word in ((breaks, "ValueError: no model"), (falls, "ItsOwn: no ear"), (mumbles, "float")):
        judge = guarded(fault)
        assert judge.heard(TAKE) == (None, False)
        assert word in judge.complaint and "`v`" in judge.complaint
        assert examined(judge).ok


@pytest.mark.parametrize("answer", [0.7, "fine", Opinion(1.1), Opinion(float("nan")), Opinion("good")])
def test_an_answer_that_is_none_is_told_of(answer):
    judge = GuardedJudge(Ear(answer))
    assert judge.heard(TAKE) == (None, False) and "0 to 1" in judge.complaint


def test_an_interrupt_in_one_is_still_an_interrupt():
    with pytest.raises(KeyboardInterrupt):
        guarded(stops).hear(TAKE)


def test_they_are_found_by_entry_point():
    points = [
        EntryPoint(name, f"{__name__}:{value}", GROUP)
        for name, value in (
            ("z", "READY"),
            ("a", "made_ear"),
            ("c", "Ear"),
            ("gone", "missing"),
            ("n", "NUMBER"),
        )
    ]
    points += [
        EntryPoint("nowhere", "no_such_module_here:check", GROUP),
        EntryPoint("twice", f"{__name__}:Ear", GROUP),
    ]
    found, sentences = find(points, [])
    assert [judge.name for judge in found] == ["made", "ear", "ready"]
    assert len(sentences) == 4 and all("judge" in sentence for sentence in sentences)


def test_validators_are_still_asked_and_told_that_they_are_of_the_old_kind():
    old = [
        EntryPoint(name, f"{__name__}:{value}", OLD_GROUP)
        for name, value in (("z", "objects"), ("a", "agrees"), ("gone", "missing"), ("number", "NUMBER"))
    ]
    old.append(EntryPoint("ear", f"{__name__}:agrees", OLD_GROUP))
    found, sentences = find([EntryPoint("ear", f"{__name__}:Ear", GROUP)], old)
    assert [judge.name for judge in found] == ["ear", "a", "z"]
    assert (
        sum("last time" in sentence and GROUP in sentence for sentence in sentences) == 2
        and len(sentences) == 4
    )


def test_none_are_installed_here():
    assert judges.find() == ([], [])


def test_a_judge_is_given_all_that_is_known_of_a_take():
    ear, line = Ear(), "The lamp on Sorrel Head had burned for years."
    assert examined(ear).ok
    [take] = ear.heard
    assert (take.text, take.language, take.voice.name, take.rate) == (line, "en", "mara", RATE)
    assert np.array_equal(take.samples, draw("mara", line, 1))


def test_each_has_samples_of_its_own():
    ear = Ear()
    examined(guarded(objects), ear)
    assert ear.heard[0].samples.any()


def test_what_one_says_stands_in_the_report():
    line = "The lamp on Sorrel Head had burned for years."
    verdict = examined(guarded(objects, "o"))
    assert not verdict.ok and 0 < verdict.score < SAFE
    assert reasons_against(SimpleNamespace(health=verdict.figures), None) == (f"o: {line} at {RATE} in en",)
    take = draw("mara", line, 1)
    assert (
        "doubtful when it was made"
        in reasons_against(SimpleNamespace(health=figures_of(take, RATE, line, "en")), None)[0]
    )
    assert examined(Ear(Opinion(0.25))).reasons == ("ear: 0.25, where 0.50 is the least",)


def test_the_better_of_two_that_are_spoken_against_is_the_one_liked_better():
    low, high = (examined(Ear(Opinion(score))) for score in (0.1, 0.4))
    assert not low.ok and not high.ok and 0.25 < low.score < high.score < SAFE
    one_of_two = examined(Ear(Opinion(0.1)), Ear(Opinion(1.0)))
    assert low.score < one_of_two.score < SAFE
    assert examined(Ear(Opinion(0.5))).ok and examined(Ear(None)).ok


def test_one_that_only_the_norm_is_against_stays_better_than_one_a_judge_is_against():
    off, judge = Verdict(False, 0.7, {}, ("slow",)), GuardedJudge(Ear())
    liked, less = (weighed(off, [(judge, Opinion(score))]) for score in (1.0, 0.6))
    assert SAFE <= less.score < liked.score == off.score and weighed(off, []) is off


def test_a_take_that_breaks_a_safe_limit_is_heard_by_none():
    ear = Ear()
    assert not examined(ear, sound=np.zeros(RATE, np.float32)).ok and not ear.heard


def test_one_at_a_time_unless_it_says_otherwise():
    inside, most = [], []

    def busy(take):
        inside.append(1)
        most.append(len(inside))
        threading.Event().wait(0.02)
        inside.pop()
        return Opinion(1.0)

    for parallel, expected in ((False, 1), (True, 4)):
        ear = Ear(busy)
        ear.parallel = parallel
        judge = GuardedJudge(ear)
        most.clear()
        threads = [threading.Thread(target=judge.hear, args=(TAKE,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (max(most) == 1) == (expected == 1)


# in a render, and of takes that exist


def speaking(request):
    return draw("narrator", request.text, request.seed)


def rendered(bench, ears, count=6, doubted=None):
    """(outcome, the judgement) of a render that is judged by `ears`."""
    engine = ScriptedEngine(voice=speaking, rate=RATE)
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        jobs = jobs_of(book(count))
        judge = Judgement(rows, jobs, [GuardedJudge(ear) for ear in ears])
        events = loop.render(jobs, engine, rows, bench.takes, examine=judge.examine, first=judge.first)
        return told(events, judge.learn), judge


def test_the_best_of_several_attempts_is_kept_with_what_was_said_of_it(bench):
    scores = {}

    def says(take):
        seen = scores.setdefault(take.text, [])
        seen.append([0.2, 0.4, 0.3, 0.1][len(seen) % 4])
        return Opinion(seen[-1], (f"attempt {len(seen)}",), {"wer": 0.5}, ((0, 4),))

    rendered(bench, [Ear(says)])
    takes = bench.finished()
    assert len(takes) == 6 and {take.health["attempt"] for take in takes.values()} == {2}
    with bench.reading() as rows:
        found = kept(rows, takes)
    assert len(found) == 6
    for one in found:
        assert (one.judge, one.version) == ("ear", "1")
        assert one.opinion == Opinion(0.4, ("attempt 2",), {"wer": 0.5}, ((0, 4),))


def test_a_judge_that_always_fails_costs_no_take(bench):
    def fails(take):
        raise ItsOwn("no ear")

    outcome, judge = rendered(bench, [Ear(fails)])
    assert outcome.done == 6 and not outcome.doubtful
    assert judge.complaints() == ["The judge `ear` failed (ItsOwn: no ear); its opinion is left out."]
    with bench.reading() as rows:
        assert kept(rows, bench.finished()) == []


def checked(bench, ears, stop=lambda: False, count=6):
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        guarded_ears = [GuardedJudge(ear) for ear in ears]
        return [
            (job.chunk.id, name)
            for job, name, _ in check(jobs_of(book(count)), rows, bench.takes, guarded_ears, stop)
        ]


def test_takes_that_exist_are_heard_once_by_each_version(bench):
    rendered(bench, [Ear()])
    again, other = Ear(), Ear(name="other")
    assert checked(bench, [again], count=9) == [] and not again.heard
    assert len(checked(bench, [again, other], count=9)) == 6 and not again.heard
    assert {take.key for take in other.heard} == bench.finished().keys()
    newer, silent = Ear(version="2"), Ear(None, name="silent")
    assert len(checked(bench, [newer, silent])) == len(newer.heard) == len(silent.heard) == 6
    assert checked(bench, [newer, silent]) == [] and len(silent.heard) == 6


def test_what_a_judge_said_last_counts_whatever_its_version_is_called(bench):
    rendered(bench, [])
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        key, *_ = rows.finished()
        for version, score in (("9", 0.2), ("10", 0.8)):
            keep(rows, [KeptOpinion(key, "ear", version, Opinion(score))])
        assert latest(rows, [key], "ear")[key].score == 0.8


def test_a_check_that_is_stopped_goes_on_where_it_was(bench):
    rendered(bench, [])
    ear = Ear()
    assert len(checked(bench, [ear], stop=lambda: len(ear.heard) == 2)) == 2
    assert len(checked(bench, [ear])) == 4 and len({take.key for take in ear.heard}) == 6


def test_a_judge_that_failed_is_asked_again(bench):
    rendered(bench, [])
    assert checked(bench, [Ear(lambda take: breaks(None, 0, "", ""))]) == []
    assert len(checked(bench, [Ear()])) == 6


def test_what_was_said_of_a_take_goes_with_it(bench):
    rendered(bench, [Ear()])
    [key, *_] = bench.finished()
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        rows.forget([key])
        assert not kept(rows, [key])
    ear = Ear()
    rendered(bench, [])
    assert len(checked(bench, [ear])) == 1 and ear.heard[0].key == key


def test_a_take_whose_file_is_gone_is_told_of(bench):
    rendered(bench, [])
    next(bench.takes.glob("??/*.flac")).unlink()
    with pytest.raises(LedgerError, match="verify --repair"):
        checked(bench, [Ear()])


# takes that don't hold any more


def test_locked_lines_and_approved_takes_are_not_doubted(bench, monkeypatch):
    rendered(bench, [])
    jobs = jobs_of(book(6))
    monkeypatch.setattr(
        "dotsbook.render.judgement.judge", lambda figures, norm: Verdict(False, 0.7, {}, ("odd",))
    )
    with reviewer(bench.ledger, bench.takes) as review:
        review.lock([jobs[0].base])
        review.approve([(jobs[1].base, jobs[1].key), (jobs[2].base, "r1:another take")])
    with bench.reading() as rows:
        judgement = Judgement.__new__(Judgement)
        judgement.ledger, judgement.judges, judgement.before = rows, [], {}
        judgement.norms = Decided()
        judgement.norms.known = {("narrator", "en"): True}
        judgement.norms.of = lambda voice, language: True
        assert judgement.doubted(jobs).keys() == {job.key for job in jobs[2:]}


def test_what_was_said_of_a_doubted_take_that_stays_is_kept(bench, monkeypatch):
    rendered(bench, [Ear(Opinion(0.9, ("before",)))])
    jobs = jobs_of(book(6))
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        judge = Judgement(rows, jobs, [GuardedJudge(Ear(Opinion(0.1, ("now",))))])
        odd = Verdict(False, 0.9, dict(rows.finished()[jobs[0].key].health), ("odd",))
        doubted = {jobs[0].key: Judged(1, None, odd)}
        judge.before = {jobs[0].key: kept(rows, [jobs[0].key])}
        engine = ScriptedEngine(voice=speaking, rate=RATE)
        outcome = told(
            loop.render(jobs, engine, rows, bench.takes, examine=judge.examine, doubted=doubted), judge.learn
        )
        assert outcome.done == 1 and len(engine.asked) == 1
        [one] = kept(rows, [jobs[0].key])
    assert one.opinion.reasons == ("before",)
