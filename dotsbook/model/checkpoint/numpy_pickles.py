"""Arrays that numpy put into a torch `.pt` file's pickle, as the plain numbers in them. It imports and calls nothing.

Pickled, an array is numpy's `_reconstruct` of an empty one, then the state that is put into it: shape, type, order and
bytes. Bytes come as text in latin-1 by way of `_codecs.encode` where the pickle is of protocol 2.
"""

import math
from dataclasses import dataclass

RECONSTRUCT = {("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct")}
ARRAY, TYPE, ENCODE = ("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode")
NAMES = frozenset({*RECONSTRUCT, ARRAY, TYPE, ENCODE})
FLOATS = {"f2": 2, "f4": 4, "f8": 8}


@dataclass
class NumberType:
    """A type of floats: `name` as numpy has it, "<f4", once its byte order is known."""

    name: str


@dataclass
class PlainArray:
    """An array as its pickle describes it; without `data` it is still to be filled."""

    shape: tuple[int, ...] = ()
    kind: str = ""  # "<f4"
    data: bytes = b""
    by_columns: bool = False

    @property
    def count(self) -> int:
        return math.prod(self.shape)


def built(function: tuple[str, str], arguments: object) -> object | None:
    """What one of NAMES makes of its arguments; None for what no array of floats needs."""
    match arguments:
        case (tuple() as first, (0,), _) if function in RECONSTRUCT and first == ARRAY:
            return PlainArray()
        case (str(kind), *_) if function == TYPE and kind.lstrip("<=|") in FLOATS:
            return NumberType(kind.lstrip("<=|"))
        case (str(text), "latin1") if function == ENCODE and all(ord(letter) < 256 for letter in text):
            return text.encode("latin-1")
        case () if function == ENCODE:
            return b""
    return None


def filled(target: object, state: object) -> bool:
    """Put a state into an array or a type, as BUILD does; whether it is one that floats have."""
    match target, state:
        case NumberType(), (3, "<" | "|" | "=", None, None, None, -1, -1, 0):
            target.name = f"<{target.name}"
            return True
        case PlainArray(data=b""), (1, tuple() as shape, NumberType(name=kind), bool(columns), bytes(data)):
            sane = len(shape) <= 8 and all(type(n) is int and 0 <= n < 1 << 31 for n in shape)
            if not sane or not kind.startswith("<") or math.prod(shape) * FLOATS[kind[1:]] != len(data):
                return False
            target.shape, target.kind, target.data, target.by_columns = shape, kind, data, columns
            return True
    return False
