"""An engine whose faults are scripted, and small books to feed it. Samples are exact: integers over 32768."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from dotsbook.book import Chunk, Pause
from dotsbook.errors import VoiceError
from dotsbook.render.jobs import Job, Jobs
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory, Request, Spoken, Voice

RATE = 16_000
Script = Callable[[Request, int], str | None]  # (request, which time its text is asked for) → a fault's name
VOICES = {name: Voice(name, fingerprint=name) for name in ("narrator", "mara", "joss")}


def tone(request: Request) -> np.ndarray:
    """A hum whose pitch and length follow text, voice and seed, 20 ms a character; repeats to the bit."""
    digest = hashlib.sha256(f"{request.voice.name}/{request.seed}/{request.text}".encode()).digest()
    count = max(1, len(request.text)) * RATE // 50
    period = 60 + digest[0]
    saw = (np.arange(count) % period) * 12_000 // period - 6_000
    quiet = np.zeros(RATE // 20, np.int64)
    return (np.concatenate([quiet, saw + digest[1], quiet]) / 32768).astype(np.float32)


def chunk(
    number: int, text: str | None = None, *, chapter: int | None = None, voice: str = "narrator"
) -> Chunk:
    """The `number`th chunk, 0 …, of a book with twenty a chapter."""
    chapter = chapter or number // 20 + 1
    text = text or f"Line {number} of the salt road, " + "and on " * (number * 7 % 11) + "to the sea."
    return Chunk(
        f"{chapter}.{number % 20 + 1}",
        chapter,
        "book.md",
        0,
        len(text),
        text,
        text,
        voice,
        "en",
        Pause.SENTENCE,
    )


def book(count: int) -> list[Chunk]:
    """A book of `count` chunks, every seventh Mara's, every eleventh Joss's."""
    return [
        chunk(number, voice="mara" if number % 7 == 3 else "joss" if number % 11 == 5 else "narrator")
        for number in range(count)
    ]


def jobs_of(
    chunks: Iterable[Chunk],
    voices: Mapping[str, Voice] = VOICES,
    identity: str = "scripted:1",
    seed: int = 42,
    retakes: Mapping[str, int] | None = None,
) -> list[Job]:
    """Jobs of a small book whose voices all have one engine."""
    chunks = list(chunks)
    return list(Jobs(lambda: iter(chunks), voices, dict.fromkeys(voices, identity), seed, retakes))


class ScriptedEngine:
    """Speaks with `voice`, and does wrong as `faults(request, n)` says: n = 1 the first time a text is asked for.

    A fault is a name below, or None. Those of a sound change the samples; those of the engine hit the whole batch:
    "hang" blocks until `close`, "crash" raises EngineDied, "oom" raises EngineOutOfMemory, "quit" raises VoiceError,
    "mute" gives no answer, "error" gives an answer with an error.
    """

    identity = "scripted:1"

    def __init__(
        self,
        faults: Script | Mapping[str, Sequence[str | None]] | None = None,
        *,
        voice: Callable[[Request], np.ndarray] = tone,
        rate: int = RATE,
        room: int | None = None,
        each: Callable[[Request], None] = lambda request: None,
    ):
        self.faults = faults if callable(faults) else self.by_text(faults or {})
        self.voice, self.rate, self.room, self.each = voice, rate, room, each
        self.asked: Counter = Counter()  # text → times
        self.batches: list[list[str]] = []  # texts, as they were handed over
        self.closed = threading.Event()
        self.threads: set[int] = set()

    @staticmethod
    def by_text(script: Mapping[str, Sequence[str | None]]) -> Script:
        """Faults by text: the first, second … time it is asked for; the last holds on if it is "…"."""

        def fault(request: Request, times: int) -> str | None:
            names = script.get(request.text, ())
            if names and names[-1] == "…":
                return names[min(times, len(names) - 1) - 1]
            return names[times - 1] if times <= len(names) else None

        return fault

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        return []

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        return sum(len(request.text) for request in requests) * 1000

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        self.batches.append([request.text for request in batch])
        self.threads.add(threading.get_ident())
        if self.room is not None and self.peak_bytes(batch) > self.room:
            raise EngineOutOfMemory(f"{self.peak_bytes(batch)} bytes are more than {self.room}")
        for request in batch:
            self.asked[request.text] += 1
            self.each(request)
            yield from self.answer(request, self.faults(request, self.asked[request.text]))

    def answer(self, request: Request, fault: str | None) -> Iterator[Spoken]:
        match fault:
            case "mute":
                return
            case "error":
                yield Spoken(request, error=VoiceError("a scripted error"))
            case "crash":
                raise EngineDied("a scripted crash")
            case "oom":
                raise EngineOutOfMemory("a scripted shortage")
            case "quit":
                raise VoiceError("a scripted end")
            case "hang":
                self.closed.wait(60)
                raise EngineDied("closed while it hung")
            case _:
                yield Spoken(request, samples=spoil(self.voice(request), self.rate, fault))

    def close(self) -> None:
        self.closed.set()


def spoil(samples: np.ndarray, rate: int, fault: str | None) -> np.ndarray:
    """Samples with a fault of their sound; None leaves them as they are."""
    middle = len(samples) // 2
    match fault:
        case None:
            return samples
        case "empty":
            return samples[:0]
        case "silence":
            return np.zeros_like(samples)
        case "nan":
            return np.where(np.arange(len(samples)) == middle, np.nan, samples).astype(np.float32)
        case "inf":
            return np.where(np.arange(len(samples)) == middle, np.inf, samples).astype(np.float32)
        case "clip":
            return np.clip(samples * 50, -1, 1).astype(np.float32)
        case "truncate":
            return samples[: middle // 2]
        case "skip":
            return np.concatenate([samples[: middle // 2], samples[middle + middle // 2 :]])
        case "loop":
            return np.concatenate([samples, *[samples[middle // 2 : middle]] * 8])
        case "runaway":
            return np.concatenate([samples, np.tile(samples[-(rate // 10) :] * 0 + 0.02, 60)]).astype(
                np.float32
            )
        case "noise":
            return (
                np.random.default_rng(len(samples))
                .normal(0, 0.2, len(samples))
                .clip(-1, 1)
                .astype(np.float32)
            )
        case "tone":
            hum = 0.3 * np.sin(2 * np.pi * 220 * np.arange(3 * rate) / rate)
            return np.concatenate([samples, hum]).astype(np.float32)
        case "gap":
            return np.concatenate([samples[:middle], np.zeros(3 * rate, np.float32), samples[middle:]])
        case "quiet":
            return samples * np.float32(0.01)
    raise ValueError(fault)
