"""ONNX models of a few nodes with the inputs and outputs of real voices, written by hand as protobuf."""

import json
import struct
from pathlib import Path

from dotsbook.voices import onnx_graph as graph
from dotsbook.voices.onnx_graph import Node, written

FLOAT, INT64, BOOL = graph.FLOAT, graph.INT64, 9


def value(name: str, kind: int, shape: tuple) -> bytes:
    """A ValueInfoProto; a str in the shape is a free dimension."""
    dims = b"".join(
        written(1, written(2, d.encode()) if isinstance(d, str) else written(1, d)) for d in shape
    )
    return written(1, name.encode()) + written(2, written(1, written(1, kind) + written(2, dims)))


def constant(name: str, numbers: list, kind: int = FLOAT, shape: tuple | None = None) -> bytes:
    """A TensorProto."""
    dims = (len(numbers),) if shape is None else shape
    raw = struct.pack(f"<{len(numbers)}{'f' if kind == FLOAT else 'q'}", *numbers)
    return (
        b"".join(written(1, size) for size in dims)
        + written(2, kind)
        + written(8, name.encode())
        + written(9, raw)
    )


def cast(name: str, out: str, to: int) -> Node:
    attribute = written(1, b"to") + written(3, to) + written(20, 2)
    return Node("Cast", f"to {out}", (name,), (out,), (attribute,))


def node(op: str, inputs: str, out: str) -> Node:
    return Node(op, f"{op} {out}", tuple(inputs.split()), (out,))


def model(nodes: list[Node], inputs: list[bytes], outputs: list[bytes], constants: list[bytes]) -> bytes:
    body = b"".join(written(1, one.encoded()) for one in nodes) + written(2, b"tiny")
    body += b"".join(written(5, one) for one in constants)
    body += b"".join(written(11, one) for one in inputs) + b"".join(written(12, one) for one in outputs)
    return written(1, 8) + written(7, body) + written(8, written(1, b"") + written(2, 15))


def hum(level: str, samples: str) -> list[Node]:
    """`level` (1, T) float as a hum, `sound` (N,): T tones one after another, `samples` (int64 scalar) each."""
    return [
        node("Size", level, "count"),
        node("Mul", f"count {samples}", "total"),
        node("Range", "nought total one", "places"),
        node("Div", f"places {samples}", "which"),
        node("Reshape", f"{level} flat", "levels"),
        node("Gather", "levels which", "tone"),
        cast("places", "place", FLOAT),
        node("Mul", "tone slope", "bent"),
        node("Add", "bent pitch", "turning"),
        node("Mul", "place turning", "phase"),
        node("Sin", "phase", "wave"),
        node("Mul", "wave loud", "sound"),
    ]


HUM = [
    constant("nought", [0], INT64, ()),
    constant("one", [1], INT64, ()),
    constant("flat", [-1], INT64),
    constant("slope", [0.0004], shape=()),
    constant("pitch", [0.05], shape=()),
    constant("loud", [0.3], shape=()),
]


def speaker_encoder() -> bytes:
    """samples (1, N) → vector (1, 3): how large they are, how much they differ from their neighbours, and those again."""
    nodes = [
        node("Slice", "samples first end across", "later"),
        node("Slice", "samples nought_ last across", "before"),
        node("Sub", "later before", "steps"),
        node("Slice", "steps first end across", "steps_later"),
        node("Slice", "steps nought_ last across", "steps_before"),
        node("Sub", "steps_later steps_before", "turns"),
        *(
            made
            for name in ("samples", "steps", "turns")
            for made in (node("Abs", name, f"{name}_abs"), node("ReduceMean", f"{name}_abs", f"{name}_mean"))
        ),
        Node(
            "Concat",
            "concat",
            ("samples_mean", "steps_mean", "turns_mean"),
            ("vector",),
            (written(1, b"axis") + written(3, 1) + written(20, 2),),
        ),
    ]
    numbers = {"first": 1, "nought_": 0, "end": 2**31 - 1, "last": -1, "across": 1}
    return model(
        nodes,
        [value("samples", FLOAT, (1, "n"))],
        [value("vector", FLOAT, (1, 3))],
        [constant(name, [number], INT64) for name, number in numbers.items()],
    )


