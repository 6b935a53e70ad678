"""From energies to gains: one for each voice, one for the book, held to a named target. It decodes only a sample.

The takes' energies say how loud each voice is, and, laid along the timeline, how loud the book will be. What the
limiter takes away is measured on some dozens of takes spread over the book and given back once. Gains are held: a
change of a few hundredths of a decibel after an edit leaves every encoded chapter as it is.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dotsbook import measure
from dotsbook.audio import Samples
from dotsbook.errors import ManifestError
from dotsbook.files import write_whole
from dotsbook.master.encode import Codec
from dotsbook.master.hear import lost_in, metered
from dotsbook.master.join import Sound, placed
from dotsbook.master.limiter import Limiter
from dotsbook.master.meter import Meter
from dotsbook.master.room_tone import Bed
from dotsbook.master.timeline import Placement, Timeline, Track

MOST = 30.0  # dB a voice is raised or lowered by at most
HOLD = 0.2  # dB: gains closer than this to the last ones are not moved
SAMPLE = 48  # takes the limiter is tried on
ROUNDS = 3  # of trying: a limiter takes part of what it is given back
CODED = 6  # of these, how many go through the codec


@dataclass(frozen=True)
class Target:
    name: str  # as the manifest has it
    level: float | None  # LUFS, or dBFS RMS; None: off
    ceiling: float | None  # dBTP before the encoder
    rms: bool = False  # the level is RMS


def parse_target(text: str) -> Target:
    """The manifest's `output.loudness`: "-19 LUFS", acx, podcast, off, or any figure."""
    word = text.strip().lower()
    named = {
        "acx": Target("acx", -20.0, -3.5, True),
        "podcast": Target("podcast", -16.0, -3.0),
        "off": Target("off", None, None),
    }
    if word in named:
        return named[word]
    figure = re.fullmatch(r"([-−]?\d+(?:\.\d+)?)\s*(lufs|lkfs)?", word)
    level = float(figure.group(1).replace("−", "-")) if figure else 0.0
    if not figure or not -40 <= level <= -8:
        raise ManifestError(
            f'output.loudness can\'t be {text!r}; write a figure such as "-19 LUFS" (-40 to -8), acx, podcast or off.'
        )
    return Target(f"{level:g} LUFS", level, -3.0)


@dataclass(frozen=True)
class Levels:
    """What was found and what is done about it."""

    target: Target
    before: float  # LUFS of the book as rendered
    voices: dict[str, float]  # LUFS of each voice as rendered
    gains: dict[str, float]  # dB by voice


def find_levels(
    timeline: Timeline,
    target: Target,
    limit: float | None,
    bed: Bed,
    codec: Codec | None = None,
    cache: Path | None = None,
) -> Levels:
    """The gain of each voice under a limiter at `limit` dBTP and through a codec that takes some of the level away.

    Reads a sample of the takes; raises Unfinished if one is damaged.
    """
    voices = {voice: measure.loudness_of(list(parts)) for voice, parts in energies_by_voice(timeline).items()}
    before = predicted(timeline, dict.fromkeys(voices, 0.0))
    if target.level is None:
        return Levels(target, before, voices, dict.fromkeys(voices, 0.0))
    even = {voice: bounded(target.level - level) for voice, level in voices.items()}
    book = target.level - predicted(timeline, even)
    base = {voice: bounded(gain + book) for voice, gain in even.items()}
    gains, raised = base, 0.0
    plain = Sound(timeline.rate, {}, bed, None)
    sample = [
        (p.voiced.chunk.voice, packed(placed(p, plain))) for p in sampled(timeline)
    ]  # read once for all rounds
    for _ in range(ROUNDS):
        missing = trial(timeline, Sound(timeline.rate, gains, bed, limit), target, codec, sample)
        raised = (
            raised + missing if target.rms else missing
        )  # LUFS: what limiter and codec took at these gains
        gains = {voice: bounded(gain + raised) for voice, gain in base.items()}
    gains = {voice: round(gain, 2) for voice, gain in gains.items()}
    return Levels(target, before, voices, held(gains, target, codec, cache) if cache else gains)


def packed(samples: Samples) -> np.ndarray:
    """Samples in 16 bits, which is enough to know their level by and half as much memory."""
    return (np.clip(samples, -1, 32767 / 32768) * 32768).round().astype(np.int16)


def bounded(gain: float) -> float:
    return min(MOST, max(-MOST, gain))


