"""A book's jobs: a key for every chunk, made by hashing all that changes its sound and nothing else. It knows no files
and no engine.

Position never enters a key, so an edited sentence costs one take, an inserted one costs one and a renamed chapter none.
Identical lines are separate takes: each carries which occurrence of the line it is, counted over the whole book,
so keys are always made from all of its chunks, whichever chapters are wanted.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from dotsbook.book import Chunk
from dotsbook.direction import delivered
from dotsbook.voices.engine import Voice

RECIPE = 1  # raised when render/ itself begins to make another sound of the same request
VERSION = "r1:"
BYTES = 32  # of a digest


@dataclass(frozen=True, slots=True)
class Job:
    """A chunk to be spoken, with the key its take will have."""

    chunk: Chunk
    voice: Voice
    key: str
    base: str  # the key without any retake: what a retake is asked for by
    retake: (
        int  # how many the user has asked for; the key is that of the last, unless another take was chosen
    )
    engine: str = ""  # the engine's identity, as it is in the key


class Jobs:
    """A job for every chunk of a book, in its order, made anew each time they are gone through, so that a large book's are
    never all there at once.

    A chunk is hashed when it is first reached, once (twice where a line occurs again, once more where a retake is asked
    for); of that 32 bytes are kept, and going through them again hashes nothing. Use it from any thread.
    """

    def __init__(
        self,
        script: Callable[[], Iterator[Chunk]],
        voices: Mapping[str, Voice],
        identities: Mapping[str, str],
        seed: int,
        retakes: Mapping[str, int] | None = None,
    ):
        """script: gives the book's chunks from the first, each time it is called; identities: {voice's name: the identity
        of the engine that speaks it}; seed: the book's, unless a voice's settings have their own; retakes: {base key: number}.
        """
        self.script, self.voices = script, voices
        self.facts = {
            name: {
                "voice": sound_of(voice),
                "engine": identities[name],
                "seed": voice.settings.get("seed", seed),
            }
            for name, voice in voices.items()
        }
        self.bases = Bases(self.facts)
        self.retakes = dict(retakes or {})
        self.choices: dict[str, str] = {}
        self.retaken: dict[str, str] = {}  # {base: the key with its retake}, of those met so far

    def __iter__(self) -> Iterator[Job]:
        return self.of(None)

    def at(self, place: int, chunk: Chunk) -> Job:
        """The job of the chunk at a place of a book that has been gone through."""
        base = self.bases.base_of(place, chunk)
        retake = self.retakes.get(base, 0)
        key = self.choices.get(base) or (self.retake_key(place, chunk, base) if retake else base)
        who = delivered(chunk.voice, chunk.delivery)
        return Job(chunk, self.voices[who], key, base, retake, self.facts[who]["engine"])

    def of(self, chapters: Collection[int] | None) -> Iterator[Job]:
        """The jobs of some chapters, or all."""
        for place, chunk in enumerate(self.script()):
            if chapters is None or chunk.chapter in chapters:
                yield self.at(place, chunk)
            else:
                self.bases.base_of(place, chunk)
        self.bases.end()

    def __len__(self) -> int:
        if not self.bases.whole:
            for place, chunk in enumerate(self.script()):
                self.bases.base_of(place, chunk)
            self.bases.end()
        return len(self.bases)

    def with_retakes(self, retakes: Mapping[str, int], choices: Mapping[str, str] | None = None) -> "Jobs":
        """The same with other retakes; what is hashed already isn't hashed again.

        choices: {base: the key of the take that stands for it, whatever retakes there are}, of takes that are there
        (Ledger.choices).
        """
        other = object.__new__(Jobs)
        other.__dict__ |= self.__dict__
        other.retakes, other.choices = dict(retakes), dict(choices or {})
        same = self.retakes.items() & other.retakes.items()
        other.retaken = {base: self.retaken[base] for base, _ in same if base in self.retaken}
        return other

    def retake_key(self, place: int, chunk: Chunk, base: str) -> str:
        """The key of the retake that is asked for of a line."""
        if base not in self.retaken:
            self.retaken[base] = self.bases.key(place, chunk, retake=self.retakes[base])
        return self.retaken[base]


class Bases:
    """The keys of a book's chunks before any retake, by their places: 0 is the first."""

    def __init__(self, facts: Mapping[str, Mapping]):
        """facts: {voice's name: what of its key is the voice's}."""
        self.facts = facts
        self.digests = bytearray()
        self.again: dict[int, int] = {}  # {place: which occurrence}, of lines that stood before
        self.seen: Counter[int] = Counter()  # by as much of a key as tells a book's lines apart
        self.whole = False
        self.lock = Lock()

    def __len__(self) -> int:
        return len(self.digests) // BYTES

    def base_of(self, place: int, chunk: Chunk) -> str:
        """The key of the chunk at a place. Places must be come by in their order."""
        start = BYTES * place
        if start == len(self.digests):
            with self.lock:
                if start == len(self.digests):
                    self.add(place, chunk)
        return VERSION + self.digests[start : start + BYTES].hex()

    def end(self) -> None:
        """All of the book is hashed."""
        self.whole = True
        self.seen.clear()

    def add(self, place: int, chunk: Chunk) -> None:
        base = self.key(place, chunk)
        line = digits(base)
        if occurrence := self.seen[line]:
            self.again[place] = occurrence
            base = self.key(place, chunk)
        self.seen[line] += 1
        self.digests += bytes.fromhex(base.removeprefix(VERSION))

    def key(self, place: int, chunk: Chunk, retake: int = 0) -> str:
        return take_key(
            text=chunk.spoken,
            language=chunk.language,
            **self.facts[delivered(chunk.voice, chunk.delivery)],
            occurrence=self.again.get(place, 0),
            retake=retake,
        )


ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted, tight, ASCII, and without what is None."""
    return ENCODER.encode(without_none(value))


def without_none(value: object) -> object:
    """So that an option added later, and unset, changes no key."""
    if isinstance(value, Mapping):
        return {str(name): without_none(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [without_none(item) for item in value]
    return value


def take_key(
    *, text: str, voice: str, engine: str, language: str, seed: int, retake: int = 0, occurrence: int = 0
) -> str:
    """`"r1:"` and the SHA-256, in hex, of the canonical JSON of all that makes the sound.

    text: as spoken; voice: what `sound_of` says; engine: its identity, weights and precision with it; occurrence: 0
    for the first such line.
    """
    facts = {
        "text": text,
        "voice": voice,
        "engine": engine,
        "language": language,
        "seed": seed,
        "retake": retake,
        "occurrence": occurrence,
        "recipe": RECIPE,
    }
    return VERSION + hashlib.sha256(ENCODER.encode(facts).encode("ascii")).hexdigest()


def sound_of(voice: Voice) -> str:
    """What of a voice is heard: its fingerprint, which covers reference, transcript, sampling and tempo as far as its
    engine minds them; without one, all that is known of it."""
    return voice.fingerprint or canonical(
        {
            "name": voice.name,
            "language": voice.language,
            "transcript": voice.transcript,
            "reference": voice.reference and str(voice.reference),
            "settings": voice.settings,
        }
    )


def digits(key: str) -> int:
    """As much of a key as tells a book's lines apart, in less memory."""
    return int(key[-15:], 16)


def seed_for(key: str, attempt: int, part: int = 0) -> int:
    """The seed, 0 … 2**63-1, of an attempt (1 is the first) at a take, or at one part of a take that is split."""
    digest = hashlib.sha256(f"{key}/{attempt}/{part}".encode("ascii")).digest()
    return int.from_bytes(digest[:8], "big") >> 1