def piper(speakers: int = 1) -> bytes:
    """A Piper voice's graph: input, input_lengths, scales, sid → output (1, 1, 1, N); noise on each number's tone."""
    nodes = [
        cast("input", "numbers", FLOAT),
        Node("RandomNormalLike", "noise", ("numbers",), ("drawn",)),
        node("Gather", "scales nought", "much"),
        node("Mul", "drawn much", "noisy"),
        node("Add", "numbers noisy", "level" if speakers == 1 else "before"),
        node("Gather", "scales one", "slow"),
        node("Mul", "slow each", "samples_float"),
        cast("samples_float", "samples", INT64),
        *hum("level", "samples"),
        node("Reshape", "sound shape", "output"),
    ]
    inputs = [
        value("input", INT64, ("batch", "phonemes")),
        value("input_lengths", INT64, ("batch",)),
        value("scales", FLOAT, (3,)),
    ]
    if speakers > 1:
        inputs.append(value("sid", INT64, ("batch",)))
        nodes[5:5] = [
            cast("sid", "who", FLOAT),
            node("Mul", "who far", "apart"),
            node("Add", "before apart", "level"),
        ]
    extra = [
        constant("each", [400.0], shape=()),
        constant("shape", [1, 1, 1, -1], INT64),
        constant("far", [20.0], shape=()),
    ]
    return model(nodes, inputs, [value("output", FLOAT, ("batch", 1, 1, "n"))], [*HUM, *extra])


def piper_files(folder: Path, name: str = "en_US-tiny-medium", speakers: int = 1, **changes) -> Path:
    """A tiny Piper voice in a folder; the .onnx."""
    marks = "_^$ !',-.:;?abcdefhijklmnopqrstuvwxyzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒʔˈˌːθᵻ"
    config = {
        "audio": {"sample_rate": 16000, "quality": "medium"},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": {mark: [number] for number, mark in enumerate(marks)},
        "num_speakers": speakers,
        "speaker_id_map": {f"p{number}": number for number in range(speakers)} if speakers > 1 else {},
        "language": {"code": "en_US", "family": "en"},
    } | changes
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.onnx"
    file.write_bytes(piper(speakers))
    file.with_name(f"{name}.onnx.json").write_text(json.dumps(config), "utf-8")
    return file


def kokoro(tokens: str = "tokens", speed: int = FLOAT) -> bytes:
    """Kokoro's graph: tokens, style (1, 256), speed → audio (N,); the style's first number raises the tone."""
    nodes = [
        cast(tokens, "numbers", FLOAT),
        node("Slice", "style nought_1 one_1 axis", "first"),
        node("Add", "numbers first", "level"),
        cast("speed", "quick", FLOAT),
        node("Div", "each quick", "samples_float"),
        cast("samples_float", "samples_1", INT64),
        node("Squeeze", "samples_1", "samples"),
        *hum("level", "samples"),
        node("Identity", "sound", "audio"),
    ]
    inputs = [
        value(tokens, INT64, (1, "length")),
        value("style", FLOAT, (1, 256)),
        value("speed", speed, (1,)),
    ]
    extra = [
        constant("each", [900.0]),
        constant("nought_1", [0], INT64),
        constant("one_1", [1], INT64),
        constant("axis", [1], INT64),
    ]
    return model(nodes, inputs, [value("audio", FLOAT, ("n",))], [*HUM, *extra])


