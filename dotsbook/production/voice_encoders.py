"""The speaker encoders there are: an ONNX file that somebody gives, or the one inside a dots.tts model."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.production.mlx_thread import MlxThread

if TYPE_CHECKING:
    import numpy as np

    from dotsbook.audio import Samples
    from dotsbook.ears.timbre import EncodesVoices
    from dotsbook.model.training.clip_codec import ClipCodec


def encoder_of(named: str, folder: Path) -> "EncodesVoices":
    """named: an ONNX file, or a dots.tts model's folder or hub name. folder: what paths are relative to.

    Raises ModelError for one that isn't on this machine.
    """
    from dotsbook.ears.voice_encoder import VoiceEncoder

    place = (folder / named).expanduser()
    if place.suffix == ".onnx":
        return VoiceEncoder(place)
    from dotsbook.model.checkpoint.opening import local_folder

    return DotsVoiceEncoder(local_folder(str(place) if place.is_dir() else named))


class DotsVoiceEncoder:
    """CAM++ as a dots.tts model has it. MLX is used on one thread of its own."""

    def __init__(self, model: Path):
        self.model, self.thread = model, MlxThread("voices")

    @cached_property
    def codec(self) -> "ClipCodec":
        from dotsbook.model.training.clip_codec import ClipCodec

        return self.thread.do(lambda: ClipCodec.load(self.model))

    @property
    def identity(self) -> str:
        return f"dots-{self.codec.identity}"

    def vector(self, samples: "Samples", rate: int) -> "np.ndarray":
        codec = self.codec
        return self.thread.do(lambda: codec.direction(samples, rate))
