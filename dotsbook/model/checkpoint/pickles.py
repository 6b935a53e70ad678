"""Reads the tensors out of a torch `.pt` file without torch and without pickle. It knows two dozen opcodes, no models.

A `.pt` is a zip with a pickle. The pickle is run opcode by opcode on a stack of plain values: it can name storages,
rebuild tensors, take numpy's arrays of floats and make dictionaries, lists and tuples of them. Nothing here could import
or call what a file asks for; a file that names anything else is refused with ModelError, as is one whose sizes don't agree.
"""

import io
import math
import pickletools
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint import numpy_pickles
from dotsbook.model.checkpoint.jsonfile import MEGABYTE, read_bytes
from dotsbook.model.checkpoint.numpy_pickles import PlainArray

FILE_LIMIT = 4 * MEGABYTE
PICKLE_LIMIT = MEGABYTE // 4
NUMBERS = MEGABYTE  # in all tensors of a file together
STORAGES = {"DoubleStorage": "<f8", "FloatStorage": "<f4", "HalfStorage": "<f2", "BFloat16Storage": "<u2"}
REBUILD = ("torch._utils", "_rebuild_tensor_v2")
ORDERED = ("collections", "OrderedDict")
MARK = object()
OPCODES = {opcode.code: opcode for opcode in pickletools.opcodes}


@dataclass(frozen=True)
class GlobalName:
    """A class or function the pickle mentions, one of the few that are allowed."""

    module: str
    name: str


@dataclass(frozen=True)
class TensorStorage:
    kind: str
    key: str
    count: int


@dataclass(frozen=True)
class TensorView:
    """A tensor as the pickle describes it: part of a storage."""

    storage: TensorStorage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


class PickleRefused(Exception):
    """The pickle asks for something else, or is broken; becomes a ModelError that names the file."""


def read_tensors(path: Path) -> dict:
    """The tensors in the dictionary at the top of the `.pt` file, as float32 numpy arrays. ModelError if refused."""
    return parse_tensors(read_bytes(path, FILE_LIMIT), str(path))


def parse_tensors(data: bytes, name: str) -> dict:
    """The same, of a file's bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            root = _root(archive)
            if _member(archive, f"{root}byteorder", 16, b"little").strip() != b"little":
                raise PickleRefused("its numbers are not little-endian")
            top = run_pickle(_member(archive, f"{root}data.pkl", PICKLE_LIMIT))
            if not isinstance(top, dict):
                raise PickleRefused("it holds no dictionary")
            views = {key: value for key, value in top.items() if isinstance(value, TensorView | PlainArray)}
            if any(isinstance(value, bytes) for value in top.values()):
                raise PickleRefused("it holds bytes where tensors belong")
            if sum(math.prod(view.shape) for view in views.values()) > NUMBERS:
                raise PickleRefused(f"its tensors hold more than {NUMBERS:,} numbers")
            return {
                key: _array(archive, root, view) if isinstance(view, TensorView) else _numbers(view)
                for key, view in views.items()
            }
    except PickleRefused as error:
        raise ModelError(f"{name} is refused: {error}. Use a checkpoint from a source you trust.") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        struct.error,
        ValueError,
        OverflowError,
    ) as error:
        raise ModelError(f"{name} is not a readable .pt file ({error}): fetch it again.") from error


def _root(archive: zipfile.ZipFile) -> str:
    """The folder inside the zip that holds data.pkl."""
    roots = [n[: -len("data.pkl")] for n in archive.namelist() if n == "data.pkl" or n.endswith("/data.pkl")]
    if len(roots) != 1 or roots[0].count("/") > 1:
        raise PickleRefused("it doesn't hold exactly one pickle")
    return roots[0]


def _member(archive: zipfile.ZipFile, name: str, limit: int, default: bytes | None = None) -> bytes:
    """A stored (never compressed) member of at most `limit` bytes."""
    if name not in archive.NameToInfo:
        if default is not None:
            return default
        raise PickleRefused(f"it lacks {name[:80]!r}")
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > limit:
        raise PickleRefused(f"{name[:80]!r} in it is compressed or longer than it should be")
    with archive.open(info) as member:
        data = member.read(limit + 1)
    if len(data) != info.file_size:
        raise PickleRefused(f"{name[:80]!r} in it is not as long as it claims")
    return data


def _array(archive: zipfile.ZipFile, root: str, view: TensorView):
    """The view's numbers, copied out of its storage; float32."""
    import numpy as np

    dtype = np.dtype(STORAGES[view.storage.kind])
    data = _member(archive, f"{root}data/{view.storage.key}", view.storage.count * dtype.itemsize)
    if len(data) != view.storage.count * dtype.itemsize:
        raise PickleRefused(f"the storage {view.storage.key[:20]!r} is shorter than it claims")
    flat = np.frombuffer(data, dtype)
    if view.storage.kind == "BFloat16Storage":
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    if 0 in view.shape:
        return np.zeros(view.shape, np.float32)
    index = np.array(view.offset)
    for size, step in zip(view.shape, view.stride, strict=True):
        index = index[..., None] + np.arange(size) * step
    with np.errstate(over="ignore", invalid="ignore"):
        return flat[index].astype(np.float32)


