"""Whisper or Parakeet by mlx-audio, on Apple silicon: it hears freely and can't score a text. It knows no takes."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dotsbook.audio import Samples, resample
from dotsbook.ears.recogniser import FreeListening, HeardWord, fingerprint
from dotsbook.errors import ModelError
from dotsbook.language_code import primary

RATE = 16_000  # Hz
USUAL = 0.9  # the confidence in a word that its recogniser says nothing of
PARAKEET = frozenset({"en"})
PARAKEET_V3 = frozenset(
    re.findall(r"\w+", "bg cs da de el en es et fi fr hr hu it lt lv mt nl pl pt ro ru sk sl sv uk")
)  # the languages NVIDIA names for parakeet-tdt-0.6b-v3
MISSING = 'Hearing with {folder} needs mlx-audio: run `pip install "dotsbook[mlx-audio]"`, or name a Whisper model in CTranslate2 form.'


class MlxRecogniser:
    """folder: a model as mlx-audio takes it."""

    def __init__(self, folder: Path):
        self.folder = folder

    @cached_property
    def identity(self) -> str:
        weights = sorted(self.folder.glob("*.safetensors"))
        if not weights:
            raise ModelError(
                f"{self.folder} holds no recogniser (neither model.bin nor *.safetensors); name another folder with "
                "`ears: {recogniser: …}`."
            )
        return f"mlx-audio:{fingerprint(weights[0])}"

    @cached_property
    def config(self) -> dict:
        try:
            found = json.loads((self.folder / "config.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{self.folder}/config.json can't be read ({error}); fetch the model again."
            ) from error
        return found if isinstance(found, dict) else {}

    @property
    def is_whisper(self) -> bool:
        return self.config.get("model_type") == "whisper" or "n_audio_ctx" in self.config

    @cached_property
    def model(self) -> Any:
        try:
            from mlx_audio.stt.utils import load_model
        except ImportError as error:
            raise ModelError(MISSING.format(folder=self.folder)) from error
        return load_model(self.folder)

    def hears(self, language: str) -> bool:
        spoken = primary(language)
        if self.is_whisper:
            return self.config.get("n_vocab", self.config.get("vocab_size", 0)) >= 51865 or spoken == "en"
        return spoken in (PARAKEET_V3 if "v3" in self.folder.as_posix().lower() else PARAKEET)

    def listen(self, samples: Samples, rate: int, language: str) -> "MlxListening":
        return MlxListening(self, resample(samples, rate, RATE), primary(language))


class MlxListening(FreeListening):
    """samples: mono float32, 16 kHz."""

    def __init__(self, recogniser: MlxRecogniser, samples: Samples, language: str):
        self.recogniser, self.samples, self.language = recogniser, samples, language

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    def words(self) -> list[HeardWord]:
        sound = np.ascontiguousarray(self.samples, np.float32)
        if self.recogniser.is_whisper:
            found = self.recogniser.model.generate(
                sound, language=self.language, temperature=0.0, word_timestamps=True
            )
            return list(whisper_words(found.segments or []))
        import mlx.core as mx

        return list(parakeet_words(self.recogniser.model.generate(mx.array(sound)).sentences))


def whisper_words(segments: Sequence[dict]) -> Iterator[HeardWord]:
    for segment in segments:
        for word in segment.get("words") or ():
            confidence = float(word.get("probability", USUAL))
            yield HeardWord(str(word["word"]).strip(), float(word["start"]), float(word["end"]), confidence)


def parakeet_words(sentences: Sequence[Any]) -> Iterator[HeardWord]:
    """Tokens that begin with a blank begin a word."""
    text, start, end = "", 0.0, 0.0
    for token in (token for sentence in sentences for token in sentence.tokens):
        if token.text.startswith((" ", "▁")) and text:
            yield HeardWord(text, start, end, USUAL)
            text = ""
        if not text:
            start = token.start
        text, end = text + token.text.strip(" ▁"), token.end
    if text:
        yield HeardWord(text, start, end, USUAL)
