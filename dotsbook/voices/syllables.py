"""The engine `syllables`: syllables without words, for tests and dry runs. It knows no language, only scripts.

Same request, same samples, to the bit and on every machine: all that follows the tables is integer arithmetic. The
length follows the text as speech does (by script, digits, punctuation); the voice's name sets the pitch, the seed
the melody and the vowels.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.voices.edits import EditedLine, EditRequest
from dotsbook.voices.engine import Request, Spoken, Voice
from dotsbook.voices.spec import EngineSpec

if TYPE_CHECKING:
    from numpy import ndarray as Whole  # int64
else:
    Whole = object  # so that naming the type doesn't load numpy

RECIPE = 1  # raised by whoever changes a sample of what is made here
RATE = 24000  # Hz
SYLLABLE = 0.18  # seconds: 5.5 a second, a calm reader
EDGE = 0.05  # seconds of quiet before and after
PAUSES = {**dict.fromkeys(",;:、，；：،؛—–", 0.22), **dict.fromkeys(".!?…。！？।؟", 0.38)}
DIGIT = 0.30  # seconds: a digit is a word or so

# Seconds a letter, by the first word of its Unicode name: measured on espeak-ng's voices, rounded
LETTERS = {
    "HIRAGANA": 0.13,
    "KATAKANA": 0.13,
    "HANGUL": 0.19,
    "CJK": 0.22,
    "ARABIC": 0.095,
    "HEBREW": 0.095,
    "DEVANAGARI": 0.08,
    "BENGALI": 0.08,
    "TAMIL": 0.08,
    "TELUGU": 0.08,
    "THAI": 0.08,
}
LETTER, SIGN = 0.066, 0.03  # any other letter; a vowel sign

CYCLE = 1024  # samples of a table's one period
TURN = 1 << 32  # of the phase: a whole period
PITCHES = tuple(round(82 * 2 ** (step / 6)) for step in range(13))  # Hz of the tables: 82 … 328
FORMANTS = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240))
BANDWIDTHS = (90, 110, 170)  # Hz; vowels after Peterson & Barney 1952
FLOOR = 3  # of 32768: quiet is never nothing


@dataclass(frozen=True)
class Beat:
    """A syllable or a pause."""

    samples: int
    voiced: bool


def beats(text: str) -> list[Beat]:
    """The rhythm of a text: its words cut into syllables, and pauses where it has punctuation."""
    found, word = [], 0.0
    for mark in f"{text} ":
        seconds = length_of(mark)
        if seconds:
            word += seconds
            continue
        if word:
            count = max(1, round(word / SYLLABLE))
            found += [Beat(round(word * RATE / count), True)] * count
            word = 0.0
        if mark in PAUSES and found and found[-1].voiced:
            found.append(Beat(round(PAUSES[mark] * RATE), False))
    while found and not found[-1].voiced:
        found.pop()
    return found


@cache
def length_of(mark: str) -> float:
    """Seconds that a character takes, 0 for what isn't pronounced."""
    kind = unicodedata.category(mark)
    if kind[0] == "N":
        return DIGIT
    if kind[0] == "M":
        return SIGN
    if kind[0] != "L":
        return 0.0
    return LETTERS.get(unicodedata.name(mark, "").partition(" ")[0].partition("-")[0], LETTER)


