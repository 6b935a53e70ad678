"""The engine `smalltts`: a cloned voice with laughter and sighs, in English, by four ONNX files. It knows no books.

A codec encodes the recording once; a condition encoder reads recording and text; a denoiser makes latents of the length
it is told in four steps; the codec decodes them. The length comes from how fast the recording speaks. The weights are
CC-BY-NC: a book has to say `non_commercial: true`, and every take notes the licence.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.files import sha256_of
from dotsbook.voices import smalltts_parts as parts
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.hub_files import HubFiles, cached_files
from dotsbook.voices.onnx_engine import OnnxEngine, hash_of_all, only_these
from dotsbook.voices.onnx_session import OnnxSession, version
from dotsbook.voices.phonemes import sentences_of
from dotsbook.voices.spec import EngineOptions, EngineSetup, EngineSpec

if TYPE_CHECKING:
    from numpy import ndarray as Array
else:
    Array = object  # so that naming the type doesn't load numpy

RECIPE = 1  # raised by whoever changes what this code makes of the same text, voice and weights
REPO = "smallbraineng/smalltts"
FILES = ("dmd/condition_encoder.onnx", "dmd/denoiser.onnx", "codec/encoder.onnx", "codec/decoder.onnx")
LICENCE = "CC-BY-NC 4.0"
NOT_FOR_MONEY = f"The weights of smalltts are {LICENCE}: what they speak may not be used commercially."
RATE, HOP, WIDTH = 24000, 3200, 64  # Hz; samples a latent, numbers in it
LEAST, MOST = 0.5, 30.0  # s that the model speaks at once
USUAL = 11.5  # characters a second, where the recording doesn't tell
SPEEDS = (7.0, 20.0)  # characters a second that are believed
EVENT = 0.8  # s for a laugh or a sigh
LONGEST_REFERENCE = 20  # s


class SmallttsEngine(OnnxEngine):
    """The four files, in a folder or from the hub; voices are recordings."""

    name = "smalltts"
    rate, gap = RATE, 0.2
    bytes_a_second = 40_000_000  # assumed: nobody measured it here

    def __init__(self, setup: EngineSetup):
        super().__init__(setup)
        self.recordings: dict[str, tuple[Array, float]] = {}
        self.lock = threading.Lock()  # of `recordings`

    @cached_property
    def files(self) -> list[Path]:
        return files_of(self.setup)

    @cached_property
    def sessions(self) -> tuple[OnnxSession, ...]:
        return tuple(OnnxSession(file) for file in self.files)

    @property
    def model_file(self) -> Path:
        return self.files[1]

    @cached_property
    def identity(self) -> str:
        """The hashes of the four files."""
        return f"smalltts:{hash_of_all(self.files)}"

    def facts(self) -> Mapping[str, str]:
        return {**super().facts(), "licence": LICENCE}

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """Refuse a book that hasn't agreed to the licence, a voice without a fit recording, and other languages."""
        if not self.setup.options.get("non_commercial"):
            raise VoiceError(
                f"{NOT_FOR_MONEY} If this book is not for money, say `options: {{non_commercial: true}}`."
            )
        version()
        _ = self.files  # VoiceError if one isn't here
        from dotsbook.voices.reference import read_reference, refusal

        file = reference_of(voice)
        if unfit := refusal(file, read_reference(file, voice.transcript)):
            raise unfit
        self.phonemiser.voice_for("en-us")
        return [NOT_FOR_MONEY, *only_these("en", languages, "smalltts", voice)]

    def pieces(self, request: Request) -> Iterator[Samples]:
        latents, _ = self.recording(request.voice)
        speed = self.speed_of(request.voice)
        for number, text in enumerate(texts_within(request.text, speed)):
            self.alive()
            if numbers := parts.numbers_of_text(text, self.phonemes):
                yield self.spoken(numbers, latents, seconds_for(text, speed), (request.seed, number))

    def phonemes(self, text: str) -> str:
        voice = self.phonemiser.voice_for("en-us")
        return " ".join(sentences_of(self.phonemiser.clauses(text, voice)))

    def speed_of(self, voice: Voice) -> float:
        """Characters a second: the voice's own word, or as its recording speaks, or the usual; at the voice's tempo."""
        speed = float(voice.settings.get("speed") or 0)
        if not speed and voice.transcript:
            _, heard = self.recording(voice)
            speed = len(voice.transcript) / heard if heard else 0
            speed = min(max(speed, SPEEDS[0]), SPEEDS[1])
        return (speed or USUAL) * float(voice.settings.get("tempo") or 1.0)

    def recording(self, voice: Voice) -> tuple[Array, float]:
        """(the recording as the codec has it, (T, WIDTH); seconds of speech in it); read and encoded once."""
        from dotsbook.model.resample import resample_prompt
        from dotsbook.voices.reference import cleaned, read_reference

        file = reference_of(voice)
        name = sha256_of(file)
        with self.lock:
            if name not in self.recordings:
                read = read_reference(file)
                sound = resample_prompt(cleaned(read), read.rate, RATE)[: LONGEST_REFERENCE * RATE]
                latents = self.run(2, [sound[None, None].astype("float32")])[0][0]
                self.recordings[name] = latents, read.seconds
            return self.recordings[name]

    def spoken(self, numbers: list[int], latents: Array, seconds: float, seed: tuple[int, int]) -> Samples:
        import numpy as np

        length = max(1, round(seconds * RATE / HOP))
        text = np.array([numbers], np.int64)
        all_of_it = np.ones_like(text, np.bool_)
        known = self.run(0, [latents[None], np.array([len(latents)], np.int64), text, all_of_it])
        luck = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
        mask, angles = np.ones((1, length), np.bool_), parts.rotary_angles(length)
        made = np.zeros((1, length, WIDTH), np.float32)
        for time in parts.times():
            self.alive()
            signal, noise = parts.signal_and_noise(time)
            noisy = (signal * made + noise * luck.standard_normal(made.shape, np.float32)).astype(np.float32)
            at = np.array([time], np.float32)
            velocity = self.run(1, [noisy, mask, at, *known[:5], all_of_it, angles])[0]
            made = (signal * noisy - noise * velocity).astype(np.float32)
        return self.run(3, [made])[0]

    def run(self, which: int, inputs: list[Any]) -> list[Array]:
        """One of the four models, its inputs in its own order."""
        session = self.sessions[which]
        names = [given.name for given in session.session().get_inputs()]
        if len(names) != len(inputs):
            raise VoiceError(
                f"{session.file} takes {len(names)} inputs where smalltts gives {len(inputs)}; fetch it anew."
            )
        return session.run(dict(zip(names, inputs, strict=True)))

    @property
    def session(self) -> OnnxSession:
        return self.sessions[1]

    def close(self) -> None:
        super().close()
        if "sessions" in self.__dict__:
            for session in self.sessions:
                session.close()
        with self.lock:
            self.recordings.clear()


