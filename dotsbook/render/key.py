"""A take's identity: a hash of everything that changes its sound, and nothing else. It knows no files and no engine.

Position never enters, so an edited sentence costs one take, an inserted one costs one and a renamed chapter none.
Identical lines are separate takes: each carries which occurrence of the line it is, counted over the whole book,
so keys must always be made from all of its chunks, whichever chapters are wanted.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dotsbook.book import Chunk
from dotsbook.voices.engine import Voice

RECIPE = 1  # raised when render/ itself begins to make another sound of the same request
VERSION = "r1:"


@dataclass(frozen=True, slots=True)
class Job:
    """A chunk to be spoken, with the key its take will have."""

    chunk: Chunk
    voice: Voice
    key: str
    base: str  # the key without any retake: what a retake is asked for by
    retake: int  # how many the user has asked for


class Jobs:
    """A book's jobs, made anew each time they are gone through, so that a large book's are never all there at once."""

    def __init__(self, each: Callable[[], Iterator[Job]]):
        self.each = each

    def __iter__(self) -> Iterator[Job]:
        return self.each()


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


def jobs_for(
    chunks: Iterable[Chunk],
    voices: Mapping[str, Voice],
    engine_identity: str,
    seed: int,
    retakes: Mapping[str, int] | None = None,
) -> list[Job]:
    """A job for every chunk of the book, in its order.

    seed: the book's, unless a voice's settings have their own; retakes: {base key: number}, from the ledger.
    """
    return list(each_job(chunks, voices, engine_identity, seed, retakes))


def each_job(
    chunks: Iterable[Chunk],
    voices: Mapping[str, Voice],
    engine_identity: str,
    seed: int,
    retakes: Mapping[str, int] | None = None,
) -> Iterator[Job]:
    """The same, one by one. Of the lines that came before only a few bytes of a hash are kept."""
    retakes = retakes or {}
    sounds = {name: sound_of(voice) for name, voice in voices.items()}
    seen: Counter[int] = Counter()
    for chunk in chunks:
        voice, sound = voices[chunk.voice], sounds[chunk.voice]
        facts = {
            "text": chunk.spoken,
            "voice": sound,
            "engine": engine_identity,
            "language": chunk.language,
            "seed": voice.settings.get("seed", seed),
        }
        base = take_key(**facts)
        line = digits(base)
        if occurrence := seen[line]:
            facts["occurrence"] = occurrence
            base = take_key(**facts)
        seen[line] += 1
        retake = retakes.get(base, 0)
        yield Job(chunk, voice, take_key(**facts, retake=retake) if retake else base, base, retake)


def digits(key: str) -> int:
    """As much of a key as tells a book's lines apart, in less memory."""
    return int(key[-15:], 16)


def keys_for(
    chunks: Iterable[Chunk],
    voices: Mapping[str, Voice],
    engine_identity: str,
    seed: int,
    retakes: Mapping[str, int] | None = None,
) -> list[str]:
    """The key of every chunk of the book, in its order."""
    return [job.key for job in jobs_for(chunks, voices, engine_identity, seed, retakes)]


def seed_for(key: str, attempt: int, part: int = 0) -> int:
    """The seed, 0 … 2**63-1, of an attempt (1 is the first) at a take, or at one part of a take that is split."""
    digest = hashlib.sha256(f"{key}/{attempt}/{part}".encode("ascii")).digest()
    return int.from_bytes(digest[:8], "big") >> 1
