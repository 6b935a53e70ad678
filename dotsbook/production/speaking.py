"""Lines spoken in a book's voices as they are asked for, from any thread. It knows no takes, no ledger and no wire.

Every engine is opened once and speaks on a thread of its own (engine_desk.py); lines that wait together are spoken as
one batch. A text longer than a voice reads well in one go is cut where a book's would be, and joined with its pauses.
"""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from dotsbook.audio import Samples
from dotsbook.book import Kind, Paragraph
from dotsbook.errors import VoiceError
from dotsbook.production.engine_desk import Ask, EngineDesk, SpeakLater
from dotsbook.production.session import Session
from dotsbook.production.spoken_sound import LONGEST, SpokenSound, Tell

if TYPE_CHECKING:
    from dotsbook.production.live_text import LiveText, Underway
    from dotsbook.voices.engine import Engine, Request, Streamed, Voice
    from dotsbook.voices.spec import EngineSpec

__all__ = ["LineToSpeak", "SpokenSound", "SpeakLater", "Speaker", "SpeechUnderWay"]

SEEDS = 2**63
CHECKED = 256  # pairs of voice and language that are remembered as fit


@dataclass(frozen=True)
class LineToSpeak:
    text: str
    voice: str | None = None  # None: the book's default voice
    language: str | None = None  # BCP 47; None: the book's
    seed: int | None = None  # 0 … 2**63-1, the engine's own; None: as a book's first take of the line
    speed: float = 1.0  # 0.5 … 2, over the voice's own tempo
    instructions: str | None = None  # how to speak, for engines that take them
    stream: bool = False  # sound as it is made, where the engine can


class Speaker:
    """Speaks for whoever asks. Close it, or the book it comes from."""

    def __init__(self, session: Session):
        self.session, self.lock = session, threading.Lock()
        self.desks: dict[str, EngineDesk] = {}
        self.fit = lru_cache(CHECKED)(self.check)

    @property
    def voices(self) -> dict[str, str]:
        """{voice: its engine's name}, the book's default voice first."""
        manifest = self.session.project.manifest
        names = dict.fromkeys([manifest.default_voice, *manifest.voices])
        return {name: manifest.voices[name].engine or manifest.engine for name in names}

    def ready(self) -> list[str]:
        """Raise VoiceError or ModelError if the book's voices can't speak its language here; else remarks."""
        language = self.session.project.manifest.language
        return list(dict.fromkeys(told for name in self.voices for told in self.fit(name, language)))

    def say(self, line: LineToSpeak, tell: Tell) -> "Underway":
        """Have a line spoken; `tell` hears it, in order, on the engine's thread. Returns at once.

        Raises VoiceError for what can't be spoken, SpeakLater where too many wait.
        """
        from dotsbook.voices.engine import live

        voice = self.voice(line)
        language = line.language or self.session.project.manifest.language
        if not any(mark.isalnum() for mark in line.text):
            raise VoiceError("There is nothing to say in the text.")
        if len(line.text) > LONGEST:
            raise VoiceError(
                f"The text has {len(line.text):,} characters; speak at most {LONGEST:,} at a time."
            )
        self.fit(voice.name, language)
        desk = self.desk(voice)
        if live(desk.engine, voice):
            text = self.listen(line, tell)
            text.add(line.text)
            text.finish()
            return text
        asked, pauses = self.requests(line, voice, language, desk.engine)
        speech = SpeechUnderWay(desk, [Ask(request, line.stream) for request in asked], pauses, tell)
        desk.put(speech.asks)
        return speech

    def listen(self, line: LineToSpeak, tell: Tell) -> "LiveText":
        """Have a text spoken while it comes, as the line says but for its own text; else as `say`."""
        from dotsbook.production.live_text import SentencesUnderWay, WordsUnderWay
        from dotsbook.voices.engine import Request, live

        voice = self.voice(line)
        language = line.language or self.session.project.manifest.language
        self.fit(voice.name, language)
        desk, pacing = self.desk(voice), self.session.project.manifest.pacing
        if begin := live(desk.engine, voice):
            seed = self.session.seed if line.seed is None else line.seed
            return WordsUnderWay(desk, partial(begin, Request("", voice, language, seed)), tell)

        def say(text: str, number: int, tell: Tell) -> "Underway":
            seed = None if line.seed is None else (line.seed + number) % SEEDS
            return self.say(replace(line, text=text, seed=seed, stream=True), tell)

        return SentencesUnderWay(say, language, pacing.sentence * pacing.pace, tell)

    def speak(self, line: LineToSpeak) -> tuple[Samples, int]:
        """(samples, Hz) of a line, once it is spoken. Raises what went wrong."""
        import numpy as np

        pieces = list(self.stream(line))
        return np.concatenate([piece for piece, _ in pieces]), pieces[0][1]

    def stream(self, line: LineToSpeak) -> Iterator[tuple[Samples, int]]:
        """(samples, Hz) piece by piece; leaving the loop ends the line."""
        heard: queue.SimpleQueue[SpokenSound] = queue.SimpleQueue()
        speech = self.say(line, heard.put)
        try:
            while True:
                sound = heard.get()
                if sound.error is not None:
                    raise sound.error
                if sound.samples is not None:
                    yield sound.samples, sound.rate
                if sound.last:
                    return
        finally:
            speech.cancel()

    def voice(self, line: LineToSpeak) -> "Voice":
        """The voice that a line asks for, with what the line says of it."""
        voice = self.session.voice(line.voice or self.session.project.manifest.default_voice)
        settings = dict(voice.settings)
        if line.speed != 1.0:
            tempo = settings.get("tempo", 1.0) * line.speed
            if not 0.25 <= tempo <= 4.0:
                raise VoiceError(f"A speed of {tempo:g} is beyond what stays speech; choose 0.5 to 2.")
            settings["tempo"] = tempo
        if line.instructions and (option := self.spec(voice).described_by):
            settings[option] = line.instructions
        return replace(voice, settings=settings)

    def spec(self, voice: "Voice") -> "EngineSpec":
        from dotsbook.voices.catalogue import spec_of

        return spec_of(self.session.choices[voice.engine].name)

    def check(self, name: str, language: str) -> tuple[str, ...]:
        """What the engine says of a voice in a language. Raises VoiceError."""
        from dotsbook.voices.engine import live

        voice = self.session.voice(name)
        if live(self.desk(voice).engine, voice):
            return ()  # its engine refuses it for books, which aren't spoken while they come
        return tuple(self.desk(voice).engine.check(voice, [language]) or ())

    def desk(self, voice: "Voice") -> EngineDesk:
        """Where the voice's engine speaks; opened at its first need, and again when it died."""
        with self.lock:
            desk = self.desks.get(voice.engine)
            if desk is None or desk.over:
                if desk is not None:
                    self.session.singles.pop(voice.engine, None)
                desk = self.desks[voice.engine] = EngineDesk(
                    self.session.single(voice.engine), self.session.memory
                )
            return desk

    def requests(
        self, line: LineToSpeak, voice: "Voice", language: str, engine: "Engine"
    ) -> "tuple[list[Request], list[float]]":
        """What is asked of the engine, and the seconds of silence after each."""
        from dotsbook.render.audition import request_as_rendered
        from dotsbook.voices.engine import Request

        identity = self.session.identity_of(voice) or engine.identity
        asked, pauses = [], []
        for number, (text, pause) in enumerate(self.cut(line.text, voice, language)):
            if line.seed is None:
                asked.append(
                    request_as_rendered(text, voice, language, identity=identity, seed=self.session.seed)
                )
            else:
                asked.append(Request(text, voice, language, (line.seed + number) % SEEDS))
            pauses.append(pause)
        return asked, [*pauses[:-1], 0.0]

    def cut(self, text: str, voice: "Voice", language: str) -> list[tuple[str, float]]:
        """(text, seconds of silence after it) of each piece; a text that is short enough is one, as it stands."""
        from dotsbook.text.script.chunks import lengths, pieces

        comfortable = self.spec(voice).comfortable
        bare = text.strip()
        if "\n" not in bare and len(bare) <= lengths(bare, comfortable).comfortable:
            return [(bare, 0.0)]
        pacing, found = self.session.project.manifest.pacing, []
        for block in bare.split("\n\n"):
            block = " ".join(block.split())
            if not any(mark.isalnum() for mark in block):
                continue
            cuts = pieces(
                block,
                Paragraph("", 0, len(block), Kind.PROSE),
                language,
                lambda speaker: voice.name,
                comfortable={voice.name: comfortable},
            )
            found += [(block[one.start : one.end], getattr(pacing, one.pause.value)) for one in cuts]
            found[-1] = (found[-1][0], pacing.paragraph)
        return [(piece, pause * pacing.pace) for piece, pause in found if any(map(str.isalnum, piece))]

    def counts(self) -> dict[str, int]:
        """Of all engines together: lines that wait, batches and lines spoken, the most lines in one batch."""
        desks = list(self.desks.values())
        return {
            "waiting": sum(len(desk.waiting) for desk in desks),
            "batches": sum(desk.batches for desk in desks),
            "lines": sum(desk.lines for desk in desks),
            "largest": max((desk.largest for desk in desks), default=0),
        }

    def close(self) -> None:
        """End the threads; what waits is told that it won't be spoken."""
        with self.lock:
            desks, self.desks = list(self.desks.values()), {}
        for desk in desks:
            desk.close()


