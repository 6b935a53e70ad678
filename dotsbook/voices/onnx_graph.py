"""An ONNX file changed so that its noise comes from outside. It knows the file's form and no voice.

onnxruntime draws the numbers of a `RandomNormalLike` node from a generator that goes on from one run to the next and
can't be set for a run. Here each such node becomes a few that take as many numbers as are needed from an input named
NOISE, a vector of COUNT standard normal numbers, each node from another place, from its start again at its end. Then
the same input gives the same sound.

An ONNX file is a protobuf message (onnx/onnx: onnx.proto3). Only what is changed is read; all else is copied.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from dotsbook.errors import VoiceError

NOISE = "dotsbook_noise"
COUNT = 1 << 18  # numbers of noise
STEP = 104_729  # a prime: how far apart nodes begin

MODEL_GRAPH = 7  # fields of ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto, ValueInfoProto
GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_INPUT = 1, 5, 11
NODE_INPUT, NODE_OUTPUT, NODE_NAME, NODE_OP, NODE_ATTRIBUTE = 1, 2, 3, 4, 5
ATTRIBUTE_NAME, ATTRIBUTE_FLOAT, ATTRIBUTE_INT, ATTRIBUTE_GRAPH, ATTRIBUTE_TYPE = 1, 2, 3, 6, 20
TENSOR_DIMS, TENSOR_TYPE, TENSOR_NAME, TENSOR_RAW = 1, 2, 8, 9
FLOAT, INT64 = 1, 7  # TensorProto.DataType
VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5  # protobuf's wire types
RANDOM = (
    "RandomNormal",
    "RandomNormalLike",
    "RandomUniform",
    "RandomUniformLike",
    "Multinomial",
    "Bernoulli",
)


@dataclass(frozen=True)
class Node:
    op: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: tuple[bytes, ...] = ()

    @property
    def draws(self) -> bool:
        """Whether it, or a graph inside it, draws random numbers."""
        inside = (
            written(NODE_OP, op.encode()) in attribute for op in RANDOM for attribute in self.attributes
        )
        return self.op in RANDOM or any(inside)

    def encoded(self) -> bytes:
        parts = [written(NODE_INPUT, name.encode()) for name in self.inputs]
        parts += [written(NODE_OUTPUT, name.encode()) for name in self.outputs]
        parts += [written(NODE_NAME, self.name.encode()), written(NODE_OP, self.op.encode())]
        return b"".join(parts + [written(NODE_ATTRIBUTE, attribute) for attribute in self.attributes])


def with_noise_as_input(model: bytes) -> tuple[bytes, bool]:
    """(the model, whether it has the input NOISE now). VoiceError for a file that isn't ONNX, or draws otherwise."""
    try:
        whole = [(field, kind, value) for field, kind, value in fields(memoryview(model))]
        graphs = [value for field, _, value in whole if field == MODEL_GRAPH]
        if len(graphs) != 1 or isinstance(graphs[0], int):
            raise VoiceError("The model file holds no ONNX graph; fetch it anew.")
        graph, changed = graph_with_noise(graphs[0])
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise VoiceError("The model file is no ONNX file, or is damaged; fetch it anew.") from error
    if not changed:
        return model, False
    out = [written(field, graph if field == MODEL_GRAPH else value, kind) for field, kind, value in whole]
    return b"".join(out), True


def graph_with_noise(graph: memoryview) -> tuple[bytes, bool]:
    out: list[bytes] = []
    drawn = 0
    for field, kind, value in fields(graph):
        node = decoded(value) if field == GRAPH_NODE and not isinstance(value, int) else None
        if node and node.draws:
            out += [written(GRAPH_NODE, part.encoded()) for part in instead_of(node, drawn)]
            out.append(written(GRAPH_INITIALIZER, whole_number(f"{node.name}/begin", STEP * drawn)))
            drawn += 1
        else:
            out.append(written(field, value, kind))
    if drawn:
        out.append(written(GRAPH_INITIALIZER, whole_number(f"{NOISE}/one", 1)))
        out.append(written(GRAPH_INITIALIZER, whole_number(f"{NOISE}/count", COUNT)))
        out.append(written(GRAPH_INPUT, vector(NOISE, COUNT)))
    return b"".join(out), bool(drawn)


