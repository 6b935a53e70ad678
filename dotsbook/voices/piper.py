"""The engine `piper`: VITS voices by onnxruntime, on any processor. It knows no books.

A text is cut into sentences by espeak-ng, in its worker process, and each is spoken by itself, as these voices were
trained; the pieces are joined with a short silence. Noise comes from the request's seed and the sentence's number.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.files import sha256_of
from dotsbook.machine import cores
from dotsbook.voices.draft import espeak_voice
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory, Request, Spoken, Voice
from dotsbook.voices.onnx_session import OnnxSession, version
from dotsbook.voices.phonemes import Clause, Phonemiser
from dotsbook.voices.piper_voice import files_of, numbers_of, read_config
from dotsbook.voices.side_by_side import spoken_side_by_side
from dotsbook.voices.spec import EngineOptions, EngineSetup, EngineSpec

if TYPE_CHECKING:
    from dotsbook.voices.piper_voice import PiperConfig

RECIPE = 1  # raised by whoever changes what this code makes of the same text, voice and weights
GAP = 0.2  # s of silence between sentences: with what the voices leave themselves, about 0.45 s
AHEAD = 8  # finished sounds that wait for the caller
WORKERS = 4  # runs side by side: memory grows with them
BYTES_A_SECOND = 24_000_000  # of working memory a second of one sentence: measured, a medium voice
SECONDS_A_CHARACTER = 0.09
LOADED = 2.5  # times the file's bytes that a model takes


class PiperEngine:
    """files: the .onnx and its JSON, given when they are first needed."""

    slots = 1

    def __init__(self, setup: EngineSetup):
        self.setup = setup
        self.phonemiser = Phonemiser()
        self.closed = False

    @cached_property
    def files(self) -> tuple[Path, Path]:
        return voice_files(self.setup)

    @cached_property
    def config(self) -> "PiperConfig":
        return read_config(self.files[1])

    @cached_property
    def session(self) -> OnnxSession:
        return OnnxSession(self.files[0])

    @cached_property
    def identity(self) -> str:
        """The hashes of both files. The phonemiser's version is a fact."""
        both = "".join(sha256_of(file) for file in self.files)
        return f"piper:{hashlib.sha256(both.encode()).hexdigest()[:16]}"

    @property
    def rate(self) -> int:
        return self.config.rate

    def facts(self) -> Mapping[str, str]:
        return {"device": "cpu", "onnxruntime": version(), "voice": self.files[0].stem}

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """Refuse what another voice's speaker or an uninstalled package would fail at; say which languages are read
        by another's sounds."""
        version()
        self.speaker(voice)
        if self.config.espeak_voice:
            self.espeak_voice()
        own = primary(self.config.language)
        strange = [language for language in languages if primary(language) != own]
        if strange and len(strange) == len(languages):
            raise VoiceError(
                f"The Piper voice {self.files[0].stem} speaks {own}, and no {strange[0]} (voice `{voice.name}`); "
                "choose a voice of that language, or correct the `language:`."
            )
        return [
            f"The Piper voice {self.files[0].stem} speaks {own}; what is in {language} it reads as if it were {own}."
            for language in strange
        ]

    def espeak_voice(self) -> str:
        """espeak-ng's name for the voice that the phonemes come from."""
        wanted = self.config.espeak_voice
        found = espeak_voice(wanted, self.phonemiser.languages())
        if found is None:
            raise VoiceError(f"{self.files[1]} asks for the espeak-ng voice {wanted!r}, which isn't there.")
        return found

    def speaker(self, voice: Voice) -> int | None:
        """The number of the speaker that the voice names; None in a model of one. VoiceError if there is no such."""
        wanted, config = voice.settings.get("speaker"), self.config
        if config.count < 2:
            if wanted not in (None, 0, "0"):
                raise VoiceError(
                    f"Voice `{voice.name}`: {self.files[0].stem} has one speaker; take `speaker:` away."
                )
            return None
        if wanted is None:
            return 0
        number = config.speakers.get(str(wanted), int(str(wanted)) if str(wanted).isdecimal() else -1)
        if not 0 <= number < config.count:
            some = ", ".join(list(config.speakers)[:8]) or f"0 … {config.count - 1}"
            raise VoiceError(
                f"Voice `{voice.name}`: {self.files[0].stem} has no speaker {wanted!r}; it has {some}."
            )
        return number

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """The model, and the working memory of as many of the longest as run at once."""
        longest = sorted((len(request.text) for request in requests), reverse=True)[: self.workers(requests)]
        weights = int(LOADED * self.files[0].stat().st_size)
        return weights + int(sum(longest) * SECONDS_A_CHARACTER * BYTES_A_SECOND)

    def workers(self, requests: Sequence[Request]) -> int:
        return max(1, min(WORKERS, cores(), len(requests)))

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each as it is done."""
        self.alive()
        self.session.session()
        yield from spoken_side_by_side(batch, self.answer, self.workers(batch), AHEAD, "piper")

    def answer(self, request: Request) -> Spoken:
        self.alive()
        try:
            return Spoken(request, samples=self.say(request))
        except (EngineDied, EngineOutOfMemory):
            raise
        except VoiceError as error:
            return Spoken(request, error=error)

    def say(self, request: Request) -> Samples:
        import numpy as np

        pieces: list[Samples] = []
        for number, sentence in enumerate(self.sentences(request.text)):
            self.alive()
            ids = numbers_of(sentence, self.config)
            if not ids:
                continue
            if pieces:
                pieces.append(np.zeros(round(GAP * self.rate), np.float32))
            pieces.append(self.spoken(ids, request, number))
        if not pieces:
            raise VoiceError(f"{self.files[0].stem} finds nothing to say in {request.text[:40]!r}.")
        return np.concatenate(pieces)

    def sentences(self, text: str) -> list[str]:
        """What the model reads, sentence by sentence: phonemes with their punctuation, or letters."""
        if not self.config.espeak_voice:
            return [text.lower()]
        return joined(self.phonemiser.clauses(text, self.espeak_voice()))

    def spoken(self, ids: list[int], request: Request, number: int) -> Samples:
        import numpy as np

        settings, config = request.voice.settings, self.config
        tempo = settings.get("tempo") or 1.0
        scales = (
            chosen(settings, "noise", config.noise),
            config.length / tempo,
            chosen(settings, "noise_w", config.noise_w),
        )
        inputs: dict[str, Any] = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(scales, np.float32),
        }
        speaker = self.speaker(request.voice)
        if speaker is not None:
            inputs["sid"] = np.array([speaker], np.int64)
        sound = self.session.run(inputs, (request.seed, number))[0].reshape(-1)
        return np.clip(np.nan_to_num(sound.astype(np.float32, copy=False)), -1.0, 1.0)

    def alive(self) -> None:
        if self.closed:
            raise EngineDied("The Piper engine was closed.")

    def close(self) -> None:
        """Let go of the model and the process. A `speak` that runs raises EngineDied at its next sentence."""
        self.closed = True
        self.phonemiser.close()
        if "session" in self.__dict__:
            self.session.close()


def joined(clauses: Sequence[Clause]) -> list[str]:
    """Clauses as sentences: phonemes, each clause's mark behind it, a blank between."""
    sentences: list[list[str]] = [[]]
    for clause in clauses:
        sentences[-1].append(clause.phonemes + clause.mark)
        if clause.ends_sentence:
            sentences.append([])
    return [" ".join(sentence) for sentence in sentences if sentence]