def _numbers(array: PlainArray):
    """Numpy's own array; float32."""
    import numpy as np

    flat = np.frombuffer(array.data, np.dtype(array.kind or "<f4"))
    with np.errstate(over="ignore", invalid="ignore"):
        return flat.reshape(array.shape, order="F" if array.by_columns else "C").astype(np.float32)


def run_pickle(data: bytes):
    """What the pickle describes: numbers, strings, containers, `TensorView`s. PickleRefused if it asks for more."""
    machine, stream = PickleMachine(), io.BytesIO(data)
    while code := stream.read(1):
        opcode = OPCODES.get(code.decode("latin-1"))
        if opcode is None or opcode.name not in ALLOWED:
            raise PickleRefused(f"its pickle uses {opcode.name if opcode else code!r}, which no tensor needs")
        if opcode.name == "STOP":
            return machine.pop()
        machine.do(opcode.name, _argument(opcode, stream))
    raise PickleRefused("its pickle has no end")


def _argument(opcode: pickletools.OpcodeInfo, stream: io.BytesIO):
    """The opcode's argument. GLOBAL's two lines are read as they are: pickletools would undo escapes in them."""
    if opcode.name == "GLOBAL":
        return tuple(stream.readline().rstrip(b"\n").decode("ascii") for _ in range(2))
    reader: Any = opcode.arg.reader if opcode.arg else None  # Any: typeshed has it as an object
    return reader(stream) if reader else None


class PickleMachine:
    """The pickle's stack and memo, with a method for what each allowed opcode does to them."""

    def __init__(self):
        self.stack: list = []
        self.memo: dict = {}

    def do(self, opcode: str, argument) -> None:
        if opcode in CONSTANTS:
            self.stack.append(argument)
        elif opcode in SINGLES:
            self.stack.append(SINGLES[opcode]())
        elif opcode in ACTIONS:
            ACTIONS[opcode](self, argument)

    def pop(self):
        if not self.stack or self.stack[-1] is MARK:
            raise PickleRefused("its pickle takes more than it put")
        return self.stack.pop()

    def pop_mark(self) -> list:
        """Everything above the last mark, in order; the mark goes too."""
        found: list = []
        while self.stack:
            value = self.stack.pop()
            if value is MARK:
                return found[::-1]
            found.append(value)
        raise PickleRefused("its pickle lacks a mark")

    def remember(self, index: int) -> None:
        value = self.pop()
        self.stack.append(value)
        self.memo[index] = value

    def recall(self, index: int) -> None:
        if index not in self.memo:
            raise PickleRefused("its pickle recalls what it never kept")
        self.stack.append(self.memo[index])

    def name(self, module: str, name: str) -> None:
        allowed = (module, name) in (REBUILD, ORDERED) or (module, name) in numpy_pickles.NAMES
        if not allowed and not (module == "torch" and name in STORAGES):
            raise PickleRefused(f"it asks for {f'{module}.{name}'[:80]}, which is no tensor")
        self.stack.append(GlobalName(module, name))

    def stack_name(self) -> None:
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise PickleRefused("its pickle names a class by something that is no name")
        self.name(module, name)

    def tuple_of(self, count: int) -> None:
        self.stack.append(tuple([self.pop() for _ in range(count)][::-1]))

    def put_items(self, values: list) -> None:
        target = self.pop()
        if (
            not isinstance(target, dict)
            or len(values) % 2
            or any(not isinstance(k, str) for k in values[::2])
        ):
            raise PickleRefused("its pickle fills something that is no dictionary of names")
        target.update(zip(values[::2], values[1::2], strict=True))
        self.stack.append(target)

    def append(self, values: list) -> None:
        target = self.pop()
        if not isinstance(target, list):
            raise PickleRefused("its pickle appends to something that is no list")
        target.extend(values)
        self.stack.append(target)

    def persistent(self) -> None:
        match self.pop():
            case ("storage", GlobalName("torch", kind), str(key), str(), int(count)) if (
                kind in STORAGES and count >= 0
            ):
                self.stack.append(TensorStorage(kind, key, count))
            case _:
                raise PickleRefused("its pickle names something that is no storage")

    def reduce(self) -> None:
        arguments, function = self.pop(), self.pop()
        match function, arguments:
            case GlobalName("collections", "OrderedDict"), ():
                self.stack.append({})
            case GlobalName("torch._utils", "_rebuild_tensor_v2"), (
                TensorStorage(),
                int(),
                tuple(),
                tuple(),
                *_,
            ):
                self.stack.append(_view(*arguments[:4]))
            case GlobalName(module, name), tuple() if (module, name) in numpy_pickles.NAMES:
                plain = tuple((a.module, a.name) if isinstance(a, GlobalName) else a for a in arguments)
                made = numpy_pickles.built((module, name), plain)
                if made is None:
                    raise PickleRefused("its pickle builds something that is no array of floats")
                self.stack.append(made)
            case _:
                raise PickleRefused("its pickle builds something that is no tensor")

    def fill(self) -> None:
        state, target = self.pop(), self.pop()
        if not numpy_pickles.filled(target, state):
            raise PickleRefused("its pickle fills something that is no array of floats")
        self.stack.append(target)