def speech_energies(placement: Placement) -> np.ndarray:
    """A take's energies from the start of its speech to the end."""
    take = placement.voiced.take
    step = round(take.rate * measure.BLOCK)
    return np.frombuffer(take.energies, "<f4")[take.first // step : -(-take.last // step)]


def energies_by_voice(timeline: Timeline) -> dict[str, list[np.ndarray]]:
    parts: dict[str, list[np.ndarray]] = {}
    for track in timeline.tracks:
        for placement in track.placements:
            if placement.samples:
                parts.setdefault(placement.voiced.chunk.voice, []).append(speech_energies(placement))
    return parts


def chapter_energies(track: Track, rate: int, gains: dict[str, float]) -> np.ndarray:
    """Energies of a whole chapter on its own 100 ms grid, the takes' put in place to the nearest 100 ms."""
    step = round(rate * measure.BLOCK)
    energies = np.zeros(-(-track.samples // step))
    for placement in track.placements:
        if placement.samples:
            part = speech_energies(placement) * 10 ** (gains.get(placement.voiced.chunk.voice, 0.0) / 10)
            places = block_places(placement, len(part), step)
            within = places < len(energies)
            np.add.at(energies, places[within], part[within])
    return energies


def block_places(placement: Placement, count: int, step: int) -> np.ndarray:
    """Which 100 ms of its chapter each of a line's energies lies in."""
    places = round(placement.speech[0] / step) + np.arange(count)
    if not placement.whole:
        return places
    take = placement.voiced.take
    length = round(take.rate * measure.BLOCK)
    begin = take.first // length * length
    moved = [placement.place_of(begin + number * length) - placement.speech[0] for number in range(count)]
    return round(placement.speech[0] / step) + np.maximum(np.round(np.array(moved) / step).astype(int), 0)


def predicted(timeline: Timeline, gains: dict[str, float]) -> float:
    """LUFS of the book with these gains and no limiter."""
    return measure.loudness_of([chapter_energies(track, timeline.rate, gains) for track in timeline.tracks])


def sampled(timeline: Timeline) -> list[Placement]:
    """Any few takes, but the same after an edit elsewhere, or where a death left other notes in a take's file."""
    placements = [p for track in timeline.tracks for p in track.placements if p.samples]
    return sorted(placements, key=lambda p: p.voiced.take.key)[:SAMPLE]


def trial(
    timeline: Timeline,
    sound: Sound,
    target: Target,
    codec: Codec | None,
    sample: list[tuple[str, np.ndarray]],
) -> float:
    """What is still missing from an RMS target, or what limiter and codec take of the loudness, in dB.

    By a sample of takes (voice, packed samples without gain) put through the limiter, and a few of them through the codec.
    """
    meter, plain = Meter(sound.rate), Meter(sound.rate)
    few: list[np.ndarray] = []
    for index, (voice, unchanged) in enumerate(sample):
        limiter = Limiter(sound.rate, 0.0 if sound.ceiling is None else sound.ceiling)
        samples = unchanged * np.float32(10 ** (sound.gains.get(voice, 0.0) / 20) / 32768)
        plain.push(samples)
        limited = np.concatenate((limiter.push(samples), limiter.flush()))
        meter.push(limited)
        if codec and index < CODED:
            few.append(limited)
    after, before = meter.read(), plain.read()
    if not after.energies.any():
        return 0.0
    lost = lost_in(codec, few, sound.rate, loudness) if codec else 0.0
    if not target.rms or target.level is None:
        return before.loudness - after.loudness + lost
    per_energy = measure.decibels(float(after.squares.sum())) - measure.decibels(float(before.energies.sum()))
    total = sum(float(chapter_energies(track, sound.rate, sound.gains).sum()) for track in timeline.tracks)
    return (
        lost
        + target.level
        - (measure.decibels(total * round(sound.rate * measure.BLOCK) / timeline.samples) + per_energy)
    )


def loudness(blocks: Iterable[tuple[np.ndarray, int]]) -> float:
    return metered(blocks, "what was encoded").loudness


def held(gains: dict[str, float], target: Target, codec: Codec | None, cache: Path) -> dict[str, float]:
    """These gains, or the last ones for this target if none moved by more than HOLD."""
    name = hashlib.sha256(
        json.dumps([target.name, codec and codec.name, sorted(gains)]).encode()
    ).hexdigest()[:16]
    file = cache / f"gains-{name}.json"
    try:
        last = json.loads(file.read_text("utf-8"))
        if last.keys() == gains.keys() and all(
            abs(last[voice] - gain) <= HOLD for voice, gain in gains.items()
        ):
            return last
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        pass  # no memory of them, or a damaged one: these are as good
    write_whole(file, json.dumps(gains).encode())
    return gains