def chosen(settings: Mapping[str, object], name: str, otherwise: float) -> float:
    value = settings.get(name)
    return otherwise if value is None else float(str(value))


def primary(language: str) -> str:
    first = language.replace("_", "-").lower().partition("-")[0]
    return {"cmn": "zh", "no": "nb", "nn": "nb"}.get(first, first)


# ── the spec ──


class PiperOptions(EngineOptions):
    """What `options:` may hold."""

    # a voice of the hub such as en_US-lessac-medium; without it, `model:` names a local .onnx file
    voice: str | None = None
    speaker: str | None = None  # in a model of several: its name, or its number
    noise: float | None = Field(
        default=None, ge=0, le=2
    )  # how much the sound varies; None: the voice's own, 0.667
    noise_w: float | None = Field(
        default=None, ge=0, le=2
    )  # how much the rhythm varies; None: the voice's own, 0.8


OF_VOICE = frozenset(PiperOptions.model_fields) - {"voice"}


def voice_files(setup: EngineSetup) -> tuple[Path, Path]:
    return files_of(PiperOptions(**dict(setup.options)).voice, setup.model)


def fingerprint(voice: Voice) -> dict[str, object]:
    settings = {name: voice.settings[name] for name in sorted(OF_VOICE) if name in voice.settings}
    return {"settings": settings, "tempo": voice.settings["tempo"]}


SPEC = EngineSpec(
    "piper",
    PiperEngine,
    options=PiperOptions,
    of_voice=OF_VOICE,
    fingerprint=fingerprint,
    recipe=RECIPE,
    files=voice_files,
    keeps_tempo=True,
)
