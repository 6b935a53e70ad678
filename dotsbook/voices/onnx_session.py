"""An ONNX model opened by onnxruntime on the processor, and its errors as ours. It knows no voice.

A run uses one core, so that the same numbers come out on machines with more or fewer of them; several runs go on side
by side instead.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotsbook.errors import VoiceError
from dotsbook.voices.engine import EngineOutOfMemory
from dotsbook.voices.onnx_graph import COUNT, NOISE, with_noise_as_input

if TYPE_CHECKING:
    from numpy import ndarray as Array
else:
    Array = object  # so that naming the type doesn't load numpy

MISSING = 'This engine needs onnxruntime: run `pip install "dotsbook[onnx]"`, or choose another `engine:`.'
NO_MEMORY = ("failed to allocate", "bad_alloc", "out of memory", "bad allocation")
QUIET = 3  # onnxruntime's level for errors: it warns of much that nobody can mend


class OnnxSession:
    """A model file, opened at the first `run`; any number of threads may run it."""

    def __init__(self, file: Path):
        self.file = file
        self.lock = threading.Lock()
        self.opened: Any = None
        self.noisy = False

    def run(self, inputs: Mapping[str, Array], seed: Sequence[int] = ()) -> list[Array]:
        """All outputs. Noise that the model draws is made from `seed`. VoiceError, EngineOutOfMemory."""
        import onnxruntime.capi.onnxruntime_pybind11_state as state

        session = self.session()
        given = dict(inputs) | ({NOISE: noise(seed)} if self.noisy else {})
        try:
            return session.run(None, given)
        except MemoryError as error:
            raise self.out_of_memory() from error
        except errors_of(state) as error:
            said = str(error)
            if any(words in said.lower() for words in NO_MEMORY):
                raise self.out_of_memory() from error
            raise VoiceError(f"{self.file.name} can't speak this: {first_line(said)}.") from error

    def session(self) -> Any:
        with self.lock:
            if self.opened is None:
                self.opened = self.open()
            return self.opened

    def open(self) -> Any:
        try:
            import onnxruntime
            import onnxruntime.capi.onnxruntime_pybind11_state as state
        except ImportError as error:
            raise VoiceError(MISSING) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = QUIET
        try:
            model, self.noisy = with_noise_as_input(self.file.read_bytes())
            return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except OSError as error:
            raise VoiceError(f"{self.file} can't be read: {error.strerror or error}.") from error
        except errors_of(state) as error:
            raise VoiceError(
                f"{self.file} can't be opened: {first_line(str(error))}; is it the right file, and whole?"
            ) from error

    def out_of_memory(self) -> EngineOutOfMemory:
        return EngineOutOfMemory(
            f"There was no memory to speak by {self.file.name}; lower `--memory`, or close other programs."
        )

    def close(self) -> None:
        with self.lock:
            self.opened = None


def errors_of(state: Any) -> tuple[type[BaseException], ...]:
    """onnxruntime's errors, which have no base of their own."""
    return tuple(
        kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)
    )


def first_line(said: str) -> str:
    return (said.strip().splitlines() or ["no reason given"])[0].rstrip(".")[:200]


def noise(seed: Sequence[int]) -> Array:
    """(COUNT,) standard normal float32, the same for the same seed."""
    import numpy as np

    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed))).standard_normal(
        COUNT, dtype=np.float32
    )


def version() -> str:
    """onnxruntime's own; VoiceError where it isn't installed."""
    from importlib import metadata

    try:
        return metadata.version("onnxruntime")
    except metadata.PackageNotFoundError as error:
        raise VoiceError(MISSING) from error
