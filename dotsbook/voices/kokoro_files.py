"""Kokoro's files: the model, and a table of styles for each voice. It runs no model.

A table has a row of 256 numbers for each length of a line in symbols, 510 in all. A folder holds one .onnx file and the
tables, as `voices/NAME.bin` (float32), `voices/NAME.npy`, or all in one .npz (also called `voices-v1.0.bin`).
"""

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import VoiceError
from dotsbook.voices.hub_files import HubFiles, cached_files

if TYPE_CHECKING:
    from numpy import ndarray as Array
else:
    Array = object  # so that naming the type doesn't load numpy

LICENCE = "Apache-2.0"  # of what the hub has
REPO = "onnx-community/Kokoro-82M-v1.0-ONNX"
MODELS = {"int8": "onnx/model_quantized.onnx", "full": "onnx/model.onnx"}
# first letter of a voice's name: BCP 47
LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-BR"}
DEFAULT = "af_heart"
# a voice for a language, where nobody says which
USUAL = {
    "en": "af_heart",
    "en-GB": "bf_emma",
    "es": "ef_dora",
    "fr": "ff_siwis",
    "hi": "hf_alpha",
    "it": "if_sara",
    "ja": "jf_alpha",
    "pt": "pf_dora",
}
WIDTH = 256


def is_voice_name(name: str) -> bool:
    """Such as af_heart: language, f or m, a name."""
    return len(name) > 3 and name[1] in "fm" and name[2] == "_" and name[3:].isalnum() and name[0].isalpha()


def language_of(name: str) -> str:
    """The BCP 47 tag of a voice. VoiceError for a name that isn't one, or a language not read here."""
    if not is_voice_name(name):
        raise VoiceError(
            f"{name!r} is no Kokoro voice's name; write one such as af_heart, bm_george or jf_alpha."
        )
    if name[0] not in LANGUAGES:
        kinds = ", ".join(f"{letter} ({tag})" for letter, tag in LANGUAGES.items())
        raise VoiceError(
            f"The Kokoro voice {name} speaks a language that isn't read here; there are {kinds}."
        )
    return LANGUAGES[name[0]]


def hub_files(voice: str, precision: str = "int8") -> HubFiles:
    """The model and a voice's table on the hub."""
    language_of(voice)
    return HubFiles(REPO, (MODELS[precision], f"voices/{voice}.bin"))


class KokoroFiles:
    """A folder given as `model:`, or what was fetched from the hub."""

    def __init__(self, model: str | None, precision: str):
        self.place, self.precision = Path(model) if model else None, precision

    @property
    def model(self) -> Path:
        """The .onnx file; VoiceError if it isn't here."""
        if self.place is None:
            found = cached_files(HubFiles(REPO, (MODELS[self.precision],)))
            if found is None:
                raise VoiceError(
                    f"Kokoro isn't on this machine; fetch it with `dotsbook voice pull {DEFAULT}`, or name a folder "
                    "with its files under `model:`."
                )
            return found[0]
        if self.place.is_file():
            return self.place
        found = sorted(self.place.glob("*.onnx")) or sorted(self.place.glob("onnx/*.onnx"))
        if len(found) != 1:
            raise VoiceError(
                f"{self.place} holds {len(found) or 'no'} .onnx files where Kokoro's one belongs; name the file itself under `model:`."
            )
        return found[0]

    def table(self, voice: str) -> Array:
        """A voice's styles, (rows, 256) float32. VoiceError if it isn't here or isn't one."""
        if self.place is None:
            found = cached_files(HubFiles(REPO, (f"voices/{voice}.bin",)))
            if found is None:
                raise VoiceError(
                    f"The voice {voice} isn't on this machine; fetch it with `dotsbook voice pull {voice}`."
                )
            return shaped(read_numbers(found[0]), found[0])
        folder = self.place.parent if self.place.is_file() else self.place
        for file in (folder / "voices" / f"{voice}.bin", folder / "voices" / f"{voice}.npy"):
            if file.is_file():
                return shaped(read_numbers(file), file)
        names: list[str] = []
        for file in sorted([*folder.glob("*.npz"), *folder.glob("voices*.bin")]):
            tables = read_tables(file)
            if voice in tables:
                return shaped(tables[voice], file)
            names += tables
        some = f"; there are {', '.join(sorted(names))}" if names else ""
        raise VoiceError(f"{folder} has no voice {voice}{some}.")


def read_numbers(file: Path) -> Array:
    """A table in a file of its own, numpy's or bare float32."""
    import numpy as np

    try:
        return np.load(file, allow_pickle=False) if file.suffix == ".npy" else np.fromfile(file, "<f4")
    except (OSError, ValueError) as error:
        raise VoiceError(f"{file} can't be read: {error}.") from error


def read_tables(file: Path) -> dict[str, Array]:
    """The tables of an .npz by name."""
    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as tables:
            return {name: tables[name] for name in tables.files}
    except (OSError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise VoiceError(f"{file} isn't a file of Kokoro voices: {error}.") from error


def shaped(numbers: Array, file: Path) -> Array:
    import numpy as np

    if numbers.size == 0 or numbers.size % WIDTH or not np.issubdtype(numbers.dtype, np.floating):
        raise VoiceError(f"{file} isn't a Kokoro voice: its size is no multiple of {WIDTH} numbers.")
    return numbers.astype(np.float32, copy=False).reshape(-1, WIDTH)
