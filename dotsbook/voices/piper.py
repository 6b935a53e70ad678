"""The engine `piper`: VITS voices by onnxruntime, on any processor. It knows no books.

A text is cut into sentences by espeak-ng, in its worker process, and each is spoken by itself, as these voices were
trained; the pieces are joined with a short silence. Noise comes from the request's seed and the sentence's number.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.onnx_engine import OnnxEngine, hash_of_all, one_code, only_these
from dotsbook.voices.onnx_session import version
from dotsbook.voices.phonemes import sentences_of
from dotsbook.voices.piper_voice import NAME, USUAL, files_of, hub_files, licence_of, numbers_of, read_config
from dotsbook.voices.spec import EngineOptions, EngineSetup, EngineSpec

if TYPE_CHECKING:
    from dotsbook.voices.piper_voice import PiperConfig

RECIPE = 1  # raised by whoever changes what this code makes of the same text, voice and weights


class PiperEngine(OnnxEngine):
    """One voice's model; its speakers are voices of a book."""

    name = "piper"
    gap = 0.2  # with what the voices leave themselves, about 0.45 s
    bytes_a_second = 24_000_000  # measured: a medium voice

    @cached_property
    def files(self) -> tuple[Path, Path]:
        return voice_files(self.setup)

    @cached_property
    def config(self) -> "PiperConfig":
        return read_config(self.files[1])

    @property
    def model_file(self) -> Path:
        return self.files[0]

    @cached_property
    def identity(self) -> str:
        """The hashes of both files. The phonemiser's version is a fact."""
        return f"piper:{hash_of_all(self.files)}"

    @property
    def title(self) -> str:
        return self.model_file.stem

    @property
    def rate(self) -> int:
        return self.config.rate

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """Refuse what another voice's speaker or an uninstalled package would fail at; say which languages are read
        by another's sounds."""
        version()
        self.speaker(voice)
        if self.config.espeak_voice:
            self.phonemiser.voice_for(self.config.espeak_voice)
        return only_these(
            one_code(self.config.language), languages, f"The Piper voice {self.model_file.stem}", voice
        )

    def speaker(self, voice: Voice) -> int | None:
        """The number of the speaker that the voice names; None in a model of one. VoiceError if there is no such."""
        wanted, config = voice.settings.get("speaker"), self.config
        if config.count < 2:
            if wanted not in (None, 0, "0"):
                raise VoiceError(
                    f"Voice `{voice.name}`: {self.model_file.stem} has one speaker; take `speaker:` away."
                )
            return None
        if wanted is None:
            return 0
        number = config.speakers.get(str(wanted), int(str(wanted)) if str(wanted).isdecimal() else -1)
        if not 0 <= number < config.count:
            some = ", ".join(list(config.speakers)[:8]) or f"0 … {config.count - 1}"
            raise VoiceError(
                f"Voice `{voice.name}`: {self.model_file.stem} has no speaker {wanted!r}; it has {some}."
            )
        return number

    def pieces(self, request: Request) -> Iterator[Samples]:
        for number, sentence in enumerate(self.sentences(request.text)):
            self.alive()
            if ids := numbers_of(sentence, self.config):
                yield self.spoken(ids, request, number)

    def sentences(self, text: str) -> list[str]:
        """What the model reads, sentence by sentence: phonemes with their punctuation, or letters."""
        if not self.config.espeak_voice:
            return [text.lower()]
        voice = self.phonemiser.voice_for(self.config.espeak_voice)
        return sentences_of(self.phonemiser.clauses(text, voice))

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
        return self.session.run(inputs, (request.seed, number))[0]


def chosen(settings: Mapping[str, object], name: str, otherwise: float) -> float:
    value = settings.get(name)
    return otherwise if value is None else float(str(value))


# ── the spec ──


class PiperOptions(EngineOptions):
    """What `options:` may hold."""

    # a voice of the hub such as en_US-lessac-medium; without it, `model:` names a local .onnx file
    voice: str | None = None
    speaker: str | None = None  # in a model of several: its name, or its number
    # how much the sound and the rhythm vary; None: the voice's own, 0.667 and 0.8
    noise: float | None = Field(default=None, ge=0, le=2)
    noise_w: float | None = Field(default=None, ge=0, le=2)


OF_VOICE = frozenset(PiperOptions.model_fields) - {"voice"}


def voice_files(setup: EngineSetup) -> tuple[Path, Path]:
    return files_of(PiperOptions(**dict(setup.options)).voice, setup.model)


def usual_voice(language: str) -> Mapping[str, object]:
    voice = USUAL.get(one_code(language))
    if voice is None:
        raise VoiceError(
            f"Piper has no usual voice for {language}; choose one at https://huggingface.co/rhasspy/piper-voices and "
            "name it under `options: {voice: …}`."
        )
    return {"options": {"voice": voice}}


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
    licence=lambda setup: licence_of(voice_files(setup)[0]),
    keeps_tempo=True,
    about="neural voices in some 40 languages, on any processor",
    can=frozenset({"preset"}),
    modules=("onnxruntime", "espeakng_loader"),
    extra="onnx",
    on_hub=lambda name: hub_files(name) if NAME.fullmatch(name) else None,
    begins_with=usual_voice,
)
