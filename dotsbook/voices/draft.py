"""The draft voice: espeak-ng, in as many worker processes as there are cores (two at most). It knows no books.

It speaks any book within minutes and with no download, so that chapters, casting and pronunciation can be proofed
before a model runs. Every voice sounds different: variant, pitch and rate come from the manifest, and what isn't
said there from a hash of the voice's name, so that they stay as they are while the cast around them grows.

espeak-ng is under the GPL: it is an optional extra, and lives in `draft_worker`, another process behind a pipe.
"""

import hashlib
import re
import sysconfig
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.language_code import primary
from dotsbook.machine import cores
from dotsbook.voices.draft_process import FAULT, MISSING, EspeakProcess, library
from dotsbook.voices.engine import EngineDied, Request, Spoken, Voice
from dotsbook.voices.side_by_side import spoken_side_by_side
from dotsbook.voices.spec import EngineOptions, EngineSpec

# Raised by whoever changes what this code makes of the same text: `readable`, `by_script`, `espeak_voice`, `character`,
# the worker's loudness. The library's own version stands in the identity.
RECIPE = 1
RATE = 22050  # Hz: espeak-ng's own; mastering resamples once
WORKERS = 2  # more feed nobody: two speak 1,000 times real time
AHEAD = 16  # finished sounds that wait for the caller
# of sound, at most, for the memory estimate: a han character at the slowest rate takes 0.5
SECONDS_A_CHARACTER = 0.25

VARIANTS = [
    "m1",
    "m2",
    "m3",
    "m4",
    "m5",
    "m6",
    "m7",
    "m8",
    "f1",
    "f2",
    "f3",
    "f4",
    "f5",
    "Andy",
    "Annie",
    "Gene",
    "Alicia",
    "Denis",
    "Michael",
    "steph",
    "linda",
    "adam",
    "boris",
    "quincy",
]
NARRATORS = frozenset({"narrator", "default"})  # read most of a book: the plain voice, at an even pace

KANJI = re.compile(r"[々〆一-鿿㐀-䶿]")
HUM = "ん"  # what stands for a kanji: a beat, so that the line keeps about its length
ALIASES = {
    "iw": "he",
    "in": "id",
    "nn": "nb",
    "zh-hk": "yue",
    "zh-mo": "yue",
    "zh-hant-hk": "yue",
    "en-ca": "en-us",
}
READERS = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "CJK": "cmn",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
}  # for Latin letters, Latin
LATIN_AMERICA = frozenset(
    [
        "ar",
        "bo",
        "cl",
        "co",
        "cr",
        "cu",
        "do",
        "ec",
        "gt",
        "hn",
        "mx",
        "ni",
        "pa",
        "pe",
        "pr",
        "py",
        "sv",
        "us",
        "uy",
        "ve",
    ]
)


@dataclass(frozen=True)
class VoiceCharacter:
    """How one voice sounds."""

    variant: str | None  # None: espeak-ng's plain voice
    pitch: int  # 0 … 99
    rate: int  # nominal words a minute; what is heard is some 15 % quicker


def character(voice: Voice) -> VoiceCharacter:
    """The voice's own settings, and for what they leave open its name's hash."""
    chosen = born(voice.timbre)
    settings = voice.settings
    return VoiceCharacter(
        settings.get("variant") or chosen.variant,
        settings["pitch"] if settings.get("pitch") is not None else chosen.pitch,
        settings["rate"] if settings.get("rate") is not None else chosen.rate,
    )


def born(name: str) -> VoiceCharacter:
    if name.lower() in NARRATORS:
        return VoiceCharacter(None, 46, 160)
    digest = hashlib.sha256(name.encode()).digest()
    return VoiceCharacter(VARIANTS[digest[0] % len(VARIANTS)], 25 + digest[1] % 51, 150 + digest[2] % 31)


def espeak_voice(language: str, voices: dict[str, str]) -> str | None:
    """The espeak-ng voice for a BCP 47 tag: itself, a nearer relative, or its first part; None if there is none."""
    tag = language.replace("_", "-").lower()
    primary, _, rest = tag.partition("-")
    if primary == "es" and LATIN_AMERICA & set(rest.split("-")):
        return voices.get("es-419")
    parts = tag.split("-")
    for count in range(len(parts), 0, -1):
        code = "-".join(parts[:count])
        found = voices.get(ALIASES.get(code, code))
        if found:
            return found
    return None


def by_script(text: str) -> str:
    """The espeak-ng voice for a text in a language that has none: by its first letter."""
    first = next((mark for mark in text if mark.isalpha()), "a")
    script = unicodedata.name(first, "").partition(" ")[0].partition("-")[0]
    return READERS.get(script, "la")


def readable(text: str, language: str) -> str:
    """What espeak-ng can read of a text: in Japanese each kanji, which it would spell out as nonsense, is hummed."""
    return KANJI.sub(HUM + HUM, text) if primary(language) == "ja" else text