def instead_of(node: Node, number: int) -> list[Node]:
    """The nodes that take a `RandomNormalLike`'s place, with its output."""
    plain = all(attribute_name(attribute) in ("dtype", "seed") for attribute in node.attributes)
    if node.op != "RandomNormalLike" or not plain:
        raise VoiceError(
            f"The model draws its noise by {node.op} ({node.name}), which can't be made to repeat; "
            "choose another voice."
        )
    begin, name = f"{node.name}/begin", node.name
    return [
        Node("Size", f"{name}/Size", node.inputs, (f"{name}/size",)),
        Node("Add", f"{name}/Add", (begin, f"{name}/size"), (f"{name}/end",)),
        Node("Range", f"{name}/Range", (begin, f"{name}/end", f"{NOISE}/one"), (f"{name}/places",)),
        Node("Mod", f"{name}/Mod", (f"{name}/places", f"{NOISE}/count"), (f"{name}/indices",)),
        Node("Gather", f"{name}/Gather", (NOISE, f"{name}/indices"), (f"{name}/drawn",)),
        Node("Shape", f"{name}/Shape", node.inputs, (f"{name}/shape",)),
        Node("Reshape", f"{name}/Reshape", (f"{name}/drawn", f"{name}/shape"), node.outputs),
    ]


def decoded(data: memoryview) -> Node:
    found: dict[int, list[bytes]] = {}
    for field, _, value in fields(data):
        if not isinstance(value, int):
            found.setdefault(field, []).append(bytes(value))

    def names(field: int) -> tuple[str, ...]:
        return tuple(name.decode() for name in found.get(field, ()))

    [op], outputs = names(NODE_OP) or ("",), names(NODE_OUTPUT)
    name = (names(NODE_NAME) or outputs)[0]
    return Node(op, name, names(NODE_INPUT), outputs, tuple(found.get(NODE_ATTRIBUTE, ())))


def attribute_name(attribute: bytes) -> str:
    return next(
        bytes(value).decode()
        for field, _, value in fields(memoryview(attribute))
        if field == ATTRIBUTE_NAME and not isinstance(value, int)
    )


# ── protobuf ──


def fields(data: memoryview) -> Iterator[tuple[int, int, memoryview | int]]:
    """(field, wire type, value) of a message; IndexError where it is cut short or none."""
    place, end = 0, len(data)
    while place < end:
        key, place = varint(data, place)
        value: memoryview | int
        kind = key & 7
        if kind == VARINT:
            value, place = varint(data, place)
        else:
            if kind == BYTES:
                length, place = varint(data, place)
            elif kind in (FOUR, EIGHT):
                length = 4 if kind == FOUR else 8
            else:
                raise IndexError(f"wire type {kind}")
            value, place = data[place : place + length], place + length
            if place > end:
                raise IndexError("cut short")
        yield key >> 3, kind, value


def varint(data: memoryview, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return number, place
        if shift > 63:
            raise IndexError("a number without end")


def written(field: int, value: bytes | memoryview | int, kind: int = BYTES) -> bytes:
    head = number_bytes(field << 3 | (VARINT if isinstance(value, int) else kind))
    if isinstance(value, int):
        return head + number_bytes(value)
    return head + (number_bytes(len(value)) if kind == BYTES else b"") + bytes(value)


def number_bytes(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def whole_number(name: str, value: int) -> bytes:
    """A TensorProto: an int64 without dimensions."""
    return (
        written(TENSOR_TYPE, INT64)
        + written(TENSOR_NAME, name.encode())
        + written(TENSOR_RAW, struct.pack("<q", value))
    )


def vector(name: str, length: int) -> bytes:
    """A ValueInfoProto: float32 of shape (length,)."""
    shape = written(1, written(1, length))  # TensorShapeProto.dim, Dimension.dim_value
    kind = written(1, written(1, FLOAT) + written(2, shape))  # TypeProto.tensor_type: elem_type, shape
    return written(1, name.encode()) + written(2, kind)
