"""Whether a recording is fit to clone a voice from, and how to cut a long one. It knows samples, and no model.

Every check is a `Finding` with its figure; one that says "refuse" stops an enrolment. Limits stand beside their names.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from dotsbook.audio import Samples, read_any
from dotsbook.errors import VoiceError

FRAME = 0.020  # s
SHORT, FINE, LONG = 1.0, 3.0, 20.0  # s of speech: refused under, fine from, refused over; 5 to 15 are best
RATES = (8000, 16000)  # Hz: refused under, fine from
LEVELS = (-55.0, -38.0)  # dBFS of speech: refused under, fine from
CLIPPINGS = (0.0005, 0.01)  # share of flat tops: fine up to, refused over
NOISES = (6.0, 20.0)  # dB of speech over the floor: refused under, fine from
OFFSET = 0.01  # mean sample that is no longer nothing
PAUSE = 2.0  # s of silence inside that a reference shouldn't have
LETTERS = (3.0, 30.0)  # of the transcript a second of speech: what a voice can say
SPEECH = 35.0  # dB under the loud parts and still speech
OVER_FLOOR = 5.0  # dB over the floor and no longer noise
KEEP = 0.15  # s left before and after the speech of a reference
BREATH = 0.12  # s of quiet that make a pause to cut at
AGREE = 0.04  # how far, as a share of the whole, a pause and a comma may lie apart
BEST = 15.0  # s that a cut aims for
ENDS = ".!?…。！？।؟;:,，；：、،؛—"

Answer = Literal["ok", "warn", "refuse"]


@dataclass(frozen=True)
class Finding:
    name: str
    figure: float
    unit: str
    verdict: Answer
    advice: str = ""  # what to do about it; empty if ok


@dataclass(frozen=True)
class Reference:
    """A recording as read: mono, float32."""

    samples: Samples
    rate: int
    first: int  # samples between which there is speech; 0, 0: none
    last: int
    findings: tuple[Finding, ...]

    @property
    def seconds(self) -> float:
        """Of speech, from its first to its last sound."""
        return (self.last - self.first) / self.rate

    @property
    def fit(self) -> bool:
        return all(finding.verdict != "refuse" for finding in self.findings)


def read_reference(path: Path, transcript: str | None = None) -> Reference:
    """Read a recording in any format and check it. VoiceError if it can't be read at all."""
    samples, rate = read_any(path)
    return examine(samples, rate, transcript)


def refusal(path: Path, reference: Reference) -> VoiceError | None:
    """The sentence for a recording that is not fit; None for one that is."""
    bad = [finding for finding in reference.findings if finding.verdict == "refuse"]
    if not bad:
        return None
    said = (f"{find.name} is {find.figure:.3g} {find.unit}".rstrip() + f"; {find.advice}." for find in bad)
    return VoiceError(f"{path} can't be a reference: {' '.join(said)}")


def examine(samples: Samples, rate: int, transcript: str | None = None) -> Reference:
    """Check a mono recording at `rate` Hz."""
    if not np.isfinite(samples).all():
        broken = Finding(
            "broken samples", float((~np.isfinite(samples)).sum()), "", "refuse", "export it again"
        )
        return Reference(samples, rate, 0, 0, (broken,))
    offset = float(samples.mean()) if len(samples) else 0.0
    level = levels(samples - offset, rate)
    speech = spoken(level)
    if not speech.any():
        nothing = Finding("speech", 0.0, "s", "refuse", "nothing is heard in it; record the voice again")
        return Reference(samples, rate, 0, 0, (nothing,))
    hop = round(FRAME * rate)
    places = np.flatnonzero(speech)
    first, last = int(places[0]) * hop, min(len(samples), (int(places[-1]) + 1) * hop)
    inside = speech[places[0] : places[-1] + 1]
    loud = float(10 * np.log10((10 ** (level[speech] / 10)).mean()))
    floor = float(np.percentile(level, 5))
    found = [
        length((last - first) / rate),
        sample_rate(rate),
        loudness(loud),
        clipping(samples),
        noise(loud - floor),
        steadiness(offset),
        pauses(longest(~inside) * FRAME),
    ]
    if transcript:
        found.append(reading_rate(transcript, (last - first) / rate))
    return Reference(samples, rate, first, last, tuple(found))