def _view(storage: TensorStorage, offset: int, shape: tuple, stride: tuple) -> TensorView:
    """The view, if every element of it lies in the storage."""
    numbers = (offset, *shape, *stride)
    if (
        len(shape) != len(stride)
        or len(shape) > 8
        or any(type(n) is not int or not 0 <= n < 1 << 31 for n in numbers)
    ):
        raise PickleRefused("a tensor's shape is no list of sizes")
    last = offset + sum((n - 1) * s for n, s in zip(shape, stride, strict=True))
    if 0 not in shape and (last >= storage.count or math.prod(shape) > storage.count):
        raise PickleRefused("a tensor is larger than its storage")
    return TensorView(storage, offset, shape, stride)


CONSTANTS = frozenset(
    {
        "BININT",
        "BININT1",
        "BININT2",
        "LONG1",
        "BINFLOAT",
        "BINUNICODE",
        "SHORT_BINUNICODE",
        "BINBYTES",
        "SHORT_BINBYTES",
    }
)
SINGLES: dict[str, Callable[[], object]] = {
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "MARK": lambda: MARK,
}
ACTIONS: dict[str, Callable[[PickleMachine, Any], None]] = {
    "BINPUT": lambda m, index: m.remember(index),
    "LONG_BINPUT": lambda m, index: m.remember(index),
    "MEMOIZE": lambda m, _: m.remember(len(m.memo)),
    "BINGET": lambda m, index: m.recall(index),
    "LONG_BINGET": lambda m, index: m.recall(index),
    "GLOBAL": lambda m, names: m.name(*names),
    "STACK_GLOBAL": lambda m, _: m.stack_name(),
    "TUPLE": lambda m, _: m.stack.append(tuple(m.pop_mark())),
    "TUPLE1": lambda m, _: m.tuple_of(1),
    "TUPLE2": lambda m, _: m.tuple_of(2),
    "TUPLE3": lambda m, _: m.tuple_of(3),
    "SETITEM": lambda m, _: m.put_items([m.pop(), m.pop()][::-1]),
    "SETITEMS": lambda m, _: m.put_items(m.pop_mark()),
    "APPEND": lambda m, _: m.append([m.pop()]),
    "APPENDS": lambda m, _: m.append(m.pop_mark()),
    "BINPERSID": lambda m, _: m.persistent(),
    "REDUCE": lambda m, _: m.reduce(),
    "BUILD": lambda m, _: m.fill(),
}
ALLOWED = CONSTANTS | SINGLES.keys() | ACTIONS.keys() | {"PROTO", "FRAME", "STOP"}