def reference_of(voice: Voice) -> Path:
    if voice.reference is None:
        raise VoiceError(f"Voice `{voice.name}` needs a `reference:`: smalltts has no voice of its own.")
    return voice.reference


def seconds_for(text: str, speed: float) -> float:
    letters = len(parts.BRACKETS.sub("", text).strip())
    return min(max(letters / speed + EVENT * parts.events_in(text), LEAST), MOST)


def texts_within(text: str, speed: float) -> list[str]:
    """A text in pieces that the model can speak at once, cut at the last end of a sentence, comma or blank that fits."""
    most = int(MOST * 0.9 * speed)
    pieces = []
    text = text.strip()
    while len(text) > most:
        at = next(
            (
                place
                for mark in (". ", "! ", "? ", "; ", ", ", " ")
                if (place := text.rfind(mark, 1, most)) > 0
            ),
            most,
        )
        pieces.append(text[: at + 1].strip())
        text = text[at + 1 :].strip()
    return [*pieces, text]


# ── the spec ──


class SmallttsOptions(EngineOptions):
    """What `options:` may hold."""

    non_commercial: bool = False  # the book is not for money: the weights are CC-BY-NC
    # of a voice: characters a second; None: as its recording
    speed: float | None = Field(default=None, ge=4, le=30)


def files_of(setup: EngineSetup) -> list[Path]:
    """The four files: of a folder, or of the hub's cache. VoiceError if one isn't here."""
    if setup.model:
        found = [Path(setup.model) / name for name in FILES]
        for file in found:
            if not file.is_file():
                raise VoiceError(
                    f"There is no {file}; smalltts needs {', '.join(FILES)} in the folder `model:` names."
                )
        return found
    fetched = cached_files(HubFiles(REPO, FILES))
    if fetched is None:
        raise VoiceError("smalltts isn't on this machine; fetch it with `dotsbook voice pull smalltts`.")
    return fetched


def on_hub(name: str) -> HubFiles | None:
    return HubFiles(REPO, FILES, warning=NOT_FOR_MONEY) if name == "smalltts" else None


def fingerprint(voice: Voice) -> dict[str, object]:
    return {
        "reference": sha256_of(voice.reference) if voice.reference else None,
        "transcript": voice.transcript,
        "speed": voice.settings.get("speed"),
        "tempo": voice.settings["tempo"],
    }


SPEC = EngineSpec(
    "smalltts",
    SmallttsEngine,
    options=SmallttsOptions,
    of_voice=frozenset({"speed"}),
    fingerprint=fingerprint,
    recipe=RECIPE,
    files=files_of,
    licence=lambda setup: LICENCE,
    keeps_tempo=True,
    about=f"a cloned voice with laughter and sighs, English; {LICENCE}: not for money",
    can=frozenset({"clone"}),
    modules=("onnxruntime", "espeakng_loader"),
    extra="onnx",
    languages=frozenset({"en"}),
    on_hub=on_hub,
)
