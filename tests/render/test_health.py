"""The health checks: healthy takes pass, each fault is found and named, norms are learned in any order."""

import random
from dataclasses import dataclass, replace

import numpy as np
import pytest

from dotsbook.render import norms
from dotsbook.render.health import SAFE, Verdict, examine, figures_of, judge
from dotsbook.render.hearing import hear
from dotsbook.render.length import echoes, length_of
from dotsbook.render.norms import FIRST, NEEDED, SAMPLE, Norms, name_of, norm_of, samples_of
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.syllables import RATE, SyllablesEngine, draw

LINE = "The lamp on Sorrel Head had burned for years, before anyone thought to count the oil that it took."
WORDS = [
    "lamp",
    "harbour",
    "ledger",
    "winter",
    "carried",
    "nobody",
    "window",
    "seven",
    "kettle",
    "slowly",
    "across",
    "the",
    "of",
    "and",
    "under",
    "stairs",
    "remembered",
    "answer",
]
KEYS = [f"k{number}" for number in range(SAMPLE)]
GOOD = draw("mara", LINE, 1)
DICE = np.random.default_rng(3)
NOISE = (DICE.standard_normal(len(GOOD)) * 0.09).astype(np.float32)


def lines(count):
    dice = random.Random(5)
    return [" ".join(dice.sample(WORDS, dice.randint(2, 16))).capitalize() + "." for _ in range(count)]


@pytest.fixture(scope="module")
def norm():
    """What is normal for mara in English."""
    norms = Norms({("mara", "en"): KEYS})
    requests = [
        Request(text, Voice("mara"), "en", 1, key) for text, key in zip(lines(SAMPLE), KEYS, strict=True)
    ]
    for spoken in SyllablesEngine().speak(requests):
        norms.add(
            "mara", "en", spoken.request.tag, examine(spoken.samples, RATE, spoken.request.text, "en").figures
        )
    return norms.of("mara", "en")


def said(samples, norm=None, text=LINE, rate=RATE):
    return examine(np.asarray(samples, np.float32), rate, text, "en", norm)


def test_healthy_takes_pass_with_a_norm_and_without(norm):
    for known in (None, norm):
        for spoken in SyllablesEngine().speak(
            [Request(text, Voice("mara"), "en", 9) for text in [*lines(40), LINE, "No."]]
        ):
            verdict = said(spoken.samples, known, spoken.request.text)
            assert verdict.ok, verdict
            assert verdict.score == 1.0


def silent_inside(seconds):
    return np.concatenate([GOOD[: 3 * RATE], np.zeros(int(seconds * RATE), np.float32), GOOD[3 * RATE :]])


def looped(period, times):
    end = len(GOOD) - RATE // 10
    return np.concatenate([GOOD[:end], *[GOOD[end - int(period * RATE) : end]] * times])


TONE = (0.2 * np.sin(2 * np.pi * 180 * np.arange(RATE) / RATE)).astype(np.float32)
SAFE_ONES = [  # faults that are found before anything is known of the voice
    ("empty", np.zeros(0)),
    ("silence", np.zeros_like(GOOD)),
    ("not finite", np.where(np.arange(len(GOOD)) == 99, np.nan, GOOD)),
    ("not finite", np.where(np.arange(len(GOOD)) == 99, np.inf, GOOD)),
    ("clipped", np.clip(GOOD * 20, -1, 1)),
    ("level", GOOD * 0.02),
    ("silence", silent_inside(2)),
    ("silence", np.concatenate([GOOD, np.zeros(2 * RATE)])),
    ("silence", np.concatenate([np.zeros(2 * RATE), GOOD])),
    ("noise", NOISE),
    ("noise", GOOD + NOISE),
    ("noise", np.concatenate([GOOD[:RATE], NOISE[:RATE], GOOD[2 * RATE :]])),
    ("stuck", np.concatenate([GOOD[: 3 * RATE], TONE])),
    ("loop", looped(0.4, 4)),
    ("loop", looped(1.5, 2)),
    ("cut off", GOOD[: int(2.35 * RATE)]),
    ("too short", GOOD[: int(1.2 * RATE)]),
    ("too long", np.concatenate([GOOD, *[draw("mara", line, 4) for line in lines(8)]])),
]
LEARNED = [  # and those that take a norm
    ("too short", GOOD[: int(0.7 * len(GOOD))]),
    ("too short", np.concatenate([GOOD[:RATE], GOOD[3 * RATE :]])),
    ("too long", np.concatenate([GOOD, draw("mara", LINE, 7)])),
    ("level", GOOD * 0.2),
    ("silence", silent_inside(0.9)),
    ("noise", GOOD + NOISE * np.float32(0.45)),
]


@pytest.mark.parametrize(("name", "samples"), SAFE_ONES)
def test_faults_by_safe_limits(name, samples, norm):
    for known in (None, norm):
        verdict = said(samples, known)
        assert not verdict.ok
        assert verdict.score < 1
        assert any(reason.startswith(name) for reason in verdict.reasons), verdict.reasons