class SpeechUnderWay:
    """A text on its way: its pieces, told in their order with the silence between them."""

    def __init__(self, desk: EngineDesk, asks: list[Ask], pauses: list[float], tell: Tell):
        self.desk, self.asks, self.pauses, self.tell_one = desk, asks, pauses, tell
        self.at = 0  # the piece that is being told
        self.kept: dict[int, list[Streamed]] = {}  # of pieces after it
        self.rate = 0  # Hz, of the first sound
        self.over = False
        for number, ask in enumerate(asks):
            ask.tell = partial(self.hear, number)

    def hear(self, number: int, streamed: "Streamed") -> None:
        """Take in what the engine says of a piece, and tell what is next in order."""
        if self.over:
            return
        self.kept.setdefault(number, []).append(streamed)
        while not self.over and (news := self.kept.get(self.at)):
            self.tell(news.pop(0))

    def tell(self, streamed: "Streamed") -> None:
        if streamed.error is not None:
            self.cancel()
            self.tell_one(SpokenSound(None, 0, True, streamed.error))
            return
        last = streamed.last and self.at == len(self.asks) - 1
        samples, rate = streamed.samples, streamed.rate or self.desk.engine.rate
        self.rate = self.rate or rate
        if samples is not None and rate != self.rate:
            from dotsbook.audio import resample

            samples = resample(samples, rate, self.rate)
        if streamed.last and not last:
            samples = followed_by(samples, self.pauses[self.at], self.rate)
        self.over = last
        if streamed.last:
            self.at += 1
        if last or (samples is not None and len(samples)):
            self.tell_one(SpokenSound(samples, self.rate, last))

    def cancel(self) -> None:
        """Nobody listens any more: what isn't spoken yet won't be."""
        self.over = True
        for ask in self.asks:
            ask.cancelled = True


def followed_by(samples: Samples | None, seconds: float, rate: int) -> Samples:
    import numpy as np

    silence = np.zeros(round(seconds * rate), np.float32)
    return silence if samples is None else np.concatenate([samples, silence])