class DraftEngine:
    """The engine `draft`. Workers start with the first question and live until `close`."""

    rate = RATE
    slots = 1

    def __init__(self) -> None:
        library()
        self.lock = threading.Lock()  # of the two below and `closed`
        self.idle: list[EspeakProcess] = []
        self.workers: set[EspeakProcess] = set()
        self.languages: dict[str, str] = {}
        self.version = ""  # espeak-ng's own
        self.closed = False

    @property
    def identity(self) -> str:
        from importlib.metadata import PackageNotFoundError, version

        try:
            return f"draft:espeakng-loader-{version('espeakng-loader')}"
        except PackageNotFoundError as error:
            raise VoiceError(MISSING) from error

    def facts(self) -> Mapping[str, str]:
        return {
            "device": "cpu",
            "espeak-ng": self.version or "not asked yet",
            "platform": sysconfig.get_platform(),
        }

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """Refuse what espeak-ng has no voice for; say what it reads badly."""
        self.know_languages()
        strange = [language for language in languages if espeak_voice(language, self.languages) is None]
        if strange and len(strange) == len(languages):
            raise VoiceError(
                f"The draft voice doesn't speak `{strange[0]}` (voice `{voice.name}`); "
                "correct the `language:` or `xml:lang`, or choose another engine."
            )
        remarks = [
            f"The draft voice doesn't speak `{language}`; it reads it as its letters suggest."
            for language in strange
        ]
        if any(primary(language) == "ja" for language in languages):
            remarks.append(
                "The draft voice reads Japanese kana only and hums two beats for each kanji: "
                "good for timing and casting, not for words (`reading: {ruby: reading}` helps)."
            )
        variant = character(voice).variant
        if variant and not has_variant(variant):
            raise VoiceError(
                f"Voice `{voice.name}`: espeak-ng has no variant {variant!r}; try f1 … f5 or m1 … m8."
            )
        return remarks

    def know_languages(self) -> dict[str, str]:
        if not self.languages:
            self.give_back(self.borrow())
        return self.languages

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """int16 in the worker and the pipe's buffer, float32 here, for as many as wait at once."""
        longest = sorted((len(request.text) for request in requests), reverse=True)[: AHEAD + WORKERS]
        return int(sum(longest) * SECONDS_A_CHARACTER * RATE * (2 + 2 + 4))

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each as it is done. Leaving the iterator early ends the work that isn't begun.

        Whatever goes wrong in a thread comes out here: of a worker that died, as the answer; all else is raised.
        """
        threads = max(1, min(WORKERS, cores(), len(batch)))
        yield from spoken_side_by_side(batch, self.answer, threads, AHEAD, "draft")

    def answer(self, request: Request) -> Spoken:
        """Speak a request with a worker that is free. One that dies over it is replaced at the next."""
        worker, in_step = self.borrow(), False
        try:
            spoken = self.say(worker, request)
            in_step = True
        except EngineDied as error:
            if self.closed:
                raise
            spoken = Spoken(request, error=error)
        finally:
            if in_step:
                self.give_back(worker)
            else:
                self.forget(worker)
        return spoken

    def say(self, worker: EspeakProcess, request: Request) -> Spoken:
        sounds = character(request.voice)
        base = espeak_voice(request.language, self.languages) or by_script(request.text)
        state, data = worker.ask(
            {
                "text": readable(request.text, request.language),
                "pitch": sounds.pitch,
                "rate": sounds.rate,
                "voice": f"{base}+{sounds.variant}" if sounds.variant else base,
            }
        )
        if state == FAULT:
            why = data.decode(errors="replace")
            return Spoken(
                request, error=VoiceError(f"The draft voice can't say {request.text[:40]!r}: {why}.")
            )
        if not data:
            return Spoken(
                request, error=VoiceError(f"The draft voice finds nothing to say in {request.text[:40]!r}.")
            )
        return Spoken(request, samples=floats(data))

    def borrow(self) -> EspeakProcess:
        """A worker that is free, or a new one. EngineDied after `close`."""
        with self.lock:
            if self.closed:
                raise EngineDied("The draft voice was closed.")
            if self.idle:
                return self.idle.pop()
            worker = EspeakProcess()
            self.workers.add(worker)  # before it has said a word, so that `close` can end it
        greeted = False
        try:
            greeting = worker.greet()
            self.languages, self.version = greeting["voices"], str(greeting["version"])
            greeted = True
        finally:
            if not greeted:
                self.forget(worker)
        return worker

    def give_back(self, worker: EspeakProcess) -> None:
        with self.lock:
            if not self.closed:
                self.idle.append(worker)
                return
        self.forget(worker)

    def forget(self, worker: EspeakProcess) -> None:
        worker.close()
        with self.lock:
            self.workers.discard(worker)

    def close(self) -> None:
        """End the workers, also over a request that hangs: the `speak` that waits for it raises EngineDied."""
        with self.lock:
            self.closed = True
            idle, self.idle = self.idle, []
            for worker in self.workers:
                worker.process.kill()
        for worker in idle:
            self.forget(worker)


def floats(data: bytes) -> Samples:
    import numpy as np

    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)


def has_variant(name: str) -> bool:
    folder = Path(library()[1]) / "espeak-ng-data" / "voices" / "!v"
    return any(file.name.lower() == name.lower() for file in folder.iterdir())


# ── the spec ──


class DraftOptions(EngineOptions):
    """What `options:` may hold; each may stand in the voice's entry itself, too."""

    variant: str | None = None  # an espeak-ng variant such as f3
    pitch: int | None = Field(default=None, ge=0, le=99)
    rate: int | None = Field(default=None, ge=80, le=450)  # words a minute


def fingerprint(voice: Voice) -> dict[str, object]:
    sounds = character(voice)
    tempo = voice.settings["tempo"]
    return {"variant": sounds.variant, "pitch": sounds.pitch, "rate": sounds.rate, "tempo": tempo}


SPEC = EngineSpec(
    "draft",
    lambda setup: DraftEngine(),
    options=DraftOptions,
    of_voice=frozenset(DraftOptions.model_fields),
    fingerprint=fingerprint,
    recipe=RECIPE,
    about="espeak-ng: plain, seconds for a book, for proofing",
    can=frozenset({"preset"}),
    modules=("espeakng_loader",),
    extra="draft",
)
