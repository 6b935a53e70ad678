"""The draft voice: espeak-ng, in as many worker processes as there are cores (two at most). It knows no books.

It speaks any book within minutes and with no download, so that chapters, casting and pronunciation can be proofed
before a model runs. Every voice sounds different: variant, pitch and rate come from the manifest, and what isn't
said there from a hash of the voice's name, so that they stay as they are while the cast around them grows.

espeak-ng is under the GPL: it is an optional extra, and lives in `draft_worker`, another process behind a pipe.
"""

import hashlib
import json
import queue
import re
import select
import struct
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.machine import cores
from dotsbook.voices import draft_worker
from dotsbook.voices.draft_worker import FAULT, HELLO
from dotsbook.voices.engine import EngineDied, Request, Spoken, Voice

RATE = 22050  # Hz: espeak-ng's own; mastering resamples once
WORKERS = 2  # more feed nobody: two speak 1,000 times real time
PATIENCE = 60.0  # seconds for one request before its worker counts as hung; a page takes one
AHEAD = 16  # finished sounds that wait for the caller
SECONDS_A_CHARACTER = (
    0.25  # of sound, at most, for the memory estimate: a han character at the slowest rate takes 0.5
)
MISSING = 'The draft voice needs espeak-ng: run `pip install "dotsbook[draft]"`, or choose another `engine:`.'

VARIANTS = (
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
)
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
    (
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
    )
)


@dataclass(frozen=True)
class Character:
    """How one voice sounds."""

    variant: str | None  # None: espeak-ng's plain voice
    pitch: int  # 0 … 99
    rate: int  # nominal words a minute; what is heard is some 15 % quicker


def character(voice: Voice) -> Character:
    """The voice's own settings, and for what they leave open its name's hash."""
    chosen = born(voice.name)
    settings = voice.settings
    return Character(
        settings.get("variant") or chosen.variant,
        settings["pitch"] if settings.get("pitch") is not None else chosen.pitch,
        settings["rate"] if settings.get("rate") is not None else chosen.rate,
    )


def born(name: str) -> Character:
    if name.lower() in NARRATORS:
        return Character(None, 46, 160)
    digest = hashlib.sha256(name.encode()).digest()
    return Character(VARIANTS[digest[0] % len(VARIANTS)], 25 + digest[1] % 51, 150 + digest[2] % 31)


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
    return KANJI.sub(HUM + HUM, text) if language.lower().partition("-")[0] == "ja" else text


class Worker:
    """One process, spoken to by one thread at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", draft_worker.__file__, *library()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self.greeting = self.greet()

    def greet(self) -> dict:
        state, data = self.receive()
        if state != HELLO:
            self.close()
            raise VoiceError(
                f"espeak-ng doesn't start: {data.decode(errors='replace')}; "
                "install it anew with `pip install --force-reinstall espeakng-loader`."
            )
        return json.loads(data)

    def ask(self, request: dict) -> tuple[int, bytes]:
        """(state, data) of the reply; EngineDied if none comes, and the process is ended."""
        body = json.dumps(request).encode()
        try:
            unsent = memoryview(struct.pack("<I", len(body)) + body)
            while unsent:
                unsent = unsent[self.process.stdin.write(unsent) :]
        except OSError as error:
            raise self.died() from error
        return self.receive()

    def receive(self) -> tuple[int, bytes]:
        state, length = struct.unpack("<BI", self.read(5))
        return state, self.read(length)

    def read(self, count: int) -> bytearray:
        data, have = bytearray(count), 0
        with memoryview(data) as view:
            while have < count:
                if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
                    raise self.died(f"said nothing for {PATIENCE:.0f} s")
                got = self.process.stdout.readinto(view[have:])
                if not got:
                    raise self.died()
                have += got
        return data

    def died(self, how: str = "") -> EngineDied:
        self.close()
        how = how or f"ended (code {self.process.returncode})"
        return EngineDied(f"The draft voice's process {how}; it is started anew.")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def library() -> tuple[str, str]:
    """The shared library's path and the folder of its data, without loading either."""
    spec = find_spec("espeakng_loader")
    if spec is None or not spec.origin:
        raise VoiceError(MISSING)
    folder = Path(spec.origin).parent
    name = "libespeak-ng.dylib" if sys.platform == "darwin" else "libespeak-ng.so"
    return str(folder / name), str(folder)


