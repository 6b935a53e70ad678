"""Whether a take is what it should be: a dozen checks of its sound against its text. It keeps no state.

`examine` hears and judges; `judge` judges again from figures alone, as a take's row in the ledger keeps them, when the
voice's norm has become known in the meantime. A norm adds limits and takes none away: a take that breaks a safe limit
is bad whatever is learned, with the same score, so that a verdict against it need never be taken back.

A check can only compare with what is usual: words left out or cut off are found by length, so a loss smaller than a
voice's own variation passes (a fifth of a line in a steady voice, near half where lengths vary by a fifth). Whether the
words are right only a recogniser can tell: see judges.py.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dotsbook.audio import Samples
from dotsbook.language_code import primary
from dotsbook.render.hearing import hear
from dotsbook.render.length import Echo, echoes, length_of
from dotsbook.render.norms import Norm

# Where each limit comes from: E = 5,000 healthy espeak-ng takes in nine languages and 24 voices lie inside it with
# room to spare; R = so do the clean recordings tried; M = what a model of this kind does when it fails.
CLIPPED = 0.002  # share of samples at full scale in runs; E 0
TOO_QUIET = -50.0  # dBFS of speech; E −26, R −45 is already unusable
LEVEL_OFF = 9.0  # dB from the voice's median; E 5
FLATNESS = 0.20  # 0 tone … 0.56 white noise; E 0.09
HISS = 0.45  # s of noise in one stretch; the longest fricatives take 0.25
RANGE = 12.0  # dB between loud and quiet; R 25, a recording with noise 10 dB under the voice 11
RANGE_SHARE = 0.45  # of what nine in ten of the voice's takes have; E 0.6
RANGE_FROM = 1.0  # s of speech; a single word has no quiet parts
LEAD, TAIL = 1.0, 1.2  # s of silence before and after; E 0.2 and 0.5; M runs on for seconds
GAP = 1.1  # s of silence inside, and the text's own longest pause; E 0.6, slow readers 1.0
GAP_LEARNED = (2.0, 0.2, 0.7)  # times the voice's usual longest gap, plus s, but never under s
TONE = 0.6  # s of one sound held; E 0.14, a sung vowel more
LOOP = 0.95  # likeness of what is repeated; E 0.93 where the text doesn't repeat itself, loops 0.96 … 1
LOOP_LONG = 0.80  # the same when the take is also longer than it should be
ECHO = 0.12  # s that the text itself says over: then more must be alike
ECHO_TIMES = 1.7  # and if it says it more than twice, likeness proves nothing
ECHO_SOON = 0.5  # of the time after which the text says it over: what comes sooner is none of the text's
ECHO_NEAR = 0.15  # of the take: nor what is further from where the text does
LOOP_RATIO = 1.15  # times the most expected
LOOP_START = 1.6  # the same before the norm is known: voices differ by so much
CUT = -18.0  # dB against the loud parts in the last 8 ms; E −20, cut in a word −10 … 0
ENDS = (6.0, -25.0)  # dB over the loudest of the voice's endings, but never under the second; E −28
BEGINS = (6.0, -12.0)  # the same of its beginnings; E −4, a neural voice −19
STARTS = {"fr": 0.80, "hi": 1.15, "ar": 1.05, "zh": 1.05, "ja": 0.90}  # pace before the norm is known; E
START = 0.95  # of any other language
START_LOW, START_HIGH = 0.40, 2.6  # times that: voices and their `rate` or `tempo` differ by so much
LOW = (0.55, 0.80)  # of the usual, once the norm is known: by the voice's spread, within these
HIGH = (1.25, 2.2)  # times the most, likewise
SPREADS = 2.8  # standard deviations: 2.6 ‰ of a normal distribution
SLACK_LOW, SLACK_HIGH = 0.05, 0.35  # s: an interjection is not measured by the letter
SAFE = 0.5  # the score of the worst take that keeps all safe limits


@dataclass(frozen=True)
class Verdict:
    ok: bool
    score: float  # 1 healthy … 0 useless: for choosing between attempts
    figures: dict[str, Any]  # what was measured, and an objection in words if there is one, for the ledger
    reasons: tuple[str, ...] = ()  # one sentence each; empty if ok


@dataclass(frozen=True)
class Fault:
    """A check that failed."""

    reason: str
    weight: float  # how bad, from 1 up


def examine(samples: Samples, rate: int, text: str, language: str, norms: Norm | None = None) -> Verdict:
    """Hear a take (mono float32 at `rate` Hz) and judge it against its spoken text.

    norms: what is normal for this voice in this language (`Norms.of`); None before that is known.
    """
    return judge(figures_of(samples, rate, text, language), norms)


def figures_of(samples: Samples, rate: int, text: str, language: str) -> dict[str, float]:
    """All that `judge` needs, rounded as the ledger keeps it."""
    length = length_of(text)
    start = STARTS.get(primary(language), START)
    expected = {
        "least": length.least,
        "most": length.most,
        "words": length.words,
        "pause": length.pause,
        "breaks": float(length.breaks),
        "start_pace": start,
    }
    heard = hear(samples, rate)
    meant = [echo for echo in echoes(text) if may_be(echo, heard, start)]
    expected |= {
        "echo": max((echo.seconds for echo in meant), default=0.0),
        "times": max((echo.times for echo in meant), default=0.0),
    }
    return {name: round(figure, 4) for name, figure in (heard | expected).items()}


def may_be(echo: Echo, heard: Mapping[str, float], pace: float) -> bool:
    """Whether the repetition that was heard may be this one of the text's own."""
    near = echo.begin - ECHO_NEAR <= heard.get("again", 0.0) <= echo.end + ECHO_NEAR
    return near and heard.get("lag", 0.0) >= ECHO_SOON * pace * echo.period