@cache
def vowels(pitch: int) -> Whole:
    """One period of each vowel at a pitch in Hz, (5, CYCLE) int64, peak 32767."""
    import numpy as np

    turn = 2 * np.pi * np.arange(CYCLE) / CYCLE
    table = np.zeros((len(FORMANTS), CYCLE))
    for row, formants in zip(table, FORMANTS, strict=True):
        for harmonic in range(1, 4500 // pitch):
            frequency = harmonic * pitch
            level = sum(
                0.5**index / (1 + ((frequency - formant) / width) ** 2)
                for index, (formant, width) in enumerate(zip(formants, BANDWIDTHS, strict=True))
            )
            row += (level + 0.02) * np.sin(harmonic * turn + harmonic * harmonic)
        row /= np.abs(row).max()
    return np.rint(table * 32767).astype(np.int64)


@cache
def hiss() -> Whole:
    """A second and more of white noise, (2**15,) int64 within ±32767: SplitMix64, so that no library decides it."""
    import numpy as np

    state = np.arange(1, 2**15 + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (state >> np.uint64(48)).astype(np.int64) - 32768


@cache
def shapes() -> tuple[Whole, Whole]:
    """How loud vowel and consonant are along a syllable, 256 steps each, int64 of 32768."""
    import numpy as np

    step = np.arange(256)
    vowel = np.minimum(np.clip((step - 40) * 700, 0, 24000), np.clip((255 - step) * 260, 0, 24000))
    consonant = np.minimum(step * 160, np.clip((72 - step) * 70, 0, 4000))
    return vowel.astype(np.int64), consonant.astype(np.int64)


def draw(name: str, text: str, seed: int) -> Samples:
    """The sound of a text, mono float32 at RATE."""
    import numpy as np

    rhythm = beats(text)
    lengths = np.array([beat.samples for beat in rhythm])
    luck = np.frombuffer(
        hashlib.shake_256(f"{name}\0{text}\0{seed}".encode()).digest(4 * len(rhythm)), np.uint8
    )
    luck = luck.reshape(-1, 4).astype(np.int64)
    base = 85 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "little") % 170  # Hz
    fall = np.arange(len(rhythm), dtype=np.int64) * 24 // max(1, len(rhythm))  # percent, to the end
    pitch = base * (112 - fall + luck[:, 0] % 13) // 112  # Hz a syllable

    beat = np.repeat(np.arange(len(rhythm)), lengths)
    inside = np.arange(len(beat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    along = inside * 256 // lengths[beat]
    phase = np.cumsum(pitch[beat] * (TURN // RATE)) % TURN // (TURN // CYCLE)
    nearest = min(range(len(PITCHES)), key=lambda index: abs(PITCHES[index] - base))
    voice = vowels(PITCHES[nearest])[luck[beat, 1] % len(FORMANTS), phase]
    breath = hiss()[(np.arange(len(beat)) + int(luck[0, 2]) * 97) % len(hiss())]

    loud = np.array([item.voiced for item in rhythm], np.int64) * (170 + luck[:, 3] % 86)  # of 256
    vowel, consonant = shapes()
    sound = (voice * vowel[along] + breath * consonant[along]) // 32768 * loud[beat] // 512
    edge = np.zeros(round(EDGE * RATE), np.int64)
    sound = np.concatenate([edge, sound, edge])
    sound += hiss()[np.arange(len(sound)) % len(hiss())] * FLOOR // 32768
    return (sound / 32768).astype(np.float32)


class SyllablesEngine:
    """The engine `syllables`."""

    identity = "mumble:1"  # its name of before: takes made then are still found
    rate = RATE
    slots = 1

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        return []

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        return max((len(request.text) for request in requests), default=0) * round(DIGIT * RATE) * 8 * 8

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        for request in batch:
            if any(beat.voiced for beat in beats(request.text)):
                yield Spoken(request, samples=draw(request.voice.timbre, request.text, request.seed))
            else:
                yield Spoken(request, error=VoiceError(f"There is nothing to say in {request.text[:40]!r}."))

    def edit(self, batch: Sequence[EditRequest]) -> Iterator[EditedLine]:
        """The take, to the bit, but for the words that change, which are spoken anew."""
        from dotsbook.voices.syllable_edits import edited

        for request in batch:
            yield edited(
                request,
                lambda text: [beat.samples for beat in beats(text)],
                lambda text, seed: draw("edited", text, seed),
                round(EDGE * RATE),
            )

    def close(self) -> None:
        vowels.cache_clear()


def fingerprint(voice: Voice) -> dict[str, object]:
    """A voice is its name."""
    return {"name": voice.timbre, "tempo": voice.settings["tempo"]}


SPEC = EngineSpec(
    "syllables",
    lambda setup: SyllablesEngine(),
    fingerprint=fingerprint,
    recipe=RECIPE,
    about="syllables without words, for tests and dry runs",
    can=frozenset({"edit"}),
)
