"""How many kernels a patch would start on a GPU, and how often it would wait: counted in the graphs, on any machine.

    python -m tests.benchmarks.launches [--flow] [--by-primitive] [--json]

The model has the released depth and a part of its width, random weights, the core in bfloat16, and takes the paths it
takes on a GPU. Every graph is written out before it is evaluated and its primitives are counted. Those that only look at
memory in another way start nothing; a concatenation starts a kernel an input; a function of `mx.fast` is one. Real Metal
adds passes of split products and copies of its own.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import numpy as np

# A kernel's work for none of them.
VIEWS = frozenset(
    (
        "AsStrided",
        "Broadcast",
        "BroadcastAxes",
        "Copy",
        "Depends",
        "ExpandDims",
        "Flatten",
        "Reshape",
        "Slice",
    )
    + ("Split", "Squeeze", "StopGradient", "Transpose", "Unflatten", "View")
)
BEFORE, COUNTED = (
    4,
    2,
)  # patches decoded before those that are counted, and these: buffers don't grow in between


class Tally:
    """What the graphs evaluated so far hold, and how often the host waited for one."""

    def __init__(self) -> None:
        self.launches: Counter[str] = Counter()  # by primitive
        self.primitives = 0
        self.waits = 0
        self.pending = False  # something is being computed that nobody has waited for

    def add(self, arrays: list) -> None:
        """Count the graph of arrays that are about to be evaluated."""
        import mlx.core as mx
        from mlx.utils import tree_flatten

        arrays = [a for _, a in tree_flatten(arrays) if isinstance(a, mx.array)]
        with tempfile.NamedTemporaryFile("r", suffix=".dot", encoding="utf-8") as file:
            mx.export_to_dot(file.name, arrays)
            drawn = file.read()
        inputs = Counter(re.findall(r'^"\w+" -> (\d+)', drawn, re.MULTILINE))
        for node, name in re.findall(r'(\d+) \[label ="(\w+)"', drawn):
            self.primitives += 1
            if name not in VIEWS:
                self.launches[name] += inputs[node] if name == "Concatenate" else 1


@contextmanager
def tallied(as_on_a_gpu: bool = True) -> Iterator[Tally]:
    """A tally of all that is evaluated within."""
    import mlx.core as mx

    tally, evaluate, begin, read = Tally(), mx.eval, mx.async_eval, np.array

    def counted_eval(*arrays) -> None:
        tally.add(list(arrays))
        tally.waits += 1
        tally.pending = False
        evaluate(*arrays)

    def counted_begin(*arrays) -> None:
        tally.add(list(arrays))
        tally.pending = True
        begin(*arrays)

    def counted_read(array, *rest, **more):
        if isinstance(array, mx.array) and tally.pending:
            tally.waits, tally.pending = tally.waits + 1, False
        return read(array, *rest, **more)

    with ExitStack() as patches:
        for name, replacement in (("eval", counted_eval), ("async_eval", counted_begin)):
            patches.enter_context(mock.patch.object(mx, name, replacement))
        patches.enter_context(mock.patch.object(np, "array", counted_read))
        for name in ("rms_norm", "layer_norm", "rope", "scaled_dot_product_attention"):
            patches.enter_context(mock.patch.object(mx.fast, name, one_kernel))
        yield tally


def one_kernel(x, *others, **named):
    """In the place of a function of `mx.fast`: one primitive over the same inputs, of the first one's shape."""
    import mlx.core as mx

    inputs = [a for a in (*others, *named.values()) if isinstance(a, mx.array)]
    y = mx.sigmoid(x)
    return mx.depends([y], inputs)[0] if inputs else y


def activation_stand_in(*, inputs, output_shapes, **_) -> list:
    """In the place of the vocoder's activation kernel: one primitive, three outputs."""
    import mlx.core as mx

    y = one_kernel(*inputs)
    return [y, *mx.depends([mx.array(np.zeros(shape, np.float32)) for shape in output_shapes[1:]], [y])]


@contextmanager
def paths_of_a_gpu() -> Iterator[None]:
    """Every module of the model takes the machine for one with a GPU, and the activation kernel for usable."""
    from dotsbook.model.network import alias_free
    from dotsbook.model.network.activation_kernel import ActivationKernel

    kernel = ActivationKernel(activation_stand_in)
    with ExitStack() as patches:
        patches.enter_context(mock.patch.object(alias_free, "activation_kernel", lambda: kernel))
        for name, module in list(sys.modules.items()):
            if name.startswith("dotsbook.model.") and hasattr(module, "on_cpu"):
                patches.enter_context(mock.patch.object(module, "on_cpu", lambda: False))
        yield


def narrow(meanflow: bool):
    """The released model with all its layers, an eighth as wide, the vocoder a quarter; made as on a GPU."""
    from dotsbook.model.bench.random_model import LLM, RELEASED, random_model

    sizes = json.loads(json.dumps(RELEASED))
    for part in (sizes["PatchEncoder"], sizes["DiT"]):
        part |= {"hidden_size": 128, "ffn_hidden_size": 512, "num_heads": 2}
    sizes["vocoder"]["upsample_initial_channel"] //= 4
    llm = LLM | {
        "hidden_size": 192,
        "intermediate_size": 1120,
        "num_attention_heads": 6,
        "num_key_value_heads": 1,
    }
    return random_model(meanflow, "bfloat16", sizes, llm, drawn=False)


def count_core(dots) -> Tally:
    """One line's patches through the core, after a few."""
    from tests.benchmarks.model_speed import decoding, line, steps

    made, _ = decoding(dots, [line(seed=1)])
    steps(made, BEFORE)
    with tallied() as tally:
        steps(made, COUNTED)
    return tally


def count_vocoder(dots, frames: int) -> Tally:
    """Pieces of so many latent frames through the vocoder, after one."""
    import mlx.core as mx

    from dotsbook.model.network.audiovae import DecoderState

    latents = [mx.zeros((1, frames, dots.config.latent_dim)) for _ in range(1 + COUNTED)]
    state = DecoderState()
    dots.vae.decode(latents[0], state)
    with tallied() as tally:
        for piece in latents[1:]:
            np.array(dots.vae.decode(piece, state))
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--flow", action="store_true", help="flow matching with guidance instead of MeanFlow")
    parser.add_argument("--by-primitive", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    parts: dict[str, Callable] = {
        "core": count_core,
        "vocoder, 4 frames": lambda dots: count_vocoder(dots, 4),
        "vocoder, 64 frames": lambda dots: count_vocoder(dots, 64),
    }
    from dotsbook.model import dots as every_module  # noqa: F401  so that each can be told

    with paths_of_a_gpu():
        dots = narrow(meanflow=not asked.flow)
        tallies = {name: count(dots) for name, count in parts.items()}
    found = {
        name: {
            "primitives": tally.primitives // COUNTED,
            "launches": sum(tally.launches.values()) // COUNTED,
            "waits": tally.waits / COUNTED,
        }
        for name, tally in tallies.items()
    }
    if asked.json:
        print(json.dumps(found))
        return
    for name, figures in found.items():
        print(name, *(f"{value:g} {what}" for what, value in figures.items()), sep="   ")
        if asked.by_primitive:
            for primitive, count in tallies[name].launches.most_common(30):
                print(f"    {count / COUNTED:8.1f} {primitive}")


if __name__ == "__main__":
    main()