@pytest.mark.parametrize(("name", "samples"), LEARNED)
def test_faults_by_the_voices_norm(name, samples, norm):
    assert any(reason.startswith(name) for reason in said(samples, norm).reasons)


def test_of_two_bad_takes_the_better_scores_higher(norm):
    assert said(GOOD[: int(0.7 * len(GOOD))], norm).score > said(GOOD[: int(0.3 * len(GOOD))], norm).score > 0
    assert said(np.full(RATE, np.nan), norm).score == 0


def test_words_said_twice_in_the_text_are_no_loop(norm):
    for text in (
        "No, no, no, no, no, no, no!",
        "Tick tock, tick tock, tick tock, tick tock.",
        "Never, never, never.",
    ):
        assert said(draw("mara", text, 1), norm, text).ok
    thrice, twice = echoes("never, never, never")[-1], echoes("so I never, never")[-1]
    assert (
        thrice.seconds == pytest.approx(2 * twice.seconds)
        and thrice.times == pytest.approx(2)
        and twice.end == 1.0
    )
    assert echoes("好好好") and not echoes("never ever") and not echoes("the man and the dog")


def test_a_loop_where_the_text_says_nothing_over_is_one(norm):
    text = "Never, never did the lamp on Sorrel Head burn for so long before anyone thought to count the oil that it took."
    take = draw("mara", text, 1)
    end = len(take) - RATE // 10
    assert said(take, norm, text).ok
    stuck = np.concatenate([take[:end], *[take[end - RATE // 2 : end]] * 3])
    assert any(reason.startswith("loop") for reason in said(stuck, norm, text).reasons)


def test_figures_alone_judge_the_same(norm):
    figures = figures_of(GOOD[: 2 * RATE], RATE, LINE, "en")
    assert judge(figures, norm) == said(GOOD[: 2 * RATE], norm)
    assert isinstance(judge(figures), Verdict)
    assert all(isinstance(figure, float) and np.isfinite(figure) for figure in figures.values())


def test_figures_do_not_hang_on_the_rate():
    here, there = hear(GOOD, RATE), hear(np.repeat(GOOD, 2), 2 * RATE)
    for name in ("seconds", "speech", "lead", "gap"):
        assert here[name] == pytest.approx(there[name], abs=0.03)
    assert here["level"] == pytest.approx(there["level"], abs=0.3)


@pytest.mark.parametrize("count", [1, 7, 100, 1000, 5000])
@pytest.mark.parametrize("rate", [8000, 22050, 48000])
def test_the_shortest_sounds_are_judged_too(count, rate):
    assert not said(DICE.standard_normal(count) * 0.1, rate=rate).ok


@pytest.mark.parametrize("text", ["", "…", "🙂", "7", "A", "𝔘𝔫𝔦", "天", "नमस्ते", "x" * 5000])
def test_any_text_has_a_length(text):
    length = length_of(text)
    assert 0 < length.words <= length.least <= length.most
    said(GOOD, text=text)


def figures(speech, level=-20.0):
    return {
        "speech": speech,
        "said": speech,
        "least": 1.0,
        "most": 1.0,
        "words": 1.0,
        "breaks": 0.0,
        "level": level,
        "range": 40.0,
        "gap": 0.1,
        "start": -60.0,
        "end": -60.0,
    }


def test_norms_are_medians_and_their_order_is_nothing():
    heard = [figures(1 + number / 100) for number in range(FIRST)]
    one, other = (Norms({("a", "en"): KEYS[:FIRST]}) for _ in range(2))
    made = [one.add("a", "en", key, row) for key, row in zip(KEYS, heard, strict=False)]
    assert made[:-1] == [None] * (FIRST - 1) and made[-1] == one.of("a", "en")
    for key, row in reversed(list(zip(KEYS, heard, strict=False))):
        other.add("a", "en", key, row)
    assert one.of("a", "en") == other.of("a", "en")
    assert one.of("a", "en").pace == pytest.approx(1.035)
    assert one.of("b", "en") is one.of("a", "de") is None


def test_a_few_bad_ones_do_not_move_a_norm():
    heard = [tuple(figures(1.0).values())] * 20 + [tuple(figures(9.0, -60.0).values())] * 4
    assert norm_of(heard).pace == 1.0
    assert norm_of(heard).level == -20.0


def test_a_norm_is_made_of_its_sample_only():
    norms = Norms({("a", "en"): KEYS})
    assert not any(norms.add("a", "en", f"other {number}", figures(9.0)) for number in range(200))
    assert [bool(norms.add("a", "en", key, figures(1.0))) for key in KEYS] == [False] * (SAMPLE - 1) + [True]
    assert norms.of("a", "en").pace == 1.0
    assert not norms.waiting and not norms.add("a", "en", KEYS[0], figures(9.0))


def test_a_voice_with_few_lines_or_few_healthy_ones_has_no_norm():
    norms = Norms({("a", "en"): KEYS[: FIRST - 1], ("b", "en"): KEYS})
    assert not any(norms.add("a", "en", key, figures(1.0)) for key in KEYS)
    assert not any(
        norms.add("b", "en", key, figures(1.0) if number < FIRST - 1 else None)
        for number, key in enumerate(KEYS)
    )


def test_a_word_or_a_row_without_figures_teaches_nothing():
    for row in (figures(0.4), {"speech": 2.0}, None):
        norms = Norms({("a", "en"): KEYS})
        assert not any(norms.add("a", "en", key, row) for key in KEYS)
        assert norms.of("a", "en") is None


def test_a_sample_is_a_voices_first_lines_that_are_long_enough():
    lines = [(("a", "en"), f"{number}", LINE if number % 2 else "No.") for number in range(4 * SAMPLE)]
    assert samples_of(lines) == {("a", "en"): [f"{number}" for number in range(1, 2 * SAMPLE, 2)]}
    assert samples_of([(("b", "en"), "1", "No."), *lines])["b", "en"] == []


def test_a_norm_adds_limits_and_takes_none_away(norm):
    """What is bad without a norm is bad with any, and as bad: attempts compare alike before and after it is known."""
    slow = tuple(2.4 * weight for weight in norm.speech)
    strange = replace(
        norm,
        pace=norm.pace * 2.4,
        speech=slow,
        said=slow,
        level=norm.level - 20,
        speech_spread=(0.1, 0.1),
        said_spread=(0.1, 0.1),
    )
    for _, samples in SAFE_ONES + LEARNED:
        before, after = said(samples), [said(samples, known) for known in (norm, strange)]
        assert all(
            verdict.score == before.score if not before.ok else verdict.score >= SAFE for verdict in after
        )
        assert not any(verdict.ok for verdict in after if not before.ok)


def lively(count, spread, cut=1.0):
    """Figures of takes of like lines in a voice whose length varies by `spread`; `cut` is what is left of each."""
    dice = np.random.default_rng(8)
    lengths = dice.uniform(1.5, 12.0, count)
    heard = lengths * np.exp(dice.normal(0, spread, count)) * cut
    return [
        figures(float(seconds))
        | {
            "least": float(length),
            "most": float(length),
            "words": float(length),
            "lead": 0.0,
            "tail": 0.0,
            "seconds": float(seconds),
            "broken": 0.0,
            "clipped": 0.0,
            "flatness": 0.0,
            "hiss": 0.0,
            "tone": 0.0,
            "loop": 0.0,
            "echo": 0.0,
            "pause": 0.0,
            "start_pace": 1.0,
        }
        for length, seconds in zip(lengths, heard, strict=True)
    ]


@pytest.mark.parametrize(("spread", "kept"), [(0.03, 0.72), (0.07, 0.68), (0.12, 0.58), (0.20, 0.45)])
def test_the_livelier_a_voice_the_wider_its_limits(spread, kept):
    """Few false alarms in any voice, and a loss is found that stands out of that voice's own spread."""
    takes = lively(3000, spread)
    norm = norm_of([tuple(row[name] for name in NEEDED) for row in takes[:SAMPLE]])
    alarms = sum(not judge(row, norm).ok for row in takes)
    missed = sum(judge(row, norm).ok for row in lively(3000, spread, kept))
    assert alarms / len(takes) <= 0.01
    assert missed / len(takes) <= 0.25


def test_bad_takes_that_slipped_through_widen_no_limits():
    """One in eight of those that make the norm has lost half its words; the others' habits are found all the same."""
    takes, halves = lively(3000, 0.06), lively(3000, 0.06, 0.5)
    mixed = [
        half if number % 8 == 0 else take
        for number, (take, half) in enumerate(zip(takes, halves, strict=True))
    ]
    norm = norm_of([tuple(row[name] for name in NEEDED) for row in mixed[:SAMPLE]])
    assert sum(not judge(row, norm).ok for row in takes) <= 30
    assert sum(judge(row, norm).ok for row in halves) <= 3


def test_a_norm_of_another_make_is_not_taken_for_one_of_ours(monkeypatch):
    before = name_of("e:1", Voice("a"), "en")

    @dataclass
    class Older:
        pace: float

    monkeypatch.setattr(norms, "Norm", Older)
    assert name_of("e:1", Voice("a"), "en") != before


def test_an_ending_is_compared_with_the_voices_own(norm):
    """Cut in a pause between two words: no sound is cut, but this voice never ends so."""
    louder = replace(norm, end=-90.0)
    cut = figures_of(GOOD, RATE, LINE, "en") | {"end": -24.5}
    assert judge(cut, replace(norm, end=-30.0)).ok
    assert any(reason.startswith("cut off") for reason in judge(cut, louder).reasons)
    assert any(
        reason.startswith("cut off")
        for reason in judge(cut | {"start": -2.0}, replace(norm, start=-60.0, end=-30.0)).reasons
    )