def judge(figures: Mapping[str, float], norm: Norm | None = None) -> Verdict:
    """The verdict on figures: 1 if all is well, from SAFE up if only the norm is broken, under it otherwise."""
    fatal = unfit(figures)
    if fatal:
        return Verdict(False, 0.0, dict(figures), (fatal,))
    broken = faults(figures, None)
    learned = faults(figures, norm) if norm else []
    score = SAFE * goodness(broken) if broken else SAFE + (1 - SAFE) * goodness(learned)
    return Verdict(
        not (broken or learned), score, dict(figures), tuple(fault.reason for fault in learned or broken)
    )


def faults(figures: Mapping[str, float], norm: Norm | None) -> list[Fault]:
    return [fault for check in CHECKS if (fault := check(figures, norm))]


def goodness(found: list[Fault]) -> float:
    """1 … 0, the less the more is wrong."""
    return 1 / (1 + sum(fault.weight for fault in found))


def unfit(figures: Mapping[str, float]) -> str:
    """Why there is nothing to judge: no sound, no numbers, no speech."""
    if figures["seconds"] == 0:
        return "empty: no sound at all"
    if figures["broken"]:
        return f"not finite: {figures['broken']:.0f} samples are NaN or infinite"
    if figures["speech"] == 0:
        return "silence: nothing is heard"
    return ""


def shortest(figures: Mapping[str, float], norm: Norm | None) -> tuple[float, float]:
    """(a take's length by the least that the text asks of this voice, the least that is healthy); 1 is right.

    Counted with its pauses and without. Once the norm is known each must hold: a hole in the speech leaves the one as
    it was and a lost pause the other, but words that are missing are missing from both.
    """
    if norm is None:
        pace = figures["start_pace"]
        with_pauses = (figures["speech"] + SLACK_LOW) / (figures["least"] * pace)
        return math.sqrt(with_pauses * (figures["said"] + SLACK_LOW) / (figures["words"] * pace)), START_LOW
    found = [
        ((figures[name] + SLACK_LOW) / usual, within(LOW, math.exp(-SPREADS * spread)))
        for name, usual, spread in norm.lengths(figures)
    ]
    return min(found, key=lambda one: one[0] / one[1])


def longest(figures: Mapping[str, float], norm: Norm | None) -> tuple[float, float]:
    """(a take's length by the most that the text asks of this voice, the most that is healthy).

    The kinder of the two ways to count, since a long pause is `silences`' business.
    """
    over = figures["most"] - figures["least"]  # what a text may be read out as
    if norm is None:
        pace = figures["start_pace"]
        asked = {"speech": figures["most"] * pace, "said": (figures["words"] + over) * pace}
        return min((figures[name] - SLACK_HIGH) / most for name, most in asked.items()), START_HIGH
    found = [
        ((figures[name] - SLACK_HIGH) / (usual + over * norm.pace), within(HIGH, math.exp(SPREADS * spread)))
        for name, usual, spread in norm.lengths(figures)
    ]
    return min(found, key=lambda one: one[0] / one[1])


def within(limits: tuple[float, float], figure: float) -> float:
    return min(max(figure, limits[0]), limits[1])


