"""A speaker encoder that somebody gives: an ONNX file from 16 kHz samples to a vector, by which voices are compared."""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dotsbook.audio import Samples, resample
from dotsbook.ears.recogniser import fingerprint
from dotsbook.errors import ModelError

RATE = 16_000  # Hz


class VoiceEncoder:
    """path: an ONNX file whose one input is (1, samples) or (samples,), float32."""

    def __init__(self, path: Path):
        if not path.is_file():
            raise ModelError(f"The speaker encoder {path} isn't there; name an ONNX file.")
        self.path = path

    @cached_property
    def identity(self) -> str:
        return f"onnx-{fingerprint(self.path)}"

    @cached_property
    def session(self) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise ModelError(
                'A speaker encoder needs onnxruntime: run `pip install "dotsbook[onnx]"`.'
            ) from error
        found = onnxruntime.InferenceSession(self.path.read_bytes(), providers=["CPUExecutionProvider"])
        inputs = found.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) not in (1, 2):
            raise ModelError(
                f"{self.path} isn't an encoder of samples: it must have one input, (1, samples) at 16 kHz."
            )
        return found

    def vector(self, samples: Samples, rate: int) -> np.ndarray:
        """Of length 1."""
        session = self.session
        sound = resample(samples, rate, RATE).astype(np.float32)
        name, shape = session.get_inputs()[0].name, session.get_inputs()[0].shape
        [found, *_] = session.run(None, {name: sound if len(shape) == 1 else sound[None]})
        flat = np.asarray(found, np.float64).ravel()
        return flat / max(float(np.linalg.norm(flat)), 1e-12)