class DraftEngine:
    """The engine `draft`. Workers start with the first question and live until `close`."""

    rate = RATE
    slots = 1

    def __init__(self) -> None:
        library()
        self.idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self.workers: set[Worker] = set()
        self.languages: dict[str, str] = {}
        self.closed = False

    @property
    def identity(self) -> str:
        try:
            return f"draft:espeakng-loader-{version('espeakng-loader')}"
        except PackageNotFoundError as error:
            raise VoiceError(MISSING) from error

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
        if any(language.lower().partition("-")[0] == "ja" for language in languages):
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
            worker = self.borrow()
            self.idle.put(worker)
        return self.languages

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """int16 in the worker and the pipe's buffer, float32 here, for as many as wait at once."""
        longest = sorted((len(request.text) for request in requests), reverse=True)[: AHEAD + WORKERS]
        return int(sum(longest) * SECONDS_A_CHARACTER * RATE * (2 + 2 + 4))

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each as it is done. Leaving the iterator early ends the work that isn't begun."""
        waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
        for request in batch:
            waiting.put(request)
        done: queue.Queue[Spoken | BaseException] = queue.Queue(AHEAD)
        enough = threading.Event()
        threads = [
            threading.Thread(target=self.work, args=(waiting, done, enough), daemon=True)
            for _ in range(min(WORKERS, cores(), len(batch)))
        ]
        for thread in threads:
            thread.start()
        try:
            for _ in batch:
                answer = done.get()
                if isinstance(answer, BaseException):
                    raise answer
                yield answer
        finally:
            enough.set()
            while any(thread.is_alive() for thread in threads):
                drain(done)
                for thread in threads:
                    thread.join(0.005)

    def work(self, waiting: queue.SimpleQueue, done: queue.Queue, enough: threading.Event) -> None:
        """One thread: a worker, and requests until there are none. A dead worker is replaced at the next."""
        worker = None
        try:
            while not enough.is_set():
                request = waiting.get_nowait()
                worker = worker or self.borrow()
                try:
                    done.put(self.say(worker, request))
                except EngineDied as error:
                    self.workers.discard(worker)
                    worker = None
                    done.put(error if self.closed else Spoken(request, error=error))
        except queue.Empty:
            pass
        except (VoiceError, OSError) as error:  # no worker can be started at all
            done.put(error)
        finally:
            if worker:
                self.idle.put(worker)

    def say(self, worker: Worker, request: Request) -> Spoken:
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

    def borrow(self) -> Worker:
        try:
            return self.idle.get_nowait()
        except queue.Empty:
            worker = Worker()
            self.workers.add(worker)
        if self.closed:
            worker.close()
            raise EngineDied("The draft voice was closed.")
        self.languages = worker.greeting["voices"]
        return worker

    def close(self) -> None:
        """End the workers, also over a request that hangs: the `speak` that waits for it raises EngineDied."""
        self.closed = True
        for worker in tuple(self.workers):
            worker.process.kill()
        while True:
            try:
                self.idle.get_nowait().close()
            except queue.Empty:
                return


def floats(data: bytes) -> Samples:
    import numpy as np

    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)


def has_variant(name: str) -> bool:
    folder = Path(library()[1]) / "espeak-ng-data" / "voices" / "!v"
    return any(file.name.lower() == name.lower() for file in folder.iterdir())


def drain(done: queue.Queue) -> None:
    while True:
        try:
            done.get_nowait()
        except queue.Empty:
            return