def too_short(figures: Mapping[str, float], norm: Norm | None) -> Fault | None:
    ratio, bound = shortest(figures, norm)
    if ratio >= bound:
        return None
    return Fault(
        f"too short: {figures['speech']:.1f} s of speech, {ratio:.0%} of what it should be; "
        "words may be missing",
        1 + 5 * math.log(bound / max(ratio, 0.01)),
    )


def too_long(figures: Mapping[str, float], norm: Norm | None) -> Fault | None:
    ratio, bound = longest(figures, norm)
    if ratio <= bound:
        return None
    return Fault(
        f"too long: {figures['speech']:.1f} s of speech, {ratio:.0%} of what the text needs at most; "
        "something was added or said twice",
        1 + 5 * math.log(ratio / bound),
    )


def clipped(figures: Mapping[str, float], _norm: Norm | None) -> Fault | None:
    return over("clipped", figures["clipped"], CLIPPED, "{:.1%} of it is clipped")


def level(figures: Mapping[str, float], norm: Norm | None) -> Fault | None:
    found = figures["level"]
    if found < TOO_QUIET:
        return Fault(f"level: {found:.0f} dBFS, too quiet to be speech", 1 + (TOO_QUIET - found) / 10)
    if norm and (off := abs(found - norm.level)) > LEVEL_OFF:
        return Fault(f"level: {found:.0f} dBFS where this voice has {norm.level:.0f}", off / LEVEL_OFF)
    return None


def noise(figures: Mapping[str, float], norm: Norm | None) -> Fault | None:
    least = max(RANGE, RANGE_SHARE * norm.range) if norm else RANGE
    if figures["flatness"] > FLATNESS:
        return Fault(f"noise: spectral flatness {figures['flatness']:.2f}", 2 + figures["flatness"])
    if figures["hiss"] > HISS:
        return Fault(f"noise: {figures['hiss']:.1f} s of hiss", 1 + figures["hiss"])
    if figures["speech"] >= RANGE_FROM and figures["range"] < least:
        missing = least - figures["range"]
        return Fault(f"noise: only {figures['range']:.0f} dB between loud and quiet", 1 + missing / 6)
    return None


def silences(figures: Mapping[str, float], norm: Norm | None) -> Fault | None:
    limit = GAP + figures["pause"]
    if norm:
        times, plus, least = GAP_LEARNED
        limit = min(limit, max(least, times * (norm.gap if figures["breaks"] else norm.still) + plus))
    return (
        over("silence", figures["gap"], limit, "{:.1f} s inside")
        or over("silence", figures["lead"], LEAD, "{:.1f} s before the first word")
        or over("silence", figures["tail"], TAIL, "{:.1f} s after the last word")
    )


def tone(figures: Mapping[str, float], _norm: Norm | None) -> Fault | None:
    return over("stuck", figures["tone"], TONE, "one sound held for {:.1f} s")


def loop(figures: Mapping[str, float], norm: Norm | None) -> Fault | None:
    long = longest(figures, norm)[0] > (LOOP_RATIO if norm else LOOP_START)
    figure, limit = figures["loop"], LOOP_LONG if long else LOOP
    if figures["echo"] >= ECHO:
        figure, limit = figures["loop_long"], limit if long or figures.get("times", 2.0) < ECHO_TIMES else 1.0
    return over("loop", figure, limit, "it says the same thing again ({:.0%} alike)")


def cut(figures: Mapping[str, float], norm: Norm | None) -> Fault | None:
    if norm and figures["start"] > max(norm.start + BEGINS[0], BEGINS[1]):
        return Fault("cut off: it begins in the middle of a sound", 1.0)
    limit = min(CUT, max(norm.end + ENDS[0], ENDS[1])) if norm else CUT
    return over("cut off", limit - figures["end"], 0.0, "it ends in the middle of a sound", below=True)


def over(name: str, figure: float, limit: float, words: str, below: bool = False) -> Fault | None:
    """A Fault if `figure` is over `limit` (or under, the figure being a distance)."""
    if (figure >= limit) if below else (figure <= limit):
        return None
    return Fault(f"{name}: {words.format(figure)}", 1 + min(2.0, abs(figure - limit) / max(abs(limit), 1.0)))


CHECKS: tuple[Callable[[Mapping[str, float], Norm | None], Fault | None], ...] = (
    too_short,
    too_long,
    clipped,
    level,
    noise,
    silences,
    tone,
    loop,
    cut,
)