def levels(samples: Samples, rate: int) -> np.ndarray:
    """dBFS of each 20 ms."""
    hop = round(FRAME * rate)
    whole = samples[: len(samples) // hop * hop].reshape(-1, hop).astype(np.float64)
    return 10 * np.log10(np.maximum((whole**2).mean(axis=1), 1e-12))


def spoken(level: np.ndarray) -> np.ndarray:
    """Which frames hold speech: near the loud ones, and over what is there when nobody speaks."""
    if not len(level) or level.max() < -75:
        return np.zeros(len(level), bool)
    loud, floor = np.percentile(level, 95), np.percentile(level, 5)
    limit = max(loud - SPEECH, min(floor + OVER_FLOOR, loud - 6))
    return level > limit


def longest(flags: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def length(seconds: float) -> Finding:
    if seconds < SHORT:
        return Finding(
            "speech", seconds, "s", "refuse", "that is too little to tell a voice from; give 5 to 15 s"
        )
    if seconds > LONG:
        return Finding(
            "speech",
            seconds,
            "s",
            "refuse",
            f"more than {LONG:.0f} s cost time on every line and don't "
            "help; add `--cut` to cut it at a pause, or cut it and its transcript to 5 to 15 s by hand",
        )
    if seconds < FINE:
        return Finding("speech", seconds, "s", "warn", "5 to 15 s make a likelier voice")
    return Finding("speech", seconds, "s", "ok")


def sample_rate(rate: int) -> Finding:
    if rate < RATES[0]:
        return Finding(
            "rate", rate, "Hz", "refuse", "most of the voice is missing; record at 24,000 Hz or more"
        )
    if rate < RATES[1]:
        return Finding(
            "rate", rate, "Hz", "warn", "it is as dull as a telephone; 24,000 Hz or more is better"
        )
    return Finding("rate", rate, "Hz", "ok")


def loudness(level: float) -> Finding:
    if level < LEVELS[0]:
        return Finding(
            "level", level, "dBFS", "refuse", "there is hardly any signal; record closer or louder"
        )
    if level < LEVELS[1]:
        return Finding("level", level, "dBFS", "warn", "it is very quiet; its noise will be heard")
    return Finding("level", level, "dBFS", "ok")


def clipping(samples: Samples) -> Finding:
    """Flat tops, at full scale or wherever the recorder gave up."""
    size = np.abs(samples - np.median(samples))
    flat = size >= 0.985 * size.max()
    share = float((flat[2:] & flat[1:-1] & flat[:-2]).mean()) if len(samples) > 2 else 0.0
    if share > CLIPPINGS[1]:
        return Finding(
            "clipping", share, "of all samples", "refuse", "the voice is torn; record with less gain"
        )
    if share > CLIPPINGS[0]:
        return Finding(
            "clipping", share, "of all samples", "warn", "some peaks are cut off; less gain is better"
        )
    return Finding("clipping", share, "of all samples", "ok")


def noise(over: float) -> Finding:
    if over < NOISES[0]:
        return Finding(
            "speech over noise", over, "dB", "refuse", "noise nearly drowns the voice; find a quieter room"
        )
    if over < NOISES[1]:
        return Finding(
            "speech over noise",
            over,
            "dB",
            "warn",
            "noise is cloned with the voice; a quieter recording is better",
        )
    return Finding("speech over noise", over, "dB", "ok")


def steadiness(offset: float) -> Finding:
    if abs(offset) > OFFSET:
        return Finding("offset", offset, "", "warn", "the recorder adds a constant; it is taken away")
    return Finding("offset", offset, "", "ok")


def pauses(seconds: float) -> Finding:
    if seconds > PAUSE:
        return Finding(
            "silence inside", seconds, "s", "warn", "a reference without long pauses reads more evenly"
        )
    return Finding("silence inside", seconds, "s", "ok")


def reading_rate(transcript: str, seconds: float) -> Finding:
    """Letters a second; one of a script where a letter is a syllable or a word counts as three."""
    count = sum(3 if mark >= "\u3040" else 1 for mark in transcript if mark.isalnum())
    rate = count / max(seconds, 0.1)
    if LETTERS[0] <= rate <= LETTERS[1]:
        return Finding("transcript", rate, "letters a second", "ok")
    few = rate < LETTERS[0]
    return Finding(
        "transcript",
        rate,
        "letters a second",
        "warn",
        "it seems to say "
        + ("less" if few else "more")
        + " than the recording; it must be exactly what is spoken",
    )


def cleaned(reference: Reference, end: int | None = None) -> Samples:
    """The recording from a little before its speech to a little after it (or to `end`), its offset taken away."""
    keep = round(KEEP * reference.rate)
    last = reference.last if end is None else end
    part = reference.samples[max(0, reference.first - keep) : last + keep]
    return (part - part.mean()).astype(np.float32)


@dataclass(frozen=True)
class Cut:
    end: int  # sample at which the kept part ends
    transcript: str  # what is spoken in it, as far as can be told from the lengths
    seconds: float


def cut(reference: Reference, transcript: str | None, most: float = BEST) -> Cut:
    """Where to end a long recording: at a pause within `most` seconds of speech that falls where the transcript pauses.

    VoiceError if no pause and no mark of punctuation lie together.
    """
    ends = breaths(reference, most)
    text = (transcript or "").strip()
    if not text and ends:
        return Cut(ends[-1], "", (ends[-1] - reference.first) / reference.rate)
    marks = [at + 1 for at, mark in enumerate(text) if mark in ENDS and text[at + 1 : at + 2].strip() == ""]
    weight = [
        sum(mark.isalnum() for mark in text[:at]) / max(1, sum(mark.isalnum() for mark in text))
        for at in marks
    ]
    shares = shares_spoken(reference, ends)
    fits = [
        (end, at)
        for end, share in zip(ends, shares, strict=True)
        for at, said in zip(marks, weight, strict=True)
        if abs(share - said) < AGREE and 0 < said < 1
    ]
    if not fits:
        raise VoiceError(
            f"The recording has {reference.seconds:.0f} s of speech and no pause in the first {most:.0f} "
            "that falls together with one in its transcript; cut both by hand, to 5 to 15 s."
        )
    best = max(end for end, _ in fits)
    share, said_by = dict(zip(ends, shares, strict=True))[best], dict(zip(marks, weight, strict=True))
    at = min((at for end, at in fits if end == best), key=lambda at: abs(said_by[at] - share))
    return Cut(best, text[:at].rstrip(), (best - reference.first) / reference.rate)


def breaths(reference: Reference, most: float) -> list[int]:
    """Samples at which speech stops for a breath, up to `most` seconds after it begins."""
    hop = round(FRAME * reference.rate)
    speech = spoken(levels(reference.samples - reference.samples.mean(), reference.rate))
    edges = np.flatnonzero(np.diff(np.concatenate(([1], speech.astype(np.int8), [1]))))
    quiet = zip(edges[::2] * hop, edges[1::2] * hop, strict=False)
    return [
        int(start)
        for start, end in quiet
        if end - start >= BREATH * reference.rate
        and SHORT * reference.rate <= start - reference.first <= most * reference.rate
    ]


def shares_spoken(reference: Reference, ends: list[int]) -> list[float]:
    """How much of all speech lies before each place, pauses not counted."""
    hop = round(FRAME * reference.rate)
    speech = spoken(levels(reference.samples - reference.samples.mean(), reference.rate))
    return [float(speech[: end // hop].sum() / speech.sum()) for end in ends]