def kokoro_folder(folder: Path, voices: str = "af_heart bm_george jf_alpha", **graph) -> Path:
    """A folder with a tiny Kokoro and tables for voices."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kokoro.onnx").write_bytes(kokoro(**graph))
    rows = np.repeat(np.arange(510, dtype=np.float32)[:, None, None], 256, axis=2)
    np.savez(
        folder / "voices.npz", **{name: rows + 10 * number for number, name in enumerate(voices.split())}
    )
    return folder


def whole_numbers(name: str, numbers: list[int]) -> bytes:
    """An AttributeProto of several whole numbers."""
    return written(1, name.encode()) + b"".join(written(8, number) for number in numbers) + written(20, 7)


def smalltts_folder(folder: Path) -> Path:
    """smalltts's four files, tiny: the sound rises with the recording's loudness, the text and the noise."""
    ones = [constant("ones", [1.0] * 64, shape=(1, 1, 64))]
    every = (whole_numbers("kernel_shape", [3200]), whole_numbers("strides", [3200]))
    encoder = model(
        [
            node("Abs", "audio", "loud"),
            Node("AveragePool", "pool", ("loud",), ("pooled",), every),
            Node("Transpose", "turn", ("pooled",), ("turned",), (whole_numbers("perm", [0, 2, 1]),)),
            node("Mul", "turned ones", "latents"),
        ],
        [value("audio", FLOAT, (1, 1, "n"))],
        [value("latents", FLOAT, (1, "t", 64))],
        ones,
    )
    condition = model(
        [
            node("Identity", "ref", "k_ref"),
            node("Identity", "ref", "v_ref"),
            cast("ref_len", "ref_mask", BOOL),
            cast("phonemes", "k_text", FLOAT),
            node("Identity", "k_text", "v_text"),
        ],
        [
            value("ref", FLOAT, (1, "t", 64)),
            value("ref_len", INT64, (1,)),
            value("phonemes", INT64, (1, "p")),
            value("phonemes_mask", BOOL, (1, "p")),
        ],
        [
            value("k_ref", FLOAT, (1, "t", 64)),
            value("v_ref", FLOAT, (1, "t", 64)),
            value("ref_mask", BOOL, (1,)),
            value("k_text", FLOAT, (1, "p")),
            value("v_text", FLOAT, (1, "p")),
        ],
        [],
    )
    kinds = {"x_t": FLOAT, "mask": BOOL, "t": FLOAT, "k_ref": FLOAT, "v_ref": FLOAT, "ref_mask": BOOL}
    kinds |= {"k_text": FLOAT, "v_text": FLOAT, "phonemes_mask": BOOL, "rope": FLOAT}
    shapes = {"x_t": (1, "l", 64), "mask": (1, "l"), "t": (1,), "k_ref": (1, "r", 64), "v_ref": (1, "r", 64)}
    shapes |= {
        "ref_mask": (1,),
        "k_text": (1, "p"),
        "v_text": (1, "p"),
        "phonemes_mask": (1, "p"),
        "rope": (1, "l", 64),
    }
    denoiser = model(
        [
            node("ReduceMean", "k_ref", "recording"),
            node("ReduceMean", "k_text", "words_raw"),
            node("Mul", "words_raw little", "words_3"),
            node("Reshape", "words_3 scalar", "words"),
            node("Add", "x_t words", "with_words"),
            node("Add", "with_words recording", "velocity"),
        ],
        [value(name, kinds[name], shapes[name]) for name in kinds],
        [value("velocity", FLOAT, (1, "l", 64))],
        [constant("little", [0.01], shape=()), constant("scalar", [1], INT64)],
    )
    decoder = model(
        [
            Node("ReduceMean", "mean", ("latents",), ("level",), (whole_numbers("axes", [2]),)),
            node("Mul", "level wave", "spread"),
            node("Reshape", "spread shape", "flat"),
            node("Tanh", "flat", "audio"),
        ],
        [value("latents", FLOAT, (1, "l", 64))],
        [value("audio", FLOAT, (1, 1, "n"))],
        [
            constant("wave", [0.2 if place // 60 % 2 else -0.2 for place in range(3200)], shape=(1, 1, 3200)),
            constant("shape", [1, 1, -1], INT64),
        ],
    )
    for name, data in (
        ("codec/encoder", encoder),
        ("codec/decoder", decoder),
        ("dmd/condition_encoder", condition),
        ("dmd/denoiser", denoiser),
    ):
        (folder / f"{name}.onnx").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.onnx").write_bytes(data)
    return folder
