"""The engine `kokoro`: Kokoro-82M by onnxruntime, on any processor. It knows no books.

A voice's name says its language (af_heart: American, jf_alpha: Japanese). Text becomes phonemes by espeak-ng, in its
worker process, Japanese by a dictionary of readings; sentences are spoken together up to a length that it speaks well.
The model draws no noise: the seed changes nothing.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.files import sha256_of
from dotsbook.voices import kokoro_alphabet as alphabet
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.kokoro_files import (
    DEFAULT,
    LANGUAGES,
    LICENCE,
    USUAL,
    KokoroFiles,
    hub_files,
    is_voice_name,
    language_of,
)
from dotsbook.voices.onnx_engine import OnnxEngine, one_code, only_these
from dotsbook.voices.onnx_session import version
from dotsbook.voices.phonemes import sentences_of
from dotsbook.voices.spec import EngineOptions, EngineSetup, EngineSpec

if TYPE_CHECKING:
    from numpy import ndarray as Array
else:
    Array = object  # so that naming the type doesn't load numpy

RECIPE = 1  # raised by whoever changes what this code makes of the same text, voice and weights
RATE = 24000  # Hz
MOST = 400  # symbols spoken at once: the model takes 510, and hurries near its end


class KokoroEngine(OnnxEngine):
    """One model; its voices are tables of styles."""

    name, title = "kokoro", "Kokoro"
    rate, gap = RATE, 0.25
    bytes_a_second = 60_000_000  # measured: int8

    def __init__(self, setup: EngineSetup):
        super().__init__(setup)
        self.files = files_of(setup)
        self.tables: dict[str, Array] = {}
        self.lock = threading.Lock()  # of `tables`

    @property
    def model_file(self) -> Path:
        return self.files.model

    @cached_property
    def identity(self) -> str:
        """The model's hash. A voice's name is its own fingerprint."""
        return f"kokoro:{sha256_of(self.model_file)[:16]}"

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """Refuse a voice that isn't here, and one that speaks none of the languages."""
        version()
        name = name_of(voice)
        tag = language_of(name)
        self.table(name)
        remarks = only_these(one_code(tag), languages, f"The Kokoro voice {name}", voice)
        self.phonemiser.voice_for(tag)
        if tag == "ja":
            from dotsbook.voices.readings import MISSING, dictionary

            if dictionary() is None:
                remarks.append(MISSING)
        return remarks

    def table(self, name: str) -> Array:
        with self.lock:
            if name not in self.tables:
                self.tables[name] = self.files.table(name)
            return self.tables[name]

    def pieces(self, request: Request) -> Iterator[Samples]:
        name, tempo = name_of(request.voice), float(request.voice.settings.get("tempo") or 1.0)
        table = self.table(name)
        for line in alphabet.lines_within(self.sentences(request.text, name), MOST):
            self.alive()
            numbers = alphabet.numbers_of_symbols(line)
            if numbers and any(mark.isalpha() for mark in line):
                yield self.spoken(numbers, table, tempo)

    def sentences(self, text: str, voice: str) -> list[str]:
        """The text in Kokoro's symbols, sentence by sentence."""
        tag = language_of(voice)
        if tag == "ja":
            from dotsbook.voices.readings import words_of

            line = alphabet.japanese(words_of(text), lambda latin: " ".join(self.by_espeak(latin, "en-US")))
            return alphabet.cut_at_ends(line)
        return self.by_espeak(text, tag)

    def by_espeak(self, text: str, tag: str) -> list[str]:
        voice = self.phonemiser.voice_for(tag)
        sentences = sentences_of(self.phonemiser.clauses(text, voice, alphabet.TIE))
        if one_code(tag) == "en":
            return [alphabet.english(sentence, british=tag == "en-GB") for sentence in sentences]
        return [alphabet.other(sentence) for sentence in sentences]

    def spoken(self, numbers: list[int], table: Array, tempo: float) -> Samples:
        import numpy as np

        names = {given.name: given.type for given in self.session.session().get_inputs()}
        tokens = "tokens" if "tokens" in names else "input_ids"
        whole = "int" in names.get("speed", "")  # some conversions take no fraction
        inputs: dict[str, Any] = {
            tokens: np.array([[0, *numbers, 0]], np.int64),
            "style": table[min(len(numbers), len(table)) - 1][np.newaxis],
            "speed": np.array([round(tempo) if whole else tempo], np.int32 if whole else np.float32),
        }
        return self.session.run(inputs)[0]


def name_of(voice: Voice) -> str:
    return str(voice.settings.get("voice") or DEFAULT)


# ── the spec ──


class KokoroOptions(EngineOptions):
    """What `options:` may hold."""

    voice: str | None = None  # such as af_heart (the one without it), bm_george, jf_alpha
    # of the model from the hub: int8 (92 MB) or full (326 MB, no quicker); a `model:` of one's own has its own
    precision: Literal["int8", "full"] | None = None


def files_of(setup: EngineSetup) -> KokoroFiles:
    return KokoroFiles(setup.model, str(setup.options.get("precision") or "int8"))


def usual_voice(language: str) -> Mapping[str, object]:
    voice = USUAL.get(language) or USUAL.get(one_code(language))
    if voice is None:
        raise VoiceError(
            f"Kokoro doesn't speak {language}; it speaks {', '.join(sorted(LANGUAGES.values()))}."
        )
    return {"options": {"voice": voice}}


def fingerprint(voice: Voice) -> dict[str, object]:
    return {"voice": name_of(voice), "tempo": voice.settings["tempo"]}


SPEC = EngineSpec(
    "kokoro",
    KokoroEngine,
    options=KokoroOptions,
    of_voice=frozenset({"voice"}),
    fingerprint=fingerprint,
    recipe=RECIPE,
    files=lambda setup: [files_of(setup).model],
    licence=lambda setup: "" if setup.model else LICENCE,
    keeps_tempo=True,
    about="neural voices in eight languages, on any processor",
    can=frozenset({"preset"}),
    modules=("onnxruntime", "espeakng_loader"),
    extra="onnx",
    languages=frozenset(one_code(tag) for tag in LANGUAGES.values()),
    on_hub=lambda name: hub_files(name) if is_voice_name(name) else None,
    begins_with=usual_voice,
)
