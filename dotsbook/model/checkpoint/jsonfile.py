"""Reads a JSON object from a file that may be damaged or hostile. It knows sizes and types, no models.

Whatever is wrong with the file (absent, too long, not UTF-8, nested too deeply, not an object) is a ModelError.
"""

import json
import math
import reprlib
from pathlib import Path

from dotsbook.errors import ModelError

MEGABYTE = 1 << 20


def read_bytes(path: Path, limit: int) -> bytes:
    """The whole of a small file; more than `limit` bytes is refused before reading."""
    try:
        if not path.is_file():
            raise ModelError(
                f"{path} is missing: the folder is not a whole model. Fetch or convert it again."
            )
        size = path.stat().st_size
        if size > limit:
            raise ModelError(
                f"{path} has {size:,} bytes where at most {limit:,} are sensible: it is not what its name says."
            )
        with open(path, "rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror or error}.") from error


def read_object(path: Path, limit: int = MEGABYTE) -> dict:
    """The JSON object in `path`."""
    return parse_object(read_bytes(path, limit), str(path))


def parse_object(data: bytes, name: str) -> dict:
    """The JSON object in `data`; a key given twice, Infinity and NaN are refused."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ModelError(
            f"{name} is not UTF-8 text (byte {error.start}): it is damaged or not JSON."
        ) from error
    except RecursionError as error:
        raise ModelError(f"{name} is nested too deeply to be honest JSON.") from error
    except ValueError as error:
        raise ModelError(f"{name} is not valid JSON: {error}.") from error
    if not isinstance(value, dict):
        raise ModelError(f"{name} should hold a JSON object, not a {type(value).__name__}.")
    return value


def shorten(value) -> str:
    """The value, cut to what fits into a message."""
    text = reprlib.repr(value)
    return text if len(text) < 60 else text[:57] + "..."


def _unique(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _no_constant(word):
    raise ValueError(f"{word} is not a number")


class JsonFields:
    """Reads one JSON object's fields with their types and bounds; `where` names it in messages. Other keys are ignored."""

    def __init__(self, raw: dict, where: str):
        self.raw, self.where = raw, where

    def _value(self, key, default):
        value = self.raw.get(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise ModelError(f"{self.where} lacks {key!r}: it doesn't describe a dots.tts model.")
        return value

    def _refuse(self, key, value, wanted):
        raise ModelError(f"{self.where} has {key!r}: {shorten(value)}, where {wanted} is needed.")

    def size(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self._value(key, default)
        if type(value) is not int or not low <= value <= high:
            self._refuse(key, value, f"a whole number from {low} to {high}")
        return value

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        value = self._value(key, default)
        if type(value) not in (int, float) or not low <= value <= high or not math.isfinite(value):
            self._refuse(key, value, f"a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        value = self._value(key, default)
        if type(value) is not bool:
            self._refuse(key, value, "true or false")
        return value

    def word(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        value = self._value(key, default)
        if type(value) is not str or value not in choices:
            self._refuse(key, value, " or ".join(repr(c) for c in choices))
        return value

    def sizes(self, key: str, low: int, high: int, most: int = 16) -> tuple[int, ...]:
        value = self._value(key, None)
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            self._refuse(key, value, f"a list of 1 to {most} whole numbers")
        if any(type(v) is not int or not low <= v <= high for v in value):
            self._refuse(key, value, f"whole numbers from {low} to {high}")
        return tuple(value)

    def objects(self, key: str) -> "JsonFields | None":
        """The object under the key, if there is one."""
        value = self.raw.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._refuse(key, value, "an object")
        return JsonFields(value, f"{self.where}, {key}")

    def object(self, key: str) -> "JsonFields":
        """The object under the key; ModelError if there is none."""
        found = self.objects(key)
        if found is None:
            raise ModelError(f"{self.where} lacks {key!r}: it doesn't describe a dots.tts model.")
        return found
